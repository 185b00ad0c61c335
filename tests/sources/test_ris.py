"""RIS: every tag ends in the item or among the losses, and what is written is read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.report import Severity
from evidencekb.sources.cleaning import WAS_RETRACTED
from evidencekb.sources.csljson import read_csl, write_csl
from evidencekb.sources.items import TYPES, VARIABLES, Entry, Item
from evidencekb.sources.markup import UNSEEN
from evidencekb.sources.ris import read_ris, unwritten, write_ris
from evidencekb.sources.ristable import CSL_TYPES, RIS_TYPES
from evidencekb.sources.tagged import FORMATS, recognise, split
from evidencekb.testing import csl_items


def read_one(*lines: str, type_: str = "JOUR") -> Entry:
    """The only entry of one record."""
    found = read_ris("\n".join([f"TY  - {type_}", *lines, "ER  - "]), "refs.ris")
    assert found.violations == ()
    (entry,) = found.entries
    return entry


def item_of(*lines: str, type_: str = "JOUR") -> Item:
    """What the lines say beside type and key; nothing of them is lost."""
    entry = read_one(*lines, type_=type_)
    assert [str(loss) for loss in entry.losses] == []
    return {key: value for key, value in entry.item.items() if key not in ("id", "type")}


FULL = """\
TY  - JOUR
ID  - noy2023
AU  - Noy, Shakked
AU  - Zhang, Whitney, Jr.
AU  - World Economic Forum
AU  - et al.
TI  - Experimental evidence on <i>productivity</i>
T2  - Science
J2  - Sci.
PY  - 2023
DA  - 2023/07/13/
VL  - 381
IS  - 6654
SP  - 187
EP  - 192
SN  - 0036-8075
DO  - https://doi.org/10.1126/SCIENCE.adh2586
UR  - https://example.org/a
Y2  - 2026/11/22/
PB  - AAAS
CY  - Washington
LA  - en
KW  - AI
KW  - writing
AB  - We examine
the effects.
N1  - PMID: 37440646
N1  - Read.
ER  -
"""


def test_a_whole_record_is_read_with_its_lines() -> None:
    (entry,) = read_ris(FULL, "refs.ris").entries
    assert entry.item == {
        "id": "noy2023",
        "type": "article-journal",
        "author": [
            {"family": "Noy", "given": "Shakked"},
            {"family": "Zhang", "given": "Whitney", "suffix": "Jr."},
            {"literal": "World Economic Forum"},
            {"literal": "others"},
        ],
        "title": "Experimental evidence on <i>productivity</i>",
        "container-title": "Science",
        "container-title-short": "Sci.",
        "issued": {"date-parts": [[2023, 7, 13]]},
        "accessed": {"date-parts": [[2026, 11, 22]]},
        "volume": "381",
        "issue": "6654",
        "page": "187-192",
        "ISSN": "0036-8075",
        "DOI": "10.1126/science.adh2586",
        "PMID": "37440646",
        "URL": "https://example.org/a",
        "publisher": "AAAS",
        "publisher-place": "Washington",
        "language": "en",
        "keyword": "AI; writing",
        "abstract": "We examine\nthe effects.",
        "note": "Read.",
    }
    assert entry.losses == ()
    assert (entry.key, entry.line) == ("noy2023", 1)
    assert [entry.lines[name] for name in ("type", "author", "title", "issued", "abstract")] == [1, 3, 7, 11, 25]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f"\ufeff{text}",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\nPB", "\n\n\nPB"),
        lambda text: re.sub("  -(?= |$)", " -", text, flags=re.MULTILINE),
        lambda text: re.sub("  - ?", "-", text),
        lambda text: re.sub(r"^(\w\w)  -", r"\1\t-", text, flags=re.MULTILINE),
        lambda text: re.sub(r"^\w\w  -", lambda tag: tag[0].lower(), text, flags=re.MULTILINE),
        lambda text: re.sub(r"^(?=\w\w  -)", "  ", text, flags=re.MULTILINE),
        lambda text: f"1.\n{text}\n\n2.\n",
        lambda text: text.replace("ER  -", "ER  - "),
    ],
)
def test_however_the_lines_are_written_the_record_is_the_same(change: Any) -> None:
    (entry,) = read_ris(change(FULL), "refs.ris").entries
    assert entry.item == read_ris(FULL, "refs.ris").items[0]
    assert entry.losses == ()


def test_a_line_of_a_text_is_no_tag() -> None:
    item = item_of("AB  - Firms in the", "UK - based or not - gained.", "US-based ones did not.")
    assert item == {"abstract": "Firms in the\nUK - based or not - gained.\nUS-based ones did not."}


def test_a_record_without_end_is_read_and_told() -> None:
    found = read_ris("TY  - JOUR\nTI  - A\nTY  - BOOK\nTI  - B\n", "refs.ris")
    assert [item["title"] for item in found.items] == ["A", "B"]
    (violation,) = found.violations
    assert violation.severity is Severity.WARNING
    assert violation.place is not None
    assert violation.place.line == 1
    assert "and 1 more" in violation.message


def test_what_stands_between_records_is_a_loss_of_the_one_before() -> None:
    text = "Provider: X\nTY  - JOUR\nER  - \nNL  - J Psychol\nLink\n\n2.\nTY  - BOOK\nER  - \n"
    first, second = read_ris(text, "refs.ris").entries
    reason = "stands outside of any record"
    assert [(loss.field, loss.value, loss.line, loss.reason) for loss in first.losses] == [
        ("(no tag)", "Provider: X", 1, reason),
        ("NL", "J Psychol\nLink", 4, reason),
    ]
    assert second.losses == ()


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Noy, Shakked", {"family": "Noy", "given": "Shakked"}),
        ("van den Brink, Gertrude", {"family": "van den Brink", "given": "Gertrude"}),
        ("King, Martin Luther, Jr.", {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
        ("Liu R.", {"family": "Liu", "given": "R."}),
        ("van den Ende J.-P. A.", {"family": "van den Ende", "given": "J.-P. A."}),
        ("A. B. Author-One", {"family": "Author-One", "given": "A. B."}),
        ("World Economic Forum", {"literal": "World Economic Forum"}),
        ("Plato", {"literal": "Plato"}),
        ("U.S. Department of Labor", {"literal": "U.S. Department of Labor"}),
        ("OpenAI, Inc.", {"literal": "OpenAI, Inc."}),
        ("World Bank,", {"literal": "World Bank"}),
        ("Department of Labor,, Bureau of Statistics", {"literal": "Department of Labor, Bureau of Statistics"}),
    ],
)
def test_persons_and_bodies(line: str, person: dict[str, str]) -> None:
    assert item_of(f"AU  - {line}") == {"author": [person]}


def test_several_names_in_one_tag_are_several_names() -> None:
    names = [{"family": "Noy", "given": "S."}, {"family": "Zhang", "given": "W."}]
    assert item_of("AU  - Noy, S.; Zhang, W.") == item_of("A1  - Noy, S.", "Zhang, W.") == {"author": names}
    assert item_of("AU  - Smith; Jones and Sons") == {"author": [{"literal": "Smith; Jones and Sons"}]}


@pytest.mark.parametrize(
    ("lines", "issued"),
    [
        (["PY  - 2019"], {"date-parts": [[2019]]}),
        (["PY  - 2019///"], {"date-parts": [[2019]]}),
        (["Y1  - 2019/03/12/"], {"date-parts": [[2019, 3, 12]]}),
        (["PY  - 2019///Spring"], {"date-parts": [[2019]], "season": 1}),
        (["PY  - 2019", "DA  - 2019/03//"], {"date-parts": [[2019, 3]]}),
        (["DA  - JUN 19", "PY  - 2018"], {"date-parts": [[2018, 6, 19]]}),
        (["PY  - 2017", "Y1  - Mar. 2017"], {"date-parts": [[2017, 3]]}),
        (["PY  - 2016", "C1  - Full publication date: July-August 2016"], {"date-parts": [[2016, 7], [2016, 8]]}),
        (["PY  - 2019-2020"], {"date-parts": [[2019], [2020]]}),
        (["PY  - 2021-05-04T10:00:00Z"], {"date-parts": [[2021, 5, 4]]}),
        (["DA  - ///forthcoming"], {"literal": "forthcoming"}),
        (["DA  - 2020///circa"], {"date-parts": [[2020]], "circa": True}),
    ],
)
def test_the_most_exact_date_counts(lines: list[str], issued: dict[str, Any]) -> None:
    assert item_of(*lines) == {"issued": issued}


@pytest.mark.parametrize(
    ("lines", "issued", "loss"),
    [
        (["DA  - 2019/10//undefined"], [[2019, 10]], "DA = 'undefined': no part of a date"),
        (["PY  - 2019", "DA  - 2018/01/02"], [[2019]], "DA = '2018/01/02': issued has another date"),
        (["PY  - 2019", "DA  - soon"], [[2019]], "DA = 'soon': no date"),
        (["PY  - 2019/13//"], [[2019]], "PY = '13': no part of a date"),
    ],
)
def test_what_is_no_date_is_a_loss(lines: list[str], issued: Any, loss: str) -> None:
    entry = read_one(*lines)
    assert entry.item["issued"] == {"date-parts": issued}
    assert [str(each) for each in entry.losses] == [loss]


@pytest.mark.parametrize(
    ("type_", "lines", "item"),
    [
        ("CASE", ["TI  - A v. B", "T2  - F. Supp. 3d", "VL  - 12", "SP  - 34", "PB  - N.D. Cal.", "SV  - 3:23-cv-1"],
         {"title": "A v. B", "container-title": "F. Supp. 3d", "volume": "12", "page": "34", "authority": "N.D. Cal.",
          "number": "3:23-cv-1"}),
        ("STAT", ["TI  - Act", "T2  - U.S.C.", "VL  - 42", "SE  - 2000e", "M1  - P.L. 88-352"],
         {"title": "Act", "container-title": "U.S.C.", "volume": "42", "section": "2000e", "number": "P.L. 88-352"}),
        ("BILL", ["T3  - Senate", "M1  - S. 2"], {"authority": "Senate", "number": "S. 2"}),
        ("HEAR", ["T2  - Committee on Labor", "T3  - Senate"], {"section": "Committee on Labor", "authority": "Senate"}),
        ("RPRT", ["T2  - Working Papers", "SN  - WP 31161", "PB  - NBER", "M3  - Working paper"],
         {"collection-title": "Working Papers", "number": "WP 31161", "publisher": "NBER", "genre": "Working paper"}),
        ("RPRT", ["SN  - 0036-8075", "M1  - 7"], {"ISSN": "0036-8075", "number": "7"}),
        ("THES", ["PB  - MIT", "T2  - Economics", "A3  - Autor, D.", "SP  - 150", "M3  - Ph.D."],
         {"publisher": "MIT", "division": "Economics", "contributor": [{"family": "Autor", "given": "D."}],
          "number-of-pages": "150", "genre": "Ph.D."}),
        ("BOOK", ["BT  - The book", "T2  - The series", "A2  - Noy, S.", "SP  - 20", "SN  - 978-0-306-40615-7"],
         {"title": "The book", "collection-title": "The series", "editor": [{"family": "Noy", "given": "S."}],
          "number-of-pages": "20", "ISBN": "978-0-306-40615-7"}),
        ("BOOK", ["A2  - Zhang, W.", "A3  - Noy, S."],
         {"editor": [{"family": "Noy", "given": "S."}], "collection-editor": [{"family": "Zhang", "given": "W."}]}),
        ("CHAP", ["BT  - The book", "T3  - The series", "A2  - Noy, S.", "SE  - 3", "SP  - 20"],
         {"container-title": "The book", "collection-title": "The series", "editor": [{"family": "Noy", "given": "S."}],
          "chapter-number": "3", "page": "20"}),
        ("CONF", ["T2  - The book", "CY  - Bern"], {"container-title": "The book", "publisher-place": "Bern"}),
        ("CPAPER", ["T2  - The conference", "C3  - The book", "C1  - New York", "CY  - Bern"],
         {"event-title": "The conference", "container-title": "The book", "publisher-place": "New York",
          "event-place": "Bern"}),
        ("CONF", ["PY  - 2020", "Y1  - 4-8 Aug. 2020"],
         {"issued": {"date-parts": [[2020]]}, "event-date": {"date-parts": [[2020, 8, 4], [2020, 8, 8]]}}),
        ("COMP", ["ET  - 2.1"], {"version": "2.1"}),
        ("DATA", ["ET  - 2", "DP  - Zenodo"], {"version": "2", "source": "Zenodo"}),
        ("PAT", ["SN  - US 1,234", "A2  - U.S. Patent Office", "M1  - 11/222"],
         {"number": "US 1,234", "authority": "U.S. Patent Office", "call-number": "11/222"}),
        ("JOUR", ["JO  - Nature", "JA  - Nat."], {"container-title": "Nature", "container-title-short": "Nat."}),
        ("JOUR", ["JF  - Nature", "JO  - Nat."], {"container-title": "Nature", "container-title-short": "Nat."}),
        ("JOUR", ["C7  - 1175856"], {"page": "1175856"}),
        ("JOUR", ["C2  - PMC5938574"], {"PMCID": "PMC5938574"}),
        ("JOUR", ["DB  - Embase", "C5  - 15368318"], {"archive": "Embase", "PMID": "15368318"}),
        ("JOUR", ["AN  - arXiv:2303.10130"], {"custom": {"arxiv": "2303.10130"}}),
        ("JOUR", ["L2  - http://dx.doi.org/10.1000/X"], {"DOI": "10.1000/x"}),
        ("JOUR", ["L2  - https://example.org/a"], {"URL": "https://example.org/a"}),
        ("JOUR", ["SP  - 1-5"], {"page": "1-5"}),
        ("JOUR", ["SP  - 5", "EP  - 5"], {"page": "5"}),
        ("JOUR", ["TI  - A", "ST  - A"], {"title": "A"}),
        ("JOUR", ["KW  - Nurses, older", "Workers"], {"keyword": "Nurses, older; Workers"}),
        ("JOUR", ["N1  - <p>One</p>", "RN  - Two"], {"note": "One\nTwo"}),
    ],
)  # fmt: skip
def test_a_tag_means_what_it_means_in_its_type(type_: str, lines: list[str], item: Item) -> None:
    assert item_of(*lines, type_=type_) == item


@pytest.mark.parametrize(
    ("lines", "losses"),
    [
        (["UK  - x"], ["UK = 'x': no variable of CSL"]),
        (["AD  - Bern", "U1  - mine"], ["AD = 'Bern': the address of an author", "U1 = 'mine': a user's own field"]),
        (["PB  - Sage", "PB  - US"], ["PB = 'US': publisher has another value"]),
        (["SN  - 0894-9867; 1532-3950"], ["SN = '1532-3950': ISSN is one number"]),
        (["SN  - none"], ["SN = 'none': neither ISSN nor ISBN"]),
        (["SP  - No", "EP  - Specified"], ["SP = 'No': no pages", "EP = 'Specified': no pages"]),
        (["SP  - 1", "EP  - 5", "SP  - 9"], ["SP = '9': page has another value"]),
        (["UR  - javascript:alert(1)"], ["UR = 'javascript:alert(1)': no URL"]),
        (["UR  - http://a.org; http://b.org"], ["UR = 'http://b.org': URL has another value"]),
        (["L1  - paper.pdf"], ["L1 = 'paper.pdf': a file beside the work"]),
        (["M1  - 7"], ["M1 = '7': no variable of CSL"]),
        (["ER  - End"], ["ER = 'End': no variable of CSL"]),
        (["AB  - One.", "N2  - Two."], ["N2 = 'Two.': abstract has another value"]),
    ],
)
def test_what_an_item_cannot_hold_is_a_loss_with_its_line(lines: list[str], losses: list[str]) -> None:
    entry = read_one(*lines)
    assert [str(loss) for loss in entry.losses] == losses
    assert entry.losses[-1].line == len(lines) + 1


def test_a_type_that_nobody_knows_is_a_loss() -> None:
    entry = read_one(type_="QUILT")
    assert (entry.item["type"], [str(loss) for loss in entry.losses]) == ("document", ["TY = 'QUILT': no type of RIS"])


def test_unpublished_works_that_say_so_are_preprints() -> None:
    assert read_one("M3  - Preprint", type_="UNPB").item["type"] == "article"
    assert read_one("M3  - Letter", type_="UNPB").item["type"] == "manuscript"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@article{a, title = {T}}", "BibTeX"),
        ('<?xml version="1.0"?>', "XML"),
        ('[{"type": "book"}]', "JSON"),
        ("RT Journal Article\nT1 A", "RefWorks Tagged Format"),
        ("<1>\nTitle\n  A", "Ovid's own format"),
        ("Title,Authors,Year\nA,B,2020", "a table (CSV)"),
        ("Dear reader", "no records"),
        ("", "no records"),
    ],
)
def test_another_format_is_refused_by_its_name(text: str, name: str) -> None:
    found = read_ris(text, "refs.ris")
    assert found.entries == ()
    (violation,) = found.violations
    assert (violation.code, violation.severity) == ("EKB501", Severity.ERROR)
    assert name in violation.message


NBIB = """
PMID- 37440646
OWN - NLM
DP  - 2023 Jul 13
TI  - Experimental evidence on the
      productivity effects.
