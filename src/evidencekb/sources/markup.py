r"""Markup that registries and databases leave in their texts, as Unicode text with the inline tags of CSL.

JATS, HTML and MathML become text; of their tags only ``<i>``, ``<b>``, ``<sup>``, ``<sub>`` and small capitals stay,
under the names that CSL has for them. What only looks like a tag (``List<String>``, ``p < 0.05``) is left alone.

>>> inline("Growth of <jats:italic>E.&#160;coli</jats:italic> &amp;amp; others\n   at <em>p</em> &lt; 0.05")
'Growth of <i>E. coli</i> & others at <i>p</i> < 0.05'
>>> inline("<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math> in List<String>")
'x<sup>2</sup> in List<String>'

References:
    NISO Z39.96, JATS. W3C, Mathematical Markup Language. CSL 1.0.2, the inline tags of its input.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_TAG = re.compile(
    r"<(?P<close>/?)(?P<prefix>[A-Za-z][\w.-]*:)?(?P<name>[A-Za-z][\w-]*)"
    r"(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*)\s*(?P<empty>/?)>"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_SMALL_CAPITALS = '<span style="font-variant:small-caps;">'
_KEPT = {
    "i": "i", "italic": "i", "em": "i", "b": "b", "bold": "b", "strong": "b", "sup": "sup", "sub": "sub",
    "sc": "sc", "scp": "sc", "small-caps": "sc", "span": "span",
}  # fmt: skip
_BLOCKS = frozenset({
    "p", "title", "sec", "list", "list-item", "br", "break", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5",
    "h6", "disp-formula", "disp-quote", "blockquote", "def-list", "def-item", "abstract", "tr", "table",
})  # fmt: skip
_DROPPED = frozenset({
    "a", "alternatives", "article-title", "body", "center", "cite", "code", "def", "email", "etal", "ext-link", "fn",
    "font", "graphic", "html", "img", "inline-formula", "inline-graphic", "label", "monospace", "named-content",
    "overline", "q", "roman", "s", "sans-serif", "small", "big", "strike", "styled-content", "term", "tex-math", "tt",
    "u", "underline", "uri", "xref", "math", "semantics", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mstyle",
    "mfenced", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup", "mover", "munder", "munderover", "mpadded",
    "mphantom", "mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd", "menclose", "maction", "merror",
})  # fmt: skip
_PREFIXES = frozenset({"jats:", "mml:", "m:", "xhtml:", "html:"})
# The operands of MathML's scripts, and how each but the base is written.
_SCRIPTS = {"msup": ("", "sup"), "msub": ("", "sub"), "msubsup": ("", "sub", "sup")}
_BETWEEN = {"mfrac": "/"}


@dataclass(slots=True)
class _Open:
    """An element of mathematics that is open.

    Attributes:
        name: Its local name.
        close: What is written when it closes.
        seen: How many operands have begun.
    """

    name: str
    close: str = ""
    seen: int = 0


@dataclass(slots=True)
class _Converter:
    """Collects the text of one value; ``open`` are its inline tags with the place of each in ``pieces``."""

    block: str
    pieces: list[str] = field(default_factory=list)
    open: list[tuple[str, int]] = field(default_factory=list)
    maths: list[_Open] = field(default_factory=list)

    def run(self, text: str) -> str:
        position = 0
        for match in _TAG.finditer(text):
            name = match["name"].lower()
            prefix = (match["prefix"] or "").lower()
            if not (prefix in _PREFIXES or (not prefix and (name in _KEPT or name in _BLOCKS or name in _DROPPED))):
                continue
            self._text(text[position : match.start()])
            position = match.end()
            if self.maths or name == "math":
                self._mathematics(name, closes=bool(match["close"]), empty=bool(match["empty"]))
            elif name in _KEPT:
                self._inline(_KEPT[name], match)
            elif name in _BLOCKS:
                self.pieces.append(self.block)
        self._text(text[position:])
        for _, at in self.open:
            self.pieces[at] = ""
        return "".join(self.pieces)

    def _text(self, text: str) -> None:
        self.pieces.append("".join(text.split()) if self.maths and self.maths[-1].name != "mtext" else text)

    def _inline(self, name: str, match: re.Match[str]) -> None:
        if match["empty"]:
            return
        if not match["close"]:
            self.open.append((name, len(self.pieces)))
            self.pieces.append({"span": f"<span{match['attributes']}>", "sc": _SMALL_CAPITALS}.get(name, f"<{name}>"))
        elif self.open and self.open[-1][0] == name:
            self.open.pop()
            self.pieces.append("</span>" if name in ("span", "sc") else f"</{name}>")

    def _mathematics(self, name: str, *, closes: bool, empty: bool) -> None:
        if closes:
            if self.maths and self.maths[-1].name == name:
                self.pieces.append(self.maths.pop().close)
            return
        close = ""
        if self.maths:
            around = self.maths[-1]
            scripts = _SCRIPTS.get(around.name, ())
            if around.seen < len(scripts) and scripts[around.seen]:
                self.pieces.append(f"<{scripts[around.seen]}>")
                close = f"</{scripts[around.seen]}>"
            elif around.seen:
                self.pieces.append(_BETWEEN.get(around.name, ""))
            around.seen += 1
        if empty:
            self.pieces.append(" " if name == "mspace" else "")
            self.pieces.append(close)
        else:
            self.maths.append(_Open(name, close))


def inline(text: str, *, lines: bool = False) -> str:
    r"""A text as an item holds it: entities and markup undone, white space made single.

    Args:
        text: As a registry or a file has it.
        lines: True keeps the ends of lines, each line without white space around it, empty lines left out; what
            stands in a block of its own becomes a line.

    Examples:
        >>> inline("<p>One.</p><p>Two,\nthree.</p>", lines=True)
        'One.\nTwo,\nthree.'
        >>> inline("An <i>open tag, and x<y")
        'An open tag, and x<y'
    """
    for _ in range(2):  # registries escape what was escaped before
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text:
        text = _Converter("\n" if lines else " ").run(text)
    if not text.isprintable():
        text = _HALF.sub("\ufffd", _CONTROL.sub("", text))
    if not lines:
        return " ".join(text.split())
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
