"""107: what each relay prints against what it was taken from, and whom it credits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from evidencekb.model import Citation, Estimate, Finding, Source
from evidencekb.model.common import NONE_NAMED, UNKNOWN
from evidencekb.quantities import Direction, Kind, Quantity, directions_of, read_quantities
from evidencekb.report import Subject
from evidencekb.rules import carriers as given
from evidencekb.rules.carriers import Carrier, Look
from evidencekb.rules.changing import named, transposed
from evidencekb.rules.converting import (
    converted,
    cooled,
    is_comparable,
    is_on,
    joined,
    of_factor,
    of_level,
    of_rest,
    other_forms,
    plainer,
    rated,
    rebased,
    shared,
    size_of,
)
from evidencekb.rules.hints import worded
from evidencekb.rules.matching import LOWER, UPPER, Fit, best
from evidencekb.rules.people import is_of_other
from evidencekb.rules.rounding import is_passed, is_roughly
from evidencekb.rules.rule import Found, Rule
from evidencekb.rules.wording import Wording, spoken
from evidencekb.units import spoken_unit
from evidencekb.vocab import DriftKind, Measure, Qualifier, Role

_CREDITS = frozenset({DriftKind.ATTRIBUTION_WRONG, DriftKind.VERSION_MIXED})
_NO_SOURCE = frozenset({NONE_NAMED, UNKNOWN, None})
_SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a relay tells otherwise than what it took.

    Attributes:
        at: Position of the citation within its finding.
        source: The relay.
        on: Estimate, ``sample`` or mention; empty for the credit.
        kind: What sort of change it is, or may be.
        printed: What the relay prints, or the source it names.
        held: What it was taken from.
        why: What the two differ in, in words.
        sure: The numbers or ids say so; else a person must confirm it.
    """

    at: int
    source: str
    on: str
    kind: DriftKind
    printed: str
    held: str
    why: str
    sure: bool


def passed_on(rule: Rule, finding: Finding, look: Look) -> Found:
    """107: every difference that no drift of the relay records."""
    for found in differences(finding, look):
        path = ("citations", found.at, "prints", found.on) if found.on else ("citations", found.at, "names")
        variant = ("credit" if not found.on else "changed") if found.sure else "perhaps"
        yield rule.violation(
            variant, Subject("finding", finding.id), path,
            source=found.source, item=found.on, drift=found.kind, printed=found.printed, held=found.held, why=found.why,
        )  # fmt: skip


def differences(finding: Finding, look: Look) -> Iterator[Difference]:
    """What the relays of a finding tell otherwise than what they took, as far as no drift records it.

    Args:
        finding: The finding.
        look: Gives the sources and other records that it names.
    """
    compared: _Figures | None = None
    for at, citation in enumerate(finding.citations):
        if citation.role is not Role.SECONDARY:
            continue
        yield from _credit(at, citation, look)
        recorded = {name for drift in citation.drift for name in drift.on}
        for name, text in citation.prints.items():
            if name not in recorded:
                compared = compared or _Figures(finding, look)
                for kind, held, why, sure in compared.changes(citation, name, text):
                    yield Difference(at, citation.source, name, kind, text, held, why, sure)


def _credit(at: int, citation: Citation, look: Look) -> Iterator[Difference]:
    """A relay that credits another source than the one it took from."""
    named, taken = citation.names, citation.taken_from
    if (
        named == taken
        or taken == citation.source
        or named in _NO_SOURCE
        or taken in _NO_SOURCE
        or any(d.kind in _CREDITS for d in citation.drift)
    ):
        return
    one, other = look("source", str(named)), look("source", str(taken))
    same = isinstance(one, Source) and isinstance(other, Source) and one.work is not None and one.work == other.work
    kind = DriftKind.VERSION_MIXED if same else DriftKind.ATTRIBUTION_WRONG
    why = "another version of the same work" if same else "another source"
    yield Difference(at, citation.source, "", kind, str(named), str(taken), why, sure=True)


Change = tuple[DriftKind, str, str, bool]


class Judged(NamedTuple):
    """A number of a printed text, how well it fits, what it fits best, and whether that is the figure itself."""

    q: Quantity
    fit: Fit
    carrier: Carrier | None
    itself: bool


