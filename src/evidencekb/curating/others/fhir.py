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
from dataclasses import dataclass
from typing import Any

from evidencekb.curating.others.documents import Document
from evidencekb.curating.others.drafts import (
    FIRST,
    NOT_LOOKED,
    Cited,
    Draft,
    Fields,
    Left,
    cohort,
    cohort_not_recorded,
    definition,
    estimate_id,
    finding_of,
    outcome,
)
from evidencekb.curating.others.fhircitations import citation_item, named_work, resource_item
from evidencekb.curating.others.fhirstatistics import codes, concept, statistic_of
from evidencekb.curating.others.values import at, listed, mappings, short_digest, slug, words
from evidencekb.sources.items import Item

_CITATIONS = ("Citation", "PublicationRecord")
_STATEMENT = "A record in the FHIR format, of which the figures were taken; nobody has read the work that they come from."
_FROM = frozenset({"derived-from", "citation", "cites", "extracted-from", "cite-as", "data-source"})
_POOLED = re.compile(r"(?i)meta-?analysis|^std-ma$|^ipd-ma$|^indirect-nma$|^combined-nma$|^nma$")
_NO_DESIGN = frozenset({"notset", "no_study", "not applicable", "notapplicable", ""})
_EXPOSURE = re.compile(r"(?i)exposure|group ?assignment|intervention|comparator|confounder|covariate")
_TEXTS = frozenset({"assertion", "description", "purpose", "usage", "note", "text", "copyright"})


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource with where it stands and what it is called.

    Attributes:
        type: Its type.
        id: Its id, or one made for it.
        base: The server that it is of, '' when it does not say.
        place: Where it stands.
        data: All of it.
    """

    type: str
    id: str
    base: str
    place: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Type and id."""
        return f"{self.type}/{self.id}"

    @property
    def key(self) -> str:
        """An id for a record that is made of it."""
        return key_of(self.type, self.id, self.base)


def key_of(type: str, id: str, base: str) -> str:
    """An id for a record made of a resource: servers number theirs alike."""
    return slug("fhir", type, id, short_digest(base)[:6] if base else "")


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
    works = _Works(resources)
    variables = {each.key: each for each in resources if each.type == "EvidenceVariable"}
    for each in found:
        if isinstance(each, Left):
            yield each
        elif each.type == "Evidence":
            yield _evidence(each, works, variables)
        elif each.type == "EvidenceVariable":
            yield _variable(each)
        elif each.type in _CITATIONS:
            yield _citation(each)
        else:
            yield Left(each.name, each.place, f"a resource of the kind {each.type}, which gives no finding, definition or source")
    yield from others


def _resources(document: Document, data: Any, path: tuple[str | int, ...], full: str, depth: int) -> Iterator[Resource | Left]:
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
    id = words(data.get("id"), 64) or (match[3] if match else url.rpartition(":")[2]) or words(at(data, "identifier", "value"), 64)
    base = match[1] if match and match[2] == type else ""
    yield Resource(type, id or f"without an id, {short_digest(repr(data))}", base, place, data)


class _Works:
    """Works that the resources describe, by every name that others may call them by."""

    def __init__(self, resources: list[Resource]) -> None:
        self.by_name: dict[str, Item] = {}
        for each in resources:
            if each.type in _CITATIONS:
                item, _ = citation_item(each.data)
                for name in (each.name, words(each.data.get("url"), 500), f"{each.base}/{each.name}" if each.base else ""):
                    if name and item is not None:
                        self.by_name.setdefault(name, item)

    def get(self, *names: str) -> Item | None:
        """The work that one of the names calls."""
        return next((self.by_name[name] for name in names if name in self.by_name), None)


def _citation(resource: Resource) -> Draft | Left:
    item, lost = citation_item(resource.data)
    if item is None:
        return Left(resource.name, resource.place, "it names no title and no identifier of a work")
    draft = Draft(resource.name, resource.place, _identity(resource), works=[item], lost=lost)
    _lose(draft, resource, {"citedArtifact"})
    return draft


