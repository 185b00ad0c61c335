"""1xx as shapes: from claims and findings to primary sources."""

from __future__ import annotations

from collections.abc import Iterator

from evidencekb.model import Citation, Claim, Concept, Estimate, Finding, FindingLink, Source, Support
from evidencekb.model.claims import Aspect
from evidencekb.model.findings import Drift, FigureCorrection, ProductUsed
from evidencekb.model.sources import Standing, StandingEvent
from evidencekb.rdf.shaping.conditions import (
    absent,
    any_number,
    any_of,
    apart,
    at,
    back,
    both,
    denied,
    either,
    every,
    given,
    holds,
    iri,
    iris,
    meets,
    none,
    some,
    times,
    way,
    when,
    within,
)
from evidencekb.rdf.shaping.judged import Judged
from evidencekb.rdf.shaping.paths import (
    CITATIONS,
    CITED_FOR,
    ESTIMATES,
    EVIDENCE,
    FLAGGED,
    ID,
    IS_PRIMARY,
    IS_RELAY,
    KEY,
    NAMED,
    PRIMARY_SOURCE,
    PRINTED,
    PRINTED_SOMEWHERE,
    PRINTS,
    SOURCE,
    SUPPORTED,
    SUPPORTS,
    WAS_READ,
    class_of,
    p,
    word,
)
from evidencekb.vocab import Basis, ConceptKind, Nature, Stance, StandingState

_TAKEN, _NAMES = p(Citation, "taken_from"), p(Citation, "names")
_UNKNOWN, _NONE = word("unknown"), word("none_named")
_KIND = p(Concept, "kind")
_STANCE = p(Support, "stance")
MOST_STEPS = 32


def judged() -> Iterator[Judged]:
    """What the rules of chains and claims ask."""
    yield from _primaries()
    yield from _names()
    yield from _circles()
    yield from _claims()
    yield from _relays()
    yield from _standing()


def _primaries() -> Iterator[Judged]:
    flagged = both(f"sh:class {class_of(Source)}", FLAGGED)
    yield Judged("EKB101", "basis", Citation, when(IS_PRIMARY, given(p(Citation, "basis"))),
        "a primary without a basis: add one; if it only relays, make it secondary")  # fmt: skip
    yield Judged("EKB101", "none", Finding, some(CITATIONS, IS_PRIMARY))
    yield Judged("EKB101", "estimate", Estimate, any_of(
        denied(some(CITED_FOR, IS_PRIMARY)),
        some(CITED_FOR, both(IS_PRIMARY, absent(PRINTS))),
        PRINTED_SOMEWHERE,
    ), "carried by no primary citation: list it under prints of the primary that gives it")  # fmt: skip
    yield Judged("EKB101", "estimate", Estimate, any_of(denied(some(CITED_FOR, IS_PRIMARY)), given(PRIMARY_SOURCE)),
        "prov:hadPrimarySource of the estimate is not there: no primary citation carries it", derived=True)  # fmt: skip
    reached = some(CITATIONS, both(IS_PRIMARY, some(SOURCE, flagged)))
    yield Judged("EKB101", "reach", Finding, reached,
        "no citation leads to a primary source that carries a vendor flag")  # fmt: skip
    yield Judged("EKB101", "reach", Claim, every(way(SUPPORTS, SUPPORTED), reached),
        "the claim rests on a finding that reaches no primary source with a vendor flag")  # fmt: skip
    stated = some(PRIMARY_SOURCE, flagged)
    supported = some(SUPPORTS, holds(_STANCE, iri(Stance.SUPPORTS)))
    yield Judged("EKB101", "reach", Claim, when(supported, stated),
        "prov:hadPrimarySource of the claim leads to no source with a vendor flag", derived=True)  # fmt: skip
    yield Judged("EKB101", "reach", Finding, stated,
        "prov:hadPrimarySource leads to no source with a vendor flag", derived=True)  # fmt: skip
    yield Judged("EKB101", "reach", Finding, every(PRIMARY_SOURCE, some(back(SOURCE), IS_PRIMARY)),
        "prov:hadPrimarySource names a source that no citation calls primary: work it out anew", derived=True)  # fmt: skip


def _names() -> Iterator[Judged]:
    for model, field, kind in (
        (Estimate, "outcome", ConceptKind.OUTCOME),
        (ProductUsed, "product", ConceptKind.PRODUCT),
        (Aspect, "outcomes", ConceptKind.OUTCOME),
    ):
        right = every(p(model, field), any_of(absent(_KIND), holds(_KIND, iri(kind))))
        yield Judged("EKB103", "kind", model, right, f"{field} is no concept of kind {kind}")
    yield Judged("EKB103", "itself", FindingLink, apart(back(p(Finding, "links")), p(FindingLink, "target")),
        "the finding links to itself: name the other finding, or drop the link")  # fmt: skip
    in_finding = way(back(CITATIONS), CITATIONS, SOURCE)
    words = any_of(absent(_TAKEN), at(_TAKEN, f"sh:in ( {_UNKNOWN} {_NONE} )"))
    yield Judged("EKB103", "hop", Citation, any_of(words, meets(in_finding, _TAKEN)),
        "taken_from is no citation of this finding: add it as a citation, so that the trail can be walked")  # fmt: skip
    yield from _local()


