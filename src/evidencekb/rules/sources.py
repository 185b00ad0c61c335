"""2xx about one record: identifiers that cannot be right, flags that name nobody."""

from __future__ import annotations

import re

from evidencekb import ids
from evidencekb.model import Organization, Source
from evidencekb.report import Subject
from evidencekb.rules.rule import Found, Rule
from evidencekb.vocab import SourceKind, VendorFlag

# A name within a sentence, a trade, or a way to stand behind a source.
_WHO = re.compile(
    r"[^.!?:\s]\s+\w*[A-Z]|(?i:sell|sold|offer|trade|earn|paid|market|product|service|custom|client|stake|campaign|party|member"
    r"|publish|author|employ|fund|own|maker|company|firm|vendor)"
)
_COPY = re.compile(r"(?:[^/\\:]+/)?[0-9a-f]{64}\.[a-z0-9]{1,8}")


def identifiers(rule: Rule, source: Source, *, cited: bool) -> Found:
    """208: every identifier has the form, and the check digit, of its scheme; milder where no finding cites the source."""
    variant = "bad" if cited else "idle"
    for scheme in ids.SOURCE_SCHEMES:
        value = getattr(source, scheme)
        if value is not None and (problem := ids.problem(scheme, value)):
            yield rule.violation(variant, Subject("source", source.id), (scheme,), problem=problem)
    if source.archived is not None and (problem := _kept(source.archived.url)):
        yield rule.violation(variant, Subject("source", source.id), ("archived", "url"), problem=problem)


def _kept(place: str) -> str | None:
    """What is wrong with the place of a copy: an address, or a file named by its bytes, as ``evidencekb links`` keeps it."""
    return None if _COPY.fullmatch(place) else ids.problem("url", place)


def somebody_gains(rule: Rule, source: Source) -> Found:
    """203: a flag of vendor or interested names who gains, by a tie or at least in its reason; 202 asks for a reason."""
    if source.vendor not in (VendorFlag.VENDOR, VendorFlag.INTERESTED) or source.interests:
        return
    if source.kind is not SourceKind.LEGAL_FILING and source.vendor_reason and not _WHO.search(source.vendor_reason):
        yield rule.violation("untied", Subject("source", source.id), ("vendor",), flag=source.vendor)


def registry_id(rule: Rule, organization: Organization) -> Found:
    """208: a ROR id has the form and check digits of the registry."""
    if organization.ror is not None and (problem := ids.problem("ror", organization.ror)):
        yield rule.violation("bad", Subject("organization", organization.id), ("ror",), problem=problem)
