"""Formatted text: a tree of spans over leaves, read from inline markup, its quotation marks and punctuation settled.

A leaf is a piece of text. Fields give leaves of their own; prefixes, suffixes and delimiters give *soft* ones, whose
punctuation yields to that of their neighbours ("Inc." and the suffix "." print one stop).

References:
    Citation Style Language 1.0.2, "Affixes", "Formatting", "Quotes", and CSL-JSON's "HTML-like formatting tags".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class Mark(Enum):
    """What a span does to the text in it."""

    ITALIC = "italic"
    UPRIGHT = "upright"
    BOLD = "bold"
    LIGHT = "light"
    MEDIUM = "medium"
    SMALL_CAPS = "small caps"
    PLAIN_CAPS = "plain caps"
    UNDERLINE = "underline"
    NO_LINE = "no line"
    SUPER = "super"
    SUB = "sub"
    BASELINE = "baseline"
    QUOTES = "quotes"
    SINGLE_QUOTES = "single quotes"
    NOCASE = "nocase"
    BLOCK = "block"
    LEFT_MARGIN = "left margin"
    RIGHT_INLINE = "right inline"
    INDENT = "indent"
    YEAR_SUFFIX = "year suffix"
    YEAR = "year"
    NAMES = "names"
    LISTING = "listing"
    PERSON = "person"
    NUMBER = "number"
    LINK = "link"


@dataclass(slots=True, eq=False)
class Leaf:
    """A piece of text.

    Attributes:
        text: The text, unescaped.
        soft: True for affixes and delimiters.
        closes: True for a closing quotation mark.
        term: True for a word of the language, which takes a capital where a note begins with it.
    """

    text: str
    soft: bool = False
    closes: bool = False
    term: bool = False


@dataclass(slots=True, eq=False)
class Span:
    """Marked text.

    Attributes:
        mark: What the span does.
        kids: What is in it, in order.
        flips: True for a field's own markup, which stands out from the text around it: italics in italics are upright.
        target: The address that a link leads to.
    """

    mark: Mark
    kids: list[Piece] = field(default_factory=list)
    flips: bool = False
    target: str = ""


Piece: TypeAlias = Leaf | Span
Pieces: TypeAlias = list[Piece]

_TAGS = {
    "<i>": Mark.ITALIC,
    "<b>": Mark.BOLD,
    "<sup>": Mark.SUPER,
    "<sub>": Mark.SUB,
    "<sc>": Mark.SMALL_CAPS,
    '<span class="nocase">': Mark.NOCASE,
    '<span style="font-variant:small-caps;">': Mark.SMALL_CAPS,
    '<span style="font-variant: small-caps;">': Mark.SMALL_CAPS,
}
_OPENERS = {name: name.split()[0].strip("<>") for name in _TAGS}
_TOKEN = re.compile(
    r"<(?:i|b|sup|sub|sc)>|<span (?:class=\"nocase\"|style=\"font-variant: ?small-caps;\")>|</(?:i|b|sup|sub|sc|span)>"
    r"|[\"'\u2018\u2019\u201c\u201d]"
)
_DEEPEST = 20
_TAG = re.compile(r"</?(?:i|b|sup|sub|sc|span)(?: [^<>]{0,60})?>")
_CLOSES = {'"': '"', "'": "'", "\u2018": "\u2019", "\u201c": "\u201d"}


def leaves(pieces: Iterable[Piece]) -> Iterator[Leaf]:
    """The leaves, in reading order."""
    for piece in pieces:
        if isinstance(piece, Leaf):
            yield piece
        else:
            yield from leaves(piece.kids)


def plain(pieces: Iterable[Piece]) -> str:
    """The bare text of the leaves, before quotation marks and punctuation are settled."""
    return "".join(leaf.text for leaf in leaves(pieces))


def without(pieces: Pieces, *marks: Mark) -> Pieces:
    """The pieces, spans with one of the marks left out; they share their leaves with those given.

    Examples:
        >>> plain(without([Span(Mark.NUMBER, [Leaf("1")]), Leaf(". Doe")], Mark.NUMBER))
        '. Doe'
    """
    return [
        piece if isinstance(piece, Leaf) else Span(piece.mark, without(piece.kids, *marks), piece.flips, piece.target)
        for piece in pieces
        if not (isinstance(piece, Span) and piece.mark in marks)
    ]


def parse(text: str, *, soft: bool = False) -> Pieces:
    """Read a field's inline markup and quotation marks.

    Markup without its other half is text like any other. An apostrophe becomes a typographic one.

    Examples:
        >>> plain(settle(parse("The 'test' of <b>Mata"), QuoteMarks()))
        'The “test” of <b>Mata'
    """
    if not _TOKEN.search(text):
        return [Leaf(text, soft)] if text else []
    return _Markup(text, soft).read()


class _Markup:
    """Reads one field; what stays open at the end is put back as text."""

    def __init__(self, text: str, soft: bool) -> None:
        self.text = text
        self.soft = soft
        self.levels: list[tuple[str, Pieces]] = [("", [])]
        self.visible = " "  # the last letter that a reader sees

    def read(self) -> Pieces:
        place = 0
        for token in _TOKEN.finditer(self.text):
            self._add(self.text[place : token.start()])
            self._take(token[0], token.end())
            place = token.end()
        self._add(self.text[place:])
        while len(self.levels) > 1:
            self._reopen()
        return self.levels[0][1]

    def _add(self, text: str) -> None:
        if not text:
            return
        self.visible = text[-1]
        kids = self.levels[-1][1]
        if kids and isinstance(kids[-1], Leaf):
            kids[-1].text += text
        else:
            kids.append(Leaf(text, self.soft))

    def _reopen(self) -> None:
        """Make text of the innermost opening token."""
        opener, kids = self.levels.pop()
        self._add("\u2019" if opener == "'" else opener)
        for kid in kids:
            if isinstance(kid, Leaf):
                self._add(kid.text)
            else:
                self.levels[-1][1].append(kid)

    def _close(self, depth: int, mark: Mark) -> None:
        while len(self.levels) - 1 > depth:
            self._reopen()
        _, kids = self.levels.pop()
        self.levels[-1][1].append(Span(mark, kids, flips=True))

    def _depth(self, wanted: Callable[[str], bool]) -> int | None:
        depths = range(len(self.levels) - 1, 0, -1)
        return next((depth for depth in depths if wanted(self.levels[depth][0])), None)

    def _take(self, token: str, end: int) -> None:
        if len(self.levels) > _DEEPEST:
            self._add(token)
        elif token in _TAGS:
            self.levels.append((token, []))
        elif token.startswith("</"):
            name = token[2:-1]
            depth = self._depth(lambda opener: _OPENERS.get(opener) == name)
            if depth is None:
                self._add(token)
            else:
                self._close(depth, _TAGS[self.levels[depth][0]])
        else:
            self._quote(token, self._visible_after(end))

    def _visible_after(self, place: int) -> str:
        while match := _TAG.match(self.text, place):
            place = match.end()
        return self.text[place : place + 1] or " "

    def _quote(self, token: str, after: str) -> None:
        before = self.visible
        single = token in "'\u2019"
        if single and before.isalnum() and after.isalnum():
            self._add("\u2019")
            return
        typed = token in "\u2018\u2019\u201c\u201d"
        opens = token in "\u2018\u201c" or (
            not typed
            and (before.isspace() or before in "([{/\u2013\u2014-\"'\u201c\u2018\u00a0")
            and not after.isspace()
        )
        depth = None if opens and after.isalnum() else self._depth(lambda opener: _CLOSES.get(opener) == token)
        # A tag that opened between the marks means that they belong to different texts.
        if depth is not None and not any(opener in _TAGS for opener, _ in self.levels[depth + 1 :]):
            self._close(depth, Mark.SINGLE_QUOTES if token == "\u2019" else Mark.QUOTES)
        elif opens:
            self.levels.append((token, []))
        else:
            self._add("\u2019" if single else token)
        self.visible = token


# What two marks that meet leave, where it is not both.
_MEETING = {
    ":": {"!": "!", "?": "?", ".": ":", ":": ":"},
    ".": {".": "."},
    ";": {":": ";", ".": ";", ";": ";", "!": "!", "?": "?"},
    "!": {":": "!", ".": "!", "!": "!"},
    "?": {":": "?", ".": "?", "?": "?"},
    ",": {",": ","},
}


@dataclass(frozen=True, slots=True)
class QuoteMarks:
    """A language's quotation marks, and whether stops and commas stand inside them."""

    opening: str = "\u201c"
    closing: str = "\u201d"
    inner_opening: str = "\u2018"
    inner_closing: str = "\u2019"
    holds_punctuation: bool = False


