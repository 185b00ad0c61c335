"""The predicates that shapes walk along, by model and field, and the paths that several rules share."""

from __future__ import annotations

from evidencekb.model import Citation, Claim, Estimate, Finding, Source, Support
from evidencekb.model.common import Record
from evidencekb.model.findings import ReadRecord
from evidencekb.rdf import terms
from evidencekb.rdf.shaping.conditions import (
    Condition,
    Path,
    back,
    given,
    holds,
    iri,
    iris,
    meets,
    short,
    some,
    way,
    within,
)
from evidencekb.vocab import ReadWhat, Role, VendorFlag


def p(model: type[Record], field: str) -> Path:
    """The predicate of a field.

    Examples:
        >>> p(Source, "vendor_reason")
        'ekb:vendorReason'
    """
    if field not in model.model_fields:
        raise AttributeError(f"{model.__name__} has no field {field!r}")
    return short(terms.predicate(model.__name__, field))


def class_of(model: type[Record]) -> str:
    """Our own class of a model's records."""
    return short(terms.classes(model.__name__)[0])


def word(text: str) -> str:
    """A word that stands where a reference is expected."""
    return short(terms.word_iri(text))


ID = p(Finding, "id")
KEY = short(terms.KEY)
PRINTED = short(terms.fields(Citation)["prints"].entry)
"""The class of what a citation prints of one thing."""


CITATIONS = p(Finding, "citations")
ESTIMATES = p(Finding, "estimates")
SOURCE = p(Citation, "source")
PRINTS = p(Citation, "prints")
VENDOR = p(Source, "vendor")
SUPPORTS = p(Claim, "supports")
SUPPORTED = p(Support, "finding")
NAMED = p(Support, "estimates")
MEASURE = p(Estimate, "measure")

PRIMARY_SOURCE = "prov:hadPrimarySource"
"""Worked out: from claims, findings and estimates to their primary sources."""
EVIDENCE = "cito:citesAsEvidence"
"""Worked out: from a claim to the findings that support it."""

IS_PRIMARY: Condition = holds(p(Citation, "role"), iri(Role.PRIMARY))
IS_RELAY: Condition = holds(p(Citation, "role"), iri(Role.SECONDARY))


def _read(closeness: int) -> Condition:
    kinds = iris(what for what in ReadWhat if what.closeness >= closeness)
    return within(way(p(Citation, "read"), p(ReadRecord, "what")), kinds)


WAS_READ: Condition = _read(1)
READ_WHOLE: Condition = _read(2)

FLAGGED: Condition = within(VENDOR, iris(VendorFlag))
RESTED_ON: Condition = some(back(SOURCE), IS_PRIMARY)
"""A source that a finding has as a primary."""
CITED: Condition = given(back(SOURCE))
OF_FINDING = back(ESTIMATES)
CITED_FOR = way(OF_FINDING, CITATIONS)
"""From an estimate to the citations of its finding."""

PRINTED_SOMEWHERE: Condition = meets(way(CITED_FOR, PRINTS, KEY), KEY)
"""An estimate that a citation of its finding prints. SHACL Core cannot ask of which citation."""
