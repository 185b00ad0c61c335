"""Retraction Watch's list, in the forms and faults that files have."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.report import Severity
from evidencekb.sources.standing.events import Outcome, events_of, outcome_of
from evidencekb.sources.standing.retraction_watch import RetractionWatch, read_retraction_watch

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,RetractionDOI,"
    "RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes"
).split(",")
ROW = {
    "Record ID": "1",
    "Title": "Replies to applications",
    "Journal": "Journal of Made-up Studies",
    "RetractionDate": "3/2/2021 0:00",
    "RetractionDOI": "10.5555/notice",
    "RetractionPubMedID": "0",
    "OriginalPaperDate": "1/10/2020 0:00",
    "OriginalPaperDOI": "10.5555/work",
    "OriginalPaperPubMedID": "12345678",
    "RetractionNature": "Retraction",
    "Reason": "+Error in Data;+Unreliable Results;",
}


def text(*rows: dict[str, str], header: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header or HEADER)
    writer.writerows([[row.get(name, "") for name in HEADER] for row in rows])
    return out.getvalue()


def read(*rows: dict[str, str], **more: str) -> RetractionWatch:
    return read_retraction_watch(text(*(rows or (ROW | more,))).encode(), file="rw.csv")


def problems(listed: RetractionWatch) -> list[tuple[str, int]]:
    return [(v.code, v.place.line if v.place else 0) for v in listed.violations]


def test_a_row_is_found_by_doi_and_by_pubmed_number() -> None:
    listed = read(OriginalPaperDOI="10.5555/WORK")
    (account,) = listed.about(doi="10.5555/work")
    assert listed.about(pmid="12345678") == (account,)
    assert listed.about(doi="10.5555/other", pmid="999") == ()
    assert (account.kind, account.on, account.notice, account.by) == (
        "retraction",
        "2021-03-02",
        "10.5555/notice",
        "Journal of Made-up Studies",
    )
    assert account.reasons == ("Error in Data", "Unreliable Results")
    assert (listed.rows, listed.newest, listed.violations) == (1, "2021-03-02", ())


def test_the_notice_is_found_as_a_notice() -> None:
    assert read().notice_of("10.5555/notice") == (("retraction", "10.5555/work"),)


@pytest.mark.parametrize(
    ("nature", "outcome"),
    [
        ("Retraction", Outcome.RETRACTED),
        ("Expression of concern", Outcome.CONCERN),
        ("Expression of Concern", Outcome.CONCERN),
        ("Correction", Outcome.CORRECTED),
        ("Reinstatement", Outcome.REINSTATED),
    ],
)
def test_each_nature_is_a_state_of_its_own(nature: str, outcome: Outcome) -> None:
    listed = read(RetractionNature=nature)
    assert outcome_of(events_of(listed.about(doi="10.5555/work"))) is outcome
    assert listed.violations == ()


def test_a_reason_tells_of_replacement() -> None:
    listed = read(Reason="Error in Data;Retract and Replace;")
    assert outcome_of(events_of(listed.about(doi="10.5555/work"))) is Outcome.RETRACTED_AND_REPLACED


def test_a_notice_with_the_dois_of_the_work_is_in_place() -> None:
    listed = read(RetractionDOI="10.5555/Work")
    assert outcome_of(events_of(listed.about(doi="10.5555/work"))) is Outcome.RETRACTED_IN_PLACE
    assert listed.notice_of("10.5555/work") == ()


@pytest.mark.parametrize("none", ["", "unavailable", "Unavailable", "0", "NA"])
def test_what_is_not_available_is_not_there(none: str) -> None:
    listed = read(OriginalPaperDOI=none, OriginalPaperPubMedID="0", RetractionDOI=none, RetractionDate=none)
    assert (listed.rows, listed.unnamed, listed.violations, listed.newest) == (1, 1, (), "")


def test_dois_are_read_as_people_write_them() -> None:
    escaped = "10.5555/1-8(200007)74:3%3C201::AID-1%3E3.0.CO;2-5"
    listed = read(OriginalPaperDOI=f" https://doi.org/{escaped} ", OriginalPaperPubMedID="12345678.0")
    assert len(listed.about(doi="10.5555/1-8(200007)74:3<201::aid-1>3.0.co;2-5")) == 1
    assert len(listed.about(pmid="12345678")) == 1


@pytest.mark.parametrize(
    ("date", "on"),
    [
        ("12/31/1999 0:00", "1999-12-31"),
        ("1/2/2020", "2020-01-02"),
        ("2020-01-02", "2020-01-02"),
        ("2020-01-02 00:00", "2020-01-02"),
    ],
)
def test_days_have_the_month_first(date: str, on: str) -> None:
    assert read(RetractionDate=date).newest == on


@pytest.mark.parametrize(
    "fault",
    [
        {"RetractionDate": "31/12/2020 0:00"},
        {"RetractionDate": "2/30/2020 0:00"},
        {"RetractionDate": "soon"},
        {"RetractionDate": "1/1/2999 0:00"},
        {"RetractionNature": "Unease"},
        {"RetractionNature": ""},
        {"RetractionDOI": "see the page"},
        {"OriginalPaperDOI": "doi: pending"},
        {"OriginalPaperPubMedID": "PMC12"},
    ],
)
def test_what_cannot_be_understood_is_named_and_the_row_is_kept(fault: dict[str, str]) -> None:
    listed = read(ROW, ROW | fault)
    assert problems(listed) == [("EKB502", 3)]
    assert listed.rows == 2
    assert listed.newest == "2021-03-02"


def test_columns_are_found_by_name_whatever_the_spelling_and_order() -> None:
    spaced = ["".join(f" {c}" if c.isupper() else c for c in name).strip() for name in HEADER]
    listed = read_retraction_watch(b"\xef\xbb\xbf" + text(ROW, header=spaced).encode())
    assert len(listed.about(doi="10.5555/work")) == 1
    turned = read_retraction_watch(b"RetractionNature,OriginalPaperDOI\nRetraction,10.5555/work\n")
    assert len(turned.about(doi="10.5555/work")) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"key,value\n1,2\n", b"%PDF-1.4\n", b'{"data": []}', b"<html><body>Sign in</body></html>"]
)
def test_another_file_is_an_error_and_no_crash(content: bytes) -> None:
    listed = read_retraction_watch(content)
    assert listed.rows == 0
    assert [(v.code, v.severity) for v in listed.violations] == [("EKB501", Severity.ERROR)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_such_files_have_had(encoding: str) -> None:
    listed = read_retraction_watch(text(ROW | {"Journal": "Zeitschrift für Erfundenes"}).encode(encoding))
    (account,) = listed.about(doi="10.5555/work")
    assert account.by == "Zeitschrift für Erfundenes"


def test_two_encodings_in_one_file() -> None:
    lines = text(ROW | {"Journal": "Müll"}, ROW | {"OriginalPaperDOI": "10.5555/b", "Journal": "Größe"}).splitlines(
        keepends=True
    )
    listed = read_retraction_watch("".join(lines[:2]).encode() + lines[2].encode("cp1252"))
    assert [listed.about(doi=doi)[0].by for doi in ("10.5555/work", "10.5555/b")] == ["Müll", "Größe"]


def test_rows_of_the_wrong_length_are_left_out_with_their_line() -> None:
    several = ROW | {"Title": "Replies\nto\napplications"}
    lines = text(several, ROW) + "1,2,3\n\n" + text(ROW).splitlines()[1] + ",one more\n"
    listed = read_retraction_watch(lines.encode())
    assert problems(listed) == [("EKB501", 6), ("EKB501", 8)]
    assert listed.rows == 2


def test_a_quote_that_never_ends_costs_a_row_and_not_the_program() -> None:
    content = text(ROW).encode() + b'9,"open' + b"x" * 200_000 + b"\n" + text(ROW).encode()
    listed = read_retraction_watch(content)
    assert listed.rows >= 1
    assert ("EKB501", 3) in problems(listed)


def test_a_file_on_disk_is_named_in_its_violations(tmp_path: Path) -> None:
    path = tmp_path / "retraction_watch.csv"
    path.write_text(text(ROW | {"RetractionNature": "Unease"}), encoding="utf-8")
    (violation,) = read_retraction_watch(path).violations
    assert violation.place is not None
    assert str(violation.place) == "retraction_watch.csv:2"


@given(st.binary(max_size=300))
def test_whatever_bytes_come_are_read(content: bytes) -> None:
    read_retraction_watch(content)
    read_retraction_watch(text(ROW).encode() + content)


@pytest.mark.shared
def test_the_layout_of_the_sample(shared: Path) -> None:
    listed = read_retraction_watch(shared / "corpora/05-scholarly-apis/rwcheck_sample.csv")
    assert (listed.rows, listed.unnamed, listed.violations, listed.newest) == (10, 0, (), "2024-05-05")
    assert outcome_of(events_of(listed.about(doi="10.7777/env.2021.climate99"))) is Outcome.CONCERN
    assert listed.about(pmid="12345678") == listed.about(doi="10.9999/jmat.2020.001234") != ()
