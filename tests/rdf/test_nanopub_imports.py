"""Nanopublications taken in: as candidates that nobody vouches for, all or nothing, and once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.errors import InterchangeError
from evidencekb.model import KINDS
from evidencekb.rdf import import_nanopubs, nanopubs, write_nanopubs
from tests.curating.small import files_of
from tests.packs import TODAY, codes, write_pack
from tests.rdf.nanopubs import BASE, FINDING, MANIFEST, NANOPUB, SUITE, changed, opened

AIDA = changed(
    "ex:tutoring ex:raises ex:scores .",
    "this:assertion ex:says <http://purl.org/aida/Tutoring+raises+scores+by+%C2%BC.> .",
)


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[ekb.KnowledgeBase]:
    with opened(tmp_path / "theirs") as kb:
        yield kb


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "mine", {"pack.yaml": MANIFEST.replace(BASE, "https://example.com/mine/")})


def text_file(folder: Path, text: str, name: str = "one.trig") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def record(pack: Path, kind: str, id: str) -> dict[str, Any]:
    """A record of a pack as plain data, defaults left out."""
    from evidencekb.curating.opening import open_pack

    (found,) = [dict(data) for data in open_pack(pack).plain(kind) if data["id"] == id]
    return KINDS[kind].model_validate(found).model_dump(mode="json", exclude_defaults=True, by_alias=True)


def test_one_of_ours_comes_back_with_every_field(kb: ekb.KnowledgeBase, pack: Path, tmp_path: Path) -> None:
    write_nanopubs(kb, tmp_path / "out")
    report = import_nanopubs(tmp_path / "out", into=pack)
    assert report.ok
    assert (report.read, report.added, report.sources) == (2, (FINDING,), ("audit2024", "news2024"))
    assert report.records == {"organization": 1, "concept": 2, "cohort": 2, "definition": 2}
    assert [left.why for left in report.merged] == ["it is an index of others, and holds no finding"]
    assert record(pack, "finding", FINDING) == kb.record("finding", FINDING)
    for kind, id in (("cohort", "young-applicants"), ("definition", "any-reply"), ("concept", "replies")):
        assert record(pack, kind, id) == kb.record(kind, id)


def test_nobody_s_word_is_taken_for_who_gains(kb: ekb.KnowledgeBase, pack: Path, tmp_path: Path) -> None:
    write_nanopubs(kb, tmp_path / "out")
    import_nanopubs(tmp_path / "out", into=pack)
    theirs = kb.record("source", "audit2024")
    reason = f"A nanopublication says independent: {theirs['vendor_reason']} Nobody here has looked."
    assert record(pack, "source", "audit2024") == {**theirs, "vendor": "unknown", "vendor_reason": reason}
    refused = ekb.check(pack, today=TODAY)
    assert {violation.code for violation in refused.errors if violation.subject.id == "audit2024"} == {"EKB201"}
    # A person decides, and it stands as it stood elsewhere.
    path = pack / "sources" / "out.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("vendor: unknown", "vendor: independent", 1), encoding="utf-8")
    assert "EKB201" not in codes(ekb.check(pack, today=TODAY))


def test_done_again_it_changes_nothing_and_dry_it_writes_nothing(
    kb: ekb.KnowledgeBase, pack: Path, tmp_path: Path
) -> None:
    write_nanopubs(kb, tmp_path / "out")
    before = files_of(pack)
    assert import_nanopubs(tmp_path / "out", into=pack, dry=True).added == (FINDING,)
    assert files_of(pack) == before
    assert len(import_nanopubs(tmp_path / "out", into=pack).files) == 6
    after = files_of(pack)
    again = import_nanopubs(tmp_path / "out", into=pack)
    assert (again.added, len(again.merged), again.skipped, again.files) == ((), 2, (), ())
    assert files_of(pack) == after


def test_another_finding_of_the_same_id_is_not_overwritten(kb: ekb.KnowledgeBase, pack: Path, tmp_path: Path) -> None:
    write_nanopubs(kb, tmp_path / "out")
    import_nanopubs(tmp_path / "out", into=pack)
    with opened(tmp_path / "new", {"findings.0.statement": "The same in other words."}) as new:
        (made,) = nanopubs(new)
    report = import_nanopubs(text_file(tmp_path, made.text), into=pack)
    assert not report.ok
    assert str(report.skipped[0]) == (
        "one.trig: the pack holds another finding 'audit-2024-replies', with other statement; look at both"
    )


def test_a_source_that_the_pack_has_under_another_key_is_that_one(
    kb: ekb.KnowledgeBase, pack: Path, tmp_path: Path
) -> None:
    mine = (
        "sources:\n  - {id: mine2024, kind: journal_article, title: Mine, doi: 10.5555/AUDIT.2024, vendor: unknown}\n"
    )
    write_pack(pack, {"pack.yaml": MANIFEST, "sources/mine.yaml": mine})
    (made,) = nanopubs(kb)
    report = import_nanopubs(text_file(tmp_path, made.text), into=pack)
    assert report.sources == ("news2024",)
    citations = record(pack, "finding", FINDING)["citations"]
    assert [(cited["source"], cited.get("taken_from")) for cited in citations] == [
        ("mine2024", None),
        ("news2024", "mine2024"),
    ]
    assert import_nanopubs(text_file(tmp_path, made.text), into=pack).ok


def test_of_others_the_sentence_and_the_primary_source_are_taken_and_nothing_else(pack: Path, tmp_path: Path) -> None:
    report = import_nanopubs(text_file(tmp_path, AIDA), into=pack)
    (id,) = report.added
    assert report.sources == ("doi:10.5555/tutoring",)
    finding = record(pack, "finding", id)
    assert finding.pop("provenance").pop("from") == "nanopublication <http://example.org/np/1/>, without a trusty IRI"
    assert finding == {
        "id": id,
        "headline": "Tutoring raises scores by ¼.",
        "statement": "What a nanopublication says, in its own words: Tutoring raises scores by ¼.",
        "nature": "observed",
        "design": "not_recorded",
        "preregistered": {"state": "unknown"},
        "sample": {"none_because": "not_seen"},
        "no_interval": "not_seen",
        "citations": [{"source": "doi:10.5555/tutoring", "role": "primary", "read": {"what": "nothing"}}],
    }
    refused = {violation.code for violation in ekb.check(pack, today=TODAY).errors}
    assert "EKB201" in refused
    assert (
        import_nanopubs(text_file(tmp_path, AIDA, "again.trig"), into=pack).merged[0].why == "it is in the pack already"
    )


@pytest.mark.parametrize(
    ("old", "new", "headline"),
    [
        ("  this: dct:created", '  this: dct:title "\\u202EA label\\u0004\\n of two lines" ; dct:created',
         "A label of two lines"),
        ("  ex:tutoring ex:raises", '  this:assertion dct:title "Titel"@de, "Title"@en . ex:tutoring ex:raises', "Title"),
        ("  ex:tutoring ex:raises", '  this:assertion dct:description "What it says" . ex:tutoring ex:raises', "What it says"),
        ("ex:scores ex:by", "<http://example.org/test_scores> ex:by", "tutoring raises scores; test scores by 0.370"),
    ],
)  # fmt: skip
def test_a_sentence_is_looked_for_in_label_title_description_and_statements(
    old: str, new: str, headline: str, pack: Path, tmp_path: Path
) -> None:
    report = import_nanopubs(text_file(tmp_path, changed(old, new)), into=pack)
    assert record(pack, "finding", report.added[0])["headline"] == headline
    assert bool([loss for loss in report.losses if "spelled" in loss]) == headline.startswith("tutoring")


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("<http://dx.doi.org/10.5555/Tutoring>", {"doi": "10.5555/tutoring"}),
        ("<http://www.ncbi.nlm.nih.gov/pubmed/17768231>", {"pmid": "17768231"}),
        ("<http://identifiers.org/pubmed/17768231>", {"pmid": "17768231"}),
        ('"10.5555/tutoring"', {"doi": "10.5555/tutoring"}),
        ("<https://example.org/report.html>", {"url": "https://example.org/report.html"}),
    ],
)
def test_a_primary_source_is_a_published_item(source: str, fields: dict[str, str], pack: Path, tmp_path: Path) -> None:
    text = changed("<https://doi.org/10.5555/tutoring>", source, AIDA)
    report = import_nanopubs(text_file(tmp_path, text), into=pack)
    undecided = {"vendor": "unknown", "vendor_reason": "Named by a nanopublication. Nobody here has looked."}
    kept = record(pack, "source", report.sources[0])
    assert kept == {"id": report.sources[0], "kind": "web_page", **undecided, **fields}


def test_a_source_that_is_not_said_to_be_primary_is_none(pack: Path, tmp_path: Path) -> None:
    report = import_nanopubs(
        text_file(tmp_path, changed("prov:hadPrimarySource", "prov:wasDerivedFrom", AIDA)), into=pack
    )
    assert record(pack, "finding", report.added[0])["citations"] == [
        {
            "source": "doi:10.5555/tutoring", "role": "secondary", "names": "unknown", "taken_from": "unknown",
            "read": {"what": "nothing"},
        }
    ]  # fmt: skip
    assert "EKB101" in {violation.code for violation in ekb.check(pack, today=TODAY).errors}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("0.370", "much", "one.trig:17: it is not valid: 'much' is no value of its datatype"),
        (
            "<https://doi.org/10.5555/tutoring>",
            "this:me",
            "the primary source that its provenance names is no published item",
        ),
        (
            "https://doi.org/10.5555/tutoring",
            f"https://example.org/{'a' * 4_000}",
            "aaa… cannot be recorded: String should have at most 4000 characters",
        ),
        ("np/1/>", f"{'n' * 2_000}/>", "its IRI has 2,020 characters, and 2,000 can be kept"),
        ("prov:hadPrimarySource <https", "prov:wasAttributedTo <https", "its provenance names no source by DOI"),
        ("ex:says", "<http://purl.org/nanopub/x/retracts>", "it retracts another, and holds no finding"),
    ],
)
def test_what_cannot_be_a_finding_is_skipped_with_the_reason(
    old: str, new: str, why: str, pack: Path, tmp_path: Path
) -> None:
    before = files_of(pack)
    report = import_nanopubs(text_file(tmp_path, changed(old, new, AIDA)), into=pack)
    assert not report.ok
    assert why in str(report.skipped[0])
    assert files_of(pack) == before


def test_one_of_ours_that_somebody_changed_is_refused_for_it(kb: ekb.KnowledgeBase, pack: Path, tmp_path: Path) -> None:
    (made,) = nanopubs(kb)
    assert "it is not valid: its trusty IRI ends with" in str(
        import_nanopubs(text_file(tmp_path, made.text.replace('"12"', '"13"')), into=pack)
    )
    code = made.iri.rpartition("/")[2]
    for old, new, why in (
        ("ekb:Measure-percent_change", "ekb:Measure-miles", "no term of Measure"),
        ('schema:unitText "%"', 'schema:unitText "%", "pp"', "has 2 values of <https://schema.org/unitText>"),
        ('schema:value "12"^^xsd:integer', "schema:value ekb:twelve", "a number is expected"),
        ('rdfs:label "Applications', 'rdfs:label "\\uFFFE', "headline: Value error, holds the control character"),
        ('rdfs:label "Applications', 'rdfs:seeAlso "Applications', "headline: Field required"),
    ):
        untrusty = made.text.replace(code, "1").replace(old, new)
        report = import_nanopubs(text_file(tmp_path, untrusty), into=pack)
        assert why in str(report.skipped[0]), report


def test_each_of_several_in_a_file_is_taken_by_itself(pack: Path, tmp_path: Path) -> None:
    second = changed("0.370", "much", changed("np/1/", "np/2/"))
    report = import_nanopubs(text_file(tmp_path, NANOPUB + second), into=pack)
    assert (report.read, len(report.added)) == (2, 1)
    assert [(left.iri, left.line) for left in report.skipped] == [("http://example.org/np/2/", 17 + 26)]


def test_a_folder_without_one_and_a_pack_that_is_none_are_refused(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InterchangeError, match="holds no file of TriG, TriX, N-Quads or JSON-LD"):
        import_nanopubs(tmp_path / "empty", into=pack)
    with pytest.raises(ekb.CurationError, match="it is no pack"):
        import_nanopubs(text_file(tmp_path, AIDA), into=tmp_path / "empty")


def test_the_valid_ones_of_the_suite_are_taken_or_skipped_with_a_reason(
    shared: Path, pack: Path, tmp_path: Path
) -> None:
    (tmp_path / "suite").mkdir()
    for path in sorted((shared / SUITE / "valid").rglob("*.*")):
        (tmp_path / "suite" / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    report = import_nanopubs(tmp_path / "suite", into=pack)
    assert (report.read, len(report.added), len(report.merged), len(report.skipped)) == (51, 12, 2, 37)
    headlines = {record(pack, "finding", id)["headline"] for id in report.added}
    assert {
        "IpaB secretion promotes caspase-1 activation and macrophage apoptosis.",
        "mosquito transmits malaria",
    } <= headlines
    refused = {violation.subject.id for violation in ekb.check(pack, today=TODAY).errors}
    assert {*report.added, *report.sources} & refused
    assert not any(left.why.startswith("it is not valid") for left in report.skipped)
