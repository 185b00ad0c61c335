"""Pages say of themselves what they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evidencekb import ids
from evidencekb.sources.items import VARIABLES
from evidencekb.sources.markup import UNSEEN
from evidencekb.sources.services.pages import Head, entry, facts

URL = "https://example.org/report"
AGENCY = """<!DOCTYPE html>
<html lang="en"><head>
<!-- <meta name="citation_title" content="In a comment"> -->
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pots &amp; pans in 2025 | Example Agency</title>
<meta property="og:site_name" content="Example Agency">
<meta property="og:title" content="Pots &amp; pans in 2025">
<meta property="og:image" content="https://example.org/a.png">
<meta property="article:published_time" content="2025-03-04T09:00:00+01:00">
<meta name="author" content="Josiah Carberry">
<meta name="description" content='How many "pots" there > are.'>
<meta name="section" content="Kitchen">
<link rel="canonical" href="https://example.org/report">
<script type="application/ld+json">{"@type": "Person", "name": "Nobody"}</script>
<script>var a = "<meta name='citation_title' content='In a script'>";</script>
</head><body><svg><title>An icon</title></svg></body></html>"""
ARTICLE = """<html><head>
<meta name="citation_title" content="Cracks in amphorae">
<meta name="citation_author" content="Carberry, Josiah"><meta name="citation_author" content="Doe, Jane">
<meta name="citation_author_institution" content="Example University">
<meta name="citation_journal_title" content="Journal of Psychoceramics">
<meta name="citation_publisher" content="Example Press">
<meta name="citation_publication_date" content="2021/4/2">
<meta name="citation_volume" content="5"><meta name="citation_firstpage" content="3">
<meta name="citation_lastpage" content="9"><meta name="citation_doi" content="doi:10.5555/psy.1">
<meta name="citation_pdf_url" content="https://example.org/a.pdf">
</head></html>"""
LINKED = """<head><script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",
"headline": "Pots on strike", "datePublished": "2024-02-01", "author": [{"@type": "Person", "name": "Josiah Carberry"}],
"publisher": {"@type": "Organization", "name": "The Example"}}]}</script></head>"""


def test_characters_that_cannot_be_seen_are_told() -> None:
    found = entry(Head.of("<title>Po\u202ets</title>"), url=URL, accessed="2026-01-02")
    assert found.item["title"] == "Pots"
    assert f"title = 'U+202E': {UNSEEN}" in [str(loss) for loss in found.losses]


def test_the_address_of_a_profile_is_no_publisher() -> None:
    page = '<meta property="article:publisher" content="{}">'
    assert facts(Head.of(page.format("https://social.example.org/the-example"))).organisations == ()
    assert [body.name for body in facts(Head.of(page.format("The Example"))).organisations] == ["The Example"]


def test_a_page() -> None:
    found = entry(Head.of(AGENCY), url=URL, accessed="2026-01-02", landed="https://www.example.org/report")
    assert found.item == {
        "id": URL,
        "type": "webpage",
        "URL": URL,
        "title": "Pots & pans in 2025",
        "container-title": "Example Agency",
        "author": [{"family": "Carberry", "given": "Josiah"}],
        "issued": {"date-parts": [[2025, 3, 4]]},
        "accessed": {"date-parts": [[2026, 1, 2]]},
        "abstract": 'How many "pots" there > are.',
        "language": "en",
    }
    assert {loss.field for loss in found.losses} == {"author", "section", "redirect"}


def test_a_page_of_a_journal() -> None:
    head = Head.of(ARTICLE)
    item = entry(head, url=URL, accessed="2026-01-02").item
    assert (item["type"], item["DOI"], item["page"]) == ("article-journal", "10.5555/psy.1", "3-9")
    assert item["issued"] == {"date-parts": [[2021, 4, 2]]}
    assert [name["family"] for name in item["author"]] == ["Carberry", "Doe"]
    assert (item["container-title"], item["publisher"]) == ("Journal of Psychoceramics", "Example Press")
    found = facts(head)
    assert [(body.name, body.role) for body in found.organisations] == [
        ("Example Press", "publisher"),
        ("Example University", "affiliation"),
    ]
    assert [other.identifier for other in found.versions] == [ids.Identifier("doi", "10.5555/psy.1")]


def test_what_stands_in_linked_data() -> None:
    item = entry(Head.of(LINKED), url=URL, accessed="2026-01-02").item
    assert (item["title"], item["container-title"]) == ("Pots on strike", "The Example")
    assert item["issued"] == {"date-parts": [[2024, 2, 1]]}
    assert item["author"] == [{"family": "Carberry", "given": "Josiah"}]


def test_the_name_of_the_site_is_no_part_of_the_title() -> None:
    page = '<title>Pots in 2025 - The Example</title><meta property="og:site_name" content="The Example">'
    assert entry(Head.of(page), url=URL, accessed="2026-01-02").item["title"] == "Pots in 2025"


def test_a_page_that_says_nothing() -> None:
    found = entry(Head.of("<p>Hello</p>"), url=URL, accessed="2026-01-02")
    assert set(found.item) == {"id", "type", "URL", "accessed"}
    assert [loss.field for loss in found.losses] == ["title", "date"]


TAGS = '<meta |name=|"|title|<title>|</title|>|<!--|-->|author |content=|<script type="application/ld+json">|{|</script>|&lt;'


@given(st.lists(st.sampled_from(TAGS.split("|"))))
def test_no_page_is_a_crash(parts: list[str]) -> None:
    found = entry(Head.of("".join(parts)), url=URL, accessed="2026-01-02")
    assert set(found.item) <= VARIABLES
