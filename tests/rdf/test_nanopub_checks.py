"""What makes a nanopublication valid: a sound one, and its twins with one thing changed, each refused for it and at its line."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from evidencekb.rdf.nano.checking import NanopubCheck, check_nanopub
from evidencekb.rdf.nano.datatypes import fits_its_datatype
from evidencekb.rdf.nano.reading import MAX_BYTES, read_document
from evidencekb.rdf.nano.statements import LANG_STRING, XSD, Literal
from tests.rdf.nanopubs import NANOPUB, SUITE, TRIX, as_nquads, changed


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in check_nanopub(text).faults]


def test_a_sound_one_is_valid_and_says_what_was_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "one.trig"
    path.write_text(NANOPUB, encoding="utf-8")
    check = check_nanopub(path)
    assert check == NanopubCheck("one.trig", "http://example.org/np/1/", statements=8)
    assert str(check) == "one.trig: valid; its IRI is no trusty one; not signed: <http://example.org/np/1/>"
    assert check_nanopub(str(path)) == check
    assert check_nanopub(NANOPUB).ok
    assert check_nanopub(b"\xef\xbb\xbf" + NANOPUB.replace("\n", "\r\n").encode()).ok


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("a np:Nanopublication ;", "", 10, "it declares no nanopublication"),
        ("    np:hasAssertion this:assertion ;\n", "", 9, "its head graph names no assertion"),
        ("np:hasProvenance this:provenance", "np:hasProvenance this:provenance, ex:other", 11, "names 2 graphs as provenance"),
        ("np:hasPublicationInfo this:pubinfo", 'np:hasPublicationInfo "pubinfo"', 12, "its publication info 'pubinfo' is no IRI"),
        ("np:hasPublicationInfo this:pubinfo", "np:hasPublicationInfo this:assertion", 15, "its pubinfo has the same IRI as"),
        ("np:hasPublicationInfo this:pubinfo", "np:hasPublicationInfo this:", 9, "the same IRI as its nanopublication"),
        ("this:head {", "ex:head {", 8, "the name of its head, <http://example.org/head>, does not begin with that"),
        ("  this: a np:Nanopublication ;", "  this: a np:Nanopublication . ex:b a np:Nanopublication . this: ", 9, "declares 2"),
        ("  this:assertion prov:hadPrimary", "  this:assertions prov:hadPrimary", 20, "provenance says nothing of the assertion"),
        ("  this: dct:created", "  ex:this dct:created", 24, "its publication info says nothing of the nanopublication"),
        ("  ex:tutoring ex:raises ex:scores .\n  ex:scores ex:by \"0.370\"^^xsd:decimal .\n", "", 15, "is empty"),
        ("this:pubinfo {", "ex:more { ex:a ex:b ex:c }\nthis:pubinfo {", 24, "the graph <http://example.org/more> is no part of"),
        ("this:pubinfo {", "ex:a ex:b ex:c .\nthis:pubinfo {", 24, "one statement stands in no graph"),
        ("this:pubinfo {", "{ ex:a ex:b ex:c }\nthis:pubinfo {", 24, "one statement stands in no graph"),
        ("this:pubinfo {", "_:g { ex:a ex:b ex:c }\nthis:pubinfo {", 24, "a graph is named by a blank node"),
        ("<https://doi.org/10.5555/tutoring>", "<https://doi.org/10.5555/tuto%ring>", 21, "followed by no two hexadecimal"),
        ("<https://doi.org/10.5555/tutoring>", "<https://doi.org/a#b#c>", 21, "it has two #"),
        ("<https://doi.org/10.5555/tutoring>", "<https://doi.org/a\\u0020b>", 21, "it has the character ' '"),
        ("<https://doi.org/10.5555/tutoring>", "<https://doi.org/a[b]>", 21, "its path has a square bracket"),
        ("<https://doi.org/10.5555/tutoring>", "<https://>", 21, "nothing follows its //"),
        ("<https://doi.org/10.5555/tutoring>", "<https://a[b/c>", 21, "its host has a square bracket"),
        ("<https://doi.org/10.5555/tutoring>", "<doi:>", 21, "nothing follows its scheme"),
        ("<https://doi.org/10.5555/tutoring>", "<tutoring>", 21, "is a relative IRI"),
        ("<https://doi.org/10.5555/tutoring>", "<https://doi.org/10 5555>", 21, "is not TriG"),
        ("<https://doi.org/10.5555/tutoring>", "dox:a", 21, "the prefix 'dox' of 'dox:a' is not declared"),
        ("0.370", "0,370", 17, "'0,370' is no value of its datatype http://www.w3.org/2001/XMLSchema#decimal"),
        ("2026-01-02T", "2026-02-30T", 25, "is no value of its datatype"),
        ('"0.370"^^xsd:decimal', '"so"@englishwords', 17, "'englishwords' is no language tag"),
        ('"0.370"^^xsd:decimal', f'"so"^^<{LANG_STRING}>', 17, "'so' is said to be in a language, and does not say in which"),
        ('"0.370"^^', '"\\uD800"^^', 17, "is no character"),
        ("ex:raises ex:scores .", "ex:raises ex:scores", 17, "'.' is missing behind a statement"),
        ("ex:raises ex:scores .", "ex:raises .", 16, "an IRI or a name is missing before '.'"),
    ],
)  # fmt: skip
def test_a_twin_with_one_change_is_refused_at_its_line(old: str, new: str, line: int, message: str) -> None:
    found = faults(changed(old, new))
    assert [at for at, said in found if message in said] == [line], found


def test_each_of_several_in_a_document_is_checked_by_itself(tmp_path: Path) -> None:
    second = changed("np/1/", "np/2/")
    both = check_nanopub(NANOPUB + second)
    assert (both.ok, both.iri, [other.iri for other in both.others]) == (
        True, "http://example.org/np/1/", ["http://example.org/np/2/"],
    )  # fmt: skip
    assert str(both).count("valid; its IRI is no trusty one") == 2
    assert both.to_dict()["others"][0]["ok"] is True
    faulty = check_nanopub(NANOPUB + changed("0.370", "much", second) + "ex:more { ex:a ex:b ex:c }")
    assert not faulty.ok
    assert not faulty.faults
    assert [fault.line for fault in faulty.others[0].faults] == [17 + 26, 2 * 26 + 1]
    assert "share a graph" in str(
        check_nanopub(NANOPUB + second.replace("this:assertion", "<http://example.org/np/1/assertion>"))
    )


def test_of_many_names_the_first_few_are_told() -> None:
    many = ", ".join(f"ex:a{number}" for number in range(1_000))
    (line, message), *_ = faults(changed("np:hasAssertion this:assertion", f"np:hasAssertion {many}"))
    assert line == 10
    assert message.endswith("<http://example.org/a4> and 995 more")


def test_several_faults_are_told_at_once_in_the_order_of_the_text() -> None:
    text = changed("0.370", "much", changed("  this: dct:created", "  ex:it dct:created"))
    assert [line for line, _ in faults(text)] == [17, 24]


def test_a_nanopublication_may_use_all_of_trig() -> None:
    text = changed(
        "ex:tutoring ex:raises ex:scores .",
        """ex:tutoring ex:raises ex:scores, [ ex:n 453 ; ex:of ( "a" 'b'@en-GB 1.5 1e3 true ) ] ; a ex:Claim ; .
  [] ex:n -1 . [ ex:n 2 ] . _:b.1 ex:says \"\"\"two
