"""Copies of pages: whole or not at all, and found to be what they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidencekb.errors import LookupFailed
from evidencekb.model.sources import Archived
from evidencekb.sources.client import Client
from evidencekb.sources.copies import archive_copy, archived_at, verify_copy
from tests.sources.loopback import Loopback, Reply

TODAY = "2026-01-15"
PDF = b"%PDF-1.4\nmade up"
DIGEST = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    server.routes |= {
        "/report": Reply(302, b"", {"Location": "/files/report.pdf"}),
        "/files/report.pdf": Reply(200, PDF, {"Content-Type": "Application/PDF; qs=0.5"}),
    }
    with Client(bases={"wayback": f"{server.base}/wayback"}, loopback=True, wait=lambda _: None) as running:
        yield running


def test_a_copy_is_kept_under_its_digest_with_type_and_day(server: Loopback, client: Client, tmp_path: Path) -> None:
    copy = archive_copy(f"{server.base}/report", tmp_path / "archive", client=client, today=TODAY)
    assert copy.archived == Archived(url=f"archive/{DIGEST}.pdf", on=TODAY, sha256=DIGEST)
    assert (copy.media_type, copy.size, copy.was_there, copy.warnings) == ("application/pdf", len(PDF), False, ())
    assert copy.file.read_bytes() == PDF
    assert json.loads((copy.file.parent / f"{DIGEST}.pdf.json").read_text("utf-8")) == {
        "url": f"{server.base}/report",
        "address": f"{server.base}/files/report.pdf",
        "media_type": "application/pdf",
        "on": TODAY,
        "size": len(PDF),
    }
    assert verify_copy(copy.archived, tmp_path / "archive") is None


def test_the_same_bytes_are_kept_once_with_their_first_day(server: Loopback, client: Client, tmp_path: Path) -> None:
    first = archive_copy(f"{server.base}/report", tmp_path, client=client, today=TODAY)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    server.routes["/same"] = Reply(200, PDF, {"Content-Type": "application/octet-stream"})
    again = archive_copy(f"{server.base}/same", tmp_path, client=client, today="2026-06-01")
    assert again.was_there
    assert (again.archived, again.file) == (first.archived, first.file)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_a_damaged_copy_is_found_and_made_anew(server: Loopback, client: Client, tmp_path: Path) -> None:
    copy = archive_copy(f"{server.base}/report", tmp_path, client=client, today=TODAY)
    copy.file.write_bytes(PDF[:-1])
    wrong = verify_copy(copy.archived, tmp_path)
    assert wrong is not None
    assert "the copy was changed" in wrong
    assert not archive_copy(f"{server.base}/report", tmp_path, client=client, today=TODAY).was_there
    assert verify_copy(copy.archived, tmp_path) is None


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(404), "not_found"),
        (Reply(403, b"no"), "refused"),
        (Reply(200, b""), "unreadable"),
        (Reply(200, b"x" * 2000), "too_large"),
        (Reply(200, b"x" * 10, length=99), "unreachable"),
    ],
)
def test_what_cannot_be_fetched_leaves_nothing_behind(
    server: Loopback, client: Client, tmp_path: Path, reply: Reply, reason: str
) -> None:
    server.routes["/report"] = reply
    with pytest.raises(LookupFailed) as failed:
        archive_copy(f"{server.base}/report", tmp_path / "archive", client=client, max_bytes=1000)
    assert failed.value.reason == reason
    assert not (tmp_path / "archive").exists()


def test_what_cannot_be_written_leaves_no_part_behind(server: Loopback, client: Client, tmp_path: Path) -> None:
    (tmp_path / f"{DIGEST}.pdf").mkdir()  # the name is taken by something that no file can replace
    with pytest.raises(OSError, match=DIGEST):
        archive_copy(f"{server.base}/report", tmp_path, client=client, today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == [f"{DIGEST}.pdf"]


def test_a_page_that_may_not_be_what_was_meant_is_kept_with_a_warning(
    server: Loopback, client: Client, tmp_path: Path
) -> None:
    server.routes["/report"] = Reply(200, b"<title>Page not found</title>", {"Content-Type": "text/html"})
    copy = archive_copy(f"{server.base}/report", tmp_path, client=client)
    assert copy.file.suffix == ".html"
    assert "Page not found" in copy.warnings[0]
    server.routes["/report"] = Reply(200, b"<title>Sign in</title>", {"Content-Type": "application/pdf"})
    assert archive_copy(f"{server.base}/report", tmp_path, client=client).warnings == (
        "the site calls it a PDF, and it is none",
    )


@pytest.mark.parametrize("media_type", ["", "text", "../../etc/passwd", "application/x-made-up"])
def test_a_media_type_decides_no_path(server: Loopback, client: Client, tmp_path: Path, media_type: str) -> None:
    server.routes["/report"] = Reply(200, b"bytes", {"Content-Type": media_type} if media_type else {})
    copy = archive_copy(f"{server.base}/report", tmp_path, client=client)
    assert copy.file == tmp_path / f"{hashlib.sha256(b'bytes').hexdigest()}.bin"


@pytest.mark.parametrize("url", ["archive/report.pdf", "/etc/passwd", f"../{DIGEST}.pdf/..", "https://example.org/"])
def test_a_record_that_names_no_copy_is_not_followed(tmp_path: Path, url: str) -> None:
    wrong = verify_copy(Archived(url=url, on=None, sha256=DIGEST), tmp_path)
    assert wrong is not None
    assert "names no kept copy" in wrong


def test_a_copy_that_is_missing_or_a_link_elsewhere_is_none(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(PDF)
    folder = tmp_path / "archive"
    folder.mkdir()
    archived = Archived(url=f"archive/{DIGEST}.pdf", on=None, sha256=None)
    assert "there is no file" in (verify_copy(archived, folder) or "")
    (folder / f"{DIGEST}.pdf").symlink_to(outside)
    assert "there is no file" in (verify_copy(archived, folder) or "")


def test_another_digest_than_recorded_is_a_changed_copy(server: Loopback, client: Client, tmp_path: Path) -> None:
    copy = archive_copy(f"{server.base}/report", tmp_path, client=client)
    other = Archived(url=copy.archived.url, on=None, sha256="0" * 64)
    assert "0" * 64 in (verify_copy(other, tmp_path) or "")


def test_copies_go_to_public_addresses_alone(server: Loopback, tmp_path: Path) -> None:
    with Client(wait=lambda _: None) as strict, pytest.raises(LookupFailed) as failed:
        archive_copy(f"{server.base}/report", tmp_path, client=strict)
    assert failed.value.reason == "not_public"


def snapshot(**more: object) -> Reply:
    closest = {
        "available": True,
        "url": "http://web.archive.org/web/20250110123456/https://example.org/memo",
        "timestamp": "20250110123456",
        "status": "200",
    } | more
    return Reply(200, json.dumps({"archived_snapshots": {"closest": closest}}).encode())


def test_an_archive_is_asked_for_a_copy_near_a_day(server: Loopback, client: Client) -> None:
    server.routes["/wayback/available"] = snapshot()
    found = archived_at("https://example.org/memo", client=client, on="2025-01-01")
    assert found == Archived(
        url="https://web.archive.org/web/20250110123456/https://example.org/memo", on="2025-01-10", sha256=None
    )
    assert server.asked[0].params == {"url": "https://example.org/memo", "timestamp": "20250101"}


@pytest.mark.parametrize(
    "reply",
    [Reply(200, b'{"archived_snapshots": {}}'), Reply(200, b"[]"), snapshot(available=False), snapshot(status="404")],
)
def test_an_archive_without_a_copy_says_so(server: Loopback, client: Client, reply: Reply) -> None:
    server.routes["/wayback/available"] = reply
    assert archived_at("https://example.org/memo", client=client) is None


@pytest.mark.parametrize("reply", [Reply(503), Reply(200, b"<html>"), snapshot(url="javascript:alert(1)")])
def test_an_archive_that_does_not_answer_has_not_said_no(server: Loopback, client: Client, reply: Reply) -> None:
    server.routes["/wayback/available"] = reply
    with pytest.raises(LookupFailed):
        archived_at("https://example.org/memo", client=client)


def test_a_copy_without_a_day_has_none(server: Loopback, client: Client) -> None:
    server.routes["/wayback/available"] = snapshot(timestamp="20259910")
    found = archived_at("https://example.org/memo", client=client)
    assert found is not None
    assert found.on is None
