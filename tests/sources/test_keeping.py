"""A copy for each source: made where there is none, compared where there is one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidencekb.sources.client import Client
from evidencekb.sources.keeping import CopyState, Keeping, keep_copies
from evidencekb.sources.links import check_links
from tests.sources.loopback import Loopback, Reply

TODAY = "2026-01-15"
PDF = b"%PDF-1.4\nmade up"
DIGEST = hashlib.sha256(PDF).hexdigest()
ARCHIVED = {"url": f"copies/{DIGEST}.pdf", "on": TODAY, "sha256": DIGEST}


@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    server.routes |= {
        "/report": Reply(200, PDF, {"Content-Type": "application/pdf"}),
        "/doi/10.5555/report": Reply(302, b"", {"Location": "/report"}),
    }
    bases = {"doi": f"{server.base}/doi", "wayback": f"{server.base}/wayback"}
    with Client(bases=bases, loopback=True, wait=lambda _: None) as running:
        yield running


def keep(client: Client, folder: Path, **fields: Any) -> Keeping:
    source = {"id": "report2020", **fields}
    report = check_links([source], client=client, today=TODAY)
    (keeping,) = keep_copies([source], report, folder / "copies", client=client, today=TODAY)
    return keeping


def test_a_copy_is_made_and_its_record_suggested(server: Loopback, client: Client, tmp_path: Path) -> None:
    keeping = keep(client, tmp_path, url=f"{server.base}/report")
    file = tmp_path / "copies" / f"{DIGEST}.pdf"
    assert keeping == Keeping("report2020", CopyState.KEPT, str(file), len(PDF), ARCHIVED)
    assert file.read_bytes() == PDF
    assert str(keeping).splitlines()[1] == f"  archived: {{url: copies/{DIGEST}.pdf, on: {TODAY}, sha256: {DIGEST}}}"
    assert keep(client, tmp_path, url=f"{server.base}/report").state is CopyState.THERE


def test_where_no_page_is_named_the_one_that_the_doi_leads_to_is_kept(client: Client, tmp_path: Path) -> None:
    assert keep(client, tmp_path, doi="10.5555/report").suggested == ARCHIVED


def test_a_page_that_is_refused_gives_way_to_the_doi(server: Loopback, client: Client, tmp_path: Path) -> None:
    server.routes["/closed"] = Reply(403)
    keeping = keep(client, tmp_path, url=f"{server.base}/closed", doi="10.5555/report")
    assert (keeping.state, keeping.ok) == (CopyState.KEPT, True)
    alone = keep(client, tmp_path, url=f"{server.base}/closed")
    assert (alone.state, alone.ok, alone.detail) == (CopyState.NOT_KEPT, False, f"url {server.base}/closed: refused")


def test_a_recorded_copy_is_compared_and_not_fetched(server: Loopback, client: Client, tmp_path: Path) -> None:
    keep(client, tmp_path, url=f"{server.base}/report")
    server.asked.clear()
    keeping = keep(client, tmp_path, url=f"{server.base}/report", archived=ARCHIVED)
    assert (keeping.state, keeping.suggested) == (CopyState.WHOLE, None)
    assert len(server.asked) == 1  # by the check of links


def test_a_recorded_copy_that_is_lost_is_made_again(server: Loopback, client: Client, tmp_path: Path) -> None:
    keeping = keep(client, tmp_path, url=f"{server.base}/report", archived=ARCHIVED)
    assert (keeping.state, keeping.ok, keeping.suggested) == (CopyState.KEPT, True, None)


def test_a_recorded_copy_that_cannot_be_had_again_is_told(server: Loopback, client: Client, tmp_path: Path) -> None:
    server.routes["/report"] = Reply(200, b"%PDF-1.4\nanother", {"Content-Type": "application/pdf"})
    other = keep(client, tmp_path, url=f"{server.base}/report", archived=ARCHIVED)
    assert (other.state, other.ok) == (CopyState.CHANGED, False)
    assert "is another file, and was kept too" in other.detail
    server.routes["/report"] = Reply(404)
    gone = keep(client, tmp_path, url=f"{server.base}/report", archived=ARCHIVED)
    assert gone.state is CopyState.CHANGED
    assert gone.detail.startswith("there is no file")


def test_a_copy_elsewhere_is_left_alone(server: Loopback, client: Client, tmp_path: Path) -> None:
    elsewhere = {"url": "https://web.archive.org/web/2020/report"}
    keeping = keep(client, tmp_path, url=f"{server.base}/report", archived=elsewhere)
    assert (keeping.state, keeping.ok, keeping.detail) == (CopyState.ELSEWHERE, True, elsewhere["url"])
    assert not (tmp_path / "copies").exists()


def test_of_what_is_gone_the_wayback_machine_is_asked(server: Loopback, client: Client, tmp_path: Path) -> None:
    found = {"available": True, "status": "200", "timestamp": "20200102030405", "url": "http://web.archive.org/web/1/x"}
    server.routes["/wayback/available"] = [
        Reply(200, json.dumps({"archived_snapshots": {"closest": found}}).encode()),
        Reply(200, b'{"archived_snapshots": {}}'),
        Reply(403),
    ]
    first, second, third = (keep(client, tmp_path, url=f"{server.base}/old") for _ in range(3))
    assert (first.state, first.ok) == (CopyState.ARCHIVED, False)
    assert first.suggested == {"url": "https://web.archive.org/web/1/x", "on": "2020-01-02"}
    assert second.detail.endswith("is gone, and the Wayback Machine has no copy")
    assert third.detail.endswith("is gone, and the Wayback Machine could not be asked: it answers 403")
    assert not (tmp_path / "copies").exists()


def test_sources_without_an_address_have_no_entry_and_progress_counts_the_others(
    client: Client, tmp_path: Path
) -> None:
    sources = [{"id": "drawer2020", "title": "In a drawer"}, {"id": "report2020", "doi": "10.5555/report"}]
    report = check_links(sources, client=client, today=TODAY)
    told: list[tuple[int, int]] = []
    kept = keep_copies(sources, report, tmp_path, client=client, progress=lambda *far: told.append(far))
    assert [keeping.source for keeping in kept] == ["report2020"]
    assert told == [(1, 1)]
