"""What is kept of references, and that sets put together from it read as those printed whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.answers import Formatted
from evidencekb.sources.formatting import STYLES, Style, format_references, load_style, style_of, style_text
from evidencekb.sources.subsets import HOLE, Kept, can_keep, kept_of, put_together

Items = dict[str, dict[str, Any]]


def book(id: str, family: str, given: str = "Ann", year: int = 2020, **fields: Any) -> dict[str, Any]:
    author = [{"family": family, "given": given}]
    return {
        "id": id,
        "type": "book",
        "title": f"Title {id}",
        "author": author,
        "issued": {"date-parts": [[year]]},
        **fields,
    }


def kept(items: Items, style: Style) -> dict[str, Kept]:
    found = {id: kept_of(item, style) for id, item in items.items()}
    return {id: one for id, one in found.items() if one is not None}


def together(ids: list[str], items: Items, style: Style, held: dict[str, Kept] | None = None) -> tuple[Formatted, ...]:
    return tuple(put_together(ids, held or kept(items, style), items.__getitem__, lambda: style))


def whole(ids: list[str], items: Items, style: Style) -> tuple[Formatted, ...]:
    return format_references([items[id] for id in ids], style)


@pytest.fixture(scope="module")
def shipped() -> Items:
    with ekb.load() as kb:
        read = (json.loads(body)["csl"] for (body,) in kb.rows("SELECT body FROM listed"))
        return {item["id"]: item for item in read}


@pytest.fixture(scope="module")
def of_shipped(shipped: Items) -> dict[str, dict[str, Kept]]:
    return {name: kept(shipped, load_style(name)) for name in STYLES}


@given(data=st.data(), name=st.sampled_from(STYLES))
def test_any_set_of_the_shipped_sources_reads_as_if_it_were_printed_whole(
    data: st.DataObject, name: str, shipped: Items, of_shipped: dict[str, dict[str, Kept]]
) -> None:
    # Neighbours by key share authors and years, so that there is something to tell apart.
    keys = sorted(shipped)
    start = data.draw(st.integers(0, len(keys) - 1))
    near = keys[start : start + 30]
    ids = data.draw(st.lists(st.sampled_from(near) | st.sampled_from(keys), unique=True, max_size=12))
    style = load_style(name)
    assert together(ids, shipped, style, of_shipped[name]) == whole(ids, shipped, style)


@pytest.mark.parametrize("name", STYLES)
def test_all_shipped_sources_together_read_as_if_they_were_printed_whole(
    name: str, shipped: Items, of_shipped: dict[str, dict[str, Kept]]
) -> None:
    style, ids = load_style(name), sorted(shipped)
    assert of_shipped[name].keys() == shipped.keys()
    assert together(ids, shipped, style, of_shipped[name]) == whole(ids, shipped, style)


TELLING = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>Telling</title><id>telling</id></info>
<citation et-al-min="2" et-al-use-first="1" {options}>
<layout delimiter="; "><group delimiter=" ">
<names variable="author"><name form="{form}" initialize-with=". "/></names>
<date variable="issued"><date-part name="year"/></date>
<choose><if disambiguate="true"><text variable="title"/></if></choose></group></layout></citation>
<bibliography>{sort}<layout><group delimiter=". "><text variable="citation-number"/><names variable="author"><name/></names>
<date variable="issued"><date-part name="year"/></date><text variable="title"/></group></layout></bibliography></style>"""
RULES = ("by-cite", "all-names", "all-names-with-initials", "primary-name", "primary-name-with-initials")


def telling(adds: frozenset[str], rule: str, form: str, *, sorted_: bool) -> Style:
    options = " ".join(f'disambiguate-add-{name}="true"' for name in sorted(adds))
    options += f' givenname-disambiguation-rule="{rule}"'
    sort = '<sort><key variable="title"/></sort>' if sorted_ else ""
    return style_of(TELLING.format(options=options, form=form, sort=sort).encode(), "telling")