PG  - 187-192
LID - 10.1126/science.adh2586 [doi]
FAU - Noy, Shakked
AU  - Noy S
CN  - AI Group
LA  - eng
PT  - Journal Article
PT  - Randomized Controlled Trial
JT  - Science
TA  - Science
IS  - 1095-9203 (Electronic)
MH  - Humans
PMC - PMC123456

PMID- 2
TI  - Another.
"""


def test_nbib_is_read() -> None:
    first, second = read_ris(NBIB, "pubmed.nbib").entries
    assert first.item == {
        "id": "", "type": "article-journal", "title": "Experimental evidence on the productivity effects",
        "author": [{"family": "Noy", "given": "Shakked"}, {"literal": "AI Group"}], "container-title": "Science",
        "container-title-short": "Science", "issued": {"date-parts": [[2023, 7, 13]]}, "page": "187-192",
        "DOI": "10.1126/science.adh2586", "PMID": "37440646", "PMCID": "PMC123456", "ISSN": "1095-9203",
        "language": "eng", "keyword": "Humans", "genre": "Randomized Controlled Trial",
    }  # fmt: skip
    assert [str(loss) for loss in first.losses] == ["OWN = 'NLM': no variable of CSL"]
    assert (first.line, first.lines["title"], second.item["PMID"]) == (2, 5, "2")


@pytest.mark.parametrize(
    ("tag", "value", "words"),
    [
        ("PT", "Retracted Publication", "the record says that it was retracted: ask `evidencekb standing`"),
        ("RIN", "Science. 2024;1:1", "the record says that it was retracted there: ask `evidencekb standing`"),
        ("EIN", "Science. 2024;1:1", "the record says that it was corrected there: ask `evidencekb standing`"),
        ("EFR", "Science. 2022;1:1", "it corrects this other work"),
        ("CIN", "Science. 2024;1:1", "a comment on it"),
        ("RPI", "Science. 2024;1:1", "the record says that it was published again there"),
    ],
)
def test_what_nbib_says_of_the_standing_of_a_work_is_told(tag: str, value: str, words: str) -> None:
    (entry,) = read_ris(f"PMID- 2\nTI  - A\nPT  - Journal Article\n{tag.ljust(4)}- {value}\n", "a.nbib").entries
    assert entry.item == {"id": "", "type": "article-journal", "title": "A", "PMID": "2"}
    assert [str(loss) for loss in entry.losses] == [f"{tag} = {value!r}: {words}"]


def test_a_sort_of_work_that_says_nothing_of_its_standing_stays_its_genre() -> None:
    (entry,) = read_ris("PMID- 2\nTI  - A\nPT  - Retraction of Publication\n", "a.nbib").entries
    assert (entry.item["genre"], entry.losses) == ("Retraction of Publication", ())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("TY  - JOUR\nTI  - A\nM3  - Retracted Publication\nER  - \n", "M3"),
        ("FN Clarivate\nVR 1.0\nPT J\nTI A\nDT Article; Retracted Publication\nER\n", "DT"),
        ("%0 Journal Article\n%T A\n%9 Retracted\n", "%9"),
    ],
)
def test_that_a_work_was_retracted_never_becomes_its_genre(text: str, field: str) -> None:
    (entry,) = read_ris(text, "refs").entries
    assert "genre" not in entry.item
    assert [(loss.field, loss.reason) for loss in entry.losses] == [(field, WAS_RETRACTED)]


def test_characters_that_cannot_be_seen_are_taken_out_and_told() -> None:
    (entry,) = read_ris(
        "TY  - JOUR\nTI  - Gro\u202ewth\x00\nUR  - https://example.org/\u2066a\nER  - \n", "a.ris"
    ).entries
    assert (entry.item["title"], entry.item["URL"]) == ("Growth", "https://example.org/a")
    assert [str(loss) for loss in entry.losses] == [f"TI = 'U+202E, U+0000': {UNSEEN}", f"UR = 'U+2066': {UNSEEN}"]


WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Noy, S
   Zhang, W
AF Noy, Shakked
   Zhang, Whitney
TI Experimental evidence
   on productivity
SO SCIENCE
DE AI; writing
PD JUL 13
PY 2023
VL 381
BP 187
EP 192
DI 10.1126/science.adh2586
UT WOS:001
PM 37440646
TC 5
ER

PT C
AU Doe, J
TI A paper
SO PROCEEDINGS
CT CHI
CL Bern
PI NEW YORK
ER

EF
"""


