from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources import bibtex
from evidencekb.sources.bibtex import BibEntry, BibFile, read_bibtex

ARTICLE = """\
% a comment, which BibTeX allows

@string{aaas = "American Association for the " # {Advancement of Science}}

@Article{noy2023experimental,
  author    = {Noy, Shakked and Zhang, Whitney},
  title     = {Experimental evidence on the productivity effects of generative {AI}},
  journal   = "Science",
  publisher = AAAS,
  year      = 2023,
  month     = jul # "~13",
  volume    = {381},
  number    = {6654},
  pages     = {187--192},
  doi       = {https://doi.org/10.1126/science.adh2586},
  abstract  = {Not ours.},
  keywords  = {also, not},
}
"""


def read(text: str) -> BibFile:
    return read_bibtex(text, "references.bib")


def fields(body: str, entry_type: str = "article") -> dict[str, Any]:
    """The fields of one entry that is read without a problem."""
    file = read(f"@{entry_type}{{key, {body}}}")
    assert file.violations == ()
    return file.entries[0].fields


def error(code: str, line: int, message: str, key: str = "") -> Violation:
    subject = Subject("source", key) if key else Subject("file", "references.bib")
    return Violation(code, Severity.ERROR, subject, message, Place("references.bib", line))


def test_an_article_is_read_into_the_fields_of_a_source() -> None:
    assert read(ARTICLE) == BibFile(
        entries=(
            BibEntry(
                key="noy2023experimental",
                entry_type="article",
                line=5,
                fields={
                    "title": "Experimental evidence on the productivity effects of generative AI",
                    "authors": [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "Whitney"}],
                    "published_on": "2023-07-13",
                    "container": "Science",
                    "publisher": "American Association for the Advancement of Science",
                    "volume": "381",
                    "issue": "6654",
                    "pages": "187-192",
                    "doi": "10.1126/science.adh2586",
                },
                field_lines={
                    "title": 7, "authors": 6, "published_on": 10, "container": 8, "publisher": 9, "volume": 12,
                    "issue": 13, "pages": 14, "doi": 15,
                },
                ignored=("abstract", "keywords"),
            ),
        ),
        violations=(),
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ending: str) -> None:
    assert read("\ufeff" + ARTICLE.replace("\n", ending)) == read(ARTICLE)


def test_a_line_that_ends_in_a_backslash_is_counted() -> None:
    entry = read("@misc{a,\n title = {One\\\n two},\n year = 2023}").entries[0]
    assert (entry.fields["title"], entry.field_lines) == ("One two", {"title": 2, "published_on": 4})


def test_a_report_keeps_its_number_and_its_institution() -> None:
    body = "institution = {NBER}, number = {31161}, type = {Working Paper}, date = {2023-04}, urldate = {2026-11-22}"
    assert fields(body, "techreport") == {
        "published_on": "2023-04", "accessed_on": "2026-11-22", "publisher": "NBER", "number": "31161",
    }  # fmt: skip


