"""References in any CSL style, as text, HTML and Markdown, with a short form for running text.

>>> article = {
...     "id": "noy2023", "type": "article-journal",
...     "title": "Experimental evidence on the productivity effects of generative artificial intelligence",
...     "author": [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "Whitney"}],
...     "issued": {"date-parts": [[2023, 7, 13]]}, "container-title": "Science",
...     "volume": "381", "issue": "6654", "page": "187-192", "DOI": "10.1126/science.adh2586",
... }
>>> (reference,) = format_references([article], "apa")
>>> print(reference.text)
Noy, S., & Zhang, W. (2023). Experimental evidence on the productivity effects of generative artificial intelligence. \
Science, 381(6654), 187–192. https://doi.org/10.1126/science.adh2586
>>> reference.short
'(Noy & Zhang, 2023)'

References:
    Citation Style Language 1.0.2. What prints them is :mod:`evidencekb.sources.csl`; why it is our own stands in decision 23.
    References that a pack keeps printed are the business of :mod:`evidencekb.sources.subsets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evidencekb import ids
from evidencekb.answers.records import Formatted
from evidencekb.errors import FormatError, QuestionError, StyleError
from evidencekb.names import nearest
from evidencekb.sources.completing import completed
from evidencekb.sources.csl import locales
from evidencekb.sources.csl.elements import Cite
from evidencekb.sources.csl.processor import Processor
from evidencekb.sources.csl.style import LARGEST, Compiled, compile_style
from evidencekb.sources.csl.texts import Mark, Pieces, plain, settle, without
from evidencekb.sources.csl.writing import HtmlWriter, MarkdownWriter, TextWriter
from evidencekb.sources.readying import letters, prepared

_FOLDER = Path(__file__).parent / "csl" / "styles"
_FILES = {
    "apa": "apa.csl",
    "chicago-author-date": "chicago-author-date.csl",
    "ieee": "ieee.csl",
    "nature": "nature.csl",
    "vancouver": "elsevier-vancouver.csl",
}
STYLES: tuple[str, ...] = tuple(_FILES)
"""The styles that ship.

