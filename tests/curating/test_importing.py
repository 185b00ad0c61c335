"""A whole bibliography taken into a pack: what becomes of each entry, and what never becomes of a person's file."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.curating import importing
from evidencekb.curating.importing import AddedEntry, ImportReport, MergedEntry, SkippedEntry, import_file
from evidencekb.curating.opening import open_pack
from evidencekb.curating.shelf import Match
from evidencekb.errors import ChangedMeanwhileError, CurationError
from evidencekb.sources import files
from evidencekb.sources.bibediting import entry_text
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.bibwriting import write_bibtex
from evidencekb.sources.csljson import write_csl
from evidencekb.sources.files import read_bibliography
from evidencekb.sources.items import Entry, Item
from evidencekb.sources.ris import write_ris
from evidencekb.testing import csl_items
from tests.curating.small import BIB, files_of, small_pack, unchanged
from tests.packs import codes, write_pack
from tests.sources.works import WORKS


def imported(pack: Path, text: str | bytes, name: str = "library.bib", **options: Any) -> ImportReport:
    """What becomes of a file with this text; it lies beside the pack."""
    path = pack.parent / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = import_file(pack, path, **options)
    assert report.read == len(report.added) + len(report.merged) + len(report.skipped)
    return report


def held(pack: Path) -> dict[str, Item]:
    """What is read from the pack's own bibliography."""
    return dict(open_pack(pack).items)


# What is added


LIBRARY = r"""% Encoding: UTF-8

@string{aaas = "AAAS"}
@STRING(press = {Press of } # aaas)

@Article{Noy2023,
  author    = "Noy, Shakked and Zhang, Whitney",
  title     = {Experimental {Evidence}},
  journal   = {Science},
  month     = jul,
  year      = 2023,
  doi       = {10.5555/noy},
  publisher = press # { \& Sons},
  file      = {:noy.pdf:PDF},
}

@Comment{jabref-meta: databaseType:bibtex;}
"""


def test_an_entry_is_copied_word_for_word_with_its_strings_written_out(pack: Path) -> None:
    report = imported(pack, LIBRARY)
    assert report.added == (AddedEntry("Noy2023", None, 6),)
    assert report.files == ("references.bib", "sources/library.yaml")
    entry = LIBRARY[LIBRARY.index("@Article") : LIBRARY.index("\n\n@Comment")]
    copied = entry.replace(r"press # { \& Sons}", r"{Press of AAAS \& Sons}")
    assert (pack / "references.bib").read_text() == f"{BIB}\n{copied}\n"


def test_every_new_source_has_the_flag_unknown_and_no_reason(pack: Path) -> None:
    imported(pack, LIBRARY)
    assert (pack / "sources" / "library.yaml").read_text() == (
        "# Nobody has decided who gains by these: a finding that rests on one is refused until its flag has a reason.\n"
        "sources:\n  - id: Noy2023\n    kind: journal_article\n    vendor: unknown\n"
    )
    report = ekb.check(pack)
    assert report.ok
    assert codes(report) == {"EKB202"}


def test_an_entry_that_takes_fields_over_is_written_anew_with_them(pack: Path) -> None:
    text = (
        "@inproceedings{part, title = {A part}, author = {Roe, B.}, crossref = {whole}}\n"
        "@proceedings{whole, title = {The whole}, booktitle = {The whole}, year = 2020, publisher = {ACM}}\n"
    )
    report = imported(pack, text)
    assert [added.key for added in report.added] == ["part", "whole"]
    now = (pack / "references.bib").read_text()
    assert "crossref" not in now
    assert "booktitle = {The whole}" in entry_text(now, "part")
    assert entry_text(now, "whole") == text.splitlines()[1]
    assert held(pack)["part"] == {**read_bibtex(text, "").items[0]}


def test_an_entry_with_a_remark_in_it_is_written_anew_and_what_goes_is_named(pack: Path) -> None:
    report = imported(pack, LIBRARY.replace("{Evidence}},\n", "{Evidence}}, % a remark\n"))
    assert held(pack)["Noy2023"]["publisher"] == "Press of AAAS & Sons"
    assert [(key, loss.field) for key, loss in report.losses] == [("Noy2023", "file")]


RIS = "TY  - JOUR\nID  - 17\nTI  - Cracks in amphorae\nAU  - Carberry, J.\nPY  - 2021\nDO  - 10.5555/psy.1\nXX  - ?\nER  - \n"
NBIB = "PMID- 1234567\nTI  - Cracks in amphorae\nFAU - Carberry, Josiah\nDP  - 2021\nPT  - Journal Article\nSTAT- MEDLINE\n"
CSL = json.dumps([{"id": "psy1", "type": "article-journal", "title": "Cracks in amphorae", "score": 1.5,
                   "author": [{"family": "Carberry"}], "issued": {"date-parts": [[2021]]}}])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "key", "was"),
    [
        (RIS, "refs.ris", "carberry2021cracks", "17"),
        (NBIB, "refs.nbib", "carberry2021cracks", None),
        (NBIB, "refs.txt", "carberry2021cracks", None),
        (CSL, "refs.json", "psy1", None),
    ],
)
def test_other_formats_are_written_as_bibtex(pack: Path, text: str, name: str, key: str, was: str | None) -> None:
    report = imported(pack, text, name)
    assert [(added.key, added.was) for added in report.added] == [(key, was)]
    assert held(pack)[key]["title"] == "Cracks in amphorae"
    assert held(pack)[key]["issued"] == {"date-parts": [[2021]]}
    assert report.files[1] == "sources/refs.yaml"


