r"""Markup that registries and databases leave in their texts, as Unicode text with the inline tags of CSL.

JATS, HTML and MathML become text, and so does mathematics between dollar signs; of their tags only ``<i>``, ``<b>``,
``<sup>``, ``<sub>``, small capitals and what keeps its case stay, under the names that CSL has for them. What only looks
like a tag (``List<String>``, ``p < 0.05``) is left alone. Characters that cannot be seen and say nothing go.

>>> inline("Growth of <jats:italic>E.&#160;coli</jats:italic> &amp;amp; others\n   at <em>p</em> &lt; 0.05")
'Growth of <i>E. coli</i> & others at <i>p</i> < 0.05'
>>> inline("<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math> in List<String>, $E=mc^2$")
'x<sup>2</sup> in List<String>, E=mc²'

References:
    NISO Z39.96, JATS. W3C, Mathematical Markup Language. CSL 1.0.2, the inline tags of its input.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from evidencekb.sources import latex

_SMALL_CAPITALS = '<span style="font-variant:small-caps;">'
_NO_CASE = '<span class="nocase">'
_KEPT = {
    "i": "<i>", "italic": "<i>", "em": "<i>", "b": "<b>", "bold": "<b>", "strong": "<b>", "sup": "<sup>", "sub": "<sub>",
    "inf": "<sub>", "sc": _SMALL_CAPITALS, "scp": _SMALL_CAPITALS, "small-caps": _SMALL_CAPITALS,
}  # fmt: skip
_BLOCKS = frozenset(
    "p title sec list list-item br break hr div li ul ol h1 h2 h3 h4 h5 h6 disp-formula disp-quote blockquote def-list "
    "def-item abstract tr table".split()
)
_DROPPED = frozenset(
    "a alternatives annotation annotation-xml article-title big body center cite code def email etal ext-link fn font "
    "graphic html img inline-formula inline-graphic label monospace named-content overline q roman s sans-serif small "
    "span strike styled-content subtitle term tex-math tt u underline uri xref "
    "math maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms "
    "mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics".split()
)
_NAMES = _DROPPED | _BLOCKS | frozenset(_KEPT)
_EMPTY = frozenset("br break hr img mspace none mprescripts".split())
_SILENT = frozenset({"annotation", "annotation-xml"})
# Elements of mathematics in which white space means nothing.
_SPACELESS = frozenset(
    "math mrow mstyle mfrac msqrt mroot msub msup msubsup munder mover munderover mfenced semantics mtable mtr".split()
)
_PREFIXES = frozenset({"jats:", "mml:", "m:", "xhtml:", "html:"})
_TAG = re.compile(
    r"<(?P<close>/?)(?P<prefix>[A-Za-z][\w.-]{0,19}:)?(?P<name>[A-Za-z][\w-]{0,29})"
    r"(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=/]+))*)\s*(?P<empty>/?)>"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HALF = re.compile(r"[\ud800-\udfff]")
# Control characters, and those that turn the direction of what follows: a text with them is read otherwise than it is.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
UNSEEN = "characters that cannot be seen, and that change how a text is read; they were taken out"
"""What is said of characters that :func:`unseen` names."""

_DISPLAYED = re.compile(r"\$\$([^$]{1,500})\$\$")
_DEPTH = 60


@dataclass(slots=True)
class _Node:
    name: str
    attributes: str = ""
    parts: list[str | _Node] = field(default_factory=list)
    closed: bool = False


def inline(text: str, *, lines: bool = False) -> str:
    r"""A text as an item holds it: entities and markup undone, white space made single.

    Tags that do not come in pairs are dropped.

    Args:
        text: As a registry or a file has it.
        lines: True keeps the ends of lines, each line without white space around it, empty lines left out; what
            stands in a block of its own becomes a line.

    Examples:
        >>> inline("<p>One.</p><p>Two,\nthree.</p>", lines=True)
        'One.\nTwo,\nthree.'
        >>> inline("An <i>open tag, and x<y"), inline("Work<subtitle>A survey</subtitle>")
        ('An open tag, and x<y', 'Work: A survey')
    """
    return _spaced(_read(text, tags=True), lines=lines)


def paragraphs(text: str) -> str:
    r"""An abstract as plain text: no tags, one line a paragraph.

    Examples:
        >>> paragraphs("<jats:title>Aim</jats:title><jats:p>To test &lt;i&gt;this&lt;/i&gt;.</jats:p><jats:p />")
        'Aim\nTo test this.'
    """
    return _spaced(_read(text, tags=False), lines=True)


def plain_text(text: str) -> str:
    """A name or a word: entities are read, tags are gone.

    Examples:
        >>> plain_text("Urban &amp; Vogel")
        'Urban & Vogel'
    """
    return _spaced(_read(text, tags=False), lines=False)


def unescape(text: str) -> str:
    """A text with its entities read, also those that were escaped before (``&amp;lt;``).

    Examples:
        >>> unescape("R&amp;amp;D, AT&T, ?a=1&copy=2")
        'R&D, AT&T, ?a=1&copy=2'
    """
    for _ in range(3):
        if "&" not in text or (read := _ENTITY.sub(lambda match: html.unescape(match[0]), text)) == text:
            break
        text = read
    return text


def unseen(text: str) -> str:
    r"""The characters that reading a text takes out because they cannot be seen, each once; '' when it has none.

    Examples:
        >>> unseen("Gro\u202ewth\x00"), unseen("Growth\n")
        ('U+202E, U+0000', '')
    """
    if text.isprintable():
        return ""
    return ", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(_UNSEEN.findall(text)))


def seen(text: str) -> str:
    """The text without the characters that :func:`unseen` names."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def joined_title(title: str, subtitles: Iterable[str]) -> str:
    """Title and subtitles as one, each once.

    Examples:
        >>> joined_title("Adhesives", ["Part 5", ""]), joined_title("What is work?", ["A study"]), joined_title("A: b", ["b"])
        ('Adhesives: Part 5', 'What is work? A study', 'A: b')
    """
    for subtitle in subtitles:
        if subtitle and not title.casefold().endswith(subtitle.casefold()):
            mark = ": " if title and title[-1] not in ":?!.–—" else " " if title else ""
            title = f"{title}{mark}{subtitle}"
    return title


