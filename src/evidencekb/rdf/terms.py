"""Which class and which predicate each record and each field has: one table for writing, reading, shapes and documents.

A field's predicate is the borrowed one that means exactly this, else ``ekb:`` and its name in camelCase. Borrowed ones, and ours
where one name would say two things, stand in the tables here; everything else is read off the models.

>>> predicate("Source", "title"), predicate("Source", "vendor_reason")
('http://purl.org/dc/terms/title', 'https://w3id.org/evidencekb/ns#vendorReason')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from evidencekb.answers.jsonld import WORK_TYPES
from evidencekb.model import KINDS, Manifest, Record
from evidencekb.model.common import RefersTo
from evidencekb.model.references import model_inside
from evidencekb.vocab import NAMESPACE, ConceptKind, SourceKind, Term

PREFIXES = {
    "ekb": NAMESPACE,
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "frapo": "http://purl.org/cerif/frapo/",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of all that is written."""


def iri(name: str) -> str:
    """A prefixed name in full.

    Examples:
        >>> iri("prov:hadPrimarySource")
        'http://www.w3.org/ns/prov#hadPrimarySource'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


TYPE = iri("rdf:type")
INTEGER, DECIMAL, DOUBLE = iri("xsd:integer"), iri("xsd:decimal"), iri("xsd:double")
BOOLEAN, DATE = iri("xsd:boolean"), iri("xsd:date")
KEY, VALUE = iri("dct:identifier"), iri("rdf:value")
"""Of an entry of a field that goes by names: the name, and the text."""
STYLE = iri("ekb:Style")
"""The class of a citation style of the pack's own: its name is its identifier, its text its value."""
ORDER = iri("ekb:order")
"""Of a record with a list of texts, terms or references that is not sorted: the field, and the place of each value among the
sorted ones, from 1."""

