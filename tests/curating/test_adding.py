"""Sources added from identifiers, over real HTTP to a server on this machine, and from bibliographies."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.curating.adding import add_from_file, add_source
from evidencekb.curating.additions import Addition
from evidencekb.curating.opening import open_pack
from evidencekb.curating.shelf import Match
from evidencekb.errors import ChangedMeanwhileError, CurationError, EvidenceError, LookupFailed, UnknownIdError
from evidencekb.sources.bibtex import read_bibtex
from tests.curating.small import BIB, client_of, files_of, serve, small_pack, unchanged, with_reason
from tests.packs import codes, write_pack
from tests.sources.loopback import Asked, Loopback, Reply
from tests.sources.services.test_arxiv import FEED

DOI = "doi:10.5555/psy.1"
TODAY = datetime.date(2026, 1, 20)
HINTS = (
    "undecided: publisher Example Maker, Inc. (maker sells tests); author employer Example Lab "
    "(lab, part of maker, sells tests); author employer A University (no organisation of this pack)"
)


def added(pack: Path, server: Loopback, identifier: str = DOI, **options: Any) -> Addition:
    with client_of(server) as client:
        return add_source(pack, identifier, client=client, today=TODAY, **options)


def record(pack: Path, file: str) -> dict[str, Any]:
    """The one source that a file holds."""
    from evidencekb.store.nodes import parse, plain

    node = parse((pack / file).read_text(encoding="utf-8"))
    assert node is not None
    (found,) = plain(node)["sources"]
    return dict(found)


# What is written


def test_a_work_gets_an_entry_a_record_and_hints_and_no_flag(pack: Path, server: Loopback) -> None:
    serve(server)
    done = added(pack, server)
    assert (done.key, done.kind, done.service) == ("carberry2021cracks", "journal_article", "crossref")
    assert done.files == ("references.bib", "sources/carberry2021cracks.yaml")
    text = (pack / "references.bib").read_text()
    assert text.startswith(BIB)
    assert text.removeprefix(BIB).startswith("\n@article{carberry2021cracks,\n  author = {Carberry, Josiah},\n")
    source = record(pack, "sources/carberry2021cracks.yaml")
    assert source.pop("standing").keys() == {"checked_on"}
    assert source == {
        "id": "carberry2021cracks",
        "kind": "journal_article",
        "vendor": "unknown",
        "vendor_reason": HINTS,
        "interests": [{"organization": "maker", "tie": "publisher"}, {"organization": "lab", "tie": "author_employer"}],
    }


def test_check_refuses_it_until_a_person_has_decided(pack: Path, server: Loopback) -> None:
    serve(server)
    file = pack / added(pack, server).files[1]
    (error,) = ekb.check(pack).errors
    assert (error.code, error.subject.id) == ("EKB202", "carberry2021cracks")
    assert "still has the hints it was added with in place of a reason" in error.message
    file.write_text(with_reason(file.read_text()))
    assert ekb.check(pack).ok
    assert ekb.load(pack).record("source", "carberry2021cracks")["vendor"] == "vendor"


def test_only_the_bodies_the_pack_knows_become_interests(pack: Path, server: Loopback) -> None:
    serve(server, publisher="Unheard-of Press", author=[{"family": "Carberry"}])
    source = record(pack, added(pack, server).files[1])
    assert "interests" not in source
    assert source["vendor_reason"] == "undecided: publisher Unheard-of Press (no organisation of this pack)"


def test_a_funder_is_known_by_its_ror_id_whatever_it_is_called(pack: Path, server: Loopback) -> None:
    funder = {"name": "The Maker Fund", "id": [{"id": "https://ror.org/02mhbdp94", "id-type": "ROR"}]}
    serve(server, publisher="A Press", author=[], funder=[funder])
    assert str(added(pack, server).hints[0]) == "funder The Maker Fund (maker sells tests)"


def test_a_work_that_was_retracted_is_marked_so_from_the_start(pack: Path, server: Loopback) -> None:
    notice = {"DOI": "10.5555/notice", "type": "retraction", "updated": {"date-parts": [[2022, 3, 1]]}}
    serve(server, updated_by=[notice])
    done = added(pack, server)
    (event,) = record(pack, done.files[1])["standing"]["events"]
    assert (event["status"], event["on"]) == ("retracted", "2022-03-01")
    assert "retracted" in str(done)


def test_what_is_not_kept_is_named(pack: Path, server: Loopback) -> None:
    serve(server, abstract="<jats:p>We look at pots.</jats:p>", subject=["Pots"])
    lost = {loss.field: loss.reason for loss in added(pack, server).losses}
    assert lost.pop("author.affiliation") == "no part of a reference; it stands among the facts"
    assert lost == {"subject": "CSL has no place for it", "abstract": "a text of others, which is not copied"}
    assert "pots" not in (pack / "references.bib").read_text()


def test_what_no_registry_knows_is_named_and_not_invented(pack: Path, server: Loopback) -> None:
    serve(server, title=[], author=[], volume=None, issued={"date-parts": [[None]]}, container_title=[])
    done = added(pack, server)
    assert done.key == "examplemakerinc"
    assert done.unknown == ("title", "authors", "published_on", "container", "volume")
    assert read_bibtex((pack / "references.bib").read_text(), "").items[-1].keys() == {
        "id", "type", "publisher", "DOI",
    }  # fmt: skip


def test_the_key_and_the_kind_are_those_asked_for(pack: Path, server: Loopback) -> None:
    serve(server)
    done = added(pack, server, key="Amphorae:2021", kind="report")
    assert (done.key, done.kind, done.files[1]) == ("Amphorae:2021", "report", "sources/amphorae-2021.yaml")
    assert record(pack, done.files[1])["kind"] == "report"


@pytest.mark.parametrize("key", ["2020", "1e5", "no", "0x1F", "null", "2020-01-01", "12:30", "y", "1_000"])
def test_a_key_that_looks_like_something_else_stays_a_key(pack: Path, server: Loopback, key: str) -> None:
    serve(server)
    done = added(pack, server, key=key, finding="1e5")
    assert done.key == key
    assert record(pack, done.files[1])["id"] == key
    file = pack / "findings" / "1e5.yaml"
    assert not [v for v in ekb.check(pack).errors if v.path[:1] == ("id",) or v.path[-1:] == ("source",)]
    assert "1e5" in {v.subject.id for v in ekb.check(pack).errors if v.place and v.place.file == "findings/1e5.yaml"}
    assert file.exists()


def test_a_pack_without_a_bibliography_gets_one(tmp_path: Path, server: Loopback) -> None:
    serve(server)
    pack = write_pack(tmp_path / "new", {})
    assert added(pack, server).files == ("references.bib", "sources/carberry2021cracks.yaml")
    assert codes(ekb.check(pack)) == {"EKB202"}


@pytest.mark.parametrize("pasted", [
    "10.5555/PSY.1", "https://doi.org/10.5555/psy.1", "http://dx.doi.org/10.5555%2Fpsy.1", "doi: 10.5555/psy.1.",
    "DOI:10.5555/psy.1", " <https://doi.org/10.5555/psy.1> ",
])  # fmt: skip
def test_an_identifier_is_taken_in_every_form_in_which_it_is_pasted(pack: Path, server: Loopback, pasted: str) -> None:
    serve(server)
    assert added(pack, server, pasted).key == "carberry2021cracks"


# Findings


def test_a_finding_is_laid_out_beside_it_and_refused_field_by_field(pack: Path, server: Loopback) -> None:
    serve(server)
    done = added(pack, server, finding="amphorae-crack")
    assert done.files[2] == "findings/amphorae-crack.yaml"
    text = (pack / done.files[2]).read_text()
    assert "- source: carberry2021cracks" in text
    assert "on: 2026-01-20" in text
    empty = {".".join(map(str, v.path)) for v in ekb.check(pack).errors if v.subject.id == "amphorae-crack"}
    assert {
        "headline",
        "statement",
        "nature",
        "design",
        "cohorts.0.cohort",
        "about.0.concept",
        "sample.counts.0.n",
    } <= empty
    assert {"citations.0.read.what", "citations.0.prints.main", "estimates.0.outcome"} <= empty


def test_for_a_source_that_is_there_only_the_finding_is_written(pack: Path, server: Loopback) -> None:
    before = files_of(pack)
    done = added(pack, server, "doi:10.5555/AUDIT.2024", finding="replies-rise")
    assert done.there == Match("doe2024replies", "doi 10.5555/audit.2024", same=True)
    assert done.files == ("findings/replies-rise.yaml",)
    assert files_of(pack).keys() - before.keys() == {"findings/replies-rise.yaml"}
    assert server.asked == []


@pytest.mark.parametrize(
    ("id", "says"),
    [("Amphorae crack", "is no id of a finding"), ("-x", "is no id"), ("a/b", "is no id"), ("", "is no id")],
)
def test_a_finding_needs_an_id_that_it_can_have(pack: Path, server: Loopback, id: str, says: str) -> None:
    with unchanged(pack), pytest.raises(CurationError, match=says):
        added(pack, server, finding=id)
    assert server.asked == []


def test_a_finding_is_never_written_over_another(pack: Path, server: Loopback) -> None:
    serve(server)
    added(pack, server, finding="amphorae-crack")
    with unchanged(pack), pytest.raises(CurationError, match="a finding 'amphorae-crack' stands already"):
        added(pack, server, "doi:10.5555/audit.2024", finding="amphorae-crack")


# What is there already


def test_a_work_that_is_there_is_found_before_anybody_is_asked(pack: Path, server: Loopback) -> None:
    with unchanged(pack):
        done = added(pack, server, "https://doi.org/10.5555/audit.2024")
    assert (done.key, done.files, server.asked) == ("doe2024replies", (), [])
    assert str(done) == (
        "doe2024replies: is there already (same doi 10.5555/audit.2024)\n  nothing was written"
    )  # fmt: skip


def test_a_work_that_is_there_under_no_identifier_is_found_by_what_it_is(pack: Path, server: Loopback) -> None:
    serve(server, DOI="10.5555/new", title=["Replies to Applications"], author=[{"family": "Doe", "given": "A."}],
          issued={"date-parts": [[2024]]}, volume="1", container_title=["J. of Studies"])  # fmt: skip
    (pack / "references.bib").write_text(BIB.replace(",\n  doi     = {10.5555/audit.2024}", ""))
    with unchanged(pack):
        done = added(pack, server, "10.5555/new")
    assert done.there == Match("doe2024replies", "title and first author", same=True)


def test_an_entry_without_a_record_gets_its_record_and_stays_as_it_is(pack: Path, server: Loopback) -> None:
    entry = "\n@article{Loose2020, title = {Cracks in amphorae}, doi = {10.5555/psy.1}}\n"
    (pack / "references.bib").write_text(BIB + entry)
    serve(server)
    done = added(pack, server)
    assert (done.key, done.files) == ("Loose2020", ("sources/loose2020.yaml",))
    assert (pack / "references.bib").read_text() == BIB + entry
    assert record(pack, "sources/loose2020.yaml")["authors"] == [{"family": "Carberry", "given": "Josiah"}]
    assert done.unknown == ()
    assert codes(ekb.check(pack)) == {"EKB202"}


def test_what_an_entry_has_is_not_called_unknown(pack: Path, tmp_path: Path) -> None:
    (pack / "references.bib").write_text(
        "@article{Loose, title={Pots}, author={Roe, B.}, year=2020, journal={J}, volume=1}\n"
    )
    path = tmp_path / "mine.bib"
    path.write_text("@article{p, title = {Pots}, author = {Roe, B.}, doi = {10.5555/pots}}")
    (done,) = add_from_file(pack, path)
    assert (done.key, done.unknown, done.fields["container"]) == ("Loose", (), "J")
    assert record(pack, "sources/loose.yaml")["doi"] == "10.5555/pots"


def test_a_source_of_a_pack_that_this_one_extends_is_there(tmp_path: Path, pack: Path, server: Loopback) -> None:
    child = write_pack(tmp_path / "child", {"pack.yaml": "name: child\nversion: 1.0.0\nextends: ../pack\n"})
    with unchanged(child):
        assert added(child, server, "doi:10.5555/audit.2024").key == "doe2024replies"
    assert server.asked == []


# Versions


def test_another_version_that_the_registry_names_is_offered(pack: Path, server: Loopback) -> None:
    relation = {"is-version-of": [{"id-type": "doi", "id": "10.5555/audit.2024", "asserted-by": "subject"}]}
    serve(server, relation=relation)
    done = added(pack, server)
    assert done.version_of == Match("doe2024replies", "the registry: is version of doi:10.5555/audit.2024", same=False)
    assert "looks like another version of 'doe2024replies'" in str(done)
    assert "work" not in record(pack, done.files[1])


def test_a_work_that_names_itself_as_its_version_has_none(pack: Path, server: Loopback) -> None:
    serve(server, relation={"is-version-of": [{"id-type": "doi", "id": "10.5555/PSY.1", "asserted-by": "subject"}]})
    done = added(pack, server)
    assert (done.version_of, done.versions) == (None, ())


def test_a_version_that_the_pack_lacks_is_only_named(pack: Path, server: Loopback) -> None:
    serve(server, relation={"has-preprint": [{"id-type": "doi", "id": "10.5555/pre", "asserted-by": "object"}]})
    done = added(pack, server)
    assert (done.version_of, done.versions) == (None, ("has preprint doi:10.5555/pre",))


def test_title_and_author_tell_a_version_under_another_doi(pack: Path, server: Loopback) -> None:
    serve(
        server, DOI="10.5555/pre", type="posted-content", title=["Replies to applications"], author=[{"family": "Doe"}]
    )
    done = added(pack, server, "10.5555/pre")
    assert done.version_of == Match("doe2024replies", "title and first author", same=False)
    assert done.files != ()


def test_the_second_version_of_a_preprint_is_another_source(pack: Path, server: Loopback) -> None:
    server.routes["/arxiv/query"] = Reply(200, FEED.encode(), {"Content-Type": "application/atom+xml"})
    done = added(pack, server, "arXiv:2303.99999v2")
    assert done.version_of == Match("roe2023pots", "arxiv 2303.99999", same=False)
    assert "eprint = {2303.99999v2}" in (pack / "references.bib").read_text()


def test_the_first_version_of_a_preprint_is_there(pack: Path, server: Loopback) -> None:
    with unchanged(pack):
        assert added(pack, server, "arXiv:2303.99999v1").there is not None
    assert server.asked == []


def test_a_version_shares_the_work_of_the_other(pack: Path, server: Loopback) -> None:
    serve(server)
    assert record(pack, added(pack, server, version_of="doe2024replies").files[1])["work"] == "replies"


def test_a_version_of_a_source_that_names_no_work_gives_both_one(pack: Path, server: Loopback) -> None:
    serve(server)
    before = (pack / "base.yaml").read_text()
    done = added(pack, server, version_of="roe2023pots")
    assert record(pack, done.files[1])["work"] == "roe2023pots"
    after = (pack / "base.yaml").read_text()
    assert [line for line in after.splitlines() if line not in before.splitlines()] == ["    work: roe2023pots"]


def test_a_record_in_braces_is_given_no_work(pack: Path, server: Loopback) -> None:
    serve(server)
    (pack / "more.yaml").write_text(
        "sources:\n  - {id: memo, kind: report, title: A memo, url: https://example.org/memo}\n"
    )
    says = r"more.yaml:2: its record stands in braces; .*write 'work: memo' into it first; nothing was added"
    with unchanged(pack), pytest.raises(CurationError, match=says):
        added(pack, server, version_of="memo")


def test_who_wrote_a_work_is_no_publisher_and_others_are_nobody(pack: Path, server: Loopback) -> None:
    serve(server, publisher="A Press", author=[{"name": "Example Lab"}, {"name": "others"}])
    source = record(pack, added(pack, server).files[1])
    assert source["vendor_reason"] == (
        "undecided: author Example Lab (lab, part of maker, sells tests); publisher A Press (no organisation of this pack)"
    )
    assert source["interests"] == [{"organization": "lab", "tie": "author_employer"}]


# Refusals


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"key": "doe2024replies"}, CurationError, "the key 'doe2024replies' stands already; give another one"),
        ({"key": "Müller 2020"}, CurationError, "the key 'Müller 2020' is no citation key"),
        ({"key": ""}, CurationError, "is no citation key"),
        ({"kind": "jurnal_article"}, UnknownIdError, "Did you mean 'journal_article'"),
        ({"kind": "zzz"}, UnknownIdError, "no kind of source has the id 'zzz'. Did you mean 'journal_article' or"),
        ({"version_of": "doe2024reply"}, UnknownIdError, "Did you mean 'doe2024replies'"),
        ({"identifier": "docket:3:23-cv-00770"}, CurationError, "no service has every docket; .*nothing was added"),
        ({"identifier": "a paper on pots"}, CurationError, "is not an identifier; .*nothing was added"),
        ({"identifier": ""}, CurationError, "nothing was added"),
    ],
)
def test_what_cannot_be_added_as_asked_changes_nothing(
    pack: Path, server: Loopback, options: dict[str, Any], error: type[EvidenceError], says: str
) -> None:
    serve(server)
    with unchanged(pack), pytest.raises(error, match=says):
        added(pack, server, **options)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (None, "not_found"),
        (Reply(503), "busy"),
        (Reply(200, b'{"message": {"DOI"'), "unreadable"),
        (Reply(403), "refused"),
    ],
)
def test_a_work_that_nobody_could_tell_of_changes_nothing(
    pack: Path, server: Loopback, reply: Reply | None, reason: str
) -> None:
    if reply is not None:
        server.routes["/crossref/works/10.5555/psy.1"] = reply
    with unchanged(pack), pytest.raises(LookupFailed) as caught:
        added(pack, server)
    assert caught.value.reason == reason


def test_offline_a_work_comes_from_what_is_kept_or_not_at_all(tmp_path: Path, pack: Path, server: Loopback) -> None:
    cache = tmp_path / "cache"
    with unchanged(pack), client_of(server, cache=cache, offline=True) as client, pytest.raises(LookupFailed) as caught:
        add_source(pack, DOI, client=client)
    assert caught.value.reason == "offline"
    serve(server)
    with client_of(server, cache=cache) as client:
        add_source(small_pack(tmp_path / "other"), DOI, client=client)
    asked = len(server.asked)
    with client_of(server, cache=cache, offline=True) as client:
        assert add_source(pack, DOI, client=client).key == "carberry2021cracks"
    assert len(server.asked) == asked


def test_notices_that_could_not_be_asked_for_are_said_and_not_taken_for_good(pack: Path, server: Loopback) -> None:
    serve(server)
    server.routes["/crossref/works"] = Reply(500)
    done = added(pack, server)
    assert done.standing is not None
    assert not done.standing.suggested
    assert "standing" not in record(pack, done.files[1])
    assert "could not check" in str(done)


# Nothing half-written


def while_asked(server: Loopback, what: Callable[[], object]) -> None:
    """Let something happen while the service is asked."""
    serve(server)
    answer = server.routes["/crossref/works/10.5555/psy.1"]
    assert isinstance(answer, Reply)

    def busy(asked: Asked) -> Reply:
        what()
        return answer

    server.routes["/crossref/works/10.5555/psy.1"] = busy


def test_a_bibliography_that_changes_while_the_service_is_asked_is_left_as_it_is(pack: Path, server: Loopback) -> None:
    """Somebody else adds the same work under the same key."""
    theirs = BIB + "\n@article{carberry2021cracks, title = {Cracks}, doi = {10.5555/psy.1}}\n"
    while_asked(server, lambda: (pack / "references.bib").write_text(theirs))
    with pytest.raises(ChangedMeanwhileError, match=r"references.bib was changed by somebody else"):
        added(pack, server)
    assert (pack / "references.bib").read_text() == theirs
    assert not (pack / "sources").exists()


def test_a_bibliography_that_appears_meanwhile_is_left_as_it_is(tmp_path: Path, server: Loopback) -> None:
    pack = write_pack(tmp_path / "new", {})
    while_asked(server, lambda: (pack / "references.bib").write_text(BIB))
    with pytest.raises(ChangedMeanwhileError):
        added(pack, server)
    assert files_of(pack).keys() == {"pack.yaml", "references.bib"}


@pytest.mark.parametrize("in_the_way", ["references.bib", "sources", "findings"])
def test_what_cannot_be_written_is_not_written_in_part(pack: Path, server: Loopback, in_the_way: str) -> None:
    """A folder stands where a file should be, or a file where a folder should be."""
    serve(server)
    path = pack / in_the_way
    if path.suffix:
        path.unlink()
        path.mkdir()
    else:
        path.write_text("")
    with (
        unchanged(pack),
        pytest.raises((OSError, CurationError), match=r"Is a directory|is no folder of the pack's own"),
    ):
        added(pack, server, finding="amphorae-crack")


def test_a_bibliography_with_an_entry_that_cannot_be_read_is_mended_first(pack: Path, server: Loopback) -> None:
    (pack / "references.bib").write_text(BIB + "@article{broken, title = {One\n")
    says = r"references.bib:12: the entry that starts here cannot be read: .*Mend this first; nothing was added"
    with unchanged(pack), pytest.raises(CurationError, match=says):
        added(pack, server)
    assert server.asked == []


def test_a_folder_that_is_no_pack_is_left_alone(tmp_path: Path, server: Loopback) -> None:
    with pytest.raises(CurationError, match=r"holds no pack.yaml, so it is no pack; nothing was added"):
        added(tmp_path, server)
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        added(tmp_path / "none", server)


# From a bibliography


MINE = """\
@string{jos = "Journal of Studies"}
@article{Noy2023, title = {Evidence}, author = {Noy, S.}, year = 2023, journal = jos, volume = 2, doi = {10.5555/noy},
  keywords = {mine}}
