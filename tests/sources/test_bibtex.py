from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources import bibtex
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.items import Bibliography, Entry, Loss
from evidencekb.sources.latex import decode

ARTICLE = """\
% a comment, which BibTeX allows

@string{aaas = "American Association for the " # {Advancement of Science}}

@Article{noy2023experimental,
  author    = {Noy, Shakked and Zhang, Whitney},
  title     = {Experimental evidence on the productivity effects of \\emph{generative} {AI}},
  journal   = "Science",
  publisher = AAAS,
  year      = 2023,
  month     = jul # "~13",
  volume    = {381},
  number    = {6654},
  pages     = {187--192},
  doi       = {https://doi.org/10.1126/science.adh2586},
  keywords  = {also, kept},
  copyright = {Not ours.},
  timestamp = {2026-01-02},
}
"""


def read(text: str) -> Bibliography:
    return read_bibtex(text, "references.bib")


def item(body: str, entry_type: str = "article") -> dict[str, Any]:
    """The item of one entry that is read without a problem, without its key."""
    file = read(f"@{entry_type}{{key, {body}}}")
    assert file.violations == ()
    return {variable: value for variable, value in file.entries[0].item.items() if variable != "id"}


def variables(body: str, entry_type: str = "article") -> dict[str, Any]:
    """The same without the type."""
    return {variable: value for variable, value in item(body, entry_type).items() if variable != "type"}


def lost(body: str, entry_type: str = "article") -> list[str]:
    """The names of the fields of one entry that are not in its item."""
    return [loss.field for loss in read(f"@{entry_type}{{key, {body}}}").entries[0].losses]


def error(code: str, line: int, message: str, key: str = "") -> Violation:
    subject = Subject("source", key) if key else Subject("file", "references.bib")
    return Violation(code, Severity.ERROR, subject, message, Place("references.bib", line))


def test_an_article_is_read_into_an_item() -> None:
    assert read(ARTICLE) == Bibliography(
        entries=(
            Entry(
                key="noy2023experimental",
                item={
                    "id": "noy2023experimental",
                    "type": "article-journal",
                    "title": "Experimental evidence on the productivity effects of <i>generative</i> AI",
                    "author": [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "Whitney"}],
                    "issued": {"date-parts": [[2023, 7, 13]]},
                    "container-title": "Science",
                    "publisher": "American Association for the Advancement of Science",
                    "volume": "381",
                    "issue": "6654",
                    "page": "187-192",
                    "DOI": "10.1126/science.adh2586",
                    "keyword": "also, kept",
                },
                line=5,
                lines={
                    "title": 7, "author": 6, "issued": 10, "container-title": 8, "publisher": 9, "volume": 12,
                    "issue": 13, "page": 14, "DOI": 15, "keyword": 16,
                },
                losses=(
                    Loss("copyright", "Not ours.", "CSL has no variable for it", 17),
                    Loss("timestamp", "2026-01-02", "about the entry, not the work", 18),
                ),
            ),
        ),
        violations=(),
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ending: str) -> None:
    assert read("\ufeff" + ARTICLE.replace("\n", ending)) == read(ARTICLE)


def test_a_line_that_ends_in_a_backslash_is_counted() -> None:
    entry = read("@misc{a,\n title = {One\\\n two},\n year = 2023}").entries[0]
    assert (entry.item["title"], entry.lines) == ("One two", {"title": 2, "issued": 4})