_SHARED = {
    "id": "dct:identifier",
    "headline": "rdfs:label",
    "text": "schema:text",
    "title": "dct:title",
    "label": "skos:prefLabel",
    "url": "schema:url",
    "broader": "skos:broader",
}
_OWN = {
    "Finding.statement": "schema:text",
    "Estimate.label": "rdfs:label",
    "Estimate.value": "schema:value",
    "Estimate.unit": "schema:unitText",
    "Estimate.n": "ekb:sampleSize",
    "Estimate.how": "ekb:howComputed",
    "SampleCount.n": "ekb:sampleSize",
    "SampleCount.of": "ekb:counted",
    "ConfidenceInterval.level": "ekb:confidenceLevel",
    "FindingLink.about": "ekb:aboutEstimates",
    "FindingLink.outcome": "ekb:replicationOutcome",
    "Drift.on": "ekb:concerns",
    "FigureCorrection.on": "ekb:concerns",
    "FigureCorrection.use": "ekb:useNumber",
    "Claim.about": "schema:about",
    "Gap.about": "schema:about",
    "Untraced.about": "schema:about",
    "Untraced.cohorts": "ekb:aboutCohorts",
    "Sighting.prints": "ekb:printsFigures",
    "Sighting.taken_from": "ekb:takenFromPage",
    "Cohort.meaning": "skos:definition",
    "Cohort.unit": "ekb:madeOf",
    "OperationalDefinition.procedure": "obo:IAO_0000115",
    "Organization.name": "schema:name",
    "Organization.part_of": "schema:parentOrganization",
    "Person.family": "schema:familyName",
    "Person.given": "schema:givenName",
    "Person.literal": "schema:name",
    "Source.authors": "schema:author",
    "Source.editors": "schema:editor",
    "Source.published_on": "schema:datePublished",
    "Source.publisher": "dc:publisher",
    "Source.label": "ekb:byline",
    "Source.edition": "bibo:edition",
    "Source.volume": "bibo:volume",
    "Source.pages": "bibo:pages",
    "Source.number": "bibo:number",
    "Source.doi": "bibo:doi",
    "Source.isbn": "bibo:isbn",
    "Source.pmid": "bibo:pmid",
    "Source.pmcid": "fabio:hasPubMedCentralId",
    "Source.version": "pav:version",
    "Manifest.name": "dct:identifier",
    "Manifest.version": "pav:version",
    "Manifest.base": "void:uriSpace",
}
_CLASSES = {
    "Manifest": ("ekb:Pack", "schema:Dataset", "void:Dataset"),
    "Finding": ("ekb:Finding", "obo:SEPIO_0000173", "schema:Claim"),
    "Estimate": ("ekb:Estimate", "obo:STATO_0000085", "schema:PropertyValue"),
    "ConfidenceInterval": ("ekb:ConfidenceInterval", "obo:STATO_0000196"),
    "Claim": ("ekb:Claim", "schema:Claim"),
    "Concept": ("ekb:Concept", "skos:Concept"),
    "Cohort": ("ekb:Cohort", "obo:STATO_0000203", "schema:StatisticalPopulation", "skos:Concept"),
    "OperationalDefinition": ("ekb:OperationalDefinition", "skos:Concept", "sosa:Procedure"),
    "Organization": ("ekb:Organization", "schema:Organization"),
}
_ESTIMATES = ("Support.estimates", "FindingLink.about")
_ENTRIES = {
    "Citation.prints": "ekb:PrintedFigure",
    "Finding.mentions": "ekb:Mention",
    "Aspect.questions": "ekb:QuestionTemplate",
}
_SOURCE_TYPES = WORK_TYPES | {"press_release": "NewsArticle"}  # pages call it a WebPage
_FABIO = {"official_statistics": "Report", "legal_decision": "LegalOpinion"}
_CONCEPT_TYPES = {
    "role": "schema:Occupation",
    "occupation": "schema:Occupation",
    "skill": "schema:DefinedTerm",
    "topic": "schema:DefinedTerm",
    "outcome": "sosa:ObservableProperty",
    "product": "schema:Product",
    "instrument": "sosa:Procedure",
}
SAID_DEFAULTS = ("ConfidenceInterval.level", "ConceptLink.source", "DefinitionLink.source", "Gap.kind")
"""Fields that are written when they hold their default too: nobody could guess it."""
NOT_SEALED = ("Manifest.extends",)
"""What a sealed file does not hold: it stands alone, with the records of the packs that it extends."""


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is written.

    Attributes:
        model: Name of its model.
        name: Its name in the model.
        key: Its name in a file.
        predicate: IRI of its predicate.
        holds: ``text``, ``number``, ``flag``, ``term``, ``reference``, ``estimate`` (local ids, of a support those of its
            finding, of a link those of the finding it stands in), ``record`` or ``names`` (texts by name).
        many: Whether it is a list.
        kinds: Of a reference: the kinds of record it may name.
        words: Of a reference: values that are no ids.
        terms: Of a term: its vocabulary.
        inside: Of a record: its model.
        description: What it means.
        required: Whether a record must have it.
        default: What it holds when nothing is said.
    """

    model: str
    name: str
    key: str
    predicate: str
    holds: str
    many: bool
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    terms: type[Term] | None
    inside: type[Record] | None
    description: str
    required: bool
    default: Any

    @property
    def entry(self) -> str:
        """Of texts by name: the class of an entry."""
        return iri(_ENTRIES[f"{self.model}.{self.name}"])

    @property
    def by_id(self) -> bool:
        """Whether the records in a list go by their ids, not by their places."""
        return self.many and self.inside is not None and self.inside.__name__ == "Estimate"

    @property
    def default_said(self) -> bool:
        """Whether the default is written."""
        return f"{self.model}.{self.name}" in SAID_DEFAULTS

    @property
    def sealed(self) -> bool:
        """Whether a sealed file holds it."""
        return f"{self.model}.{self.name}" not in NOT_SEALED


def predicate(model: str, field: str) -> str:
    """The IRI of a field's predicate.

    Args:
        model: Name of the model.
        field: Name of the field in the model.
    """
    first, *rest = field.split("_")
    own = "ekb:" + first + "".join(word.capitalize() for word in rest)
    return iri(_OWN.get(f"{model}.{field}") or _SHARED.get(field) or own)


def word_iri(word: str) -> str:
    """The IRI of a word that stands where a reference is expected.

    Examples:
        >>> word_iri("editorial")
        'https://w3id.org/evidencekb/ns#Word-editorial'
    """
    return f"{NAMESPACE}Word-{word}"


def classes(model: str) -> tuple[str, ...]:
    """The IRIs of the classes of a model's records, our own first."""
    return tuple(map(iri, _CLASSES.get(model, (f"ekb:{model}",))))