def _identity(resource: Resource) -> str:
    return f"FHIR {words(resource.data.get('url'), 500) or resource.name}"


def _variable(resource: Resource) -> Draft | Left:
    """An EvidenceVariable as a concept with its definition."""
    data = resource.data
    label = _label(data.get("shortTitle") or data.get("title") or data.get("name") or concept(at(data, "definition", "concept")))
    if not label:
        return Left(resource.name, resource.place, "it has no title and no name")
    draft = Draft(resource.name, resource.place, _identity(resource))
    uses = [concept(each.get("valueCodeableConcept")) for each in mappings(data.get("useContext"))]
    is_exposure = any(_EXPOSURE.match(text) for text in (label, words(data.get("title")), *uses) if text)
    record = outcome(resource.key, label)
    record["kind"] = "topic" if is_exposure else "outcome"
    if coded := [each for each in (_code(coding) for coding in mappings(at(data, "definition", "concept", "coding"))) if each]:
        record["codes"] = coded
    draft.concepts = [record]
    draft.definitions = [definition(f"{resource.key}-definition"[:120], resource.key, _said_of_variable(resource, draft))]
    _lose(draft, resource, {"title", "shortTitle", "subtitle", "definition", "handling", "category", "timing", "actual", "characteristic"})
    return draft


def _code(coding: Mapping[str, Any]) -> Fields | None:
    system, code = words(coding.get("system"), 200), words(coding.get("code"), 200)
    if not system or not code or "defined-in" in code:
        return None
    version = words(coding.get("version"), 60)
    return {"scheme": system, "code": code, **({"version": version} if version else {})}


def _said_of_variable(resource: Resource, draft: Draft) -> str:
    """What the structure of an EvidenceVariable says, in a sentence of ours."""
    data = resource.data
    parts = [f"Variable {resource.name} of a FHIR server"]
    if handling := concept(data.get("handling")):
        parts.append(f"handled as {handling}")
    categories = [words(each.get("name"), 120) or concept(each.get("valueCodeableConcept")) for each in mappings(data.get("category"))]
    if categories := [text for text in categories if text]:
        parts.append(f"with the categories {', '.join(categories)[:1500]}")
    if timing := concept(data.get("timing")) or words(at(data, "timing", "text")):
        parts.append(f"timed {timing}")
    if isinstance(data.get("actual"), bool):
        parts.append("as recorded" if data["actual"] else "as intended")
    if mappings(data.get("characteristic")) or mappings(at(data, "contained")):
        draft.lost.append("characteristic: the parts of the definition are not taken")
    if reference := words(at(data, "definition", "reference", "display")) or words(at(data, "definition", "reference", "reference")):
        parts.append(f"defined in {reference}")
    return ", ".join(parts)


def _evidence(resource: Resource, works: _Works, variables: Mapping[str, Resource]) -> Draft | Left:
    data = resource.data
    status = words(data.get("status"), 40)
    if status == "entered-in-error":
        return Left(resource.name, resource.place, "its own server says that it was entered in error")
    given = mappings(data.get("statistic"))
    if not given:
        return Left(resource.name, resource.place, "an Evidence without a statistic gives no figure")
    statistics = [statistic_of(each) for each in given]
    draft = Draft(resource.name, resource.place, _identity(resource))
    finding = finding_of(resource.key, "a FHIR server", resource.name, _STATEMENT)
    draft.finding = finding
    parts = _Parts(resource, draft, variables)
    about = ([f"status {status}"] if status else []) + _design(data, finding) + _certainty(data)
    counts: list[Fields] = []
    for number, (statistic, of) in enumerate(zip(statistics, given, strict=True), start=1):
        counts += [count for count in statistic.counts if count not in counts]
        draft.lost += statistic.lost
        if not statistic.estimate:
            draft.lost.append("statistic without a value: it is to be filled in")
        named = concept(of.get("statisticType"))
        said = [f"Statistic {number} of {len(given)}" + (f", {named}" if named else "")]
        said += [f"Also given: {'; '.join(statistic.words)}"] if statistic.words else []
        said += [f"Of the record: {'; '.join(about)}"] if about else []
        finding["estimates"].append(
            {"id": estimate_id("statistic", str(number)), **parts.of_estimate(statistic.estimate), "how": f"{'. '.join(said)}."[:4000]}
        )
    if counts:
        finding["sample"] = {"counts": counts}
    finding["cohorts"] = parts.cohorts
    if parts.about:
        finding["about"] = parts.about
    draft.cited = list(_cited(resource, works, draft))
    _lose(draft, resource, {"statistic", "variableDefinition", "studyDesign", "synthesisType", "certainty", "relatesTo", "relatedArtifact",
                            "citeAs", "citeAsMarkdown", "citeAsReference"})  # fmt: skip
    return draft


