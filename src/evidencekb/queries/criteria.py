"""What each named criterion of strength says of a finding: a place, and the words for it.

What :mod:`evidencekb.engines` keeps in the table ``ranked`` is read from there; published scales are worked out when asked for.

References:
    Guyatt et al. (2008), GRADE: an emerging consensus on rating quality of evidence and strength of recommendations, BMJ 336,
    924-926; Guyatt et al. (2011), GRADE guidelines 1-9, Journal of Clinical Epidemiology 64. GRADE rates a body of evidence for
    one outcome; here each finding is held against its reasons for lower certainty, one by one, as far as records tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from evidencekb.errors import QuestionError
from evidencekb.names import nearest
from evidencekb.queries.scales import COMPARED, OCEBM, OCEBM_PREVALENCE, RANDOMISED, SMS, Levels
from evidencekb.queries.subjects import many
from evidencekb.vocab import Absence, CaveatKind, CohortFit, Design, SampleLevel, YesNo

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Estimate, Finding

STORED: Mapping[str, str] = {
    "standing": "0 nothing against it, 1 superseded, reversed or under concern, 2 withdrawn",
    "seen": "0 the primary was read whole or as data, 1 an abstract or extract of it, 2 only pages about it",
    "design": "0 to 4 for Maryland levels 5 to 1, then designs outside the scale in our own order",
    "independence": "best flag among its primaries: 0 independent, 1 interested, 2 vendor, 3 unknown",
    "replications": "failed less successful replications by distinct works",
    "precision": "0 an interval is known, 1 none is",
}
"""The criteria of the table ``ranked``, in the order it asks them."""

JUDGED: Mapping[str, str] = {
    "sms": "0 to 4 for levels 5 to 1 of the Maryland scale (Sherman and others 1998; What Works Centre 2016), 5 without a level",
    "ocebm": "0 to 4 for levels 1 to 5 of the Oxford table of 2011, whether an intervention helps; 5 without a level",
    "ocebm_prevalence": "0 to 4 for levels 1 to 5 of the Oxford table of 2011, how common something is; 5 without a level",
    "risk_of_bias": "0 random assignment, 2 compared without it, 1 more for a recorded limit (GRADE); 4 neither, or not recorded",
    "inconsistency": "0 tried again with success, 1 contradicted or failed (GRADE), 2 not recorded",
    "indirectness": "0 the cohort itself, no limit recorded, 1 others, or a recorded limit (GRADE), 2 not recorded",
    "imprecision": "0 its main figures are clear, 1 one includes no effect or rests on few (GRADE), 2 not recorded",
    "publication_bias": "0 the plan was public before the data, 1 it was not (GRADE), 2 not recorded",
}
"""The criteria of published scales, with their values; smaller is stronger."""

MEANINGS = {**STORED, **JUDGED}
_GRADE = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")


def _instead_of_design(name: str) -> tuple[str, ...]:
    return tuple(name if stored == "design" else stored for stored in STORED)


SCALES: Mapping[str, tuple[str, ...]] = {
    "default": tuple(STORED),
    **{name: _instead_of_design(name) for name in ("sms", "ocebm", "ocebm_prevalence")},
    "grade": ("standing", "seen", *_GRADE, "independence"),
}
"""Criteria by scale, in the order they are asked."""


class Place(NamedTuple):
    """What a criterion says of a finding.

    Attributes:
        value: Smaller is stronger.
        reading: The value in words; empty where the meaning of the criterion says it.
        silent: True when the scale leaves the design out, or nothing is recorded.
    """

    value: int
    reading: str = ""
    silent: bool = False


def asked_of(scale: str | Sequence[str]) -> tuple[str, ...]:
    """The criteria of a scale by name, or those listed.

    Raises:
        QuestionError: If there is no such scale or criterion.

    Examples:
        >>> asked_of("sms")[2], asked_of(["ocebm", "independence"])
        ('sms', ('ocebm', 'independence'))
    """
    named = isinstance(scale, str)
    names = many("scale", scale) or (None,)
    for name in names:
        if name not in (known := SCALES if named else MEANINGS):
            what = f"a scale of {', '.join(SCALES)}, or criteria of {', '.join(MEANINGS)}"
            raise QuestionError(f"scale is {name!r}; give {what}{nearest(str(name), known)}")
    return SCALES[scale] if isinstance(scale, str) else tuple(dict.fromkeys(scale))


def places(kb: KnowledgeBase, ids: Iterable[str], names: Iterable[str]) -> dict[str, dict[str, Place]]:
    """What each criterion says of each finding."""
    rows = kb.rows(
        f"SELECT r.finding, f.design, {', '.join(f'r.{name}' for name in STORED)} "
        "FROM ranked r JOIN finding f ON f.id = r.finding WHERE r.finding IN (SELECT value FROM json_each(?))",
        (json.dumps(tuple(ids)),),
    )
    wanted = tuple(names)
    found = {}
    for id, design, *values in rows:
        kept = dict(zip(STORED, values, strict=True))
        evidence = Evidence(kb, id, Design(design))
        found[id] = {
            name: _kept(name, kept[name], evidence) if name in STORED else _JUDGES[name](evidence) for name in wanted
        }
    return found


class Pool(NamedTuple):
    """What a synthesis pools, as far as findings here say.

    Attributes:
        designs: The designs of the findings that it includes.
        works: In how many works these stand.
        studies: How many studies it says that it pools; None when that is not recorded.
    """

    designs: tuple[Design, ...]
    works: int
    studies: int | None

    @property
    def known(self) -> bool:
        """Whether what it pools is known: as many works as it says that it pools studies, or any where it does not say."""
        return self.works > 0 and (self.studies is None or self.works >= self.studies)

    def __str__(self) -> str:
        if not self.works:
            return "what it pools is not recorded"
        if self.known:
            return f"pools {', '.join(self.designs)}{'' if self.studies else ' (of how many studies is not recorded)'}"
        return f"{self.works} of {self.studies} studies that it pools recorded"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding and what stands around it."""

    kb: KnowledgeBase
    id: str
    design: Design

    @property
    def finding(self) -> Finding:
        """Its record."""
        return self.kb.finding(self.id)

    def pool(self) -> Pool:
        """What it pools: the findings that it includes, works counted once."""
        rows = self.kb.rows(_POOLED, (self.id,))
        sample = self.finding.sample
        studies = [count.n for count in (sample.counts if sample else ()) if count.level is SampleLevel.STUDIES]
        designs = sorted({Design(design) for design, _ in rows}, key=lambda design: (design.order, design))
        return Pool(tuple(designs), len({work for _, work in rows}), int(max(studies)) if studies else None)

    def limits(self, kinds: frozenset[CaveatKind]) -> tuple[str, ...]:
        """Limits of these kinds that a person recorded."""
        return tuple(dict.fromkeys(str(caveat.kind) for caveat in self.finding.caveats if caveat.kind in kinds))


