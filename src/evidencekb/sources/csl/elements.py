"""The rendering elements of a style, compiled once: each turns an item into pieces of text.

References:
    Citation Style Language 1.0.2, "Rendering Elements", "Choose" and "Group".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from evidencekb.errors import StyleError
from evidencekb.sources.csl import casing, numbers
from evidencekb.sources.csl.items import NUMBERS, Item, is_numeric, is_plural
from evidencekb.sources.csl.locales import Locale
from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, Span, parse

if TYPE_CHECKING:
    from evidencekb.sources.csl.names import Names
    from evidencekb.sources.csl.style import Compiled


MOST = 50_000
"""Elements that a style may print for one reference, or one mention of it; those that ship print some hundreds."""

DEEPEST = 100
"""Elements around one another, through all macros."""

_LETTERS_AN_ELEMENT = 64
_TESTS_AN_ELEMENT = 16


class Called(IntEnum):
    """What happened to the variables that an element calls: a group of empty ones prints nothing at all."""

    NONE = 0
    EMPTY = 1
    FILLED = 2


@dataclass(frozen=True, slots=True)
class Cite:
    """One mention of an item.

    Attributes:
        id: The item's id.
        locator: The place in it, such as "33".
        label: What the locator counts.
        prefix: Text before it.
        suffix: Text after it.
        suppress_author: Whether the text around it names the author already.
        author_only: Whether only the author is wanted.
        position: "first", "subsequent", "ibid" or "ibid-with-locator".
        near_note: Whether an earlier mention is near.
        first_note: The number of the note with the first mention; 0 when there is none.
    """

    id: str
    locator: str = ""
    label: str = "page"
    prefix: str = ""
    suffix: str = ""
    suppress_author: bool = False
    author_only: bool = False
    position: str = "first"
    near_note: bool = False
    first_note: int = 0


@dataclass(slots=True)
class Distinct:
    """What tells a cite from others that would read the same.

    Attributes:
        more_names: Names shown beyond what et-al allows.
        given: How much of a given name is shown, for each name by its place: 1 for initials, 2 for all of it.
        condition: Whether the style's ``disambiguate="true"`` holds.
        suffix: The letters after the year.
    """

    more_names: int = 0
    given: dict[int, int] = field(default_factory=dict)
    condition: bool = False
    suffix: str = ""


@dataclass(slots=True)
class Context:
    """What an element needs to know.

    Attributes:
        item: The item.
        style: The style.
        locale: The language.
        area: "citation" or "bibliography".
        cite: The mention.
        distinct: What tells it from others.
        number: The item's number in the list.
        label: The item's citation label.
        sorting: Whether a sort key is made.
        consumed: Variables that stood in for missing names, and are not printed again.
        touched: Variables printed since somebody began to listen, or None.
        pending_suffix: Whether the year suffix still has to be put after a year.
        overrides: Name options that a sort key sets.
        names_done: How many elements ``names`` have printed.
        stood_for: The ``names`` that others stand in for just now.
        shown_names: How many names the first list shows, and how many it has.
        spent: How many elements were printed, a long text counting for several.
        depth: How many elements stand around the one that is printed.
    """

    item: Item
    style: Compiled
    locale: Locale
    area: str
    cite: Cite
    distinct: Distinct
    number: int = 0
    label: str = ""
    sorting: bool = False
    consumed: set[str] = field(default_factory=set)
    touched: list[str] | None = None
    pending_suffix: bool = False
    overrides: dict[str, str] = field(default_factory=dict)
    names_done: int = 0
    stood_for: Names | None = None
    shown_names: list[int] = field(default_factory=list)
    spent: int = 0
    depth: int = 0

    def spend(self, count: int) -> None:
        """Count elements; a few macros that call one another would print more than anybody can wait for.

        Raises:
            StyleError: If the style prints more than a reference can hold.
        """
        self.spent += count
        if self.spent > MOST or self.depth > DEEPEST:
            problem = (
                f"it prints more than {MOST:,} elements for one reference"
                if self.spent > MOST
                else f"its elements are nested more than {DEEPEST} deep, its macros counted in"
            )
            raise StyleError(self.style.name, f"{problem}; let its macros call one another less often")

    def text(self, variable: str, form: str = "") -> str:
        """A variable's value here."""
        if variable in self.consumed:
            return ""
        if variable == "citation-number":
            return str(self.number) if self.number else ""
        if variable == "locator":
            return self.cite.locator
        if variable == "year-suffix":
            return self.distinct.suffix
        if variable == "citation-label":
            return self.label + self.distinct.suffix if self.label else ""
        if variable == "first-reference-note-number":
            return str(self.cite.first_note) if self.cite.first_note else ""
        return self.item.text(variable, form)

    def has(self, variable: str) -> bool:
        """Whether a variable has a value here, printed already or not."""
        if variable in ("citation-number", "locator", "year-suffix", "citation-label", "first-reference-note-number"):
            return bool(self.text(variable))
        return self.item.has(variable)

    def touch(self, variable: str) -> None:
        """Say that a variable was printed."""
        if self.touched is not None:
            self.touched.append(variable)