``vancouver`` is the style that some journals of Elsevier use, "Elsevier - Vancouver". It follows the Vancouver family, and
is not the National Library of Medicine's own; for that one give the path of ``nlm-citation-sequence.csl``.
"""

_PROBE: Mapping[str, Any] = MappingProxyType(
    {"id": "probe", "type": "book", "title": "Title", "author": [{"family": "Family", "given": "Given"}]}
    | dict.fromkeys(("URL", "DOI", "publisher", "volume", "page", "number", "container-title", "genre"), "1")
    | {name: {"date-parts": [[2020, 1, 2]]} for name in ("issued", "accessed")}
)
_LONGEST = 20_000
_LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Style:
    """A style, opened once.

    Attributes:
        name: One of :data:`STYLES`, or the path it was read from.
        title: What the style calls itself.
        digest: The digest of its file.
        compiled: The style as the processor reads it.
    """

    name: str
    title: str
    digest: str
    compiled: Compiled


def load_style(name_or_path: str | Path) -> Style:
    """Open a style.

    Args:
        name_or_path: One of :data:`STYLES`, or the path of a .csl file.

    Raises:
        StyleError: If there is no such style, or it cannot print references.

    Examples:
        >>> load_style("nature").title
        'Nature'
    """
    name = str(name_or_path)
    if name in _FILES:
        return _shipped(name)
    return style_of(style_text(name), name)


def style_text(name_or_path: str | Path) -> bytes:
    """The text of a style, as its file holds it.

    Raises:
        StyleError: If there is no such style, or it cannot be read.
    """
    name = str(name_or_path)
    if name in _FILES:
        return (_FOLDER / _FILES[name]).read_bytes()
    path = Path(name)
    if path.suffix != ".csl" and not path.is_file():
        raise StyleError(
            name,
            f"no style is called that{nearest(name, STYLES)}; those that ship are {', '.join(STYLES)}; "
            "or give the path of a .csl file",
        )
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file has
        raise StyleError(name, f"it cannot be read: {getattr(error, 'strerror', None) or error}") from None


@lru_cache(maxsize=len(_FILES))
def _shipped(name: str) -> Style:
    return style_of(style_text(name), name)


@lru_cache(maxsize=len(_FILES))
def shipped_digest(name: str) -> str:
    """The digest of a style that ships, without opening it as one."""
    return sha256(style_text(name)).hexdigest()


def style_of(text: bytes, name: str) -> Style:
    """Compile the text of a style.

    Raises:
        StyleError: If it cannot print references, or prints without end.
    """
    compiled = compile_style(text, name)
    if compiled.bibliography is None:
        raise StyleError(
            name, "it has no 'bibliography', so it prints no references; take one of the same family that has"
        )
    style = Style(name, compiled.title, sha256(text).hexdigest(), compiled)
    # A style that never comes to an end is refused where it is named, not with the first source.
    processor = Telling(style, [_PROBE], "en-US").processor
    processor.reference("probe")
    processor.citation([Cite("probe")])
    return style


def format_references(
    items: Sequence[Mapping[str, Any]], style: Style | str | Path, *, locale: str = "en-US"
) -> tuple[Formatted, ...]:
    """Print references.

    Args:
        items: CSL-JSON items with distinct ids. Titles may hold CSL's inline markup (i, b, sup, sub, span). A list of
            names may end in ``{"literal": "others"}``, which prints as the style's "et al.".
        style: An opened style, or what :func:`load_style` takes.
        locale: The language of the words between.

    Returns:
        One reference an item, in the order given and numbered by it. Letters after years ("2023a") tell the items of
        this call apart, in the order in which the style would list them. The mark that some styles set in place of
        repeated authors is not: each reference stands by itself.

    Raises:
        StyleError: If the style or the language cannot be used.
        FormatError: If an item cannot be printed.
    """
    opened = style if isinstance(style, Style) else load_style(style)
    check_language(opened.name, locale)
    return tuple(Telling(opened, items, locale).formatted())


class Telling:
    """Items told apart from one another in a style, and then printed.

    Attributes:
        processor: Holds the items as the style can print them.
        compared: Readings of cites that were held against one another.
    """

    def __init__(
        self,
        style: Style,
        items: Sequence[Mapping[str, Any]],
        locale: str,
        numbers: Mapping[str, int] | None = None,
    ) -> None:
        _check_items(style.name, items)
        self._style = style
        self._pairs = [(item, prepared(item, style.compiled.id)) for item in items]
        self.processor = Processor(style.compiled, [ready for _, ready in self._pairs], locale)
        self.processor.numbers |= numbers or {}
        self.compared = self.processor.order_and_tell_apart()

    def formatted(self) -> Iterator[Formatted]:
        """Each item's reference, in the order given.

        Raises:
            FormatError: If an item cannot be printed.
        """
        marks = self.processor.locale.quote_marks()
        for given, ready in self._pairs:
            id = str(ready["id"])
            reference = settle(completed(ready, given, self.processor), marks)
            text = _line(TextWriter().write(reference))
            _check_printed(self.processor, id, self._style.name, reference, text)
            html, markdown = _line(HtmlWriter().write(reference)), _line(MarkdownWriter().write(reference))
            yield Formatted(id, text, html, markdown, self._mention(id))

    def _mention(self, id: str) -> str:
        note = self._style.compiled.option("class") == "note"
        mention = self.processor.citation([Cite(id, position="subsequent" if note else "first")])
        return _line(TextWriter().write(settle(mention, self.processor.locale.quote_marks())))


def cite_figure(reference: str, pack_name: str, pack_version: str, address: str | None, seen: str) -> str:
    """How to cite a figure: its producer first, the pack that holds it second.

    Args:
        reference: The reference of the source that produced the figure, as plain text.
        pack_name: The pack's name.
        pack_version: The pack's version.
        address: Where the pack or the figure can be seen, an http or https address; or None.
        seen: The day it was seen, as YYYY-MM-DD.

    Raises:
        ValueError: If the reference is empty, or the day is none.
        QuestionError: If the address is none that a reader can open.

    Examples:
        >>> print(cite_figure("Noy S, Zhang W (2023). Experimental evidence.", "evidencekb", "1.0.0", None, "2026-11-25"))
        Noy S, Zhang W (2023). Experimental evidence. As held in evidencekb, version 1.0.0 (seen 2026-11-25).
    """
    producer = " ".join(reference.split())
    if not producer:
        raise ValueError("a figure is cited by its producer's reference, which is empty")
    date.fromisoformat(seen)
    if address and (problem := ids.problem("url", address)):
        raise QuestionError(f"where a figure can be seen: {problem}")
    # A stop after an address would be taken for a part of it.
    ended = producer[-1] in ".!?\u2026" or re.search(r"(?:https?://|doi:)\S+$", producer)
    place = f", {address}" if address else ""
    return f"{producer}{'' if ended else '.'} As held in {pack_name}, version {pack_version}{place} (seen {seen})."


def check_language(style: str, locale: str) -> None:
    """Refuse a language that nothing is known of.

    Raises:
        StyleError: If it is one.
    """
    lang = locales.language(locale)
    if not lang or (locales.dialect(lang) == "en-US" and lang.split("-")[0] != "en"):
        raise StyleError(
            style, f"nothing is known of the language {locale!r}; give one such as 'en-US', 'de-DE' or 'fr'"
        )


def _check_items(style: str, items: Sequence[object]) -> None:
    seen: set[str] = set()
    for place, item in enumerate(items):
        if not isinstance(item, Mapping) or not isinstance(id := item.get("id"), str | int) or not str(id).strip():
            raise FormatError(style, f"number {place + 1} of the list", "it has no id; give each item a text as its id")
        if str(id) in seen:
            raise FormatError(style, str(id), "another item of the list has the same id; give each its own")
        seen.add(str(id))
        for name, value in item.items():
            _check_value(style, str(id), name, value)


def _check_value(style: str, id: str, name: str, value: object) -> None:
    if isinstance(value, str) and len(value) > _LONGEST:
        raise FormatError(style, id, f"its {name} has {len(value):,} letters; a reference holds at most {_LONGEST:,}")
    for entry in value if isinstance(value, list) else ():
        for part in entry.values() if isinstance(entry, Mapping) else ():
            if isinstance(part, str) and len(part) > _LONGEST_NAME:
                raise FormatError(
                    style, id, f"a name in its {name} has {len(part):,} letters; at most {_LONGEST_NAME} are printed"
                )


def _line(text: str) -> str:
    return " ".join(text.split())


def _check_printed(processor: Processor, id: str, style: str, reference: Pieces, text: str) -> None:
    """Refuse a reference by which nobody could find the source."""
    item = processor.items[id]
    bare = letters(plain(without(reference, Mark.NUMBER)))
    names = [name.literal or name.family or name.given for role in ("author", "editor") for name in item.names(role)[0]]
    known = [_bare(item.text(name)) for name in ("title", "title-short", "container-title", "URL", "DOI", "number")]
    if any(letters(value) in bare for value in (*known, *names) if letters(value)):
        return
    given = ", ".join(sorted(name for name in item.data if name not in ("id", "type"))) or "nothing"
    raise FormatError(
        style,
        id,
        f"the style prints {text!r}, by which nobody could find it; the item has {given}: add a title, or change its type",
    )


def _bare(text: str) -> str:
    """A field without its inline markup."""
    return re.sub(r"</?(?:i|b|sup|sub|sc|span)(?: [^<>]{0,60})?>", "", text)
