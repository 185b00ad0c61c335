"""A nanopublication as TriG: the same statements give the same text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from evidencekb.rdf.nano.rules import TYPE
from evidencekb.rdf.nano.statements import STRING, Blank, Iri, Literal, Statement, Value

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f-\x9f\u2028\u2029]')


def write_trig(statements: Sequence[Statement], prefixes: Mapping[str, str]) -> str:
    """The statements as TriG, graph by graph in the order in which these come first.

    Args:
        statements: What is said.
        prefixes: Namespaces by prefix; those that are not used are left out.
    """
    order = {graph: n for n, graph in enumerate(dict.fromkeys(s.graph for s in statements))}
    held = sorted({s.said for s in statements}, key=lambda s: (order[s[0]], *map(_sorting, s[1:])))
    names = _Names(prefixes)
    body = "".join(_graph(names, graph, rows) for graph, rows in groupby(held, key=lambda s: s[0]))
    head = "".join(f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in prefixes if prefix in names.used)
    return f"{head}{body}"


def _sorting(value: Value | None) -> tuple[int, str, str, str]:
    if isinstance(value, Literal):
        return 2, value.text, value.datatype, value.language
    return (0 if value == TYPE else 1), value or "", "", ""


class _Names:
    """Short names for IRIs, and which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.spaces = sorted(prefixes.items(), key=lambda item: -len(item[1]))
        self.used: set[str] = set()

    def of(self, value: Value) -> str:
        if value == TYPE and isinstance(value, Iri):
            return "a"
        return self.plain(value)

    def plain(self, value: Value) -> str:
        if isinstance(value, Literal):
            text = '"' + _ESCAPED.sub(lambda m: _ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", value.text) + '"'
            if value.language:
                return f"{text}@{value.language}"
            return text if value.datatype == STRING else f"{text}^^{self.plain(Iri(value.datatype))}"
        if isinstance(value, Blank):
            return f"_:b{value.strip()}"
        for prefix, space in self.spaces:
            if value.startswith(space) and (value == space or _LOCAL.fullmatch(value, len(space))):
                self.used.add(prefix)
                return f"{prefix}:{value[len(space) :]}"
        return f"<{value}>"


def _graph(names: _Names, graph: object, rows: Iterable[tuple[object, ...]]) -> str:
    lines = "".join(_subject(names, subject, held) for subject, held in groupby(rows, key=lambda s: s[1]))
    name = f"{names.plain(graph)} " if isinstance(graph, Iri | Blank) else ""
    return f"\n{name}{{\n{lines}}}\n"


def _subject(names: _Names, subject: object, rows: Iterable[tuple[object, ...]]) -> str:
    said = ";\n    ".join(_said(names, predicate, held) for predicate, held in groupby(rows, key=lambda s: s[2]))
    return f"  {names.plain(subject)} {said} .\n" if isinstance(subject, Iri | Blank) else ""


def _said(names: _Names, predicate: object, rows: Iterable[tuple[object, ...]]) -> str:
    values = ", ".join(names.plain(row[3]) for row in rows if isinstance(row[3], Iri | Blank | Literal))
    return f"{names.of(predicate)} {values}" if isinstance(predicate, Iri) else ""