class _Parts:
    """Who was measured, what was measured, and what was compared: of an Evidence, for all of its statistics."""

    def __init__(self, resource: Resource, draft: Draft, variables: Mapping[str, Resource]) -> None:
        self.resource, self.draft, self.variables = resource, draft, variables
        self.cohorts: list[Fields] = []
        self.about: list[Fields] = []
        self.outcome = self.group = self.comparator = ""
        for each in mappings(resource.data.get("variableDefinition")):
            self._take(each)
            if each.get("note"):
                draft.lost.append("variableDefinition.note: a text of theirs, which is not copied")
        if not self.cohorts:
            none = cohort_not_recorded("fhir", "the resource")
            draft.cohorts.append(none)
            self.cohorts.append({"cohort": none["id"], "fit": "narrower"})
        if not self.outcome:
            self.outcome = f"{resource.key}-outcome"[:120]
            label = _label(resource.data.get("title") or resource.data.get("name")) or f"Outcome of {resource.name}"
            draft.concepts.append(outcome(self.outcome, label))
            draft.lost.append("no variable of the role outcome: the title stands for it")
        self.definition = f"{resource.key}-measured"[:120]
        draft.definitions.append(definition(self.definition, self.outcome, f"As {resource.name} of a FHIR server gives it"))

    def _take(self, given: Mapping[str, Any]) -> None:
        role = (concept(given.get("variableRole")) or " ".join(codes(given.get("variableRole")))).lower()
        named = {role, *codes(given.get("variableRole"))}
        label = _label(given.get("description")) or _label(at(given, "observed", "display")) or _label(at(given, "intended", "display"))
        reference = at(given, "observed") or at(given, "intended")
        id = self._id(reference, label)
        if match := concept(given.get("directnessMatch")):
            self.draft.lost.append(f"variableDefinition.directnessMatch {match}: it has no field")
        if named & {"population", "subpopulation", "sub-population"}:
            if label:
                made = cohort(id, label, f"{self.resource.name} of a FHIR server names it")
                self.draft.cohorts.append(made)
                self.cohorts.append({"cohort": id, "fit": "narrower"})
        elif named & {"exposure", "intervention"}:
            self.group = self.group or label
            self.comparator = self.comparator or _label(given.get("comparatorCategory"))
            self._tag(id, label)
        elif named & {"referenceexposure", "reference exposure", "reference-exposure", "comparator"}:
            self.comparator = self.comparator or label
            self._tag(id, label)
        elif named & {"outcome", "measuredvariable", "measured variable", "measured-variable"}:
            if self.outcome:
                self.draft.lost.append("variableDefinition: a second variable of the role outcome")
            elif label or id in self.variables:
                self.outcome = id
                self.draft.concepts.append(self._known(id) or outcome(id, label))
        else:
            self.draft.lost.append(f"variableDefinition of the role {role or 'that is not given'}: it has no field")

    def _known(self, id: str) -> Fields | None:
        """The concept of a variable that stands in the same files, which knows more of it."""
        made = _variable(self.variables[id]) if id in self.variables else None
        return {**made.concepts[0], "kind": "outcome"} if isinstance(made, Draft) else None

    def _tag(self, id: str, label: str) -> None:
        if label and all(held["concept"] != id for held in self.about):
            self.draft.concepts.append({"id": id, "kind": "topic", "label": label})
            self.about.append({"concept": id, "how": "measured"})

    def _id(self, reference: Any, label: str) -> str:
        """The id of the record of what is referred to; of what is only described, one of its words."""
        named = words(at(reference, "reference"), 500).partition("/_history")[0]
        match = re.fullmatch(r"(?:(https?://.+)/)?([A-Za-z]+)/([A-Za-z0-9.-]{1,64})", named)
        if match:
            return key_of(match[2], match[3], match[1] or self.resource.base)
        if value := words(at(reference, "identifier", "value"), 200):
            return slug("fhir", value)
        return slug("fhir", named or label)

    def of_estimate(self, estimate: Fields) -> Fields:
        """An estimate with what it is about."""
        made: Fields = {"outcome": self.outcome, "definition": self.definition, **estimate}
        if self.group:
            made["group"] = self.group
        if self.comparator:
            made["comparator"] = self.comparator
        return made