@pytest.mark.parametrize(
    ("entry_type", "body", "kind"),
    [
        ("article", "entrysubtype = {magazine}", {"type": "article-magazine"}),
        ("book", "title = {A}, booktitle = {A}", {"type": "book", "title": "A"}),
        ("book", "booktitle = {A}", {"type": "book", "title": "A"}),
        ("book", "title = {A}, booktitle = {B}", {"type": "chapter", "title": "A", "container-title": "B"}),
        ("phdthesis", "", {"type": "thesis", "genre": "PhD thesis"}),
        ("thesis", "type = {mathesis}", {"type": "thesis", "genre": "Master’s thesis"}),
        ("phdthesis", "type = {Habilitation}", {"type": "thesis", "genre": "Habilitation"}),
        ("online", "type = {pressrelease}", {"type": "webpage", "genre": "Press release"}),
        ("online", "type = {Blog post}", {"type": "post-weblog", "genre": "Blog post"}),
        ("legal", "", {"type": "treaty"}),
        ("legal", "type = {Court filing}", {"type": "document", "genre": "Court filing"}),
        ("legal", "type = {Congressional hearing}", {"type": "hearing", "genre": "Congressional hearing"}),
        ("jurisdiction", "court = {D. Conn.}, number = {3:23-cv-1}",
         {"type": "legal_case", "authority": "D. Conn.", "number": "3:23-cv-1"}),
        ("jurisdiction", "institution = {EEOC}", {"type": "legal_case", "authority": "EEOC"}),
        ("misc", "entrysubtype = {hearing}", {"type": "hearing"}),
        ("misc", "eprint = {2303.10130v2}, archiveprefix = {arXiv}",
         {"type": "article", "genre": "Preprint", "custom": {"arxiv": "2303.10130v2"}}),
        ("article", "journal = {arXiv preprint arXiv:2303.10130}",
         {"type": "article", "genre": "Preprint", "custom": {"arxiv": "2303.10130"}}),
        ("article", "journal = {Science}, eprint = {2303.10130}",
         {"type": "article-journal", "container-title": "Science", "custom": {"arxiv": "2303.10130"}}),
    ],
)  # fmt: skip
def test_the_type_of_a_work_and_its_genre(entry_type: str, body: str, kind: dict[str, str]) -> None:
    assert item(body, entry_type) == kind


def test_a_type_that_nobody_knows_is_a_document_and_said_so() -> None:
    entry = read("\n@gadget{a, title = {A}}").entries[0]
    assert entry.item == {"id": "a", "type": "document", "title": "A"}
    assert entry.losses == (Loss("@gadget", "", "no type of work is called so; it is read as a document", 2),)


def test_a_report_keeps_its_number_and_its_institution() -> None:
    body = "institution = {NBER}, number = {31161}, type = {Working Paper}, date = {2023-04}, urldate = {2026-11-22}"
    assert variables(body, "techreport") == {
        "issued": {"date-parts": [[2023, 4]]}, "accessed": {"date-parts": [[2026, 11, 22]]}, "publisher": "NBER",
        "number": "31161", "genre": "Working Paper",
    }  # fmt: skip


def test_a_number_is_of_an_issue_a_series_or_the_work() -> None:
    assert variables("series = {Lecture Notes}, number = {12}", "book") == {
        "collection-title": "Lecture Notes", "collection-number": "12",
    }  # fmt: skip
    assert variables("number = {12}", "inproceedings") == {"issue": "12"}
    assert variables("number = {12}, series = {LNCS}", "inproceedings")["collection-number"] == "12"
    assert variables("number = {12}, eid = {e7}") == {"issue": "12", "number": "e7"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("journaltitle = {Science}, journalsubtitle = {News}", {"container-title": "Science: News"}),
        ("booktitle = {Proceedings}, booksubtitle = {Part 1}, series = {KDD}",
         {"container-title": "Proceedings: Part 1", "collection-title": "KDD"}),
        ("journal = {}, booktitle = {Proceedings}", {"container-title": "Proceedings"}),
        ("maintitle = {Works}, booktitle = {Volume Two}", {"container-title": "Works", "volume-title": "Volume Two"}),
        ("location = {Lisbon}, address = {New York}", {"event-place": "Lisbon", "publisher-place": "New York"}),
        ("location = {Lisbon}", {"publisher-place": "Lisbon"}),
        ("organization = {IEEE}", {"publisher": "IEEE"}),
        ("title = {What works}, subtitle = {A review}, titleaddon = {Draft}", {"title": "What works: A review. Draft"}),
        ("title = {What works?}, subtitle = {A review}", {"title": "What works? A review"}),
        ("eventtitle = {KDD}, eventdate = {2020-08-01/2020-08-03}",
         {"event-title": "KDD", "event-date": {"date-parts": [[2020, 8, 1], [2020, 8, 3]]}}),
        ("language = {English}, langid = {english}", {"language": "en"}),
        ("note = {One}, addendum = {Two}", {"note": "One. Two"}),
    ],
)  # fmt: skip
def test_titles_places_and_bodies(body: str, expected: dict[str, Any]) -> None:
    assert variables(body, "inproceedings") == expected
    assert lost(body, "inproceedings") == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("author = {Noy, S.}, editor = {Doe, J.}, editortype = {compiler}",
         {"author": [{"family": "Noy", "given": "S."}], "compiler": [{"family": "Doe", "given": "J."}]}),
        ("editora = {Doe, J.}, editoratype = {collaborator}", {"contributor": [{"family": "Doe", "given": "J."}]}),
        ("bookauthor = {Doe, J.}, translator = {{Bureau}}",
         {"container-author": [{"family": "Doe", "given": "J."}], "translator": [{"literal": "Bureau"}]}),
    ],
)  # fmt: skip
def test_names_go_to_their_roles(body: str, names: dict[str, Any]) -> None:
    assert variables(body, "incollection") == names
    assert lost(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("doi = {http://dx.doi.org/10.1002/%28SICI%291}", {"DOI": "10.1002/(SICI)1"}),
        ("doi = {10.1000/a\\_b}", {"DOI": "10.1000/a_b"}),
        ("eprint = {37440646}, eprinttype = {pubmed}", {"PMID": "37440646"}),
        ("pmid = {37440646}, pmcid = {PMC1}", {"PMID": "37440646", "PMCID": "PMC1"}),
        ("isbn = {0-306-40615-2}", {"ISBN": "0-306-40615-2"}),
        ("isbn = {12345}", {"ISBN": "12345"}),
        ("url = {https://example.org/a\\_b--c~d}", {"URL": "https://example.org/a_b--c~d"}),
        ("howpublished = {\\url{https://example.org/a}}", {"URL": "https://example.org/a"}),
        ("howpublished = {\\href{https://example.org/a}{}}", {"URL": "https://example.org/a"}),
        ("pages = {e1 \u2013 e9}", {"page": "e1-e9"}),
    ],
)
def test_identifiers_and_addresses_stand_alone(body: str, expected: dict[str, str]) -> None:
    assert variables(body, "book") == expected
    assert lost(body, "book") == []


