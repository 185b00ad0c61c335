"""``names``: who wrote, edited or decided something.

References:
    Citation Style Language 1.0.2, "Names" and "Name-part Order".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evidencekb.sources.csl.elements import NOTHING, Called, Context, Element, Look, Rendered, joined
from evidencekb.sources.csl.items import Name
from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, Span, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = Look()
# Where one list of people did both jobs, it is printed once.
_BOTH = ("editor", "translator")
_INITIAL = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class NameLabel:
    """``label`` in ``names``: "editor", "eds."."""

    form: str
    plural: str
    look: Look
    leads: bool

    def pieces(self, variable: str, count: int, context: Context) -> Pieces:
        """The word for what so many people did."""
        many = self.plural == "always" or (self.plural != "never" and count > 1)
        word = context.locale.term(variable, self.form, plural=many)
        return self.look.dress([Leaf(word)] if word else [], context)


@dataclass(slots=True)
class Names:
    """``names``, compiled.

    Attributes:
        variables: The roles, in order.
        attributes: Of ``names`` and ``name``, which go before those of the style.
        look: Of ``names``.
        name_look: Of ``name``.
        family: Look of the family name.
        given: Look of the given name.
        et_al: The term for further names and its look.
        label: The word for the role, or None.
        substitute: What stands in when all roles are empty.
        bare: Whether nothing is said of the names' form.
    """

    variables: tuple[str, ...]
    attributes: dict[str, str]
    look: Look
    name_look: Look = _PLAIN
    family: Look = _PLAIN
    given: Look = _PLAIN
    et_al: tuple[str, Look] = ("et-al", _PLAIN)
    label: NameLabel | None = None
    substitute: tuple[Element, ...] = ()
    bare: bool = False
    _options: dict[str, dict[str, str]] = field(default_factory=dict)

    def options(self, context: Context) -> Mapping[str, str]:
        """The name options that hold here, the nearest element's first."""
        if context.area not in self._options:
            self._options[context.area] = {**context.style.name_options(context.area), **self.attributes}
        found = self._options[context.area]
        return {**found, **context.overrides} if context.overrides else found

    def render(self, context: Context) -> Rendered:
        """The names, or what stands in for them."""
        if self.bare and context.stood_for is not None:
            # Names that say nothing of their form are printed as those that they stand in for.
            return replace(context.stood_for, variables=self.variables, substitute=(), _options={}).render(context)
        variables = [
            variable for variable in self.variables if variable not in context.consumed and context.has(variable)
        ]
        if context.cite.suppress_author and "author" in variables and context.area == "citation":
            return NOTHING, Called.FILLED
        if not variables:
            return self._substituted(context)
        options = self.options(context)
        if options.get("form") == "count":
            return self._count(variables, options, context)
        parts = []
        for variable, role in self._merged(variables, context):
            context.touch(variable)
            names, more = context.item.names(variable)
            context.spend(len(names))
            pieces = Listing(self, options, context).pieces(names, more)
            pieces = [Span(Mark.LISTING, pieces)] if pieces else []
            if self.label:
                word = self.label.pieces(role, len(names) + more, context)
                pieces = [*word, *pieces] if self.label.leads else [*pieces, *word]
            parts.append(pieces)
        found = joined(parts, options.get("names-delimiter", ", " if len(parts) > 1 else ""))
        return self.look.dress([Span(Mark.NAMES, found)] if found else [], context), Called.FILLED

    def _merged(self, variables: list[str], context: Context) -> list[tuple[str, str]]:
        """Each role with the term that labels it."""
        pairs = [(variable, variable) for variable in variables]
        if set(_BOTH) <= set(variables) and self.label:
            first, second = (context.item.names(role) for role in _BOTH)
            term = next((name for name in ("editortranslator", "editor-translator") if context.locale.find(name)), "")
            if first == second and term:
                pairs = [(variable, term if role == _BOTH[0] else role) for variable, role in pairs if role != _BOTH[1]]
        return pairs

    def _count(self, variables: list[str], options: Mapping[str, str], context: Context) -> Rendered:
        shown = 0
        for variable in variables:
            names, more = context.item.names(variable)
            kept, _, _ = Listing(self, options, context).cut(names, more)
            shown += len(kept)
        return self.look.dress([Leaf(str(shown))] if shown else [], context), Called.FILLED

    def _substituted(self, context: Context) -> Rendered:
        listening, context.touched = context.touched, []
        outer, context.stood_for = context.stood_for, self
        for element in self.substitute:
            context.spend(1)
            context.depth += 1
            pieces, _ = element.render(context)
            context.depth -= 1
            if pieces:
                context.stood_for = outer
                # What stood in for the names is not printed a second time.
                context.consumed.update(context.touched)
                if listening is not None:
                    listening += context.touched
                context.touched = listening
                if not isinstance(element, Names):
                    pieces = self.look.affix(pieces)
                return pieces, Called.FILLED
            context.touched.clear()
        context.touched = listening
        context.stood_for = outer
        return NOTHING, Called.EMPTY