@article{doe, title = {Replies to applications}, author = {Doe, Ada}, doi = {10.5555/audit.2024}}
@article{twice, title = {Twice}, year = 2020, year = 2021, journal = jos}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.bib"
    path.write_text(MINE)
    return path


def test_an_entry_of_a_file_is_copied_word_for_word_under_its_key(pack: Path, mine: Path) -> None:
    (done,) = add_from_file(pack, mine, ["Noy2023"])
    assert done.files == ("references.bib", "sources/noy2023.yaml")
    copied = MINE[MINE.index("@article{Noy") : MINE.index("@article{doe")].replace("jos", "{Journal of Studies}")
    assert (pack / "references.bib").read_text() == BIB + "\n" + copied
    assert mine.read_text() == MINE
    assert codes(ekb.check(pack)) == {"EKB202"}


def test_several_entries_come_in_the_order_named(pack: Path, mine: Path) -> None:
    first, second, third = add_from_file(pack, mine, ["twice", "Noy2023", "doe"])
    assert (first.key, second.key, third.key) == ("twice", "Noy2023", "doe2024replies")
    assert third.there is not None
    assert [v.code for v in first.violations] == ["EKB501"]
    assert "the field 'year' stands at line 5 too" in str(first)
    assert second.violations == ()


def test_keys_that_differ_in_capitals_alone_get_two_files(pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "two.bib"
    path.write_text("@misc{Roe, title = {One}, doi = {10.5555/1}}\n@misc{roe, title = {Two}, doi = {10.5555/2}}\n")
    first, second = add_from_file(pack, path, ["Roe", "roe"])
    assert (first.files[1], second.files[1]) == ("sources/roe.yaml", "sources/roe-2.yaml")
    assert {"Roe", "roe"} <= open_pack(pack).sources


def test_a_record_that_was_written_before_its_entry_gets_it(tmp_path: Path, mine: Path) -> None:
    bare = "sources:\n  - id: Noy2023\n    kind: report\n    vendor: independent\n    vendor_reason: Read.\n"
    pack = write_pack(tmp_path / "bare", {"sources/noy.yaml": bare})
    (done,) = add_from_file(pack, mine, ["Noy2023"])
    assert (done.key, done.files) == ("Noy2023", ("references.bib",))
    assert ekb.load(pack).record("source", "Noy2023")["title"] == "Evidence"


def test_one_entry_needs_no_name_and_several_do(pack: Path, tmp_path: Path, mine: Path) -> None:
    with (
        unchanged(pack),
        pytest.raises(CurationError, match=r"holds 3 entries; name those to add, or take all of them"),
    ):
        add_from_file(pack, mine)
    one = tmp_path / "one.ris"
    one.write_text("TY  - JOUR\nTI  - Alone\nAU  - Roe, B.\nPY  - 2022\nER  - \n")
    (done,) = add_from_file(pack, one)
    assert done.key == "roe2022alone"


def test_an_entry_of_a_file_in_another_encoding_says_so(pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.bib"
    path.write_bytes("@book{mueller, title = {Töpfe}, publisher = {Ausgräber}}".encode("cp1252"))
    (done,) = add_from_file(pack, path)
    assert done.fields["title"] == "Töpfe"
    assert "not UTF-8; it was read as cp1252" in str(done)
    assert json.loads(json.dumps(done.to_dict()))["violations"][0]["code"] == "EKB501"


@pytest.mark.parametrize(
    ("text", "keys", "options", "error", "says"),
    [
        (MINE, ["Noy2024"], {}, UnknownIdError, "no entry of mine.bib has the id 'Noy2024'. Did you mean 'Noy2023'"),
        (MINE, ["Noy2023", "none"], {}, UnknownIdError, "no entry of mine.bib has the id 'none'"),
        (MINE, ["Noy2023", "doe"], {"finding": "x"}, CurationError, "belongs to one entry"),
        (MINE, ["Noy2023", "doe"], {"version_of": "doe2024replies"}, CurationError, "belongs to one entry"),
        ("", [], {}, CurationError, r"holds no work that can be read \(it is empty\); nothing was added"),
        ("@misc{a, title = {", [], {}, CurationError, "holds no work that can be read .error: .* cannot be read"),
    ],
)
def test_what_a_file_cannot_give_changes_nothing(
    pack: Path, mine: Path, text: str, keys: list[str], options: dict[str, Any], error: type[Exception], says: str
) -> None:
    mine.write_text(text)
    with unchanged(pack), pytest.raises(error, match=says):
        add_from_file(pack, mine, keys, **options)


def test_an_addition_is_plain_data_too(pack: Path, server: Loopback) -> None:
    serve(server, relation={"has-preprint": [{"id-type": "doi", "id": "10.5555/pre", "asserted-by": "object"}]})
    data = json.loads(json.dumps(added(pack, server).to_dict()))
    assert (data["key"], data["there"], data["versions"]) == (
        "carberry2021cracks",
        None,
        ["has preprint doi:10.5555/pre"],
    )
    assert data["hints"][0]["sells"] == ["tests"]
    assert data["standing"]["source"] == "doi:10.5555/psy.1"
    assert data["fields"]["published_on"] == "2021-04-02"


@pytest.mark.parametrize(
    ("affiliation", "organization"),
    [
        ("Example Lab", "lab"),
        ("Department of Pots, Example Lab, Marquette, WI, USA", "lab"),
        ("Example Labyrinth, USA", None),
    ],
)
def test_an_employer_is_known_by_a_part_of_its_address(
    pack: Path, server: Loopback, affiliation: str, organization: str | None
) -> None:
    serve(server, author=[{"family": "Carberry", "affiliation": [{"name": affiliation}]}])
    (hint,) = [each for each in added(pack, server).hints if each.body.tie == "author_employer"]
    assert hint.organization == organization