def test_web_of_science_is_read() -> None:
    article, paper = read_ris(WOS, "savedrecs.txt").entries
    assert article.item == {
        "id": "", "type": "article-journal", "title": "Experimental evidence on productivity",
        "author": [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "Whitney"}],
        "container-title": "SCIENCE", "keyword": "AI; writing", "issued": {"date-parts": [[2023, 7, 13]]},
        "volume": "381", "page": "187-192", "DOI": "10.1126/science.adh2586", "PMID": "37440646",
        "archive_location": "WOS:001",
    }  # fmt: skip
    assert [str(loss) for loss in article.losses] == ["TC = '5': no variable of CSL"]
    assert paper.item == {
        "id": "", "type": "paper-conference", "title": "A paper", "author": [{"family": "Doe", "given": "J"}],
        "container-title": "PROCEEDINGS", "event-title": "CHI", "event-place": "Bern", "publisher-place": "NEW YORK",
    }  # fmt: skip


ENDNOTE = """%0 Book
%A Noy, Shakked
%T A book
%I MIT Press
%D 2021
%@ 978-0-306-40615-7
%1 mine

%T An article
%A Zhang, Whitney
%J Science
%8 September  1, 2021
%X One.

Two.
%U https://example.org/a
"""


def test_endnote_is_read() -> None:
    book, article = read_ris(ENDNOTE, "data.enl").entries
    assert book.item == {
        "id": "", "type": "book", "title": "A book", "author": [{"family": "Noy", "given": "Shakked"}],
        "publisher": "MIT Press", "issued": {"date-parts": [[2021]]}, "ISBN": "978-0-306-40615-7",
    }  # fmt: skip
    assert [str(loss) for loss in book.losses] == ["%1 = 'mine': no variable of CSL"]
    assert article.item == {
        "id": "", "type": "article-journal", "title": "An article", "author": [{"family": "Zhang", "given": "Whitney"}],
        "container-title": "Science", "issued": {"date-parts": [[2021, 9, 1]]}, "abstract": "One.\nTwo.",
        "URL": "https://example.org/a",
    }  # fmt: skip
    assert article.line == 9


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        ({"type": "book", "editor": [{"family": "Noy", "given": "S."}], "page": "12"},
         ["TY  - BOOK", "A3  - Noy, S.", "SP  - 12", "EP  - 12"]),
        ({"type": "legal_case", "authority": "N.D. Cal.", "number": "3:23-cv-1"},
         ["TY  - CASE", "PB  - N.D. Cal.", "SV  - 3:23-cv-1"]),
        ({"type": "article", "genre": "Preprint", "custom": {"arxiv": "2303.10130"}},
         ["TY  - UNPB", "M3  - Preprint", "N1  - arXiv: 2303.10130"]),
        ({"type": "paper-conference", "container-title": "Book", "event-title": "CHI"},
         ["TY  - CONF", "C3  - Book", "T2  - CHI"]),
        ({"type": "report", "author": [{"literal": "Labor, Bureau of"}, {"literal": "others"}]},
         ["TY  - RPRT", "AU  - Labor,, Bureau of", "AU  - et al."]),
        ({"type": "webpage", "issued": {"date-parts": [[2021], [2022]]}, "abstract": "A.\nER  - x"},
         ["TY  - ELEC", "PY  - 2021", "DA  - 2021///2021/2022", "AB  - A.", "AB  - ER - x"]),
    ],
)  # fmt: skip
def test_items_are_written_as_reference_managers_read_them(item: Item, lines: list[str]) -> None:
    assert write_ris([{"id": ""} | item]) == "".join(f"{line}\r\n" for line in [*lines, "ER  - ", ""])