def test_what_an_entry_cannot_keep_is_a_loss_under_its_key(pack: Path) -> None:
    report = imported(pack, CSL, "refs.json")
    assert [(key, loss.field) for key, loss in report.losses] == [("psy1", "score")]
    assert "not kept: score of 1 (CSL has no such variable)" in str(report)


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
@pytest.mark.parametrize("form", ["json", "ris", "bib"])
def test_every_kind_of_work_comes_in(tmp_path: Path, work: Item, form: str) -> None:
    write: Callable[[list[Item]], str] = {"json": write_csl, "ris": write_ris, "bib": write_bibtex}[form]
    pack = write_pack(tmp_path / "pack", {})
    report = imported(pack, write([work]), f"one.{form}")
    (added,) = report.added
    assert held(pack)[added.key]["title"] == work["title"]


# Keys


@pytest.mark.parametrize(
    ("key", "becomes"),
    [
        ("doe2024replies", "doe2024repliesb"),  # taken
        ("Doe2024Replies", "Doe2024Replies"),  # another key, for capitals count
        ("roe2023pots", "roe2023potsb"),  # of a record that has no entry
        ("Müller", "Muller"),
        ("研究", "source"),
        ("a", "a"),
        ("2020", "2020"), ("1e5", "1e5"), ("no", "no"), ("0x1F", "0x1F"), ("null", "null"), ("2020-01-01", "2020-01-01"),
        ("DBLP:conf/x", "DBLP:conf/x"),
        ("x" * 300, "x" * 180),
    ],
)  # fmt: skip
def test_a_key_is_kept_where_it_can_be(pack: Path, key: str, becomes: str) -> None:
    report = imported(
        pack, f"@article{{{key}, title = {{Cracks}}, author = {{Carberry, J.}}, doi = {{10.5555/psy.1}}}}\n"
    )
    assert [(added.key, added.was) for added in report.added] == [(becomes, None if key == becomes else key)]
    assert held(pack)[becomes]["title"] == "Cracks"
    assert ekb.load(pack).record("source", becomes)["doi"] == "10.5555/psy.1"


@pytest.mark.parametrize("key", ["article", "a", "title", "cle"])
@pytest.mark.parametrize("head", ["@article{", "@Article{ ", "@article (", "@article{\n", "@a{", "@title{"])
def test_a_renamed_entry_is_renamed_in_its_head_alone(pack: Path, head: str, key: str) -> None:
    """Also where the key is a part of the type, of a field's name or of a value."""
    taken = f"{BIB}@misc{{{key}, title = {{Something else}}, doi = {{10.5555/other}}}}\n"
    (pack / "references.bib").write_text(taken)
    rest = f" ,\n  title = {{{key} ({key})}}, doi = {{10.5555/psy.1}}{')' if '(' in head else '}'}"
    report = imported(pack, head + key + rest)
    assert report.added == (AddedEntry(f"{key}b", key, 1),)
    assert (pack / "references.bib").read_text() == f"{taken}\n{head}{key}b{rest}\n"


def test_the_key_of_an_xdata_of_the_pack_is_taken(pack: Path) -> None:
    xdata = "@xdata{acm, publisher = {ACM}}\n@book{shelf, title = {Shelves}, xdata = {acm}, year = 2020}\n"
    (pack / "references.bib").write_text(xdata)
    assert imported(pack, "@book{acm, title = {Computing}, year = 2021}").added[0].key == "acmb"
    assert held(pack).keys() == {"shelf", "acmb"}


def test_a_record_that_was_written_before_its_entry_gets_it(tmp_path: Path) -> None:
    bare = "sources:\n  - id: Noy2023\n    kind: journal_article\n    vendor: independent\n    vendor_reason: Read.\n"
    pack = write_pack(tmp_path / "pack", {"sources/noy.yaml": bare})
    report = imported(pack, LIBRARY)
    assert (report.added, report.files) == ((AddedEntry("Noy2023", None, 6),), ("references.bib",))
    assert ekb.load(pack).record("source", "Noy2023")["vendor_reason"] == "Read."
    assert imported(pack, LIBRARY).added == ()


# What is there already


