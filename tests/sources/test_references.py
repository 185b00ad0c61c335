from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.model import Source
from evidencekb.sources.references import address, csl, label, reference_text, short_names, year
from evidencekb.vocab import SourceKind

NOY = {
    "id": "noy2023experimental",
    "kind": "journal_article",
    "title": "Experimental evidence on the productivity effects of generative artificial intelligence",
    "authors": [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "Whitney"}],
    "published_on": "2023-07-13",
    "container": "Science",
    "publisher": "AAAS",
    "volume": "381",
    "issue": "6654",
    "pages": "187-192",
    "doi": "10.1126/science.adh2586",
}


def people(*names: str) -> list[dict[str, str]]:
    return [{"family": family, "given": given} for family, given in (name.split(", ") for name in names)]


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ([], ""),
        (people("Noy, Shakked"), "Noy"),
        (people("Noy, Shakked", "Zhang, Whitney"), "Noy & Zhang"),
        (people("Kline, Patrick", "Rose, Evan", "Walters, Christopher"), "Kline et al."),
        ([{"literal": "World Economic Forum"}], "World Economic Forum"),
        ([{"family": "Kline"}, {"literal": "others"}], "Kline et al."),
    ],
)
def test_short_names_are_those_of_a_byline(authors: list[dict[str, str]], names: str) -> None:
    assert short_names({"authors": authors}) == names


@pytest.mark.parametrize(
    ("source", "byline"),
    [
        (NOY, "Noy & Zhang, Science 381(6654)"),
        ({**NOY, "label": "Noy and Zhang in Science"}, "Noy and Zhang in Science"),
        (
            {"id": "a", "authors": [{"literal": "EEOC"}], "publisher": "EEOC", "title": "A settlement"},
            "EEOC, A settlement",
        ),
        ({"id": "a", "authors": people("Doe, Jane"), "publisher": "NBER", "title": "Work"}, "Doe, NBER"),
        ({"id": "a", "container": "The Paper", "title": "News"}, "The Paper"),
        ({"id": "a", "title": "A page"}, "A page"),
        ({"id": "a", "url": "https://example.org"}, "a"),
    ],
)
def test_the_label_is_names_and_place_else_the_title(source: dict[str, Any], byline: str) -> None:
    assert label(source) == byline


@pytest.mark.parametrize(
    ("published_on", "expected"),
    [("2023", "2023"), ("2023-07-13", "2023"), ("2022-12/2023-01", "2022"), ("2023~", "2023"), ("../2020", "2020"),
     (None, None), ("202X", None)],
)  # fmt: skip
def test_the_year_is_the_first_one_of_the_date(published_on: str | None, expected: str | None) -> None:
    assert year({"published_on": published_on}) == expected