def test_what_ris_cannot_hold_is_told() -> None:
    item: Item = {
        "id": "a",
        "type": "review",
        "title": "T",
        "author": [{"family": "Plato"}],
        "original-date": {"date-parts": [[1990]]},
    }
    assert [str(loss) for loss in unwritten(item)] == [
        "type = 'review': comes back as 'article-journal'",
        'author = \'[{"family": "Plato"}]\': comes back as \'[{"literal": "Plato"}]\'',
        "original-date = '{\"date-parts\": [[1990]]}': RIS has no tag for it in this type",
    ]


def test_another_spelling_of_an_identifier_is_no_loss() -> None:
    item: Item = {
        "id": "a",
        "type": "article-journal",
        "DOI": "10.1126/SCIENCE.ADH2586",
        "PMCID": "pmc10337234",
        "custom": {"arxiv": "math.GT/0309136"},
    }
    assert unwritten(item) == ()
    assert read_ris(write_ris([item]), "").items[0]["DOI"] == "10.1126/science.adh2586"
    (loss,) = unwritten(item | {"DOI": "10.1126/science.adh2586 and more"})
    assert loss.field == "DOI"


ALWAYS = ("title", "issued", "accessed", "volume", "abstract", "keyword", "language", "note", "DOI", "URL", "ISSN", "ISBN",
          "PMID", "PMCID", "custom", "page")  # fmt: skip
