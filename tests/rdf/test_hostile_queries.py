"""Queries that reach out, change, explode or cannot be read: each is refused or stopped, and the next one is answered."""

from __future__ import annotations

import pickle
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb import EngineError, QuestionError, sparql
from evidencekb.rdf import NamedIri, workers
from evidencekb.rdf.queryguard import DEEPEST, LONGEST, guarded
from evidencekb.rdf.terms import PREFIXES
from tests.rdf.small import small_pack

pytest.importorskip("pyoxigraph")

_ALL = "{ ?s ?p ?o }"


@pytest.fixture(scope="module")
def kb() -> Iterator[ekb.KnowledgeBase]:
    with ekb.load() as opened:
        yield opened


REFUSED = {
    "another server": (f"SELECT * {{ SERVICE <http://x.example/> {_ALL} }}", "line 1, column 12: SERVICE would ask"),
    "another server, in silence": (f"SELECT * {{ service silent <http://x.example/> {_ALL} }}", "would ask another server"),
    "a server behind OPTIONAL": (f"ASK {{ OPTIONAL{{}}SERVICE<http://x.example/>{_ALL} }}", "would ask another server"),
    "a server glued to a word": (f"ASK {{ ?s ?p trueSERVICE<http://x.example/>{_ALL} }}", "would ask another server"),
    "a server glued to a prefix": (
        f"PREFIX SERVICEekb: <urn:x> ASK {{ SERVICEekb:x {_ALL} }}", "holds the word SERVICE"
    ),
    "a server behind what may be a comparison": (
        f"ASK {{ ?a ?p ?b FILTER(?a<ekb:c)SERVICE#>)\n<http://x.example/> {_ALL} }}", "as an IRI and as a comparison"
    ),
    "the same behind a number": (
        f"ASK {{ FILTER(1<ekb:c)SERVICE#>)\n<http://x.example/> {_ALL} }}", "as an IRI and as a comparison"
    ),
    "a server in what may be a long text": (
        f'ASK {{ ?a ?p ?b FILTER(?a<ekb:c#>"""\n) SERVICE <http://x.example/> {_ALL} #""")\n}}', "as a comparison"
    ),
    "a server behind a quoted triple": (
        f'ASK {{ <<?a ekb:b#>"""\n <urn:x> >> ?p ?o . SERVICE <http://x.example/> {_ALL} #"""\n}}', "SERVICE"
    ),
    "an escape that spells it": (f"ASK {{ SERV\\u0049CE <http://x.example/> {_ALL} }}", r"\u0049 is not read"),
    "an escape that closes a text": (r'ASK { ?s ?p "\u0022 SERVICE" }', r"\u0022 is not read"),
    "a file": (f"SELECT * FROM <file:///etc/passwd> {_ALL}", "no file or address is read"),
    "a named graph from a file": (f"SELECT * FROM NAMED <file:///etc/passwd> {_ALL}", "GRAPH ?g"),
    "loading": ("LOAD <file:///etc/passwd>", "part of an update; a pack is asked here and never changed"),
    "loading behind prefixes": ("PREFIX a: <urn:a> LOAD <http://x.example/>", "LOAD is part of an update"),
    "an insertion": ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "INSERT is part of an update"),
    "a deletion": (f"DELETE WHERE {_ALL}", "DELETE is part of an update"),
    "an update behind a query": (f"ASK {_ALL} ; CLEAR ALL", "CLEAR is part of an update"),
    "a drop": ("DROP ALL", "DROP is part of an update"),
    "nothing": ("", "the text is empty; a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE"),
    "spaces": (" \n\t ", "the text is empty"),
    "a comment alone": ("# SELECT * {}", "the text is empty"),
    "prefixes alone": ("PREFIX a: <urn:a>", "declares prefixes and then ends"),
    "another language": ("SELEC ?x {}", "line 1, column 1: found 'SELEC'; a query begins with SELECT, ASK, "),
    "deep brackets": ("ASK { FILTER" + "(" * 100_000, f"at most {LONGEST:,}"),
    "deep brackets, closed": ("ASK { FILTER" + "(" * 99 + "1" + ")" * 99 + "}", f"more than {DEEPEST} brackets"),
    "deep groups": ("ASK " + "{" * 9_000 + "}" * 9_000, f"more than {DEEPEST} brackets"),
    "deep lists": ("ASK { ?s ?p " + "(" * 9_000 + ")" * 9_000 + "}", f"more than {DEEPEST} brackets"),
    "deep blank nodes": ("ASK { " + "[ <urn:p> " * 900 + "]" * 900 + "}", f"more than {DEEPEST} brackets"),
    "too many words": ("ASK { " + "?s ?p ?o . " * 6_000 + "}", "more than 20,000 words and signs"),
    "too long a text": ('ASK { ?s ?p "' + "x" * LONGEST + '" }', f"at most {LONGEST:,} are read"),
    "an open bracket": ("SELECT *\n  { ?s ?p ?o", "line 2, column 3: '{' is never closed"),
    "a bracket too many": (f"SELECT * {_ALL} }}", "line 1, column 23: '}' closes nothing"),
    "crossed brackets": ("ASK { FILTER(1 }) ", "'}' closes nothing, where '(' from line 1, column 13 is open"),
    "an open text": ('ASK { ?s ?p "abc }', "line 1, column 13: a text in quotes begins here and is never closed"),
    "half a character": ("ASK { ?s ?p '\ud800' }", "half a character"),
    "a control character": ("ASK { ?s ?p\x00 ?o }", "an invisible sign that no query has"),
    "a backslash": ("ASK { ?s \\ ?o }", "a backslash stands outside of quotes"),
    "an unknown prefix": ("ASK { ?s a ebk:Finding }", "the prefix 'ebk', which is not declared; did you mean 'ekb'?"),
    "a slip": ("SELECT ?s\nWHERE { ?s a a ekb:Finding }", "line 2, column 14: found 'a', which does not belong there"),
    "a missing end": ("SELECT ?s WHERE { ?s ?p } ", "line 1, column 25: found '}', which does not belong there"),
    "an unknown function": ("SELECT (<urn:f>(1) AS ?x) {}", "the engine refuses the query: The custom function <urn:f>"),
    "an IRI with a space": ("ASK { <http://a b> ?p ?o }", "line 1, column 7: an IRI begins here that holds a space"),
    "an IRI that the engine refuses": ("ASK { <http://[::1> ?p ?o }", "line 1, column 7: the engine says: IRI parsing failed"),
    "too many parts in each other": ("ASK { FILTER(" + "!" * 19_000 + "true) }", "too deep in each other"),
    "a relative IRI": ("ASK { <x> ?p ?o }", "line 1"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_its_place_and_reason(kb: ekb.KnowledgeBase, text: str, said: str) -> None:
    with pytest.raises((QuestionError, EngineError)) as refused:
        sparql(kb, text)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p ?o } # SERVICE <http://x.example/>",
        'ASK { ?s ?p ?o FILTER(STR(?o) != "SERVICE <http://x.example/> { LOAD }") }',
        "ASK { ?s ?p ?o FILTER(STR(?o) != '''FROM\n'SERVICE' \"\"\"''') }",
        "ASK { ?s ?p ?o FILTER(?s != <https://service.example/SERVICE(1)>) }",
        "ASK { ?service ?from ?load }",
        "ASK { ?s ?p ?o . VALUES (?a ?b) { (<urn:a> <urn:b>) ('x'@en 1.5e3) } }",
        "ASK { ?s ?p ?o FILTER(?o < 5 || ?o>7||?o<=1) }",
        "PREFIX : <urn:service/> ASK { ?s ?p ?o MINUS { :service :from.x-1 :load } }",
        'ASK { ?s ?p ?o MINUS { ?s ?p "\\u00e9 \\"SERVICE\\"" } }',
        "\ufeffask\r\n{ ?s ?p ?o }",
        "ASK { GRAPH ?g { ?s ?p ?o } }",
        "ASK { ?s a/^rdf:type ?o }",
    ],
)
def test_words_in_comments_quotes_and_names_are_not_taken_for_others(kb: ekb.KnowledgeBase, text: str) -> None:
    assert sparql(kb, text)


