"""Asking a pack in SPARQL: what comes back, how it is shown, and when the engine ends."""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb import EngineError, QuestionError, SealedFileError, sparql
from evidencekb.rdf import NamedIri, SparqlRows, quads, workers
from tests.rdf.small import small_pack

pytest.importorskip("pyoxigraph")

_TRIAL = "urn:evidencekb:example:finding/trial"


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with small_pack(tmp_path_factory.mktemp("small")) as opened:
        yield opened


def test_values_are_plain_and_iris_say_what_they_name(kb: ekb.KnowledgeBase) -> None:
    (row,) = sparql(
        kb,
        "SELECT ?f ?e ?n ?value ?vendor ?missing (true AS ?yes) (AVG(?value) AS ?mean) (STR(?n) AS ?text) { "
        "?f ekb:estimates ?e ; prov:hadPrimarySource ?s . ?e ekb:sampleSize ?n ; schema:value ?value . ?s ekb:vendor ?vendor . "
        "OPTIONAL { ?f ekb:nothing ?missing } } GROUP BY ?f ?e ?n ?value ?vendor ?missing",
    )
    finding, estimate, n, value, vendor, missing, yes, mean, text = row
    assert (finding, finding.kind, finding.id, finding.short) == (_TRIAL, "finding", "trial", "finding/trial")
    assert (estimate, estimate.kind, estimate.id) == (f"{_TRIAL}/estimate/x", "estimate", "trial#x")
    assert (vendor.kind, vendor.id, vendor.short) == ("VendorFlag", "independent", "ekb:VendorFlag-independent")
    assert (n, value, missing, yes, mean, text) == (120, -40, None, True, -40, "120")
    assert [type(cell) for cell in (n, yes, mean, text)] == [int, bool, float, str]


def test_an_answer_prints_itself_and_shows_itself_in_a_notebook(kb: ekb.KnowledgeBase) -> None:
    found = sparql(kb, 'SELECT ?s ?flag ("<b>\\n" AS ?odd) { ?s ekb:vendor ?flag } ORDER BY ?s LIMIT 2')
    assert str(found) == textwrap.dedent("""\
        s               flag                        odd
        source/again    ekb:VendorFlag-independent  <b>
        source/earlier  ekb:VendorFlag-independent  <b>
        (2 rows)""")
    page = found._repr_html_()
    assert page.startswith("<table><thead><tr><th>s</th><th>flag</th><th>odd</th></tr></thead>")
    assert "<b>" not in page
    assert 'title="urn:evidencekb:example:source/again"' in page


def test_an_answer_goes_into_json_csv_and_frames(kb: ekb.KnowledgeBase) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    found = sparql(
        kb, 'SELECT ?s ?n ("a, b" AS ?t) { ?s ekb:rank ?rank OPTIONAL { ?s ekb:replicationsFailed ?n } } ORDER BY ?rank'
    )
    data = json.loads(json.dumps(found.to_dict()))
    assert (data["form"], data["columns"], data["complete"], data["stamp"]) == (
        "select",
        ["s", "n", "t"],
        True,
        kb.stamp,
    )
    assert [row["s"] for row in data["rows"]] == list(map(str, found.column("s")))
    rows = list(csv.reader(io.StringIO(found.to_csv())))
    assert rows[0] == ["s", "n", "t"]
    assert [row[2] for row in rows[1:]] == ["a, b"] * len(found)
    assert {row[1] for row in rows[1:]} == {"", "1"}
    frame = found.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["s"]) == list(found.column("s"))
    assert frame.attrs["evidencekb"] == kb.stamp
    assert isinstance(found.to_frame("polars"), polars.DataFrame)
    assert found.to_frame("polars")["n"].to_list() == list(found.column("n"))
    with pytest.raises(QuestionError, match="no library 'excel' for tables"):
        found.to_frame("excel")
    with pytest.raises(QuestionError, match="no column 'x'; there are s, n, t"):
        found.column("x")


def test_questions_answered_by_yes_or_no_and_by_statements(kb: ekb.KnowledgeBase) -> None:
    yes, no = sparql(kb, "ASK { ?f a ekb:Finding }"), sparql(kb, "ASK { ?f a ekb:Finding, ekb:Source }")
    assert (bool(yes), str(yes), bool(no), str(no)) == (True, "yes", False, "no")
    built = sparql(kb, "CONSTRUCT { ?f ekb:seen ?n } WHERE { ?f ekb:replicationsFailed ?n }")
    assert (built.form, built.columns) == ("triples", ("subject", "predicate", "object"))
    assert built.rows == ((_TRIAL, "https://w3id.org/evidencekb/ns#seen", 1),)
    described = sparql(kb, f"DESCRIBE <{_TRIAL}>")
    assert {"ekb:rank", "ekb:roleWithin", "rdfs:label"} <= {row[1].short for row in described}


