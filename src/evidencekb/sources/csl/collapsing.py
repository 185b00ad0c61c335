"""Cites beside one another: shared names, ranges of numbers and of year suffixes.

References:
    Citation Style Language 1.0.2, "Cite Grouping" and "Cite Collapsing".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencekb.sources.csl.elements import Cite
from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, Span, parse, plain, without

if TYPE_CHECKING:
    from evidencekb.sources.csl.processor import Processor


@dataclass(slots=True)
class _Part:
    """A cite on its way into a citation."""

    cite: Cite
    body: Pieces
    names: str
    before: str = ""  # the delimiter before it


def collapsed(processor: Processor, cites: Sequence[Cite]) -> Pieces:
    """The cites with delimiters and affixes, what they share printed once."""
    area = processor.style.citation
    attributes, delimiter = area.attributes, area.delimiter
    parts = []
    for cite in cites:
        body = processor.cite_body(cite)
        if cite.author_only:
            span = _find(body, Mark.NAMES)
            body = [span] if span is not None else body
        if body:
            parts.append(_Part(cite, body, _names(body), delimiter))
    collapse = attributes.get("collapse", "")
    if collapse == "citation-number":
        return _numbers(processor, parts, attributes.get("after-collapse-delimiter", delimiter), delimiter)
    grouping = collapse.startswith("year") or "cite-group-delimiter" in attributes
    if grouping:
        parts = _grouped(parts)
    if not collapse.startswith("year"):
        between = attributes.get("cite-group-delimiter", ", ") if grouping else delimiter
        return _joined(
            [(part, between if grouping and _same(parts, place) else delimiter) for place, part in enumerate(parts)]
        )
    return _years(parts, attributes, delimiter, collapse)


def _grouped(parts: list[_Part]) -> list[_Part]:
    """Cites of the same names beside the first of them."""
    order: dict[str, list[_Part]] = {}
    for place, part in enumerate(parts):
        order.setdefault(part.names or f"\0{place}", []).append(part)
    return [part for group in order.values() for part in group]


def _same(parts: list[_Part], place: int) -> bool:
    return place > 0 and bool(parts[place].names) and parts[place].names == parts[place - 1].names


def _joined(parts: Sequence[tuple[_Part, str]]) -> Pieces:
    """Parts with their delimiters and the affixes of their cites."""
    result: Pieces = []
    for part, before in parts:
        if result and before:
            result.append(Leaf(before, True))
        result += _affixed(part.cite, part.body)
    return result


def _affixed(cite: Cite, body: Pieces) -> Pieces:
    prefix, suffix = cite.prefix, cite.suffix
    if prefix and not prefix[-1].isspace() and prefix[-1] not in "([{\u201c\u2018\"'-/\u00a0":
        prefix += " "
    if suffix and suffix[0].isalnum():
        suffix = f" {suffix}"
    before, after = parse(prefix), parse(suffix)
    if before and isinstance(before[-1], Leaf):
        before[-1].soft = True
    if after and isinstance(after[0], Leaf):
        after[0].soft = True
    return [*before, *body, *after]


def _numbers(processor: Processor, parts: list[_Part], after: str, delimiter: str) -> Pieces:
    """Runs of three or more numbers become ranges."""
    result: Pieces = []
    place = 0
    ranged = False
    while place < len(parts):
        stop = place
        while stop + 1 < len(parts) and _follows(processor, parts[stop], parts[stop + 1]):
            stop += 1
        run = parts[place : stop + 1]
        if len(run) < 3:
            run = parts[place : place + 1]
            stop = place
        if result:
            result.append(Leaf(after if ranged else delimiter, True))
        ranged = len(run) > 2
        if ranged:
            result += [*_affixed(run[0].cite, run[0].body), Leaf("\u2013", True), *_affixed(run[-1].cite, run[-1].body)]
        else:
            result += _affixed(run[0].cite, run[0].body)
        place = stop + 1
    return result


def _follows(processor: Processor, one: _Part, two: _Part) -> bool:
    plainly = not (one.cite.locator or two.cite.locator or one.cite.suffix or two.cite.prefix or two.cite.suffix)
    return plainly and processor.numbers[two.cite.id] == processor.numbers[one.cite.id] + 1 and (not one.cite.prefix)


def _years(parts: list[_Part], attributes: dict[str, str], delimiter: str, collapse: str) -> Pieces:
    """Names once, then the years, then perhaps the suffixes of one year."""
    between = attributes.get("cite-group-delimiter", ", " if collapse == "year" else delimiter)
    suffixes = attributes.get("year-suffix-delimiter", delimiter)
    after = attributes.get("after-collapse-delimiter", delimiter)
    result: Pieces = []
    place = 0
    shortened = False
    while place < len(parts):
        stop = place
        while stop + 1 < len(parts) and _same(parts, stop + 1):
            stop += 1
        group = parts[place : stop + 1]
        if result:
            result.append(Leaf(after if shortened else delimiter, True))
        shortened = len(group) > 1
        result += _group(group, between, suffixes, collapse)
        place = stop + 1
    return result


def _group(group: list[_Part], between: str, suffixes: str, collapse: str) -> Pieces:
    result = _affixed(group[0].cite, group[0].body)
    place = 1
    while place < len(group):
        run = _suffix_run(group, place - 1) if collapse != "year" else place
        if run > place:
            result += _suffixes(group[place - 1 : run], suffixes, ranged=collapse == "year-suffix-ranged")
            place = run
            continue
        result.append(Leaf(between, True))
        result += _affixed(group[place].cite, _after_names(group[place].body))
        place += 1
    return result


def _suffix_run(group: list[_Part], place: int) -> int:
    """Where the cites end that differ from this one in nothing but the year suffix."""
    stop = place + 1
    while (
        stop < len(group)
        and _suffix(group[stop].body)
        and _year(group[stop].body) == _year(group[place].body)
        and _suffix(group[place].body)
    ):
        cite = group[stop].cite
        if cite.locator or cite.prefix or group[stop - 1].cite.locator or group[stop - 1].cite.suffix:
            break
        stop += 1
    return stop


def _suffixes(run: list[_Part], delimiter: str, *, ranged: bool) -> Pieces:
    """The suffixes after the first cite's; "a–c" for a run of three or more when the style wants ranges."""
    marks = [_suffix(part.body) for part in run]
    result: Pieces = []
    place = 1
    while place < len(marks):
        start = place - 1
        stop = start
        while ranged and stop + 1 < len(marks) and _next(marks[stop], marks[stop + 1]):
            stop += 1
        if stop - start >= 2:
            result += [Leaf("\u2013", True), *_affixed(Cite("", suffix=run[stop].cite.suffix), [Leaf(marks[stop])])]
            place = stop + 1
            if place < len(marks):
                result += [Leaf(delimiter, True), Leaf(marks[place])]
                place += 1
            continue
        result += [Leaf(delimiter, True), *_affixed(Cite("", suffix=run[place].cite.suffix), [Leaf(marks[place])])]
        place += 1
    return result