def _spaced(text: str, *, lines: bool) -> str:
    if not text.isprintable():
        text = _HALF.sub("\ufffd", seen(text))
    if not lines:
        return " ".join(text.split())
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def _read(text: str, *, tags: bool) -> str:
    text = unescape(text)
    if "<" in text:
        text = _render(_tree(text), tags=tags)
    return _mathematics_in(text, tags=tags) if "$" in text else text


def _mathematics_in(text: str, *, tags: bool) -> str:
    """The text with what stands between dollar signs as a file of BibTeX would have it read."""
    text = _DISPLAYED.sub(r"$\1$", text)
    # What was read brings other dollar signs together, but seldom twice.
    for _ in range(3):
        if (read := latex.mathematics(text, tags=tags)) == text:
            break
        text = read
    return text


def _tree(text: str) -> _Node:
    root = _Node("")
    stack = [root]
    place = 0
    for match in _TAG.finditer(text):
        name, prefix = match["name"].lower(), (match["prefix"] or "").lower()
        if not (prefix in _PREFIXES or (not prefix and name in _NAMES)):
            continue
        stack[-1].parts.append(text[place : match.start()])
        place = match.end()
        if match["close"]:
            if any(node.name == name for node in stack[1:]):
                while (node := stack.pop()).name != name:
                    pass
                node.closed = True
        elif match["empty"] or name in _EMPTY:
            stack[-1].parts.append(_Node(name))
        elif len(stack) < _DEPTH:
            stack[-1].parts.append(node := _Node(name, match["attributes"]))
            stack.append(node)
    stack[-1].parts.append(text[place:])
    return root


def _render(node: _Node, *, tags: bool) -> str:
    name = node.name
    if name in _SILENT:
        return ""
    parts = [part if isinstance(part, str) else _render(part, tags=tags) for part in node.parts]
    if name in _SPACELESS:
        children = [
            text for text, part in zip(parts, node.parts, strict=True) if isinstance(part, _Node) or text.strip()
        ]
        return _mathematics(name, children, tags=tags)
    if name in ("mi", "mn", "mo"):
        return "".join(parts).strip()
    if name == "mspace":
        return " "
    inner = _joined(node, parts, tags=tags)
    if name == "tex-math":
        formula = f"${inner.strip()}$" if "$" not in inner else inner
        return latex.rich(formula) if tags else latex.decode(formula)
    if name in _BLOCKS:
        return f"\n{inner}\n"
    start = _NO_CASE if name == "span" and "nocase" in node.attributes else _KEPT.get(name, "")
    if name == "span" and re.search(r"small-?caps", node.attributes):
        start = _SMALL_CAPITALS
    if tags and start and node.closed and inner.strip():
        return f"{start}{inner}</{start[1:].partition(' ')[0].rstrip('>')}>"
    return inner


def _joined(node: _Node, parts: list[str], *, tags: bool) -> str:
    """What stands in an element, a subtitle behind its title, mathematics once."""
    has_mathematics = any(isinstance(part, _Node) and part.name == "math" for part in node.parts)
    pieces: list[str] = []
    for part, text in zip(node.parts, parts, strict=True):
        name = part.name if isinstance(part, _Node) else ""
        if name == "subtitle" and tags:
            pieces = [joined_title("".join(pieces).strip(), [" ".join(text.split())])]
        elif not (name == "tex-math" and has_mathematics):
            pieces.append(text)
    return "".join(pieces)


def _mathematics(name: str, children: list[str], *, tags: bool) -> str:
    low, high = (("<sub>", "</sub>"), ("<sup>", "</sup>")) if tags else (("_", ""), ("^", ""))
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
