"""Records that a nanopublication of this library holds, field by field as they were written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from evidencekb.errors import InterchangeError
from evidencekb.model import KINDS, Finding
from evidencekb.rdf.guarding import Found
from evidencekb.rdf.names import id_of
from evidencekb.rdf.nano.statements import Iri, Statement
from evidencekb.rdf.nodes import Nodes
from evidencekb.rdf.terms import TYPE, classes

Fields = dict[str, Any]
_FINDING = classes(Finding.__name__)[0]


def records_in(file: str, statements: Iterable[Statement]) -> dict[tuple[str, str], Fields]:
    """The records by kind and id; none when it is not of this library: when no finding in it has our own class.

    Statements that are no field of a record are worked out from others, and are left.

    Raises:
        InterchangeError: If a record has a value that none of its fields can hold, with the line.
    """
    held = [Found(s.subject, s.predicate, s.object, None, s.line) for s in statements]
    finding = next((one.subject for one in held if one.predicate == TYPE and one.object == Iri(_FINDING)), None)
    if finding is None:
        return {}
    base = str(finding).rpartition("finding/")[0]
    nodes, found = Nodes(file, base, held), dict[tuple[str, str], Fields]()
    for kind, model in KINDS.items():
        for node in nodes.of_class(classes(model.__name__)[0]):
            data = nodes.record(node, model)
            try:
                model.model_validate(data)
            except ValidationError as problem:
                first = problem.errors()[0]
                where = ".".join(map(str, first["loc"])) or kind
                raise InterchangeError(file, f"<{node}> cannot be a {kind}: {where}: {first['msg']}") from problem
            if id_of(base, node) != (kind, data["id"]):
                raise InterchangeError(file, f"<{node}> is no IRI of {kind} {data['id']!r} below <{base}>")
            found[kind, data["id"]] = data
    return found