def test_what_the_pack_lacks_is_added_to_its_entry_and_nothing_else_changes(pack: Path) -> None:
    text = "@article{mine, title = {Replies to applications}, doi = {10.5555/audit.2024}, volume = 9, pages = {3--9}}"
    report = imported(pack, text)
    assert report.merged == (
        MergedEntry("mine", 1, "doe2024replies", "doi 10.5555/audit.2024", ("page",), ("volume",)),
    )  # fmt: skip
    added = BIB.replace("{10.5555/audit.2024}\n", "{10.5555/audit.2024},\n  pages   = {3--9}\n")
    assert (pack / "references.bib").read_text() == added
    assert report.files == ("references.bib",)
    assert (
        "merged: 'mine' at line 1 into 'doe2024replies' (same doi 10.5555/audit.2024): page; they differ in volume"
        in str(report)
    )


def test_what_the_pack_has_is_skipped_and_what_differs_is_named(pack: Path) -> None:
    text = "@article{mine, title = {Replies}, doi = {10.5555/AUDIT.2024}, volume = 1}"
    with unchanged(pack):
        report = imported(pack, text)
    assert report.skipped == (
        SkippedEntry("mine", 1, "same doi 10.5555/audit.2024 as 'doe2024replies'", ("title",)),
    )  # fmt: skip
    assert report.files == ()


def test_a_source_that_has_no_entry_is_not_given_one(pack: Path) -> None:
    with unchanged(pack):
        report = imported(pack, "@misc{pots, title = {Pots are pots}, eprint = {2303.99999v1}, eprinttype = {arxiv}, year = 2023,"
                                "author = {Roe}, note = {Read}, edition = {2}}")  # fmt: skip
    assert report.skipped[0].why == (
        "same arxiv 2303.99999 as 'roe2023pots'; edition of it were not there, and can be added by hand"
    )


def test_an_entry_without_a_record_says_how_to_get_one(pack: Path) -> None:
    (pack / "references.bib").write_text(f"{BIB}\n@misc{{loose, title = {{Loose}}, doi = {{10.5555/loose}}}}\n")
    report = import_file(pack, pack / "references.bib")
    assert [skipped.key for skipped in report.skipped] == ["doe2024replies", "loose"]
    assert "`evidencekb add --from FILE --entry loose` writes" in report.skipped[1].why


def test_another_version_is_added_and_said(pack: Path) -> None:
    report = imported(
        pack, "@misc{v2, title = {Pots are pots}, author = {Roe}, eprint = {2303.99999v2}, eprinttype = {arxiv}}"
    )
    assert report.added == (AddedEntry("v2", None, 1, Match("roe2023pots", "arxiv 2303.99999", same=False)),)
    assert "another version? 'v2' and 'roe2023pots' (arxiv 2303.99999)" in str(report)


def test_two_entries_of_one_work_in_the_file_become_one(pack: Path) -> None:
    text = (
        "@article{one, title = {Cracks}, author = {Roe, B.}, year = 2020}\n"
        "@article{two, title = {Cracks}, author = {Roe, Bea}, year = 2020, volume = {4}}\n"
        "@article{three, title = {Cracks}, author = {Roe, B.}, year = 2021}\n"
    )
    report = imported(pack, text)
    assert [added.key for added in report.added] == ["one", "three"]
    assert report.added[1].version_of == Match("one", "title and first author", same=False)
    assert report.merged == (MergedEntry("two", 2, "one", "title and first author", ("volume",), ("authors",)),)
    assert held(pack)["one"]["volume"] == "4"


def test_a_column_that_goes_on_is_several_works(pack: Path) -> None:
    text = "".join(
        f"@article{{n{n}, title = {{Letter}}, author = {{Roe, B.}}, journal = {{Post}}, year = 2020, number = {n}}}\n"
        for n in range(1, 4)
    )
    report = imported(pack, text)
    assert [(added.key, added.version_of) for added in report.added] == [("n1", None), ("n2", None), ("n3", None)]


def test_an_entry_that_could_be_any_work_is_skipped(pack: Path) -> None:
    with unchanged(pack):
        report = imported(pack, "@misc{x, note = {Read this}, year = 2020}")
    assert report.skipped == (SkippedEntry("x", 1, "it has no title, name or identifier of a work"),)


def test_entries_of_a_pack_that_this_one_extends_are_there(tmp_path: Path, pack: Path) -> None:
    child = write_pack(tmp_path / "child", {"pack.yaml": "name: child\nversion: 1.0.0\nextends: ../pack\n"})
    text = (
        "@article{mine, title = {Other}, doi = {10.5555/audit.2024}, note = {N}}\n@misc{roe2023pots, title = {Jars}}\n"
    )
    report = imported(child, text)
    assert [skipped.key for skipped in report.skipped] == ["mine"]
    assert [added.key for added in report.added] == ["roe2023potsb"]  # ids are never reused


def test_of_several_bib_files_the_right_one_is_merged_into(pack: Path) -> None:
    more = "\ufeff@book{shelf,\r\n\ttitle = {Shelves},\r\n\tyear = 2020\r\n}\r\n"
    (pack / "more").mkdir()
    (pack / "more" / "books.bib").write_bytes(more.encode())
    report = imported(pack, "@book{b, title = {Shelves}, year = 2020, publisher = {A Press}}\n" + LIBRARY)
    assert report.files == ("more/books.bib", "references.bib", "sources/library.yaml")
    assert (pack / "more" / "books.bib").read_bytes().decode() == more.replace(
        "2020\r\n", "2020,\r\n\tpublisher = {A Press}\r\n"
    )
    assert (pack / "references.bib").read_text().startswith(BIB)


