"""Records of Crossref become works: nothing is invented, and what does not land is named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.cleaning import clean
from evidencekb.sources.items import DATES, NAMES, TYPES, VARIABLES
from evidencekb.sources.markup import unescape
from evidencekb.sources.services.crossref import REGISTRY, entry, facts
from evidencekb.sources.services.records import Organisation

Message = dict[str, Any]


def work(**more: Any) -> Message:
    usual = {
        "DOI": "10.5555/a",
        "type": "journal-article",
        "title": ["On work"],
        "issued": {"date-parts": [[2021, 4, 2]]},
    }
    return usual | {key.replace("_", "-"): value for key, value in more.items()}


def item(**more: Any) -> Message:
    return entry(work(**more)).item


def losses(**more: Any) -> dict[str, str]:
    return {loss.field: f"{loss.value}: {loss.reason}" for loss in entry(work(**more)).losses}


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        ({"title": ["T<subtitle>Sub</subtitle>"]}, "T: Sub"),
        ({"title": ["T?"], "subtitle": ["Sub", "Sub"]}, "T? Sub"),
        (
            {"title": ["CO<inf>2</inf> and <span class='nocase'>eBay</span>"]},
            'CO<sub>2</sub> and <span class="nocase">eBay</span>',
        ),
        ({"title": ["<i>x<b>y</i>z</b>"]}, "<i>xy</i>z"),
        (
            {"title": ["", "<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>"]},
            "x<sup>2</sup>",
        ),
        ({"title": ["At $$\\sqrt{s}=13$$ TeV, $5 to $10"]}, "At √s=13 TeV, $5 to $10"),
        ({"title": ["Gro\u202ewth"]}, "Growth"),
    ],
)
def test_a_title_is_read_alike_from_a_registry_and_from_a_file(titles: Message, title: str) -> None:
    message = {"DOI": "10.5555/a", "type": "journal-article", "issued": {"date-parts": [[2021]]}} | titles
    assert entry(message).item["title"] == title
    assert clean(message)[0]["title"] == title


def test_literal_authors_and_others_are_no_bodies_around_a_work() -> None:
    message = work(author=[{"name": "Example Consortium"}, {"literal": "others"}], publisher="Example Press")
    assert facts(message).organisations == (Organisation("Example Press", "publisher"),)


def test_a_body_that_was_registered_as_a_person_stays_what_was_registered() -> None:
    message = work(author=[{"given": "Gastroenterology Research and", "family": "Practice"}])
    found = entry(message)
    assert found.item["author"] == [{"family": "Practice", "given": "Gastroenterology Research and"}]
    assert facts(message).organisations == ()


def test_a_plain_article_loses_nothing() -> None:
    found = entry(
        work(
            author=[{"given": "Josiah", "family": "Carberry", "suffix": "Jr.", "sequence": "first", "affiliation": []}],
            container_title=["Journal of Psychoceramics"],
            short_container_title=["J. Psychoceram."],
            volume="5",
            issue="1",
            page="3-9",
            ISSN=["0264-3561"],
            publisher="Example Press",
        )
    )
    assert found.losses == ()
    assert found.item == {
        "id": "doi:10.5555/a",
        "type": "article-journal",
        "DOI": "10.5555/a",
        "title": "On work",
        "author": [{"family": "Carberry", "given": "Josiah", "suffix": "Jr."}],
        "container-title": "Journal of Psychoceramics",
        "container-title-short": "J. Psychoceram.",
        "volume": "5",
        "issue": "1",
        "page": "3-9",
        "ISSN": "0264-3561",
        "publisher": "Example Press",
        "issued": {"date-parts": [[2021, 4, 2]]},
    }


@pytest.mark.parametrize("title", [[], [""], None, [None], ["  "]])
def test_no_title_is_none_and_said(title: object) -> None:
    message = work(title=title, container_title=["A journal"])
    assert "title" not in entry(message).item
    assert "no title" in losses(title=title)["title"]


@pytest.mark.parametrize(
    ("title", "subtitle", "expected"),
    [
        (["Work"], ["A survey"], "Work: A survey"),
        (["Work: A survey"], ["A survey"], "Work: A survey"),
        (["What is work?"], ["A survey"], "What is work? A survey"),
        (["Work"], [""], "Work"),
        (["Work"], ["Part 1", "Tables"], "Work: Part 1: Tables"),
        (["Lamp&lt;subtitle&gt;A test&lt;/subtitle&gt;"], [], "Lamp: A test"),
        (["Species of\n      <i>Primulina</i>\n   (China)"], [], "Species of <i>Primulina</i> (China)"),
        (["&lt;scp&gt;GenCo&lt;/scp&gt; 's gain"], [], '<span style="font-variant:small-caps;">GenCo</span> \'s gain'),
        (["Child Abuse &amp; Neglect"], [], "Child Abuse & Neglect"),
        (["Effects at p &lt; 0.05"], [], "Effects at p < 0.05"),
        (["Half <i>open"], [], "Half open"),
        ("On work", [], "On work"),
    ],
)
def test_titles(title: object, subtitle: list[str], expected: str) -> None:
    assert item(title=title, subtitle=subtitle)["title"] == expected


def test_a_subtitle_alone_is_no_title() -> None:
    found = entry(work(title=[""], subtitle=["A survey"], original_title=["研究"]))
    assert "title" not in found.item
    assert found.item["original-title"] == "研究"
    assert ("subtitle", "A survey") in [(loss.field, loss.value) for loss in found.losses]


def test_the_title_in_the_own_language_is_kept_when_it_is_another() -> None:
    assert item(original_title=["Zur Arbeit"])["original-title"] == "Zur Arbeit"
    assert "original-title" not in item(original_title=["ON WORK"])
    assert losses(original_title=["ON WORK"]) == {}


def test_names_in_capitals_stay_and_are_said() -> None:
    people = [
        {"family": "MCDONALD", "given": "A."},
        {"family": "McDonald", "given": "B."},
        {"family": "LI"},
        {"name": "UNESCO"},
    ]
    assert [name.get("family") for name in item(author=people)["author"]] == ["MCDONALD", "McDonald", "LI", None]
    assert losses(author=people)["author"].startswith("MCDONALD: in capitals")


def test_bodies_and_odd_names() -> None:
    people = [
        {"name": "Urban &amp; Vogel", "sequence": "first"},
        {"family": "Govindjee"},
        {"given": "Plato"},
        {"family": "Doe", "given": "Jane", "name": "Jane Doe"},
        {"sequence": "additional", "affiliation": []},
        {"family": "Roe", "prefix": "Dr."},
    ]
    found = entry(work(author=people))
    assert found.item["author"] == [
        {"literal": "Urban & Vogel"},
        {"family": "Govindjee"},
        {"family": "Plato"},
        {"family": "Doe", "given": "Jane"},
        {"family": "Roe"},
    ]
    assert {loss.field for loss in found.losses} == {"author", "author.name", "author.prefix"}


def test_other_roles() -> None:
    assert item(editor=[{"family": "Doe"}], translator=[{"family": "Roe"}], chair=[{"name": "A body"}])["chair"] == [
        {"literal": "A body"}
    ]
    reviewer = [{"family": "Doe", "role": [{"role": "reviewer", "vocabulary": "crossref"}]}]
    assert losses(author=reviewer)["author.role"].startswith("Doe: reviewer")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"issued": {"date-parts": [[2021]]}, "published-print": {"date-parts": [[2022]]}}, [[2021]]),
        ({"issued": {"date-parts": [[None]]}, "published-print": {"date-parts": [[2022, 3]]}}, [[2022, 3]]),
        ({"issued": {"date-parts": [[2021, None]]}}, [[2021]]),
        ({"issued": {"date-parts": [[2021, 13]]}}, [[2021]]),
        ({"issued": {"date-parts": [[2021, 2, 30]]}}, [[2021, 2]]),
        ({"issued": {"date-parts": [["2021", "02"]]}}, [[2021, 2]]),
        ({"posted": {"date-parts": [[2021, 11, 4]]}, "issued": None}, [[2021, 11, 4]]),
    ],
)
def test_dates(dates: Message, expected: list[list[int]]) -> None:
    assert entry(work() | dates).item["issued"] == {"date-parts": expected}


@pytest.mark.parametrize("key", ["created", "deposited", "indexed", "approved", "accepted", "content-created"])
def test_other_days_are_no_date_of_publication(key: str) -> None:
    found = entry(work() | {"issued": {"date-parts": [[None]]}, key: {"date-parts": [[2013, 5, 1]]}})
    assert not {"issued", *DATES} & set(found.item)
    assert "no date of publication" in next(loss.reason for loss in found.losses if loss.field == "issued")


def test_the_day_it_stood_online_beside_the_date_of_issue() -> None:
    online = {"date-parts": [[2020, 9, 17]]}
    assert item(published_online=online)["available-date"] == online
    assert "available-date" not in item(published_online={"date-parts": [[2021, 4, 2]]})


@pytest.mark.parametrize(
    ("type_", "subtype", "expected", "genre"),
    [
        ("proceedings-article", None, "paper-conference", None),
        ("posted-content", "preprint", "article", "Preprint"),
        ("posted-content", "working_paper", "report", "Working paper"),
        ("posted-content", None, "article", None),
        ("component", None, "document", "Component"),
        ("journal", None, "periodical", None),
        ("standard", None, "standard", None),
        ("dissertation", None, "thesis", None),
        ("hologram", None, "document", None),
        (None, None, "document", None),
        ("article-journal", None, "article-journal", None),
    ],
)
def test_types(type_: str | None, subtype: str | None, expected: str, genre: str | None) -> None:
    found = item(type=type_, subtype=subtype)
    assert (found["type"], found.get("genre")) == (expected, genre)
    assert ("type" in losses(type=type_, subtype=subtype)) is (type_ in ("hologram", None))


def test_every_type_is_one_of_csl() -> None:
    from evidencekb.sources.services.crossref import _POSTED, _TYPES

    assert set(_TYPES.values()) | {type_ for type_, _ in _POSTED.values()} <= TYPES


def test_a_chapter_in_a_series() -> None:
    containers = ["Lecture Notes in Examples", "Examples of 2021"]
    chapter = item(type="book-chapter", container_title=containers, ISBN=["http://id.crossref.org/isbn/9780306406157"])
    assert (chapter["container-title"], chapter["collection-title"]) == (containers[1], containers[0])
    assert chapter["ISBN"] == "9780306406157"
    assert item(container_title=containers)["container-title"] == containers[0]


def test_an_article_number_is_no_page() -> None:
    assert item(article_number="104436")["number"] == "104436"
    same = item(article_number="104436", page="104436")
    assert (same["page"], same.get("number")) == ("104436", None)


def test_a_conference() -> None:
    event = {
        "name": "Example Conference",
        "location": "Utopia",
        "start": {"date-parts": [[2021, 5, 25]]},
        "end": {"date-parts": [[2021, 5, 28]]},
        "acronym": "EC '21",
    }
    found = item(event=event)
    assert (found["event-title"], found["event-place"]) == ("Example Conference", "Utopia")
    assert found["event-date"] == {"date-parts": [[2021, 5, 25], [2021, 5, 28]]}
    assert set(losses(event=event)) == {"event.acronym"}


def test_a_grant_has_its_title_in_its_project() -> None:
    project = [{"project-title": [{"title": "Work in the future"}], "funding": [{"type": "grant"}]}]
    found = entry({"DOI": "10.5555/g", "type": "grant", "award": "G-1", "project": project})
    assert (found.item["title"], found.item["number"], found.item["genre"]) == ("Work in the future", "G-1", "Grant")
    assert "project" in {loss.field for loss in found.losses}


def test_an_abstract_is_plain_text() -> None:
    abstract = "<jats:title>Aim</jats:title><jats:p>To <jats:italic>test</jats:italic>.</jats:p>"
    assert item(abstract=abstract)["abstract"] == "Aim\nTo test."
    assert "abstract" not in item(abstract="<jats:p />")


def test_another_doi_than_the_one_asked_for_is_said() -> None:
    assert entry(work(), asked="10.5555/A").losses == ()
    assert [loss.value for loss in entry(work(), asked="10.5555/old").losses] == ["10.5555/old"]


def test_facts_are_what_hints_are_made_of() -> None:
    ror = [{"id": "https://ror.org/05rbhea42", "id-type": "ROR", "asserted-by": "publisher"}]
    found = facts(
        work(
            publisher="Example Press",
            author=[
                {"family": "Carberry", "given": "Josiah", "affiliation": [{"name": "Example University", "id": ror}]},
                {"name": "A body", "affiliation": []},
            ],
            funder=[{"name": "Example Fund", "DOI": "10.13039/100000001", "award": ["1", "2"]}],
            institution=[{"name": "Example Archive"}],
        )
    )
    assert found.organisations == (
        Organisation("Example Press", "publisher"),
        Organisation("Example University", "affiliation", "05rbhea42", "", "Josiah Carberry"),
        Organisation("Example Archive", "institution"),
        Organisation("Example Fund", "funder", "", "10.13039/100000001", "", ("1", "2")),
    )


def test_lists_of_nothing_are_no_loss() -> None:
    assert losses(relation={"cites": []}, funder=[], institution=[{}], assertion=[{"name": ""}]) == {}


def test_versions_are_offered_and_a_work_is_no_version_of_itself() -> None:
    found = facts(
        work(
            relation={
                "has-preprint": [{"id-type": "doi", "id": "10.5555/pre", "asserted-by": "object"}],
                "has-review": [{"id-type": "doi", "id": "10.5555/review", "asserted-by": "object"}],
                "cites": [],
            },
            update_to=[
                {"DOI": "10.5555/A", "type": "new_version"},
                {"DOI": "10.5555/first", "type": "correction"},
            ],
        )
    )
    assert [(other.relation, other.text, other.note) for other in found.related] == [
        ("has-preprint", "10.5555/pre", ""),
        ("has-review", "10.5555/review", ""),
        ("update-to", "10.5555/first", "correction"),
    ]
    assert [other.text for other in found.versions] == ["10.5555/pre"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "DOI type subtype title subtitle original-title short-title container-title author editor issued published-online "
    "posted approved journal-issue event relation update-to funder institution ISSN ISBN page article-number version "
    "standards-body review degree abstract reference project license publisher edition-number score"
).split()


@given(st.dictionaries(st.sampled_from(KEYS), json_values))
def test_no_shape_of_a_record_is_a_crash(message: Message) -> None:
    found = entry(message)
    assert found.item["id"]
    assert found.item["type"] in TYPES
    assert set(found.item) <= VARIABLES
    facts(message)


def records(shared: Path) -> Iterator[Message]:
    folder = shared / "corpora" / "05-scholarly-apis"
    with (folder / "crossref-works.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line)["message"] for line in lines)
    for path in (folder / "colrev").glob("*.json"):
        message = json.loads(path.read_text(encoding="utf-8")).get("message")
        if isinstance(message, dict):
            yield message


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    elif value not in (None, ""):
        yield path, str(value)


def squeezed(text: str) -> str:
    """Letters and digits of a text, without its tags; days and numbers without leading zeros."""
    text = re.sub(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>", "", unescape(text)).casefold()
    return "".join(c for c in text if c.isalnum())


def test_every_leaf_of_every_record_lands_or_is_named(shared: Path) -> None:
    """What lands is part of a value of the work; for what does not, a loss has its key or the key above it."""
    missing = []
    for message in records(shared):
        found = entry(message)
        landed = [squeezed(value) for _, value in leaves(found.item)]
        lost = {loss.field for loss in found.losses}
        for path, value in leaves(message):
            above = {path[: match.start()] for match in re.finditer(r"\.", path)} | {path}
            named = above & lost or any(path == key or path.startswith(f"{key}.") for key in REGISTRY)
            if not named and not any(squeezed(value) in text for text in landed):
                missing.append((message["DOI"], path, value[:60]))
    # Types are translated, and that an author is an author is said by where the name stands.
    translated = re.compile(r"type|subtype|author\.role\.role|editor\.role\.role")
    assert [leaf for leaf in missing if not translated.fullmatch(leaf[1])] == []


def test_a_title_is_the_same_however_it_is_served(shared: Path) -> None:
    """The record of the registry, and the same as a program that asks for CSL-JSON gets it."""
    for message in records(shared):
        served, _ = clean(message)
        if message.get("type") != "grant":  # its title stands in its project
            assert served.get("title") == entry(message).item.get("title"), message["DOI"]


def test_no_field_of_any_record_is_invented(shared: Path) -> None:
    for message in records(shared):
        found = entry(message).item
        assert found.pop("id") == f"doi:{message['DOI']}"
        assert set(found) <= VARIABLES
        given_ = {squeezed(value) for _, value in leaves(message)}
        given_.add(squeezed("".join(message.get("title", []) + message.get("subtitle", []))))
        for path, value in leaves({key: value for key, value in found.items() if key not in ("type", "genre", *DATES)}):
            assert any(squeezed(value) in text for text in given_), (message["DOI"], path, value)
        dates = {
            tuple(parts)
            for key in ("issued", "published", "published-print", "published-online", "published-other", "posted")
            for parts in message.get(key, {}).get("date-parts", ())
        }
        if "issued" in found:
            assert tuple(found["issued"]["date-parts"][0]) in dates
        else:
            assert not any(part for date in dates for part in date)
        for role in NAMES:
            assert len(found.get(role, ())) <= len(message.get(role, ()))
