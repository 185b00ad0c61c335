"""Texts of services: JATS, MathML, HTML and entities become the inline tags of CSL, or plain text.

>>> inline("Growth of <jats:italic>E. coli</jats:italic> in H<sub>2</sub>O &amp;amp; brine")
'Growth of <i>E. coli</i> in H<sub>2</sub>O & brine'
>>> inline("<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math> for p < 0.05 and <stdio.h>")
'x<sup>2</sup> for p < 0.05 and <stdio.h>'

References:
    JATS, Journal Archiving Tag Set 1.3. MathML 3, presentation markup. CSL-JSON, rich text within fields.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_KEPT = {
    "i": ("<i>", "</i>"),
    "italic": ("<i>", "</i>"),
    "em": ("<i>", "</i>"),
    "b": ("<b>", "</b>"),
    "bold": ("<b>", "</b>"),
    "strong": ("<b>", "</b>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "inf": ("<sub>", "</sub>"),
    "sc": ('<span style="font-variant:small-caps;">', "</span>"),
    "scp": ('<span style="font-variant:small-caps;">', "</span>"),
}
_DROPPED = frozenset(
    "u underline tt monospace roman sans-serif overline strike s font span a small big p title sec list list-item label "
    "subtitle br hr inline-formula disp-formula alternatives named-content styled-content ext-link xref email uri fn "
    "math tex-math mi mn mo ms mtext mrow mstyle mfrac msqrt mroot msub msup msubsup munder mover munderover mfenced "
    "mspace mpadded mphantom menclose mtable mtr mtd mmultiscripts mprescripts none semantics annotation "
    "annotation-xml div h1 h2 h3 h4 ul ol li".split()
)
_BLOCKS = frozenset("p title sec list list-item div h1 h2 h3 h4 ul ol li br disp-formula".split())
_EMPTY = frozenset("br hr mspace none mprescripts".split())
_SILENT = frozenset("annotation annotation-xml tex-math".split())
_SPACELESS = frozenset(
    "math mrow mstyle mfrac msqrt mroot msub msup msubsup munder mover munderover mfenced semantics mtable mtr".split()
)
_NAMES = _DROPPED | _EMPTY | frozenset(_KEPT)
_PREFIXES = frozenset({"jats", "mml", "m", "xhtml", "html"})
_TAG = re.compile(r"<(/?)(?:([A-Za-z][\w.-]{0,19}):)?([A-Za-z][\w.-]{0,29})((?:\s[^<>]{0,500})?)(/?)>")
_DEPTH = 60


@dataclass(slots=True)
class _Node:
    name: str
    parts: list[str | _Node] = field(default_factory=list)
    closed: bool = False


def inline(text: str) -> str:
    """A title with the inline tags of CSL, white space made single.

    Tags that do not come in pairs are dropped; what only looks like a tag stays.
    """
    return " ".join(_render(_tree(unescape(text)), blocks=False).split())


def paragraphs(text: str) -> str:
    r"""An abstract as plain text: no tags, one line a paragraph.

    Examples:
        >>> paragraphs("<jats:title>Aim</jats:title><jats:p>To test &lt;i&gt;this&lt;/i&gt;.</jats:p><jats:p />")
        'Aim\nTo test this.'
    """
    rendered = _render(_tree(unescape(text)), blocks=True)
    lines = (" ".join(line.split()) for line in rendered.split("\n"))
    return "\n".join(line for line in lines if line)


def plain_text(text: str) -> str:
    """A name or a word: entities are read, tags are gone.

    Examples:
        >>> plain_text("Urban &amp; Vogel")
        'Urban & Vogel'
    """
    return " ".join(_render(_tree(unescape(text)), blocks=True).split())


def unescape(text: str) -> str:
    """A text with its entities read, also those that were written twice (``&amp;lt;``)."""
    for _ in range(3):
        if "&" not in text or (read := html.unescape(text)) == text:
            break
        text = read
    return text


def _tree(text: str) -> _Node:
    root = _Node("")
    stack = [root]
    place = 0
    for match in _TAG.finditer(text):
        closing, prefix, name, attributes, empty = match.groups()
        name = name.lower()
        if name not in _NAMES and (prefix or "").lower() not in _PREFIXES:
            continue
        if attributes and not (prefix or "=" in attributes):
            continue  # "<a few words>" is a text
        stack[-1].parts.append(text[place : match.start()])
        place = match.end()
        if closing:
            if any(node.name == name for node in stack[1:]):
                while (node := stack.pop()).name != name:
                    pass
                node.closed = True
        elif empty or name in _EMPTY:
            stack[-1].parts.append(_Node(name))
        elif len(stack) < _DEPTH:
            stack[-1].parts.append(node := _Node(name))
            stack.append(node)
    stack[-1].parts.append(text[place:])
    return root


def _render(node: _Node, *, blocks: bool) -> str:
    parts = [part if isinstance(part, str) else _render(part, blocks=blocks) for part in node.parts]
    name = node.name
    if name in _SILENT:
        return ""
    if name in _SPACELESS:
        children = [
            text for text, part in zip(parts, node.parts, strict=True) if isinstance(part, _Node) or text.strip()
        ]
        return _mathematics(name, children, blocks=blocks)
    if name in ("mi", "mn", "mo"):
        return "".join(parts).strip()
    inner = "".join(parts)
    if name == "subtitle" and not blocks:
        return f": {inner.strip()}" if inner.strip() else ""
    if name in _BLOCKS:
        return f"\n{inner}\n"
    if name == "mspace":
        return " "
    if name in _KEPT and node.closed and not blocks and inner.strip():
        start, end = _KEPT[name]
        return f"{start}{inner}{end}"
    return inner


def _mathematics(name: str, children: list[str], *, blocks: bool) -> str:
    low, high = (("<sub>", "</sub>"), ("<sup>", "</sup>")) if not blocks else (("_", ""), ("^", ""))
    if name in ("msub", "munder") and len(children) == 2:
        return f"{children[0]}{low[0]}{children[1]}{low[1]}"
    if name == "msup" and len(children) == 2:
        return f"{children[0]}{high[0]}{children[1]}{high[1]}"
    if name in ("msubsup", "munderover") and len(children) == 3:
        return f"{children[0]}{low[0]}{children[1]}{low[1]}{high[0]}{children[2]}{high[1]}"
    if name == "mfrac" and len(children) == 2:
        return f"{children[0]}/{children[1]}"
    if name == "msqrt":
        return f"√({''.join(children)})" if len("".join(children)) > 1 else f"√{''.join(children)}"
    if name == "mfenced":
        return f"({', '.join(children)})"
    return "".join(children)