FULL: dict[str, tuple[dict[str, Any], str]] = {
    "journal_article": (
        NOY,
        ("Noy S, Zhang W (2023). Experimental evidence on the productivity effects of generative artificial "
         "intelligence. Science 381(6654), 187-192. doi:10.1126/science.adh2586"),
    ),
    "conference_paper": (
        {"title": "Is it fair?", "authors": people("Wilson, Christo"), "published_on": "2021", "pages": "666-677",
         "container": "FAccT '21", "publisher": "ACM"},
        "Wilson C (2021). Is it fair? FAccT '21, 666-677.",
    ),
    "preprint": (
        {"title": "GPTs are GPTs", "authors": people("Eloundou, Tyna"), "published_on": "2023-03", "arxiv": "2303.10130v5",
         "version": "5"},
        "Eloundou T (2023). GPTs are GPTs. Version 5. arXiv:2303.10130v5",
    ),
    "working_paper": (
        {"title": "Generative AI at Work", "authors": people("Brynjolfsson, Erik"), "published_on": "2023",
         "publisher": "NBER", "number": "31161", "url": "https://example.org/w31161"},
        "Brynjolfsson E (2023). Generative AI at Work. NBER. No. 31161. https://example.org/w31161",
    ),
    "book": (
        {"title": "A chapter", "authors": people("Doe, Jane-Ann B."), "published_on": "2020", "container": "The book",
         "publisher": "Press Inc.", "pages": "1-20", "isbn": "0-306-40615-2"},
        "Doe JAB (2020). A chapter. The book, 1-20. Press Inc. ISBN 0-306-40615-2",
    ),
    "thesis": (
        {"title": "On work", "authors": people("Roe, Ann"), "published_on": "2019", "publisher": "A University"},
        "Roe A (2019). On work. A University.",
    ),
    "report": (
        {"title": "Future of Jobs Report 2025", "authors": [{"literal": "World Economic Forum"}],
         "publisher": "World Economic Forum", "published_on": "2025-01-07", "url": "https://example.org/foj"},
        "World Economic Forum (2025). Future of Jobs Report 2025. https://example.org/foj",
    ),
    "official_statistics": (
        {"title": "Data Scientists", "publisher": "Bureau of Labor Statistics", "published_on": "2025-08-28"},
        "Data Scientists (2025). Bureau of Labor Statistics.",
    ),
    "legal_decision": (
        {"title": "Mobley v. Workday, Inc.", "publisher": "N.D. Cal.", "published_on": "2024-07-12",
         "docket": "3:23-cv-00770"},
        "Mobley v. Workday, Inc. (2024-07-12). N.D. Cal. 3:23-cv-00770.",
    ),
    "legal_filing": (
        {"title": "Complaint", "authors": [{"literal": "ACLU"}], "published_on": "2024-05-30"},
        "ACLU (2024-05-30). Complaint.",
    ),
    "legislation": (
        {"title": "Local Law 144", "publisher": "New York City", "published_on": "2021-12-11", "number": "Int 1894-2020"},
        "Local Law 144 (2021). New York City. Int 1894-2020.",
    ),
    "dataset": (
        {"title": "Replication files", "authors": people("Noy, Shakked"), "doi": "10.5281/zenodo.1"},
        "Noy S. Replication files. doi:10.5281/zenodo.1",
    ),
    "press_release": (
        {"title": "iTutorGroup to pay", "authors": [{"literal": "EEOC"}], "published_on": "2023-09-11"},
        "EEOC (2023-09-11). iTutorGroup to pay.",
    ),
    "news_article": (
        {"title": "Who is hired?", "authors": people("Yin, Leon"), "container": "Bloomberg", "publisher": "Bloomberg L.P.",
         "published_on": "2024-03-07", "url": "https://example.org/a"},
        "Yin L (2024-03-07). Who is hired? Bloomberg. https://example.org/a",
    ),
    "blog_post": (
        {"title": "Wait…", "container": "A blog", "published_on": "2026-02"},
        "Wait… (2026-02). A blog.",
    ),
    "web_page": (
        {"url": "https://example.org/page", "accessed_on": "2026-11-22"},
        "key. https://example.org/page (seen 2026-11-22)",
    ),
}  # fmt: skip


def test_every_kind_has_a_reference_in_the_examples() -> None:
    assert FULL.keys() == set(SourceKind)


@pytest.mark.parametrize("kind", FULL)
def test_the_reference_says_what_the_source_has(kind: str) -> None:
    source, text = FULL[kind]
    assert reference_text({"id": "key", "kind": kind, **source}) == text


def test_a_long_list_of_authors_is_cut() -> None:
    authors = [{"family": f"Author{n}"} for n in range(12)]
    assert reference_text({"id": "a", "title": "T", "authors": authors}) == (
        "Author0, Author1, Author2, Author3, Author4, Author5, Author6, Author7, Author8, Author9, et al. T."
    )


def test_a_source_without_a_title_goes_by_its_label_or_id() -> None:
    assert reference_text({"id": "a", "label": "A page"}) == "A page."
    assert reference_text({"id": "a", "title": None, "pmid": "37440646"}) == "a. PMID 37440646"
    assert reference_text({}) == "untitled source."


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (
            {"doi": "10.1126/a", "arxiv": "2303.10130", "url": "https://example.org", "pmid": "1"},
            "https://doi.org/10.1126/a",
        ),
        ({"arxiv": "2303.10130", "url": "https://example.org", "pmid": "1"}, "https://arxiv.org/abs/2303.10130"),
        ({"url": "https://example.org", "pmid": "1"}, "https://example.org"),
        ({"url": "javascript:alert(1)", "pmid": "1"}, "https://pubmed.ncbi.nlm.nih.gov/1"),
        ({"isbn": "9780306406157"}, None),
    ],
)
def test_the_address_is_the_most_lasting_one(source: dict[str, str], place: str | None) -> None:
    assert address(source) == place