@dataclass(slots=True)
class Listing:
    """Prints one list of names."""

    element: Names
    options: Mapping[str, str]
    context: Context

    def cut(self, names: tuple[Name, ...], more: bool) -> tuple[tuple[Name, ...], Name | None, bool]:
        """The names that are shown, the last one after an ellipsis, and whether there are others."""
        options, context = self.options, self.context
        subsequent = context.area == "citation" and context.cite.position != "first"
        least, first = options.get("et-al-min", ""), options.get("et-al-use-first", "")
        if subsequent:
            least = options.get("et-al-subsequent-min", least)
            first = options.get("et-al-subsequent-use-first", first)
        limit = int(least) if least.isdigit() else 0
        if not limit or len(names) < limit:
            return names, None, more
        use = int(first) if first.isdigit() else 1
        if not context.sorting:
            use += context.distinct.more_names
        if use >= len(names):
            return names, None, more
        last = names[-1] if options.get("et-al-use-last") == "true" and not more and use <= len(names) - 2 else None
        return names[:use], last, True

    def pieces(self, names: tuple[Name, ...], more: bool) -> Pieces:
        """The names, with delimiters, "and", and "et al."."""
        options, context = self.options, self.context
        kept, last, others = self.cut(names, more)
        context.names_done += 1
        if context.names_done == 1:
            context.shown_names = [len(kept), len(names)]
        delimiter = options.get("name-delimiter", ", ")
        parts: list[Pieces] = [[Span(Mark.PERSON, self._person(name, place))] for place, name in enumerate(kept)]
        inverted = options.get("name-as-sort-order", "")
        ends_inverted = inverted == "all" or (inverted == "first" and len(kept) == 1)
        if last is not None:
            parts.append([Span(Mark.PERSON, self._person(last, len(names) - 1))])
            # The ellipsis takes the place of "and".
            body = joined(parts[:-1], delimiter)
            return self.element.name_look.dress([*body, Leaf(delimiter, True), Leaf("\u2026 "), *parts[-1]], context)
        if others:
            body = self.element.name_look.dress(joined(parts, delimiter), context)
            return body + self._et_al(len(kept), delimiter, ends_inverted) if kept else []
        word = {"text": context.locale.term("and"), "symbol": context.locale.term("and", "symbol") or "&"}
        conjunction = word.get(options.get("and", ""), "")
        if not conjunction or len(parts) < 2 or context.sorting:
            return self.element.name_look.dress(joined(parts, delimiter), context)
        body = joined(parts[:-1], delimiter)
        inverted_before = inverted == "all" or (inverted == "first" and len(parts) == 2)
        if self._comma(options.get("delimiter-precedes-last", "contextual"), len(parts) > 2, inverted_before):
            body.append(Leaf(delimiter, True))
            body.append(Leaf(f"{conjunction} ", True))
        else:
            body.append(Leaf(f" {conjunction} ", True))
        return self.element.name_look.dress([*body, *parts[-1]], context)

    def _et_al(self, shown: int, delimiter: str, inverted: bool) -> Pieces:
        term, look = self.element.et_al
        word = self.context.locale.term(term)
        if not word.strip() or self.context.sorting:
            return []
        comma = self._comma(self.options.get("delimiter-precedes-et-al", "contextual"), shown > 1, inverted)
        joint = delimiter if comma else " "
        return [Leaf(joint, True), *look.dress([Leaf(word)], self.context)]

    @staticmethod
    def _comma(rule: str, several: bool, inverted: bool) -> bool:
        return rule == "always" or (rule == "contextual" and several) or (rule == "after-inverted-name" and inverted)

    def _person(self, name: Name, place: int) -> Pieces:
        """One name in the order and form that the style wants."""
        options, context, element = self.options, self.context, self.element
        if name.literal:
            return element.family.dress(parse(name.literal), context)
        level = 0 if context.sorting or context.names_done > 1 else context.distinct.given.get(place, 0)
        form = options.get("form", "long")
        short = form == "short" and not level
        family = element.family
        if not name.family:
            return element.family.dress(parse(self._given(name, level)), context)
        if short:
            return family.dress(parse(_attached(name.kept, name.family)), context)
        initials_only = form == "short" and level == 1
        given = self._given(name, 2 if initials_only else level, abbreviate=initials_only)
        inverted = options.get("name-as-sort-order", "")
        sorted_order = inverted == "all" or (inverted == "first" and place == 0)
        if not name.latin or name.static:
            joint = " " if name.latin else ""
            return joined(
                [
                    family.dress(parse(_attached(name.kept, name.family)), context),
                    element.given.dress(parse(given), context),
                ],
                joint,
            )
        if sorted_order or context.sorting:
            return self._inverted(name, given)
        with_dropping = " ".join(filter(None, (given, name.dropping)))
        if name.dropping and name.dropping[-1] in "'\u2019-":
            parts = [
                element.given.dress(parse(given), context),
                family.dress(parse(_attached(name.dropping, _attached(name.kept, name.family))), context),
            ]
        else:
            parts = [
                element.given.dress(parse(with_dropping), context),
                family.dress(parse(_attached(name.kept, name.family)), context),
            ]
        whole = joined(parts, " ")
        if name.suffix:
            whole += [Leaf(", " if name.comma_suffix else " ", True), *parse(self._suffix(name))]
        return whole

    def _inverted(self, name: Name, given: str) -> Pieces:
        """Family name first."""
        context, element = self.context, self.element
        demote = context.style.option("demote-non-dropping-particle") or "display-and-sort"
        separator = self.options.get("sort-separator", ", ")
        if demote == "display-and-sort" or (context.sorting and demote == "sort-only"):
            family = name.family
            rest = " ".join(filter(None, (given, name.dropping, name.kept)))
        else:
            family = _attached(name.kept, name.family)
            rest = " ".join(filter(None, (given, name.dropping)))
        parts = [element.family.dress(parse(family), context), element.given.dress(parse(rest), context)]
        if name.suffix:
            parts.append(parse(self._suffix(name)))
        return joined(parts, separator)

    def _suffix(self, name: Name) -> str:
        """The suffix; a style whose initials have no stops sets none here either."""
        return name.suffix.rstrip(".") if self.options.get("initialize-with", ".").strip() == "" else name.suffix

    def _given(self, name: Name, level: int, *, abbreviate: bool = False) -> str:
        options = self.options
        mark = options.get("initialize-with")
        if mark is None or not name.latin:
            return name.given
        if options.get("initialize") == "false":
            return _marked(name.given, mark)
        if level >= 2 and not abbreviate:
            return name.given
        return initials(name.given, mark, self.context.style.option("initialize-with-hyphen") != "false")


