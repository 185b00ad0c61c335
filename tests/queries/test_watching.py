"""Standing and addresses of a pack's sources, and what rests on those that changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.queries.watching import readings_of
from evidencekb.sources.standing.resting import Reading
from tests.records import Records, base_records, built, record
from tests.sources.loopback import Asked, Loopback, Reply, serving

TODAY = "2026-01-20"


def relay(source: str, taken_from: str, **fields: Any) -> dict[str, Any]:
    return {"source": source, "role": "secondary", "names": taken_from, "taken_from": taken_from, **fields}


@pytest.fixture
def records() -> Records:
    """The figure of audit2024 goes to news2024, and from there to blog2024; memo2024 is cited by nobody."""
    records = base_records()
    news = record(records, "sources", "news2024")
    records["sources"] += [
        news | {"id": id, "title": f"On {id}", "url": f"https://{id}.example/"} for id in ("blog2024", "memo2024")
    ]
    finding = record(records, "findings", "audit-2024-replies")
    finding["citations"] += [
        relay("news2024", "audit2024", prints={"replies": "12%"}, read={"what": "full_text", "on": "2026-01-10"}),
        relay("blog2024", "news2024", prints={"replies": "12%"}),
    ]
    return records


def with_event(records: Records, source: str, **event: Any) -> Records:
    record(records, "sources", source)["standing"] = {"checked_on": "2026-01-15", "events": [event]}
    return records


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        yield running


def test_a_finding_has_its_figures_from_its_primary_and_through_its_relays(tmp_path: Path, records: Records) -> None:
    assert readings_of(built(tmp_path, records)) == (
        Reading("audit2024", "audit-2024-replies", "2026-01-15", "primary", ("news2024", "blog2024")),
        Reading("blog2024", "audit-2024-replies", "", "secondary"),
        Reading("news2024", "audit-2024-replies", "2026-01-10", "secondary", ("blog2024",)),
    )


def test_without_asking_anybody_what_the_pack_records_is_told(tmp_path: Path, records: Records) -> None:
    kb = built(tmp_path, with_event(records, "audit2024", status="concern", on="2026-01-12"))
    report = ekb.standing(kb, today=TODAY)
    assert report.summary == f"4 sources, as of {TODAY}: 4 could not be checked"
    (rest,) = report.resting
    assert (rest.source, rest.finding, rest.role, rest.changes) == (
        "audit2024",
        "audit-2024-replies",
        "primary",
        ("concern",),
    )
    assert (rest.through, rest.claims, rest.read) == (("news2024", "blog2024"), ("a-score-brings-replies",), "after")
    shown = str(report)
    assert "audit2024 (Replies to applications with and without a test score): could not check" in shown
    assert "its record says concern\n  in its record: concern on 2026-01-12\n" in shown
    assert (
        "could not check 3 sources, which says nothing for them:\n  none: could not check; no place was given" in shown
    )
    assert "records: checked 2026-01-15; 3 never" in shown
    assert report.to_record == ()


def test_a_withdrawn_relay_is_told_as_a_relay(tmp_path: Path, records: Records) -> None:
    kb = built(tmp_path, with_event(records, "news2024", status="retracted", on="2026-01-12"))
    report = ekb.standing(kb, ["news2024"], today=TODAY)
    (rest,) = report.resting
    assert (
        str(rest) == "finding audit-2024-replies (as a relay, passed on by blog2024, read 2026-01-10, before a change)"
    )
    assert rest.claims == ("a-score-brings-replies",)


def test_crossref_and_the_list_are_asked_about_each_source(tmp_path: Path, records: Records, server: Loopback) -> None:
    work = {"DOI": "10.5555/audit.2024", "title": ["Replies"], "container-title": ["Journal of Made-up Studies"]}
    said = json.dumps({"message": work}).encode()

    def search(_: Asked) -> Reply:
        return Reply(200, b'{"message": {"items": []}}')

    server.routes |= {"/works/10.5555/audit.2024": Reply(200, said), "/works": search}
    watch = tmp_path / "watch.csv"
    watch.write_text(
        "RetractionDate,RetractionDOI,OriginalPaperDOI,RetractionNature\n"
        "1/18/2026 0:00,10.5555/notice,10.5555/AUDIT.2024,Retraction\n"
    )
    told: list[tuple[int, int]] = []
    with ekb.Client(bases={"crossref": server.base}) as client:
        report = ekb.standing(
            built(tmp_path, records), client=client, retraction_watch=watch, today=TODAY,
            progress=lambda done, total: told.append((done, total)),
        )  # fmt: skip
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    row = report.sources[0]
    assert (row.source, str(row.outcome), row.to_record) == ("audit2024", "retracted", True)
    assert str(row.place).startswith("records.yaml:")
    assert [(rest.finding, rest.read) for rest in report.resting] == [("audit-2024-replies", "before")]
    assert report.unanswered == ()


def test_an_unknown_source_is_refused_before_anybody_is_asked(tmp_path: Path, records: Records) -> None:
    kb = built(tmp_path, records)
    with pytest.raises(ekb.UnknownIdError, match="Did you mean 'audit2024'"):
        ekb.standing(kb, "audit2042")
    with ekb.Client(offline=True) as client, pytest.raises(ekb.UnknownIdError, match="no source has the id"):
        ekb.links(kb, ["nothing-like-it"], client=client)


def test_links_of_each_source_are_asked_in_order(tmp_path: Path, records: Records, server: Loopback) -> None:
    record(records, "sources", "news2024")["url"] = f"{server.base}/news"
    server.routes["/news"] = Reply(200, b"<title>A score helps</title>", {"Content-Type": "text/html"})
    del record(records, "sources", "memo2024")["url"]
    records["sources"][-1]["docket"] = "1:24-cv-1 (made-up court)"
    kb = built(tmp_path, records)
    told: list[tuple[int, int]] = []
    with ekb.Client(loopback=True) as client:
        report = ekb.links(
            kb, ["news2024", "memo2024"], client=client, today=TODAY, progress=lambda *far: told.append(far)
        )
    assert [(link.source, str(link.state)) for link in report.links] == [("news2024", "reached")]
    assert (report.without, told) == (("memo2024",), [(1, 2), (2, 2)])