EXACT = sorted(type_ for type_ in TYPES if CSL_TYPES[RIS_TYPES[type_]] == type_)


@given(csl_items(types=EXACT, variables=ALWAYS))
def test_what_every_type_has_a_tag_for_comes_back(item: Item) -> None:
    found = read_ris(write_ris([item]), "refs.ris")
    assert found.items == (item,)
    assert found.entries[0].losses == ()


@given(st.lists(csl_items(), max_size=4))
def test_what_is_written_comes_back_but_for_what_is_told(items: list[Item]) -> None:
    found = read_ris(write_ris(items), "refs.ris").items if items else ()
    assert len(found) == len(items)
    for item, back in zip(items, found, strict=True):
        assert back.keys() <= item.keys()
        told = {loss.field for loss in unwritten(item)}
        assert {name: value for name, value in item.items() if name not in told}.items() <= back.items()
        # Read again, a record says what it said.
        assert read_ris(write_ris([back]), "refs.ris").items == (back,)


def test_every_type_is_written_as_one_that_is_read() -> None:
    assert RIS_TYPES.keys() == TYPES
    assert set(CSL_TYPES.values()) <= TYPES
    assert set(RIS_TYPES.values()) <= CSL_TYPES.keys()
    assert len(EXACT) > 30


TAGS = st.sampled_from(["TY", "ER", "TI", "AU", "PY", "DA", "SP", "EP", "SN", "N1", "KW", "C3", "M1", "XX"])


