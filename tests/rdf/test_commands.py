"""The commands that write and read RDF: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidencekb.cli import main
from tests.records import base_records, built


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    built(tmp_path / "small", base_records()).close()
    return tmp_path / "small/records.ekb"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["evidencekb", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_a_pack_goes_out_and_comes_back(sealed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pack.txt"
    code, out, _ = run(capsys, "export", "rdf", "--as", "turtle", "-o", file, "--pack", sealed, "--format", "json")
    written = json.loads(out)
    assert (code, written["form"]) == (0, "turtle")
    file.rename(tmp_path / "pack.ttl")
    code, out, _ = run(
        capsys, "import", tmp_path / "pack.ttl", "--as", "rdf", "--pack", tmp_path / "back", "--format", "json"
    )
    assert code == 0
    assert (json.loads(out)["digest"], json.loads(out)["not_taken"]) == (written["digest"], [])


def test_what_is_not_taken_is_named_and_ends_with_1(
    sealed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pack.nq"
    run(capsys, "export", "rdf", "-o", file, "--pack", sealed)
    with file.open("a") as more:
        more.write('<urn:x> <urn:says> "more" .\n')
    code, out, _ = run(capsys, "import", file, "--as", "rdf", "--pack", tmp_path / "back", "--dry-run")
    assert (code, (tmp_path / "back").exists()) == (1, False)
    assert '<urn:x> <urn:says> "more", line' in out


def test_our_own_terms_go_into_the_pipe(sealed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "export", "vocabulary", "--pack", sealed)
    assert (code, "ekb:VendorFlag-unknown a skos:Concept" in out) == (0, True)


def test_json_ld_is_a_form_of_its_own(sealed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "export", "jsonld", "-o", tmp_path / "pack.json", "--pack", sealed)[0] == 0
    assert isinstance(json.loads((tmp_path / "pack.json").read_text())["@context"], dict)
    code, _, err = run(capsys, "export", "rdf", "-o", tmp_path / "pack.json", "--pack", sealed)
    assert code == 2
    assert "its ending says no form of RDF" in err
