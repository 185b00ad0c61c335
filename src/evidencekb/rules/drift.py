"""107: what each relay prints against what it was taken from, and whom it credits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from evidencekb.model import Citation, Finding, Source
from evidencekb.model.common import NONE_NAMED, UNKNOWN
from evidencekb.quantities import Direction, Kind, Quantity, directions_of, read_quantities
from evidencekb.report import Subject
from evidencekb.rules import carriers as given
from evidencekb.rules.carriers import Carrier, Look
from evidencekb.rules.hints import worded
from evidencekb.rules.matching import LOWER, UPPER, Fit, best, faster
from evidencekb.rules.rule import Found, Rule
from evidencekb.rules.wording import Wording, spoken
from evidencekb.units import spoken_unit
from evidencekb.vocab import DriftKind, Qualifier, Role

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
        printed = tuple(q for q in read_quantities(text) if q.kind is not Kind.DATE)
        judged = [
            (q, *self._judge(name, q, direction, reference, printed))
            for q, direction in zip(printed, directions_of(text, printed), strict=True)
        ]
        right = any(found is Fit.WELL for _, found, _ in judged)
        for q, found, carrier in judged:
            if found is Fit.WELL:
                continue
            kind, why = _named(q, found, carrier)
            sure = not right and reference != [] and found not in (Fit.BOUND, Fit.RANGE)
            yield kind, held, why, sure
            if sure:
                return  # one figure is changed once
        yield from self._meaning(citation, name, text, held)

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
        if any(c.role is Role.PRIMARY for c in hops):
            carriers += own
        return carriers or own, said

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
    ) -> tuple[Fit, Carrier | None]:
        found, which = best(q, direction, reference, printed)
        if found in (Fit.NOT, Fit.UNIT) and self._is_worded(name, q, printed):
            return Fit.WELL, None
        if found is not Fit.WELL and q.is_range:
            ends = [
                best(replace(q, first=end, last=end, change=False), None, [*reference, *self._all], printed)
                for end in (q.first, q.last)
            ]
            if all(fit is Fit.WELL for fit, _ in ends):
                return Fit.WELL, None
        if found is Fit.WELL and all(_is_stricter(q, c) for c in which):
            found = Fit.BOUND  # '55 or older' became 'over 55'
        if found is Fit.NOT and any(c.main and c.low < abs(q.first) < c.high for c in reference):
            return Fit.RANGE, None
        others = [carrier for carrier in self._all if carrier.estimate is None or carrier.estimate.id != name]
        if found is Fit.NOT and best(q, direction, others, printed)[0] is Fit.WELL:
            found = Fit.COHORT if any(c.main for c in reference) else Fit.WELL
        return found, which[0] if which else next((c for c in reference if c.main), None)

    def _is_worded(self, name: str, q: Quantity, printed: Sequence[Quantity]) -> bool:
        """True for a number in the words of the estimate itself: saved five hours, aged 22 to 25."""
        e = self._estimates.get(name)
        texts = (e.label, e.group, e.comparator, e.follow_up) if e else ()
        held = [carrier for text in texts if text for carrier in given.of_text(text)]
        ends = [carrier for c in held for carrier in (c, replace(c, high=c.low), replace(c, low=c.high))]
        return bool(ends) and q.bound not in UPPER and best(q, None, ends, printed)[0] is Fit.WELL

    def _meaning(self, citation: Citation, name: str, text: str, held: str) -> Iterator[Change]:
        """What the words print that the figures cannot show; for a person to confirm."""
        e = self._estimates.get(name)
        for kind, why in worded(text, self._finding, e, self._wording.texts):
            yield kind, held, why, False


def _is_stricter(q: Quantity, carrier: Carrier) -> bool:
    if q.text.endswith("+"):
        return False  # 200+ is more than 200, or 200 and more
    return carrier.main and q.bound in LOWER and carrier.qualifier in LOWER and q.bound is not carrier.qualifier


def _printed(text: str, own: Sequence[Carrier]) -> Iterator[Carrier]:
    """What a hop prints, as a carrier; its sign and its unit's family are those of the estimate."""
    sign = next((c.sign for c in own if c.main), 0)
    timely = any(c.timely for c in own)
    for carrier in given.of_text(text):
        yield replace(carrier, sign=sign, timely=timely, main=True, loose=False)


_KINDS = {
    Fit.NOT: DriftKind.NUMBER_CHANGED,
    Fit.COHORT: DriftKind.GROUP_SWAPPED,
    Fit.UNIT: DriftKind.UNIT_CHANGED,
    Fit.SIGN: DriftKind.SIGN_OR_INVERSE,
    Fit.SPEED: DriftKind.SIGN_OR_INVERSE,
    Fit.BOUND: DriftKind.NUMBER_CHANGED,
    Fit.RANGE: DriftKind.NUMBER_CHANGED,
}


def _named(q: Quantity, found: Fit, carrier: Carrier | None) -> tuple[DriftKind, str]:
    """The kind of a change of numbers, and what changed in words."""
    kind = _KINDS[found]
    if found is Fit.SPEED and carrier is not None:
        rate = faster(carrier.low * carrier.sign)
        return (
            kind,
            f"time told as speed; {carrier.low:g}% less time is {rate:.0f}% faster" if rate else "time told as speed",
        )
    if found is Fit.NOT and carrier is not None:
        if carrier.kinds and q.kind not in carrier.kinds and not q.bare:
            return DriftKind.UNIT_CHANGED, f"{q.text} is in another unit"
        if transposed(q.first, carrier.low):
            return kind, f"{q.text} has two digits transposed"
    return kind, f"{q.text} {_WHY[found]}"


_WHY = {
    Fit.NOT: "is another number",
    Fit.COHORT: "is another figure of the finding",
    Fit.UNIT: "is in another unit",
    Fit.SIGN: "goes the other way",
    Fit.BOUND: "is limited otherwise",
    Fit.RANGE: "stands for a range",
}


def transposed(one: float, other: float) -> bool:
    """True if two numbers differ by two neighbouring digits changed about.

    Examples:
        >>> transposed(356_000, 365_000), transposed(356, 366)
        (True, False)
    """
    first, second = f"{abs(one):g}", f"{abs(other):g}"
    if "e" in first + second:
        first, second = f"{abs(one):.0f}", f"{abs(other):.0f}"
    if len(first) != len(second):
        return False
    changed = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(changed) != 2:
        return False
    left, right = changed
    return (
        not re.search(r"[1-9]", first[left + 1 : right])
        and first[left] == second[right]
        and first[right] == second[left]
    )