@given(st.lists(st.tuples(TAGS, st.text(max_size=12)), max_size=12))
def test_any_lines_give_items_or_violations(lines: list[tuple[str, str]]) -> None:
    found = read_ris("".join(f"{tag}  - {value}\n" for tag, value in lines), "refs.ris")
    for item in found.items:
        assert item.keys() <= VARIABLES
        assert all(value for name, value in item.items() if name != "id")


@pytest.mark.timeout(120)
def test_a_large_file_is_read_to_its_end() -> None:
    text = FULL.replace("the effects.", "the effects of assistants on writers.\n" * 40) * 3000
    assert len(read_ris(text, "refs.ris").entries) == 3000


def words(text: str) -> set[str]:
    """What can be compared of a text: its words, markup and the places of DOIs left out."""
    text = re.sub(r"</?p>|https?://(?:dx\.)?doi\.org/", " ", text)
    return {word.lstrip("0") for word in re.findall(r"[^\W_]+", text.casefold())}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield str(value)


MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
          "nov": 11, "dec": 12, "win": 4}  # fmt: skip


def months_as_numbers(text: str) -> str:
    text = text.removeprefix("Full publication date:")
    return re.sub(r"[A-Za-z]{3,}\.?", lambda word: f" {MONTHS.get(word[0][:3].lower(), word[0])} ", text)


