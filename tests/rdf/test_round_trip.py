"""A pack read back from RDF is the pack that was written; what cannot be one is refused, and what is no part of one is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.errors import InterchangeError
from evidencekb.exports import export_pack
from evidencekb.rdf import RDF_FORMS, ReadBack, read_rdf, write_rdf
from evidencekb.testing import Pack, packs
from tests.packs import write_pack
from tests.properties.pages import opened
from tests.rdf.test_forms import ENDINGS
from tests.records import base_records
from tests.records import built as built_records

SOME = settings(max_examples=max(5, settings().max_examples // 10))


def rebuilt(folder: Path) -> ekb.KnowledgeBase:
    ekb.build(folder, folder.with_suffix(".ekb"))
    return ekb.load(folder.with_suffix(".ekb"))


@pytest.mark.slow
def test_the_shipped_pack_comes_back(tmp_path: Path) -> None:
    with ekb.load() as kb:
        write_rdf(kb, tmp_path / "pack.trig")
        back = read_rdf(tmp_path / "pack.trig", tmp_path / "back")
        assert (back.digest, back.said, back.not_taken) == (kb.digest, kb.digest, ())
        assert back.left > 8_000
        with rebuilt(tmp_path / "back") as again:
            assert again.digest == kb.digest
            for name in ("title", "licence", "base"):
                asked = f"SELECT value FROM meta WHERE name = '{name}'"
                assert again.rows(asked) == kb.rows(asked)
            styles = "SELECT name, digest FROM style ORDER BY name"
            assert again.rows(styles) == kb.rows(styles)


@SOME
@given(packs(findings=(0, 4)), st.sampled_from(RDF_FORMS))
def test_any_pack_comes_back_from_any_form(pack: Pack, form: str) -> None:
    with opened(pack) as kb:
        folder = kb.path.parent
        write_rdf(kb, folder / "pack.rdf", form)
        back = read_rdf(folder / "pack.rdf", folder / "back", form=form)
        assert (back.digest, back.not_taken, back.same) == (kb.digest, (), True)
        with rebuilt(folder / "back") as again:
            assert again.digest == kb.digest


def test_what_other_writers_make_of_it_comes_back_too(tmp_path: Path) -> None:
    """Oxigraph spells numbers in its own way (2.0 as 2, still a double) and sorts as it likes."""
    ox = pytest.importorskip("pyoxigraph")
    with built_records(tmp_path / "a", base_records()) as kb:
        write_rdf(kb, tmp_path / "pack.nq")
        store = ox.Store()
        store.bulk_load(path=str(tmp_path / "pack.nq"), format=ox.RdfFormat.N_QUADS)
        store.dump(str(tmp_path / "pack.trig"), format=ox.RdfFormat.TRIG)
        assert read_rdf(tmp_path / "pack.trig", tmp_path / "back").digest == kb.digest


def test_the_manifest_comes_back_as_a_pack_in_bulk_has_it(tmp_path: Path) -> None:
    manifest = (
        "name: kept\nversion: 1.0.0\ntitle: 'A \"kept\" pack: ä'\nlicence: CC0-1.0\nbase: https://example.org/d\n"
        "maintainers: ['Zoe, Z.', 'Ann, A.', An institute]\nstyles: [vancouver, apa]\n"
    )
    ekb.build(write_pack(tmp_path / "pack", {"pack.yaml": manifest}), tmp_path / "pack.ekb")
    with ekb.load(tmp_path / "pack.ekb") as kb:
        export_pack(kb, tmp_path / "bulk")
        for form in RDF_FORMS:
            write_rdf(kb, tmp_path / f"pack.{ENDINGS[form]}")
            read_rdf(tmp_path / f"pack.{ENDINGS[form]}", tmp_path / "back")
            assert (tmp_path / "back/pack.yaml").read_text() == (tmp_path / "bulk/pack.yaml").read_text()
    assert "maintainers:\n  - Zoe, Z.\n  - Ann, A.\n" in (tmp_path / "back/pack.yaml").read_text(encoding="utf-8")


def test_a_style_of_the_packs_own_comes_back(repo: Path, tmp_path: Path) -> None:
    style = next((repo / "src/evidencekb/sources/csl").rglob("apa*.csl")).read_text(encoding="utf-8")
    files = {"pack.yaml": "name: styled\nversion: 1.0.0\nstyles: [house/own.csl]\n", "house/own.csl": style}
    ekb.build(write_pack(tmp_path / "pack", files), tmp_path / "pack.ekb")
    with ekb.load(tmp_path / "pack.ekb") as kb:
        write_rdf(kb, tmp_path / "pack.jsonld")
    read_rdf(tmp_path / "pack.jsonld", tmp_path / "back")
    assert (tmp_path / "back/house/own.csl").read_text(encoding="utf-8") == style
    assert "styles: [house/own.csl]\n" in (tmp_path / "back/pack.yaml").read_text(encoding="utf-8")


@pytest.fixture
def text(tmp_path: Path) -> str:
    with built_records(tmp_path / "small", base_records()) as kb:
        write_rdf(kb, tmp_path / "pack.nq")
    return (tmp_path / "pack.nq").read_text(encoding="utf-8")


def read(tmp_path: Path, text: str) -> ReadBack:
    (tmp_path / "changed.nq").write_text(text, encoding="utf-8")
    return read_rdf(tmp_path / "changed.nq", tmp_path / "back")


def test_a_statement_that_no_record_holds_is_named(tmp_path: Path, text: str) -> None:
    back = read(tmp_path, text + '<https://example.org/x> <https://example.org/says> "more" .\n')
    line = text.count("\n") + 1
    assert back.not_taken == (f'<https://example.org/x> <https://example.org/says> "more", line {line}',)
    assert "1 statement that no record can hold, not taken:" in str(back)
    assert back.same
    assert not back.ok


def test_a_change_of_a_record_is_taken_and_told(tmp_path: Path, text: str) -> None:
    predicate = "<http://www.w3.org/2000/01/rdf-schema#label>"
    changed = "\n".join(
        line.replace(f'{predicate} "', f'{predicate} "Changed: ', 1) if ":finding/" in line else line
        for line in text.split("\n")
    )
    back = read(tmp_path, changed)
    assert not back.same
    assert "the file was changed since it was written" in str(back)


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("ns#VendorFlag-independent>", "ns#VendorFlag-independant>", r"no term of VendorFlag; did you mean <.*-independent>"),
        ('"^^<http://www.w3.org/2001/XMLSchema#integer>', '"^^<http://www.w3.org/2001/XMLSchema#date>', "a number is expected"),
        ("/ns#outcome> <", "/ns#outcome> <urn:x:", "the IRI of a record"),
        ("ns#Pack>", "ns#Pick>", "it holds no pack"),
    ],
)  # fmt: skip
def test_a_value_that_a_field_cannot_hold_is_refused_with_its_line(
    tmp_path: Path, text: str, old: str, new: str, problem: str
) -> None:
    with pytest.raises(InterchangeError, match=problem) as refused:
        read(tmp_path, replaced(text, old, new))
    assert str(tmp_path / "changed.nq") in str(refused.value)
    assert refused.value.line or "no pack" in problem
    assert not (tmp_path / "back").exists()


def test_two_values_where_one_can_be_are_refused(tmp_path: Path, text: str) -> None:
    line = next(line for line in text.split("\n") if "rdf-schema#label" in line)
    start, _, end = line.partition('"')
    with pytest.raises(InterchangeError, match="has 2 values of"):
        read(tmp_path, text + f'{start}"another" {end.rpartition(chr(34))[2]}\n')


def test_a_record_that_lacks_what_it_needs_is_refused(tmp_path: Path, text: str) -> None:
    without = "".join(f"{line}\n" for line in text.split("\n") if "ns#nature>" not in line and line)
    with pytest.raises(InterchangeError, match=r"cannot be a Finding: nature: Field required"):
        read(tmp_path, without)


def test_an_order_of_values_that_are_not_there_is_refused(tmp_path: Path, text: str) -> None:
    subject = next(line for line in text.split("\n") if ":source/" in line).split(" ")[0]
    said = f'{subject} <https://w3id.org/evidencekb/ns#order> "interests 1 2 3" .\n'
    with pytest.raises(InterchangeError, match="an order is given for interests, which has no"):
        read(tmp_path, text + said)


def test_a_pack_without_a_base_has_iris_of_its_name(tmp_path: Path, text: str) -> None:
    assert text.startswith("<urn:evidencekb:")


def test_iris_that_begin_otherwise_than_the_pack_says_are_refused(tmp_path: Path, text: str) -> None:
    pack = text.split(" ", maxsplit=1)[0]
    with pytest.raises(InterchangeError, match="make both the same"):
        read(tmp_path, f'{text}{pack} <http://rdfs.org/ns/void#uriSpace> "http://other.example/" .\n')


def test_iris_are_kept_where_the_pack_does_not_say_how_they_begin(tmp_path: Path, text: str) -> None:
    base = text.split(" ", maxsplit=1)[0].removeprefix("<").removesuffix("pack>")
    back = read(tmp_path, text.replace(base, "https://kept.example/"))
    assert back.ok
    assert "base: https://kept.example/\n" in (tmp_path / "back/pack.yaml").read_text(encoding="utf-8")


STYLES = [
    "../../own.csl",
    "/own.csl",
    "own.txt",
    "a//own.csl",
    "..\\\\own.csl",
    "own\\u0001.csl",
    "c:own.csl",
    "x" * 300 + ".csl",
]


@pytest.mark.parametrize("name", STYLES)
def test_a_style_whose_name_leads_elsewhere_is_refused(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(InterchangeError, match="is no file of a citation style; write one such as"):
        read(tmp_path, text + style(name, "x"))


def test_two_styles_of_one_name_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InterchangeError, match=r"is a second citation style 'own\.csl'"):
        read(tmp_path, text + style("own.csl", "x") + style("own.csl", "y"))


def style(name: str, node: str) -> str:
    node = f"<urn:evidencekb:style:{node}>"
    return (
        f"{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/evidencekb/ns#Style> .\n"
        f'{node} <http://purl.org/dc/terms/identifier> "{name}" .\n'
        f'{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "<style/>" .\n'
    )


def test_a_base_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    files = {"pack.yaml": "name: x\nversion: 1.0.0\nbase: data/here\n"}
    ekb.build(write_pack(tmp_path / "pack", files), tmp_path / "pack.ekb")
    with (
        ekb.load(tmp_path / "pack.ekb") as kb,
        pytest.raises(InterchangeError, match="the base 'data/here' is no absolute"),
    ):
        write_rdf(kb, tmp_path / "pack.nq")


def test_a_base_that_begins_like_a_prefix_is_not_taken_for_it(tmp_path: Path) -> None:
    files = {"pack.yaml": "name: x\nversion: 1.0.0\nbase: 'ekb:data/'\n"}
    ekb.build(write_pack(tmp_path / "pack", files), tmp_path / "pack.ekb")
    with ekb.load(tmp_path / "pack.ekb") as kb:
        for form in RDF_FORMS:
            write_rdf(kb, tmp_path / f"pack.{ENDINGS[form]}")
            assert read_rdf(tmp_path / f"pack.{ENDINGS[form]}", tmp_path / "back").digest == kb.digest


def test_a_folder_of_somebody_elses_stays(tmp_path: Path, text: str) -> None:
    (tmp_path / "back").mkdir()
    (tmp_path / "back/mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="no export wrote"):
        read(tmp_path, text)