PEOPLE = st.one_of(
    st.fixed_dictionaries({"family": st.sampled_from("KL"), "given": st.sampled_from(["Ann", "Amy", "Bo"])}),
    # What another name reads as once its given name is shown.
    st.sampled_from([{"literal": "A. K"}, {"literal": "Ann K"}, {"literal": "K"}, {"family": "A. K"}]),
)
CLASHING: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({
    "id": st.text(alphabet="abcdef", min_size=1, max_size=2),
    "type": st.just("book"),
    "title": st.sampled_from(["One", "Two", "Three"]),
    "author": st.lists(PEOPLE, min_size=1, max_size=3),
    "issued": st.sampled_from([{"date-parts": [[2020]]}, {"date-parts": [[2021]]}]),
})  # fmt: skip
ADDS = st.frozensets(st.sampled_from(["names", "givenname", "year-suffix"]))


@given(
    st.lists(CLASHING, unique_by=lambda item: item["id"], max_size=8),
    st.builds(telling, ADDS, st.sampled_from(RULES), st.sampled_from(["short", "long"]), sorted_=st.booleans()),
)
def test_works_that_read_alike_are_told_apart_as_if_all_were_printed_by_any_rule(
    drawn: list[dict[str, Any]], style: Style
) -> None:
    items = {item["id"]: item for item in drawn}
    assert together(list(items), items, style) == whole(list(items), items, style)


def test_a_name_that_reads_like_another_once_that_one_is_expanded_is_told_from_it() -> None:
    style = telling(frozenset({"givenname", "year-suffix"}), "all-names", "short", sorted_=False)
    ann, bo = book("ann", "Kay"), book("bo", "Kay", "Bo")
    body = {**book("body", ""), "author": [{"literal": "A. Kay"}]}
    items = {"ann": ann, "bo": bo, "body": body}
    assert [one.short for one in together(["ann", "bo", "body"], items, style)] == [
        "A. Kay 2020 Title ann",
        "B. Kay 2020",
        "A. Kay 2020 Title body",
    ]


def test_only_what_must_be_told_apart_is_printed_anew() -> None:
    items = {item["id"]: item for item in (book("a", "Kay"), book("b", "Kay"), book("c", "Lee"))}
    style, asked = load_style("apa"), []

    def item_of(id: str) -> dict[str, Any]:
        asked.append(id)
        return items[id]

    printed = tuple(put_together(["c", "a", "b"], kept(items, style), item_of, lambda: style))
    assert (asked, [one.short for one in printed]) == (["a", "b"], ["(Lee, 2020)", "(Kay, 2020a)", "(Kay, 2020b)"])


def test_a_style_is_not_opened_where_nothing_is_alike() -> None:
    held = kept({"a": book("a", "Kay")}, load_style("nature"))
    nothing: Items = {}
    (printed,) = put_together(["a"], held, nothing.__getitem__, lambda: pytest.fail("opened"))
    assert printed.text.startswith("1. Kay, A.")


def test_a_hole_stands_where_the_number_comes() -> None:
    item = book("a", "Kay", title="7204958316042 nights")
    one = kept_of(item, load_style("ieee"))
    assert one is not None
    assert one.text.startswith(f"[{HOLE}] A. Kay, 7204958316042 nights")
    assert (one.markdown[:5], one.short, one.people) == (f"\\[{HOLE}\\]", f"[{HOLE}]", ())


@pytest.mark.parametrize("item", [{"id": "bare", "type": "article-journal"}, book("a", "Kay", title=f"A {HOLE}")])
def test_what_cannot_be_kept_is_left_out(item: dict[str, Any]) -> None:
    assert kept_of(item, load_style("apa")) is None


@pytest.mark.parametrize(
    ("element", "keeps"),
    [
        ('<text variable="citation-number" prefix="("/>', True),
        ('<choose><if variable="citation-number"><text variable="title"/></if></choose>', True),
        ('<number variable="citation-number" form="roman"/>', False),
        ('<label variable="citation-number"/>', False),
    ],
)
def test_a_style_that_prints_more_of_a_number_than_its_digits_is_not_kept(element: str, keeps: bool) -> None:
    text = TELLING.format(options="", form="long", sort="").replace(
        "<bibliography><layout>", f"<bibliography><layout>{element}"
    )
    assert style_of(text.encode(), "numbers").title == "Telling"
    assert can_keep(text.encode()) is keeps


def test_the_styles_that_ship_can_be_kept() -> None:
    assert all(can_keep(style_text(name)) for name in STYLES)
