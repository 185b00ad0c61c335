"""107: what was counted turned around, told of something else or on another base, in the words of a relay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidencekb.model import Estimate, Finding
from evidencekb.quantities import Kind, Quantity, directions_of, read_quantities
from evidencekb.quantities.words import STOPS
from evidencekb.rules.bases import other_bases
from evidencekb.rules.converting import base_in, base_of, of_rest, size_of
from evidencekb.rules.groups import groups_in
from evidencekb.rules.people import LONG, Hint
from evidencekb.rules.wider import opposites, sides_of
from evidencekb.vocab import RATIOS, DriftKind, Measure


def turned(text: str, e: Estimate) -> Iterator[Hint]:
    """The opposite of what was counted: right for wrong."""
    own = f"{e.label or ''} {e.group or ''} {e.comparator or ''} {e.outcome.replace('-', ' ')}"
    rest = [c.low for c in of_rest(e, text)]
    if any(
        q.kind is Kind.PERCENT and abs(q.first - left) <= q.step / 2 for q in read_quantities(text) for left in rest
    ):
        return
    for word in opposites(text, own, among=_CONTRARY):
        yield DriftKind.DEFINITION_SWAPPED, f"'{word}' is the opposite of what was counted"
    for word in opposites(text, own):
        yield DriftKind.GROUP_SWAPPED, f"'{word}' is the opposite of what was counted"


_CONTRARY = sides_of(
    "(?<!not )right|correct(?:ly)?|accurate / wrong(?:ly)?|incorrect(?:ly)?|inaccurate|errors?",
    "passe[sd]|passing / fail(?:s|ed|ing|ures?)?",
    "agree[sd]? / disagree[sd]?",
    "approve[sd]? / disapprove[sd]?",
    "accepted|consent(?:s|ed)? / rejected|refused|turned down",
    "opted in|opt in / opted out|opt out",
    "win|wins|won|winning / lose|loses|lost|losing",
    "survived|alive / died|dead|deaths?",
    "hired / fired|dismissed",
    "guilty|convicted / acquitted|innocent",
    "(?<!not )satisfied / dissatisfied|unsatisfied",
    "trust(?:s|ed)? / distrust(?:s|ed)?",
    "harm(?:s|ed|ful)? / benefit(?:s|ed)?|helped",
    "gain(?:s|ed)? / loss(?:es)?|lost",
    "optimistic / pessimistic",
    "support(?:s|ed)? / oppose[sd]?",
)


def had(text: str, e: Estimate) -> Iterator[Hint]:
    """Those who have, for those who have not."""
    if _WITHOUT.search(e.label or "") and (found := _HAS.search(text)) and not _LACKS.search(text):
        yield DriftKind.DEFINITION_SWAPPED, f"'{found.group()}' drops that they were counted for lack of it"


_WITHOUT = re.compile(r"\b(?:without|lack\w*|no|not|never|none|cannot)\b|n['’]t\b", re.IGNORECASE)
_LACKS = re.compile(
    r"\b(?:without|lack\w*|no|not|non|never|none|cannot|un\w+|miss\w*|few\w*|less|low\w*|fail\w*|gone|go)\b|n['’]t\b",
    re.IGNORECASE,
)
_HAS = re.compile(r"\b(?:have|has|had|with|own|owns|get|gets)\b", re.IGNORECASE)


def denied(text: str, e: Estimate) -> Iterator[Hint]:
    """Those who do not, for those who do; and the other way about."""
    label = e.label or ""
    rest = any(
        abs((q.first * 100 if q.kind is Kind.SHARE else q.first) - c.low) <= max(q.step, 1)
        for q in read_quantities(text)
        for c in of_rest(e, text)
    )
    if rest:
        return
    if (found := _DOES_NOT.search(text)) and not _LACKS.search(label):
        yield DriftKind.DEFINITION_SWAPPED, f"'{found.group(1)}' denies what was counted"
    denied = _NOT_LABEL.search(f"{label} | {e.group or ''}")
    if denied and not _LACKS.search(text) and any(word in text for word in LONG.findall(denied.group(1))):
        yield DriftKind.DEFINITION_SWAPPED, f"'{denied.group(0)}' has lost its denial"


_DOES_NOT = re.compile(
    r"(?:%|percent|half|thirds?|quarters?|in \w+) (?:\w+ ){0,3}"
    r"((?:did|do|does|were|are|is|was|had|have|could|would)(?:n['’]t| not))\b"
)
_NOT_LABEL = re.compile(r"\b(?:do|does|did|are|is|were|was|have|has) not ((?:\w+ ?){1,3})")


def of_others(text: str, held: str) -> Iterator[Hint]:
    """A share of what nothing recorded names: of invoices, for firms."""
    for found in _SHARE_OF_ANY.finditer(text):
        nouns = [word for word in LONG.findall(found.group(1).lower()) if word not in STOPS | _ANY]
        if (
            nouns
            and not groups_in(found.group(1))
            and not any(re.search(rf"\b{word[:_STEM]}", held, re.IGNORECASE) for word in nouns)
        ):
            yield DriftKind.DEFINITION_SWAPPED, f"'{' '.join(nouns)}' stand in nothing recorded of the finding"


_STEM = 4
_ANY = frozenset(
    "time times cases market people participants respondents everyone total share sample subjects those them another".split()
)
_SHARE_OF_ANY = re.compile(
    r"(?:%|percent|per cent|\bhalf|third|thirds|quarters?|fifths?) of (?:the |all |its |their )?((?:[\w-]+ ?){1,3})"
)


def on_other_base(text: str, finding: Finding, e: Estimate) -> Iterator[Hint]:
    """A number that is told per another span, or per year where it is of several."""
    fields = (e.label, e.per, e.unit, e.outcome.replace("-", " "), e.definition, e.group)
    own = _TWELVE.sub("year", " | ".join(filter(None, fields)))
    if not any(_is_value(q, e) for q in read_quantities(text)):
        return  # told on another base, it is another number
    for base in other_bases(_LASTING.sub("", text), own):
        yield DriftKind.UNIT_CHANGED, f"'{base}' is another base than the record's"
    years = re.findall(r"(?:19|20)\d\d", e.period or "")
    several = len(years) > 1 and int(years[1]) - int(years[0]) > 1
    if several and e.measure in _SUMS and (found := _YEARLY.search(text)) and not _YEARLY.search(own):
        yield DriftKind.UNIT_CHANGED, f"'{found.group()}' tells a sum of {years[0]} to {years[1]} as one of a year"
    span, other = base_of(e), base_in(_LASTING.sub("", text))
    if e.measure in _SUMS and span == "year" and other not in ("", span):
        yield DriftKind.UNIT_CHANGED, f"it is told per {other} and is of a {span}"
    for said in _PER.finditer(text):
        held = [unit for word in _PER.findall(own) if (unit := size_of(word)) and size_of(said[1])]
        if held and (size := size_of(said[1])) and size not in held:
            yield DriftKind.UNIT_CHANGED, f"'{said.group()}' is another base than the record's"
    bare = {word for word in re.findall(r"\b(?:non-|un)(\w{5,})", own) if not re.search(rf"(?<![-\w]){word}", own)}
    for word in sorted(bare):
        if re.search(rf"(?<![-\w]){word}", text, re.IGNORECASE) and not re.search(rf"(?:non-|un){word}", text):
            yield DriftKind.GROUP_SWAPPED, f"'{word}' is the opposite of what was counted"


def fewer_times(text: str, e: Estimate) -> Iterator[Hint]:
    """Fewer by a factor, where the ratio is of more."""
    if e.measure not in RATIOS or e.value is None or e.value <= 1:
        return
    printed = read_quantities(text)
    for q, way in zip(printed, directions_of(text, printed), strict=True):
        if q.kind is Kind.TIMES and way and way.start >= q.end and way.sign < 0 and way.of == "amount" and q.first > 1:
            yield DriftKind.SIGN_OR_INVERSE, f"'{way.text}' turns a ratio of more"


_LASTING = re.compile(
    r"\b(?:under|over|within|about|almost|nearly|than|half|least|most|after|in|of|once) an? (?:hour|day|week|month|year)\b"
)


def _is_value(q: Quantity, e: Estimate) -> bool:
    ends = (e.range.low, e.range.high) if e.range else (e.value or 0,)
    said = q.first * 100 if q.kind is Kind.SHARE else q.first
    return any(abs(abs(said) - abs(end) * size) <= max(q.step, abs(said) / 20) for end in ends for size in (1, 100))


_TWELVE = re.compile(r"\b(?:twelve|12) months\b")
_SUMS = frozenset({Measure.COUNT, Measure.TOTAL, Measure.SUM_OF_MONEY})
_YEARLY = re.compile(r"\b(?:a|per|each|every) year\b|\byearly\b|\bannual(?:ly)?\b")
_PER = re.compile(r"\b(?:per|an?|each) (\w+)\b")


def level_as_difference(text: str) -> Iterator[Hint]:
    """A share told as a difference: 22% became 22% higher, or a fall by 22%."""
    printed = read_quantities(text)
    for q, direction in zip(printed, directions_of(text, printed), strict=True):
        if q.kind is not Kind.PERCENT or direction is None or direction.of == "saving":
            continue
        behind = direction.start >= q.end and not text[q.end : direction.start].strip()
        if behind or (direction.end <= q.start and _BY.fullmatch(text[direction.start : q.start])):
            yield DriftKind.UNIT_CHANGED, f"'{direction.text}' tells the level {q.text} as a difference"


_BY = re.compile(r"\w+ (?:by|of) (?:an? )?|(?:fell|rose|dropped|grew|jumped|surged|increased|decreased|declined) ")
APART_BY = re.compile(r"\b(?:gap|difference|premium|change|growth|rise|fall|increase|decrease)\b")
