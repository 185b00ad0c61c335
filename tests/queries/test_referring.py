"""References of sources, findings and claims in a citation style, and how to cite a figure."""

from __future__ import annotations

import datetime
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.errors import FormatError, StyleError
from evidencekb.sources.formatting import STYLES, format_references, load_style
from tests.packs import TODAY, write_pack

FINDING = "noy-zhang-2023-writing-speed-quality"
SOURCES = """\
sources:
  - id: first2020
    kind: book
    title: Zeal
    authors: [{family: Kay, given: Ann}]
    published_on: 2020
    isbn: "9781402894626"
    vendor: vendor
    vendor_reason: It sells.
  - id: second2020
    kind: book
    title: Art
    authors: [{family: Kay, given: Ann}]
    published_on: 2020
    isbn: "9783161484100"
    vendor: independent
    vendor_reason: Nobody sells.
    standing:
      events: [{status: retracted, on: 2021-01-01}]
      checked_on: 2026-01-15
"""


@pytest.fixture(scope="module")
def shipped(sealed_data: Path) -> ekb.KnowledgeBase:
    return ekb.load(sealed_data)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> ekb.KnowledgeBase:
    folder = tmp_path_factory.mktemp("books")
    manifest = "name: books\nversion: 2.0.0\nstyles: [apa, nature]\n"
    ekb.build(
        write_pack(folder / "pack", {"pack.yaml": manifest, "s.yaml": SOURCES}), folder / "books.ekb", today=TODAY
    )
    return ekb.load(folder / "books.ekb")


def whole(kb: ekb.KnowledgeBase, keys: list[str], style: str, locale: str = "en-US") -> tuple[ekb.Formatted, ...]:
    """The same references, printed now, with the flags of their sources."""
    held = {reference.key: reference for reference in ekb.references(kb)}
    printed = format_references([held[key].csl for key in keys], style, locale=locale)
    return tuple(replace(one, flags=held[one.id].flags) for one in printed)


@given(data=st.data(), style=st.sampled_from(STYLES))
def test_a_set_of_sources_is_what_printing_exactly_it_gives(
    data: st.DataObject, style: str, shipped: ekb.KnowledgeBase
) -> None:
    keys = data.draw(st.lists(st.sampled_from(shipped.ids("source")), unique=True, min_size=1, max_size=12))
    assert ekb.references(shipped, keys, style=style) == whole(shipped, keys, style)


def test_sources_come_in_the_order_asked_each_once(books: ekb.KnowledgeBase) -> None:
    printed = ekb.references(books, ["second2020", "first2020", "second2020"], style="nature")
    assert [(one.id, one.text[:2], one.short) for one in printed] == [
        ("second2020", "1.", "1"),
        ("first2020", "2.", "2"),
    ]
    assert ekb.references(books, [], style="nature") == ()


def test_letters_tell_apart_the_works_of_the_set_alone(books: ekb.KnowledgeBase) -> None:
    assert [one.short for one in ekb.references(books, "first2020", style="apa")] == ["(Kay, 2020)"]
    both = ekb.references(books, ["first2020", "second2020"], style="apa")
    assert [one.short for one in both] == ["(Kay, 2020b)", "(Kay, 2020a)"]


def test_what_must_stand_beside_a_source_stands_beside_its_reference(books: ekb.KnowledgeBase) -> None:
    first, second = ekb.references(books, ["first2020", "second2020"], style="nature")
    assert (first.flags, second.flags) == (("vendor",), ("retracted",))
    assert str(second) == f"{second.text} [retracted]"
    assert second._repr_html_() == f"<p>{second.html} <code>retracted</code></p>"
    assert second.to_dict()["flags"] == ["retracted"]


def test_findings_and_claims_stand_for_their_primary_sources(shipped: ekb.KnowledgeBase) -> None:
    assert [one.id for one in ekb.references(shipped, shipped.finding(FINDING), style="ieee")] == [
        "noy2023experimental"
    ]
    claim = "closer-comparison-smaller-ai-pay-gap"
    printed = ekb.references(shipped, ["wef2025futureofjobs", claim, FINDING], style="ieee")
    first, *middle, last = [one.id for one in printed]
    assert (first, last) == ("wef2025futureofjobs", "noy2023experimental")
    assert sorted(middle) == [one.key for one in ekb.primary_sources(shipped, claim)]


def test_without_a_style_the_same_ids_give_records_by_key(shipped: ekb.KnowledgeBase) -> None:
    found = ekb.references(shipped, ["wef2025futureofjobs", FINDING])
    assert [(one.key, one.primary_for) for one in found] == [
        ("noy2023experimental", (FINDING,)),
        ("wef2025futureofjobs", ()),
    ]


def test_all_sources_are_printed_when_none_is_named(books: ekb.KnowledgeBase) -> None:
    assert [one.id for one in ekb.references(books, style="apa")] == list(books.ids("source"))


def test_a_style_that_the_pack_does_not_name_is_printed_now(books: ekb.KnowledgeBase, tmp_path: Path) -> None:
    keys = ["first2020", "second2020"]
    assert ekb.references(books, keys, style="ieee") == whole(books, keys, "ieee")
    path = tmp_path / "apa-of-mine.csl"
    import evidencekb.sources.csl as csl

    path.write_bytes((Path(csl.__file__).parent / "styles/apa.csl").read_bytes())
    assert ekb.references(books, keys, style=path) == ekb.references(books, keys, style=load_style("apa"))