@pytest.mark.parametrize(
    ("body", "losses"),
    [
        ("eprint = {x.pdf}, eprinttype = {jstor}", ["eprint", "eprinttype"]),
        ("howpublished = {by hand}", ["howpublished"]),
        ("howpublished = {By hand, \\url{https://example.org/a}}", ["howpublished"]),
        ("isbn = {978-0-306-40615-7 (print), 080442957X (online)}", ["isbn"]),
        ("publisher = {A}, organization = {B}", ["organization"]),
        ("publisher = {A}, organization = {A}", []),
        ("date = {2023-07}, year = 2023, month = jul", []),
        ("date = {2023-07}, year = 2022", ["year"]),
        ("year = 2023, month = {Lent}", ["month"]),
        ("editor = {Doe, J.}, editortype = {gaffer}", ["editor", "editortype"]),
        ("number = 3, issue = {Special}", ["issue"]),
        ("primaryclass = {cs.CL}", ["primaryclass"]),
        ("doi = {}", []),
    ],
)
def test_what_is_not_in_the_item_is_a_loss(body: str, losses: list[str]) -> None:
    assert lost(body) == losses


@pytest.mark.parametrize(
    ("pages", "variable"), [("xii + 328", "number-of-pages"), ("253 pp.", "number-of-pages"), ("10--12", "page")]
)
def test_a_book_says_how_many_pages_it_has(pages: str, variable: str) -> None:
    assert list(variables(f"pages = {{{pages}}}", "book")) == [variable]


def test_a_long_loss_is_cut() -> None:
    assert read(f"@misc{{a, file = {{{'x' * 600}}}}}").entries[0].losses[0].value == "x" * 500 + "…"


def test_a_key_that_stands_twice_is_an_error_and_the_first_entry_counts() -> None:
    file = read("@article{a, title = {One}}\n@book{b, title = {Two}}\n@book{a, title = {Three}}")
    assert [(e.key, e.item["title"]) for e in file.entries] == [("a", "One"), ("b", "Two")]
    assert file.violations == (error("EKB503", 3, "the key 'a' stands at line 1 too; keys are never reused", "a"),)


def test_a_field_that_stands_twice_is_an_error_and_the_first_one_counts() -> None:
    file = read("@article{a,\n title = {One},\n year = 2023,\n Title = {Two}}")
    assert file.entries[0].item["title"] == "One"
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
    assert [(e.key, e.item["title"]) for e in file.entries] == [("good", "Kept")]


