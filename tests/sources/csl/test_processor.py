from __future__ import annotations

from typing import Any

import pytest

from evidencekb.sources.csl.elements import Cite
from evidencekb.sources.csl.positions import positioned
from evidencekb.sources.csl.processor import Processor
from evidencekb.sources.csl.style import compile_style
from evidencekb.sources.csl.texts import settle
from evidencekb.sources.csl.writing import TextWriter

NAMES = '<names variable="author"><name form="short" and="text" initialize-with=". "/></names>'
YEAR = '<date variable="issued"><date-part name="year"/></date>'


def processor(citation: str, items: list[dict[str, Any]], *, options: str = "", bibliography: str = "") -> Processor:
    style = compile_style(
        f'<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">'
        f'<citation {options}><layout delimiter="; ">{citation}</layout></citation>{bibliography}</style>',
        "test",
    )
    found = Processor(style, items)
    found.sort()
    found.disambiguate()
    return found


def cited(found: Processor, *cites: str | Cite) -> str:
    pieces = found.citation([cite if isinstance(cite, Cite) else Cite(cite) for cite in cites])
    return TextWriter().write(settle(pieces, found.locale.quote_marks()))


def work(id: str, *names: str, year: int = 2000, **more: Any) -> dict[str, Any]:
    people = [dict(zip(("family", "given"), name.split("/"), strict=False)) for name in names]
    return {"id": id, "type": "book", "author": people, "issued": {"date-parts": [[year]]}, **more}


AUTHOR_DATE = f'<group delimiter=" ">{NAMES}{YEAR}</group>'


def test_one_family_name_for_two_people_shows_given_names() -> None:
    works = [work("a", "Doe/John"), work("b", "Doe/Ann"), work("c", "Roe/Jim")]
    found = processor(AUTHOR_DATE, works, options='disambiguate-add-givenname="true"')
    assert cited(found, "a", "b", "c") == "J. Doe 2000; A. Doe 2000; Roe 2000"


def test_more_names_are_shown_until_cites_differ_and_no_longer() -> None:
    works = [work("a", "Doe/J", "Roe/J", "Poe/J"), work("b", "Doe/J", "Low/J", "Poe/J")]
    found = processor(AUTHOR_DATE, works, options='disambiguate-add-names="true" et-al-min="2" et-al-use-first="1"')
    assert cited(found, "a", "b") == "Doe, Roe, et al. 2000; Doe, Low, et al. 2000"


def test_works_that_nothing_else_tells_apart_have_letters() -> None:
    works = [work("a", "Doe/J"), work("b", "Doe/J"), work("c", "Doe/J", year=2001)]
    found = processor(AUTHOR_DATE, works, options='disambiguate-add-year-suffix="true"')
    assert cited(found, "a", "b", "c") == "Doe 2000a; Doe 2000b; Doe 2001"


def test_letters_go_on_after_z() -> None:
    works = [work(f"w{number}", "Doe/J") for number in range(28)]
    found = processor(AUTHOR_DATE, works, options='disambiguate-add-year-suffix="true"')
    assert cited(found, "w25", "w26", "w27") == "Doe 2000z; Doe 2000aa; Doe 2000ab"


def test_runs_of_numbers_become_ranges() -> None:
    works = [work(str(number), "Doe/J") for number in range(1, 7)]
    found = processor('<text variable="citation-number"/>', works, options='collapse="citation-number"')
    assert cited(found, "1", "2", "3", "5", "6") == "1–3; 5; 6"


def test_names_that_cites_share_stand_once() -> None:
    works = [work("a", "Doe/J"), work("b", "Doe/J", year=2001), work("c", "Roe/J")]
    found = processor(AUTHOR_DATE, works, options='collapse="year"')
    assert cited(found, "a", "b", "c") == "Doe 2000, 2001; Roe 2000"


def test_a_group_of_empty_variables_prints_no_words() -> None:
    group = '<group delimiter=" "><text term="in"/><text variable="container-title"/></group>'
    found = processor(f"{NAMES}{group}", [work("a", "Doe/J")])
    assert cited(found, "a") == "Doe"


def test_what_stood_in_for_a_name_is_not_printed_again() -> None:
    names = '<names variable="author"><substitute><text variable="title"/></substitute></names>'
    found = processor(f'<group delimiter=", ">{names}<text variable="title"/></group>', [work("a", title="Anon")])
    assert cited(found, "a") == "Anon"


def test_affixes_of_a_cite_stand_around_it() -> None:
    found = processor(AUTHOR_DATE, [work("a", "Doe/J")])
    assert cited(found, Cite("a", prefix="see", suffix=", and elsewhere")) == "see Doe 2000, and elsewhere"
    assert cited(found, Cite("a", suppress_author=True)) == "2000"
    assert cited(found, Cite("a", author_only=True)) == "Doe"


def test_positions_in_notes() -> None:
    found = processor(AUTHOR_DATE, [work("a", "Doe/J"), work("b", "Roe/J")])
    text = [([Cite("a")], 1), ([Cite("a", locator="3")], 2), ([Cite("b")], 3), ([Cite("a")], 4), ([Cite("a")], 11)]
    cites = [cluster[0] for cluster in positioned(found, text)]
    assert [cite.position for cite in cites] == ["first", "ibid-with-locator", "first", "subsequent", "subsequent"]
    assert [cite.near_note for cite in cites] == [False, True, False, True, False]
    assert cites[3].first_note == 1


@pytest.mark.parametrize(
    ("rule", "second"), [("complete-all", "—"), ("partial-each", "— and Poe"), ("partial-first", "— and Poe")]
)
def test_repeated_authors_in_a_list_give_way_to_a_mark(rule: str, second: str) -> None:
    names = '<names variable="author"><name form="short" and="text"/></names>'
    options = f'subsequent-author-substitute="—" subsequent-author-substitute-rule="{rule}"'
    other = "Roe/A" if rule == "complete-all" else "Poe/A"
    works = [work("a", "Doe/J", "Roe/A"), work("b", "Doe/J", other)]
    found = processor(
        AUTHOR_DATE, works, bibliography=f"<bibliography {options}><layout>{names}</layout></bibliography>"
    )
    printed = [TextWriter().write(pieces) for _, pieces in found.bibliography()]
    assert printed == ["Doe and Roe", second]


def test_a_list_is_sorted_without_regard_to_accents_and_capitals_and_what_has_no_key_comes_last() -> None:
    works = [work("z", "Zola/E"), work("none"), work("e", "Émile/A"), work("d", "eaton/B")]
    keys = '<sort><key variable="author"/></sort>'
    found = processor(AUTHOR_DATE, works, bibliography=f"<bibliography>{keys}<layout>{NAMES}</layout></bibliography>")
    assert found.order == ["d", "e", "z", "none"]