HIDDEN = (
    "ASK {{ SERVICE {here} {all} }}",
    "ASK {{ FILTER(1<2)SERVICE#>)\n{here} {all} }}",
    'ASK {{ FILTER(1<2#>"""\n) SERVICE {here} {all} #""")\n}}',
    "ASK {{ ?a <urn:p> trueSERVICE{here} {all} }}",
    "PREFIX x: {here} PREFIX SERVICEx: <urn:y> ASK {{ SERVICEx:y {all} }}",
)
"""Texts in which the engine sees a SERVICE; in all but the first, no word is one."""


def test_an_engine_that_is_asked_past_the_guard_still_reaches_nobody() -> None:
    true = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    engine = workers.Engine(lambda: [f"<urn:a> <urn:p> {true} <urn:g> .\n"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        try:
            for text in HIDDEN:
                query = text.format(here=f"<http://127.0.0.1:{server.getsockname()[1]}/>", all=_ALL)
                with pytest.raises(QuestionError, match="SERVICE"):
                    guarded(query, PREFIXES)
                answer = engine.ask(query, {}, timeout=5, limit=5)
                assert "Too many open files" in answer["message"], query
            with pytest.raises(TimeoutError):
                server.accept()
        finally:
            engine.stop()


def test_an_exploding_query_is_stopped_in_time_and_the_next_is_answered(kb: ekb.KnowledgeBase) -> None:
    assert sparql(kb, "ASK {}")
    begun = time.monotonic()
    with pytest.raises(EngineError, match=r"stopped after 0\.5 seconds; ask for less, or allow more with timeout"):
        sparql(kb, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=0.5)
    assert time.monotonic() - begun < 30
    assert sparql(kb, "ASK { ?f a ekb:Finding }")


def test_a_query_that_takes_too_much_memory_ends_alone() -> None:
    engine = workers.Engine(
        lambda: (f"<urn:{n}> <urn:p> <urn:{n}> <urn:g> .\n" for n in range(2_000)), memory=200 << 20
    )
    try:
        with pytest.raises(EngineError, match="more memory than it may"):
            engine.ask("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f", {}, timeout=60, limit=5)
        assert engine.ask("ASK {}", {}, timeout=5, limit=5)["form"] == "ask"
    finally:
        engine.stop()


def test_a_text_too_deep_for_the_engine_ends_alone() -> None:
    engine = workers.Engine(lambda: ["<urn:a> <urn:p> <urn:b> <urn:g> .\n"])
    try:
        with pytest.raises(EngineError, match="too deep"):
            engine.ask("ASK { FILTER" + "(" * 100_000, {}, timeout=20, limit=5)
        assert engine.ask("ASK {}", {}, timeout=5, limit=5)["form"] == "ask"
    finally:
        engine.stop()


def test_an_engine_that_somebody_ended_is_started_anew(kb: ekb.KnowledgeBase) -> None:
    assert sparql(kb, "ASK {}")
    engine: workers.Engine = kb.beside("sparql", lambda: pytest.fail("there is one"))
    process = engine._process
    assert process is not None
    process.kill()
    process.wait()
    assert sparql(kb, "ASK {}")


def test_a_person_who_interrupts_gets_the_session_back(kb: ekb.KnowledgeBase) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            sparql(kb, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(sparql(kb, "SELECT ?f { ?f a ekb:Finding }")) == len(kb)


def test_closing_ends_a_query_that_another_thread_waits_for(tmp_path: Path) -> None:
    kb = small_pack(tmp_path)
    assert sparql(kb, "ASK {}")
    said: list[str] = []

    def ask() -> None:
        with pytest.raises(EngineError) as wrong:
            sparql(kb, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=60)
        said.append(str(wrong.value))

    thread = threading.Thread(target=ask)
    engine: workers.Engine = kb.beside("sparql", lambda: pytest.fail("there is one"))
    thread.start()
    while not engine._lock.locked():
        time.sleep(0.01)
    kb.close()
    thread.join(20)
    assert said == ["sparql: the knowledge base was closed while it was asked"]


def test_rows_are_bounded_and_the_answer_says_so(kb: ekb.KnowledgeBase) -> None:
    found = sparql(kb, f"SELECT * {_ALL}", limit=3)
    assert (len(found), found.complete, found.to_dict()["complete"]) == (3, False, False)
    assert str(found).endswith("(the first 3 rows; there are more, which limit= lets through)")
    whole = sparql(kb, f"SELECT * {_ALL} LIMIT 3", limit=3)
    assert (len(whole), whole.complete) == (3, True)


def test_an_answer_too_long_is_refused(kb: ekb.KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LARGEST", 1_000)
    with pytest.raises(EngineError, match="too long to be given"):
        sparql(kb, f"SELECT * {_ALL}")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"timeout": 0}, "timeout is 0; give a number above 0"),
        ({"timeout": float("nan")}, "timeout is nan"),
        ({"timeout": float("inf")}, "timeout is inf"),
        ({"timeout": True}, "timeout is True"),
        ({"limit": 0}, "limit is 0; give a whole number above 0"),
        ({"limit": 1.5}, "limit is 1.5"),
        ({"limit": "5"}, "limit is '5'"),
    ],
)
def test_bounds_are_numbers_above_nothing(kb: ekb.KnowledgeBase, options: dict[str, object], said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        sparql(kb, "ASK {}", **options)  # type: ignore[arg-type]  # wrong on purpose


def test_a_value_cannot_leave_its_quotes(kb: ekb.KnowledgeBase) -> None:
    nasty = 'x" } SERVICE <http://x.example/> { ?s ?p "\\\n\t\u0000'
    with pytest.raises(QuestionError, match="QUOTED"):
        _bound(kb, "$o", nasty)
    assert not sparql(kb, "SELECT ?s { ?s rdfs:label $o }", o='" } INSERT { \\')
    assert len(sparql(kb, "SELECT ?s { ?s ekb:rank $n }", n=1)) == 1
    with pytest.raises(QuestionError, match="the text has no variable"):
        sparql(kb, "ASK {}", n=1)
    with pytest.raises(QuestionError, match=r"n is \[\]; give a text, a number"):
        sparql(kb, "ASK { ?s ?p $n }", n=[])


def _bound(kb: ekb.KnowledgeBase, name: str, value: str) -> None:
    try:
        assert not sparql(kb, f"SELECT ?s {{ ?s rdfs:label {name} }}", o=value)
    except QuestionError as problem:
        raise QuestionError(f"QUOTED {problem}") from problem
    raise QuestionError("QUOTED")


def test_threads_share_an_engine(kb: ekb.KnowledgeBase) -> None:
    counts: list[int] = []

    def ask() -> None:
        counts.append(len(sparql(kb, "SELECT ?f { ?f a ekb:Finding }")))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [len(kb)] * 8


def test_the_guard_takes_time_in_proportion_to_the_text() -> None:
    assert guarded("ASK { ?s ?p '''" + "''\\'" * 20_000 + "''' }", PREFIXES)
    texts: list[Callable[[], str]] = [lambda: '"' * 99_999, lambda: "<" * 99_999, lambda: "ASK {" + "a:" * 40_000]
    for text in texts:
        with pytest.raises(QuestionError):
            guarded(text(), PREFIXES)


def test_iris_keep_what_they_name_when_they_are_sent_elsewhere() -> None:
    iri = NamedIri("urn:x", kind="finding", id="x", short="finding/x")
    again = pickle.loads(pickle.dumps(iri))
    assert (again, again.kind, again.id, again.short) == ("urn:x", "finding", "x", "finding/x")


@pytest.mark.parametrize(
    "iri",
    [
        "urn:a> AS ?more) (<urn:b",
        "urn:a> . SERVICE <http://x.example/> { ?s ?p <urn:b",
        "http://a b",
        "a",
        "urn:\ud800",
        "",
    ],
)
def test_a_value_cannot_leave_its_iri(kb: ekb.KnowledgeBase, iri: str) -> None:
    with pytest.raises(QuestionError, match=r"o is .*, which is no absolute IRI"):
        sparql(kb, "SELECT ($o AS ?x) {}", o=NamedIri(iri))
    assert sparql(kb, "SELECT ($o AS ?x) {}", o=NamedIri("urn:a")).rows == (("urn:a",),)


@pytest.mark.parametrize("text", [r"C:\u00e9", r"C:\u0022", r"\\u0022", r"\U0000", "\\", "a\"b'c\n\t\r\x01"])
def test_a_text_comes_back_as_it_was_given(kb: ekb.KnowledgeBase, text: str) -> None:
    assert sparql(kb, "SELECT ($o AS ?x) {}", o=text).rows == ((text,),)


def test_numbers_too_long_to_be_printed_are_refused(kb: ekb.KnowledgeBase) -> None:
    for options in ({"timeout": 10**5_000}, {"limit": -(10**5_000)}, {"n": 10**5_000}):
        with pytest.raises(QuestionError, match=r"(timeout|limit|n) is a large int; give"):
            sparql(kb, "ASK { ?s ?p $n }", **options)


def test_a_mark_within_a_text_is_named_where_it_stands(kb: ekb.KnowledgeBase) -> None:
    with pytest.raises(QuestionError, match=r"line 1, column 7: found '\\ufeff', an invisible sign"):
        sparql(kb, "ASK { \ufeff?s ?p ?o }")
