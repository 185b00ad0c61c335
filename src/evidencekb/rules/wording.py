"""303: every number, group and word of direction in a text is carried by what the finding holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from evidencekb.model import Estimate, Finding
from evidencekb.quantities import Direction, Kind, Quantity, directions_of, read_directions, read_quantities
from evidencekb.quantities.directions import NEGATIONS
from evidencekb.quantities.tokens import tokens_of
from evidencekb.rules import carriers as given
from evidencekb.rules.attaching import STOP, attached_to, counts_for, is_loose, is_numbered
from evidencekb.rules.bases import other_bases, other_months
from evidencekb.rules.beside import Beside
from evidencekb.rules.carriers import SIGNED, Carrier, Look
from evidencekb.rules.dates import Dates
from evidencekb.rules.groups import AROUND, EXCLUSIVE, GROUPS, Named, ages_in, groups_in, is_akin, is_known
from evidencekb.rules.matching import UPPER, Fit, best, close, ends_of
from evidencekb.rules.order import is_level_told_as_change, is_part, turned
from evidencekb.rules.places import elsewhere
from evidencekb.rules.ratios import of_levels
from evidencekb.rules.ways import CLOSED, EITHER, NEUTRAL, clauses_against, is_step, way_of
from evidencekb.rules.wider import everybody, made_certain, opposites, other_body
from evidencekb.units import spoken_unit
from evidencekb.vocab import Design, Measure

Problem = tuple[str, str, str]
"""What is wrong, the passage, and what the finding holds instead."""

_VARIANTS = {
    Fit.UNIT: "unit",
    Fit.RANGE: "end",
    Fit.SIGN: "sign",
    Fit.SPEED: "speed",
    Fit.BOUND: "bound",
    Fit.COHORT: "whose",
}
_TO_WAY = re.compile(r"(?:[^\W\d]|[ '’-]){1,30}")
_MOVES = re.compile(r",? (?:back |again |down |up )?(?:to|from|towards?)\b")
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
        yield from self._groups(text, named, printed)
        yield from (("unit", base, "") for base in other_bases(text, self._words))
        yield from (("date", month, "") for month in other_months(text, self._dated_words))
        yield from (("opposite", word, "") for word in opposites(text, self._words, self._compared))
        yield from (("elsewhere", where, "") for where in elsewhere(text, self._words))
        if self._findings and all(f.design is Design.EXPOSURE_RATING for f in self._findings):
            yield from (("certain", said, "") for said in made_certain(text))
        yield from (("turned", said, "") for _, said in turned(text, matched, self.estimates, self._first))
        ways = list(self._ways(text, directions))
        signed = frozenset(
            d.start
            for q, d in zip(printed, directions, strict=True)
            if d and not any(one is q and not any(c.sign for c in which) for one, which in matched)
        )
        clauses = () if ways else clauses_against(text, self._leading, signed)
        yield from (*ways, *((variant, item, "") for variant, item in clauses))
        yield from self._ways_of_groups(text, named, directions)

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
            if near and all(_is_said_of_the_other(near, *pair) for pair in pairs):
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
        if found is Fit.WELL and near and not any(self._is_of(near, c, q, direction) for c in which):
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

    # Groups.

    def _is_of(self, near: Sequence[Named], carrier: Carrier, q: Quantity, direction: Direction | None) -> bool:
        """True unless the groups named beside a number are others than those of the carrier's estimate."""
        e = carrier.estimate
        if e is None:
            told, held = _by_dimension(near), _by_dimension(groups_in(carrier.whose))
            return all(told[d] & held[d] for d in EXCLUSIVE & told.keys() & held.keys() if d != "trade")
        if not carrier.main:
            return True
        subject, rival = _classes(e)
        words = f"{e.group or ''} {e.label or ''}".lower()
        for dimension in EXCLUSIVE:
            said = {named.group for named in near if named.dimension == dimension}
            if said and any(is_akin(group, words) for group in said):
                continue
            own, other = subject.get(dimension, set()), rival.get(dimension, set())
            if not said or said & own:
                continue
            if said & other:
                if not self._from_the_other_side(e, direction):
                    return False
            elif own or other or self._is_another(said, dimension, e, q):
                return False
        return True

    @staticmethod
    def _from_the_other_side(e: Estimate, direction: Direction | None) -> bool:
        """A change told of the comparator turns its sign; in percent it is another number as well."""
        if e.measure not in SIGNED:
            return False
        if direction is None or direction.denied or e.value is None:
            return True
        return e.measure is not Measure.PERCENT_CHANGE and (direction.sign > 0) is (e.value < 0)

    def _is_another(self, said: set[str], dimension: str, e: Estimate, q: Quantity) -> bool:
        """True if another estimate of the same outcome is the one of that group."""
        if dimension == "trade":
            return False
        return any(
            other is not e
            and other.measure is e.measure
            and other.outcome == e.outcome
            and said & _classes(other)[0].get(dimension, set())
            for other in self.estimates
        )

    def _groups(self, text: str, named: Sequence[Named], printed: Sequence[Quantity]) -> Iterator[Problem]:
        """Groups that nothing in the finding names."""
        if not named:
            return
        words = self._words.lower()
        classes = {found.group for found in groups_in(words)}
        if any(given.is_age(e) for e in self.estimates):
            classes |= {"older", "younger"}
        in_court = all(f.design is Design.LEGAL_DOCUMENT for f in self._findings)
        yield from self._together(text, named)
        known = {one: is_known(one, words, classes) for one in named}
        contrasted = {one.dimension for one in named if known[one]} & _CONTRASTED
        for one in named:
            if known[one] or one.dimension in contrasted:  # women scored above men
                continue
            if in_court and one.text.lower() in _ONE_PERSON:  # a case is of one person, a rate is not
                continue
            if one.group in AROUND and not counts_for(text, one, printed):
                continue
            yield ("cohort" if is_numbered(text, one, printed) else "group"), one.text, ""

    def _together(self, text: str, named: Sequence[Named]) -> Iterator[Problem]:
        """Groups named side by side, such as Asian men, whom no field names together."""
        for one, other in pairwise(named):
            dimensions = {one.dimension, other.dimension}
            if len(dimensions) < 2 or not dimensions <= _CROSSED or text[one.end : other.start] not in _SIDE:
                continue
            held = [_all_groups(words) for words in self.texts]
            crossed = any(all(_BY_DIMENSION[dimension] & groups for dimension in dimensions) for groups in held)
            if crossed and not any({one.group, other.group} <= groups for groups in held):
                yield "cohort", text[one.start : other.end], ""

    # Directions.

    def _ways(self, text: str, attached: Sequence[Direction | None]) -> Iterator[Problem]:
        """Words of direction with no number, where every estimate goes the other way."""
        ways = {way_of(e) for e in self._leading}
        if ways == {0} and self._leading:
            if _tells_an_effect(text):
                yield "effect", text, ""
            return
        signs = ways - {NEUTRAL}
        if len(signs - {0}) != 1 or EITHER in signs:
            return
        (sign,) = signs - {0}
        said = read_directions(text)
        if any(direction.sign == sign or direction.denied or direction.of != "amount" for direction in said):
            return
        taken = {direction.start for direction in attached if direction}
        said = tuple(
            d for d in said if not _MOVES.match(text, d.end) and not is_step(text, d, self._leading)
        )  # a rise that eased to 44%
        yield from (("way", direction.text, "") for direction in said[:1] if direction.start not in taken)

    def _ways_of_groups(
        self, text: str, named: Sequence[Named], attached: Sequence[Direction | None]
    ) -> Iterator[Problem]:
        """Words of direction right behind a group whose own estimates all go the other way: women lower."""
        if not named:
            return
        taken = {direction.start for direction in attached if direction}
        last = 0
        for direction in read_directions(text):
            begin, last = last, direction.end
            if direction.start in taken or direction.denied or direction.of != "amount":
                continue
            before = [one for one in named if begin <= one.start < direction.start and one.dimension != "trade"]
            if not before or not _TO_WAY.fullmatch(text, before[-1].end, direction.start):
                continue
            said: dict[str, set[str]] = {}
            for one in before:
                if not STOP.search(text, one.end, direction.start):
                    said.setdefault(one.dimension, set()).add(one.group)
            ways = {way_of(e) for e in self._leading if _classes(e)[0] == said} - {EITHER, NEUTRAL}
            if ways == {-direction.sign}:
                yield "way", f"{before[-1].text} {direction.text}", ""


