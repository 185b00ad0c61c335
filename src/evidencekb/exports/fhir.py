"""A pack as FHIR: an Evidence for each estimate, EvidenceVariables for what and who was measured, Citations for sources.

References:
    HL7 FHIR R5 (5.0.0): Bundle, Evidence, EvidenceVariable, Citation. STATO, for types of statistic that it has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evidencekb.exports.about import base_of
from evidencekb.exports.fhirnames import FhirNames, coding, text_of
from evidencekb.exports.fhirsources import citation, vendor_words
from evidencekb.exports.fhirstatistics import statistic
from evidencekb.model import Cohort, Estimate, Finding, OperationalDefinition
from evidencekb.sources.items import Loss
from evidencekb.vocab import NAMESPACE, CohortFit, Design, LinkType, Nature, Role

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

Json = dict[str, Any]

_IMPORTED = "evidencekb import"
_STEP = 100
_ENDS = frozenset({LinkType.SUPERSEDES, LinkType.REVERSES})
_SHORT = 80
_WITHOUT = ("about", "products", "definitions", "legal", "mentions", "preregistered")


def fhir_bundle(kb: KnowledgeBase, *, progress: Callable[[int, int], None] | None = None) -> Iterator[str]:
    """A pack as one Bundle of FHIR R5 (a collection), part by part, as JSON.

    Every estimate becomes an Evidence whose ``status`` tells its state: ``active``; ``retired`` when a primary source of it was
    withdrawn, or another finding supersedes or reverses it; ``draft`` when an import entered it and nobody has checked it. A
    finding without estimates becomes an Evidence without a statistic. Definitions and cohorts become EvidenceVariables. Sources
    become Citations, with the vendor flag as an extension and as a note.

    Args:
        kb: The knowledge base.
        progress: Told how many findings are done, of how many.

    Examples:
        >>> from evidencekb import load
        >>> bundle = json.loads("".join(fhir_bundle(load())))
        >>> sorted({entry["resource"]["resourceType"] for entry in bundle["entry"]})
        ['Citation', 'Evidence', 'EvidenceVariable']
    """
    names = FhirNames(base_of(kb) or f"urn:evidencekb:{quote(kb.name, safe='')}:", kb.version)
    head = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": names.base.rstrip("/:"), "value": f"{kb.name} {kb.version}"},
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "entry": ['
    between = "\n"
    for resource in _resources(kb, names, progress):
        yield between + json.dumps({"fullUrl": resource["url"], "resource": resource}, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n" if between != "\n" else "]}\n"


def fhir_losses(kb: KnowledgeBase) -> Iterator[tuple[str, Loss]]:
    """What of each finding FHIR has no place for."""
    for id in kb.ids("finding"):
        finding = kb.finding(id)
        for name in _WITHOUT:
            if value := getattr(finding, name):
                yield id, Loss(name, _in_short(value), "an Evidence has no such field")
        for link in finding.links:
            if link.type not in _ENDS:
                yield id, Loss("links", f"{link.type} {link.target}", "no relation of FHIR means this")


def _in_short(value: Any) -> str:
    if isinstance(value, tuple | dict):
        return f"{len(value)} of them"
    return ", ".join(map(str, value.model_dump(mode="json", exclude_none=True).values()))[:_SHORT]


def _resources(kb: KnowledgeBase, names: FhirNames, progress: Callable[[int, int], None] | None) -> Iterator[Json]:
    for id in kb.ids("source"):
        yield citation(kb.source(id), names)
    for id in kb.ids("cohort"):
        yield _cohort(kb.cohort(id), names)
    for id in kb.ids("definition"):
        yield _definition(kb, kb.definition(id), names)
    findings = kb.ids("finding")
    ended = {link.target for id in findings for link in kb.finding(id).links if link.type in _ENDS}
    for done, id in enumerate(findings, start=1):
        finding = kb.finding(id)
        for estimate in finding.ordered or (None,):
            yield _evidence(kb, finding, estimate, names, ended=id in ended)
        if progress is not None and (done % _STEP == 0 or done == len(findings)):
            progress(done, len(findings))


def _cohort(cohort: Cohort, names: FhirNames) -> Json:
    codings = [
        {"system": code.scheme, "code": code.code, **({"version": code.version} if code.version else {})}
        for code in cohort.codes
    ]
    concept: Json = {"text": cohort.label, **({"coding": _codings(codings)} if _codings(codings) else {})}
    return {
        **names.head("EvidenceVariable", "cohort", cohort.id),
        "title": cohort.label,
        "status": "active",
        "characteristic": [{"description": cohort.meaning, "definitionCodeableConcept": concept}],
    }


def _codings(codings: list[Json]) -> list[Json]:
    """Codings whose scheme is an address; a name of a scheme is no system of FHIR."""
    return [each for each in codings if "://" in each["system"] or each["system"].startswith("urn:")]


def _definition(kb: KnowledgeBase, definition: OperationalDefinition, names: FhirNames) -> Json:
    of = kb.kind_of(definition.of, among=("concept", "cohort"))
    label = kb.cohort(definition.of).label if of == "cohort" else kb.concept(definition.of).label
    made = {
        **names.head("EvidenceVariable", "definition", definition.id),
        "title": label,
        **({"shortTitle": definition.label} if definition.label else {}),
        "status": "active",
        "note": [{"text": f"Made a number by: {', '.join(text_of(basis) for basis in definition.basis)}."}],
        "characteristic": [{"description": definition.procedure, "definitionCodeableConcept": {"text": label}}],
    }
    if definition.higher_is:
        made["note"].append({"text": f"A larger number is {definition.higher_is}."})
    return made


def _status(kb: KnowledgeBase, finding: Finding, *, ended: bool) -> str:
    """The state of a finding as FHIR has it."""
    primaries = [kb.source(citation.source) for citation in finding.citations if citation.role is Role.PRIMARY]
    if ended or any(source.standing.withdrawn(finding.id) for source in primaries):
        return "retired"
    provenance = finding.provenance
    entered = provenance is not None and provenance.by == _IMPORTED and not provenance.checked_by
    return "draft" if entered else "active"


def _evidence(kb: KnowledgeBase, finding: Finding, estimate: Estimate | None, names: FhirNames, *, ended: bool) -> Json:
    part = f"estimate/{estimate.id}" if estimate else ""
    several = len(finding.estimates) > 1
    made: Json = {
        **names.head("Evidence", "finding", finding.id, part, estimate.id if estimate and several else ""),
        "extension": [{"url": f"{NAMESPACE}nature", "valueCode": finding.nature.value}],
        "title": finding.headline,
        "status": _status(kb, finding, ended=ended),
        "relatedArtifact": _related(kb, finding, names),
        "assertion": finding.statement,
        "note": _notes(kb, finding),
        "variableDefinition": _variables(kb, finding, estimate, names),
    }
    if finding.design is Design.META_ANALYSIS:
        made["synthesisType"] = {"coding": [coding(finding.design)], "text": finding.design.meaning}
    elif finding.design is not Design.NOT_RECORDED:
        made["studyDesign"] = [{"coding": [coding(finding.design)], "text": finding.design.meaning}]
    if estimate is not None:
        made["statistic"] = [statistic(finding, estimate, kb.concept(estimate.outcome).label)]
    return {name: value for name, value in made.items() if value != []}


def _related(kb: KnowledgeBase, finding: Finding, names: FhirNames) -> list[Json]:
    """The primary sources it was derived from, the relays that repeat it, and the findings that it replaces."""
    made: list[Json] = []
    for cited in finding.citations:
        source = kb.source(cited.source)
        type = "derived-from" if cited.role is Role.PRIMARY else "cited-by"
        entry: Json = {
            "type": type,
            "resourceReference": names.reference("Citation", "source", source.id, display=source.title or source.id),
        }
        if cited.locator:
            entry["label"] = cited.locator
        made.append(entry)
    for link in finding.links:
        if link.type in _ENDS:
            target = kb.finding(link.target)
            part = f"estimate/{target.ordered[0].id}" if target.estimates else ""
            reference = names.reference("Evidence", "finding", link.target, part, display=target.headline)
            made.append({"type": "replaces", "resourceReference": reference})
    return made


def _notes(kb: KnowledgeBase, finding: Finding) -> list[Json]:
    """Who gains, what is not known, and what limits the figures."""
    primaries = dict.fromkeys(citation.source for citation in finding.citations if citation.role is Role.PRIMARY)
    texts = [vendor_words(kb.source(id)) for id in primaries]
    if finding.design is Design.NOT_RECORDED:
        texts.append(f"Study design: {Design.NOT_RECORDED.meaning}.")
    if finding.nature is not Nature.OBSERVED:
        texts.append(f"Nature: {finding.nature} ({finding.nature.meaning}).")
    texts += [f"{text_of(caveat.kind).capitalize()}: {caveat.text}" for caveat in finding.caveats]
    return [{"text": text} for text in texts]


def _variables(kb: KnowledgeBase, finding: Finding, estimate: Estimate | None, names: FhirNames) -> list[Json]:
    """Who was measured, what, and against what."""
    made: list[Json] = []
    for link in finding.cohorts:
        cohort = kb.cohort(link.cohort)
        note = (
            []
            if link.fit is CohortFit.EXACT
            else [
                {"text": f"Those measured are {link.fit} ({link.fit.meaning}){f': {link.note}' if link.note else '.'}"}
            ]
        )
        made.append({
            "description": cohort.label, **({"note": note} if note else {}), "variableRole": _role("population"),
            "observed": names.reference("EvidenceVariable", "cohort", cohort.id, display=cohort.label),
        })  # fmt: skip
    if estimate is None:
        return made or [{"description": finding.headline, "variableRole": _role("measuredVariable")}]
    if estimate.group:
        made.append({"description": estimate.group, "variableRole": _role("exposure")})
    if estimate.comparator:
        made.append({"description": estimate.comparator, "variableRole": _role("referenceExposure")})
    label = kb.concept(estimate.outcome).label
    measured: Json = {"description": estimate.label or label, "variableRole": _role("measuredVariable")}
    if estimate.definition:
        measured["observed"] = names.reference("EvidenceVariable", "definition", estimate.definition, display=label)
    return [*made, measured]


def _role(code: str) -> Json:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/variable-role", "code": code}]}