lines, "once", ""twice"" \\u00e9\"\"\" .""",
    )
    text = text.replace("this:provenance {", "GRAPH this:provenance { # a comment")
    assert check_nanopub(text).ok
    assert check_nanopub(text.replace("@prefix ex: <http://example.org/> .", "PREFIX ex: <http://example.org/>")).ok
    held = [s.object for s in read_document(text)[1].statements if isinstance(s.object, Literal)]
    assert Literal('two\nlines, "once", ""twice"" é') in held
    assert Literal("1e3", f"{XSD}double") in held


def test_trix_and_nquads_are_read_too(tmp_path: Path) -> None:
    found = check_nanopub(TRIX)
    assert [fault.line for fault in found.faults] == [5, 5, 5]
    assert found.faults[0].message.startswith("its head graph names no assertion")
    quads = tmp_path / "one.nq"
    rows = [s.said for s in read_document(NANOPUB)[1].statements]

    def spelled(value: object) -> str:
        return f'"{value.text}"^^<{value.datatype}>' if isinstance(value, Literal) else f"<{value}>"

    quads.write_text(
        "".join(f"{spelled(s)} {spelled(p)} {spelled(o)} {spelled(g)} .\n" for g, s, p, o in rows), encoding="utf-8"
    )
    assert check_nanopub(quads).ok


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('<?xml version="1.0"?>', '<!DOCTYPE a [<!ENTITY b "c">]>', "it has a document type"),
        ("<uri>http://www.nanopub.org/nschema#Nanopublication</uri>", "", "a triple has three parts, and this one 2"),
        ("  <triple>", "  <triple><b/>", "the element 'b' cannot stand here"),
        ("  <triple>", "  words <triple>", "the text 'words' cannot stand here"),
        ("  </triple>", "  </triple><uri>http://example.org/late</uri>", "a graph has one name, before its statements"),
        (
            "   <uri>http://example.org/np/1/</uri>",
            "   <plainLiteral>a</plainLiteral>",
            "begins with an IRI or a blank node",
        ),
        ('<?xml version="1.0"?>', '<?xml version="1.0" encoding="none"?>', "its encoding is not read, and UTF-8 is"),
        (
            '<?xml version="1.0"?>',
            '<?xml version="1.0" encoding="shift_jis"?>',
            "its encoding is not read, and UTF-8 is",
        ),
        ("</TriX>", "</Trix>", "it is no XML: mismatched tag"),
    ],
)
def test_hostile_or_broken_trix_is_refused_with_a_line(old: str, new: str, message: str) -> None:
    ((line, said),) = faults(changed(old, new, TRIX))
    assert message in said
    assert line


