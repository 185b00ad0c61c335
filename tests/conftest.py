"""What all tests share: how hard properties are tried, a cache of their own, and the folder ``../shared``."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import evidencekb as ekb

REPO = Path(__file__).resolve().parent.parent
SHARED = REPO.parent / "shared"

# The same examples are tried every time: a change is refused for what it does, not for the luck of the draw. Others are
# looked for with 'nox -s search'.
settings.register_profile("fast", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "fast"))

_SPARK = ("tests/engines/", "tests/exports/test_spark.py")

_LONGEST = (
    *_SPARK,
    "tests/docs/test_examples.py",
    "tests/cli/test_citing.py",
    "tests/exports/test_working.py",
    "tests/cli/test_commands.py",
    "tests/curating/test_importing.py",
    "tests/properties/test_pages.py",
    "tests/cli/test_judging.py",
    "tests/properties/test_asking.py",
    "tests/cli/test_checking.py",
    "tests/queries/test_nine_checks.py",
    "tests/properties/test_renderings.py",
    "tests/properties/test_changes.py",
    "tests/docs/test_doctests.py",
    "tests/cli/test_reporting.py",
    "tests/rules/test_unseen_texts.py",
    "tests/properties/test_judgements.py",
    "tests/exports/test_reports_in_a_browser.py",
    "tests/exports/test_packs.py",
    "tests/benchmarks/test_engines.py",
    "tests/queries/test_pooling.py",
    "tests/answers/test_pooling.py",
)
"""Files that take more than ten seconds, the longest first, as measured; what is missing here costs time, and nothing else."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where tests run on several cores, those of one file stay together, and all that ask Spark: it is started once."""
    from xdist.scheduler import LoadFileScheduling

    scheduler = LoadFileScheduling(config, log)
    by_file = scheduler._split_scope
    scheduler._split_scope = lambda nodeid: "spark" if nodeid.startswith(_SPARK) else by_file(nodeid)
    config.option.loadscopereorder = False  # the order is that of the items, below
    return scheduler


def _longest_first(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, and end with those of few tests, so that no core is left alone at the end."""
    sizes = Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[int, int]:
        named = (place for place, path in enumerate(_LONGEST) if item.nodeid.startswith(path))
        return next(named, len(_LONGEST)), -sizes[item.path]

    items.sort(key=turn)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the fixture ``shared``, and skip what is so marked where there is no such folder."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        _longest_first(items)
    absent = pytest.mark.skip(reason="there is no folder ../shared")
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(absent)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache that all tests share, and that is not the user's."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("EVIDENCEKB_CACHE", str(cache))
        yield cache


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the repository."""
    return REPO


@pytest.fixture(scope="session")
def sealed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of this repository, sealed once for all tests; a test that writes to it takes a copy."""
    out = tmp_path_factory.mktemp("data") / "shipped.ekb"
    ekb.build(REPO / "data", out)
    return out


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``../shared``; a test that uses it is skipped where there is none."""
    return SHARED