def settle(pieces: Pieces, marks: QuoteMarks) -> Pieces:
    """Set quotation marks, and let neighbouring punctuation and spaces agree. Changes the leaves."""
    pieces = _quoted(pieces, marks, 0)
    last: list[Leaf] = []  # the last leaf of text, then the closing marks after it
    for leaf in [leaf for leaf in leaves(pieces) if leaf.text]:
        if leaf.closes:
            last.append(leaf)
            continue
        if last:
            if marks.holds_punctuation and last[-1].closes and leaf.soft:
                _move_inside(last, leaf)
            _meet(last, leaf)
        if leaf.text:
            last = [leaf]
    return pieces


def _quoted(pieces: Pieces, marks: QuoteMarks, depth: int) -> Pieces:
    result: Pieces = []
    for piece in pieces:
        if isinstance(piece, Span):
            if piece.mark in (Mark.QUOTES, Mark.SINGLE_QUOTES):
                if not plain(piece.kids):
                    continue
                outer = depth % 2 == 0 and (depth > 0 or piece.mark is Mark.QUOTES)
                result.append(Leaf(marks.opening if outer else marks.inner_opening))
                result += _quoted(piece.kids, marks, depth + 1)
                result.append(Leaf(marks.closing if outer else marks.inner_closing, closes=True))
                continue
            piece.kids = _quoted(piece.kids, marks, depth)
        result.append(piece)
    return result


def _move_inside(last: list[Leaf], leaf: Leaf) -> None:
    """Take a stop or comma after closing marks to the text before them."""
    inside = last[0]
    while leaf.text and leaf.text[0] in ".," and inside.text and not inside.closes:
        left = _MEETING.get(inside.text[-1], {}).get(leaf.text[0])
        inside.text = inside.text[:-1] + left if left else inside.text + leaf.text[0]
        leaf.text = leaf.text[1:]


def _meet(last: list[Leaf], leaf: Leaf) -> None:
    """Let the first mark or space of a leaf agree with the last one before it."""
    if not leaf.text:
        return
    before, soft = last[-1], last[-1].soft or leaf.soft
    first = leaf.text[0]
    if before.closes:
        inside = last[0].text[-1:]
        if soft and first == "." and inside in ".!?" and not last[0].soft and inside:
            leaf.text = leaf.text[1:]
        return
    if first == " " and before.text[-1] in " \u00a0":
        leaf.text = leaf.text.lstrip(" ")
        return
    if not soft:
        return
    left = _MEETING.get(before.text[-1], {}).get(first)
    if left is None:
        return
    leaf.text = leaf.text[1:]
    before.text = before.text[:-1] + left
    if leaf.text:
        _meet(last, leaf)