def test_another_language_is_printed_now(books: ekb.KnowledgeBase) -> None:
    keys = ["first2020", "second2020"]
    assert ekb.references(books, keys, style="apa", locale="de-DE") == whole(books, keys, "apa", "de-DE")


@pytest.mark.parametrize("changed", ["meta SET value = '0.0.9' WHERE name = 'library'", "style SET digest = 'other'"])
def test_what_another_version_or_edition_printed_is_not_used(
    books: ekb.KnowledgeBase, tmp_path: Path, changed: str
) -> None:
    old = tmp_path / "old.ekb"
    old.write_bytes(books.path.read_bytes())
    with sqlite3.connect(old) as file:
        file.execute(f"UPDATE {changed}")
        file.execute("UPDATE printed SET text = 'Printed long ago.'")
    file.close()
    with ekb.load(old) as kb:
        assert ekb.references(kb, "first2020", style="apa") == ekb.references(books, "first2020", style="apa")


def test_what_is_no_source_is_refused(shipped: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.UnknownIdError, match=r"no finding, claim or source .*Did you mean 'noy2023experimental'"):
        ekb.references(shipped, ["noy2023experimentl"], style="apa")
    with pytest.raises(ekb.QuestionError, match="'pytorch' is a concept; ask for sources, findings or claims"):
        ekb.references(shipped, "pytorch", style="apa")
    with pytest.raises(ekb.QuestionError, match="ids is 3"):
        ekb.references(shipped, [3], style="apa")  # type: ignore[list-item]  # what a caller without types may do


def test_a_style_that_cannot_be_used_is_an_error(books: ekb.KnowledgeBase) -> None:
    with pytest.raises(StyleError, match="did you mean 'apa'"):
        ekb.references(books, "first2020", style="appa")
    with pytest.raises(StyleError, match="language"):
        ekb.references(books, "first2020", style="apa", locale="xx-XX")


def test_a_source_that_a_style_cannot_print_is_an_error_when_it_is_asked(tmp_path: Path) -> None:
    nameless = SOURCES.replace("title: Zeal", 'title: "???"').replace("[{family: Kay, given: Ann}]", "[]", 1)
    manifest = "name: books\nversion: 2.0.0\nstyles: [apa]\n"
    folder = write_pack(tmp_path / "pack", {"pack.yaml": manifest, "s.yaml": nameless})
    ekb.build(folder, tmp_path / "books.ekb", today=TODAY)
    with ekb.load(tmp_path / "books.ekb") as kb:
        assert len(ekb.references(kb, "second2020", style="apa")) == 1
        with pytest.raises(FormatError, match=r"'first2020' in style 'apa'.*add a title"):
            ekb.references(kb, style="apa")


def test_a_figure_is_cited_by_its_producer_first_and_its_pack_second(shipped: ekb.KnowledgeBase) -> None:
    credit = ekb.how_to_cite(
        shipped, f"{FINDING}#time", address="https://example.org/f", seen=datetime.date(2026, 11, 25)
    )
    (reference,) = ekb.references(shipped, "noy2023experimental", style="apa")
    assert credit.reference == reference
    pack = f"evidencekb, version {shipped.version}, https://example.org/f (seen 2026-11-25)."
    assert (credit.finding.id, credit.estimate) == (FINDING, "time")
    assert str(credit) == credit.text == f"{reference.text} As held in {pack}"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org/f", "https://", "https://a.org/a b"])
def test_a_figure_is_seen_at_an_address_that_a_reader_can_open(shipped: ekb.KnowledgeBase, address: str) -> None:
    with pytest.raises(ekb.QuestionError, match="where a figure can be seen"):
        ekb.how_to_cite(shipped, FINDING, address=address)


def test_a_finding_is_cited_by_the_primary_source_that_its_trace_names(shipped: ekb.KnowledgeBase) -> None:
    for finding in shipped.ids("finding"):
        trail = ekb.trace(shipped, finding)
        for estimate in trail.estimates:
            credit = ekb.how_to_cite(shipped, f"{finding}#{estimate.estimate}", style="nature")
            assert credit.reference.id in {hop.source for hop in estimate.primaries}
        assert ekb.how_to_cite(shipped, finding).reference.id in {r.key for r in ekb.primary_sources(shipped, finding)}


@pytest.mark.parametrize(
    ("id", "seen", "said"),
    [
        ("noy-zhang", None, "no finding has the id 'noy-zhang'. Did you mean"),
        (f"{FINDING}#tim", None, "has the id 'tim'. Did you mean 'time'"),
        (FINDING, "yesterday", "seen is 'yesterday'; give a day as YYYY-MM-DD"),
    ],
)
def test_a_figure_that_cannot_be_cited_says_why(
    shipped: ekb.KnowledgeBase, id: str, seen: str | None, said: str
) -> None:
    with pytest.raises((ekb.UnknownIdError, ekb.QuestionError), match=said):
        ekb.how_to_cite(shipped, id, seen=seen)


@pytest.mark.parametrize("style", STYLES)
def test_a_figure_is_cited_without_the_number_of_a_list(shipped: ekb.KnowledgeBase, style: str) -> None:
    credit = ekb.how_to_cite(shipped, "noy-zhang-2023-writing-speed-quality", style=style)
    assert credit.text.startswith(("Noy", "S. Noy"))
