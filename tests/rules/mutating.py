"""One defect at a time in a sound text: the seeded mutations that rule 303 is measured by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from evidencekb.quantities import Kind, Quantity, directions_of, read_directions, read_quantities
from evidencekb.vocab import Qualifier

Mutation = tuple[str, str]
"""What was done, and the text that came of it."""

_TURNED = {
    "cut": "raised", "cuts": "raises", "raised": "cut", "rose": "fell", "fell": "rose", "less": "more", "fewer": "more",
    "more": "fewer", "lower": "higher", "higher": "lower", "increase": "decrease", "decrease": "increase", "longer": "shorter",
    "grow": "shrink", "rise": "fall", "fall": "rise", "gained": "lost", "lost": "gained", "lift": "lower", "decline": "rise",
    "dropped": "rose", "falls": "rises", "declines": "grows", "falling": "rising", "likelier": "less likely",
    "up from": "down from", "down from": "up from", "wider": "narrower", "grew": "shrank", "shrinks": "grows", "faster": "slower",
}  # fmt: skip
_UNITS = (
    (r"%", " percentage points"), (r" percentage points?\b", " percent"), (r"(?<=\d) points?\b(?! of)", " percent"),
    (r" percent\b", " percentage points"), (r"\$", "€"), (r" dollars\b", " euros"), (r"(?<=\d) minutes\b", " hours"),
    (r"(?<=\d) seconds\b", " minutes"), (r"(?<=\d) hours\b", " days"), (r" million\b", " billion"), (r"(?<=\d)M\b", "B"),
    (r" billion\b", " million"), (r" standard deviations\b", " percent"),
)  # fmt: skip
_GROUPS = {
    "women": "men", "men": "women", "female": "male", "Black": "Hispanic", "White": "Asian", "white": "Asian",
    "older": "younger", "Older": "Younger", "younger": "older", "Younger": "Older", "young": "older", "Young": "Older",
    "developers": "nurses", "Developers": "Nurses", "consultants": "teachers", "Consultants": "Teachers",
    "immigrants": "women", "immigrant": "female", "disabled": "deaf", "autistic": "deaf", "Latinos": "Asians",
    "recruiters": "lawyers", "workers": "older workers", "employers": "disabled employers", "applicants": "women applicants",
    "people": "immigrants",
}  # fmt: skip
_SPELLED = ("three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "fourteen", "sixteen", "thirty")


def number_changed(text: str) -> Iterator[Mutation]:
    """Each number in digits: one up, digits swapped, half as much again."""
    for match in re.finditer(r"(?<![\w.,-])(?<!Fortune )\d[\d,]*(?:\.\d+)?(?![\w-]*\w)", text):
        digits = match.group().rstrip(",")
        value = float(digits.replace(",", ""))
        decimals = len(digits.partition(".")[2])
        for what, other in (
            ("raised", value * 1.5 + (value == 0)),
            ("nudged", value + (2 if value >= 10 and not decimals else 10**-decimals * 3)),
        ):
            put = f"{other:,.{decimals}f}" if "," in digits else f"{other:.{decimals}f}"
            if put != digits:
                yield f"number {what}", text[: match.start()] + put + text[match.start() + len(digits) :]


def digits_swapped(text: str) -> Iterator[Mutation]:
    """365 becomes 356."""
    for match in re.finditer(r"(?<![\w.,-])\d{2,}(?![\w-]*\w)", text):
        digits = match.group()
        if len(set(digits[-2:])) == 2 and not re.fullmatch(r"(?:19|20)\d\d", digits):
            yield "digits swapped", text[: match.start()] + digits[:-2] + digits[-1] + digits[-2] + text[match.end() :]


def words_changed(text: str) -> Iterator[Mutation]:
    """Each number in words by another; each part of a whole by another."""
    for match in re.finditer(rf"\b(?:{'|'.join(_SPELLED)})\b", text):
        if not re.match(r"[ -](?:fifths|thirds|quarters|in|tenths)", text[match.end() :]):
            other = "nineteen" if match.group() != "nineteen" else "twelve"
            yield "word number", text[: match.start()] + other + text[match.end() :]
    for found, other in (("two fifths", "three fifths"), ("a fifth", "a half"), ("two thirds", "one third"),
                         ("a quarter", "a tenth"),
                         ("one in four", "one in nine"), ("one in five", "one in two"), ("half", "a fifth")):  # fmt: skip
        for match in re.finditer(rf"\b{found}\b", text):
            yield "word number", text[: match.start()] + other + text[match.end() :]


def sign_flipped(text: str) -> Iterator[Mutation]:
    """Each word of direction that goes with a number, turned."""
    printed = read_quantities(text)
    for direction in {d for d in directions_of(text, printed) if d is not None}:
        if other := _TURNED.get(direction.text.lower()):
            yield "sign flipped", text[: direction.start] + other + text[direction.end :]


def way_flipped(text: str) -> Iterator[Mutation]:
    """Each word of direction that stands with no number, turned."""
    beside = set(directions_of(text, read_quantities(text)))
    for direction in read_directions(text):
        if direction not in beside and (other := _TURNED.get(direction.text.lower())):
            yield "way flipped", text[: direction.start] + other + text[direction.end :]


def unit_swapped(text: str) -> Iterator[Mutation]:
    """Percent for points, one currency for another, million for billion."""
    for pattern, other in _UNITS:
        for match in re.finditer(pattern, text):
            yield "unit swapped", text[: match.start()] + other + text[match.end() :]


def group_swapped(text: str) -> Iterator[Mutation]:
    """Each word for a group by another."""
    for found, other in _GROUPS.items():
        for match in re.finditer(rf"(?<![\w-]){found}\b", text):
            yield "cohort swapped", text[: match.start()] + other + text[match.end() :]


def group_added(text: str) -> Iterator[Mutation]:
    """A percentage told of older workers."""
    for match in re.finditer(r"\d(?:%| percent)", text):
        yield "cohort added", f"{text[: match.end()]} for older workers{text[match.end() :]}"


def range_widened(text: str) -> Iterator[Mutation]:
    """The upper end of each range, raised."""
    for q in read_quantities(text):
        if q.is_range and q.kind is not Kind.DATE and (digits := re.findall(r"\d+(?:\.\d+)?", q.text)):
            passage = q.text[::-1].replace(digits[-1][::-1], f"{float(digits[-1]) * 1.4:g}"[::-1], 1)[::-1]
            yield "range widened", text[: q.start] + passage + text[q.end :]


def bound_dropped(text: str) -> Iterator[Mutation]:
    """More than 200 becomes 200."""
    for q in read_quantities(text):
        if (
            q.bound is not None
            and q.bound is not Qualifier.ABOUT
            and not (q.text.startswith("over") and not q.near and q.kind in _COUNTED and q.first < 100)
        ):
            found = re.match(
                r"(?:just |well )?"
                r"(?:more than|less than|fewer than|at least|at most|up to|over|under|nearly|almost|below|beyond) ",
                q.text,
            )
            if found:
                yield "bound dropped", text[: q.start] + text[q.start + found.end() :]


_COUNTED = (Kind.NUMBER, Kind.SPAN)


def bound_added(text: str) -> Iterator[Mutation]:
    """40% becomes more than 40%."""
    for q in read_quantities(text):
        if q.kind is Kind.PERCENT and q.bound is None and not q.is_range and not _follows(text, q):
            yield "bound added", f"{text[: q.start]}more than {text[q.start :]}"


def _follows(text: str, q: Quantity) -> bool:
    return bool(re.search(r"(?:and|to|or|-|–|about|against|by)\s?$", text[: q.start]))


MUTATIONS: tuple[Callable[[str], Iterator[Mutation]], ...] = (
    number_changed, digits_swapped, words_changed, sign_flipped, way_flipped, unit_swapped, group_swapped, group_added,
    range_widened,
    bound_dropped, bound_added,
)  # fmt: skip


def mutations(text: str) -> Iterator[Mutation]:
    """Every mutation of a text."""
    for mutate in MUTATIONS:
        yield from mutate(text)


def swapped(text: str) -> Iterator[Mutation]:
    """Two numbers of one text, each in the other's place."""
    digits = [
        m
        for m in re.finditer(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-]*\w)", text)
        if not re.fullmatch(r"(?:19|20)\d\d", m[0])
    ]
    for at, one in enumerate(digits):
        for other in digits[at + 1 :]:
            first, second = one[0].rstrip(","), other[0].rstrip(",")
            if first != second:
                between = text[one.start() + len(first) : other.start()]
                yield (
                    "numbers swapped",
                    f"{text[: one.start()]}{second}{between}{first}{text[other.start() + len(second) :]}",
                )