def test_a_mistyped_term_of_ours_is_told_instead_of_giving_nothing(kb: ekb.KnowledgeBase) -> None:
    found = sparql(kb, "SELECT ?f { ?f a ekb:Findng }")
    assert (found.rows, found.notes) == ((), ("nothing in the pack has ekb:Findng; did you mean 'ekb:Finding'?",))
    assert str(found).endswith(found.notes[0])
    assert sparql(kb, "SELECT ?f { ?f a ekb:Finding, ekb:Source }").notes == ()


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "SELECT (COUNT(?s) AS ?n) { ?s ekb:kind ekb:SourceKind-preprint }",
            "nothing in the pack has ekb:SourceKind-preprint; the term is fabio:Preprint",
        ),
        ("ASK { ?f a ekb:Findng }", "nothing in the pack has ekb:Findng; did you mean 'ekb:Finding'?"),
        ("SELECT ?f { ?f a ekb:Gap }", "nothing in the pack has ekb:Gap"),
        ("SELECT (COUNT(?f) AS ?n) { ?f a ekb:Finding }", None),
        ("SELECT (COUNT(?f) AS ?n) { ?f a ekb:Finding, ekb:Source }", None),
    ],
)
def test_a_count_of_nothing_and_a_no_are_explained_too(kb: ekb.KnowledgeBase, text: str, note: str | None) -> None:
    found = sparql(kb, text)
    assert found.notes == (() if note is None else (note,))
    assert note is None or str(found).endswith(note)


def test_the_two_graphs_are_asked_as_one_and_hold_nothing_twice(kb: ekb.KnowledgeBase) -> None:
    counts = sparql(kb, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
    assert [graph.short for graph in counts.column("g")] == ["graph/derived", "graph/records"]
    (both,) = sparql(kb, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").column("n")
    statements = {quad[:3] for quad in quads(kb)}
    assert both == sum(counts.column("n")) == len(statements)


def test_numbers_beyond_python_stay_text() -> None:
    engine = workers.Engine(lambda: ["<urn:a> <urn:p> <urn:b> <urn:g> .\n"])
    digits = "9" * 5_000
    try:
        answer = engine.ask(f'SELECT (1e400 AS ?x) ("{digits}" AS ?y) {{}}', {}, timeout=5, limit=5)
    finally:
        engine.stop()
    from evidencekb.rdf.results import value_of

    (row,) = answer["rows"]
    assert [value_of(term, {}, "urn:", frozenset()) for term in row] == ["INF", digits]
    whole = ["l", digits, "http://www.w3.org/2001/XMLSchema#integer"]
    assert value_of(whole, {}, "urn:", frozenset()) == digits


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False), ("maybe", "maybe")]
)
def test_what_is_neither_true_nor_false_stays_text(text: str, value: object) -> None:
    from evidencekb.rdf.results import value_of

    term = ["l", text, "http://www.w3.org/2001/XMLSchema#boolean"]
    assert value_of(term, {}, "urn:", frozenset()) is value or value_of(term, {}, "urn:", frozenset()) == value == text


def test_the_engine_ends_with_the_knowledge_base(tmp_path: Path) -> None:
    kb = small_pack(tmp_path)
    sparql(kb, "ASK {}")
    engine: workers.Engine = kb.beside("sparql", lambda: pytest.fail("there is one"))
    process = engine._process
    assert process is not None
    assert process.poll() is None
    kb.close()
    assert process.returncode is not None
    with pytest.raises(SealedFileError, match="it is closed"):
        sparql(kb, "ASK {}")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_asks_an_engine_of_its_own(kb: ekb.KnowledgeBase) -> None:
    assert sparql(kb, "ASK {}")
    child = os.fork()
    if not child:
        try:
            answered = len(sparql(kb, "SELECT ?f { ?f a ekb:Finding }")) == len(kb)
            kb.close()
        finally:
            os._exit(0 if answered else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(sparql(kb, "SELECT ?f { ?f a ekb:Finding }")) == len(kb)


def test_a_knowledge_base_that_was_asked_can_still_be_sent_elsewhere(kb: ekb.KnowledgeBase) -> None:
    assert sparql(kb, "ASK {}")
    with pickle.loads(pickle.dumps(kb)) as again:
        assert len(sparql(again, "SELECT ?f { ?f a ekb:Finding }")) == len(kb)


def test_an_answer_survives_pickling(kb: ekb.KnowledgeBase) -> None:
    found = sparql(kb, "SELECT ?f { ?f a ekb:Finding }")
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert isinstance(again.rows[0][0], NamedIri)


def test_a_program_that_ends_leaves_no_process_behind(tmp_path: Path, kb: ekb.KnowledgeBase) -> None:
    program = (
        "import evidencekb as ekb, sys\n"
        f"kb = ekb.load({str(kb.path)!r})\n"
        "ekb.sparql(kb, 'ASK {}')\n"
        "print(kb.beside('sparql', None)._process.pid)\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_without_pyoxigraph_the_extra_is_named(
    kb: ekb.KnowledgeBase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyoxigraph", None)
    with small_pack(tmp_path) as fresh, pytest.raises(EngineError, match=r"pip install 'evidencekb\[sparql\]'"):
        sparql(fresh, "ASK {}")


def test_a_pack_too_large_for_a_session_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evidencekb.rdf import asking

    monkeypatch.setattr(asking, "MOST_QUADS", 100)
    with small_pack(tmp_path) as kb, pytest.raises(EngineError, match=r"more than 100 statements, .* 'oxigraph serve'"):
        sparql(kb, "ASK {}")


def test_a_query_is_a_text(kb: ekb.KnowledgeBase) -> None:
    wrong: Any = 5
    with pytest.raises(QuestionError, match="a query is a text, not int"):
        sparql(kb, wrong)


def test_an_answer_without_rows_is_false(kb: ekb.KnowledgeBase) -> None:
    assert not sparql(kb, "SELECT ?f { ?f a ekb:Finding, ekb:Source }")
    assert sparql(kb, "SELECT ?f { ?f a ekb:Finding }")
    assert not SparqlRows("select", ("f",), ())
