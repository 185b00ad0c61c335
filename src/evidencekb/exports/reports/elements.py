"""HTML written from Python: every text is escaped, unless it is HTML that was made here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidencekb.escaping import escaped

_VOID = frozenset({"br", "input", "link", "meta"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | Iterable["Child"] | None


def text(value: str) -> Html:
    """A text as HTML shows it; see :func:`evidencekb.escaping.escaped`."""
    return Html(escaped(value))


def el(name: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """An element. Texts among its children are escaped; None is nothing.

    Attributes lose a closing underline, and underlines inside become hyphens; one that is None or False is left out.

    Examples:
        >>> el("p", "2 < 3", el("br"), ["a", None], class_="x", data_kind='"', hidden=True)
        '<p class="x" data-kind="&quot;" hidden>2 &lt; 3<br>a</p>'
    """
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{text(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{together(children)}</{name}>")


def together(children: Child) -> Html:
    """Children one after the other, without an element around them."""
    if children is None:
        return Html()
    if isinstance(children, Html):
        return children
    if isinstance(children, str):
        return text(children)
    return Html("".join(map(together, children)))


def link(address: str | None, label: str) -> Html:
    """A link to the open web; what leads elsewhere, or runs, is printed as text.

    Examples:
        >>> link("https://a.example/?q=1&r", "A"), link("javascript:alert(1)", "B")
        ('<a href="https://a.example/?q=1&amp;r" rel="noopener noreferrer">A</a>', 'B')
    """
    if address is None or not re.match(r"https?://[^\s/]", address, re.IGNORECASE):
        return text(label)
    return el("a", label, href=address, rel="noopener noreferrer")


def listed(items: Iterable[Child], **attributes: str | bool | None) -> Html | None:
    """A list of items; nothing when there are none."""
    held = [el("li", item) for item in items]
    return el("ul", held, **attributes) if held else None