Rendered = tuple[Pieces, Called]
NOTHING: Pieces = []


class Element(Protocol):
    """What a style is made of."""

    def render(self, context: Context) -> Rendered:
        """The element's text for an item, and what became of its variables."""
        ...


_STYLES = {
    ("font-style", "italic"): Mark.ITALIC,
    ("font-style", "oblique"): Mark.ITALIC,
    ("font-style", "normal"): Mark.UPRIGHT,
    ("font-variant", "small-caps"): Mark.SMALL_CAPS,
    ("font-variant", "normal"): Mark.PLAIN_CAPS,
    ("font-weight", "bold"): Mark.BOLD,
    ("font-weight", "light"): Mark.LIGHT,
    ("font-weight", "normal"): Mark.MEDIUM,
    ("text-decoration", "underline"): Mark.UNDERLINE,
    ("text-decoration", "none"): Mark.NO_LINE,
    ("vertical-align", "sup"): Mark.SUPER,
    ("vertical-align", "sub"): Mark.SUB,
    ("vertical-align", "baseline"): Mark.BASELINE,
}
_DISPLAYS = {
    "block": Mark.BLOCK,
    "left-margin": Mark.LEFT_MARGIN,
    "right-inline": Mark.RIGHT_INLINE,
    "indent": Mark.INDENT,
}


@dataclass(frozen=True, slots=True)
class Look:
    """Formatting, capitals, quotes and affixes of an element.

    Attributes:
        marks: Spans around the text, the innermost first.
        prefix: Text before it, outside the spans.
        suffix: Text after it.
        case: A value of ``text-case``, or "".
        quotes: Whether it stands in quotation marks.
        strips: Whether full stops are taken out.
    """

    marks: tuple[Mark, ...] = ()
    prefix: str = ""
    suffix: str = ""
    case: str = ""
    quotes: bool = False
    strips: bool = False
    display: Mark | None = None

    @classmethod
    def of(cls, attributes: dict[str, str]) -> Look:
        """What an element's attributes say."""
        names = ("font-style", "font-variant", "font-weight", "text-decoration", "vertical-align")
        found = (_STYLES.get((name, attributes.get(name, ""))) for name in names)
        return cls(
            tuple(mark for mark in found if mark),
            attributes.get("prefix", ""),
            attributes.get("suffix", ""),
            attributes.get("text-case", ""),
            attributes.get("quotes") == "true",
            attributes.get("strip-periods") == "true",
            _DISPLAYS.get(attributes.get("display", "")),
        )

    def format(self, pieces: Pieces, context: Context) -> Pieces:
        """Spans, capitals and quotes, without affixes."""
        if self.strips:
            pieces = casing.without_stops(pieces)
        if self.case:
            lang = context.item.text("language") or context.locale.lang
            pieces = casing.cased(pieces, self.case, english=lang.lower().startswith("en"))
        for mark in self.marks:
            pieces = [Span(mark, pieces)]
        return [Span(Mark.QUOTES, pieces)] if self.quotes else pieces

    def affix(self, pieces: Pieces) -> Pieces:
        """The pieces between the prefix and the suffix."""
        if self.prefix:
            pieces = [Leaf(self.prefix, True), *pieces]
        if self.suffix:
            pieces = [*pieces, Leaf(self.suffix, True)]
        return [Span(self.display, pieces)] if self.display else pieces

    def dress(self, pieces: Pieces, context: Context) -> Pieces:
        """All of it; nothing stays nothing."""
        return self.affix(self.format(pieces, context)) if pieces else pieces


def joined(parts: Sequence[Pieces], delimiter: str) -> Pieces:
    """Parts with a delimiter between those that are not empty."""
    result: Pieces = []
    for part in parts:
        if part:
            if result and delimiter:
                result.append(Leaf(delimiter, True))
            result += part
    return result


