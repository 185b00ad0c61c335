"""Forms of ``export`` and layouts of ``import``, as people misuse them: what was asked for is named, and nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencekb.cli.interchange import EXPORTS, IMPORTS, Into
from tests.rdf.small import small_pack
from tests.rdf.test_commands import run

_FILES = [form for form, held in EXPORTS.items() if held.into is not Into.FOLDER]
_FOLDERS = [form for form, held in EXPORTS.items() if held.into is Into.FOLDER]
_NEEDS = {"parquet": "pyarrow", "tables": "pyarrow"}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with small_pack(tmp_path_factory.mktemp("interchange")) as kb:
        return kb.path


def _as(form: str) -> tuple[str, ...]:
    return ("--as", "trig") if form == "rdf" else ()


@pytest.mark.parametrize("form", EXPORTS)
def test_folders_on_the_way_are_made(
    sealed: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(_NEEDS.get(form, "json"))
    out = tmp_path / "new/folder/out"
    code, _, err = run(capsys, "export", form, *_as(form), "-o", out, "--pack", sealed)
    assert (code, "error" in err, out.exists()) == (0, False, True)
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("form", _FILES)
def test_a_folder_is_not_replaced_by_a_file(
    sealed: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine/kept").mkdir(parents=True)
    code, out, err = run(capsys, "export", form, *_as(form), "-o", tmp_path / "mine", "--pack", sealed)
    assert (code, out, err) == (2, "", f"error: {tmp_path / 'mine'}: Is a directory\n")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "kept"]


@pytest.mark.parametrize("form", EXPORTS)
def test_a_file_on_the_way_is_left_alone(
    sealed: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(_NEEDS.get(form, "json"))
    (tmp_path / "mine").write_text("mine")
    code, out, err = run(capsys, "export", form, *_as(form), "-o", tmp_path / "mine/out", "--pack", sealed)
    assert (code, out) == (2, "")
    assert f"error: {tmp_path / 'mine'}" in err
    assert ".new" not in err
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("form", _FOLDERS)
def test_a_file_is_not_replaced_by_a_folder(
    sealed: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(_NEEDS.get(form, "json"))
    (tmp_path / "mine").write_text("mine")
    code, out, err = run(capsys, "export", form, "-o", tmp_path / "mine", "--pack", sealed)
    assert (code, out) == (2, "")
    assert "mine is there and is no folder" in err
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("form", [form for form, held in EXPORTS.items() if held.into is not Into.PIPE])
def test_what_is_no_text_asks_for_a_place(sealed: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "export", form, "--pack", sealed)
    assert (code, out, err) == (2, "", f"error: {form} is written into a {EXPORTS[form].into}: name it with -o\n")


@pytest.mark.parametrize("form", EXPORTS)
def test_an_unknown_variant_is_refused(sealed: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "export", form, "--as", "zebra", "-o", "out", "--pack", sealed)
    assert (code, out) == (2, "")
    said = f"there is no variant of {form} 'zebra'" if EXPORTS[form].variants else f"{form} has one variant alone"
    assert said in err


@pytest.mark.parametrize("form", [form for form, held in EXPORTS.items() if not held.of_sources])
def test_sources_are_chosen_of_bibliographies_alone(
    sealed: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "export", form, "--source", "again", "-o", "out", "--pack", sealed)
    assert (code, out) == (2, "")
    assert f"bibtex, biblatex, ris, csl; {form} takes none" in err


@pytest.mark.parametrize("layout", IMPORTS)
def test_a_file_that_is_not_there_or_of_another_kind_is_named(
    tmp_path: Path, layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text("name: mine\nversion: '1'\n")
    file = tmp_path / "file.trig"
    code, out, err = run(capsys, "import", file, "--as", layout, "--pack", pack)
    assert (code, out) == (2, "")
    assert "file.trig: No such file or directory" in err
    file.write_bytes(b"\xff\xfe\x00 neither this nor that")
    code, out, err = run(capsys, "import", file, "--as", layout, "--pack", pack)
    assert code in (1, 2)
    assert "file.trig" in out + err
    assert [path.name for path in pack.iterdir()] == ["pack.yaml"]