class _Figures:
    """The figures of a finding, as its relays may have taken them."""

    def __init__(self, finding: Finding, look: Look) -> None:
        self._finding, self._look = finding, look
        self._estimates = {e.id: e for e in finding.estimates}
        self._all = [carrier for e in finding.estimates for carrier in given.of_estimate(e)]
        self._all += [*given.of_sample(finding), *given.of_mentions(finding)]
        self._wording = Wording([finding], look)

    def changes(self, citation: Citation, name: str, text: str) -> Iterator[Change]:
        """How a printed text differs from what it was taken from."""
        if self._as_recorded(name, text) and all(hop.prints[name] == text for hop in self._hops(citation, name)):
            return
        reference, held = self._reference(citation, name)
        told = list(self._told(name, plainer(text), reference))
        yield from ((kind, held, why, sure) for kind, why, sure in told)
        if not any(sure for _, _, sure in told):  # one figure is changed once
            yield from self._meaning(name, text, held)

    def _told(self, name: str, text: str, reference: Sequence[Carrier]) -> Iterator[tuple[DriftKind, str, bool]]:
        """What the numbers of a text tell otherwise."""
        judged = self._all_judged(name, text, reference)
        wrong = [one for one in judged if one.fit is not Fit.WELL]
        right = [one for one in judged if one.fit is Fit.WELL and (one.itself or name not in self._estimates)]
        forms = [*reference, *(other_forms(e) if (e := self._estimates.get(name)) else ())]
        if wrong and not right:
            worst = max(wrong, key=lambda one: one.fit)
            against = worst.fit is not Fit.BOUND or _is_against(worst)
            sure = bool(reference) and against and (worst.fit is not Fit.RANGE or _is_end(worst.q, reference))
            e = self._estimates.get(name)
            if e is not None and worst.fit in (Fit.NOT, Fit.COHORT):
                main = [c for c in forms if c.main]
                sure = sure and is_comparable(worst.q, e, frozenset[Kind]().union(*(c.kinds for c in main)), text)
            yield *named(worst.q, worst.fit, worst.carrier, forms), sure
            return
        for one in wrong:
            if self._is_told(name, one, text):
                yield *named(one.q, one.fit, one.carrier, forms), self._is_half(name, one)
        if right and self._is_of_points(name, text):
            yield DriftKind.UNIT_CHANGED, f"{right[0].q.text} is told as percent, and the record has points", False
        if judged and not any(one.itself for one in judged):
            yield DriftKind.NUMBER_CHANGED, f"{judged[0].q.text} is not the figure itself", False

    def _all_judged(self, name: str, text: str, reference: Sequence[Carrier]) -> list[Judged]:
        e = self._estimates.get(name)
        read = tuple(joined([q for q in read_quantities(text) if q.kind is not Kind.DATE], text))
        if e is not None and e.measure is Measure.PROPORTION:
            read = tuple(shared(read, text))
        directions = directions_of(text, read)
        if e is None:
            return [self._judge(name, q, d, reference, read) for q, d in zip(read, directions, strict=True)]
        held = [c for c in reference if _INTERVAL.search(text) or not _is_level(c)]
        held += [*other_forms(e), *of_rest(e, text)]
        pairs = zip(read, directions, strict=True)
        return [self._in_other_form(e, q, direction, held, read, text) for q, direction in pairs]

    def _in_other_form(
        self,
        e: Estimate,
        q: Quantity,
        direction: Direction | None,
        held: Sequence[Carrier],
        printed: Sequence[Quantity],
        text: str,
    ) -> Judged:
        """How a number fits an estimate in its own unit."""
        forms = [*held, *of_level(e, q, text)] if direction is None else held
        direction = _valued(direction, e)
        if direction is not None and direction.sign < 0:
            forms = [*forms, *of_factor(e, q)]
        one = self._judge(e.id, cooled(converted(rated(q, e, text), e), e, text), direction, forms, printed)
        if one.fit is Fit.NOT and (per := rebased(q, e, text)) is not q:
            one = max(one, self._judge(e.id, per, direction, held, printed), key=lambda judged: judged.fit)
        if one.fit is not Fit.WELL and rated(q, e, text) is not q and is_on(q, e, text):
            plain = self._judge(e.id, q, direction, held, printed)
            one = plain if plain.fit > one.fit else one
        if one.fit is Fit.SIGN and (is_of_other(text, q, e) or _UNDONE.search(text)):
            return Judged(q, Fit.WELL, one.carrier, itself=True)  # boys ahead by 9, of girls behind by 9
        if one.fit is Fit.BOUND and one.carrier and one.carrier.qualifier in LOWER and is_passed(q, text):
            return Judged(q, Fit.WELL, one.carrier, itself=True)
        if one.fit is Fit.WELL and q.sign < 0 and e.measure in _NO_PERCENT - {Measure.SMD} and (e.value or 0) > 0:
            return one._replace(q=q, fit=Fit.SIGN)
        hundredfold = q.kind is Kind.PERCENT and e.measure in _NO_PERCENT and e.value is not None
        if one.fit is Fit.NOT and hundredfold and abs(q.first - 100 * abs(e.value or 0)) <= q.step / 2:
            return one._replace(q=q, fit=Fit.UNIT)  # 36% for 0.36 SD
        if one.fit is Fit.NOT and (size_of(e.unit or "") or cooled(q, e, text) is not q):
            same = self._judge(e.id, q, direction, held, printed).fit is Fit.WELL
            return one._replace(q=q, fit=Fit.UNIT if same else Fit.NOT)
        return one._replace(q=q)

    def _is_told(self, name: str, one: Judged, text: str) -> bool:
        """True if a wrong number beside a right one is worth a look, and not what a page adds of its own."""
        e = self._estimates.get(name)
        if one.fit is Fit.UNIT:
            return one.carrier is None or (one.q.kind in _RATES and one.q.first == one.carrier.low)
        if one.fit not in (Fit.NOT, Fit.COHORT):
            return True
        if e is None or one.fit is Fit.COHORT:
            return False
        before = text[max(0, one.q.start - _NEAR) : one.q.start]
        if _P_VALUE.search(before) and e.p_value is None:
            return False
        within = _INTERVAL.search(before) or (one.q.is_range and before.endswith(("(", "[")))
        if (
            (e.interval and within)
            or (e.denominator and _OUT_OF.search(before))
            or (e.se is not None and _ERROR.search(before))
        ):
            return True
        if _ALTERNATIVE.search(text) and one.carrier is not None and one.q.kind in one.carrier.kinds:
            return True
        return one.carrier is not None and transposed(one.q.first, one.carrier.low)

    def _is_of_points(self, name: str, text: str) -> bool:
        """True for percent where the record has points, though the source prints percent too."""
        e = self._estimates.get(name)
        if e is None or e.measure is not Measure.PERCENTAGE_POINTS:
            return False
        judged = self._all_judged(name, text, self._own(name)[0])
        return bool(judged) and all(one.fit is Fit.UNIT and one.q.kind is Kind.PERCENT for one in judged)

    def _is_half(self, name: str, one: Judged) -> bool:
        """True for an interval of which one end was changed."""
        e = self._estimates.get(name)
        ends = [c for c in given.of_estimate(e) if c.low == c.high and not c.main] if e and e.interval else []
        return one.fit is Fit.NOT and _is_end(one.q, ends)

    def _as_recorded(self, name: str, text: str) -> bool:
        """Whether a text is the recorded value with its unit, whatever that is, and no other word."""
        estimate = self._estimates.get(name)
        if estimate is None or estimate.qualifier is not Qualifier.EXACTLY:
            return False
        unit = spoken_unit(estimate.unit)
        if not text.endswith(unit):
            return False
        ends = (estimate.range.low, estimate.range.high) if estimate.range else (estimate.value,)
        numbers = text.replace("−", "-").removesuffix(unit).strip().split(" to ")
        return len(numbers) == len(ends) and all(
            end is not None and said in (str(end), f"{end:g}") for said, end in zip(numbers, ends, strict=True)
        )

    def _reference(self, citation: Citation, name: str) -> tuple[list[Carrier], str]:
        """The carriers that a relay may have taken a figure from, and how they read."""
        own, held = self._own(name)
        hops = self._hops(citation, name)
        if not hops:
            return own, held
        said = "; ".join(dict.fromkeys(c.prints[name] for c in hops))
        carriers = [carrier for c in hops for carrier in _printed(c.prints[name], own)]
        if any(c.role is Role.PRIMARY or self._is_sound(c.prints[name], name, own) for c in hops):
            carriers += own
        return carriers or own, said

    def _is_sound(self, text: str, name: str, own: Sequence[Carrier]) -> bool:
        """True if a hop prints the figure as it is, which its reader may then have looked up."""
        return any(one.fit is Fit.WELL and one.itself for one in self._all_judged(name, plainer(text), own))

    def _hops(self, citation: Citation, name: str) -> list[Citation]:
        """The citations that a relay took a figure from, and that print it."""
        return [c for c in self._finding.citations if c.source == citation.taken_from and name in c.prints]

    def _own(self, name: str) -> tuple[list[Carrier], str]:
        if e := self._estimates.get(name):
            return list(given.of_estimate(e)), spoken(e)
        if name == _SAMPLE:
            sample = self._finding.sample
            counts = [f"{count.n:g} {count.of}" for count in sample.counts] if sample else []
            return list(given.of_sample(self._finding)), ", ".join(counts)
        meaning = self._finding.mentions.get(name, "")
        return [
            replace(carrier, loose=True) for carrier in chain(given.of_text(name), given.of_mentions(self._finding))
        ], (f"{name} ({meaning})" if meaning else name)

    def _judge(
        self,
        name: str,
        q: Quantity,
        direction: Direction | None,
        reference: Sequence[Carrier],
        printed: Sequence[Quantity],
    ) -> Judged:
        found, which = best(q, direction, reference, printed)
        itself = found is not Fit.WELL or any(c.main or c.estimate is None or Kind.SPAN in c.kinds for c in which)
        if not itself and (signed := best(q, direction, [c for c in reference if c.main], printed))[0] is Fit.SIGN:
            found, which = signed  # the error is as large, and the sign is another
        if found is not Fit.WELL and any(is_roughly(q, c) for c in reference):
            return Judged(q, Fit.WELL, None, itself=True)
        if found in (Fit.NOT, Fit.UNIT):
            worded = self._worded(name, q, printed)
            if worded is Fit.WELL:
                return Judged(q, Fit.WELL, None, itself=False)
            if worded is Fit.UNIT:
                return Judged(q, Fit.UNIT, None, itself=False)
        if found is not Fit.WELL and q.is_range:
            ends = [
                best(
                    replace(q, first=end, last=end, change=False),
                    None if q.change else direction,
                    [*reference, *self._all],
                    printed,
                )
                for end in (q.first, q.last)
            ]
            if all(fit is Fit.WELL for fit, _ in ends):
                return Judged(q, Fit.WELL, None, itself=True)
        if found is Fit.WELL and all(_is_stricter(q, c) for c in which):
            found = Fit.BOUND  # '55 or older' became 'over 55'
        if found is Fit.NOT and any(c.main and c.low < abs(q.first) < c.high for c in reference):
            return Judged(q, Fit.RANGE, None, itself=True)
        others = [carrier for carrier in self._all if carrier.estimate is None or carrier.estimate.id != name]
        if found is Fit.NOT and best(q, direction, others, printed)[0] is Fit.WELL:
            found = Fit.COHORT if any(c.main for c in reference) else Fit.WELL
        return Judged(q, found, which[0] if which else next((c for c in reference if c.main), None), itself)

    def _worded(self, name: str, q: Quantity, printed: Sequence[Quantity]) -> Fit:
        """How a number fits those in the words of the estimate itself: saved five hours, aged 22 to 25."""
        e = self._estimates.get(name)
        texts = (e.label, e.group, e.comparator, e.follow_up) if e else ()
        held = [carrier for text in texts if text for carrier in given.of_text(text)]
        ends = [carrier for c in held for carrier in (c, replace(c, high=c.low), replace(c, low=c.high))]
        if not ends or q.bound in UPPER:
            return Fit.NOT
        found, which = best(q, None, ends, printed)
        spans = (
            q.kind is Kind.SPAN and all(Kind.SPAN in c.kinds for c in which) and any(c.low == q.first for c in which)
        )
        return found if found is Fit.WELL or (found is Fit.UNIT and spans) else Fit.NOT

    def _meaning(self, name: str, text: str, held: str) -> Iterator[Change]:
        """What the words print that the figures cannot show; for a person to confirm."""
        e = self._estimates.get(name)
        for kind, why in worded(text, self._finding, e, self._wording.texts):
            yield kind, held, why, False