def _next(one: str, two: str) -> bool:
    return len(one) == len(two) == 1 and ord(two) == ord(one) + 1


def _find(pieces: Pieces, mark: Mark) -> Span | None:
    for piece in pieces:
        if isinstance(piece, Span):
            if piece.mark is mark:
                return piece
            if (found := _find(piece.kids, mark)) is not None:
                return found
    return None


def _names(body: Pieces) -> str:
    span = _find(body, Mark.NAMES)
    return plain(span.kids) if span is not None else ""


def _suffix(body: Pieces) -> str:
    span = _find(body, Mark.YEAR_SUFFIX)
    return plain(span.kids) if span is not None else ""


def _year(body: Pieces) -> str:
    """What the cite says beyond names and suffix."""
    return plain(without(_after_names(body), Mark.YEAR_SUFFIX))


def _after_names(body: Pieces) -> Pieces:
    """The cite without its names and the delimiter after them."""
    cut, _ = _cut(body)
    return cut


def _cut(pieces: Pieces) -> tuple[Pieces, bool]:
    for place, piece in enumerate(pieces):
        if not isinstance(piece, Span):
            continue
        rest = pieces[place + 1 :]
        if piece.mark is Mark.NAMES:
            while rest and isinstance(rest[0], Leaf) and rest[0].soft:
                rest = rest[1:]
            return rest, True
        inner, found = _cut(piece.kids)
        if found:
            kept: Pieces = [Span(piece.mark, inner, piece.flips)] if plain(inner) else []
            if not kept:
                while rest and isinstance(rest[0], Leaf) and rest[0].soft:
                    rest = rest[1:]
            return [*kept, *rest], True
    return pieces, False
