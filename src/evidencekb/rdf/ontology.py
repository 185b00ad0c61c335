"""The vocabulary of our own as a document: every class, property and term that stands in what is written, as OWL and SKOS.

Classes and properties come from the models with their descriptions, terms from the vocabularies with their meanings, so the
document says what the library does. Where others have a term for the same, it is named; where they have one that means exactly
the same, theirs is used and nothing stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring

from evidencekb.__about__ import __version__
from evidencekb.rdf.terms import (
    BOOLEAN,
    DATE,
    INTEGER,
    PREFIXES,
    Field,
    all_fields,
    classes,
    iri,
    models,
    word_iri,
)
from evidencekb.rdf.turtle import compact, node_text, prefix_lines
from evidencekb.vocab import NAMESPACE, ConceptKind, StandingState, Term

DOCUMENT = NAMESPACE.removesuffix("#")
_STRING = iri("xsd:string")
ENTRIES = {
    "PrintedFigure": "What a citation prints: the name of an estimate, 'sample' or a mention, and the figure as printed there.",
    "Mention": "A number in the text of a finding that is no estimate, and what it is.",
    "QuestionTemplate": "A shape of question, and its template.",
    "Style": "A citation style of the pack's own: its name, and its text.",
}
"""Classes of nodes that are no records of the model."""
DERIVED_CLASSES = {
    "Study": "Findings that rest on the same people or the same data.",
    "Work": "All versions of a work.",
}
"""Classes of nodes that are worked out."""
WORDS = {
    "editorial": "The pack's editors say so.",
    "curator": "The pack's curator says so.",
    "none_named": "Looked, and no source is named.",
    "unknown": "Not known which source it is.",
}
"""Words that stand where a record is expected."""
STATES = {
    "nothing_known": "Somebody looked for events, and there were none.",
    "not_checked": "Nobody has looked for events.",
}
"""States of a source to which nothing happened."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A property of what is worked out.

    Attributes:
        name: Its name.
        meaning: What it says.
        domain: The class of its subjects.
        range: The class or the type of its objects.
    """

    name: str
    meaning: str
    domain: str
    range: str


DERIVED = (
    Derived("digest", "The digest of the records of a pack.", "ekb:Pack", _STRING),
    Derived("builtOn", "The day on which the pack was built.", "ekb:Pack", DATE),
    Derived("library", "The version of the library that built the pack.", "ekb:Pack", _STRING),
    *(
        Derived(
            f"{kind}Within",
            f"Leads from a finding to each {kind} among the concepts that it bears on, and those that are wider.",
            "ekb:Finding",
            "ekb:Concept",
        )
        for kind in ConceptKind
    ),
    Derived(
        "cohortWithin",
        "Leads from a finding to each cohort that it is filed under, and to all that are wider.",
        "ekb:Finding",
        "ekb:Cohort",
    ),
    Derived("firstDay", "The first day that a finding is about, or on which a source can have come out.", "", DATE),
    Derived("lastDay", "The last day that a finding is about, or on which a source can have come out.", "", DATE),
    Derived("vendorOfPrimary", "The vendor flag of a primary source of a finding.", "ekb:Finding", "ekb:VendorFlag"),
    Derived("withdrawnWith", "A primary source of a finding that was withdrawn.", "ekb:Finding", "ekb:Source"),
    Derived(
        "currentState",
        "What last happened to a source: withdrawn and not reinstated since, else its last event, else whether somebody looked.",
        "ekb:Source",
        "ekb:StandingState",
    ),
    Derived("study", "The study that a finding belongs to for certain.", "ekb:Finding", "ekb:Study"),
    Derived(
        "studyIfShared",
        "The study that a finding belongs to if all that may share data do.",
        "ekb:Finding",
        "ekb:Study",
    ),
    Derived("replicationsSuccessful", "How many studies replicated a finding.", "ekb:Finding", INTEGER),
    Derived("replicationsFailed", "How many studies failed to replicate a finding.", "ekb:Finding", INTEGER),
    Derived(
        "replicationsOther",
        "How many studies tried to replicate a finding and came out otherwise.",
        "ekb:Finding",
        INTEGER,
    ),
    Derived(
        "rank",
        "The place of a finding in the strength order; 1 is the strongest.",
        "ekb:Finding",
        INTEGER,
    ),
    Derived(
        "measuredWithin", "An outcome of an estimate of a finding, or one that is wider.", "ekb:Finding", "ekb:Concept"
    ),
    Derived(
        "leftOutFor",
        "The newer or reversing finding for which pages leave out a finding.",
        "ekb:Finding",
        "ekb:Finding",
    ),
    Derived(
        "oppositeTo",
        "An estimate of the same by another finding, with the opposite sign.",
        "ekb:Estimate",
        "ekb:Estimate",
    ),
    Derived(
        "apartFrom",
        "An estimate of the same by another finding, whose interval lies apart.",
        "ekb:Estimate",
        "ekb:Estimate",
    ),
    Derived(
        "differenceExplained",
        "An estimate that says something else, where a link between the two findings says why.",
        "ekb:Estimate",
        "ekb:Estimate",
    ),
)
"""The properties of our own of what is worked out."""
BORROWED = {
    "prov:wasQuotedFrom": "A finding to a source that prints its figures; that source to the one it took them from.",
    "prov:wasDerivedFrom": "The same where no figure is printed; a claim to the findings that support it.",
    "prov:hadPrimarySource": "A finding, an estimate or a claim to the sources where its chains end.",
    "prov:wasAttributedTo": "A source to a body that employs authors of it.",
    "cito:containsAssertionFrom": "A source to the source that its figures come from.",
    "cito:credits": "A source to the source that it names for its figures.",
    "cito:supports": "A finding to a claim that it supports.",
    "cito:disputes": "A finding to a claim, or to a finding, that it disputes, contradicts, or failed to replicate.",
    "cito:qualifies": "A finding to a claim, or to a finding, that it limits.",
    "cito:citesAsEvidence": "A claim to the findings that support it.",
    "cito:confirms": "A finding to one that it replicated.",
    "cito:usesMethodIn": "A finding to one that it tried to replicate, where the outcome is none of the others.",
    "cito:usesDataFrom": "A finding to one that it reanalyses or includes.",
    "cito:updates": "A finding to one that it supersedes.",
    "cito:refutes": "A finding to one that it reverses.",
    "cito:extends": "A finding to one that it follows.",
    "cito:isRetractedBy": "A source to the source that retracted it.",
    "cito:isCorrectedBy": "A source to the source that corrected it.",
    "dct:isReplacedBy": "A source to the source that superseded it.",
    "dct:isVersionOf": "A source to the work that it is a version of.",
    "dct:isPartOf": "A scheme to the pack.",
    "pav:previousVersion": "A source to the version of the same work that came out before it for certain; one at most.",
    "schema:sameAs": "A source to its addresses at doi.org, arXiv, PubMed and PubMed Central.",
    "schema:publisher": "A source to the body that publishes it.",
    "frapo:isFundedBy": "A source to the body that paid for it.",
    "qudt:hasUnit": "An estimate to its unit, where QUDT has it.",
    "skos:inScheme": "A concept or a cohort to all of its kind.",
    "skos:broader": "A concept to the next wider ones.",
    "skos:broaderTransitive": "A concept or a cohort to all that are wider.",
    "skos:related": "A concept to concepts associated with it.",
}
"""What predicates of others say in what is worked out."""
MATCHES = {
    "Measure-odds_ratio": ("skos:exactMatch", "obo:STATO_0000182"),
    "Measure-risk_ratio": ("skos:exactMatch", "obo:STATO_0000245"),
    "Measure-percentage_points": ("skos:closeMatch", "obo:STATO_0000424"),
    "Measure-smd": ("skos:closeMatch", "obo:STATO_0000100"),
}
"""Terms of others that mean the same, or nearly."""


def vocabulary() -> str:
    """The document, as Turtle.

    Examples:
        >>> "ekb:VendorFlag-vendor a skos:Concept" in vocabulary()
        True
    """
    parts = (_document(), _classes(), _properties(), _derived(), _terms(), _words())
    return prefix_lines() + "".join(f"\n{node_text(subject, said, '')}" for part in parts for subject, said in part)


Said = Iterator[tuple[str, list[tuple[str, str]]]]


def own_properties() -> dict[str, list[Field]]:
    """The fields behind each property of our own, by its IRI."""
    held: dict[str, list[Field]] = {}
    for field in all_fields():
        if field.predicate.startswith(NAMESPACE):
            held.setdefault(field.predicate, []).append(field)
    return dict(sorted(held.items()))


def vocabularies() -> list[type[Term]]:
    """The closed vocabularies, by name."""
    return sorted(Term.__subclasses__(), key=lambda terms: terms.__name__)


def range_of(field: Field) -> list[str]:
    """The classes or types of what a field holds, as IRIs."""
    if field.inside is not None:
        return [classes(field.inside.__name__)[0]]
    if field.holds == "names":
        return [field.entry]
    if field.holds == "reference":
        by_kind = {"definition": "OperationalDefinition"}
        records = [iri(f"ekb:{by_kind.get(kind, kind.capitalize())}") for kind in field.kinds]
        return [*records, iri("ekb:Word")] if field.words else records
    if field.holds == "estimate":
        return [iri("ekb:Estimate")]
    if field.terms is not None:
        return [iri(f"ekb:{field.terms.__name__}")]
    types = {"flag": [BOOLEAN], "number": [INTEGER, iri("xsd:double")]}
    return types.get(field.holds, [_STRING])


def _document() -> Said:
    yield (
        f"<{DOCUMENT}>",
        [
            _is("owl:Ontology"),
            _say("dct:title", "Terms of evidencekb"),
            _say(
                "dct:description",
                "Classes, properties and terms for findings, the chains that lead to their primary sources, and who gains from "
                "them; only what no vocabulary of others has.",
            ),
            _say("owl:versionInfo", __version__),
        ],
    )


def _classes() -> Said:
    for model in sorted(models(), key=lambda model: classes(model.__name__)[0]):
        own, *others = classes(model.__name__)
        name = own.removeprefix(NAMESPACE)
        yield (
            f"<{own}>",
            [
                *_described("owl:Class", name, (model.__doc__ or name).split("\n")[0]),
                *((_p("rdfs:subClassOf"), f"<{other}>") for other in others),
            ],
        )
    for name, meaning in (ENTRIES | DERIVED_CLASSES).items():
        yield f"<{NAMESPACE}{name}>", _described("owl:Class", name, meaning)


def _properties() -> Said:
    for predicate, held in own_properties().items():
        name = predicate.removeprefix(NAMESPACE)
        ranges = list(dict.fromkeys(one for field in held for one in range_of(field)))
        domains = list(dict.fromkeys(classes(field.model)[0] for field in held))
        is_text = all(one.startswith(PREFIXES["xsd"]) for one in ranges)
        meanings = dict.fromkeys(field.description for field in held)
        said = _described("owl:DatatypeProperty" if is_text else "owl:ObjectProperty", name, *meanings)
        yield f"<{predicate}>", [*said, *_joined("rdfs:domain", domains), *_joined("rdfs:range", ranges)]
    yield (
        f"<{NAMESPACE}order>",
        _described(
            "owl:DatatypeProperty",
            "order",
            "The name of a field that holds a list, and the place of each of its values among the sorted ones, from 1; "
            "written where the list is not sorted.",
        ),
    )


def _joined(property: str, names: list[str]) -> list[tuple[str, str]]:
    """One class or type says all; of several each is only possible."""
    if len(names) == 1:
        return [(_p(property), f"<{names[0]}>")]
    several = {"rdfs:domain": "schema:domainIncludes", "rdfs:range": "schema:rangeIncludes"}[property]
    return [(_p(several), f"<{name}>") for name in names]


def _derived() -> Said:
    for one in DERIVED:
        kind = "owl:DatatypeProperty" if one.range.startswith(PREFIXES["xsd"]) else "owl:ObjectProperty"
        said = _described(kind, one.name, one.meaning)
        if one.domain:
            said.append((_p("rdfs:domain"), f"<{iri(one.domain)}>"))
        held = one.range if one.range.startswith("http") else iri(one.range)
        yield f"<{NAMESPACE}{one.name}>", [*said, (_p("rdfs:range"), f"<{held}>")]


def _terms() -> Said:
    for terms in vocabularies():
        name = terms.__name__
        scheme = f"<{NAMESPACE}{name}-terms>"
        doc = (terms.__doc__ or name).split("\n")[0]
        yield (
            f"<{NAMESPACE}{name}>",
            [*_described("owl:Class", name, doc), (_p("rdfs:subClassOf"), f"<{iri('skos:Concept')}>")],
        )
        yield scheme, [_is("skos:ConceptScheme"), _say("dct:title", doc)]
        held = [(term.iri, str(term), term.meaning) for term in terms]
        if terms is StandingState:
            held += [(f"{NAMESPACE}{name}-{state}", state, meaning) for state, meaning in STATES.items()]
        for term, label, meaning in held:
            said = [
                _is("skos:Concept"),
                (f"<{iri('rdf:type')}>", f"<{NAMESPACE}{name}>"),
                (_p("skos:inScheme"), scheme),
            ]
            if term.startswith(NAMESPACE):
                said += [_say("skos:prefLabel", label.replace("_", " ")), _say("skos:definition", meaning)]
                said += [_say("skos:notation", label)]
            if match := MATCHES.get(term.removeprefix(NAMESPACE)):
                said.append((_p(match[0]), f"<{iri(match[1])}>"))
            yield f"<{term}>", said


def _words() -> Said:
    yield f"<{NAMESPACE}Word>", _described("owl:Class", "Word", "A word that stands where a record is expected.")
    for word, meaning in WORDS.items():
        yield f"<{word_iri(word)}>", [_is("ekb:Word"), _say("rdfs:label", word), _say("rdfs:comment", meaning)]


def _described(kind: str, name: str, *meanings: str) -> list[tuple[str, str]]:
    return [
        _is(kind),
        _say("rdfs:label", name),
        *(_say("rdfs:comment", meaning) for meaning in meanings),
        (_p("rdfs:isDefinedBy"), f"<{DOCUMENT}>"),
    ]


def _is(name: str) -> tuple[str, str]:
    return f"<{iri('rdf:type')}>", f"<{iri(name)}>"


def _say(name: str, text: str) -> tuple[str, str]:
    return _p(name), encode_basestring(text)


def _p(name: str) -> str:
    return f"<{iri(name)}>"


def short(names: Iterable[str]) -> str:
    """IRIs as prefixed names, with commas between."""
    return ", ".join(compact(name) or name for name in names)