def _valued(direction: Direction | None, e: Estimate) -> Direction | None:
    """A word of direction, with better and worse as less and more where less is better."""
    words = f"{e.label or ''} {e.outcome}"
    if direction is not None and direction.of == "gap" and _GAP.search(words):
        return replace(direction, of="amount")
    if direction is None or direction.text.lower() not in _VALUES or not _BAD.search(words):
        return direction
    return replace(direction, sign=-direction.sign)


_GAP = re.compile(r"\b(?:gap|difference|disparit)")
_VALUES = frozenset({"better", "worse", "improved", "improve", "improves", "improving"})
_BAD = re.compile(
    r"\b(?:fail|error|mistake|wrong|click|death|mortal|died|infect|disease|loss|lost|cost|price|crime|offen[cs]|injur|accident|crash|complaint|harm"
    r"|risk|symptom|depress|anxi|pain|poverty|delay|time|minutes|hours|seconds|wait|late|absen|dropout|drop-out|emission|pollut)",
    re.IGNORECASE,
)
_NO_PERCENT = frozenset({Measure.SMD, Measure.CORRELATION, Measure.RELIABILITY})
_UNDONE = re.compile(r"\bwould\b.*\b(?:without|absent|but for|in the absence|had \w+ not|if \w+ had not)\b")
_NEAR = 28
_RATES = frozenset({Kind.PERCENT, Kind.POINTS})
_INTERVAL = re.compile(r"\b(?:CI|CrI|UI|HDI|interval|confidence|credible|level|significan\w*)\b", re.IGNORECASE)
_ERROR = re.compile(r"\b(?:SE|s\.e\.|standard error)\b")
_ALTERNATIVE = re.compile(r"; also\b|\bin the (?:text|title|address|headline|body)\b")
_P_VALUE = re.compile(r"\b[pP] ?(?:value )?(?:of )?[=<≤]? ?$")
_OUT_OF = re.compile(r"(?:\bof(?: the)?|/|\bout of(?: the)?) ?$")