def test_a_book_has_no_report_number() -> None:
    assert fields("series = {Lecture Notes}, number = {12}, isbn = {0-306-40615-2}", "book") == {
        "container": "Lecture Notes", "isbn": "0-306-40615-2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "container"),
    [
        ("journal = {Science}", "Science"),
        ("journaltitle = {Science}", "Science"),
        ("booktitle = {Proceedings}, series = {KDD}", "Proceedings"),
        ("series = {KDD}", "KDD"),
        ("journal = {}, booktitle = {Proceedings}", "Proceedings"),
    ],
)
def test_the_container_is_the_first_there_is(body: str, container: str) -> None:
    assert fields(body, "inproceedings") == {"container": container}


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("Whitney Zhang", [{"family": "Zhang", "given": "Whitney"}]),
        ("Ludwig van Beethoven", [{"family": "van Beethoven", "given": "Ludwig"}]),
        ("van der Berg, Jan", [{"family": "van der Berg", "given": "Jan"}]),
        ("King, Jr., Martin Luther", [{"family": "King Jr.", "given": "Martin Luther"}]),
        (r"{\"O}zg{\"u}r, {\'E}.~A.", [{"family": "Özgür", "given": "É. A."}]),
        (
            "{U.S. Equal Employment Opportunity Commission}",
            [{"literal": "U.S. Equal Employment Opportunity Commission"}],
        ),
        ("{Barnes and Noble, Inc.} and {IMF}", [{"literal": "Barnes and Noble, Inc."}, {"literal": "IMF"}]),
        ("{de la Cruz}, Ana", [{"family": "de la Cruz", "given": "Ana"}]),
        ("Plato", [{"family": "Plato"}]),
        ("Kline, Patrick and others", [{"family": "Kline", "given": "Patrick"}, {"literal": "others"}]),
        (
            "family=Beethoven, given=Ludwig, prefix=van, useprefix=true",
            [{"family": "van Beethoven", "given": "Ludwig"}],
        ),
    ],
)
def test_authors_are_people_or_bodies(names: str, authors: list[dict[str, str]]) -> None:
    assert fields(f"author = {{{names}}}") == {"authors": authors}


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ("year = 2023", "2023"),
        ("year = {2023}, month = dec", "2023-12"),
        ("year = 2023, month = {December}", "2023-12"),
        ("year = 2023, month = 3", "2023-03"),
        ("year = 2023, month = {03}", "2023-03"),
        ("year = 2023, month = mar, day = 5", "2023-03-05"),
        ("year = 2023, month = {14 July}", "2023-07-14"),
        ("year = 2023, month = {Spring}", "2023"),
        ("year = {2019--2021}", "2019/2021"),
        ("date = {2023-07-13}, year = 1999", "2023-07-13"),
        ("date = {2023-07-13T10:00:00Z}", "2023-07-13"),
        ("date = {2023-01/2023-02}", "2023-01/2023-02"),
        ("year = {in press}", "in press"),
    ],
)
def test_dates_are_written_as_years_months_and_days(body: str, date: str) -> None:
    assert fields(body) == {"published_on": date}


def test_a_month_that_cannot_be_used_is_named_among_the_ignored() -> None:
    assert read("@article{a, year = 2023, month = {Spring}, doi = {}}").entries[0].ignored == ("month",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("doi = {http://dx.doi.org/10.1002/%28SICI%291}", {"doi": "10.1002/(SICI)1"}),
        ("doi = {10.1000/a\\_b}", {"doi": "10.1000/a_b"}),
        ("eprint = {2303.10130}, archivePrefix = {arXiv}", {"arxiv": "2303.10130"}),
        ("eprint = {arXiv:2303.10130}, eprinttype = {arxiv}", {"arxiv": "2303.10130"}),
        ("eprint = {37440646}, eprinttype = {pubmed}", {"pmid": "37440646"}),
        ("eprint = {x.pdf}, eprinttype = {jstor}", {}),
        ("pmid = {37440646}", {"pmid": "37440646"}),
        ("isbn = {978-0-306-40615-7 (print), 080442957X (online)}", {"isbn": "978-0-306-40615-7"}),
        ("isbn = {12345}", {"isbn": "12345"}),
        ("url = {https://example.org/a\\_b--c~d}", {"url": "https://example.org/a_b--c~d"}),
        ("howpublished = {\\url{https://example.org/a}}", {"url": "https://example.org/a"}),
        ("howpublished = {by hand}", {}),
        ("pages = {e1 \u2013 e9}", {"pages": "e1-e9"}),
        ("title = {What works}, subtitle = {A review}", {"title": "What works: A review"}),
        ("title = {What works?}, subtitle = {A review}", {"title": "What works? A review"}),
    ],
)
def test_identifiers_and_addresses_stand_alone(body: str, expected: dict[str, str]) -> None:
    assert fields(body) == expected