def test_a_text_or_a_file_of_another_ending_may_be_nquads(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    text = as_nquads(read_document(NANOPUB)[1].statements)
    path.write_text(text, encoding="utf-8")
    assert check_nanopub(text).ok
    assert check_nanopub(path).ok
    assert faults(text + "<a:b>\n") == [(10, "'the end' cannot stand here in N-Quads")]
    path.write_bytes(b"\x1f\x8b\x08" + text.encode())
    assert str(check_nanopub(path).faults[0]) == "it is compressed; unpack it first"


def test_hostile_texts_are_refused_in_no_time(tmp_path: Path) -> None:
    """Deep nesting, long lists of dots, huge numbers, a file of 17 MiB, bytes that are no UTF-8: an answer, not a wait."""
    start = time.process_time()
    deep = "@prefix e: <http://e.org/> . e:g { e:a e:b " + "( " * 50_000
    assert "nested more than" in faults(deep)[0][1]
    assert "nested more than" in faults(deep.replace("(", "[ e:b"))[0][1]
    assert faults("@prefix e: <http://e.org/> . e:" + "a." * 200_000 + "\n")
    assert faults('@prefix e: <http://e.org/> . e:a e:b "' + "\\\\" * 200_000 + "\n")
    huge = changed("0.370", "1E999999999")
    assert faults(huge)[0][0] == 17
    assert check_nanopub(huge.replace("xsd:decimal", "xsd:double")).ok
    assert check_nanopub(changed("0.370", "9" * 1_000_000)).ok
    assert not check_nanopub(changed('"0.370"^^xsd:decimal', '"' + "9" * 1_000_000 + '"^^xsd:int')).ok
    big = tmp_path / "big.trig"
    big.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "more than 16,777,216 bytes" in check_nanopub(big).faults[0].message
    assert check_nanopub(b"# a\n\xff").faults[0].line == 2
    assert time.process_time() - start < 10


def test_a_base_is_used_and_a_faulty_one_told() -> None:
    text = changed("<https://doi.org/10.5555/tutoring>", "<tutoring>")
    with_base = text.replace("this:provenance {", "@base <http://example.org/a/b#c> .\nthis:provenance {")
    assert check_nanopub(with_base).ok
    assert "http://example.org/a/tutoring" in {str(s.object) for s in read_document(with_base)[1].statements}
    for base in ("http://[", "urn:a"):
        assert faults(with_base.replace("http://example.org/a/b#c", base))[0][0] == 22


def test_an_earlier_fault_of_the_text_does_not_hide_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_nanopub(tmp_path / "none.trig")


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("integer", "7 +07 -0 123456789012345678901234567890", "1.0 seven 1e3"),
        ("byte", "127 -128", "128 -129 1234567890123456789012345"),
        ("positiveInteger", "1 +2", "0 -1"),
        ("nonPositiveInteger", "0 -0 -123456789012345678901234567890", "1 123456789012345678901234567890"),
        ("boolean", "true false 1 0", "TRUE yes"),
        ("double", "1 1.5e3 -INF NaN .5 5.", "1,5 e3 nan"),
        (
            "date",
            "2024-02-29 2023-12-31Z -0044-03-15 2000-02-29+14:00",
            "2023-02-29 1900-02-29 2023-13-01 2023-1-1 soon",
        ),
        ("dateTime", "2023-01-01T24:00:00 2023-01-01T23:59:59.123-05:00", "2023-01-01 2023-01-01T25:61:00"),
        ("dateTimeStamp", "2023-01-01T00:00:00Z", "2023-01-01T00:00:00"),
        ("time", "23:59:59Z", "25:61:00"),
        ("gMonthDay", "--02-29 --12-31Z", "--02-30 --13-01 02-29"),
        ("gYear", "2023 12023", "23 02023"),
        ("duration", "P1Y PT1M -P1DT0.5S", "P 1Y PT P1S"),
        ("hexBinary", "00ff", "0 0g"),
        ("base64Binary", "QUJD", "QUJ"),
        ("language", "en en-GB", "e_n"),
        ("QName", "a:b b", "a:b:c :b"),
    ],
)
def test_a_literal_has_the_form_of_its_datatype(datatype: str, good: str, bad: str) -> None:
    assert all(fits_its_datatype(Literal(text, XSD + datatype)) for text in good.split())
    assert not any(fits_its_datatype(Literal(text, XSD + datatype)) for text in bad.split())


