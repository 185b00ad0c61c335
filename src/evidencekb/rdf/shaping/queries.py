"""What SHACL Core cannot say, as SHACL-SPARQL: two nodes compared with each other, two texts, the last of several days.

In the texts ``Citation.source`` stands for the predicate of that field, and ``ID``, ``KEY`` and ``TEXT`` for those of every id
and of an entry that goes by names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from evidencekb.model import Claim, Estimate, Finding, FindingLink, Manifest, Source, Untraced, Waiver
from evidencekb.model.common import Record
from evidencekb.model.findings import Drift, FigureCorrection
from evidencekb.model.sources import FieldCorrection
from evidencekb.rdf import ontology, terms
from evidencekb.rdf.shaping.conditions import short
from evidencekb.rdf.shaping.paths import ID, KEY, p

WORKED_OUT = (*sorted({each.name for each in ontology.DERIVED}), "order")
"""Our own predicates of what is worked out, which no field has, and that of the order of a list."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule, or one of its variants, as a query for what breaks it.

    Attributes:
        rule: Code of the rule.
        variant: Which of its messages; decides the severity.
        model: The record, or part of a record, that ``$this`` is.
        where: The pattern that must find nothing.
        says: What is wrong and what to do.
    """

    rule: str
    variant: str
    model: type[Record]
    where: str
    says: str

    @property
    def select(self) -> str:
        """The query."""
        text = _FIELD.sub(lambda found: p(_MODELS[found[1]], found[2]) if found[1] in _MODELS else found[0], self.where)
        text = re.sub(r"\b(ID|KEY|TEXT)\b", lambda found: _NAMES[found[1]], text)
        what = "$this ?value" if "?value" in text else "$this"
        return f"SELECT DISTINCT {what} WHERE {{ {' '.join(text.split())} }}"


_FIELD = re.compile(r"\b([A-Z][A-Za-z]+)\.([a-z_]+)\b")
_MODELS = {model.__name__: model for model in terms.models()}
_NAMES = {"ID": ID, "KEY": KEY, "TEXT": short(terms.VALUE)}


def asked() -> Iterator[Asked]:
    """All queries."""
    yield from _chains()
    yield from _twice()
    yield from _sources()
    yield from _corrections()
    yield from _dates()
    yield from _unknown()


def _chains() -> Iterator[Asked]:
    yield Asked("EKB101", "estimate", Estimate, """
        ?f Finding.estimates $this ; Finding.citations ?c . ?c Citation.role ekb:Role-primary .
        FILTER NOT EXISTS {
          ?f Finding.citations ?d . ?d Citation.role ekb:Role-primary . FILTER NOT EXISTS { ?d Citation.prints ?any } }
        FILTER NOT EXISTS {
          ?f Finding.citations ?d . ?d Citation.role ekb:Role-primary ; Citation.prints ?printed .
          ?printed KEY ?key . $this ID ?key }
        """, "carried by no primary citation: list it under prints of the primary that gives it")  # fmt: skip
    yield Asked("EKB103", "local", Drift, """
        $this Drift.on ?name . ?c Citation.drift $this . ?f Finding.citations ?c . FILTER(?name != "sample")
        FILTER NOT EXISTS { ?f Finding.estimates ?e . ?e ID ?name }
        FILTER NOT EXISTS { ?f Finding.mentions ?m . ?m KEY ?name }
        """, "drift on what is no estimate, mention or sample of the finding")  # fmt: skip
    yield Asked("EKB104", "torn", Claim, """
        $this Claim.supports ?a , ?b . ?a Support.stance ekb:Stance-supports ; Support.estimates ?e .
        ?b Support.stance ekb:Stance-disputes ; Support.estimates ?e .
        """, "rests on an estimate and is disputed by it too: keep one stance, or word the claim so that both fit")  # fmt: skip
    yield Asked("EKB109", "cited", Untraced, r"""
        BIND(IRI(REPLACE(STR($this), "untraced/([^/]*)$", "finding/$1")) AS ?gone) ?by ?as ?gone .
        FILTER NOT EXISTS { ?gone a ekb:Finding }
        """, "is untraced and cited as a finding: drop that, or record the finding")  # fmt: skip
    yield Asked("EKB111", "reversed", Claim, """
        $this Claim.supports ?s . ?s Support.finding ?f .
        ?l FindingLink.target ?f ; FindingLink.type ekb:LinkType-reverses . ?g Finding.links ?l .
        FILTER NOT EXISTS { $this Claim.supports ?t . ?t Support.finding ?g }
        """, "rests on a finding that another one reverses: add that one to its supports")  # fmt: skip
    yield Asked("EKB206", "claim", Claim, """
        $this Claim.supports ?s . ?s Support.finding ?f .
        ?l FindingLink.target ?f ; FindingLink.type ekb:LinkType-supersedes . ?g Finding.links ?l . FILTER(?g != ?f)
        """, "rests on a finding that a later one supersedes: rest it on the later one")  # fmt: skip


def _twice() -> Iterator[Asked]:
    pair = """
        $this Claim.supports ?a , ?b . ?a Support.stance ?stance ; Support.finding ?f .
        ?b Support.stance ?stance ; Support.finding ?g .
        FILTER(?f != ?g && (?stance = ekb:Stance-supports || ?stance = ekb:Stance-disputes))
    """
    says = "counts two findings that rest on the same data: keep one, or set one to qualifies"
    yield Asked("EKB110", "shared", Claim, pair + """
        ?f Finding.links ?l . ?l FindingLink.target ?g ; FindingLink.type ?type . OPTIONAL { ?l FindingLink.extent ?extent }
        FILTER(?type = ekb:LinkType-supersedes || (BOUND(?extent) && ?extent = ekb:Extent-all)
          || (!BOUND(?extent) && (?type = ekb:LinkType-includes || ?type = ekb:LinkType-reanalyses)))
        """, says)  # fmt: skip
    yield Asked("EKB110", "comment", Claim, pair + """
        ?f Finding.links ?l . ?l FindingLink.target ?g ; FindingLink.type ?type .
        FILTER(?type = ekb:LinkType-qualifies || ?type = ekb:LinkType-follows)
        FILTER NOT EXISTS { ?l FindingLink.extent ?extent }
        ?f Finding.citations ?c . ?c Citation.role ekb:Role-primary ; Citation.basis ekb:Basis-own_statement .
        FILTER NOT EXISTS { ?f Finding.citations ?d . ?d Citation.role ekb:Role-primary ; Citation.basis ?basis .
          FILTER(?basis != ekb:Basis-own_statement) }
        """, "counts a finding and a comment on it, which has no data of its own: set the comment to qualifies")  # fmt: skip
    yield Asked("EKB110", "through", Claim, pair + """
        ?f ekb:study ?study . ?g ekb:study ?study . FILTER(STR(?f) < STR(?g))
        ?f Finding.estimates ?e . ?g Finding.estimates ?h . ?e Estimate.outcome ?outcome . ?h Estimate.outcome ?outcome .
        FILTER NOT EXISTS { ?f prov:hadPrimarySource ?source . ?g prov:hadPrimarySource ?source }
        """, "counts two findings that come down to one study: keep one, or set one to qualifies")  # fmt: skip
    yield Asked("EKB106", "one_study", Claim, """
        $this cito:citesAsEvidence ?f , ?g . FILTER(?f != ?g)
        FILTER NOT EXISTS {
          $this cito:citesAsEvidence ?h , ?i . ?h ekb:study ?one . ?i ekb:study ?other . FILTER(?one != ?other) }
        FILTER(EXISTS { $this cito:citesAsEvidence ?h , ?i . FILTER(?h != ?i) ?h Finding.estimates ?j . ?i Finding.estimates ?k .
            ?j Estimate.outcome ?outcome . ?k Estimate.outcome ?outcome }
          || NOT EXISTS { ?f prov:hadPrimarySource ?source .
            FILTER NOT EXISTS { $this cito:citesAsEvidence ?h . FILTER NOT EXISTS { ?h prov:hadPrimarySource ?source } } })
        """, "lists several findings as support, and all come down to one study: keep one, the others qualify")  # fmt: skip


def _sources() -> Iterator[Asked]:
    key = 'LCASE(REPLACE({}, "[^A-Za-z0-9]+", " "))'
    yield Asked("EKB207", "twice", Source, f"""
        {{ $this schema:sameAs ?v . ?o schema:sameAs ?v }} UNION {{ $this Source.url ?v . ?o Source.url ?v }}
        ?o a ekb:Source . FILTER(?o != $this)
        OPTIONAL {{ $this Source.title ?t }} OPTIONAL {{ ?o Source.title ?u }}
        OPTIONAL {{ $this Source.version ?x }} OPTIONAL {{ ?o Source.version ?y }}
        FILTER({key.format('COALESCE(?t, "")')} = {key.format('COALESCE(?u, "")')}
          && {key.format('COALESCE(?x, "")')} = {key.format('COALESCE(?y, "")')})
        """, "is one source twice: keep one, or say what tells the two apart (version, title)")  # fmt: skip
    digits = [f"{1 + 2 * (at % 2)} * xsd:integer(SUBSTR(?d, {at + 1}, 1))" for at in range(13)]
    yield Asked("EKB208", "bad", Source, rf"""
        $this Source.isbn ?isbn . BIND(REPLACE(?isbn, "[ -]", "") AS ?d) FILTER(REGEX(?d, "^[0-9]{{13}}$"))
        BIND({" + ".join(digits)} AS ?sum) FILTER(?sum != 10 * FLOOR(?sum / 10))
        """, "isbn has a wrong check digit: copy it from the book")  # fmt: skip


def _corrections() -> Iterator[Asked]:
    yield Asked("EKB211", "mended", FigureCorrection, f"""
        $this FigureCorrection.on ?on ; FigureCorrection.expect ?expect . ?c Citation.corrections $this ; Citation.prints ?p .
        ?p KEY ?on ; TEXT ?printed . FILTER({_plain("?printed")} != {_plain("?expect")})
        """, "the source prints something else than the correction expects: write down what it prints")  # fmt: skip
    held = """{ ?e Estimate.value ?held } UNION { ?e Estimate.range ?r . ?r ValueRange.low ?held }
        UNION { ?e Estimate.range ?r . ?r ValueRange.high ?held }"""
    yield Asked("EKB211", "unused", FigureCorrection, f"""
        $this FigureCorrection.on ?on ; FigureCorrection.use ?use . ?c Citation.corrections $this . ?f Finding.citations ?c ;
        Finding.estimates ?e . ?e ID ?on . FILTER EXISTS {{ {held} }}
        FILTER NOT EXISTS {{ {held} FILTER(?held = ?use) }}
        """, "the estimate holds another number than the correction puts there: write the same in both")  # fmt: skip
    fields = get_args(FieldCorrection.model_fields["field"].annotation)
    branches = " UNION ".join(
        f'{{ $this FieldCorrection.field "{name}" . ?s Source.corrections $this . OPTIONAL {{ ?s Source.{name} ?held }} }}'
        for name in fields
    )
    yield Asked("EKB211", "wrong", FieldCorrection, f"""
        {branches} $this FieldCorrection.use ?use . FILTER(!BOUND(?held) || LCASE({_plain("?held")}) != LCASE({_plain("?use")}))
        """, "the source does not hold what the correction puts there: write it, or take the correction out")  # fmt: skip


def _plain(text: str) -> str:
    """A text in which white space and the kinds of dash print the same."""
    return f'REPLACE(REPLACE({text}, "[\u2010\u2011\u2012\u2013\u2014\u2212]|--", "-"), "\\\\s+", " ")'


def _dates() -> Iterator[Asked]:
    yield Asked("EKB305", "future", Finding, """
        $this Finding.nature ?nature ; ekb:firstDay ?since .
        FILTER(?nature = ekb:Nature-observed || ?nature = ekb:Nature-reported || ?nature = ekb:Nature-alleged
          || ?nature = ekb:Nature-decided)
        OPTIONAL { $this ekb:lastDay ?until }
        FILTER EXISTS { $this prov:hadPrimarySource ?s . ?s ekb:lastDay ?day }
        FILTER NOT EXISTS { $this prov:hadPrimarySource ?s . ?s ekb:lastDay ?day .
          FILTER(STR(?since) <= STR(?day) && SUBSTR(STR(COALESCE(?until, ?since)), 1, 4) <= SUBSTR(STR(?day), 1, 4)) }
        """, "holds until after the publication: make it a forecast, or correct the period")  # fmt: skip
    yield Asked("EKB308", "unreasoned", FindingLink, """
        $this FindingLink.type ekb:LinkType-contradicts ; FindingLink.target ?g . ?f Finding.links $this .
        FILTER NOT EXISTS { $this FindingLink.because ?why }
        FILTER NOT EXISTS { ?f Finding.links ?l . ?l FindingLink.target ?g ; FindingLink.because ?why }
        FILTER NOT EXISTS { ?g Finding.links ?l . ?l FindingLink.target ?f ; FindingLink.because ?why }
        FILTER NOT EXISTS { ?f ekb:withdrawnWith ?s } FILTER NOT EXISTS { ?g ekb:withdrawnWith ?s }
        """, "does not say why the two findings differ: add because")  # fmt: skip
    yield Asked("EKB404", "mixed", Estimate, """
        $this Estimate.outcome ?outcome ; Estimate.definition ?d ; Estimate.period ?p . ?f Finding.estimates $this , ?e .
        ?e Estimate.outcome ?outcome ; Estimate.definition ?c ; Estimate.period ?q . FILTER(?d != ?c && ?p != ?q)
        OPTIONAL { $this Estimate.group ?one } OPTIONAL { ?e Estimate.group ?other }
        FILTER(LCASE(COALESCE(?one, "")) = LCASE(COALESCE(?other, "")))
        FILTER(!REGEX(?p, "[/.]$") && !REGEX(?q, "[/.]$"))
        FILTER NOT EXISTS { ?d OperationalDefinition.comparable_with ?l . ?l DefinitionLink.definition ?c }
        FILTER NOT EXISTS { ?c OperationalDefinition.comparable_with ?l . ?l DefinitionLink.definition ?d }
        """, "is of one series with two definitions: split the finding where the definition changes")  # fmt: skip
    yield Asked("EKB505", "expired", Waiver, r"""
        $this Waiver.until ?until . FILTER(REGEX(?until, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
        FILTER(?until < SUBSTR(STR(NOW()), 1, 10))
        """, "the waiver ran out: mend what it covers, or give it a new date with a reason")  # fmt: skip


def _unknown() -> Iterator[Asked]:
    """Words of ours that a model does not have; words of others may stand beside a record.

    One query of the pack: a query of every node would be parsed for every node by some validators.
    """
    space = terms.PREFIXES["ekb"]
    names = {model: terms.classes(model.__name__)[0].removeprefix(space) for model in terms.models()}
    cases = []
    for model, name in names.items():
        predicates = {field.predicate for field in terms.fields(model).values()}
        own = sorted(iri.removeprefix(space) for iri in predicates if iri.startswith(space))
        cases.append(f"{name} ({'|'.join(own)})")
    worked_out = f"[A-Za-z]+ ({'|'.join(WORKED_OUT)})"
    known = f"^({'|'.join([*cases, worked_out])})$"
    yield Asked("EKB502", "", Manifest, f"""
        ?value ?as ?held . FILTER(STRSTARTS(STR(?as), "{space}"))
        ?value a ?class . FILTER(REGEX(STR(?class), "^{space}({'|'.join(names.values())})$"))
        FILTER(!REGEX(CONCAT(STRAFTER(STR(?class), "{space}"), " ", STRAFTER(STR(?as), "{space}")), "{known}"))
        """, "a record has a field that its model does not have: correct its name, or take it out")  # fmt: skip
