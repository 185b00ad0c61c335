"""The files of shapes, as Turtle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from evidencekb.model import KINDS, Waiver
from evidencekb.model.common import Record
from evidencekb.rdf import terms
from evidencekb.rdf.shaping import chain, groups, numbers, sources
from evidencekb.rdf.shaping.conditions import Condition, any_of, at, back, either, quoted, short, some, way
from evidencekb.rdf.shaping.fields import FieldShape, entry_shapes, field_shapes
from evidencekb.rdf.shaping.judged import Judged
from evidencekb.rdf.shaping.layout import laid
from evidencekb.rdf.shaping.paths import ID, class_of, p
from evidencekb.rdf.shaping.queries import Asked, asked
from evidencekb.report import Severity
from evidencekb.rules import Rule, rules
from evidencekb.vocab import NAMESPACE

SHAPES = f"{terms.PREFIXES['ekb'].removesuffix('ns#')}shapes#"
"""What the names of shapes begin with."""
_SEVERITIES = {Severity.ERROR: "sh:Violation", Severity.WARNING: "sh:Warning", Severity.NOTE: "sh:Info"}
_TITLE = """\
# What a pack of evidencekb must hold, as SHACL shapes{part}; made from its models and its rules.
# ekb:rule is the code of the rule that a shape stands for. See docs/how-to/check-rdf-with-shacl.md.\
"""


def shapes(*, sparql: bool = False, derived: bool = True) -> str:
    """SHACL shapes for the RDF of a pack, as Turtle.

    Every field of every record has a shape, made from the models, and so has every rule that SHACL can express. A shape names its
    rule by ``ekb:rule`` and says in its message what to do; its severity is that of the rule.

    Args:
        sparql: False for the shapes of SHACL Core, which every validator reads; True for those that need SHACL-SPARQL,
            a second file that stands beside the first.
        derived: False leaves out shapes of SHACL Core that read what is worked out from records (``prov:hadPrimarySource`` and
            others), for RDF without it.

    Examples:
        >>> text = shapes()
        >>> "sh:targetClass ekb:Finding" in text, "sh:sparql" in text
        (True, False)
    """
    if sparql:
        return "\n".join([*_head(" with SPARQL"), *_declared(), *_of_queries()])
    held = [each for each in judged_shapes() if derived or not each.derived]
    return "\n".join([*_head(""), *_of_models(), *_of_rules(held)])


@cache
def judged_shapes() -> tuple[Judged, ...]:
    """What the rules ask that SHACL Core can say."""
    return (*chain.judged(), *sources.judged(), *numbers.judged(), *groups.judged())


def _head(part: str) -> Iterator[str]:
    yield _TITLE.format(part=part)
    for prefix, space in {**terms.PREFIXES, "sh": "http://www.w3.org/ns/shacl#", "shapes": SHAPES}.items():
        yield f"@prefix {prefix}: <{space}> ."
    yield ""


def _of_models() -> Iterator[str]:
    for model in terms.models():
        yield f"# {model.__name__}: {(model.__doc__ or '').strip().splitlines()[0]}"
        yield from _node(model.__name__, class_of(model), field_shapes(model))
        for name, held in entry_shapes(model):
            yield from _node(name.partition(":")[2], name, held)
    for model in KINDS.values():
        yield from _typed(model)


def _typed(model: type[Record]) -> Iterator[str]:
    """What has a field that only these records have is one of them: without its class no other shape would look at it."""
    others = {field.predicate for field in terms.all_fields() if field.model != model.__name__}
    mine = [field for field in terms.fields(model).values() if field.predicate not in others]
    mine = [field for field in mine if field.predicate.startswith(NAMESPACE)]
    own = sorted(field.predicate for field in mine if field.required) or sorted(field.predicate for field in mine)
    if own:
        cls = class_of(model)
        text = f"EKB502: it has fields of {cls} and is not of that class: write 'a {cls}'"
        targets = (f"sh:targetSubjectsOf {short(predicate)}" for predicate in own)
        yield from _shape(
            f"{model.__name__}-typed", "NodeShape", *targets, f"sh:class {cls}", f"ekb:rule {quoted('EKB502')}",
            f"sh:message {quoted(text)}",
        )  # fmt: skip


def _node(name: str, target: str, held: Iterable[FieldShape]) -> Iterator[str]:
    several = tuple(held)
    names = ",\n    ".join(f"shapes:{shape.name}" for shape in several)
    yield from _shape(name, "NodeShape", f"sh:targetClass {target}", f"sh:property {names}")
    for shape in several:
        said = (f"ekb:rule {quoted(shape.rule)}", f"sh:message {quoted(f'{shape.rule}: {shape.says}')}")
        facets = (laid(facet, 2) for facet in shape.facets)
        yield from _shape(shape.name, "PropertyShape", f"sh:path {shape.path}", *facets, *said)


def _of_rules(held: Iterable[Judged]) -> Iterator[str]:
    used: Counter[str] = Counter()
    for each in held:
        rule = rules()[each.rule]
        # A condition of its own, so that what is found bears the message and the severity of this shape.
        must = any_of(each.must, waived(each)) if rule.waivable else f"sh:node [ {each.must} ]"
        yield from _shape(
            _named(each, used, ""),
            "NodeShape",
            f"sh:targetClass {each.model if isinstance(each.model, str) else class_of(each.model)}",
            laid(must, 2),
            *_said(each, rule),
            f"sh:message {_message(each, rule)}",
        )


def _of_queries() -> Iterator[str]:
    used: Counter[str] = Counter()
    for each in asked():
        rule = rules()[each.rule]
        query = f"sh:select {quoted(_unless_waived(each, rule))}"
        held = f"[\n    sh:prefixes shapes:prefixes ;\n    sh:message {_message(each, rule)} ;\n    {query}\n  ]"
        target = f"sh:targetClass {class_of(each.model)}"
        yield from _shape(_named(each, used, "-sparql"), "NodeShape", target, *_said(each, rule), f"sh:sparql {held}")


def _shape(name: str, kind: str, *statements: str) -> Iterator[str]:
    held = "".join(f" ;\n  {statement}" for statement in statements)
    yield f"shapes:{name} a sh:{kind}{held} .\n"


def _named(each: Judged | Asked, used: Counter[str], suffix: str) -> str:
    what = each.variant or (each.model if isinstance(each.model, str) else each.model.__name__)
    name = f"{each.rule}-{what}{suffix}"
    used[name] += 1
    return f"{name}-{used[name]}" if used[name] > 1 else name


def _said(each: Judged | Asked, rule: Rule) -> tuple[str, str]:
    severity = rule.severities.get(each.variant, rule.severity)
    return f"sh:severity {_SEVERITIES[severity]}", f"ekb:rule {quoted(each.rule)}"


def _message(each: Judged | Asked, rule: Rule) -> str:
    says = each.says or f"{rule.title}. {rule.remedy}"
    return quoted(f"{each.rule}: {says}")


def _declared() -> Iterator[str]:
    held = (
        f"[ sh:prefix {quoted(name)} ; sh:namespace {quoted(space)}^^xsd:anyURI ]"
        for name, space in terms.PREFIXES.items()
    )
    names = ",\n    ".join(held)
    yield f"shapes:prefixes a owl:Ontology ;\n  sh:declare {names} .\n"


def waived(each: Judged) -> Condition:
    """A waiver of the rule for the record in which the node stands."""
    rule = rules()[each.rule]
    model = each.model if isinstance(each.model, str) else each.model.__name__
    paths = [way(*map(back, up), ID, back(p(Waiver, "record"))) for up in _above()[model]]
    return some(either(*paths), at(p(Waiver, "rule"), f"sh:in ( {quoted(rule.number)} {quoted(rule.code)} )"))


def _unless_waived(each: Asked, rule: Rule) -> str:
    """The query, without what a waiver covers."""
    if not rule.waivable:
        return each.select
    ups = "|".join("/".join([*(f"^{step}" for step in up), ID]) for up in _above()[each.model.__name__])
    codes = f"{quoted(rule.number)}, {quoted(rule.code)}"
    record, code = p(Waiver, "record"), p(Waiver, "rule")
    waiver = f"$this ({ups}) ?own . ?waiver {record} ?own ; {code} ?code . FILTER(?code IN ({codes}))"
    return f"{each.select.removesuffix(' }')} FILTER NOT EXISTS {{ {waiver} }} }}"


@cache
def _above() -> dict[str, list[tuple[str, ...]]]:
    """The steps from each model, or class of an entry, up to the record that holds it."""
    found: dict[str, list[tuple[str, ...]]] = {model.__name__: [()] for model in KINDS.values()}

    def visit(model: type[Record], up: tuple[str, ...]) -> None:
        for field in terms.fields(model).values():
            step = (short(field.predicate), *up)
            if field.inside is not None:
                found.setdefault(field.inside.__name__, []).append(step)
                visit(field.inside, step)
            elif field.holds == "names":
                found.setdefault(short(field.entry), []).append(step)

    for model in KINDS.values():
        visit(model, ())
    return found
