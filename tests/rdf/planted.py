"""The tiny packs of the seeds as RDF, and what two validators say of them: ``docs/reference/shacl-agreement.json``.

``PYTHONPATH=src python -m tests.rdf.planted`` writes that file anew, in about ten minutes, most of them pySHACL's;
``nox -s docs-pages`` then makes the page of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evidencekb.engines import sqlite
from evidencekb.engines.sealing import memory_tables
from evidencekb.kb import KnowledgeBase
from evidencekb.loading.assembling import assemble
from evidencekb.loading.intake import Intake
from evidencekb.rdf import shapes
from evidencekb.rdf.lines import emitters, nquads
from evidencekb.rdf.names import base_of, record_iri
from evidencekb.rdf.shaping.queries import asked
from evidencekb.seeds.planting import Pair, planted_pair
from evidencekb.seeds.reading import Planted
from evidencekb.seeds.running import DAY, shipped_kit

RESULTS = Path(__file__).parents[2] / "docs" / "reference" / "shacl-agreement.json"
_GRAPH = re.compile(r" <[^<>]*graph/[a-z]+> \.$", re.MULTILINE)
_META = ("digest", "sealed", "library", "report", "licence", "base", "title")

Found = frozenset[tuple[str, str, str]]
"""Results of a validator: name of the shape, focus node, severity."""
Validator = Callable[[str], Found]


@cache
def pairs() -> tuple[tuple[Planted, Pair], ...]:
    """Every seed that ships, with its two packs."""
    kit = shipped_kit()
    return tuple((planted, planted_pair(planted, kit.bed)) for planted in kit.planted)


def triples_of(files: dict[str, str], *, derived: bool = True) -> str:
    """The N-Triples of a pack, whatever rules it breaks; records that cannot be written at all are left out."""
    with TemporaryDirectory(prefix="evidencekb-shapes-") as name:
        folder = Path(name)
        for file, text in {"pack.yaml": "name: seed\nversion: 1.0.0\n", **files}.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return _GRAPH.sub(" .", "".join(_lines(folder, derived=derived)))


def _lines(folder: Path, *, derived: bool) -> Iterator[str]:
    assembled = assemble(folder)
    with closing(memory_tables()) as connection:
        Intake(assembled, connection).fill(lambda _: None)
        sqlite.derive_links(connection)
        sqlite.derive_order(connection)
        meta = {"pack": assembled.name, "version": "1.0.0", "built_on": DAY.isoformat(), **dict.fromkeys(_META, "")}
        kb = KnowledgeBase(connection, meta, folder)
        yield from nquads(kb, derived=derived)
        base = base_of(kb)
        write = emitters(kb, base).kinds
        for (kind, id), raw in assembled.own.items():
            if (kind, id) in assembled.held:
                continue
            lines: list[str] = []
            try:
                write[kind](record_iri(base, kind, id), raw.data, lines.append)
            except (KeyError, TypeError, AttributeError):
                continue  # a field that no model has, a word that is no term: nothing that could be written
            yield from lines


def rust(*, sparql: bool) -> Validator:
    """The Rust ``shacl``."""
    import shacl

    compiled = shacl.Shapes.from_turtle(shapes(sparql=sparql))

    @lru_cache(maxsize=20)  # many seeds have one sound twin
    def found(triples: str) -> Found:
        results = compiled.validate_text(triples, format="ntriples").results
        return frozenset((_local(result.root_shape), result.focus_node, result.severity) for result in results)

    return found


def pyshacl(*, sparql: bool) -> Validator:
    """pySHACL."""
    import pyshacl
    from rdflib import SH, Graph

    compiled = Graph().parse(data=shapes(sparql=sparql), format="turtle")

    @lru_cache(maxsize=20)  # many seeds have one sound twin
    def found(triples: str) -> Found:
        data = Graph().parse(data=triples, format="nt")
        _, report, _ = pyshacl.validate(data, shacl_graph=compiled)
        return frozenset(
            (
                _local(str(report.value(result, SH.sourceShape))),
                report.value(result, SH.focusNode).n3(),
                _local(str(report.value(result, SH.resultSeverity))),
            )
            for result in report.objects(None, SH.result)  # others are their details
        )

    return found


def _local(iri: str | None) -> str:
    return (iri or "").rpartition("#")[2].removesuffix(">")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a validator says of a seed.

    Attributes:
        rule: Code of the rule that the seed is for.
        seed: What it is called.
        broken: Whether it is a defect; else it is a near miss.
        found: Names of the shapes that say something of it, and nothing of its sound twin.
    """

    rule: str
    seed: str
    broken: bool
    found: tuple[str, ...]


def tried(planted: Planted, pair: Pair, validators: tuple[Validator, ...]) -> Tried:
    """What validators say of a seed, and not of its sound twin."""
    changed = triples_of(pair.changed)
    names = set[str]()
    for found in validators:
        if said := found(changed):
            names |= {name for name, _, _ in said - found(triples_of(pair.sound))}
    return Tried(planted.rule, planted.seed.seed, planted.seed.caught is not None, tuple(sorted(names)))


def written() -> dict[tuple[str, str], dict[str, Any]]:
    """What stands in the file of results, by rule and seed."""
    return {(row["rule"], row["seed"]): row for row in json.loads(RESULTS.read_text(encoding="utf-8"))}


@cache
def slowly() -> frozenset[int]:
    """Places of the seeds that pySHACL is asked of: a defect and a near miss of each rule. All would take it an hour."""
    first: dict[tuple[str, bool], int] = {}
    for at, (planted, _) in enumerate(pairs()):
        first.setdefault((planted.rule, planted.seed.caught is not None), at)
    return frozenset(first.values())


def measured(at: int) -> dict[str, Any]:
    """What the validators say of the seed at a place. pySHACL is asked in SPARQL only of defects that have such shapes."""
    planted, pair = pairs()[at]
    core, queries = _both()[0], _both()[1:]
    one = tried(planted, pair, core)
    row = {"rule": one.rule, "seed": one.seed, "broken": one.broken, "shacl": one.found}
    if at not in slowly():
        return row
    sparql = one.broken and planted.rule in IN_SPARQL
    other = tried(planted, pair, queries if sparql else queries[:1])
    return {**row, "sparql": sparql, "pyshacl": other.found}


@cache
def _both() -> tuple[Any, ...]:
    return ((rust(sparql=False), rust(sparql=True)), pyshacl(sparql=False), pyshacl(sparql=True))


IN_SPARQL = frozenset(each.rule for each in asked())


def main() -> None:
    """Write the file of results anew."""
    rows = []
    with ProcessPoolExecutor(2) as pool:
        for row in pool.map(measured, range(len(pairs()))):
            rows.append(row)
            sys.stderr.write(f"\r{len(rows)} of {len(pairs())}")
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    RESULTS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