def test_a_key_that_stands_twice_is_an_error_and_the_first_entry_counts() -> None:
    file = read("@article{a, title = {One}}\n@book{b, title = {Two}}\n@book{a, title = {Three}}")
    assert [(e.key, e.fields) for e in file.entries] == [("a", {"title": "One"}), ("b", {"title": "Two"})]
    assert file.violations == (error("EKB503", 3, "the key 'a' stands at line 1 too; keys are never reused", "a"),)


def test_a_field_that_stands_twice_is_an_error_and_the_first_one_counts() -> None:
    file = read("@article{a,\n title = {One},\n year = 2023,\n Title = {Two}}")
    assert file.entries[0].fields == {"title": "One", "published_on": "2023"}
    assert file.violations == (
        error("EKB501", 4, "the field 'title' stands at line 2 too; the first one counts; keep one", "a"),
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("@article{open, title = {Never closed\n",
         1, ("the entry that starts here cannot be read: Unexpected block start: `@book`. Was still looking for "
             "field-value closing `}`. Check its braces, quotes and commas")),
        ("\n@article{, title = {A}}", 2, "this @article has no key; write '@article{key,'"),
        ("\n@article\n", 2, "'@article' is not followed by a brace, so no entry was read; write '@article{key,'"),
        ("@string{a = {One}}\n@string{a = {Two}}",
         2, "the @string 'a' is defined twice with different texts; the last one counts; keep one"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_and_the_rest_is_kept(text: str, line: int, message: str) -> None:
    file = read(f"{text}\n@book{{good, title = {{Kept}}}}")
    assert file.violations == (error("EKB501", line, message),)
    assert [(e.key, e.fields) for e in file.entries] == [("good", {"title": "Kept"})]


@pytest.mark.parametrize(
    ("body", "code", "message", "kept"),
    [
        ("title = {One} year = 2023", "EKB501",
         "the field 'title' goes on after its end with 'year = 2023'; is a comma missing before it?", {"title": "One"}),
        ("journal = nature", "EKB502",
         "the field 'journal' uses the @string 'nature', which is not defined; define it, or put the text in braces",
         {"container": "nature"}),
        ("author = {Noy, S.; Zhang, W.}", "EKB502",
         ("the author 'Noy, S.; Zhang, W.' cannot be split (it holds a ';'); put ' and ' between authors, or braces "
          "around a body's name"), {"authors": [{"literal": "Noy, S.; Zhang, W."}]}),
        ("author = {Noy, S., Zhang, W., Doe, J.}", "EKB502",
         ("the author 'Noy, S., Zhang, W., Doe, J.' cannot be split (too many commas); put ' and ' between authors, or "
          "braces around a body's name"), {"authors": [{"literal": "Noy, S., Zhang, W., Doe, J."}]}),
        ("crossref = {gone}", "EKB502",
         "its crossref 'gone' is no other entry of this file; add it, or write its fields here", {}),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_an_error_and_the_text_is_kept(
    body: str, code: str, message: str, kept: dict[str, Any]
) -> None:
    file = read(f"@article{{a, {body}}}")
    assert file.violations == (error(code, 1, message, "a"),)
    assert file.entries[0].fields == kept


def test_a_repeated_string_with_the_same_text_is_no_problem() -> None:
    file = read("@string{s = {Science}}\n@string{S = {Science}}\n@article{a, journal = s}")
    assert (file.entries[0].fields, file.violations) == ({"container": "Science"}, ())


def test_a_chapter_takes_from_its_book_all_but_what_identifies_the_book() -> None:
    file = read(
        "@incollection{chapter, title = {A chapter}, crossref = {book}}\n"
        "@book{book, title = {The book}, editor = {Doe, J.}, publisher = {Press}, year = 2020, isbn = {0-306-40615-2},\n"
        " doi = {10.1000/book}, url = {https://example.org/book}}"
    )
    assert file.violations == ()
    assert file.entries[0] == BibEntry(
        key="chapter",
        entry_type="incollection",
        line=1,
        fields={"title": "A chapter", "container": "The book", "publisher": "Press", "published_on": "2020"},
        field_lines={"title": 1, "container": 2, "publisher": 2, "published_on": 2},
    )


def test_comments_preambles_and_text_between_entries_are_passed_over() -> None:
    text = 'A note to ann@example.org\n@comment{jabref-meta: x}\n@preamble{"\\newcommand"}\n@misc{a, title = {A}}'
    assert [(e.key, e.line) for e in read(text).entries] == [("a", 4)]
    assert read(text).violations == ()


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "MAX_BYTES", 2 * 1024 * 1024)
    file = read("@misc{a, title = {" + "é" * 1024 * 1024 + "}}")
    assert file == BibFile((), (error("EKB501", 0, "larger than 2 MiB; split it into several .bib files"),))


def test_strings_that_multiply_are_stopped() -> None:
    doubling = "\n".join(f"@string{{s{n + 1} = s{n} # s{n}}}" for n in range(40))
    file = read(f'@string{{s0 = "0123456789"}}\n{doubling}\n@misc{{a, title = {{Kept}}, note = s40}}')
    assert file.entries[0].fields == {"title": "Kept"}
    assert file.violations[0] == error("EKB501", 16, "the @string 's15' is longer than this library reads; shorten it")


def test_reading_prints_and_logs_nothing(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger("bibtexparser").level
    read("@article{a, title = {Never closed")
    assert (caplog.records, tuple(capsys.readouterr())) == ([], ("", ""))
    assert logging.getLogger("bibtexparser").level == before


@given(st.text(alphabet="@{}()\",=#\\\n %abx1;$~'é", max_size=60))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    file = read(text + "\n@misc{last, title = {Kept}}")
    lines = text.count("\n") + 2
    assert all(v.code in ("EKB501", "EKB502", "EKB503") for v in file.violations)
    assert all(v.place and 1 <= v.place.line <= lines for v in file.violations)
    assert any(e.key == "last" for e in file.entries) or file.violations


@given(st.text(alphabet="@{}\",=#\\\n %ab1;$~'é and", max_size=40))
def test_any_value_in_balanced_braces_is_kept_to_its_field(text: str) -> None:
    inner = re.sub(r"[{}\\@\n]", "", text)
    file = read(f"@misc{{a, title = {{{inner}}}, author = {{{inner}}}, year = 2023}}")
    assert [e.fields["published_on"] for e in file.entries] == ["2023"]


@pytest.mark.shared
def test_real_bibliographies_are_read_whole_or_reported(shared: Path) -> None:
    paths = sorted((shared / "corpora" / "03-bibliographies").rglob("*.bib"))
    assert paths
    start = re.compile(r"\s*@(?!comment|string|preamble)\w+[ \t]*[{(]", re.IGNORECASE)
    for path in paths:
        text = path.read_bytes().decode("utf-8-sig")
        lines = dict(enumerate(text.split("\n"), 1))
        file = read_bibtex(text, path.name)
        reported = {v.place.line for v in file.violations if v.place}
        starts = {number for number, line in lines.items() if start.match(line)}
        assert reported <= lines.keys(), path.name
        assert starts <= {e.line for e in file.entries} | reported, path.name
        for entry in file.entries:
            assert f"@{entry.entry_type}" in lines[entry.line].lower(), f"{path.name}: {entry.key}"
            assert entry.field_lines.keys() == entry.fields.keys()
            assert all("=" in lines[number] for number in entry.field_lines.values()), f"{path.name}: {entry.key}"


@pytest.mark.shared
def test_the_authors_and_titles_of_a_large_bibliography_hold_no_latex(shared: Path) -> None:
    path = shared / "corpora" / "03-bibliographies" / "bibtex" / "acl-anthology-5mb.bib"
    file = read_bibtex(path.read_text(encoding="utf-8"), path.name)
    assert (len(file.entries), file.violations) == (8686, ())
    left = [e.key for e in file.entries for a in e.fields.get("authors", ()) if set("{}\\$") & set("".join(a.values()))]
    assert left == []
