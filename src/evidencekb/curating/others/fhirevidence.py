"""FHIR Evidence as a candidate finding: its statistics, who and what they are of, and the works that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

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
from evidencekb.curating.others.fhircitations import named_work, resource_item
from evidencekb.curating.others.fhirreferences import Referred
from evidencekb.curating.others.fhirresources import Resource, identity_of, key_of, label_of, lose, named_by, variable
from evidencekb.curating.others.fhirstatistics import codes, concept, statistic_of
from evidencekb.curating.others.values import at, mappings, slug, words
from evidencekb.sources.items import Item

_STATEMENT = (
    "A record in the FHIR format, of which the figures were taken; nobody has read the work that they come from."
)
_FROM = frozenset({"derived-from", "extracted-from", "data-source"})
_CITES = frozenset({"citation", "cites"})
_POOLED = re.compile(r"(?i)meta-?analysis|^std-ma$|^ipd-ma$|^indirect-nma$|^combined-nma$|^nma$")
_NO_DESIGN = frozenset({"notset", "no_study", "not applicable", "notapplicable", ""})
_TAKEN = frozenset({
    "statistic", "variableDefinition", "studyDesign", "synthesisType", "certainty", "relatesTo", "relatedArtifact", "citeAs",
    "citeAsMarkdown", "citeAsReference",
})  # fmt: skip


def evidence(resource: Resource, referred: Referred) -> Draft | Left:
    """The records of an Evidence.

    Args:
        resource: The Evidence.
        referred: What its references stand for.
    """
    data = resource.data
    status = words(data.get("status"), 40)
    if status == "entered-in-error":
        return Left(resource.name, resource.place, "its own server says that it was entered in error")
    given = mappings(data.get("statistic"))
    if not given:
        return Left(resource.name, resource.place, "an Evidence without a statistic gives no figure")
    statistics = [statistic_of(each) for each in given]
    draft = Draft(resource.name, resource.place, identity_of(resource))
    finding = finding_of(resource.key, "a FHIR server", resource.name, _STATEMENT)
    draft.finding = finding
    parts = _Parts(resource, draft, referred)
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
            {
                "id": estimate_id("statistic", str(number)),
                **parts.of_estimate(statistic.estimate),
                "how": f"{'. '.join(said)}."[:4000],
            }
        )
    if counts:
        finding["sample"] = {"counts": counts}
    finding["cohorts"] = parts.cohorts
    if parts.about:
        finding["about"] = parts.about
    draft.cited = list(_cited(resource, referred, draft))
    lose(draft, resource, _TAKEN)
    return draft


class _Parts:
    """Who was measured, what was measured, and what was compared: of an Evidence, for all of its statistics."""

    def __init__(self, resource: Resource, draft: Draft, referred: Referred) -> None:
        self.resource, self.draft, self.referred = resource, draft, referred
        self.cohorts: list[Fields] = []
        self.about: list[Fields] = []
        self.outcome = self.group = self.comparator = self.unnamed = ""
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
            label = label_of(resource.data.get("title") or resource.data.get("name")) or f"Outcome of {resource.name}"
            draft.concepts.append(outcome(self.outcome, label))
            draft.lost.append(f"{self.unnamed or 'no variable of the role outcome'}: the title stands for it")
        self.definition = f"{resource.key}-measured"[:120]
        draft.definitions.append(
            definition(self.definition, self.outcome, f"As {resource.name} of a FHIR server gives it")
        )

    def _take(self, given: Mapping[str, Any]) -> None:
        role = (concept(given.get("variableRole")) or " ".join(codes(given.get("variableRole")))).lower()
        named = {role, *codes(given.get("variableRole"))}
        reference = at(given, "observed") or at(given, "intended")
        found = self.referred.find(words(at(reference, "reference"), 500))
        label = (
            label_of(given.get("description"))
            or label_of(at(given, "observed", "display"))
            or label_of(at(given, "intended", "display"))
            or (named_by(found.data) if found is not None else "")
        )
        id = found.key if found is not None else self._id(reference, label)
        if match := concept(given.get("directnessMatch")):
            self.draft.lost.append(f"variableDefinition.directnessMatch {match}: it has no field")
        if named & {"population", "subpopulation", "sub-population"}:
            if label:
                made = cohort(id, label, f"{self.resource.name} of a FHIR server names it")
                self.draft.cohorts.append(made)
                self.cohorts.append({"cohort": id, "fit": "narrower"})
        elif named & {"exposure", "intervention"}:
            self.group = self.group or label
            self.comparator = self.comparator or label_of(given.get("comparatorCategory"))
            self._tag(id, label)
        elif named & {"referenceexposure", "reference exposure", "reference-exposure", "comparator"}:
            self.comparator = self.comparator or label
            self._tag(id, label)
        elif named & {"outcome", "measuredvariable", "measured variable", "measured-variable"}:
            if self.outcome:
                self.draft.lost.append("variableDefinition: a second variable of the role outcome")
            elif label:
                self.outcome = id
                self.draft.concepts.append(self._known(found) or outcome(id, label))
            else:
                self.unnamed = "the variable of the role outcome has no name here"
        else:
            self.draft.lost.append(f"variableDefinition of the role {role or 'that is not given'}: it has no field")

    def _known(self, found: Resource | None) -> Fields | None:
        """The concept of a variable that stands in the same files, which knows more of it."""
        made = variable(found) if found is not None and found.type == "EvidenceVariable" else None
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
        if named.startswith("#"):
            return self.referred.key("contained", named[1:])
        return slug("fhir", named or label)

    def of_estimate(self, estimate: Fields) -> Fields:
        """An estimate with what it is about."""
        made: Fields = {"outcome": self.outcome, "definition": self.definition, **estimate}
        if self.group:
            made["group"] = self.group
        if self.comparator:
            made["comparator"] = self.comparator
        return made


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
    rated = [
        text for each in mappings(data.get("certainty")) if (text := concept(each.get("rating"))) and text != "NOTSET"
    ]
    return [f"certainty there: {', '.join(rated)}"] if rated else []


def _primaries(resource: Resource, referred: Referred, draft: Draft) -> list[Item]:
    """The works that an Evidence was derived from; where it names none such, those that it cites."""
    derived: list[Item] = []
    cites: list[Item] = []
    for each in [*mappings(resource.data.get("relatesTo")), *mappings(resource.data.get("relatedArtifact"))]:
        type = {concept(each.get("type")).lower().replace(" ", "-"), *codes(each.get("type"))}
        if not type & (_FROM | _CITES):
            draft.lost.append(f"relation {concept(each.get('type')) or 'of no type'}: it has no field")
            continue
        item = named_work(each, referred.work)
        held = derived if type & _FROM else cites
        if item is None:
            draft.lost.append("relation to a work that it does not name")
        elif item not in held:
            held.append(item)
    if derived and cites:
        draft.lost.append("works that it cites and was not derived from")
    return derived or cites


def _cited(resource: Resource, referred: Referred, draft: Draft) -> Iterator[Cited]:
    """The works that an Evidence was derived from, and the resource itself, which relays them."""
    data, primaries = resource.data, _primaries(resource, referred, draft)
    read = {"what": "data"}
    if primaries:
        yield from (
            Cited(item, {"role": "primary", "basis": "own_data", "read": {"what": "nothing"}}) for item in primaries
        )
        names: Fields = {"names": FIRST, "taken_from": FIRST}
    else:
        draft.lost.append(f"it names no work that it was derived from; {NOT_LOOKED}, and a person must find it")
        names = {"names": "none_named", "taken_from": "unknown"}
    estimates = (draft.finding or {}).get("estimates", ())
    prints = {
        e["id"]: f"{e.get('qualifier', '').replace('_', ' ')} {words(e['value'])}".strip()
        for e in estimates
        if "value" in e
    }
    fields: Fields = {"role": "secondary", "locator": resource.name, **names, "read": read}
    yield Cited(resource_item(data, resource.name), {**fields, "prints": prints} if prints else fields)
