"""107: people other than those that a figure is of, in the words of a relay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidencekb.model import Estimate
from evidencekb.quantities import Direction, Kind, Quantity, directions_of, read_quantities
from evidencekb.quantities.words import STOPS
from evidencekb.rules.groups import REPORTERS, ages_in, groups_in, is_known
from evidencekb.vocab import RATIOS, DriftKind, Measure

Hint = tuple[DriftKind, str]
"""A kind of drift that words suggest, and why."""


def others(text: str, e: Estimate | None, held: str) -> Iterator[Hint]:
    """People who are none of those measured, and those of another estimate."""
    named_here = groups_in(text)
    classes = {named.group for named in groups_in(held)}
    printed = read_quantities(text)
    for named in named_here:
        of_it = any(q.end <= named.start and _OF.fullmatch(text[q.end : named.start]) for q in printed)
        if named.group in REPORTERS and not of_it:
            continue  # people who tell of it
        both = len({other.group for other in named_here if other.dimension == named.dimension}) > 1
        if not is_known(named, held, classes) and not (both and named.dimension in _APART):
            yield DriftKind.GROUP_SWAPPED, f"'{named.text}' are none of those measured"
    if e is None:
        return
    own = _classes(f"{e.group or ''} | {e.label or ''}")
    others = _classes(e.comparator or "")
    said: dict[str, set[str]] = {}
    for named in named_here:
        said.setdefault(named.dimension, set()).add(named.group)
    ways = dict(zip(printed, directions_of(text, printed), strict=True))
    for named in named_here:
        ours = own.get(named.dimension, set())
        if named.dimension not in _APART or not ours or ours & said[named.dimension]:
            continue
        if named.group not in others.get(named.dimension, set()):
            yield DriftKind.GROUP_SWAPPED, f"'{named.text}' are not those of this figure"
        elif any(way and _is_way_of(e, way) and named.end <= q.start for q, way in ways.items()):
            yield DriftKind.GROUP_SWAPPED, f"'{named.text}' are those compared with"
    for q in printed:
        for named in named_here:
            if (
                q.kind in _SHARES
                and named.dimension == "trade"
                and _OF.fullmatch(text[q.end : named.start])
                and not is_known(named, f"{e.group or ''} {e.label or ''}".lower(), ())
                and is_known(named, (e.comparator or "").lower(), _classes(e.comparator or "").get("trade", ()))
            ):
                yield DriftKind.GROUP_SWAPPED, f"'{named.text}' are those compared with"


_APART = frozenset({"sex", "age", "race", "origin", "faith", "skill"})
_SHARES = frozenset({Kind.PERCENT, Kind.SHARE})
_OF = re.compile(r" (?:of )?(?:the |all )?(?:\w+ )?")


def _is_way_of(e: Estimate, way: Direction) -> bool:
    return way.of == "amount" and not way.denied and e.value is not None and (way.sign > 0) is (e.value > 0)


def _classes(words: str) -> dict[str, set[str]]:
    """The classes that words name, by dimension."""
    found: dict[str, set[str]] = {}
    for named in groups_in(words):
        found.setdefault(named.dimension, set()).add(named.group)
    if ages := ages_in(words):
        found.setdefault("age", set()).update(ages)
    return found


def everyone(text: str, e: Estimate, held: str) -> Iterator[Hint]:
    """All of a kind, where only some were measured."""
    for found in _EVERY.finditer(text):
        noun = found.group(1).lower()[:5]
        some = re.search(rf"([\w-]+) {re.escape(noun)}", e.group or "", re.IGNORECASE)
        some = None if some and some.group(1).lower() in text.lower() else some
        of_these = re.search(rf"\b{re.escape(noun)}", f"{e.label} {e.group}", re.IGNORECASE)
        share = e.measure is Measure.PERCENT_CHANGE and re.search(r"(?:%|percent|per cent) of $", text[: found.start()])
        if (
            share
            or some
            or not (of_these or re.search(rf"\b(?:all|every|each) (?:\w+ )?{re.escape(noun)}", held, re.IGNORECASE))
        ):
            yield DriftKind.SCOPE_WIDENED, f"'{found.group()}' are more than those measured"


_EVERY = re.compile(
    r"(?<!almost )(?<!nearly )(?<!not )(?<!at )\b(?:all|every|the entire|the whole) (?!of\b|the\b|but\b|these\b|those\b|other|\d)"
    r"(?!(?:two|three|four|five|six|seven|eight|nine|ten|dollar|pound|euro|one)\b)"
    r"(?:\w+ly )?(?:[A-Z]\w+ )??([a-z]\w{3,})",
    re.IGNORECASE,
)


def is_of_other(text: str, q: Quantity, e: Estimate) -> bool:
    """True where a text tells a figure from the side of those compared with: boys ahead of girls.

    Args:
        text: What the relay prints.
        q: The number in it.
        e: The estimate that it is of.
    """
    return bool(_others_before(text, q, e))


def _others_before(text: str, q: Quantity, e: Estimate) -> str:
    """A word for those compared with that stands before a number, as the one the sentence is about."""
    ours, theirs = _sides(e)
    before = _THAN.split(text[: q.start].lower())[0]
    subject = _WORD.findall(before)
    if not ours - theirs or set(subject) & (ours - theirs):
        return ""
    return next((word for word in subject if word in theirs - ours), "")


def _sides(e: Estimate) -> tuple[set[str], set[str]]:
    """The words of the group and of those compared with."""
    ours, theirs = (set(_WORD.findall((words or "").lower())) - STOPS for words in (e.group, e.comparator))
    return ours, theirs


_WORD = re.compile(r"[a-z]{3,}")


def compared(text: str, e: Estimate) -> Iterator[Hint]:
    """Those compared with, told as those that the figure is of."""
    printed = read_quantities(text)
    for q, way in zip(printed, directions_of(text, printed), strict=True):
        if not (word := _others_before(text, q, e)):
            continue
        more = e.measure in RATIOS and e.value is not None and e.value > 1 and q.kind is Kind.TIMES
        beats = more or (_BEATS.search(text[: q.start]) and e.value is not None and e.value > 0)
        if beats or (way and _is_way_of(e, way)):
            yield DriftKind.GROUP_SWAPPED, f"'{word}' are those compared with"
    ours, theirs = _sides(e)
    if e.value and (found := _FAVOURS.search(text)):
        for said, sign in ((ours - theirs, 1), (theirs - ours, -1)):
            if any(word.startswith(found[1].lower().rstrip("s")) for word in said) and e.value * sign < 0:
                yield DriftKind.SIGN_OR_INVERSE, f"'{found.group()}' goes the other way"


_FAVOURS = re.compile(r"\bin favou?r of (?:the )?(\w{3,})")
_BEATS = re.compile(r"\b(?:outperform\w*|outscor\w*|beat|beats|surpass\w*|exceed\w*|ahead|outdid|lead|led)\b")
LONG = re.compile(r"[a-z]{4,}")
_THAN = re.compile(
    r"\b(?:than|versus|vs|against|compared|unlike|relative|to|over|from|of|outperform\w*|outscor\w*|beat|beats|surpass\w*"
    r"|exceed\w*|trail\w*)\b"
)


def aged(text: str, held: str) -> Iterator[Hint]:
    """People of an age that nothing recorded gives."""
    for found in _OLDS.finditer(text):
        if found.group(1) not in held and _OLDS.search(held):
            yield DriftKind.GROUP_SWAPPED, f"'{found.group()}' are none of those measured"


_OLDS = re.compile(r"\b(\d{1,2})[- ]years?[- ]olds?\b")
PART_OF = re.compile(
    r"(?:%|percent|in \w+|half|quarter|third|quarters|thirds) (?:of )?(?:all )?"
    r"(workers|people|adults|employees|companies|firms|americans|students|children|kids)\b"
    r"|(?:\d|illion|thousand) (children|kids)\b"
)
_BODIES = (
    r"workers|employees",
    r"people|adults|americans",
    r"companies|firms",
    r"students",
    r"children|kids",
)
_AKIN = (
    r"work|employ|staff|labou?r|job|professional|personnel|people",
    r"people|adult|person|participant|respondent|individual|citizen|american|resident|patient|u\.?s\.?\b|united states",
    r"compan|firm|business|employer|enterprise|establishment|organi[sz]ation|corporat",
    r"student|pupil|learner|undergraduate|grader|children",
    r"child|kid|pupil|student|teen|adolescen|boy|girl|infant|youth|young|school|birth|year-old|aged",
)


def akin(said: str) -> re.Pattern[str]:
    """What a record may call those that a text names."""
    at = next(at for at, body in enumerate(_BODIES) if re.fullmatch(body, said, re.IGNORECASE))
    return re.compile(rf"\b(?:{_AKIN[at]})", re.IGNORECASE)
