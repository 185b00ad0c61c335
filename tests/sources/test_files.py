"""A bibliography read from a file, whatever its format and encoding."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from evidencekb.errors import CurationError
from evidencekb.report import Severity
from evidencekb.sources import files
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.files import read_bibliography

BIB = '@string{jos = "Journal of Studies"}\n@article{a, title = {One}, journal = jos}\n'
RIS = "TY  - JOUR\nTI  - One\nER  - \n"
NBIB = "PMID- 1234567\nTI  - One\nPT  - Journal Article\n"
CSL = '[{"id": "a", "type": "book", "title": "One"}]'


def written(folder: Path, text: str | bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        (BIB, "a.bib", "bibtex"), (BIB, "a.BIB", "bibtex"), (BIB, "a.bibtex", "bibtex"), (BIB, "a.txt", "bibtex"),
        (BIB, "a", "bibtex"),
        (RIS, "a.ris", "ris"), (RIS, "a.txt", "ris"), (RIS, "a.bib", "ris"), (NBIB, "a.nbib", "ris"), (NBIB, "a", "ris"),
        (CSL, "a.json", "csl"), (CSL, "a.txt", "csl"), (CSL, "a.bib", "csl"),
        ("", "a.bib", "bibtex"), ("", "a.ris", "ris"), ("% nothing yet\n", "a.bib", "bibtex"),
    ],
)  # fmt: skip
def test_the_format_is_told_by_what_it_holds_then_by_the_name(tmp_path: Path, text: str, name: str, form: str) -> None:
    assert read_bibliography(written(tmp_path, text, name)).format == form


@pytest.mark.parametrize(("text", "name"), [("", "a.txt"), ("A letter.", "a"), ("<xml/>", "a.xml"), ("a: 1", "a.yaml")])
def test_what_is_no_bibliography_is_refused_with_what_it_seems(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(
        CurationError, match=r"is no bibliography that can be read \(BibTeX, RIS, nbib, CSL-JSON\): it looks"
    ):
        read_bibliography(written(tmp_path, text, name))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [BIB, RIS, CSL])
def test_a_sound_encoding_is_no_problem(tmp_path: Path, text: str, encoding: str) -> None:
    found = read_bibliography(written(tmp_path, text.replace("One", "Töpfe").encode(encoding), "a.txt"))
    assert [entry.item["title"] for entry in found.entries] == ["Töpfe"]
    assert found.violations == ()


def test_a_guessed_encoding_is_a_warning(tmp_path: Path) -> None:
    found = read_bibliography(written(tmp_path, BIB.replace("One", "Töpfe").encode("cp1252"), "a.bib"))
    (warning,) = found.violations
    assert (warning.severity, found.encoding) == (Severity.WARNING, "cp1252")
    assert found.entries[0].item["title"] == "Töpfe"


def test_a_file_is_read_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, BIB, "a.bib")
    monkeypatch.setattr(files, "MAX_BYTES", len(BIB))
    assert len(read_bibliography(path).entries) == 1
    monkeypatch.setattr(files, "MAX_BYTES", len(BIB) - 1)
    with pytest.raises(CurationError, match="bytes, and no more are read; split it"):
        read_bibliography(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize(("most", "read"), [(1_000, True), (10, False)])
def test_a_pipe_is_read_and_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, read: bool) -> None:
    pipe = tmp_path / "pipe.bib"
    os.mkfifo(pipe)
    monkeypatch.setattr(files, "MAX_BYTES", most)
    writer = threading.Thread(target=pipe.write_text, args=(BIB,))
    writer.start()
    try:
        if read:
            assert len(read_bibliography(pipe).entries) == 1
        else:
            with pytest.raises(CurationError, match="no more are read"):
                read_bibliography(pipe)
    finally:
        writer.join()


def test_an_entry_is_given_word_for_word_under_another_key(tmp_path: Path) -> None:
    found = read_bibliography(written(tmp_path, BIB, "a.bib"))
    (entry,) = found.entries
    assert found.bibtex(entry, "a") == ("@article{a, title = {One}, journal = {Journal of Studies}}\n", ())
    assert found.bibtex(entry, "b") == ("@article{b, title = {One}, journal = {Journal of Studies}}\n", ())


def test_an_entry_that_borrows_is_written_anew(tmp_path: Path) -> None:
    text = "@inbook{part, title = {P}, crossref = {whole}}\n@book{whole, title = {W}, publisher = {A Press}}\n"
    found = read_bibliography(written(tmp_path, text, "a.bib"))
    part, losses = found.bibtex(found.entries[0], "part")
    assert [loss.field for loss in losses] == ["crossref"]
    assert read_bibtex(part, "").items == (found.entries[0].item,)


def test_of_another_format_what_is_read_and_not_written_is_named(tmp_path: Path) -> None:
    found = read_bibliography(
        written(tmp_path, '{"type": "book", "title": "One", "archive": "Rome", "x": 1}', "a.json")
    )
    text, losses = found.bibtex(found.entries[0], "key")
    assert text == "@book{key,\n  title = {One},\n}\n"
    assert [loss.field for loss in losses] == ["x", "archive"]
