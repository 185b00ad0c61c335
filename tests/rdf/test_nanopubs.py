"""Findings as nanopublications: what is in one, that it stays itself, and how a changed one replaces it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.errors import InterchangeError
from evidencekb.rdf import Nanopub, check_nanopub, nanopubs, write_nanopubs
from evidencekb.rdf.nano.checking import checked
from evidencekb.rdf.nano.rules import Parts
from evidencekb.rdf.nano.statements import Literal
from evidencekb.rdf.terms import PREFIXES
from tests.rdf.nanopubs import BASE, FINDING, MANIFEST, NANOPUB, ORCID, as_nquads, changed, key_file, opened

SHORT = {
    **{space: f"{prefix}:" for prefix, space in PREFIXES.items()},
    BASE: "", "http://purl.org/nanopub/x/": "npx:", "http://www.nanopub.org/nschema#": "np:",
}  # fmt: skip


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[ekb.KnowledgeBase]:
    with opened(tmp_path) as kb:
        yield kb


def parts_of(text: str | Path) -> Parts:
    ((check, parts),) = checked(text)
    assert check.ok, check
    assert parts
    return parts


def one(kb: ekb.KnowledgeBase, **options: str) -> Nanopub:
    (made,) = nanopubs(kb, **options)
    return made


def said(nanopub: Nanopub, part: str) -> set[str]:
    """What a part says, in short names; the nanopublication is ``this``."""
    spaces = {**SHORT, f"{nanopub.iri}/": "sub:", nanopub.iri: "this"}

    def short(value: object) -> str:
        if isinstance(value, Literal):
            return repr(value.text)
        space = max((space for space in spaces if str(value).startswith(space)), key=len, default="")
        return str(value).replace(space, spaces.get(space, ""), 1)

    return {" ".join(map(short, s[1:4])) for s in parts_of(nanopub.text).statements[part]}


def test_the_assertion_holds_the_finding_and_what_its_numbers_mean(kb: ekb.KnowledgeBase) -> None:
    assertion = said(one(kb), "assertion")
    here = f"finding/{FINDING}"
    assert {
        f"{here} rdfs:label 'Applications with a score got 12% more replies'",
        f"{here}/estimate/replies schema:value '12'",
        f"{here}/estimate/replies schema:unitText '%'",
        f"{here}/estimate/replies ekb:measure ekb:Measure-percent_change",
        f"{here}/estimate/replies ekb:definition definition/reply-in-30-days",
        f"{here}/estimate/answers/interval ekb:lower '0.5'",
        f"{here}/estimate/answers/interval ekb:upper '2.5'",
        f"{here}/sample/counts/1 ekb:sampleSize '900'",
        f"{here} ekb:cohortWithin cohort/applicants",
        "cohort/young-applicants skos:definition 'Applicants under 25.'",
        "cohort/applicants skos:prefLabel 'Applicants'",
        "definition/any-reply obo:IAO_0000115 'Share of applications that got any answer at all.'",
        "concept/replies skos:prefLabel 'replies to applications'",
    } <= assertion
    assert not any("source/" in statement or "ekb:Citation" in statement for statement in assertion)


def test_the_provenance_holds_every_hop_and_who_gains(kb: ekb.KnowledgeBase) -> None:
    here = f"finding/{FINDING}"
    assert {
        "sub:assertion prov:hadPrimarySource source/audit2024",
        "sub:assertion prov:hadPrimarySource https://doi.org/10.5555/audit.2024",
        "sub:assertion cito:citesAsEvidence https://doi.org/10.5555/audit.2024",
        "sub:assertion prov:wasQuotedFrom source/news2024",
        "source/news2024 prov:wasQuotedFrom source/audit2024",
        "source/audit2024 ekb:vendor ekb:VendorFlag-independent",
        "source/audit2024 ekb:vendorReason 'A public institute that sells no tests; its funding page was read.'",
        "source/audit2024/interests/1 ekb:organization organization/made-up-court",
        "source/audit2024/interests/1 ekb:note 'It paid.'",
        "organization/made-up-court schema:name 'Made-up Court'",
        f"{here}/citations/1 ekb:role ekb:Role-primary",
        f"{here}/citations/2/prints/replies rdf:value '12%'",
        f"{here}/provenance ekb:by 'A curator'",
    } <= said(one(kb), "provenance")


def test_the_publication_info_says_who_when_and_under_which_licence(kb: ekb.KnowledgeBase) -> None:
    about = {
        "this rdfs:label 'Applications with a score got 12% more replies'",
        f"this npx:introduces finding/{FINDING}",
        "this npx:hasNanopubType ekb:Finding",
        "this dct:isPartOf pack",
        "this dct:created '2026-01-15T00:00:00Z'",
        "this dct:license https://creativecommons.org/licenses/by/4.0/",
    }
    curator = {"this dct:creator sub:creator", "sub:creator rdf:type prov:Agent", "sub:creator rdfs:label 'A curator'"}
    assert said(one(kb), "pubinfo") == about | curator
    assert said(one(kb, creator=ORCID), "pubinfo") == about | {f"this dct:creator {ORCID}"}


def test_a_creator_or_a_finding_that_is_none_is_refused(kb: ekb.KnowledgeBase) -> None:
    with pytest.raises(InterchangeError, match="'me' is no absolute IRI"):
        one(kb, creator="me")
    with pytest.raises(ekb.UnknownIdError, match=r"audit-2024-reply.*Did you mean 'audit-2024-replies'"):
        list(nanopubs(kb, ["audit-2024-reply"]))


def test_the_rest_of_the_pack_does_not_change_a_nanopublication(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    beside = {"claims.0.text": "Another sentence.", "concepts.+": {"id": "more", "kind": "topic", "label": "more"}}
    with opened(tmp_path / "other", beside) as other:
        assert other.digest != kb.digest
        assert list(nanopubs(other)) == list(nanopubs(kb))
    with opened(tmp_path / "changed", {"sources.0.vendor_reason": "It was looked at again."}) as changed_kb:
        assert one(changed_kb).iri != one(kb).iri


def test_a_pack_without_a_base_has_nanopublications_too(tmp_path: Path) -> None:
    with opened(tmp_path, manifest="name: example\nversion: 1.0.0\n") as kb:
        assert one(kb).iri.startswith("urn:evidencekb:example:np/RA")
        assert check_nanopub(one(kb).text).ok


def test_a_folder_is_written_whole_and_the_same_each_time(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    written = write_nanopubs(kb, tmp_path / "out", progress=lambda done, total: told.append((done, total)))
    assert (written.findings, written.kept, written.superseding, written.signed) == (1, 0, 0, False)
    assert told == [(1, 1)]
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.trig")}
    assert sorted(files) == ["_index.trig", f"{FINDING}.trig"]
    write_nanopubs(kb, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.trig")} == files
    index = Nanopub("", written.index, files["_index.trig"].decode())
    assert said(index, "assertion") == {f"this npx:includesElement {one(kb).iri.removeprefix(BASE)}"}
    assert {"this rdf:type npx:NanopubIndex", "this pav:version '1.0.0'", f"this ekb:digest '{kb.digest}'"} <= said(
        index, "pubinfo"
    )


def test_what_changed_replaces_the_earlier_one_and_what_did_not_stays(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    first, same, later, last = (tmp_path / name for name in ("first", "same", "later", "last"))
    before = write_nanopubs(kb, first)
    again = write_nanopubs(kb, same, previous=first)
    assert (again.kept, again.superseding, again.index) == (1, 0, before.index)
    assert (same / f"{FINDING}.trig").read_bytes() == (first / f"{FINDING}.trig").read_bytes()
    with opened(tmp_path / "new", {"findings.0.statement": "The same in other words."}) as new:
        replaced = write_nanopubs(new, later, previous=first)
        assert (replaced.kept, replaced.superseding) == (0, 1)
        pubinfo = parts_of(later / f"{FINDING}.trig").statements["pubinfo"]
        assert [s.object for s in pubinfo if s.predicate.endswith("supersedes")] == [one(kb).iri]
        # What replaced an earlier one is not replaced again for having done so.
        assert write_nanopubs(new, last, previous=later).kept == 1
    assert "1 as before" in str(again)


def test_an_earlier_one_in_another_form_stays_as_trig(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_nanopubs(kb, tmp_path / "first")
    path = tmp_path / "first" / f"{FINDING}.trig"
    parts, before = parts_of(path), check_nanopub(path)
    path.with_suffix(".nq").write_text(as_nquads(parts.all), encoding="utf-8")
    path.unlink()
    assert write_nanopubs(kb, tmp_path / "out", previous=tmp_path / "first").kept == 1
    assert check_nanopub(tmp_path / "out" / f"{FINDING}.trig") == before


def test_an_earlier_folder_that_was_changed_is_refused(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_nanopubs(kb, tmp_path / "first")
    path = tmp_path / "first" / f"{FINDING}.trig"
    path.write_text(path.read_text(encoding="utf-8").replace("12%", "13%"), encoding="utf-8")
    with pytest.raises(InterchangeError, match=r"replies\.trig, line \d+: it is not valid, so nothing can replace it"):
        write_nanopubs(kb, tmp_path / "out", previous=tmp_path / "first")
    path.write_text(NANOPUB + changed("np/1/", "np/2/"), encoding="utf-8")
    with pytest.raises(InterchangeError, match="it holds 2 nanopublications: give each its own file"):
        write_nanopubs(kb, tmp_path / "out", previous=tmp_path / "first")
    (tmp_path / "pack-folder").mkdir()
    with pytest.raises(InterchangeError, match="it holds no file of TriG"):
        write_nanopubs(kb, tmp_path / "out", previous=tmp_path / "pack-folder")
    with pytest.raises(NotADirectoryError):
        write_nanopubs(kb, tmp_path / "out", previous=tmp_path / "none")
    assert not (tmp_path / "out").exists()


def test_signed_ones_are_signed_by_the_creator_and_kept_for_the_same_key(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    key = key_file(tmp_path / "key", rsa.generate_private_key(65537, 2048))
    other = key_file(tmp_path / "other", rsa.generate_private_key(65537, 2048))
    written = write_nanopubs(kb, tmp_path / "signed", key=key, creator=ORCID)
    assert written.signed
    for path in (tmp_path / "signed").glob("*.trig"):
        check = check_nanopub(path)
        assert check.signature
        assert check.signature.signers == (ORCID,)
    same = write_nanopubs(kb, tmp_path / "a", key=key, creator=ORCID, previous=tmp_path / "signed")
    assert (same.kept, same.index) == (1, written.index)
    assert write_nanopubs(kb, tmp_path / "b", key=other, creator=ORCID, previous=tmp_path / "signed").superseding == 1
    assert write_nanopubs(kb, tmp_path / "c", creator=ORCID, previous=tmp_path / "signed").kept == 1


def test_a_base_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    with (
        opened(tmp_path, manifest=changed(BASE, "data/", MANIFEST)) as kb,
        pytest.raises(InterchangeError, match="base"),
    ):
        next(nanopubs(kb))


@pytest.mark.slow
def test_findings_of_the_shipped_pack_are_valid_nanopublications() -> None:
    kb = ekb.load()
    wanted = kb.ids("finding")[::12]
    checks = [check_nanopub(made.text) for made in nanopubs(kb, wanted)]
    assert len(checks) == len(wanted)
    assert all(check.ok and check.code for check in checks)