def _label(value: Any) -> str:
    """A short name, never a paragraph: a text is cut where it goes on."""
    return words(concept(value), 200)


def _design(data: Mapping[str, Any], finding: Fields) -> list[str]:
    """What a record says of its design in its own words; studies that were pooled are one of our designs."""
    told = []
    for name, key in (("study design", "studyDesign"), ("synthesis", "synthesisType")):
        given = mappings(data.get(key))
        shown = [text for each in given if (text := concept(each)).lower() not in _NO_DESIGN]
        if shown:
            told.append(f"{name}: {', '.join(dict.fromkeys(shown))}")
        if any(_POOLED.search(text) for each in given for text in (concept(each), *codes(each))):
            finding["design"] = "meta_analysis"
    return told


def _certainty(data: Mapping[str, Any]) -> list[str]:
    rated = [text for each in mappings(data.get("certainty")) if (text := concept(each.get("rating"))) and text != "NOTSET"]
    return [f"certainty there: {', '.join(rated)}"] if rated else []


def _cited(resource: Resource, works: _Works, draft: Draft) -> Iterator[Cited]:
    """The works that an Evidence was derived from, and the resource itself, which relays them."""
    data, primaries = resource.data, []
    for each in [*mappings(data.get("relatesTo")), *mappings(data.get("relatedArtifact"))]:
        type = {concept(each.get("type")).lower().replace(" ", "-"), *codes(each.get("type"))}
        if not type & _FROM:
            draft.lost.append(f"relation {concept(each.get('type')) or 'of no type'}: it has no field")
            continue
        item = named_work(each, works.get, resource.base)
        if item is None:
            draft.lost.append("relation to a work that it does not name")
        elif item not in primaries:
            primaries.append(item)
    read = {"what": "data"}
    if primaries:
        yield Cited(primaries[0], {"role": "primary", "basis": "own_data", "read": {"what": "nothing"}})
        for item in primaries[1:]:
            draft.lost.append("a second work that it was derived from: it stands in the sources, and the finding does not cite it")
            draft.works.append(item)
        names: Fields = {"names": FIRST, "taken_from": FIRST}
    else:
        draft.lost.append(f"it names no work that it was derived from; {NOT_LOOKED}, and a person must find it")
        names = {"names": "none_named", "taken_from": "unknown"}
    prints = {e["id"]: words(e["value"]) for e in (draft.finding or {}).get("estimates", ()) if "value" in e}
    fields: Fields = {"role": "secondary", "locator": resource.name, **names, "read": read}
    yield Cited(resource_item(data, resource.name), {**fields, "prints": prints} if prints else fields)


def _lose(draft: Draft, resource: Resource, taken: set[str]) -> None:
    """Note what of a resource does not come in."""
    known = {"resourceType", "id", "url", "identifier", "version", "name", "title", "status", "date", "publisher", "meta", "language",
             "implicitRules", *taken}  # fmt: skip
    for name, value in resource.data.items():
        if name not in known and value not in (None, "", [], {}):
            why = "a text of theirs, which is not copied" if name in _TEXTS else "it has no field"
            draft.lost.append(f"{words(name, 60)}: {why}")