def _attached(particle: str, family: str) -> str:
    """A particle before a name: a space, but none after an apostrophe or hyphen."""
    if not particle:
        return family
    return particle + family if particle[-1] in "'\u2019-" else f"{particle} {family}"


def initials(given: str, mark: str, hyphens: bool = True) -> str:
    """Given names as initials, each with a mark.

    Examples:
        >>> initials("Jean-Luc K.", ". "), initials("Jean-Luc", "."), initials("Jean-Luc", "", False)
        ('J.-L. K.', 'J.-L.', 'JL')
    """
    pieces: list[str] = []
    for word in given.replace("\u2019", "'").split():
        if word.startswith("("):  # a second given name that nobody shortens: "Peter (Senhuang)"
            pieces.append(f"{'' if not pieces or pieces[-1].endswith(' ') else ' '}{word} ")
            continue
        parts = [part for part in re.split(r"[-\u2010\u2011]", word) if part]
        short = [found for part in parts if (found := _short(part, mark))]
        if not short:
            continue
        if short[0][:1].islower() and len(parts) == 1 and word.rstrip(".").islower():
            # A particle in the given name is no name to shorten.
            if pieces and not pieces[-1].endswith(" "):
                pieces.append(" ")
            pieces.append(f"{word} ")
            continue
        joint = "-" if hyphens else ""
        pieces.append(joint.join(part.rstrip() if place < len(short) - 1 else part for place, part in enumerate(short)))
    return "".join(pieces).strip()


def _short(part: str, mark: str) -> str:
    if part.rstrip(".").islower() and len(part) > 1 and not part.endswith("."):
        return part
    dotted = [piece for piece in part.split(".") if piece]
    if len(dotted) > 1:
        return "".join(f"{found[0]}{mark}" for piece in dotted if (found := _INITIAL.search(piece)))
    found = _INITIAL.search(part)
    if not found:
        return ""
    return f"{found[0].upper()}{mark}"


def _marked(given: str, mark: str) -> str:
    """Initials that are initials already get the mark; names stay."""
    pieces = []
    for word in given.split():
        bare = word.rstrip(".")
        if len(bare) == 1 and bare.isalpha():
            pieces.append(f"{bare}{mark}".rstrip() + " " if not mark or mark.endswith(" ") else f"{bare}{mark}")
        elif re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?", word):
            pieces.append("".join(f"{letter}{mark}" for letter in word if letter != "."))
        else:
            if pieces and not pieces[-1].endswith(" "):
                pieces.append(" ")
            pieces.append(f"{word} ")
    return "".join(pieces).strip()