@pytest.mark.parametrize(
    ("body", "code", "message", "kept"),
    [
        ("title = {One} year = 2023", "EKB501",
         "the field 'title' goes on after its end with 'year = 2023'; is a comma missing before it?", {"title": "One"}),
        ("journal = nature", "EKB502",
         "the field 'journal' uses the @string 'nature', which is not defined; define it, or put the text in braces",
         {"container-title": "nature"}),
        ("author = {Noy, S.; Zhang, W.}", "EKB502",
         ("the author 'Noy, S.; Zhang, W.' cannot be split (it holds a ';'); put ' and ' between names, or braces "
          "around a body's name"), {"author": [{"literal": "Noy, S.; Zhang, W."}]}),
        ("editor = {Noy, S., Zhang, W., Doe, J.}", "EKB502",
         ("the editor 'Noy, S., Zhang, W., Doe, J.' cannot be split (too many commas); put ' and ' between names, or "
          "braces around a body's name"), {"editor": [{"literal": "Noy, S., Zhang, W., Doe, J."}]}),
        ("crossref = {gone}", "EKB502",
         "its crossref 'gone' is no other entry of this file; add it, or write its fields here", {}),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_an_error_and_the_text_is_kept(
    body: str, code: str, message: str, kept: dict[str, Any]
) -> None:
    file = read(f"@article{{a, {body}}}")
    assert file.violations == (error(code, 1, message, "a"),)
    assert file.entries[0].item == {"id": "a", "type": "article-journal", **kept}


def test_a_repeated_string_with_the_same_text_is_no_problem() -> None:
    file = read("@string{s = {Science}}\n@string{S = {Science}}\n@article{a, journal = s}")
    assert (file.entries[0].item["container-title"], file.violations) == ("Science", ())


def test_comments_preambles_and_text_between_entries_are_passed_over() -> None:
    text = 'A note to ann@example.org\n@comment{jabref-meta: x}\n@preamble{"\\newcommand"}\n@misc{a, title = {A}}'
    assert [(e.key, e.line) for e in read(text).entries] == [("a", 4)]
    assert read(text).violations == ()


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "MAX_BYTES", 2 * 1024 * 1024)
    file = read("@misc{a, title = {" + "é" * 1024 * 1024 + "}}")
    assert file == Bibliography((), (error("EKB501", 0, "larger than 2 MiB; split it into several .bib files"),))


def test_strings_that_multiply_are_stopped() -> None:
    doubling = "\n".join(f"@string{{s{n + 1} = s{n} # s{n}}}" for n in range(40))
    file = read(f'@string{{s0 = "0123456789"}}\n{doubling}\n@misc{{a, title = {{Kept}}, note = s40}}')
    assert file.entries[0].item == {"id": "a", "type": "document", "title": "Kept"}
    assert file.violations[0] == error("EKB501", 16, "the @string 's15' is longer than this library reads; shorten it")


def test_long_strings_used_often_are_stopped() -> None:
    text = '@string{s = "' + "x" * 200_000 + '"}\n' + "".join(f"@misc{{k{n}, note = s}}\n" for n in range(400))
    file = read(text)
    assert sum("note" in entry.item for entry in file.entries) < 200
    assert "is longer than this library reads" in file.violations[-1].message


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


FIELDS = (
    "author", "editor", "title", "subtitle", "journal", "booktitle", "date", "year", "month", "pages", "number", "doi",
    "url", "isbn", "eprint", "type", "entrysubtype", "howpublished", "crossref", "xdata", "language", "note", "addendum",
)  # fmt: skip
TYPES = ("article", "book", "incollection", "inproceedings", "misc", "online", "legal", "thesis", "xdata", "gadget")


@given(
    st.sampled_from(TYPES),
    st.dictionaries(
        st.sampled_from(FIELDS), st.text(alphabet="{}\\$~'`\"^_-% \nA1é,;:/.=&and", max_size=30), max_size=8
    ),
)
def test_any_values_are_read_without_an_exception_and_are_kept_or_lost(
    entry_type: str, written: dict[str, str]
) -> None:
    inner = {name: re.sub(r"[{}\\@\n]", "", value) for name, value in written.items()}
    body = ", ".join(f"{name} = {{{value}}}" for name, value in inner.items())
    file = read(f"@{entry_type}{{a, {body}}}")
    for entry in file.entries:
        assert entry.lines.keys() <= entry.item.keys() - {"id", "type"}
        assert all(entry.item.values())
        assert unaccounted(inner, entry) == []


def words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W_]+", re.sub(r"</?\w+>|[\u0300-\u036f]", "", text))}