@pytest.mark.shared
def test_every_tag_of_every_file_is_accounted_for(shared: Path) -> None:
    files = sorted((shared / "corpora" / "03-bibliographies" / "ris").iterdir())
    assert len(files) >= 16
    for path in files:
        text = path.read_bytes().decode("utf-8")
        found = read_ris(text, path.name)
        form = recognise(text)
        assert form in FORMATS
        assert found.violations == ()
        if form == "ris":
            assert len(found.entries) == len(re.findall(r"^\ufeff?TY  - ", text, re.MULTILINE)), path.name
        for record, entry in zip(split(text, form), found.entries, strict=True):
            held = set().union(*(words(each) for each in texts(entry.item)))
            lost = {loss.line for loss in entry.losses}
            for each in (*record.fields, *record.stray):
                said = months_as_numbers(each.value) if each.tag in ("DA", "Y1", "C1", "8") else each.value
                typed = (each.tag in ("TY", "0") and entry.item["type"] != "document") or each.value == "GEN"
                assert typed or each.line in lost or words(said) <= held, (path.name, each)


@pytest.mark.shared
def test_every_work_of_every_file_comes_back(shared: Path) -> None:
    for path in sorted((shared / "corpora" / "03-bibliographies" / "ris").iterdir()):
        items = read_ris(path.read_bytes().decode("utf-8"), path.name).items
        assert read_csl(write_csl(items), "refs.json").items == items
        for item, back in zip(items, read_ris(write_ris(items), "refs.ris").items, strict=True):
            told = {loss.field for loss in unwritten(item)}
            assert told <= {"event-date"}, (path.name, unwritten(item))
            assert back == {name: value for name, value in item.items() if name not in told}
