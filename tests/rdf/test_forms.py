"""Four forms hold the same statements, read by two libraries that are not ours; the file is whole or not there."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.errors import InterchangeError, UnknownIdError, WorkerError
from evidencekb.rdf import RDF_FORMS, guarding, quads, write_rdf, writing
from evidencekb.rdf.guarding import Found, Lexical
from tests.rdf.filled import NASTY
from tests.records import base_records, built

ENDINGS = {"turtle": "ttl", "trig": "trig", "nquads": "nq", "jsonld": "jsonld"}
Statement = tuple[str, str, tuple[str, ...], str]


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    records = base_records()
    for finding in records["findings"]:
        finding["statement"] = NASTY
    with built(tmp_path_factory.mktemp("small"), records) as opened:
        yield opened


@pytest.fixture(scope="module")
def files(kb: ekb.KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("forms")
    made = {form: folder / f"pack.{ENDINGS[form]}" for form in RDF_FORMS}
    for form, file in made.items():
        assert write_rdf(kb, file).form == form
    return made


def wanted(kb: ekb.KnowledgeBase, form: str) -> set[Statement]:
    text = "".join(f"<{s}> <{p}> {o} <{g}> .\n" for s, p, o, g in quads(kb))
    return {_statement(found, form) for found in guarding.guarded_quads(text, "nquads")}


def _statement(found: Found, form: str) -> Statement:
    held = tuple(found.object) if isinstance(found.object, Lexical) else (str(found.object),)
    return str(found.subject), str(found.predicate), held, "" if form == "turtle" else str(found.graph)


@pytest.mark.parametrize("form", RDF_FORMS)
def test_our_readers_find_the_statements_that_were_written(
    form: str, files: dict[str, Path], kb: ekb.KnowledgeBase
) -> None:
    assert {_statement(found, form) for found in guarding.read_quads(files[form])} == wanted(kb, form)


@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")  # of rdflib's own doing
@pytest.mark.parametrize("form", RDF_FORMS)
def test_rdflib_finds_the_statements_that_were_written(
    form: str, files: dict[str, Path], kb: ekb.KnowledgeBase
) -> None:
    import rdflib

    names = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
    data = rdflib.Dataset().parse(data=files[form].read_bytes(), format=names[form])

    def held(term: Any) -> tuple[str, ...]:
        if not isinstance(term, rdflib.Literal):
            return (str(term),)
        return str(term), str(term.datatype or "http://www.w3.org/2001/XMLSchema#string"), ""

    found = {
        (str(s), str(p), held(o), "" if form == "turtle" else str(g))
        for s, p, o, g in data.quads((None, None, None, None))
    }
    assert found == wanted(kb, form)


@pytest.mark.parametrize("form", RDF_FORMS)
def test_oxigraph_finds_the_statements_that_were_written(
    form: str, files: dict[str, Path], kb: ekb.KnowledgeBase
) -> None:
    ox = pytest.importorskip("pyoxigraph")
    names = {"turtle": "TURTLE", "trig": "TRIG", "nquads": "N_QUADS", "jsonld": "JSON_LD"}

    def held(term: Any) -> tuple[str, ...]:
        return (term.value, term.datatype.value, "") if isinstance(term, ox.Literal) else (term.value,)

    found = {
        (q.subject.value, q.predicate.value, held(q.object), "" if form == "turtle" else q.graph_name.value)
        for q in ox.parse(path=str(files[form]), format=getattr(ox.RdfFormat, names[form]))
    }
    assert found == wanted(kb, form)


def test_no_statement_is_written_twice(files: dict[str, Path]) -> None:
    lines = files["nquads"].read_text(encoding="utf-8").split("\n")
    assert len(lines) == len(set(lines))


def test_every_node_of_the_pack_has_a_class(kb: ekb.KnowledgeBase) -> None:
    held = list(quads(kb))
    typed = {quad.subject for quad in held if quad.predicate.endswith("#type")}
    base = next(quad.subject for quad in held if quad.object.endswith("ns#Pack>")).removesuffix("pack")
    objects = {quad.object[1:-1] for quad in held if quad.object.startswith(f"<{base}")}
    assert {quad.subject for quad in held} | objects == typed


@pytest.mark.parametrize("form", RDF_FORMS)
def test_the_same_pack_gives_the_same_bytes(
    form: str, files: dict[str, Path], kb: ekb.KnowledgeBase, tmp_path: Path
) -> None:
    again = tmp_path / files[form].name
    write_rdf(kb, again, form)
    assert again.read_bytes() == files[form].read_bytes()


def test_two_processes_write_the_same_bytes(files: dict[str, Path], kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    done = write_rdf(kb, tmp_path / "pack.nq", workers=2)
    assert (tmp_path / "pack.nq").read_bytes() == files["nquads"].read_bytes()
    assert done.statements == len(files["nquads"].read_bytes().splitlines())
    assert [path.name for path in tmp_path.iterdir()] == ["pack.nq"]


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_when_the_other_process_is_killed_the_file_is_as_it_was(
    kb: ekb.KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_write_derived", _die)
    (tmp_path / "pack.nq").write_text("before")
    with pytest.raises(WorkerError, match="a worker process ended"):
        write_rdf(kb, tmp_path / "pack.nq", workers=2)
    assert (tmp_path / "pack.nq").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["pack.nq"]


def test_nothing_is_left_when_writing_fails(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rdf(kb, tmp_path / "pack.trig", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_records(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = write_rdf(kb, tmp_path / "pack.ttl", progress=lambda *at: told.append(at))
    assert told[-1] == (done.records, done.records) == (kb.rows("SELECT COUNT(*) FROM record")[0][0],) * 2


def test_without_what_is_worked_out_there_is_one_graph(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_rdf(kb, tmp_path / "pack.trig", derived=False)
    assert {str(found.graph).rpartition("/")[2] for found in guarding.read_quads(tmp_path / "pack.trig")} == {"records"}


def test_a_form_that_there_is_not_is_refused_with_what_there_is(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(InterchangeError, match=r"pack\.rdf: its ending says no form of RDF; .* \.nq, \.nt, \.trig"):
        write_rdf(kb, tmp_path / "pack.rdf")
    with pytest.raises(UnknownIdError, match="Did you mean 'turtle'"):
        write_rdf(kb, tmp_path / "pack.rdf", "turtel")