def test_a_full_bibliography_goes_on_in_the_next_file(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidencekb.curating.opening.MAX_BYTES", 1500)
    assert imported(pack, LIBRARY).files[0] == "references-2.bib"
    assert (pack / "references.bib").read_text() == BIB
    with (
        unchanged(pack),
        pytest.raises(CurationError, match=r"the entries have .* bytes, and a .bib file may have 1,500"),
    ):
        imported(pack, f"@misc{{long, title = {{Long}}, note = {{{'word ' * 400}}}}}")


# What cannot be read


def test_what_cannot_be_read_is_told_with_its_place_and_the_rest_is_taken(pack: Path) -> None:
    text = "@misc{a, title = {One}}\n@misc{b, title = {x\n@misc{c, title = {Three}}\n@misc{a, title = {Again}}\n"
    report = imported(pack, text)
    assert [added.key for added in report.added] == ["a", "c"]
    assert [(v.code, str(v.place)) for v in report.violations] == [
        ("EKB501", "library.bib:2"),
        ("EKB503", "library.bib:4"),
    ]
    assert not report.ok
    assert ekb.check(pack).of_severity(ekb.Severity.ERROR) == () or codes(ekb.check(pack)) <= {"EKB202", "EKB204"}


def test_a_field_that_stands_twice_does_not_close_the_pack_for_what_comes_later(pack: Path) -> None:
    report = imported(pack, "@misc{a, title = {One}, note = {x}, note = {y}}")
    assert [v.code for v in report.violations] == ["EKB501"]
    assert [added.key for added in imported(pack, "@misc{b, title = {Two}}").added] == ["b"]


def test_a_file_in_another_encoding_is_read_and_told(pack: Path) -> None:
    report = imported(pack, "@book{t, title = {Töpfe – ein Überblick}, year = 2020}".encode("cp1252"))
    assert held(pack)["t"]["title"] == "Töpfe – ein Überblick"
    assert "not UTF-8; it was read as cp1252" in str(report)
    assert report.ok
    imported(pack, "@book{u, title = {Übersicht}, year = 2020}".encode("utf-16"), "wide.bib")
    assert held(pack)["u"]["title"] == "Übersicht"


def test_line_ends_are_those_of_the_pack_whatever_those_of_the_file(pack: Path) -> None:
    (pack / "references.bib").write_bytes(("\ufeff" + BIB.replace("\n", "\r\n")).encode())
    imported(pack, "\ufeff@misc{a,\n  title = {One},\n  doi = {10.5555/1}\n}\n")
    data = (pack / "references.bib").read_bytes().decode()
    assert (
        data
        == "\ufeff" + BIB.replace("\n", "\r\n") + "\r\n@misc{a,\r\n  title = {One},\r\n  doi = {10.5555/1}\r\n}\r\n"
    )
    unix = small_pack(pack.parent / "unix")
    imported(unix, "\ufeff@misc{a,\r\n  title = {One}\r\n}\r\n")
    assert (unix / "references.bib").read_bytes().decode() == BIB + "\n@misc{a,\n  title = {One}\n}\n"


def test_signs_that_some_take_for_line_ends_stay_in_texts(pack: Path) -> None:
    entry = "@misc{a, title = {One}, note = {one\u2028two\x0cthree\x85four\x1cfive}}"
    imported(pack, entry)
    assert (pack / "references.bib").read_bytes().decode() == f"{BIB}\n{entry}\n"


@pytest.mark.parametrize("text", ["", "\n\n", "% nothing\n", "@comment{x}\n", "\ufeff"])
def test_a_file_without_works_adds_none(pack: Path, text: str) -> None:
    with unchanged(pack):
        report = imported(pack, text)
    assert (report.read, report.files, report.violations) == (0, (), ())
    assert str(report) == "library.bib: 0 read, 0 added, 0 merged, 0 skipped, 0 problems"


@pytest.mark.parametrize(
    ("name", "text"), [("x.txt", "A letter."), ("x.xml", "<refs/>"), ("x", ""), ("x.yaml", "a: 1")]
)
def test_a_file_of_no_known_format_is_refused(pack: Path, name: str, text: str) -> None:
    with unchanged(pack), pytest.raises(CurationError, match="is no bibliography that can be read"):
        imported(pack, text, name)


def test_a_file_that_is_too_large_is_refused(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", len(LIBRARY) - 1)
    with (
        unchanged(pack),
        pytest.raises(CurationError, match="bytes, and no more are read; split it; nothing was added"),
    ):
        imported(pack, LIBRARY)


def test_a_file_or_pack_that_is_not_there_is_named(pack: Path) -> None:
    with unchanged(pack), pytest.raises(FileNotFoundError, match=r"none\.bib"):
        import_file(pack, pack / "none.bib")
    (pack.parent / "x.bib").write_text(LIBRARY)
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        import_file(pack.parent / "none", pack.parent / "x.bib")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("references.bib", "@misc{a, title = {", "references.bib:1: the entry that starts here cannot be read"),
        ("references.bib", b"@misc{a, title = {\xff}}", "references.bib:1: not UTF-8 text"),
        (
            "pack.yaml",
            "name: x\nversion: 1.0.0\nextends: ../none\n",
            "pack.yaml:3:1: extends '../none', but there is no pack",
        ),
        ("pack.yaml", "name: x\n", "pack.yaml:1:1: the field 'version' is missing"),
    ],
)
def test_a_pack_whose_works_cannot_all_be_seen_is_mended_first(
    pack: Path, name: str, text: str | bytes, says: str
) -> None:
    (pack / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with unchanged(pack), pytest.raises(CurationError, match="Mend this first; nothing was added") as caught:
        imported(pack, LIBRARY)
    assert str(caught.value).startswith(says)


def test_a_link_that_leaves_the_pack_is_not_written_through(pack: Path) -> None:
    outside = pack.parent / "outside.bib"
    outside.write_text(BIB)
    (pack / "references.bib").unlink()
    (pack / "references.bib").symlink_to(outside)
    with pytest.raises(CurationError, match="the file is a link that leaves the pack"):
        imported(pack, LIBRARY)
    assert outside.read_text() == BIB


def test_a_link_inside_the_pack_stays_one(pack: Path) -> None:
    (pack / "references.bib").rename(pack / "mine.bib")
    (pack / "references.bib").symlink_to("mine.bib")
    imported(pack, LIBRARY)
    assert (pack / "references.bib").is_symlink()
    assert "Noy2023" in (pack / "mine.bib").read_text()


# Hostile files


def test_strings_that_double_themselves_are_bounded(pack: Path) -> None:
    strings = "".join(f"@string{{s{n + 1} = s{n} # s{n}}}\n" for n in range(60))
    text = (
        '@string{s0 = "0123456789"}\n'
        + strings
        + "".join(f"@misc{{k{n}, title = {{T{n}}}, note = s{n}}}\n" for n in range(60))
    )
    report = imported(pack, text)
    assert len(report.added) == 60
    assert any("is longer than this library reads" in v.message for v in report.violations)
    assert (pack / "references.bib").stat().st_size < 2**20


def test_a_string_that_is_used_everywhere_does_not_fill_the_memory(pack: Path) -> None:
    text = f'@string{{s = "{"x" * 200_000}"}}\n' + "".join(
        f"@misc{{k{n}, title = {{T{n}}}, note = s}}\n" for n in range(20_000)
    )
    with unchanged(pack), pytest.raises(CurationError, match=r"bytes, and a \.bib file may have"):
        imported(pack, text)


def test_thousands_of_strings_are_looked_up_and_not_gone_through(pack: Path) -> None:
    count = 5_000
    text = "".join(f"@string{{s{n} = {{Journal {n}}}}}\n" for n in range(count))
    text += "".join(f"@article{{k{n}, title = {{T{n}}}, journal = s{n}}}\n" for n in range(count))
    assert len(imported(pack, text).added) == count
    assert held(pack)["k4999"]["container-title"] == "Journal 4999"


def test_deep_braces_are_read_or_told(pack: Path) -> None:
    deep = 50_000
    text = f"@misc{{a, title = {{{'{' * deep}x{'}' * deep}}}}}\n@misc{{b, title = {{{'{' * deep}}}\n@misc{{c, title = {{C}}}}\n"
    report = imported(pack, text)
    assert "c" in [added.key for added in report.added]
    assert [str(v.place) for v in report.violations] == ["library.bib:2"]


# All or nothing


def test_dry_says_the_same_and_writes_nothing(pack: Path) -> None:
    text = LIBRARY + "@article{mine, title = {Replies to applications}, doi = {10.5555/audit.2024}, pages = {3--9}}"
    with unchanged(pack):
        dry = imported(pack, text, dry=True)
    done = imported(pack, text)
    assert dry.files == ()
    assert (dry.added, dry.merged, dry.skipped) == (done.added, done.merged, done.skipped)
    assert done.files == ("references.bib", "sources/library.yaml")


def test_progress_is_told_up_to_the_end(pack: Path) -> None:
    seen: list[tuple[int, int]] = []
    imported(pack, made(1_200), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(500, 1_200), (1_000, 1_200), (1_200, 1_200)]


def test_an_interruption_leaves_everything_as_it_was(pack: Path) -> None:
    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with unchanged(pack), pytest.raises(KeyboardInterrupt):
        imported(pack, made(600), progress=stop)


def test_a_bibliography_that_changes_in_the_meantime_is_left_as_it_is(pack: Path) -> None:
    theirs = BIB + "\n@misc{k1, title = {Theirs}}\n"

    def meanwhile(done: int, of: int) -> None:
        (pack / "references.bib").write_text(theirs)

    with pytest.raises(ChangedMeanwhileError, match=r"nothing was written\. Do it again"):
        imported(pack, made(600), progress=meanwhile)
    assert (pack / "references.bib").read_text() == theirs
    assert not (pack / "sources").exists()


@pytest.mark.parametrize("in_the_way", ["references.bib", "sources"])
def test_what_cannot_be_written_is_not_written_in_part(pack: Path, in_the_way: str) -> None:
    path = pack / in_the_way
    if path.suffix:
        path.unlink()
        path.mkdir()
    else:
        path.write_text("")
    with (
        unchanged(pack),
        pytest.raises((OSError, CurationError), match=r"Is a directory|is no folder of the pack's own"),
    ):
        imported(pack, LIBRARY)


def made(entries: int) -> str:
    return "".join(f"@misc{{k{n}, title = {{Title {n}}}, doi = {{10.5555/{n}}}}}\n" for n in range(entries))


# Laws


BIBS = st.lists(
    st.sampled_from([
        "% a remark\n", "\n", "@comment{kept}\n", '@string{p = "Press"}\n', "@preamble{{x}}\n",
        "@misc{a,\n  title = {One},\n  doi   = {10.5555/1}\n}\n", "@book{b, title={Two}, year=1999}\n",
        "@article{c,\n\ttitle = {Three},\n\tauthor = {Roe, B.},\n}\n", "@misc{d, title = {Four}, publisher = p}", " \n",
        "@misc{e}\n", "free text\n", "@misc{f, doi = {10.5555/6},}\n",
    ]),
    unique=True,
).map("".join)  # fmt: skip
MORE = st.lists(
    st.sampled_from([
        "@misc{x, title = {One}, doi = {10.5555/1}, note = {N}}\n", "@book{b, title = {Two}, year = 1999, publisher = {P}}\n",
        "@article{y, title = {Three}, author = {Roe, B.}, volume = 3}\n", "@misc{a, title = {New}}\n",
        "@misc{z, title = {Four}, address = {Rome}}\n", "@misc{f, title = {Six}, doi = {10.5555/6}}\n", "@misc{w, note = {x}}\n",
    ]),
    unique=True,
).map("".join)  # fmt: skip


@given(BIBS, MORE, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_a_persons_file_is_never_rewritten(text: str, more: str, end: str, mark: str) -> None:
    """Every byte before is there after, but in the entries that were merged into, which only have more in them."""
    with tempfile.TemporaryDirectory() as folder:
        pack = write_pack(Path(folder, "pack"), {})
        before = mark + text.replace("\n", end)
        (pack / "references.bib").write_bytes(before.encode())
        report = imported(pack, more)
        after = (pack / "references.bib").read_bytes().decode()
        was = {merged.into: entry_text(before, merged.into) for merged in report.merged if f"{{{merged.into}" in before}
        now = {item["id"]: item for item in read_bibtex(after, "").items}
        assert all(item.items() <= now[item["id"]].items() for item in read_bibtex(before, "").items)
        for key, entry in was.items():
            after = after.replace(entry_text(after, key), entry, 1)
        assert after.startswith(before)


def told(report: ImportReport, entries: tuple[Entry, ...], items: dict[str, Item]) -> Iterator[str]:
    """Every variable of an added entry that is neither in the pack nor among the losses."""
    losses: dict[str, set[str]] = {}
    for key, loss in report.losses:
        losses.setdefault(key, set()).add(loss.field)
    for added in report.added:
        own = [e for e in entries if e.line == added.line and e.key in (added.key, added.was, "")]
        missed = [
            {f"{added.key}: {name}" for name, value in e.item.items()
             if name != "id" and items[added.key].get(name) != value and name not in losses.get(e.key, ())}
            for e in own
        ]  # fmt: skip
        yield from min(missed, key=len)


def checked_import(path: Path) -> ImportReport:
    """Import a file into a new pack, and hold it to the laws."""
    with tempfile.TemporaryDirectory() as folder:
        pack = write_pack(Path(folder, "pack"), {})
        report = import_file(pack, path)
        assert report.read == len(report.added) + len(report.merged) + len(report.skipped)
        assert open_pack(pack).sources == {added.key for added in report.added}
        assert [str(error) for error in ekb.check(pack).errors] == []
        assert list(told(report, read_bibliography(path).entries, held(pack))) == []
        with unchanged(pack):
            again = import_file(pack, path)
        assert (again.added, again.merged, again.read) == ((), (), report.read)
        return report


UNTITLED: Item = {
    "id": "a", "type": "article", "editor": [{"family": "Noy", "dropping-particle": "von", "non-dropping-particle": "van"}],
}  # fmt: skip


@given(st.lists(csl_items(), max_size=5), st.sampled_from(["json", "ris", "bib"]))
@example([UNTITLED], "json")
def test_nothing_is_lost_in_silence_and_nothing_is_imported_twice(items: list[Item], form: str) -> None:
    write: Callable[[list[Item]], str] = {"json": write_csl, "ris": write_ris, "bib": write_bibtex}[form]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"works.{form}")
        path.write_text(write(items), encoding="utf-8", newline="")
        checked_import(path)


def test_nothing_of_a_real_bibliography_is_lost_in_silence_or_imported_twice(shared: Path) -> None:
    folder = shared / "corpora" / "03-bibliographies"
    seen = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size < 1_000_000):
        try:
            read_bibliography(path)
        except CurationError:
            assert path.suffix in (".xml", ".yaml"), path.name
            continue
        seen += checked_import(path).read
    assert seen > 4_000