def classes_by_term(model: str) -> dict[str, tuple[str, ...]]:
    """More classes of a record, by the term of its ``kind``; for sources and concepts."""
    if model == "Source":
        return {kind: _source_classes(kind) for kind in SourceKind}
    if model == "Concept":
        return {kind: (iri(_CONCEPT_TYPES[kind]),) for kind in ConceptKind}
    return {}


def _source_classes(kind: SourceKind) -> tuple[str, ...]:
    fine = kind.iri if not kind.iri.startswith(NAMESPACE) else ""
    if kind in _FABIO:
        fine = iri(f"fabio:{_FABIO[kind]}")
    page = iri(f"schema:{_SOURCE_TYPES.get(kind, 'CreativeWork')}")
    return (fine, page) if fine else (page,)


@cache
def fields(model: type[Record]) -> dict[str, Field]:
    """The fields of a model by their names in a file, in the order of the model."""
    return {info.alias or name: _field(model, name, info) for name, info in model.model_fields.items()}


@cache
def models() -> tuple[type[Record], ...]:
    """Every model of a pack, those inside others behind them, each once."""
    found: dict[type[Record], None] = {}

    def visit(model: type[Record]) -> None:
        if model not in found:
            found[model] = None
            for field in fields(model).values():
                if field.inside is not None:
                    visit(field.inside)

    top: tuple[type[Record], ...] = (Manifest, *KINDS.values())
    for model in top:
        visit(model)
    return tuple(found)


def all_fields() -> Iterator[Field]:
    """Every field of every model."""
    for model in models():
        yield from fields(model).values()


def _field(model: type[Record], name: str, info: FieldInfo) -> Field:
    mark = next((m for m in info.metadata if isinstance(m, RefersTo)), None) or _mark(info.annotation)
    parts = set(_parts(info.annotation))
    inside = model_inside(info.annotation)
    terms = next((part for part in parts if isinstance(part, type) and issubclass(part, Term)), None)
    if f"{model.__name__}.{name}" in _ESTIMATES:
        holds = "estimate"
    elif inside is not None:
        holds = "record"
    elif dict in parts:
        holds = "names"
    elif mark is not None:
        holds = "reference"
    elif terms is not None:
        holds = "term"
    elif bool in parts:
        holds = "flag"
    elif float in parts:
        holds = "number"
    else:
        holds = "text"
    required = info.is_required()
    return Field(
        model=model.__name__,
        name=name,
        key=info.alias or name,
        predicate=predicate(model.__name__, name),
        holds=holds,
        many=tuple in parts,
        kinds=mark.kinds if mark else (),
        words=mark.words if mark else (),
        terms=terms,
        inside=inside if inside is not None and issubclass(inside, Record) else None,
        description=info.description or "",
        required=required,
        default=None if required else info.get_default(call_default_factory=True),
    )


def _mark(annotation: Any) -> RefersTo | None:
    if get_origin(annotation) is Annotated:
        found = next((m for m in get_args(annotation)[1:] if isinstance(m, RefersTo)), None)
        return found or _mark(get_args(annotation)[0])
    return next((m for m in map(_mark, get_args(annotation)) if m), None)


def _parts(annotation: Any) -> Iterator[Any]:
    """What a type is made of; of a list what it holds too, of texts by name nothing else."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _parts(part)
    elif origin is tuple:
        yield tuple
        yield from _parts(get_args(annotation)[0])
    elif origin is dict:
        yield dict
    else:
        yield annotation