def _circles() -> Iterator[Judged]:
    """Where a chain goes, over all findings: a path cannot stay within one."""
    hop = way(_TAKEN, any_number(way(back(SOURCE), _TAKEN)))
    yield Judged("EKB102", "loop", Citation, apart(hop, SOURCE),
        "the chain comes back to where it began: correct taken_from; where a page names nothing, write none_named")  # fmt: skip
    yield Judged("EKB102", "deep", Citation, absent(f"( {_TAKEN} {times(way(back(SOURCE), _TAKEN), MOST_STEPS)} )"),
        f"the chain is deeper than {MOST_STEPS} steps: shorten it")  # fmt: skip


def _local() -> Iterator[Judged]:
    """Names inside a finding. Where one field holds several, SHACL Core can only ask that one of them is known."""
    estimates, mentions = way(ESTIMATES, ID), way(p(Finding, "mentions"), KEY)
    for model, holder, field, known, words in (
        (PRINTED, PRINTS, KEY, (estimates, mentions), "estimate, mention or sample"),
        (Drift, p(Citation, "drift"), p(Drift, "on"), (estimates, mentions), "estimate, mention or sample"),
        (FigureCorrection, p(Citation, "corrections"), p(FigureCorrection, "on"), (estimates,), "estimate or sample"),
    ):
        finding = way(back(holder), back(CITATIONS))
        there = meets(either(*(way(finding, each) for each in known)), field)
        yield Judged("EKB103", "local", model, any_of(absent(field), holds(field, '"sample"'), there),
            f"{field} names no {words} of the finding")  # fmt: skip


def _claims() -> Iterator[Judged]:
    supporting = holds(_STANCE, iri(Stance.SUPPORTS))
    yield Judged("EKB104", "none", Claim, given(SUPPORTS))
    yield Judged("EKB104", "unsupported", Claim, any_of(absent(SUPPORTS), some(SUPPORTS, supporting)),
        "no finding supports the claim, only others against it: add one, or turn the sentence round")  # fmt: skip
    yield Judged("EKB104", "estimates", Support, any_of(given(NAMED), absent(way(SUPPORTED, ESTIMATES))),
        "names a finding and none of its estimates: list the ones the claim rests on")  # fmt: skip
    seen = some(CITATIONS, both(IS_PRIMARY, WAS_READ))
    read = any_of(absent(CITATIONS), denied(some(CITATIONS, IS_PRIMARY)), seen)
    yield Judged("EKB108", "unread", Finding, read, "no primary source was read: read one and record what was read")
    rests = every(SUPPORTS, when(supporting, every(SUPPORTED, any_of(absent(CITATIONS), seen))))
    yield Judged("EKB108", "strong", Claim, any_of(absent(p(Claim, "filed_as")), rests),
        "filed as strong and rests on a finding whose primary nobody read: read it, or drop filed_as")  # fmt: skip


def _standing() -> Iterator[Judged]:
    """What rests on what was reversed, replaced or withdrawn, and claims of one study; read off what was worked out."""
    findings = way(SUPPORTS, SUPPORTED)
    reversing = way(findings, back("cito:refutes"))
    listed = meets(way(reversing, way(back(SUPPORTED), back(SUPPORTS), ID)), ID)
    yield Judged("EKB111", "reversed", Claim, any_of(absent(reversing), listed),
        "rests on a finding that another one reverses: add that one to its supports", derived=True)  # fmt: skip
    yield Judged("EKB205", "withdrawn", Claim, absent(way(EVIDENCE, "ekb:withdrawnWith")),
        "rests on a finding whose source was withdrawn: drop the support; the finding may stay", derived=True)  # fmt: skip
    yield Judged("EKB206", "claim", Claim, absent(way(findings, back("cito:updates"))),
        "rests on a finding that a later one supersedes: rest it on the later one", derived=True)  # fmt: skip
    events = way(p(Source, "standing"), p(Standing, "events"))
    replaced = both(
        holds("ekb:currentState", iri(StandingState.SUPERSEDED)),
        absent(way(events, p(StandingEvent, "affects"))),
    )
    current = any_of(absent(PRIMARY_SOURCE), some(PRIMARY_SOURCE, denied(replaced)), given(back("cito:updates")))
    yield Judged("EKB206", "version", Finding, current,
        "the figure stands only in an earlier version", derived=True)  # fmt: skip
    several = at(EVIDENCE, "sh:minCount 2")
    stated = within(p(Citation, "basis"), (iri(Basis.OWN_STATEMENT),))
    measured = within(p(Finding, "nature"), iris({Nature.OBSERVED, Nature.MODELLED}))
    only_stated = both(measured, none(CITATIONS, both(IS_PRIMARY, denied(stated))), some(CITATIONS, IS_PRIMARY))
    yield Judged("EKB106", "no_data", Claim, when(several, some(EVIDENCE, denied(only_stated))),
        "each of its findings ends in a statement that shows no data: add a study, or word the claim as what is said",
        derived=True)  # fmt: skip


def _relays() -> Iterator[Judged]:
    yield Judged("EKB105", "taken_from", Citation, when(IS_RELAY, given(_TAKEN)), "the relay has no taken_from")
    yield Judged(
        "EKB105", "names", Citation, when(both(IS_RELAY, given(_TAKEN)), given(_NAMES)), "the relay has no names"
    )
    known = denied(holds(_TAKEN, _UNKNOWN))
    yield Judged("EKB105", "unknown", Citation, when(both(IS_RELAY, given(_NAMES)), known),
        "where the relay has its figure from is unknown: look, then write a source id or none_named")  # fmt: skip
