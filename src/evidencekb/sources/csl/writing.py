"""Settled text as plain text, HTML and Markdown."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from urllib.parse import quote

from evidencekb.sources.csl.texts import Leaf, Mark, Pieces

_STATES = {
    Mark.ITALIC: ("style", "italic"),
    Mark.UPRIGHT: ("style", ""),
    Mark.BOLD: ("weight", "bold"),
    Mark.LIGHT: ("weight", "light"),
    Mark.MEDIUM: ("weight", ""),
    Mark.SMALL_CAPS: ("caps", "small"),
    Mark.PLAIN_CAPS: ("caps", ""),
    Mark.UNDERLINE: ("line", "under"),
    Mark.NO_LINE: ("line", ""),
    Mark.SUPER: ("height", "super"),
    Mark.SUB: ("height", "sub"),
    Mark.BASELINE: ("height", ""),
}
_HTML = {
    ("style", "italic"): ("<i>", "</i>"),
    ("style", ""): ('<span style="font-style:normal;">', "</span>"),
    ("weight", "bold"): ("<b>", "</b>"),
    ("weight", "light"): ('<span style="font-weight:lighter;">', "</span>"),
    ("weight", ""): ('<span style="font-weight:normal;">', "</span>"),
    ("caps", "small"): ('<span style="font-variant:small-caps;">', "</span>"),
    ("caps", ""): ('<span style="font-variant:normal;">', "</span>"),
    ("line", "under"): ('<span style="text-decoration:underline;">', "</span>"),
    ("line", ""): ('<span style="text-decoration:none;">', "</span>"),
    ("height", "super"): ("<sup>", "</sup>"),
    ("height", "sub"): ("<sub>", "</sub>"),
    ("height", ""): ('<span style="baseline">', "</span>"),
}
_BLOCKS = {
    Mark.BLOCK: "csl-block",
    Mark.LEFT_MARGIN: "csl-left-margin",
    Mark.RIGHT_INLINE: "csl-right-inline",
    Mark.INDENT: "csl-indent",
}
_MARKDOWN = {
    ("style", "italic"): ("*", "*"),
    ("weight", "bold"): ("**", "**"),
    ("height", "super"): ("<sup>", "</sup>"),
    ("height", "sub"): ("<sub>", "</sub>"),
}
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~^$&]")
_LIST_MARK = re.compile(r"(\d+)([.)])(?=\s)|([-+])(?=\s)")


def escape_html(text: str) -> str:
    """Text for HTML: the characters that could be markup become entities.

    Examples:
        >>> escape_html("R&D <i>")
        'R&#38;D &#60;i&#62;'
    """
    return text.replace("&", "&#38;").replace("<", "&#60;").replace(">", "&#62;")


def escape_markdown(text: str) -> str:
    r"""Text for Markdown: what could be markup has a backslash.

    Examples:
        >>> escape_markdown("f_1 * <b>")
        'f\\_1 \\* \\<b\\>'
    """
    return _SPECIAL.sub(r"\\\g<0>", text)


class Writer(ABC):
    """Writes pieces; what a mark looks like is told by the tables of the subclass."""

    tags: dict[tuple[str, str], tuple[str, str]]

    def write(self, pieces: Pieces) -> str:
        """The pieces, whose punctuation is settled."""
        return self._written(pieces, {})

    @abstractmethod
    def escape(self, text: str) -> str:
        """Text that means no markup."""

    def link(self, body: str, target: str) -> str:
        """A link; ``body`` is written already."""
        return body

    def layout(self, mark: Mark, body: str) -> str:
        """A part that a style sets apart, written already."""
        return body if mark is not Mark.LEFT_MARGIN or body.endswith(" ") else f"{body} "

    def tagged(self, body: str, opening: str, closing: str) -> str:
        """Marked text, written already."""
        return f"{opening}{body}{closing}"

    def _written(self, pieces: Pieces, state: dict[str, str]) -> str:
        parts: list[str] = []
        for piece in pieces:
            if isinstance(piece, Leaf):
                parts.append(self.escape(piece.text))
                continue
            kind, value = _STATES.get(piece.mark, ("", ""))
            if kind and piece.flips and state.get(kind, "") == value:
                value = ""
            body = self._written(piece.kids, {**state, kind: value} if kind else state)
            if not body:
                continue
            if piece.mark in _BLOCKS:
                body = self.layout(piece.mark, body)
            elif piece.mark is Mark.LINK:
                body = self.link(body, _safe_target(piece.target))
            elif kind and state.get(kind, "") != value and (kind, value) in self.tags:
                body = self.tagged(body, *self.tags[kind, value])
            parts.append(body)
        return "".join(parts)


_NO_TAGS: dict[tuple[str, str], tuple[str, str]] = {}


class TextWriter(Writer):
    """Plain text."""

    tags = _NO_TAGS

    def escape(self, text: str) -> str:
        """The text itself."""
        return text


class HtmlWriter(Writer):
    """HTML with nothing but i, b, sup, sub, span and a.

    Attributes:
        links: Whether addresses are links.
        blocks: Whether parts that a style sets apart are div elements, as the CSL test suite has them.
    """

    tags = _HTML

    def __init__(self, *, links: bool = True, blocks: bool = False) -> None:
        self.links = links
        self.blocks = blocks

    def escape(self, text: str) -> str:
        """The text with entities; letters that Unicode has as superscripts become raised ones."""
        text = escape_html(text)
        return text if text.isascii() else "".join(_raised(letter) for letter in text)

    def link(self, body: str, target: str) -> str:
        """An ``a`` to an http(s) address."""
        return f'<a href="{escape_html(target)}">{body}</a>' if self.links and target else body

    def layout(self, mark: Mark, body: str) -> str:
        """A div, when wanted."""
        if not self.blocks:
            return super().layout(mark, body)
        return f'<div class="{_BLOCKS[mark]}">{body if mark is Mark.LEFT_MARGIN else body.rstrip()}</div>'


class MarkdownWriter(Writer):
    """CommonMark."""

    tags = _MARKDOWN

    def write(self, pieces: Pieces) -> str:
        """The pieces; a number at the start is no list."""
        text = super().write(pieces).strip()
        return (
            _LIST_MARK.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", text, count=1)
            if _LIST_MARK.match(text)
            else text
        )

    def escape(self, text: str) -> str:
        """The text with backslashes."""
        return escape_markdown(text)

    def link(self, body: str, target: str) -> str:
        """A link to an http(s) address."""
        return f"[{body}](<{target}>)" if target else body

    def tagged(self, body: str, opening: str, closing: str) -> str:
        """Emphasis; with a space inside its stars it would be none."""
        if not opening.startswith("*"):
            return super().tagged(body, opening, closing)
        bare = body.strip()
        lead, tail = body[: len(body) - len(body.lstrip())], body[len(body.rstrip()) :]
        return f"{lead}{opening}{bare}{closing}{tail}" if bare else body


def _raised(letter: str) -> str:
    kind, _, base = unicodedata.decomposition(letter).partition(" ")
    return f"<sup>{chr(int(base, 16))}</sup>" if kind == "<super>" and " " not in base else letter


def _safe_target(address: str) -> str:
    """An http(s) address with everything quoted that could end an attribute or a link; "" for any other."""
    if not re.match(r"https?://[^/\s]", address, re.IGNORECASE):
        return ""
    return quote(address, safe="/:?#@!$&()*+,;=%~._-")
