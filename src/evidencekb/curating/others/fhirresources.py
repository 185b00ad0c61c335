"""Resources of FHIR, how records made of them are called, and the EvidenceVariable."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from evidencekb.curating.others.drafts import Draft, Fields, Left, definition, outcome
from evidencekb.curating.others.fhirstatistics import concept
from evidencekb.curating.others.values import at, mappings, short_digest, slug, words

_EXPOSURE = re.compile(r"(?i)exposure|group ?assignment|intervention|comparator|confounder|covariate")
_TEXTS = frozenset({"assertion", "description", "purpose", "usage", "note", "text", "copyright"})
_KNOWN = frozenset({
    "resourceType", "id", "url", "version", "name", "title", "status", "date", "publisher", "meta", "language",
    "implicitRules",
})  # fmt: skip
_OF_VARIABLE = frozenset(
    {"shortTitle", "subtitle", "definition", "handling", "category", "timing", "actual", "characteristic"}
)


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource with where it stands and what it is called.

    Attributes:
        type: Its type.
        id: Its id, or one made for it.
        base: The server that it is of, '' when it does not say.
        place: Where it stands.
        data: All of it.
        full: What its Bundle calls it, '' when it stands in none.
    """

    type: str
    id: str
    base: str
    place: str
    data: Mapping[str, Any]
    full: str = ""

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


def identity_of(resource: Resource) -> str:
    """What a resource is in its server."""
    return f"FHIR {words(resource.data.get('url'), 500) or resource.name}"


def lose(draft: Draft, resource: Resource, taken: Collection[str]) -> None:
    """Note what of a resource does not come in."""
    for name, value in resource.data.items():
        if name not in taken and name not in _KNOWN and value not in (None, "", [], {}):
            why = "a text of theirs, which is not copied" if name in _TEXTS else "it has no field"
            draft.lost.append(f"{words(name, 60)}: {why}")


def label_of(value: Any) -> str:
    """A short name, never a paragraph: a text is cut where it goes on."""
    return words(concept(value), 200)


def named_by(data: Mapping[str, Any]) -> str:
    """What a resource calls itself."""
    given = (data.get("shortTitle"), data.get("title"), data.get("name"), at(data, "definition", "concept"))
    return next((label for each in given if (label := label_of(each))), "")


def variable(resource: Resource) -> Draft | Left:
    """An EvidenceVariable as a concept with its definition."""
    data = resource.data
    label = named_by(data)
    if not label:
        return Left(resource.name, resource.place, "it has no title and no name")
    draft = Draft(resource.name, resource.place, identity_of(resource))
    uses = [concept(each.get("valueCodeableConcept")) for each in mappings(data.get("useContext"))]
    is_exposure = any(_EXPOSURE.match(text) for text in (label, words(data.get("title")), *uses) if text)
    record = outcome(resource.key, label)
    record["kind"] = "topic" if is_exposure else "outcome"
    if coded := [
        each for each in (_code(coding) for coding in mappings(at(data, "definition", "concept", "coding"))) if each
    ]:
        record["codes"] = coded
    draft.concepts = [record]
    draft.definitions = [
        definition(f"{resource.key}-definition"[:120], resource.key, _said_of_variable(resource, draft))
    ]
    lose(
        draft,
        resource,
        _OF_VARIABLE,
    )
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
    categories = [
        words(each.get("name"), 120) or concept(each.get("valueCodeableConcept"))
        for each in mappings(data.get("category"))
    ]
    if categories := [text for text in categories if text]:
        parts.append(f"with the categories {', '.join(categories)[:1500]}")
    if timing := concept(data.get("timing")) or words(at(data, "timing", "text")):
        parts.append(f"timed {timing}")
    if isinstance(data.get("actual"), bool):
        parts.append("as recorded" if data["actual"] else "as intended")
    if mappings(data.get("characteristic")) or mappings(at(data, "contained")):
        draft.lost.append("characteristic: the parts of the definition are not taken")
    if reference := words(at(data, "definition", "reference", "display")) or words(
        at(data, "definition", "reference", "reference")
    ):
        parts.append(f"defined in {reference}")
    return ", ".join(parts)
