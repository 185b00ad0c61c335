"""A CSL style: its XML read once and compiled to elements.

References:
    Citation Style Language 1.0.2, "File Types", "Style Structure" and "Inheritable Name Options".
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from evidencekb.errors import StyleError
from evidencekb.sources.csl import elements as parts
from evidencekb.sources.csl.dates import DateElement
from evidencekb.sources.csl.elements import Element, Look
from evidencekb.sources.csl.locales import NS, Locale, language, load
from evidencekb.sources.csl.names import NameLabel, Names

LARGEST = 4_000_000
_DEEPEST = 60
_LONGEST = 2_000
_PRINTED = frozenset({"prefix", "suffix", "delimiter", "value"})
_NAME_OPTIONS = (
    "and", "delimiter-precedes-et-al", "delimiter-precedes-last", "et-al-min", "et-al-use-first",
    "et-al-subsequent-min", "et-al-subsequent-use-first", "et-al-use-last", "initialize", "initialize-with",
    "name-as-sort-order", "sort-separator",
)  # fmt: skip
_INHERITED = {"name-form": "form", "name-delimiter": "name-delimiter", "names-delimiter": "names-delimiter"}


@dataclass(frozen=True, slots=True)
class SortKey:
    """``key``: what a list is sorted by.

    Attributes:
        variable: A variable, or "".
        elements: The elements of a macro, or none.
        descending: Whether the largest comes first.
        overrides: Name options that hold for the key.
    """

    variable: str
    elements: tuple[Element, ...]
    descending: bool
    overrides: dict[str, str]


@dataclass(frozen=True, slots=True)
class Area:
    """``citation`` or ``bibliography``.

    Attributes:
        elements: What the layout holds.
        look: The layout's formatting and affixes.
        delimiter: What stands between cites.
        keys: What it is sorted by.
        attributes: The area's options.
        calls_suffix: Whether it says itself where the year suffix stands.
    """

    elements: tuple[Element, ...]
    look: Look
    delimiter: str
    keys: tuple[SortKey, ...]
    attributes: dict[str, str]
    calls_suffix: bool


@dataclass(slots=True)
class Compiled:
    """A style, ready to print.

    Attributes:
        name: Its name or path, for messages.
        id: The address by which it is known; "" when it has none.
        title: What it calls itself.
        lang: The language it is written in, or "".
        citation: How a source is mentioned.
        bibliography: How it is listed; None when the style has no list.
        attributes: Options of the whole style.
        overlays: Its own words for languages.
    """

    name: str
    id: str
    title: str
    lang: str
    citation: Area
    bibliography: Area | None
    attributes: dict[str, str]
    overlays: tuple[ET.Element, ...]
    _locales: dict[str, Locale] = field(default_factory=dict)
    _name_options: dict[str, dict[str, str]] = field(default_factory=dict)

    def option(self, name: str) -> str:
        """An option of the whole style; "" when it is not set."""
        return self.attributes.get(name, "")

    def locale(self, lang: str) -> Locale:
        """A language, with the style's own words."""
        if lang not in self._locales:
            self._locales[lang] = load(lang, self.overlays)
        return self._locales[lang]

    def area(self, name: str) -> Area:
        """The area with this name."""
        return self.bibliography if name == "bibliography" and self.bibliography else self.citation

    def name_options(self, area: str) -> dict[str, str]:
        """The name options that an area and the style set."""
        if area not in self._name_options:
            self._name_options[area] = {**_inheritable(self.attributes), **_inheritable(self.area(area).attributes)}
        return self._name_options[area]

    @property
    def numeric(self) -> bool:
        """Whether sources are mentioned by their number."""
        return self.attributes.get("citation-format", "") in ("numeric", "label")


def _inheritable(attributes: dict[str, str]) -> dict[str, str]:
    found = {name: attributes[name] for name in _NAME_OPTIONS if name in attributes}
    return found | {to: attributes[name] for name, to in _INHERITED.items() if name in attributes}


def compile_style(text: str | bytes, name: str) -> Compiled:
    """Compile a style's XML.

    Raises:
        StyleError: If it is no independent CSL 1.0 style, or calls what it does not define.
    """
    root = _root(text, name)
    return _Compiler(root, name).style()