def test_the_official_suite_is_told_apart(shared: Path) -> None:
    told = {
        path.relative_to(shared / SUITE).as_posix(): check_nanopub(path)
        for folder in ("valid", "invalid")
        for path in sorted((shared / SUITE / folder).rglob("*.*"))
    }
    assert [name for name, check in told.items() if check.ok is not name.startswith("valid/")] == []
    assert sum(check.ok for check in told.values()) == 51
    assert len(told) == 60
    assert all(check.code for name, check in told.items() if name.startswith(("valid/trusty", "valid/signed")))
    assert all(check.signature for name, check in told.items() if name.startswith("valid/signed"))
    assert all(fault.line for check in told.values() for fault in check.faults)


def test_a_changed_byte_is_seen(shared: Path) -> None:
    """Of every trusty or signed file of the suite, ten bytes: what is still valid says the very same."""
    choose = random.Random(8)
    for path in sorted((shared / SUITE / "valid").glob("*ed/*.trig")) + sorted(
        (shared / SUITE / "valid").glob("trusty/*")
    ):
        data = path.read_bytes()
        said = {s.said for s in read_document(data)[1].statements}
        for _ in range(10):
            at = choose.randrange(len(data))
            other = bytes([choose.choice([data[at] ^ 1, data[at] ^ 0x20, *b' \n.;"<a'])])
            text = data[:at] + other + data[at + 1 :]
            check = check_nanopub(text)
            if check.ok:
                assert {s.said for s in read_document(text)[1].statements} == said
            assert all(fault.line for fault in check.faults), check


def test_jsonld_is_read_without_contexts_from_elsewhere(tmp_path: Path) -> None:
    e, prov = "http://example.org/np/1/", "http://www.w3.org/ns/prov#"
    np = "http://www.nanopub.org/nschema#"
    head: dict[str, Any] = {"@id": e, "@type": f"{np}Nanopublication"}
    head |= {f"{np}has{part}": {"@id": e + part} for part in ("Assertion", "Provenance", "PublicationInfo")}
    graphs = {
        "head": head,
        "Assertion": {
            "@id": "http://example.org/a",
            "http://example.org/b": {"@value": "1.50", "@type": f"{XSD}decimal"},
        },
        "Provenance": {"@id": e + "Assertion", f"{prov}wasDerivedFrom": {"@id": "http://example.org/c"}},
        "PublicationInfo": {"@id": e, "http://purl.org/dc/terms/title": "A title"},
    }
    document = {"@context": {}, "@graph": [{"@id": e + name, "@graph": [held]} for name, held in graphs.items()]}
    path = tmp_path / "one.jsonld"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert check_nanopub(path).ok
    held = [s.object for s in read_document(path)[1].statements]
    assert Literal("1.50", f"{XSD}decimal") in held
    path.write_text(json.dumps({**document, "@context": "https://example.org/context"}), encoding="utf-8")
    assert "https://example.org/context" in check_nanopub(path).faults[0].message