def _classes(e: Estimate) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The groups that an estimate is of, and those that it is set against, by dimension."""
    subject, rival = dict[str, set[str]](), dict[str, set[str]]()
    for found, text in (
        (subject, f"{e.group or ''} {e.label or ''} {e.id.replace('_', ' ')}"),
        (rival, e.comparator or ""),
    ):
        for named in groups_in(text):
            found.setdefault(named.dimension, set()).add(named.group)
        if aged := ages_in(text):
            found.setdefault("age", set()).update(aged)
    return subject, rival


def _groups_of(which: Sequence[Carrier]) -> str:
    return " | ".join(c.estimate.group for c in which if c.estimate is not None and c.estimate.group)


_EFFECTS = frozenset(
    "effect effects difference differences gap gaps bias biased change changes changed harm harms benefit benefits shift".split()
)


def _tells_an_effect(text: str) -> bool:
    """True if a text speaks of an effect, says no nowhere, and limits it by nothing from above."""
    words = {token.low for token in tokens_of(text)}
    if not words.isdisjoint(NEGATIONS | CLOSED) or any(q.bound in UPPER for q in read_quantities(text)):
        return False
    return not words.isdisjoint(_EFFECTS) or any(not direction.denied for direction in read_directions(text))


def _is_said_of_the_other(near: Sequence[Named], one: Estimate, other: Estimate) -> bool:
    """True if the groups beside a factor are those of the level that it is set against."""
    own, rival, said = _classes(one)[0], _classes(other)[0], _by_dimension(near)
    return any(said[d] & rival[d] and not said[d] & own.get(d, set()) for d in EXCLUSIVE & said.keys() & rival.keys())


def _in_compound(q: Quantity) -> bool:
    """True for 'four-day' and '12-hour': a span that says what kind of thing it is of."""
    return q.kind is Kind.SPAN and not q.is_range and "-" in q.text[1:]


_ONE_PERSON = frozenset({"man", "woman"})
_CONTRASTED = frozenset({"sex", "age"})
_CROSSED = frozenset({"sex", "race", "age"})
_BY_DIMENSION = {dimension: {group for other, group in GROUPS.values() if other == dimension} for dimension in _CROSSED}
_SIDE = frozenset({" ", "-"})


def _by_dimension(named: Sequence[Named]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in named:
        found.setdefault(one.dimension, set()).add(one.group)
    return found


def _all_groups(words: str) -> set[str]:
    return {named.group for named in groups_in(words)} | ages_in(words)


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
