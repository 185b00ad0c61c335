"""Trusty IRIs: a hash over what is said and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.rdf.nano.checking import check_nanopub
from evidencekb.rdf.nano.reading import read_document
from evidencekb.rdf.nano.rules import take_apart
from evidencekb.rdf.nano.statements import LANG_STRING, XSD, Blank, Iri, Literal, Statement
from evidencekb.rdf.nano.trusty import has_code, hash_code, made_trusty, normalised
from evidencekb.rdf.nano.writing import write_trig
from tests.rdf.nanopubs import NANOPUB, SUITE, changed

E = "http://example.org/"
PREFIXES = {"e": E, "xsd": XSD}
iris = st.sampled_from([Iri(E + name) for name in ("a", "b", "a/b", "a#b", "%C3%A4", "\U0001f600", "\uffee")])
odd = st.sampled_from(['"', "\\", "\n", "\r\n", "\\n", "1.50", "\x00"])
texts = odd | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
types = st.sampled_from([f"{XSD}string", f"{XSD}decimal", E + "own"])
tags = st.sampled_from(["en", "en-GB", "de"])
literals = st.builds(Literal, texts, types, st.just("")) | st.builds(Literal, texts, st.just(LANG_STRING), tags)
statements = st.lists(st.builds(Statement, iris, iris, iris, iris | literals, st.just(0)), max_size=6)


def trusty(text: str) -> tuple[str, str]:
    """A nanopublication with a trusty IRI, and that IRI."""
    document = read_document(text)[1]
    parts, faults = take_apart(document)
    assert parts, faults
    made, iri = made_trusty(document.statements, parts.iri)
    return write_trig(made, {"this": iri, "sub": f"{iri}/"}), iri


@given(statements)
def test_order_and_repetition_do_not_count(held: list[Statement]) -> None:
    assert hash_code([*reversed(held), *held], "") == hash_code(held, "")


@given(statements)
def test_what_is_written_is_read_back_to_the_letter(held: list[Statement]) -> None:
    read = read_document(write_trig(held, PREFIXES).encode())[1].statements
    assert {s.said for s in read} == {s.said for s in held}
    assert hash_code(read, "") == hash_code(held, "")


def test_the_text_that_is_hashed_is_that_of_the_specification() -> None:
    code = "RA" + "x" * 43
    held = [
        Statement(Iri(f"{E}{code}/g"), Iri(E + "s"), Iri(E + "p"), Literal('two\nlines \\ "', LANG_STRING, "en-GB")),
        Statement(Iri(f"{E}{code}/g"), Iri(E + "s"), Iri(E + "p"), Literal("1.50", f"{XSD}decimal")),
        Statement(Iri(f"{E}{code}/g"), Iri(E + "s"), Iri(E + "p"), Iri(E + "o")),
        Statement(None, Iri(E + "s"), Iri(E + "p"), Literal("a")),
    ]
    assert normalised(held, code) == (
        f"\n{E}s\n{E}p\n^{XSD}string a\n"
        f"{E} /g\n{E}s\n{E}p\n{E}o\n"
        f"{E} /g\n{E}s\n{E}p\n^{XSD}decimal 1.50\n"
        f'{E} /g\n{E}s\n{E}p\n@en-gb two\\nlines \\\\ "\n'
    )


def test_codes_of_programs_that_differ_in_tags_and_order_are_known_too() -> None:
    graph, s, p = (Iri(E + name) for name in "gsp")
    held = [Statement(graph, s, p, Literal(text, LANG_STRING, "en-GB")) for text in ("\uffee", "\U0001f600")]
    codes = {
        (tags, order): "RA" + _digest(normalised(held, "", tags=tags, order=order))
        for tags in ("lower", "written") for order in ("points", "units")
    }  # fmt: skip
    assert len(set(codes.values())) == 4
    assert hash_code(held, "") == codes["lower", "points"]
    assert all(has_code(held, code) for code in codes.values())
    assert not has_code(held[:1], codes["lower", "points"])


def _digest(text: str) -> str:
    import base64
    import hashlib

    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def test_a_blank_node_has_no_hash() -> None:
    with pytest.raises(ValueError, match="blank node"):
        hash_code([Statement(None, Blank("b"), Iri(E + "p"), Iri(E + "o"))], "")


def test_one_made_trusty_is_valid_and_a_changed_one_is_not() -> None:
    text, iri = trusty(NANOPUB)
    check = check_nanopub(text)
    assert (check.ok, check.iri) == (True, iri)
    assert iri == f"http://example.org/np/1/{check.code}"
    wrong = check_nanopub(text.replace("0.370", "0.37"))
    assert [fault.message.split(",")[0] for fault in wrong.faults] == [f"its trusty IRI ends with {check.code}"]
    assert (
        wrong.faults[0].line == text[: text.index("a np:") if "a np:" in text else text.index(" a <")].count("\n") + 1
    )


def test_blank_nodes_get_names_and_a_place_for_the_code_outside_is_filled() -> None:
    blank = "ex:tutoring ex:raises [ ex:of _:b ], _:b ; ex:see <http://example.org/x/~~~ARTIFACTCODE~~~>, this:_a ."
    text, iri = trusty(changed("ex:tutoring ex:raises ex:scores .", blank))
    assert check_nanopub(text).ok
    code = iri.rpartition("/")[2]
    assert {f"{iri}/_1", f"{iri}/_2", f"{iri}/__a", f"http://example.org/x/{code}"} <= {
        str(value) for s in read_document(text)[1].statements for value in s.said
    }


def test_a_trusty_one_with_a_blank_node_is_refused_at_its_line() -> None:
    text, _ = trusty(NANOPUB)
    with_blank = text.replace("sub:assertion {\n", "sub:assertion {\n  [] <http://example.org/p> 1 .\n", 1)
    (fault,) = check_nanopub(with_blank).faults
    assert "must have a name" in fault.message
    assert with_blank.splitlines()[fault.line - 1].startswith("  [] ")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("RA" + "x1" * 21, "42 letters follow RA, and 43 do"),
        ("RA" + "x1" * 22, "44 letters follow RA, and 43 do"),
        ("RB" + "x1" * 21 + "x", "it is of module RB, and that of a nanopublication is of RA"),
    ],
)
def test_what_only_looks_like_a_trusty_iri_is_refused(code: str, why: str) -> None:
    (fault,) = check_nanopub(changed("http://example.org/np/1/", f"http://example.org/np/{code}")).faults
    assert fault.message == f"its IRI ends with what looks like a code of a trusty one, and is none: {why}"
    assert fault.line == 9


def test_a_temporary_iri_goes_where_nanopublications_are_published() -> None:
    _, iri = trusty(changed("<http://example.org/np/1/>", "<http://purl.org/nanopub/temp/1/>"))
    assert iri.startswith("https://w3id.org/np/RA")


def test_every_file_of_the_suite_that_is_to_be_transformed_can_be(shared: Path) -> None:
    paths = sorted((shared / SUITE / "transform").rglob("*.trig"))
    assert len(paths) == 14
    for path in paths:
        text, iri = trusty(path.read_text(encoding="utf-8"))
        check = check_nanopub(text)
        assert check.ok, check
        assert iri.endswith(check.code)
