"""What all tests share: how hard properties are tried, a cache of their own, and the folder ``../shared``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

REPO = Path(__file__).resolve().parent.parent
SHARED = REPO.parent / "shared"

settings.register_profile("fast", deadline=None, max_examples=50)
# CI tries the same examples every time: a change is refused for what it does, not for the luck of the draw.
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "fast")

_SERVERS = ("postgres", "spark")


def _together(item: pytest.Item) -> str:
    """What names the tests that one worker runs: those that ask servers, those of the example pages, those of a file."""
    if any(item.get_closest_marker(server) for server in _SERVERS):
        return "servers"
    return "examples" if item.path.parent.name == "examples" else str(item.path.relative_to(REPO))


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses the fixture ``shared``, and skip what is so marked where there is no such folder.

    Where tests run on several cores, those of one file stay together, and all that ask servers: these are started once.
    """
    absent = pytest.mark.skip(reason="there is no folder ../shared")
    for item in items:
        if config.pluginmanager.hasplugin("xdist"):
            item.add_marker(pytest.mark.xdist_group(_together(item)))
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
def shared() -> Path:
    """The folder ``../shared``; a test that uses it is skipped where there is none."""
    return SHARED
