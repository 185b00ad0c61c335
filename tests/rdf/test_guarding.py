"""RDF that means harm is refused with a clear sentence, soon; RDF that is odd keeps the text it was written with."""

from __future__ import annotations

import json
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


VERY_LONG = "http://a/" + "x" * 100_000 + "/"
MANY_TERMS = {f"t{n}": f"http://a/{n}" for n in range(5_000)}
SCOPED = {"@id": "http://a/T", "@context": MANY_TERMS}
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
    ("jsonld", '"a"', "^the text: JSON-LD is an object or a list of objects"),
    ("jsonld", "null", "^the text: JSON-LD is an object or a list of objects"),
    ("jsonld", '{"http://a/p": ' + "9" * 10_000 + "}", "the text: a number of more digits than are read"),
    ("jsonld", '{"@id": "rel", "http://a/p": 1}', "'rel' is no absolute IRI"),
    ("turtle", START + ":a :b <rel> .", "'rel' is no absolute IRI"),
    ("turtle", START + ':a :b "\\uD800" .', "which is no sign"),
    ("turtle", START + ':a :b "\\u0000" .', "which is no sign"),
    ("turtle", START + ":a :b { :c :d :e } .", "line 2: cannot be read as turtle"),
    ("turtle", START + "{ :a :b :c } => { :a :b :d } .", "cannot be read as turtle"),
    ("turtle", START + ":a :b 'x .", "line 2: a text that does not end"),
    ("turtle", START + ":a :b " + "9" * 10_000 + " .", "a number of more digits than are read"),
    (
        "turtle",
        f"@prefix p: <http://a/{'x' * 100_000}> . <http://a/s> <http://a/p> " + "p:o, " * 9_999 + "p:o .",
        "line 1: an IRI of",
    ),
    ("turtle", f"@base <http://a/{'x' * 9_000}/> .", "line 1: an IRI of"),
    ("turtle", "@base <http://a/> . " + f"@base <{'x' * 90}/> . " * 10_000, "line 1: an IRI of 8,"),
    ("turtle", START + ":a :b <c d> .", "line 2: 'c d' is no absolute IRI"),
    ("turtle", START + ':a :b "\\q" .', "line 2: there is no escape"),
    ("jsonld", '{"http://a/p": ' + "9" * 5_000 + "}", "a number of more digits than are read"),
    ("jsonld", "7", "an object or a list of objects"),
    ("jsonld", '{"@id": "http://a/s", "http://a/p": {"@value": "x", "@language": 7}}', "not well formed"),
    ("jsonld", json.dumps({"@context": {"@vocab": VERY_LONG}, "@graph": [{"p": 1}] * 20_000}), "an IRI of"),
    (
        "jsonld",
        json.dumps({"@context": {"@base": VERY_LONG}, "@graph": [{"@id": "s", "http://a/p": 1}] * 20_000}),
        "an IRI of",
    ),
    (
        "jsonld",
        json.dumps(
            {"@context": {"T": {"@id": "http://a/T", "@context": MANY_TERMS}}, "@graph": [{"@type": "T"}] * 5_000}
        ),
        "contexts multiply",
    ),
    (
        "jsonld",
        json.dumps({"@context": MANY_TERMS, "@graph": [{"@context": {"z": "http://a/z"}}] * 50_000}),
        "contexts multiply",
    ),
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


@pytest.mark.parametrize("written", ["\\n\\u0041", "x\\n"])
def test_a_text_full_of_escapes_takes_as_long_as_it_is(written: str) -> None:
    before = time.process_time()
    (held,) = objects(f'<http://a/s> <http://a/p> "{written * 300_000}" .', "turtle")
    assert len(held.text) == 600_000
    assert time.process_time() - before < 5


@pytest.mark.parametrize("delimiter", ['"', "'", '"""', "'''"])
def test_a_text_is_read_between_any_of_its_signs(delimiter: str) -> None:
    other = "'" if '"' in delimiter else '"'
    text = f"a {other} b {other * 3} \\\\ \\t \\U0001F600 é # <x>"
    (held,) = objects(f"<http://a/s> <http://a/p> {delimiter}{text}{delimiter} .", "turtle")
    assert held == Lexical(f"a {other} b {other * 3} \\ \t \U0001f600 é # <x>")


def test_a_small_decimal_is_written_without_a_power() -> None:
    assert objects("<http://a/s> <http://a/p> 0.0000000001 .", "turtle") == [Lexical("0.0000000001", f"{XSD}decimal")]


def test_a_context_in_each_of_many_objects_is_read() -> None:
    each = {"@context": {"p": "http://a/p"}, "@id": "http://a/s", "p": "x"}
    assert len(objects(json.dumps([each] * 1_000), "jsonld")) == 1_000


@pytest.mark.parametrize("more", [" " * 200_000, " " * 200_000 + "." + " " * 200_000, "_:" * 100_000, "_:a." * 50_000])
def test_a_line_without_end_is_refused_soon(more: str) -> None:
    before = time.process_time()
    with pytest.raises(InterchangeError, match="no statement of N-Quads"):
        list(guarded_quads(f"<http://a/s> <http://a/p> _:o{more}x", "nquads"))
    assert time.process_time() - before < 5


def test_a_node_without_a_name_may_have_dots_and_no_space_behind_it() -> None:
    assert objects("<http://a/s> <http://a/p> _:a.b.", "nquads") == [Blank("a.b")]
