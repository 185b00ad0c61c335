"""303: every number, group and word of direction in a text is carried by what the finding holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from evidencekb.model import Estimate, Finding
from evidencekb.quantities import Direction, Kind, Quantity, directions_of, read_quantities
from evidencekb.rules import carriers as given
from evidencekb.rules.attaching import attached_to, is_loose
from evidencekb.rules.bases import other_bases, other_months
from evidencekb.rules.beside import Beside
from evidencekb.rules.carriers import Carrier, Look
from evidencekb.rules.dates import Dates
from evidencekb.rules.groups import Named, groups_in
from evidencekb.rules.matching import Fit, best, close, ends_of
from evidencekb.rules.order import is_level_told_as_change, is_part, turned
from evidencekb.rules.places import elsewhere
from evidencekb.rules.ratios import of_levels
from evidencekb.rules.telling import untold_ways, ways_of_groups
from evidencekb.rules.ways import clauses_against
from evidencekb.rules.whose import Problem, Whose, is_said_of_the_other
from evidencekb.rules.wider import everybody, made_certain, opposites, other_body
from evidencekb.units import spoken_unit
from evidencekb.vocab import Design

_VARIANTS = {
    Fit.UNIT: "unit",
    Fit.RANGE: "end",
    Fit.SIGN: "sign",
    Fit.SPEED: "speed",
    Fit.BOUND: "bound",
    Fit.COHORT: "whose",
}
_FEW, _STEM = 20, 5
_AGO = re.compile(r" (?:earlier|before|later|ago|after|previously|prior)\b")
_STOP = re.compile(r"[.?!;](?=\s|$)")
_PAUSED = re.compile(r"[.,;:?!](?=\s|$)")
_LIMIT = re.compile(
    r"\b(?:at (?:most|least|best|worst)|or (?:more|less|fewer|over|under|older|above|below)|maximum|minimum)\b"
)
_STEP = re.compile(r"\b(?:of|each|every|per|extra|additional) $", re.IGNORECASE)
_COUNTED = frozenset({Kind.NUMBER, Kind.SPAN})
SHARES = frozenset({Kind.PERCENT, Kind.SHARE})
_COMPARES = re.compile(r"(?:than|over|under|above|below|past|beyond|least|most|to|exceed\w*|-)(?: the)?[ -]?$")


class Wording:
    """What one or more findings hold for the words about them.

    Args:
        findings: The finding whose own words are judged, or those that a claim rests on.
        estimates: The estimates that may carry a change; default: all.
        look: Gives the records that they name.
        leading: The estimates whose way the text must tell; default: all that may carry a change.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        look: Look,
        estimates: Sequence[Estimate] | None = None,
        leading: Sequence[Estimate] | None = None,
    ) -> None:
        self._findings, self._look, self._text = findings, look, ""
        self.estimates = [e for f in findings for e in f.estimates] if estimates is None else list(estimates)
        self._leading = self.estimates if leading is None else list(leading)

    def problems(self, text: str) -> Iterator[Problem]:
        """What a text says that is not carried, in order."""
        printed = read_quantities(text)
        named = groups_in(text)
        directions = directions_of(text, printed)
        self._text = text
        matched: list[tuple[Quantity, list[Carrier]]] = []
        for position, (q, direction) in enumerate(zip(printed, directions, strict=True)):
            near = attached_to(text, q, printed, position, named)
            found, which, problem = self._judge(q, direction, printed, near)
            if problem and problem[0] == "stray" and self._is_of_ratio(text, printed, position):
                continue
            if problem:
                yield problem
            elif (
                q.kind is not Kind.DATE
                and found is Fit.WELL
                and is_level_told_as_change(text, q, direction, which, self._first)
            ):
                yield "unit", q.text, "; ".join(dict.fromkeys(spoken(c.estimate) for c in which if c.estimate))
            elif q.kind in SHARES and (told := everybody(text, q.end, self._words, groups=_groups_of(which))):
                yield "cohort", told, ""
            elif q.kind in SHARES and (told := other_body(text, q.end, self._words)):
                yield "opposite", told, ""
            elif q.kind is not Kind.DATE:
                matched.append((q, which if found is Fit.WELL else []))
        misplaced = list(self._beside.misplaced(text, matched))
        yield from (("beside", q.text, held) for q, held in misplaced)
        yield from (("beside", q.text, held) for q, held in self._beside.repeated(matched))
        if not misplaced:
            yield from (("beside", both, "") for both in self._beside.crossed(text, matched))
        yield from self._whose.strangers(text, named, printed)
        yield from (("unit", base, "") for base in other_bases(text, self._words))
        yield from (("date", month, "") for month in other_months(text, self._dated_words))
        yield from (("opposite", word, "") for word in opposites(text, self._words, self._compared))
        yield from (("elsewhere", where, "") for where in elsewhere(text, self._words))
        if self._findings and all(f.design is Design.EXPOSURE_RATING for f in self._findings):
            yield from (("certain", said, "") for said in made_certain(text))
        yield from (("turned", said, "") for _, said in turned(text, matched, self.estimates, self._first))
        ways = list(untold_ways(text, directions, self._leading))
        signed = frozenset(
            d.start
            for q, d in zip(printed, directions, strict=True)
            if d and not any(one is q and not any(c.sign for c in which) for one, which in matched)
        )
        clauses = () if ways else clauses_against(text, self._leading, signed)
        yield from (*ways, *((variant, item, "") for variant, item in clauses))
        yield from ways_of_groups(text, named, directions, self._leading)

    # Numbers.

    @cached_property
    def _first(self) -> list[Carrier]:
        found = [carrier for e in self.estimates for carrier in given.of_estimate(e)]
        for finding in self._findings:
            found += given.of_sample(finding)
            found += given.of_mentions(finding)
        return found

    @cached_property
    def _words(self) -> str:
        return " | ".join(self.texts)

    @cached_property
    def _compared(self) -> str:
        """The groups that are set against others of their kind, small classes against classes: those may be the opposite."""
        return " | ".join(
            e.group
            for f in self._findings
            for e in f.estimates
            if e.group and e.comparator and e.group.split()[-1:] == e.comparator.split()[-1:]
        )

    @cached_property
    def _dated_words(self) -> str:
        return " | ".join((self._words, *(e.period for f in self._findings for e in f.estimates if e.period)))

    @cached_property
    def _whose(self) -> Whose:
        return Whose(self._findings, self.estimates, self.texts)

    @cached_property
    def _beside(self) -> Beside:
        return Beside(self._first)

    @cached_property
    def texts(self) -> list[str]:
        """The words of the findings' own fields, and of the records that they name."""
        own = [text for finding in self._findings for text in given.own_texts(finding)]
        return own + [text for finding in self._findings for text in given.other_texts(finding, self._look)]

    @cached_property
    def _second(self) -> list[Carrier]:
        return [carrier for text in self.texts for carrier in given.of_text(text)]

    @cached_property
    def _dates(self) -> Dates:
        return Dates(self._findings, self._look)

    def _judge(
        self, q: Quantity, direction: Direction | None, printed: Sequence[Quantity], near: Sequence[Named]
    ) -> tuple[Fit, list[Carrier], Problem | None]:
        if q.kind is Kind.DATE:
            sound = self._dates.has(q) or self._is_count(q, printed)
            return Fit.NOT, [], None if sound else ("date", q.text, "")
        if q.change and _runs_against(q, direction):
            return Fit.NOT, [], ("turned", f"{direction.text if direction else ''} {q.text}", "")
        found, which = self._best(q, None if q.change else direction, printed, near)
        may_be_made = found in (Fit.NOT, Fit.UNIT) or (q.spelled and found in (Fit.SIGN, Fit.BOUND))
        if may_be_made and (pairs := of_levels(q, direction, self.estimates, self._text[q.end :])):
            if near and all(is_said_of_the_other(near, *pair) for pair in pairs):
                return Fit.COHORT, [], ("whose", q.text, spoken(pairs[0][0]))
            return Fit.WELL, [], None
        if found in (Fit.NOT, Fit.UNIT) and not _in_compound(q) and self._drops_limit(q):
            return found, [], ("bound", q.text, "")
        if found is Fit.WELL or self._is_let_pass(q, found, printed):
            return found, which, None
        held = "; ".join(dict.fromkeys(spoken(carrier.estimate) for carrier in which if carrier.estimate))
        return found, which, (_VARIANTS.get(found, "stray"), q.text, held)

    @cached_property
    def _limited(self) -> list[Carrier]:
        return [carrier for finding in self._findings for carrier in given.limited(finding)]

    def _drops_limit(self, q: Quantity) -> bool:
        """True for 'waited four hours', where the labels have more than four alone, and no word before it compares."""
        if q.bound is not None or q.is_range or q.kind not in _COUNTED or not self._limited:
            return False
        held = [c for c in self._limited if c.low == c.high and close(q, q.first, c.low, c) and q.kind in c.kinds]
        return (
            bool(held) and len({c.qualifier for c in held}) == 1 and not _COMPARES.search(self._text[: q.start][-12:])
        )

    def _is_let_pass(self, q: Quantity, found: Fit, printed: Sequence[Quantity]) -> bool:
        if found is Fit.NOT and is_loose(q):
            return True
        if found is Fit.NOT and (self._is_unrecorded(q) or self._is_asked(q) or self._is_step(q)):
            return True
        if found is Fit.UNIT and q.spelled and q.bare:
            return True
        if _in_compound(q) and (found is Fit.BOUND or (q.spelled and not self._has_span(q))):
            return True
        if found in (Fit.NOT, Fit.UNIT, Fit.RANGE) and self._in_texts(q, printed):
            return True
        if found is Fit.BOUND and q.bound is not None:
            said = [carrier for carrier in self._second if carrier.qualifier is q.bound]
            return best(q, None, said, printed)[0] is Fit.WELL
        return found is Fit.BOUND and (self._is_bounded_beside(q, printed) or self._is_limited_behind(q))

    def _is_limited_behind(self, q: Quantity) -> bool:
        """True for '$35 a month at most'."""
        stop = _PAUSED.search(self._text, q.end)
        return (
            q.bound is None and _LIMIT.search(self._text, q.end, stop.start() if stop else len(self._text)) is not None
        )

    def _is_unrecorded(self, q: Quantity) -> bool:
        """True for 'eight hospitals' and 'ten years earlier', unless the record counts hospitals, or has other years."""
        if q.kind is Kind.SPAN:
            return (q.spelled or _AGO.match(self._text, q.end) is not None) and not self._has_span(q)
        if not q.spelled or q.kind is not Kind.NUMBER or q.first > _FEW or q.bound is not None:
            return False
        return bool(q.nouns) and not self._counts(q.nouns)

    def _counts(self, nouns: Sequence[str]) -> bool:
        """True if one of the words behind a number is on record."""
        words = self._words.lower()
        return any(re.search(rf"\b{re.escape(noun[:_STEM])}", words) for noun in nouns)

    def _is_asked(self, q: Quantity) -> bool:
        """True for a number of a question, which claims nothing."""
        stop = _STOP.search(self._text, q.end)
        return stop is not None and stop.group() == "?"

    def _is_step(self, q: Quantity) -> bool:
        """True for the one of 'a rise of one point', where an estimate is per step of something."""
        if q.first == 1 and q.kind is Kind.SPAN and any(q.text.split()[-1] in (e.per or "") for e in self.estimates):
            return True
        return (
            q.first == 1
            and not q.is_range
            and any(e.per for e in self.estimates)
            and _STEP.search(self._text[: q.start]) is not None
        )

    def _has_span(self, q: Quantity) -> bool:
        """True if the record has a span of time in the unit of a number, or the same number of something else."""
        return any(
            (c.unit == q.unit and (c.main or c.estimate is None or q.first / 2 <= c.low <= q.first * 2))
            or (c.low == c.high and (c.main or c.estimate is None) and close(q, q.first, c.low, c))
            for c in (*self._first, *self._second)
            if Kind.SPAN in c.kinds or c.estimate is None
        )

    def _best(
        self, q: Quantity, direction: Direction | None, printed: Sequence[Quantity], near: Sequence[Named]
    ) -> tuple[Fit, list[Carrier]]:
        found, which = best(q, direction, self._first, printed)
        if q.is_range and found is not Fit.WELL:
            ends = ends_of(q)
            fits = [best(end, direction, self._first, printed) for end in ends]
            return max((found, which), min(fits, key=lambda fit: fit[0]), key=lambda fit: fit[0])
        if found is Fit.WELL and near and not any(self._whose.is_of(near, c, q, direction) for c in which):
            return Fit.COHORT, which
        return found, which

    def _in_texts(self, q: Quantity, printed: Sequence[Quantity]) -> bool:
        if q.is_range and best(q, None, self._second, printed)[0] is not Fit.WELL:
            held = [*self._first, *self._second]
            return all(best(end, None, held, printed)[0] is Fit.WELL for end in ends_of(q))
        return best(q, None, self._second, printed)[0] is Fit.WELL

    def _is_of_ratio(self, text: str, printed: Sequence[Quantity], position: int) -> bool:
        """True for both numbers of 'three of four', where the share is on record."""
        for first in (position, position - 1):
            if 0 <= first < len(printed) - 1:
                one, other = printed[first], printed[first + 1]
                if is_part(one, other, text[one.end : other.start]) and 0 < one.first < other.first:
                    share = replace(one, kind=Kind.SHARE, first=one.first / other.first, last=one.first / other.first,
                                    step=1 / other.first, spelled=True)  # fmt: skip
                    return best(share, None, self._first, printed)[0] is Fit.WELL
        return False

    def _is_bounded_beside(self, q: Quantity, printed: Sequence[Quantity]) -> bool:
        """True if the text gives the same number with its bound elsewhere."""
        others = (p for p in printed if p is not q and p.first == q.first and p.bound is not None)
        return any(best(p, None, self._first, printed)[0] is Fit.WELL for p in others)

    def _is_count(self, q: Quantity, printed: Sequence[Quantity]) -> bool:
        """True for four digits that look like a year and are a number of the finding."""
        number = replace(q, kind=Kind.NUMBER)
        return not q.unit and not q.is_range and best(number, None, self._first, printed)[0] is Fit.WELL


def _groups_of(which: Sequence[Carrier]) -> str:
    return " | ".join(c.estimate.group for c in which if c.estimate is not None and c.estimate.group)


def _in_compound(q: Quantity) -> bool:
    """True for 'four-day' and '12-hour': a span that says what kind of thing it is of."""
    return q.kind is Kind.SPAN and not q.is_range and "-" in q.text[1:]


def _runs_against(q: Quantity, direction: Direction | None) -> bool:
    """True if a change from one number to another goes against its own word of direction."""
    if direction is None or direction.denied or direction.of != "amount":
        return False
    return (q.last > q.first) is not (direction.sign > 0)


def spoken(e: Estimate) -> str:
    """An estimate as a message names it."""
    bound = "" if e.qualifier == "exactly" else f"{str(e.qualifier).replace('_', ' ')} "
    number = f"{e.range.low} to {e.range.high}" if e.range else e.value
    of = f", {e.group}" if e.group else ""
    return f"{e.id} is {bound}{number} {spoken_unit(e.unit)}".rstrip() + of
