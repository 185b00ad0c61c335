"""The commands ``references`` and ``cite``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidencekb.rules import base_pack
from tests.cli.test_commands import run
from tests.packs import write_pack

TITLE = "Replies to applications with and without a test score."
DOI = "https://doi.org/10.5555/audit.2024"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("referring")
    manifest = "name: example\nversion: 1.0.0\nstyles: apa\n"
    write_pack(folder / "pack", {"pack.yaml": manifest, "base.yaml": base_pack()})
    assert run("build", folder / "pack", folder / "out.ekb").returncode == 0
    return folder / "out.ekb"


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ((), f"{TITLE} (2024). Journal of Made-up Studies. {DOI}\n"),
        (("--as", "html"), f'{TITLE} (2024). <i>Journal of Made-up Studies</i>. <a href="{DOI}">{DOI}</a>\n'),
        (("--as", "markdown"), f"{TITLE} (2024). *Journal of Made-up Studies*. [{DOI}](<{DOI}>)\n"),
        (("--as", "short"), "(“Replies to Applications with and Without a Test Score,” 2024)\n"),
        (("--style", "nature", "--as", "short"), "1\n"),
    ],
)
def test_references_come_in_the_form_asked(sealed: Path, arguments: tuple[str, ...], printed: str) -> None:
    done = run("references", "audit-2024-replies", *arguments, "--pack", sealed)
    assert (done.returncode, done.stdout, done.stderr) == (0, printed, "")


def test_all_sources_come_as_json_too(sealed: Path) -> None:
    (reference, *_) = json.loads(run("references", "--pack", sealed, "--format", "json").stdout)
    assert set(reference) == {"id", "text", "html", "markdown", "short", "flags"}


def test_cite_names_the_producer_first_and_the_pack_second(sealed: Path) -> None:
    done = run("cite", "audit-2024-replies#replies", "--style", "nature", "--seen", "2026-11-25", "--pack", sealed)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(" As held in example, version 1.0.0 (seen 2026-11-25).\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("references", "audit2023"), "Did you mean 'audit2024'"),
        (("references", "--style", "aap"), "did you mean 'apa'"),
        (("cite", "audit-2024"), "Did you mean 'audit-2024-replies'"),
    ],
)
def test_what_cannot_be_printed_is_misuse(sealed: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, "--pack", sealed)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
