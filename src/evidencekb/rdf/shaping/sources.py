"""2xx as shapes: flags, their reasons, identifiers and standing."""

from __future__ import annotations

from collections.abc import Iterator

from evidencekb import ids
from evidencekb.engines import rows
from evidencekb.model import Citation, Claim, Source, Support
from evidencekb.model.findings import FigureCorrection
from evidencekb.model.sources import Archived
from evidencekb.rdf.shaping.conditions import (
    absent,
    any_of,
    at,
    back,
    both,
    denied,
    given,
    holds,
    iri,
    iris,
    meets,
    pattern,
    some,
    way,
    when,
    within,
)
from evidencekb.rdf.shaping.judged import Judged
from evidencekb.rdf.shaping.paths import (
    CITED,
    ESTIMATES,
    IS_PRIMARY,
    KEY,
    NAMED,
    PRIMARY_SOURCE,
    PRINTS,
    RESTED_ON,
    SUPPORTED,
    SUPPORTS,
    VENDOR,
    p,
)
from evidencekb.vocab import SourceKind, Stance, VendorFlag

_REASON = p(Source, "vendor_reason")
_TIED = iris({VendorFlag.VENDOR, VendorFlag.INTERESTED})
_LOOKED = iris(set(VendorFlag) - {VendorFlag.UNKNOWN})


def judged() -> Iterator[Judged]:
    """What the rules of sources ask."""
    yield from _flags()
    yield from _places()
    yield from _corrections()
    yield from _sides()


def _flags() -> Iterator[Judged]:
    yield Judged(
        "EKB201", "missing", Source, when(RESTED_ON, given(VENDOR)), "a finding rests on it, and it has no vendor flag"
    )
    yield Judged("EKB201", "unknown", Source, when(RESTED_ON, denied(holds(VENDOR, iri(VendorFlag.UNKNOWN)))),
        "flagged unknown, and a finding rests on it: look who publishes, owns, pays and sells, then set the flag")  # fmt: skip
    yield Judged(
        "EKB201", "relay", Source, any_of(RESTED_ON, given(VENDOR)), "no vendor flag; unknown is allowed for a relay"
    )
    yield Judged("EKB202", "missing", Source, when(RESTED_ON, given(_REASON)),
        "a flag without a reason: say who stands behind it and where one looked")  # fmt: skip
    yield Judged("EKB202", "relay", Source, any_of(RESTED_ON, given(_REASON)), "no reason for its flag")
    undecided = denied(pattern(r"^\W*undecided", fold=True))
    yield Judged("EKB202", "undecided", Source, at(_REASON, undecided),
        "hints in place of a reason: read them, set the flag, and write in one sentence why")  # fmt: skip
    who = any_of(pattern(r"[^.!?:\s]\s+\w*[A-Z]"), pattern(_TRADES, fold=True))
    told = any_of(
        given(p(Source, "interests")),
        holds(p(Source, "kind"), iri(SourceKind.LEGAL_FILING)),
        absent(_REASON),
        some(_REASON, who),
    )
    yield Judged("EKB203", "untied", Source, when(within(VENDOR, _TIED), told),
        "neither a tie nor the reason names who gains: add the organisation and its tie")  # fmt: skip


_TRADES = (
    "sell|sold|offer|trade|earn|paid|market|product|service|custom|client|stake|campaign|party|member"
    "|publish|author|employ|fund|own|maker|company|firm|vendor"
)


def _places() -> Iterator[Judged]:
    place = any_of(
        *(given(p(Source, scheme)) for scheme in ids.SOURCE_SCHEMES),
        both(
            given(p(Source, "container")),
            given(p(Source, "pages")),
            any_of(given(p(Source, "volume")), within(p(Source, "kind"), iris(rows.IN_BOOKS))),
        ),
        both(
            within(p(Source, "kind"), iris(rows.ON_SHELVES)),
            given(p(Source, "publisher")),
            given(p(Source, "published_on")),
        ),
    )
    advice = "give a doi, arxiv, isbn, pmid, pmcid, url, docket or number, or container with volume and pages"
    yield Judged("EKB204", "lost", Source, when(CITED, place), f"the source cannot be found: {advice}")
    yield Judged("EKB204", "idle", Source, any_of(CITED, place), f"the source cannot be found: {advice}")
    for scheme, form in _FORMS.items():
        formed = at(p(Source, scheme), pattern(form, fold=True))
        yield Judged("EKB208", "bad", Source, when(CITED, formed), f"{scheme} has not the form of its scheme")
        yield Judged("EKB208", "idle", Source, any_of(CITED, formed), f"{scheme} has not the form of its scheme")
    copy = at(p(Archived, "url"), pattern(r"^https?://\S+$|^([^/\\:]+/)?[0-9a-f]{64}\.[a-z0-9]{1,8}$", fold=True))
    yield Judged("EKB208", "bad", Archived, copy, "a copy stands at an address, or in a file named by its digest")


_FORMS = {
    "doi": r"^10\.[0-9]{4,9}(\.[0-9]+)*/\S+$|^10/[a-z0-9]+$",
    "arxiv": r"^[0-9]{4}\.[0-9]{4,5}(v[1-9][0-9]*)?$|^[a-z-]+(\.[a-z]{2})?/[0-9]{7}(v[1-9][0-9]*)?$",
    "isbn": r"^([0-9][ -]?){9}[0-9X]$|^97[89][ -]?([0-9][ -]?){9}[0-9]$",
    "pmid": r"^[1-9][0-9]{0,7}$",
    "pmcid": r"^PMC[1-9][0-9]{0,8}(\.[1-9][0-9]?)?$",
    "url": r"^https?://\S+$",
}


def _corrections() -> Iterator[Judged]:
    corrections, on = p(Citation, "corrections"), p(FigureCorrection, "on")
    yield Judged("EKB211", "relay", Citation, any_of(absent(corrections), IS_PRIMARY),
        "another figure in a relay is drift: record it under drift, and take the correction out")  # fmt: skip

    expected = meets(way(back(corrections), PRINTS, KEY), on)
    yield Judged("EKB211", "unprinted", FigureCorrection, any_of(denied(given(on)), expected),
        "what the source prints of it is not recorded, so nobody can tell when it is mended: write it into prints")  # fmt: skip


def _sides() -> Iterator[Judged]:
    supporting = holds(p(Support, "stance"), iri(Stance.SUPPORTS))
    free = some(PRIMARY_SOURCE, denied(within(VENDOR, _TIED)))
    counts = both(supporting, any_of(some(NAMED, free), both(absent(NAMED), some(SUPPORTED, free))))
    numbers = both(supporting, any_of(given(NAMED), given(way(SUPPORTED, ESTIMATES))))
    yield Judged("EKB210", "tied", Claim, when(some(SUPPORTS, numbers), some(SUPPORTS, counts)),
        "rests on vendor or interested sources only: add an independent finding, or word the claim so", derived=True)  # fmt: skip