def test_csl_has_all_that_is_known_of_an_article() -> None:
    assert csl({**NOY, "accessed_on": "2026-11", "url": "https://example.org/a", "pmid": "37440646"}) == {
        "id": "noy2023experimental",
        "type": "article-journal",
        "title": "Experimental evidence on the productivity effects of generative artificial intelligence",
        "container-title": "Science",
        "publisher": "AAAS",
        "volume": "381",
        "issue": "6654",
        "page": "187-192",
        "DOI": "10.1126/science.adh2586",
        "PMID": "37440646",
        "author": [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "Whitney"}],
        "issued": {"date-parts": [[2023, 7, 13]]},
        "accessed": {"date-parts": [[2026, 11]]},
        "URL": "https://example.org/a",
    }


@pytest.mark.parametrize(
    ("date", "issued"),
    [
        ("2023", {"date-parts": [[2023]]}),
        ("2022-12/2023-01", {"date-parts": [[2022, 12], [2023, 1]]}),
        ("2023~", {"date-parts": [[2023]], "circa": True}),
        ("202X", {"literal": "202X"}),
        ("../2020", {"literal": "../2020"}),
    ],
)
def test_csl_dates_are_numbers_or_literal(date: str, issued: dict[str, Any]) -> None:
    assert csl({"id": "a", "kind": "report", "published_on": date}) == {"id": "a", "type": "report", "issued": issued}


@pytest.mark.parametrize(
    ("source", "item"),
    [
        ({"kind": "legal_decision", "publisher": "N.D. Cal.", "docket": "3:23-cv-00770"},
         {"type": "legal_case", "authority": "N.D. Cal.", "number": "3:23-cv-00770"}),
        ({"kind": "book", "container": "The book", "pages": "1-20"},
         {"type": "chapter", "container-title": "The book", "page": "1-20"}),
        ({"kind": "working_paper", "number": "31161"}, {"type": "report", "genre": "Working paper", "number": "31161"}),
        ({"kind": "preprint", "arxiv": "2303.10130v2", "number": "WP 7"},
         {"type": "article", "genre": "Preprint", "number": "WP 7", "custom": {"arxiv": "2303.10130v2"},
          "URL": "https://arxiv.org/abs/2303.10130v2"}),
        ({"kind": "press_release", "url": "javascript:alert(1)"}, {"type": "webpage", "genre": "Press release"}),
    ],
)  # fmt: skip
def test_csl_follows_the_kind(source: dict[str, str], item: dict[str, str]) -> None:
    assert csl({"id": "a", **source}) == {"id": "a", **item}


@pytest.mark.shared
def test_csl_types_and_variables_are_those_of_the_standard(shared: Path) -> None:
    known: set[str] = set()
    used: set[str] = set()
    for path in (shared / "corpora" / "03-bibliographies" / "csljson").rglob("*.json"):
        if path.name.startswith("deep-review"):
            items = json.loads(path.read_text(encoding="utf-8"))
            known |= {item["type"] for item in items}
            used |= {key for item in items for key in item}
    assert {
        csl({"kind": kind})["type"] for kind in ("journal_article", "book", "report", "thesis", "web_page")
    } <= known
    assert csl(NOY).keys() <= used


FIELDS = ["title", "published_on", "container", "publisher", "volume", "issue", "pages", "label", "doi", "url", "version",
          "docket", "number", "isbn", "arxiv", "pmid"]  # fmt: skip
TEXT = st.text(alphabet="abN 1-?é.", min_size=1, max_size=8).map(lambda t: t.strip(" .")).filter(bool)
AUTHOR = st.fixed_dictionaries({"literal": TEXT}) | st.fixed_dictionaries({"family": TEXT}, optional={"given": TEXT})


@given(
    st.fixed_dictionaries(
        {"id": st.just("key"), "kind": st.sampled_from(sorted(SourceKind))},
        optional={field: TEXT | st.none() for field in FIELDS} | {"authors": st.lists(AUTHOR, max_size=4)},
    )
)
def test_any_source_has_a_reference_without_holes(source: dict[str, Any]) -> None:
    text = reference_text(source)
    assert text.strip() == text != ""
    held = " ".join(str(value) for value in source.values())
    assert "None" not in text
    assert ".." in held or ".." not in text
    assert "  " not in text
    assert " ." not in text or " ." in held
    assert label(source)
    assert None not in csl(source).values()


def test_a_source_written_as_plain_data_can_be_referred_to() -> None:
    plain = Source.model_validate(NOY | {"vendor": "independent"}).model_dump(
        mode="json", exclude_defaults=True, by_alias=True
    )
    assert reference_text(plain) == FULL["journal_article"][1]


def test_references_are_made_without_the_models_and_the_parser() -> None:
    code = "import evidencekb.sources.references, sys; print([m for m in ('pydantic', 'bibtexparser') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