def test_seventeen_thousand_entries_come_in_one_go(tmp_path: Path) -> None:
    from benchmarks.bibliographies import ENTRIES
    from benchmarks.bibliographies import made as library

    pack = write_pack(tmp_path / "pack", {})
    report = imported(pack, library())
    assert (report.read, len(report.added), report.losses, report.violations) == (ENTRIES, ENTRIES, (), ())
    assert len(open_pack(pack).sources) == ENTRIES


# What the pack could not hold, or would read as something else


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ("year = {in press}", ("issued", "in press")),
        ("date = {2020-02-31}", ("issued", "2020-02-31")),
        ("year = 2020, urldate = {2024-02-30}, owner = {me}", ("accessed", "2024-02-30")),
    ],
)
def test_a_date_that_no_record_can_hold_is_a_loss_and_the_work_comes_in(
    pack: Path, fields: str, lost: tuple[str, str]
) -> None:
    report = imported(pack, f"@book{{a, title = {{T}}, publisher = {{P}}, {fields}}}")
    assert [each.key for each in report.added] == ["a"]
    assert lost in [(loss.field, loss.value) for _, loss in report.losses]
    assert ekb.check(pack).ok


def test_what_no_record_can_hold_is_skipped_with_the_reason(pack: Path) -> None:
    report = imported(
        pack, "@book{a, title = {T}, year = 2020, publisher = {a\x07b}} @book{b, title = {U}, year = 2020}"
    )
    assert [each.key for each in report.added] == ["b"]
    assert (
        report.skipped[0].why
        == "publisher: holds the control character '\\x07'; take it out; mend it in the file, and import it again"
    )


