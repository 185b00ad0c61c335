"""FHIR Evidence, EvidenceVariable and Citation as candidates, alone, in Bundles, or one a line.

An Evidence gives a finding with an estimate for each of its statistics, an EvidenceVariable an outcome with its definition, a
Citation (PublicationRecord in R6) a source. Where an Evidence names the work that it was derived from, that is the primary
source and the resource is a relay; where it names none, the finding has no primary source until a person has found it.

References:
    HL7 FHIR R5, R6 (ballot) and the implementation guide EBMonFHIR: Evidence, EvidenceVariable, Citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.curating.others.documents import Document
from evidencekb.curating.others.drafts import Draft, Left
from evidencekb.curating.others.fhircitations import citation_item
from evidencekb.curating.others.fhirevidence import evidence
from evidencekb.curating.others.fhirreferences import CITATIONS, References
from evidencekb.curating.others.fhirresources import Resource, identity_of, lose, variable
from evidencekb.curating.others.values import at, listed, short_digest, words


def drafts(documents: list[Document]) -> Iterator[Draft | Left]:
    """A draft of every resource of all documents; nothing when there is none."""
    found: list[Resource | Left] = []
    others: list[Left] = []
    for document in documents:
        made = list(_resources(document, document.data, (), "", 0))
        found += made
        if not made:
            others.append(Left(document.file, document.place(), "it holds no FHIR resource"))
    if not any(isinstance(each, Resource) for each in found):
        return
    resources = [each for each in found if isinstance(each, Resource)]
    references = References(resources)
    for each in found:
        if isinstance(each, Left):
            yield each
        elif each.type == "Evidence":
            yield evidence(each, references.of(each))
        elif each.type == "EvidenceVariable":
            yield variable(each)
        elif each.type in CITATIONS:
            yield _citation(each)
        else:
            yield Left(
                each.name,
                each.place,
                f"a resource of the kind {each.type}, which gives no finding, definition or source",
            )
    yield from others


def _resources(
    document: Document, data: Any, path: tuple[str | int, ...], full: str, depth: int
) -> Iterator[Resource | Left]:
    """Every resource of a document; those of a Bundle one by one."""
    if depth > 8:
        return
    if isinstance(data, list):
        for position, each in enumerate(data):
            yield from _resources(document, each, (*path, position), "", depth + 1)
        return
    type = words(at(data, "resourceType"), 64)
    if not isinstance(data, Mapping) or not type:
        return
    place = document.place(*path)
    if type in ("Bundle", "Parameters"):
        key = "entry" if type == "Bundle" else "parameter"
        entries = listed(data.get(key))
        for position, entry in enumerate(entries):
            inside = (*path, key, position, "resource")
            if not isinstance(at(entry, "resource"), Mapping) or not words(at(entry, "resource", "resourceType")):
                yield Left(f"{key} {position}", document.place(*path, key, position), "it holds no resource")
            else:
                yield from _resources(document, entry["resource"], inside, words(entry.get("fullUrl"), 500), depth + 1)
        if not entries:
            yield Left(f"{type}/{words(data.get('id'), 64)}", place, f"the {type} holds no resource")
        return
    url = words(data.get("url"), 500) or full
    match = re.fullmatch(r"(.*?)/?([A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/.*)?", url.partition("|")[0])
    id = (
        words(data.get("id"), 64)
        or (match[3] if match else url.rpartition(":")[2])
        or words(at(data, "identifier", "value"), 64)
    )
    base = match[1] if match and match[2] == type else ""
    yield Resource(type, id or f"without an id, {short_digest(repr(data))}", base, place, data, full)


def _citation(resource: Resource) -> Draft | Left:
    item, lost = citation_item(resource.data)
    if item is None:
        return Left(resource.name, resource.place, "it names no title and no identifier of a work")
    draft = Draft(resource.name, resource.place, identity_of(resource), works=[item], lost=lost)
    lose(draft, resource, {"citedArtifact"})
    return draft
