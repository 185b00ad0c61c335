"""Hypothesis strategies of works, for property tests of the formats they are written to and read from.

Found by its public name, :func:`evidencekb.testing.csl_items`. Hypothesis has to be installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from hypothesis import strategies as st

from evidencekb.sources.items import DATES, NAMES, NUMBERS, OTHERS, TEXTS, TYPES, VARIABLES, Item, date_of
from evidencekb.sources.markup import inline

Strategy: TypeAlias = st.SearchStrategy[Any]

# Simplest first: that is where a failing example shrinks to.
_WORDS = (
    "work", "Growth", "of", "the", "R&D", "AI", "é", "Ünïcode", "“quoted”", "o’clock", "50%", "$5", "#1", "C++", "C#",
    "a_b", "x<y", "p", "<", "0.05", "{braces}", "back\\slash", "~", "^", "(1st", "ed.)", "数据", "معرفة", "'single'",
    '"double"', "en–dash", "em—dash", "a/b", "List<String>", "@home", "!", "A,", "B;",
)  # fmt: skip
_TAGGED = ("<i>E. coli</i>", "CO<sub>2</sub>", "x<sup>2</sup>", "<b>bold</b>")
_FAMILIES = ("Noy", "Zhang", "Müller", "O’Neil", "García Márquez", "Smith-Jones", "李", "d'Alembert")
_GIVENS = ("Shakked", "W.", "Jean-Paul A.", "Ágnes", "小龙", "J. K.")
_BODIES = ("OpenAI", "Forum for Examples", "U.S. Department of Labor", "Department of Labor, Bureau of Statistics",
           "Smith & Sons", "E.ON", "IBM Research Group")  # fmt: skip
_EDTF = (
    "2023", "2023-07", "2023-07-13", "2021/2022", "2022-12-30/2023-01-02", "1999~", "2020-21", "2020-23", "0987", "-0044",
    "199x", "../2020", "forthcoming",
)  # fmt: skip
_NUMBERS = ("1", "12", "S1", "3A", "12-13", "2nd", "Suppl. 1")
_PAGES = ("187-192", "12", "e0815", "iv-xii", "10–19", "1-5, 9", "A1-A7", "103")
_SINGLE: dict[str, tuple[str, ...]] = {
    "page": _PAGES,
    "number": ("7", "WP 31161", "3:23-cv-00770", "2021/17"),
    "DOI": ("10.1126/science.adh2586", "10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1"),
    "ISBN": ("978-0-306-40615-7", "0306406152", "9780306406157"),
    "ISSN": ("0036-8075", "2049-3630"),
    "PMID": ("37440646", "1"),
    "PMCID": ("PMC5938574",),
    "URL": ("https://example.org/a?b=1&c=~x#top", "http://example.org/", "ftp://example.org/file.pdf"),
    "language": ("en", "de-AT", "English"),
    "number-of-pages": ("20", "412"),
    "keyword": ("work", "work; AI; R&D", "Nurses, older; x<y"),
}
_ARXIV = ("2303.10130", "2303.10130v2", "hep-th/9901001")
# Styles compose it of two other variables, and CSL's input schema has no name for it.
_COMPOSED = frozenset({"editor-translator"})


def csl_items(*, types: Iterable[str] = TYPES, variables: Iterable[str] = VARIABLES) -> st.SearchStrategy[Item]:
    """Works as this library holds them, with up to twelve variables each.

    Args:
        types: Types to choose from.
        variables: Variables to choose from; ``id`` and ``type`` are always there.

    Returns:
        Items that keep what :mod:`evidencekb.sources.items` promises: dates, names, identifiers and texts in their one
        form, no empty values. Texts hold accents, quotes, signs that formats escape, and the inline tags of CSL in
        titles.
    """
    known = sorted(set(variables) & (VARIABLES - {"id", "type"} - _COMPOSED))
    return _items(st.sampled_from(sorted(types)), known)


@st.composite
def _items(draw: st.DrawFn, types: Strategy, variables: list[str]) -> Item:
    item = {"id": draw(st.sampled_from(("noy2023", "a", "Müller_2020:1", "x-1"))), "type": draw(types)}
    for name in draw(st.lists(st.sampled_from(variables), max_size=12, unique=True)) if variables else ():
        item[name] = draw(_value(name))
    return item


def _value(variable: str) -> Strategy:
    if variable == "custom":
        return st.sampled_from(_ARXIV).map(lambda number: {"arxiv": number})
    if variable in NAMES:
        return _people()
    if variable in DATES:
        return st.sampled_from(_EDTF).map(date_of)
    if variable in _SINGLE:
        return st.sampled_from(_SINGLE[variable])
    if variable in NUMBERS:
        return st.sampled_from(_NUMBERS)
    assert variable in TEXTS, variable
    if variable in ("abstract", "annote", "note"):
        return st.lists(_texts(_WORDS), min_size=1, max_size=3).map("\n".join)
    return _texts((*_WORDS, *_TAGGED) if "title" in variable else _WORDS)


def _texts(words: tuple[str, ...]) -> Strategy:
    """Lines of words that mean nothing but themselves."""
    same: Callable[[str], bool] = lambda text: inline(text) == text  # noqa: E731 - a name that says what is asked
    return st.lists(st.sampled_from(words), min_size=1, max_size=6).map(" ".join).filter(same)


def _people() -> Strategy:
    family, given = st.sampled_from(_FAMILIES), st.sampled_from(_GIVENS)
    person = st.fixed_dictionaries({"family": family, "given": given}) | st.fixed_dictionaries(
        {"family": family},
        optional={
            "given": given,
            "suffix": st.sampled_from(("Jr.", "III")),
            "non-dropping-particle": st.sampled_from(("van", "de la")),
            "dropping-particle": st.just("von"),
        },
    )
    body = st.sampled_from(_BODIES).map(lambda name: {"literal": name})
    ends = st.sampled_from(([], [dict(OTHERS)]))
    return st.tuples(st.lists(person | body, min_size=1, max_size=4), ends).map(lambda pair: pair[0] + pair[1])
