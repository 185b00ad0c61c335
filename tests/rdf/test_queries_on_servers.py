"""The published queries give what the tables give, on every engine: the same rows from each, whoever wrote it."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.rdf import nquads, published, query_text
from evidencekb.rdf import quads as each_quad
from tests.engines import servers
from tests.rdf.answers import Asked, Row, Tables, asked_by_name, literal_value, ordered, plain

Ask = Callable[[str], list[Row]]

_VALUES: tuple[tuple[str, dict[str, str]], ...] = (
    ("findings-for", {"role": "machine-learning-engineer", "skill": "pytorch"}),
    ("findings-for", {"role": "machine-learning-engineer", "skill": "pytorch", "without": "vendor"}),
    ("findings-for", {"topic": "ai-productivity"}),
    ("findings-for", {"outcome": "time-on-task", "without": "vendor"}),
    ("findings-for", {"cohort": "knowledge-workers", "topic": "ai-productivity"}),
    ("chain", {"finding": "noy-zhang-2023-wp-tasks"}),
    ("primary-sources", {"flag": "vendor"}),
    ("claim-sources", {"claim": "assistants-shorten-set-tasks"}),
    ("claims", {"about": "ai-productivity"}),
    ("figures", {"finding": "metr-2025-developer-slowdown"}),
    ("samples", {"finding": "noy-zhang-2023-writing-speed-quality"}),
    ("conflicts", {"finding": "metr-2025-developer-slowdown"}),
    ("replicated-by", {"finding": "metr-2025-developer-slowdown"}),
    ("untraced", {"about": "disability"}),
    ("flags", {"flag": "unknown"}),
)


@pytest.fixture(scope="module")
def kb() -> Iterator[ekb.KnowledgeBase]:
    with ekb.load() as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(kb: ekb.KnowledgeBase) -> list[Asked]:
    tables = Tables(kb)
    return [tables.answer(name, **values) for name, values in (*((name, {}) for name in published()), *_VALUES)]


@pytest.fixture(scope="module")
def quads(kb: ekb.KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("quads") / "pack.nq"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(nquads(kb))
    return file


def test_every_query_has_rows_to_compare(asked: list[Asked]) -> None:
    empty = {one.name for one in asked if not one.rows}
    assert empty <= {"open-conflicts"}
    assert {one.name for one in asked} == set(published())


def test_pyoxigraph_gives_what_the_tables_give(kb: ekb.KnowledgeBase, asked: list[Asked]) -> None:
    pytest.importorskip("pyoxigraph")
    _agree(asked, lambda one: plain(asked_by_name(kb, one.name, one.values)))


def test_an_oxigraph_server_gives_what_the_tables_give(
    kb: ekb.KnowledgeBase, asked: list[Asked], quads: Path, tmp_path: Path
) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    with servers.oxigraph(tmp_path, quads) as address:
        _agree(asked, lambda one: _over_http(address, query_text(kb, one.name, **one.values)))
        client = SPARQLStore(address)
        rows: Any = client.query(query_text(kb, "replications"))
        found = [tuple(term.toPython() for term in row) for row in rows]
    wanted = next(one for one in asked if one.name == "replications").rows
    assert plain(found) == plain(wanted)


def test_rdflib_gives_what_the_tables_give(kb: ekb.KnowledgeBase, asked: list[Asked]) -> None:
    import rdflib

    triples = "".join(f"<{quad.subject}> <{quad.predicate}> {quad.object} .\n" for quad in each_quad(kb))
    graph = rdflib.Graph().parse(data=triples, format="nt")

    def ask(one: Asked) -> list[Row]:
        rows: Any = graph.query(query_text(kb, one.name, **one.values))
        return plain(tuple(map(literal_value, row)) for row in rows)

    _agree(asked, ask)


@pytest.mark.virtuoso
def test_virtuoso_gives_what_the_tables_give(
    kb: ekb.KnowledgeBase, asked: list[Asked], quads: Path, tmp_path: Path
) -> None:
    with servers.virtuoso(tmp_path, quads) as address:
        _agree(asked, lambda one: _over_http(address, query_text(kb, one.name, **one.values)))


def _agree(asked: list[Asked], ask: Callable[[Asked], list[Row]]) -> None:
    differing = [
        f"{one.name} {one.values}: {len(set(found) - set(wanted))} rows too many, {len(set(wanted) - set(found))} missing: "
        f"{sorted(set(found) ^ set(wanted), key=repr)[:4]}"
        for one in asked
        if ordered(found := ask(one)) != ordered(wanted := plain(one.rows))
    ]
    assert not differing, "\n".join(differing)


def _over_http(address: str, text: str) -> list[Row]:
    """Rows of the standard's JSON form."""
    request = urllib.request.Request(
        address,
        urllib.parse.urlencode({"query": text}).encode(),
        {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.load(answer)
    names = found["head"]["vars"]
    return plain([_cell(row.get(name)) for name in names] for row in found["results"]["bindings"])


_NUMBERS = ("integer", "decimal", "double", "float", "int")


def _cell(term: dict[str, Any] | None) -> Any:
    if term is None:
        return None
    if term.get("datatype", "").rpartition("#")[2] in _NUMBERS:
        return float(term["value"])
    return term["value"]