def test_a_fault_in_an_entry_does_not_come_along(pack: Path) -> None:
    doubled = "@book{a, title = {T}, title = {Twice}, publisher = {P}, year = 2020}"
    report = imported(pack, doubled + "@book{b, author = {A, B, C, D}, title = {U}, year = 2020}")
    assert {violation.code for violation in report.violations} == {"EKB501", "EKB502"}
    assert [each.key for each in report.added] == ["a", "b"]
    assert ekb.check(pack).ok


def test_an_import_that_was_killed_between_two_files_is_completed_by_the_next(pack: Path) -> None:
    done = imported(pack, LIBRARY)
    before = (pack / "references.bib").read_text()
    (pack / "references.bib").write_text(BIB)  # the records were written, the entries were not
    again = imported(pack, LIBRARY)
    assert [each.key for each in again.added] == [each.key for each in done.added]
    assert ((pack / "references.bib").read_text(), again.files) == (before, ("references.bib",))


def test_an_imported_library_does_not_keep_a_pack_from_being_built(pack: Path) -> None:
    """What nobody cites yet is a warning, whatever is wrong with where it can be found."""
    imported(pack, "@misc{a, title = {T}} @book{b, title = {U}, isbn = {123}, year = 2020}")
    report = ekb.check(pack)
    assert report.ok
    assert {(v.code, str(v.severity)) for v in report.violations if v.subject.id in "ab"} >= {
        ("EKB204", "warning"), ("EKB208", "warning"),
    }  # fmt: skip


