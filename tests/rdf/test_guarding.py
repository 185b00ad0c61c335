"""RDF that means harm is refused with a clear sentence, soon; RDF that is odd keeps the text it was written with."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from evidencekb.errors import InterchangeError
from evidencekb.rdf.guarding import MOST_IN_LISTS, Blank, Found, Iri, Lexical, guarded_quads

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
START = f"@prefix : <http://a/> . @prefix xsd: <{XSD}> . @prefix rdf: <{RDF}> .\n"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def objects(text: str, form: str) -> list[Any]:
    return [found.object for found in guarded_quads(text, form)]


HEAVY = [
    ("1E999999999", f"{XSD}decimal"),
    ("1E999999999", f"{XSD}double"),
    ("<p>" * 1_000, f"{RDF}HTML"),
    ("<a>" * 1_000, f"{RDF}XMLLiteral"),
    ("1.50", f"{XSD}decimal"),
    ("007", f"{XSD}integer"),
    ("9" * 20_000, f"{XSD}integer"),
    ("P1Y", f"{XSD}duration"),
]


@pytest.mark.parametrize(("text", "type"), HEAVY)
@pytest.mark.parametrize("form", ["nquads", "turtle", "trig", "jsonld"])
def test_a_literal_keeps_its_text_and_is_never_worked_out(text: str, type: str, form: str) -> None:
    written = f'<http://a/s> <http://a/p> "{text}"^^<{type}> .'
    if form == "jsonld":
        written = f'{{"@id": "http://a/s", "http://a/p": {{"@value": "{text}", "@type": "{type}"}}}}'
    before = time.process_time()
    assert objects(written, form) == [Lexical(text, type)]
    assert time.process_time() - before < 5


def test_turtle_numbers_keep_their_spelling_and_kind() -> None:
    assert objects(START + ":a :b 5, -40.0, 1.50, 1e9, true .", "turtle") == [
        Lexical("5", f"{XSD}integer"),
        Lexical("-40.0", f"{XSD}decimal"),
        Lexical("1.50", f"{XSD}decimal"),
        Lexical("1e9", f"{XSD}double"),
        Lexical("true", f"{XSD}boolean"),
    ]


def test_json_numbers_and_coerced_texts_keep_their_kind() -> None:
    context = f'{{"@vocab": "http://a/", "n": {{"@type": "{XSD}decimal"}}, "i": {{"@type": "@id"}}}}'
    text = (
        f'{{"@context": {context}, "@id": "http://a/s", "n": "1E99", "i": "http://a/o", '
        '"x": [1, 1.5, true, "t", {"@value": "hallo", "@language": "DE"}]}'
    )
    assert objects(text, "jsonld") == [
        Lexical("1E99", f"{XSD}decimal"),
        Iri("http://a/o"),
        Lexical("1", f"{XSD}integer"),
        Lexical("1.5", f"{XSD}double"),
        Lexical("true", f"{XSD}boolean"),
        Lexical("t"),
        Lexical("hallo", f"{RDF}langString", "de"),
    ]


def test_graphs_and_nodes_without_names_are_told_apart() -> None:
    found = list(guarded_quads(START + ":g { :a :b _:x . } :a :b :c . GRAPH :h { :a :b :d }", "trig"))
    assert [one.graph for one in found] == ["http://a/g", None, "http://a/h"]
    assert isinstance(found[0].object, Blank)


def test_n_quads_give_the_line_of_each_statement() -> None:
    text = '\ufeff<http://a/s> <http://a/p> "\\u00e9\\n" <http://a/g> . # c\r\n\r\n# c\r\n_:s <http://a/p> _:o .\r\n'
    first, second = guarded_quads(text, "nquads")
    assert first == Found(Iri("http://a/s"), Iri("http://a/p"), Lexical("é\n"), Iri("http://a/g"), 1)
    assert second == Found(Blank("s"), Iri("http://a/p"), Blank("o"), None, 4)


CONTEXTS = [
    '{"@context": "http://evil/"}',
    '{"@context": [{"@vocab": "http://a/"}, "http://evil/"]}',
    '{"@context": [[{"@vocab": "http://a/"}, [["http://evil/"]]]]}',
    '{"@context": {"t": {"@id": "http://a/t", "@context": "http://evil/"}}}',
    '{"@context": {"t": {"@id": "http://a/t", "@context": [null, "http://evil/"]}}}',
    '{"@context": {"@import": "http://evil/"}}',
    '{"@context": {"@context": "file:///etc/passwd"}}',
    '{"http://a/p": [{"http://a/q": {"@context": "http://evil/"}}]}',
    '{"@graph": [[{"@context": ["http://evil/"]}]]}',
]


@pytest.mark.parametrize("text", CONTEXTS)
def test_a_context_from_elsewhere_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(InterchangeError, match="nothing is fetched"):
        list(guarded_quads(text, "jsonld"))


HOSTILE = [
    ("turtle", START + ":a :b " + "(" * 900 + ")" * 900 + " .", "line 2: brackets nested 41 deep"),
    ("turtle", START + ":a :b " + "[ :b " * 900, "line 2: brackets nested 41 deep"),
    ("trig", START + "{ :a :b " + "[ :b " * 900, "brackets nested 41 deep"),
    ("turtle", START + ":a :b (" + "1 " * (MOST_IN_LISTS + 1) + ") .", "values in lists"),
    ("turtle", START + ":a :b (" + '"x" ' * (MOST_IN_LISTS + 1) + ") .", "values in lists"),
    ("jsonld", "[" * 5_000, "nested 41 deep"),
    ("jsonld", '{"a":' * 5_000, "nested 41 deep"),
    ("jsonld", '{"http://a/p": [' + ",".join(["[" + ",".join("1" * 900) + "]"] * 900) + "]}", "values in lists"),
    ("jsonld", '{"http://a/p": {"@list": [' + ",".join("1" * 30_000) + "]}}", "values in lists"),
    ("jsonld", '{"http://a/p": NaN}', "^the text: NaN is no number"),
    ("jsonld", "{,}", "no JSON: .*"),
    ("jsonld", '"a"', "^the text: JSON-LD is an object or a list, and this is neither"),
    ("jsonld", "null", "^the text: JSON-LD is an object or a list, and this is neither"),
    ("jsonld", '{"http://a/p": ' + "9" * 10_000 + "}", "the text: a number in it has more digits than are read"),
    ("jsonld", '{"@id": "rel", "http://a/p": 1}', "'rel' is no absolute IRI"),
    ("turtle", START + ":a :b <rel> .", "'rel' is no absolute IRI"),
    ("turtle", START + ':a :b "\\uD800" .', "which is no sign"),
    ("turtle", START + ':a :b "\\u0000" .', "which is no sign"),
    ("turtle", START + ":a :b { :c :d :e } .", "line 2: cannot be read as turtle"),
    ("turtle", START + "{ :a :b :c } => { :a :b :d } .", "cannot be read as turtle"),
    ("turtle", START + ":a :b 'x .", "cannot be read as turtle"),
    ("turtle", START + ":a :b " + "9" * 10_000 + " .", "cannot be read as turtle"),
    ("turtle", START + ":a :b :c .\n\n:a :b ; .", "line 4: cannot be read as turtle"),
    ("turtle", START + ":a nope:b :c .", "cannot be read as turtle"),
    ("nquads", "<http://a/s> <http://a/p> <http://a/o>", "line 1: no statement of N-Quads"),
    ("nquads", '<http://a/s> <http://a/p> "x\\q" .', "there is no escape"),
    ("nquads", '<http://a/s> <http://a/p> "\\U00110000" .', "there is no sign"),
    ("nquads", '<http://a/s> <http://a/p> "\\uD83D" .', "which is no sign"),
    ("nquads", "<http://a/s> <http://a/p p> <http://a/o> .", "no statement of N-Quads"),
    ("nquads", "<http://a/s> <p> <http://a/o> .", "'p' is no absolute IRI"),
    ("nquads", '"x" <http://a/p> <http://a/o> .', "no statement of N-Quads"),
    ("nquads", "<< <http://a/s> <http://a/p> <http://a/o> >> <http://a/p> <http://a/o> .", "no statement of N-Quads"),
    ("rdfxml", "<!DOCTYPE x [<!ENTITY a 'aaa'>]>", "the form 'rdfxml' is not read"),
]


@pytest.mark.parametrize(("form", "text", "problem"), HOSTILE)
def test_what_means_harm_is_refused_soon(form: str, text: str, problem: str) -> None:
    before = time.process_time()
    with pytest.raises(InterchangeError, match=problem):
        list(guarded_quads(text, form))
    assert time.process_time() - before < 5


def test_bytes_that_are_no_utf_8_are_refused_with_their_line() -> None:
    for form, line in (
        ("nquads", b'<http://a/s> <http://a/p> "\xff" .'),
        ("turtle", b'<http://a/s> <http://a/p> "\xff" .'),
    ):
        with pytest.raises(InterchangeError, match="line 3: the byte 0xff is no UTF-8"):
            list(guarded_quads(b"\n\n" + line, form))


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(InterchangeError, match="30 bytes are more than the 10 that are read"):
        list(guarded_quads(b"#" * 30, "turtle", most=10))


def test_file_iris_are_names_and_nothing_else() -> None:
    text = "<file:///etc/passwd> <http://www.w3.org/2002/07/owl#imports> <http://evil/> ."
    assert objects(text, "turtle") == ["http://evil/"]
