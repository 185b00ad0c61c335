"""The file of shapes, as Turtle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from evidencekb.model import Waiver
from evidencekb.model.common import Record
from evidencekb.rdf import terms
from evidencekb.rdf.shaping import chain, groups, numbers, sources
from evidencekb.rdf.shaping.conditions import any_of, at, back, either, quoted, short, some, way
from evidencekb.rdf.shaping.fields import FieldShape, entry_shapes, field_shapes
from evidencekb.rdf.shaping.judged import Judged
from evidencekb.rdf.shaping.paths import ID, class_of, p
from evidencekb.rdf.shaping.queries import Asked, asked
from evidencekb.report import Severity
from evidencekb.rules import rules

SHAPES = f"{terms.PREFIXES['ekb'].removesuffix('ns#')}shapes#"
SEVERITIES = {Severity.ERROR: "sh:Violation", Severity.WARNING: "sh:Warning", Severity.NOTE: "sh:Info"}


@cache
def judged_shapes() -> tuple[Judged, ...]:
    """What the rules ask that SHACL Core can say."""
    return (*chain.judged(), *sources.judged(), *numbers.judged(), *groups.judged())


def turtle(*, derived: bool = True) -> str:
    """All shapes of SHACL Core.

    Args:
        derived: False leaves out those that read what is worked out from the records.
    """
    held = [each for each in judged_shapes() if derived or not each.derived]
    return "\n".join([*_head(), *_of_models(), *_of_rules(held)])


def sparql_turtle() -> str:
    """What SHACL Core cannot say, as SHACL-SPARQL."""
    return "\n".join([*_head(), *_declared(), *_of_queries()])


def _declared() -> Iterator[str]:
    yield "shapes:prefixes a owl:Ontology ;"
    held = [
        f"[ sh:prefix {quoted(name)} ; sh:namespace {quoted(space)}^^xsd:anyURI ]"
        for name, space in terms.PREFIXES.items()
    ]
    yield f"  sh:declare {' , '.join(held)} ."
    yield ""


def _of_queries() -> Iterator[str]:
    used: Counter[str] = Counter()
    for each in asked():
        name = f"{each.rule}-{each.variant or each.model.__name__}-sparql"
        used[name] += 1
        suffix = f"-{used[name]}" if used[name] > 1 else ""
        rule = rules()[each.rule]
        severity = rule.severities.get(each.variant, rule.severity)
        yield f"shapes:{name}{suffix} a sh:NodeShape ;"
        yield f"  sh:targetClass {class_of(each.model)} ;"
        yield f"  sh:severity {SEVERITIES[severity]} ;"
        yield f"  ekb:rule {quoted(each.rule)} ;"
        message = quoted(f"{each.rule}: {each.says}")
        yield f"  sh:sparql [ sh:prefixes shapes:prefixes ; sh:message {message} ; sh:select {quoted(_unless_waived(each))} ] ."
        yield ""


def _unless_waived(each: Asked) -> str:
    """The query, without what a waiver covers."""
    rule = rules()[each.rule]
    if not rule.waivable:
        return each.select
    ups = "|".join("/".join([*(f"^{step}" for step in up), ID]) for up in _above()[each.model.__name__])
    codes = f"{quoted(rule.number)}, {quoted(rule.code)}"
    waiver = f"$this ({ups}) ?own . ?waiver {p(Waiver, 'record')} ?own ; {p(Waiver, 'rule')} ?code . FILTER(?code IN ({codes}))"
    return f"{each.select.removesuffix(' }')} FILTER NOT EXISTS {{ {waiver} }} }}"


def prefixes() -> Iterator[str]:
    """The prefixes that shapes use."""
    for prefix, space in {**terms.PREFIXES, "sh": "http://www.w3.org/ns/shacl#", "shapes": SHAPES}.items():
        yield f"@prefix {prefix}: <{space}> ."


def _head() -> Iterator[str]:
    yield "# Made by evidencekb from its models and rules. Each shape says by ekb:rule which rule it stands for."
    yield from prefixes()
    yield ""


def _of_models() -> Iterator[str]:
    for model in terms.models():
        yield f"# {model.__name__}: {(model.__doc__ or '').strip().splitlines()[0]}"
        yield from _node(model.__name__, class_of(model), tuple(field_shapes(model)))
        for name, shapes in entry_shapes(model):
            yield from _node(name.partition(":")[2], name, shapes)


def _node(name: str, target: str, shapes: tuple[FieldShape, ...]) -> Iterator[str]:
    yield f"shapes:{name} a sh:NodeShape ;"
    yield f"  sh:targetClass {target} ;"
    yield f"  sh:property {', '.join(f'shapes:{shape.name}' for shape in shapes)} ."
    for shape in shapes:
        yield f"shapes:{shape.name} a sh:PropertyShape ;"
        yield f"  sh:path {shape.path} ;"
        yield "".join(f"  {facet} ;\n" for facet in shape.facets).rstrip("\n")
        yield f"  ekb:rule {quoted(shape.rule)} ;"
        yield f"  sh:message {quoted(f'{shape.rule}: {shape.says}')} ."
    yield ""


def _of_rules(held: list[Judged]) -> Iterator[str]:
    used: Counter[str] = Counter()
    for each in held:
        name = f"{each.rule}-{each.variant}".rstrip("-")
        used[name] += 1
        suffix = f"-{used[name]}" if used[name] > 1 else ""
        rule = rules()[each.rule]
        severity = rule.severities.get(each.variant, rule.severity)
        says = each.says or f"{rule.title}. {rule.remedy}"
        # A condition of its own, so that what is found bears the message and the severity of this shape.
        must = any_of(each.must, waived(each)) if rule.waivable else f"sh:node [ {each.must} ]"
        yield f"shapes:{name}{suffix} a sh:NodeShape ;"
        yield f"  sh:targetClass {each.model if isinstance(each.model, str) else class_of(each.model)} ;"
        yield f"  {must} ;"
        yield f"  sh:severity {SEVERITIES[severity]} ;"
        yield f"  ekb:rule {quoted(each.rule)} ;"
        yield f"  sh:message {quoted(f'{each.rule}: {says}')} ."
        yield ""


def waived(each: Judged) -> str:
    """A waiver of the rule for the record in which the node stands."""
    rule = rules()[each.rule]
    model = each.model if isinstance(each.model, str) else each.model.__name__
    ups = _above()[model]
    paths = [way(*(back(step) for step in up), ID, back(p(Waiver, "record"))) for up in ups]
    codes = f"sh:in ( {quoted(rule.number)} {quoted(rule.code)} )"
    return some(paths[0] if len(paths) == 1 else either(*paths), at(p(Waiver, "rule"), codes))


@cache
def _above() -> dict[str, list[tuple[str, ...]]]:
    """The steps from each model, or class of an entry, up to the record that holds it."""
    found: dict[str, list[tuple[str, ...]]] = {model.__name__: [()] for model in terms.KINDS.values()}

    def visit(model: type[Record], up: tuple[str, ...]) -> None:
        for field in terms.fields(model).values():
            step = (short(field.predicate), *up)
            if field.inside is not None:
                found.setdefault(field.inside.__name__, []).append(step)
                visit(field.inside, step)
            elif field.holds == "names":
                found.setdefault(short(field.entry), []).append(step)

    for model in terms.KINDS.values():
        visit(model, ())
    return found