# How a field says what a word of it is for: biblatex's long names, and an operand of a value that is joined.
_SAID = re.compile(
    r"\b(?:family|given|prefix|suffix)=|,\s*(?:use\w+|juniorcomma|\w+-i)=(?:\w+|\{\{\w*\}\}\w*)|(?:\b\w+\s*)?#.*"
)
# Dates and languages are said in another way, and types say what their neighbours are.
_OTHERWISE = frozenset({
    "year", "month", "day", "date", "urldate", "origdate", "eventdate", "lastchecked", "accessed", "language", "langid",
    "hyphenation", "entrysubtype", "type", "editortype", "editoratype", "editorbtype", "nameatype", "eprinttype",
    "archiveprefix",
})  # fmt: skip


def test_mathematics_in_a_name_is_read_as_in_a_title() -> None:
    (entry,) = read("@article{a, title = {$1$\u00e9}, author = {$1$\u00e9 and Smith, $x$}}").entries
    assert entry.item["title"] == "1\u00e9"
    assert entry.item["author"] == [{"family": "1\u00e9"}, {"family": "Smith", "given": "x"}]


def unaccounted(fields: dict[str, str], entry: Entry) -> list[str]:
    """Fields with a word that stands neither in the item nor among the losses."""
    held = words(json.dumps(entry.item, ensure_ascii=False))
    otherwise = _OTHERWISE | {loss.field.lower() for loss in entry.losses}
    texts = {name: decode(_SAID.sub(" ", text)) for name, text in fields.items() if name not in otherwise}
    return [name for name, text in texts.items() if not words(text) <= held | {"and"}]


@pytest.mark.shared
def test_real_bibliographies_are_read_whole_or_reported(shared: Path) -> None:
    folder = shared / "corpora" / "03-bibliographies"
    paths = sorted(path for ending in ("*.bib", "*.bibtex", "*.biblatex") for path in folder.rglob(ending))
    assert paths
    start = re.compile(r"\s*@(?!comment|string|preamble|xdata)\w+[ \t]*[{(]", re.IGNORECASE)
    for path in paths:
        text = path.read_bytes().decode("utf-8-sig")
        lines = dict(enumerate(text.split("\n"), 1))
        file = read_bibtex(text, path.name)
        reported = {v.place.line for v in file.violations if v.place}
        starts = {number for number, line in lines.items() if start.match(line)}
        assert reported <= lines.keys(), path.name
        assert starts <= {e.line for e in file.entries} | reported, path.name
        for entry in file.entries:
            assert entry.lines.keys() <= entry.item.keys() - {"id", "type"}
            assert all("=" in lines[number] for number in entry.lines.values()), f"{path.name}: {entry.key}"


@pytest.mark.shared
def test_every_field_of_real_bibliographies_is_in_its_item_or_lost(shared: Path) -> None:
    """What bibtexparser finds in an entry is the measure, not what is read here."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)
    folder = shared / "corpora" / "03-bibliographies" / "bibtex"
    paths = [path for ending in ("*.bib", "*.bibtex", "*.biblatex") for path in folder.rglob(ending)]
    gone = []
    for path in sorted(paths):
        if path.stat().st_size > 1_000_000:
            continue
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        read_here = {entry.key: entry for entry in read_bibtex(text, path.name).entries}
        found = parse_string(text).entries
        for key, entry in read_here.items():
            held = [other for other in found if other.key == key]
            if len(held) == 1:
                fields = {field.key.lower(): str(field.value) for field in reversed(held[0].fields)}
                gone += [(path.name, key, name, fields[name]) for name in unaccounted(fields, entry)]
    assert gone == []


@pytest.mark.shared
def test_the_authors_and_titles_of_a_large_bibliography_hold_no_latex(shared: Path) -> None:
    path = shared / "corpora" / "03-bibliographies" / "bibtex" / "acl-anthology-5mb.bib"
    file = read_bibtex(path.read_text(encoding="utf-8"), path.name)
    assert (len(file.entries), file.violations) == (8686, ())
    left = [e.key for e in file.entries for a in e.item.get("author", ()) if set("{}\\$") & set("".join(a.values()))]
    assert left == []