def test_an_entry_does_not_take_on_the_strings_of_the_pack(pack: Path) -> None:
    (pack / "references.bib").write_text(BIB + '@string{may = "Wonnemonat"}\n')
    report = imported(pack, "@article{q, title = {Q}, journal = jos, month = may, year = 2020}")
    assert "not defined" in report.violations[0].message
    item = held(pack)["q"]
    assert (item["container-title"], item["issued"]) == ("jos", {"date-parts": [[2020, 5]]})


def test_an_entry_that_a_string_would_break_is_written_anew(pack: Path) -> None:
    imported(pack, '@string{s = "a } b"} @misc{a, title = s # {x}, year = 2020, url = {https://example.org/a}}')
    assert "a" in held(pack)
    assert held(pack)["a"]["URL"] == "https://example.org/a"  # and the pack can be opened again


def test_the_first_of_two_entries_with_one_key_comes_in(pack: Path) -> None:
    text = "@misc{d,\n% a remark\ntitle = {First}, doi = {10.5555/first}}\n@misc{d, title = {Second}, doi = {10.5555/second}}\n"
    report = imported(pack, text)
    assert (held(pack)["d"]["title"], [v.code for v in report.violations]) == ("First", ["EKB503"])


@pytest.mark.parametrize("place", ["url = {https://stat.example/%s}", "year = 2020, journal = {Journal %s}"])
def test_pages_of_one_title_in_two_places_are_two(pack: Path, place: str) -> None:
    report = imported(pack, "".join(f"@misc{{p{n}, title = {{Labour Force Survey}}, {place % n}}}\n" for n in (1, 2)))
    assert [each.key for each in report.added] == ["p1", "p2"]