def sequence(elements: Sequence[Element], context: Context, delimiter: str = "") -> Rendered:
    """Elements one after the other; those of a branch are delimited as if they stood here themselves."""
    parts: list[Pieces] = []
    called = Called.NONE
    context.depth += 1
    for element in _chosen(elements, context):
        pieces, calls = element.render(context)
        called = max(called, calls)
        if pieces:
            parts.append(pieces)
    context.depth -= 1
    return joined(parts, delimiter) if len(parts) != 1 else parts[0], called


def _chosen(elements: Sequence[Element], context: Context) -> Iterator[Element]:
    for element in elements:
        context.spend(1)
        if isinstance(element, Choose):
            yield from _chosen(element.branch(context), context)
        else:
            yield element


@dataclass(frozen=True, slots=True)
class TextValue:
    """``text value``: words of the style's own."""

    value: str
    look: Look

    def render(self, context: Context) -> Rendered:
        """The words."""
        context.spend(len(self.value) // _LETTERS_AN_ELEMENT)
        return self.look.dress([Leaf(self.value)] if self.value else [], context), Called.NONE


@dataclass(frozen=True, slots=True)
class TextTerm:
    """``text term``: a word of the language."""

    name: str
    form: str
    plural: bool
    look: Look

    def render(self, context: Context) -> Rendered:
        """The word."""
        word = context.locale.term(self.name, self.form, plural=self.plural)
        context.spend(len(word) // _LETTERS_AN_ELEMENT)
        return self.look.dress([Leaf(word, term=True)] if word else [], context), Called.NONE


@dataclass(frozen=True, slots=True)
class TextMacro:
    """``text macro``: elements that have a name."""

    name: str
    macros: dict[str, tuple[Element, ...]]
    look: Look

    def render(self, context: Context) -> Rendered:
        """The macro, which stands and falls as a group does."""
        pieces, called = sequence(self.macros[self.name], context)
        if called is Called.EMPTY or not pieces:
            return NOTHING, called
        return self.look.dress(pieces, context), Called.FILLED


_LINKS = {
    "DOI": "https://doi.org/",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/",
    "PMCID": "https://pmc.ncbi.nlm.nih.gov/articles/",
}


@dataclass(frozen=True, slots=True)
class TextVariable:
    """``text variable``: a value of the item."""

    variable: str
    form: str
    look: Look

    def render(self, context: Context) -> Rendered:
        """The value."""
        variable = self.variable
        value = context.text(variable, self.form)
        if not value:
            # Whether a year needs a letter says nothing of whether there is something to print.
            return NOTHING, Called.NONE if variable == "year-suffix" else Called.EMPTY
        context.touch(variable)
        context.spend(len(value) // _LETTERS_AN_ELEMENT)
        if variable == "year-suffix":
            context.pending_suffix = False
            return self.look.dress([Span(Mark.YEAR_SUFFIX, [Leaf(value)])], context), Called.FILLED
        if variable == "citation-number":
            return self.look.dress([Span(Mark.NUMBER, [Leaf(value)])], context), Called.FILLED
        if variable in ("page", "locator") and not context.sorting:
            if variable == "page" or context.cite.label == "page":
                delimiter = context.locale.term("page-range-delimiter") or "\u2013"
                value = numbers.page_ranges(value, context.style.option("page-range-format"), delimiter)
            else:
                value = numbers.page_ranges(value, "")
        elif variable in NUMBERS and variable not in ("number", "version", "section") and is_numeric(value):
            value = value.replace("-", "\u2013") if "-" in value else value
        if variable in ("URL", *_LINKS):
            target = value if variable == "URL" else _LINKS[variable] + value
            if variable == "DOI":
                value = _bare_doi(value)
                target = _LINKS["DOI"] + value
            pieces = self.look.format([Leaf(value)], context)
            if self.look.prefix.startswith("http"):
                pieces = [Leaf(self.look.prefix), *pieces]
                inside = Look(suffix=self.look.suffix, display=self.look.display)
                return inside.affix([Span(Mark.LINK, pieces, target=target)]), Called.FILLED
            return self.look.affix([Span(Mark.LINK, pieces, target=target)]), Called.FILLED
        return self.look.dress(parse(value), context), Called.FILLED


def _bare_doi(doi: str) -> str:
    for prefix in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
        if doi.lower().startswith(prefix):
            return doi[len(prefix) :].strip()
    return doi


@dataclass(frozen=True, slots=True)
class Number:
    """``number``: a number variable in a form."""

    variable: str
    form: str
    look: Look

    def render(self, context: Context) -> Rendered:
        """The number."""
        value = context.text(self.variable)
        if not value:
            return NOTHING, Called.EMPTY
        context.touch(self.variable)
        noun = context.locale.find(self.variable)
        if context.sorting:
            value = value.zfill(10) if value.isdigit() else value
        elif self.variable == "page" or (self.variable == "locator" and context.cite.label == "page"):
            delimiter = context.locale.term("page-range-delimiter") or "\u2013"
            value = numbers.page_ranges(value, context.style.option("page-range-format"), delimiter)
        else:
            value = numbers.formed(value, self.form, context.locale, noun.gender if noun else "")
        return self.look.dress([Leaf(value)], context), Called.FILLED


@dataclass(frozen=True, slots=True)
class Label:
    """``label`` outside ``names``: the word for what a number counts."""

    variable: str
    form: str
    plural: str
    look: Look

    def render(self, context: Context) -> Rendered:
        """The word, for one or for many; nothing without the number."""
        value = context.text(self.variable)
        if not value:
            return NOTHING, Called.EMPTY
        name = context.cite.label if self.variable == "locator" else self.variable
        if self.variable in ("number-of-pages", "number-of-volumes"):
            many = value.strip() != "1"
        elif self.variable == "number":  # a hyphen in a report's number is part of it
            many = is_plural(value.replace("-", "")) and is_numeric(value)
        else:
            many = is_plural(value) and (is_numeric(value) or self.variable in ("page", "locator"))
        many = self.plural == "always" or (self.plural != "never" and many)
        word = context.locale.term(name, self.form, plural=many)
        return self.look.dress([Leaf(word)] if word else [], context), Called.NONE


@dataclass(frozen=True, slots=True)
class Group:
    """``group``: elements that stand and fall together."""

    elements: tuple[Element, ...]
    delimiter: str
    look: Look

    def render(self, context: Context) -> Rendered:
        """The elements, unless all variables they call are empty.

        A group that prints something counts as a filled variable for the group around it.
        """
        pieces, called = sequence(self.elements, context, self.delimiter)
        if called is Called.EMPTY or not pieces:
            return NOTHING, called
        return self.look.dress(pieces, context), Called.FILLED


Test = Callable[[Context], bool]


@dataclass(frozen=True, slots=True)
class Choose:
    """``choose``: the first branch whose conditions hold.

    Attributes:
        branches: Conditions, how they combine ("all", "any", "none") and what they allow.
        otherwise: What stands when none holds.
    """

    branches: tuple[tuple[tuple[Test, ...], str, tuple[Element, ...]], ...]
    otherwise: tuple[Element, ...]

    def branch(self, context: Context) -> tuple[Element, ...]:
        """The elements of the branch that applies."""
        for tests, match, elements in self.branches:
            context.spend(len(tests) // _TESTS_AN_ELEMENT)
            if match == "any":
                holds = any(test(context) for test in tests)
            elif match == "none":
                holds = not any(test(context) for test in tests)
            else:
                holds = all(test(context) for test in tests)
            if holds:
                return elements
        return self.otherwise

    def render(self, context: Context) -> Rendered:
        """The branch that applies."""
        return sequence(self.branch(context), context)


def tests(attributes: dict[str, str]) -> tuple[Test, ...]:
    """The conditions of ``if`` or ``else-if``."""
    found: list[Test] = []
    for name, make in _TESTS.items():
        found += [make(value) for value in attributes.get(name, "").split()]
    return tuple(found)


def _is_type(value: str) -> Test:
    return lambda context: context.item.type == value


def _has(value: str) -> Test:
    return lambda context: context.has(value)


def _numeric(value: str) -> Test:
    return lambda context: is_numeric(text) if (text := context.text(value)) else False


def _uncertain(value: str) -> Test:
    return lambda context: context.item.date(value).circa


def _locator(value: str) -> Test:
    return lambda context: (
        bool(context.cite.locator) and context.cite.label.replace(" ", "-") == value.replace(" ", "-")
    )


def _disambiguate(value: str) -> Test:
    return lambda context: context.distinct.condition is (value == "true")


_POSITIONS = {
    "first": {"first"},
    "subsequent": {"subsequent", "ibid", "ibid-with-locator"},
    "ibid": {"ibid", "ibid-with-locator"},
    "ibid-with-locator": {"ibid-with-locator"},
}


def _position(value: str) -> Test:
    if value == "near-note":
        return lambda context: context.area == "citation" and context.cite.near_note
    wanted = _POSITIONS.get(value, set())
    return lambda context: context.area == "citation" and context.cite.position in wanted


_TESTS: dict[str, Callable[[str], Test]] = {
    "disambiguate": _disambiguate,
    "is-numeric": _numeric,
    "is-uncertain-date": _uncertain,
    "locator": _locator,
    "position": _position,
    "type": _is_type,
    "variable": _has,
}