def _root(text: str | bytes, name: str) -> ET.Element:
    if len(text) > LARGEST:
        raise StyleError(name, f"it is larger than {LARGEST:,} bytes, which no style is")
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise StyleError(name, f"it is not UTF-8: {error.reason} at byte {error.start}") from None
    # Entities that a document defines can grow without bound, and no style needs them.
    if "<!DOCTYPE" in text:
        raise StyleError(name, "it has a DOCTYPE, which is not read; take it out")
    try:
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise StyleError(name, f"it is not well-formed XML: {error}") from None
    if root.tag != f"{NS}style":
        raise StyleError(name, f"its root is {root.tag!r}; a CSL 1.0 style opens with 'style' in {NS[1:-1]}")
    for element in root.iter():
        # A prefix is set as often as its element is printed.
        for attribute, value in list(element.attrib.items()):
            if len(value) > _LONGEST:
                raise StyleError(
                    name, f"a {attribute!r} in it has {len(value):,} letters; an attribute holds at most {_LONGEST:,}"
                )
            if attribute in _PRINTED and "&#" in value:
                # Written for a processor that prints HTML and nothing else.
                element.set(attribute, html.unescape(value))
    for link in root.iter(f"{NS}link"):
        if link.get("rel") == "independent-parent" and root.find(f"{NS}citation") is None:
            raise StyleError(name, f"it only points to another style; use {link.get('href', 'that')!r}")
    if root.find(f"{NS}citation/{NS}layout") is None:
        raise StyleError(name, "it has no 'citation' with a 'layout'")
    return root


