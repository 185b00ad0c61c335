"""Sources as FHIR Citations, with the vendor flag as an extension and as a note, since not every reader knows our extension.

References:
    HL7 FHIR R5 (5.0.0): Citation, Extension, Annotation.
"""

from __future__ import annotations

import re
from typing import Any

from evidencekb.exports.fhirnames import FhirNames, coding, text_of
from evidencekb.model import Source
from evidencekb.vocab import NAMESPACE, VendorFlag

Json = dict[str, Any]

_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_SYSTEMS = (
    ("doi", "https://doi.org"), ("pmid", "https://pubmed.ncbi.nlm.nih.gov"), ("pmcid", "https://www.ncbi.nlm.nih.gov/pmc"),
    ("isbn", "urn:isbn"), ("arxiv", "https://arxiv.org"), ("docket", f"{NAMESPACE}docket"), ("number", f"{NAMESPACE}number"),
)  # fmt: skip


def citation(source: Source, names: FhirNames) -> Json:
    """A source as a Citation."""
    withdrawn = source.standing.withdrawn()
    made: Json = {
        **names.head("Citation", "source", source.id),
        "extension": vendor_extension(source),
        "title": source.title or source.label or source.id,
        "status": "retired" if withdrawn else "active",
        "note": [{"text": vendor_words(source)}],
    }
    made["note"] += [
        {"text": f"What happened to it: {event.status}{f', {event.on}' if event.on else ''}."}
        for event in source.standing.events
    ]
    if contained := [
        _person(number, person.family, person.given, person.literal) for number, person in enumerate(source.authors, 1)
    ]:
        made["contained"] = contained
    made["citedArtifact"] = _cited(source, withdrawn=withdrawn)
    return made


def vendor_extension(source: Source) -> list[Json]:
    """Who gains: the flag as a code of ours, and its reason."""
    flag = source.vendor or VendorFlag.UNKNOWN
    made: list[Json] = [
        {"url": f"{NAMESPACE}vendor", "valueCodeableConcept": {"coding": [coding(flag)], "text": flag.meaning}}
    ]
    if source.vendor_reason:
        made.append({"url": f"{NAMESPACE}vendorReason", "valueString": source.vendor_reason})
    return made


def vendor_words(source: Source) -> str:
    """Who gains, in a sentence."""
    flag = source.vendor or VendorFlag.UNKNOWN
    reason = f" {source.vendor_reason}" if source.vendor_reason else ""
    return f"Who gains by {source.id}: {flag} ({flag.meaning}).{reason}"


def _person(number: int, family: str | None, given: str | None, literal: str | None) -> Json:
    id = f"author-{number}"
    if family is None:
        return {"resourceType": "Organization", "id": id, "name": literal}
    return {
        "resourceType": "Practitioner",
        "id": id,
        "name": [{"family": family, **({"given": [given]} if given else {})}],
    }


def _cited(source: Source, *, withdrawn: bool) -> Json:
    made: Json = {}
    if identifiers := [
        {"system": system, "value": value} for name, system in _SYSTEMS if (value := getattr(source, name))
    ]:
        made["identifier"] = identifiers
    if source.accessed_on and _DATE.fullmatch(source.accessed_on):
        made["dateAccessed"] = source.accessed_on
    if source.version:
        made["version"] = {"value": source.version}
    if withdrawn:
        made["currentState"] = [
            {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/cited-artifact-status-type", "code": "retracted"}
                ]
            }
        ]
    if source.title:
        primary = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/title-type", "code": "primary"}]}
        made["title"] = [{"type": [primary], "text": source.title}]
    if form := _form(source):
        made["publicationForm"] = [form]
    if source.url:
        made["webLocation"] = [{"url": source.url}]
    made["classification"] = [
        {
            "type": {"text": "kind of source"},
            "classifier": [{"coding": [coding(source.kind)], "text": text_of(source.kind)}],
        }
    ]
    if source.authors:
        role = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/contributor-role", "code": "author"}]}
        entries = [
            {"contributor": {"reference": f"#author-{number}", "display": person.short}, "role": role}
            for number, person in enumerate(source.authors, 1)
        ]
        made["contributorship"] = {
            "complete": all(person.literal != "others" for person in source.authors),
            "entry": entries,
        }
    return made


def _form(source: Source) -> Json:
    """Where and when it was published."""
    inside: Json = {}
    if source.container:
        inside["title"] = source.container
    if source.publisher:
        inside["publisher"] = {"display": source.publisher}
    if source.place:
        inside["publisherLocation"] = source.place
    made: Json = {"publishedIn": inside} if inside else {}
    for field, name in (("volume", "volume"), ("issue", "issue"), ("pages", "pageString")):
        if value := getattr(source, field):
            made[name] = value
    if source.published_on:
        whole = _DATE.fullmatch(source.published_on)
        made["articleDate" if whole else "publicationDateText"] = source.published_on
    return made