_POOLED = """
    SELECT DISTINCT f.design, COALESCE((
      SELECT MIN(CASE s.work WHEN '' THEN s.id ELSE s.work END) FROM citation c JOIN source s ON s.id = c.source
      WHERE c.finding = f.id AND c.role = 'primary'
    ), f.id)
    FROM finding_link l JOIN finding f ON f.id = l.target
    WHERE l.type = 'includes' AND l.finding = ? AND l.target <> l.finding
"""
_AGAINST = """
    SELECT COUNT(DISTINCT k.other) FROM (
      SELECT finding, other FROM conflict
      UNION ALL SELECT finding, target FROM finding_link WHERE type = 'contradicts'
      UNION ALL SELECT target, finding FROM finding_link WHERE type = 'contradicts'
    ) k JOIN finding f ON f.id = k.other
    WHERE k.finding = :id AND k.other <> :id AND k.other NOT IN (SELECT finding FROM withdrawn)
"""
_TRIED = "SELECT successful, failed FROM replication WHERE finding = ?"

_BIASING = frozenset({
    CaveatKind.CONFOUNDED_GROUPS, CaveatKind.OTHER_DRIVERS, CaveatKind.SELF_REPORT, CaveatKind.RATER_IS_PRODUCT,
    CaveatKind.METHOD_CONTESTED, CaveatKind.METHOD_UNPUBLISHED,
})  # fmt: skip
_INDIRECT = frozenset({
    CaveatKind.ARTIFICIAL_SETTING, CaveatKind.DATED_PRODUCT, CaveatKind.SHORT_HORIZON, CaveatKind.PROXY_OUTCOME,
    CaveatKind.POTENTIAL_NOT_ACTUAL, CaveatKind.SCOPE_NARROW,
})  # fmt: skip
_IMPRECISE = frozenset({CaveatKind.SMALL_SAMPLE})
_DIRECT = frozenset({CohortFit.EXACT, CohortFit.NARROWER})
_NOT_RECORDED = Place(2, "not recorded", silent=True)


def _kept(name: str, value: int, evidence: Evidence) -> Place:
    """A place that the table ``ranked`` holds."""
    if name != "design":
        return Place(value)
    design = evidence.design
    if design.sms:
        return Place(value, f"{design}: {SMS.name} {design.sms}")
    where = "placed with level 3" if design is Design.META_ANALYSIS else "in our own order"
    return Place(value, f"{design}: outside the Maryland scale, {where}")