class _Compiler:
    """Compiles one style."""

    def __init__(self, root: ET.Element, name: str) -> None:
        self.root = root
        self.name = name
        self.sources = {macro.get("name", ""): macro for macro in root.findall(f"{NS}macro")}
        self.macros: dict[str, tuple[Element, ...]] = {}
        self.open: list[str] = []
        self.makers: dict[str, Callable[[ET.Element, int], Element]] = {
            "text": self._text,
            "number": self._number,
            "label": self._label,
            "group": self._group,
            "choose": self._choose,
            "date": self._date,
            "names": self._names,
        }

    def style(self) -> Compiled:
        attributes = dict(self.root.attrib)
        for category in self.root.iter(f"{NS}category"):
            if category.get("citation-format"):
                attributes["citation-format"] = category.get("citation-format", "")
        lang = language(self.root.get("default-locale", ""))
        title = self.root.findtext(f"{NS}info/{NS}title") or self.name
        citation = self._area("citation")
        if citation is None:
            raise StyleError(self.name, "it has no 'citation' with a 'layout'")
        overlays = tuple(self.root.findall(f"{NS}locale"))
        id = self.root.findtext(f"{NS}info/{NS}id") or ""
        return Compiled(self.name, id, title, lang, citation, self._area("bibliography"), attributes, overlays)

    def _area(self, name: str) -> Area | None:
        element = self.root.find(f"{NS}{name}")
        layout = element.find(f"{NS}layout") if element is not None else None
        if element is None or layout is None:
            return None
        keys = tuple(self._key(key) for key in element.findall(f"{NS}sort/{NS}key"))
        look = Look.of(dict(layout.attrib))
        return Area(
            self._all(layout, 0),
            look,
            layout.get("delimiter", ""),
            keys,
            dict(element.attrib),
            self._calls_suffix(layout),
        )

    def _key(self, key: ET.Element) -> SortKey:
        overrides = {
            to: key.get(name, "")
            for name, to in (
                ("names-min", "et-al-min"),
                ("names-use-first", "et-al-use-first"),
                ("names-use-last", "et-al-use-last"),
            )
            if key.get(name)
        }
        for name in ("et-al-min", "et-al-use-first"):
            if name in overrides:
                overrides[name.replace("et-al", "et-al-subsequent")] = overrides[name]
        macro = key.get("macro")
        elements = self._macro(macro, 0) if macro else ()
        return SortKey(key.get("variable", ""), elements, key.get("sort") == "descending", overrides)

    def _calls_suffix(self, layout: ET.Element) -> bool:
        seen: set[str] = set()
        waiting = [layout]
        while waiting:
            for element in waiting.pop().iter():
                if element.get("variable") == "year-suffix":
                    return True
                macro = element.get("macro")
                if macro and macro not in seen and macro in self.sources:
                    seen.add(macro)
                    waiting.append(self.sources[macro])
        return False

    def _macro(self, name: str, depth: int) -> tuple[Element, ...]:
        if name in self.open:
            raise StyleError(self.name, f"its macro {name!r} calls itself, by way of {' > '.join(self.open)}")
        if name not in self.macros:
            if name not in self.sources:
                raise StyleError(self.name, f"it calls a macro {name!r} that it does not define")
            self.open.append(name)
            self.macros[name] = self._all(self.sources[name], depth)
            self.open.pop()
        return self.macros[name]

    def _all(self, parent: ET.Element, depth: int) -> tuple[Element, ...]:
        if depth > _DEEPEST:
            raise StyleError(self.name, f"its elements are nested more than {_DEEPEST} deep, its macros counted in")
        return tuple(self._elements(parent, depth))

    def _elements(self, parent: ET.Element, depth: int) -> Iterator[Element]:
        for child in parent:
            tag = child.tag.removeprefix(NS)
            if tag not in self.makers:
                raise StyleError(self.name, f"its element '{tag}' is none that CSL 1.0.2 has at this place")
            yield self.makers[tag](child, depth)

    def _text(self, child: ET.Element, depth: int) -> Element:
        look = Look.of(dict(child.attrib))
        if (variable := child.get("variable")) is not None:
            return parts.TextVariable(variable, child.get("form", ""), look)
        if (macro := child.get("macro")) is not None:
            self._macro(macro, depth + 1)
            return parts.TextMacro(macro, self.macros, look)
        if (term := child.get("term")) is not None:
            return parts.TextTerm(term, child.get("form", "long"), child.get("plural") == "true", look)
        return parts.TextValue(child.get("value", ""), look)

    def _number(self, child: ET.Element, depth: int) -> Element:
        return parts.Number(child.get("variable", ""), child.get("form", "numeric"), Look.of(dict(child.attrib)))

    def _label(self, child: ET.Element, depth: int) -> Element:
        look = Look.of(dict(child.attrib))
        return parts.Label(
            child.get("variable", ""), child.get("form", "long"), child.get("plural", "contextual"), look
        )

    def _group(self, child: ET.Element, depth: int) -> Element:
        return parts.Group(self._all(child, depth + 1), child.get("delimiter", ""), Look.of(dict(child.attrib)))

    def _choose(self, child: ET.Element, depth: int) -> Element:
        branches = []
        otherwise: tuple[Element, ...] = ()
        for branch in child:
            if branch.tag in (f"{NS}if", f"{NS}else-if"):
                attributes = dict(branch.attrib)
                branches.append((parts.tests(attributes), attributes.get("match", "all"), self._all(branch, depth + 1)))
            elif branch.tag == f"{NS}else":
                otherwise = self._all(branch, depth + 1)
        return parts.Choose(tuple(branches), otherwise)

    def _date(self, child: ET.Element, depth: int) -> Element:
        kept = tuple((child.get("date-parts") or "year-month-day").split("-"))
        return DateElement(
            child.get("variable", ""),
            child.get("form", ""),
            kept,
            tuple(child.findall(f"{NS}date-part")),
            child.get("delimiter", ""),
            Look.of(dict(child.attrib)),
        )

    def _names(self, child: ET.Element, depth: int) -> Element:
        name = child.find(f"{NS}name")
        attributes: dict[str, str] = {}
        result = Names(tuple(child.get("variable", "").split()), attributes, Look.of(dict(child.attrib)))
        if child.get("delimiter") is not None:
            attributes["names-delimiter"] = child.get("delimiter", "")
        for option in _NAME_OPTIONS:
            if child.get(option) is not None:
                attributes[option] = child.get(option, "")
        if name is not None:
            attributes |= {option: value for option, value in name.attrib.items() if option in (*_NAME_OPTIONS, "form")}
            if name.get("delimiter") is not None:
                attributes["name-delimiter"] = name.get("delimiter", "")
            result.name_look = Look.of(dict(name.attrib))
            for part in name.findall(f"{NS}name-part"):
                if part.get("name") in ("family", "given"):
                    setattr(result, part.get("name", ""), Look.of(dict(part.attrib)))
        if (et_al := child.find(f"{NS}et-al")) is not None:
            result.et_al = (et_al.get("term", "et-al"), Look.of(dict(et_al.attrib)))
        if (label := child.find(f"{NS}label")) is not None:
            order = [inner.tag for inner in child]
            leads = f"{NS}name" in order and order.index(f"{NS}label") < order.index(f"{NS}name")
            form, plural = label.get("form", "long"), label.get("plural", "contextual")
            result.label = NameLabel(form, plural, Look.of(dict(label.attrib)), leads)
        if (substitute := child.find(f"{NS}substitute")) is not None:
            result.substitute = self._all(substitute, depth + 1)
        result.bare = len(child) == 0
        return result