def _is_end(q: Quantity, carriers: Sequence[Carrier]) -> bool:
    """True for a range of which one end alone is right."""
    if not q.is_range or q.change:
        return False
    held = [end for c in carriers for end in (c.low, c.high)]
    return any(abs(abs(end) - value) <= q.step / 2 for end in (q.first, q.last) for value in held)


def _is_level(carrier: Carrier) -> bool:
    """True for the level of an interval, which a text names with it."""
    e = carrier.estimate
    return e is not None and e.interval is not None and not carrier.main and carrier.low == e.interval.level * 100


def _is_stricter(q: Quantity, carrier: Carrier) -> bool:
    if q.text.endswith("+") or q.first < carrier.low:
        return False  # 200+ is more than 200, or 200 and more
    return carrier.main and q.bound in LOWER and carrier.qualifier in LOWER and q.bound is not carrier.qualifier


def _is_against(one: Judged) -> bool:
    """True if a text limits a figure from the other side."""
    sides = (one.q.bound, one.carrier.qualifier if one.carrier else None)
    return any(side in LOWER for side in sides) and any(side in UPPER for side in sides)


def _printed(text: str, own: Sequence[Carrier]) -> Iterator[Carrier]:
    """What a hop prints, as a carrier; its sign and its unit's family are those of the estimate."""
    sign = next((c.sign for c in own if c.main), 0)
    timely = any(c.timely for c in own)
    for carrier in given.of_text(text):
        yield replace(carrier, sign=sign, timely=timely, main=True, loose=False)