def test_what_a_duplicate_says_beside_the_work_is_named(pack: Path) -> None:
    work = "@misc{%s, title = {T}, doi = {10.5555/t}, owner = {me}%s}"
    imported(pack, work % ("a", ""))
    report = imported(pack, work % ("b", ", groups = {G}"))
    assert [(key, loss.field, loss.value) for key, loss in report.losses] == [("b", "groups", "G")]


@pytest.mark.skipif(sys.platform == "win32", reason="links of other systems")
def test_records_are_not_written_through_a_linked_folder(pack: Path) -> None:
    (pack.parent / "outside").mkdir()
    (pack / "sources").symlink_to(pack.parent / "outside")
    with unchanged(pack), pytest.raises(CurationError, match="is no folder of the pack's own"):
        imported(pack, LIBRARY)


def test_a_file_of_records_that_cannot_be_read_may_hide_the_work(pack: Path) -> None:
    (pack / "mine.yaml").write_text("sources: [")
    with unchanged(pack), pytest.raises(CurationError, match=r"mine.yaml:.*Mend this first"):
        imported(pack, LIBRARY)


def test_a_page_saved_as_a_bibliography_is_none(pack: Path) -> None:
    for text in ("<html><body>Log in</body></html>", "Log in to go on."):
        with unchanged(pack), pytest.raises(CurationError, match="is no bibliography that can be read"):
            imported(pack, text)


# The report


def test_a_long_report_is_cut_and_says_so(pack: Path) -> None:
    imported(pack, made(50))
    text = str(imported(pack, made(50)))
    assert text.splitlines()[0] == "skipped: 'k0' at line 1: same doi 10.5555/0 as 'k0'"
    assert text.splitlines()[20:] == [
        "… and 30 more such",
        "library.bib: 50 read, 0 added, 0 merged, 50 skipped, 0 problems",
    ]
    assert importing._SHOWN == 20


def test_a_report_is_plain_data_too(pack: Path) -> None:
    text = (
        LIBRARY
        + "@misc{b, title = {x\n@article{m, doi = {10.5555/audit.2024}, title = {Replies}, pages = 3}\n@misc{n}\n"
    )
    data = json.loads(json.dumps(imported(pack, text).to_dict()))
    assert data["added"] == [{"key": "Noy2023", "was": None, "line": 6, "version_of": None}]
    assert data["merged"][0]["fields"] == ["page"]
    assert data["skipped"][0]["why"] == "it has no title, name or identifier of a work"
    assert (data["violations"][0]["file"], data["violations"][0]["code"]) == ("library.bib", "EKB501")
    assert data["files"] == ["references.bib", "sources/library.yaml"]


def test_an_entry_without_a_key_is_named_by_its_line(pack: Path) -> None:
    imported(pack, CSL, "refs.json")
    report = imported(pack, "\n\nTY  - JOUR\nTI  - Cracks in amphorae\nAU  - Carberry,\nPY  - 2021\nER  - \n", "x.ris")
    assert str(report).startswith("skipped: an entry without a key at line 3: same title and first author as 'psy1'")
    assert files_of(pack).keys() == {"pack.yaml", "base.yaml", "references.bib", "sources/refs.yaml"}


# Corrections


@pytest.mark.parametrize(
    ("volume", "says"),
    [
        ("1", None),
        ("2", "volume: 'doe' at line 1 has '2' by now, no longer '1': take the correction out"),
        ("3", "volume: 'doe' at line 1 has '3' by now, neither '1' nor '2': look, and write the correction anew"),
    ],
)
def test_a_correction_is_held_to_what_a_file_says_by_now(tmp_path: Path, volume: str, says: str | None) -> None:
    correction = "    corrections:\n      - {field: volume, expect: '1', use: '2', because: The cover says 2.}\n"
    pack = small_pack(tmp_path / "pack")
    base = (pack / "base.yaml").read_text()
    (pack / "base.yaml").write_text(
        base.replace("    kind: journal_article\n", f"    kind: journal_article\n{correction}")
    )
    assert "EKB211" not in codes(ekb.check(pack))
    report = imported(
        pack, f"@article{{doe, title = {{Replies to applications}}, volume = {volume}, doi = {{10.5555/audit.2024}}}}\n"
    )
    assert report.corrections == ((f"source 'doe2024replies': {says}",) if says else ())
    assert report.ok is (says is None)
    assert ("a correction does not hold" in str(report)) is (says is not None)
    assert [skipped.differ for skipped in report.skipped] == [("volume",) if volume == "3" else ()]
