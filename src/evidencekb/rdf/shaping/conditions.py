"""What shapes are made of: paths through the records, and conditions on what stands at their ends, as Turtle.

A path is what stands behind ``sh:path``; a condition is what stands inside a shape. Only words of SHACL Core are used.

>>> print(when(given("ekb:a"), given("ekb:b")))
sh:or ( [ sh:not [ sh:property [ sh:path ekb:a ; sh:minCount 1 ] ] ] [ sh:property [ sh:path ekb:b ; sh:minCount 1 ] ] )
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidencekb.rdf.terms import PREFIXES
from evidencekb.vocab import Term

Path = str
Condition = str


def quoted(text: str) -> str:
    """A text as Turtle writes it.

    Examples:
        >>> quoted('one "word"').count(chr(92))
        2
    """
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return f'"{escaped}"'


def short(iri: str) -> str:
    """An IRI as Turtle writes it, with its prefix where that can be.

    Examples:
        >>> short("http://www.w3.org/ns/prov#hadPrimarySource"), short("urn:x")
        ('prov:hadPrimarySource', '<urn:x>')
    """
    for prefix, space in PREFIXES.items():
        if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space)):
            return f"{prefix}:{iri[len(space) :]}"
    return f"<{iri}>"


_LOCAL = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


def iri(term: Term) -> str:
    """A term of a vocabulary."""
    return short(term.iri)


def iris(terms: Iterable[Term]) -> tuple[str, ...]:
    """Terms of a vocabulary, in the order of their IRIs."""
    return tuple(sorted(map(iri, terms)))


def way(*steps: Path) -> Path:
    """Steps one after the other; a way among them is taken step by step.

    Examples:
        >>> way("ekb:a"), way(way("ekb:a", "ekb:b"), "ekb:c")
        ('ekb:a', '( ekb:a ekb:b ekb:c )')
    """
    flat = [step[2:-2] if step.startswith("( ") else step for step in steps]
    return steps[0] if len(steps) == 1 else f"( {' '.join(flat)} )"


def back(predicate: Path) -> Path:
    """A step against the direction of a predicate."""
    return f"[ sh:inversePath {predicate} ]"


def either(*paths: Path) -> Path:
    """Any of several paths."""
    return paths[0] if len(paths) == 1 else f"[ sh:alternativePath ( {' '.join(paths)} ) ]"


def on_and_on(path: Path) -> Path:
    """A path once or more often."""
    return f"[ sh:oneOrMorePath {path} ]"


def any_number(path: Path) -> Path:
    """A path any number of times, or not at all."""
    return f"[ sh:zeroOrMorePath {path} ]"


_DEEPEST = 9
"""pySHACL 0.40 walks no path in more steps than this, where a place in a list counts as a step."""


def times(path: Path, number: int) -> Path:
    """A path so many times in a row, as lists in lists, so that none is long.

    Examples:
        >>> times("ekb:a", 5)
        '( ( ( ekb:a ekb:a ) ekb:a ekb:a ) ekb:a )'
    """
    costs = 3 if path.startswith(("(", "[")) else 0
    left = next(left for left in range(_DEEPEST + 1) if _room(costs, left) >= number)
    if number == 1:
        return path
    items = []
    while number:
        left -= 1
        took = min(number, _room(costs, left))
        items.append(times(path, took))
        number -= took
    return f"( {' '.join(items)} )"


def _room(costs: int, left: int) -> int:
    """How often a path fits into as many steps as are left: once as it is, or more often in a list of lists."""
    return 0 if left < costs else max(1, sum(_room(costs, at) for at in range(left)))


def at(path: Path, *facets: str) -> Condition:
    """What must hold of the values at a path, in words of SHACL."""
    return f"sh:property [ sh:path {path} ; {' ; '.join(facets)} ]"


def given(path: Path) -> Condition:
    """There is something at a path."""
    return at(path, "sh:minCount 1")


def absent(path: Path) -> Condition:
    """There is nothing at a path."""
    return at(path, "sh:maxCount 0")


def holds(path: Path, value: str) -> Condition:
    """One of the values at a path is this one."""
    return at(path, f"sh:hasValue {value}")


def within(path: Path, values: Iterable[str]) -> Condition:
    """All values at a path are among these, and there is one."""
    return at(path, "sh:minCount 1", f"sh:in ( {' '.join(values)} )")


def some(path: Path, condition: Condition) -> Condition:
    """One of those at a path meets a condition."""
    return at(path, f"sh:qualifiedValueShape [ {condition} ]", "sh:qualifiedMinCount 1")


def none(path: Path, condition: Condition) -> Condition:
    """None of those at a path meets a condition."""
    return at(path, f"sh:qualifiedValueShape [ {condition} ]", "sh:qualifiedMaxCount 0")


def every(path: Path, condition: Condition) -> Condition:
    """Each of those at a path meets a condition."""
    return at(path, f"sh:node [ {condition} ]")


def apart(path: Path, predicate: Path) -> Condition:
    """Nothing at a path is a value of a predicate too."""
    return at(path, f"sh:disjoint {predicate}")


def meets(path: Path, predicate: Path) -> Condition:
    """Something at a path is a value of a predicate too."""
    return denied(apart(path, predicate))


def both(*conditions: Condition) -> Condition:
    """All conditions hold."""
    return " ; ".join(conditions)


def any_of(*conditions: Condition) -> Condition:
    """One of the conditions holds, or several."""
    return f"sh:or ( {' '.join(f'[ {each} ]' for each in conditions)} )"


def one_of(*conditions: Condition) -> Condition:
    """Exactly one of the conditions holds."""
    return f"sh:xone ( {' '.join(f'[ {each} ]' for each in conditions)} )"


def denied(condition: Condition) -> Condition:
    """A condition does not hold."""
    return f"sh:not [ {condition} ]"


def when(first: Condition, then: Condition) -> Condition:
    """If the first condition holds, so does the other."""
    return any_of(denied(first), then)


def pattern(text: str, *, fold: bool = False) -> str:
    """A facet: the value matches a pattern; with ``fold`` whatever its case."""
    return f"sh:pattern {quoted(text)}" + (' ; sh:flags "i"' if fold else "")