def _levelled(scale: Levels, outside: str) -> Callable[[Evidence], Place]:
    """A criterion that asks a scale of designs; ``outside`` is how it tells that it leaves a design out."""

    def judge(evidence: Evidence) -> Place:
        design = evidence.design
        level, told = scale.levels.get(design), str(design)
        if design is Design.META_ANALYSIS:
            pool = evidence.pool()
            told = f"{design}, {pool}"
            if not pool.known:
                return Place(scale.steps(None), f"{told}: no level", silent=True)
            level = scale.synthesis(pool.designs)
        if level is None:
            return Place(scale.steps(None), f"{told}: outside {outside}", silent=True)
        return Place(scale.steps(level), f"{told}: {scale.name} {level}")

    return judge


def _risk_of_bias(evidence: Evidence) -> Place:
    """GRADE's start by design, randomised before other comparisons, then the limits that a person recorded."""
    design = evidence.design
    if design is Design.NOT_RECORDED:
        return Place(4, "not recorded", silent=True)
    parts: tuple[Design, ...] = (design,)
    told = str(design)
    if design is Design.META_ANALYSIS:
        pool = evidence.pool()
        parts, told = pool.designs, f"{design}, {pool}"
        if not pool.known:
            return Place(4, told, silent=True)
    if not RANDOMISED.union(COMPARED).issuperset(parts):
        return Place(4, f"{told}: outside GRADE, which is about effects", silent=True)
    randomised, limits = RANDOMISED.issuperset(parts), evidence.limits(_BIASING)
    start = "starts high" if randomised else "starts low"
    return Place((0 if randomised else 2) + bool(limits), f"{told}: {', '.join((start, *limits))}")


def _inconsistency(evidence: Evidence) -> Place:
    ((against,),) = evidence.kb.rows(_AGAINST, {"id": evidence.id})
    successful, failed = next(iter(evidence.kb.rows(_TRIED, (evidence.id,))), (0, 0))
    counts = {"replications failed": failed, "replications succeeded": successful, "findings against it": against}
    told = ", ".join(f"{what}: {count}" for what, count in counts.items() if count)
    if against or failed:
        return Place(1, told)
    return Place(0, told) if successful else _NOT_RECORDED


def _indirectness(evidence: Evidence) -> Place:
    fits = [link.fit for link in evidence.finding.cohorts]
    limits = evidence.limits(_INDIRECT)
    others = tuple(dict.fromkeys(map(str, fits))) if not _DIRECT.intersection(fits) else ()
    if limits or others:
        return Place(1, ", ".join((*others, *limits)))
    return Place(0, "none recorded") if fits else _NOT_RECORDED


def _imprecision(evidence: Evidence) -> Place:
    from evidencekb.answers.power import (
        CLEAR,
        SMALL,
        UNCLEAR,
        precision_of,
    )  # it needs the models, which the rest does without

    finding, weaknesses = evidence.finding, {UNCLEAR: "includes no effect", SMALL: "rests on few"}
    figures = [estimate for estimate in finding.estimates if estimate.main] or list(finding.estimates)
    judged = [(estimate.id, precision_of(finding, estimate, tested=True)) for estimate in figures]
    weak = [f"{id} {weaknesses[told.verdict]} ({told.found})" for id, told in judged if told.verdict in weaknesses]
    if weak or (limits := evidence.limits(_IMPRECISE)):
        return Place(1, ", ".join(weak or limits))
    if figures and all(told.verdict == CLEAR for _, told in judged):
        return Place(0, "clear")
    if figures and all(_no_interval(finding, estimate) is Absence.NOT_APPLICABLE for estimate in figures):
        return Place(2, "no interval applies", silent=True)
    return _NOT_RECORDED


def _no_interval(finding: Finding, estimate: Estimate) -> Absence | None:
    return estimate.no_interval or finding.no_interval


def _publication_bias(evidence: Evidence) -> Place:
    state: Any = evidence.finding.preregistered
    known = {YesNo.YES: Place(0, "preregistered"), YesNo.NO: Place(1, "not preregistered")}
    return known.get(state.state, _NOT_RECORDED) if state else _NOT_RECORDED


_JUDGES: Mapping[str, Callable[[Evidence], Place]] = {
    "sms": _levelled(SMS, "the Maryland scale"),
    "ocebm": _levelled(OCEBM, "the Oxford row on whether an intervention helps"),
    "ocebm_prevalence": _levelled(OCEBM_PREVALENCE, "the Oxford row on how common something is"),
    "risk_of_bias": _risk_of_bias,
    "inconsistency": _inconsistency,
    "indirectness": _indirectness,
    "imprecision": _imprecision,
    "publication_bias": _publication_bias,
}
