"""What became of addresses, asked over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidencekb.sources.client import Answer, Client
from evidencekb.sources.links import LinkReport, LinkState, check_links, judge, says_gone
from tests.sources.loopback import Loopback, Reply

TODAY = "2026-01-15"
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = Reply(200, b"<html><head><title>Replies to\n applications &amp; calls</title></head></html>", HTML)


def to(where: str, status: int = 302) -> Reply:
    return Reply(status, b"", {"Location": where})


def answer(url: str = "https://example.org/", status: int = 200, *, body: bytes = b"", hops: Any = ()) -> Answer:
    return Answer(url, status, HTML, body, TODAY, False, "web", hops)


@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    bases = {"doi": f"{server.base}/doi", "arxiv": f"{server.base}/arxiv", "pubmed": f"{server.base}/pubmed"}
    with Client(bases=bases, loopback=True, timeout=(1, 1), wait=lambda _: None) as running:
        yield running


def check(client: Client, **fields: str) -> LinkReport:
    return check_links([{"id": "memo2020"} | fields], client=client, today=TODAY)


def state(client: Client, url: str) -> LinkState:
    (link,) = check(client, url=url).links
    return link.state


def test_a_page_that_is_there(server: Loopback, client: Client) -> None:
    server.routes["/memo"] = PAGE
    (link,) = check(client, url=f"{server.base}/memo").links
    assert (link.state, link.status, link.title) == (LinkState.REACHED, 200, "Replies to applications & calls")
    assert (link.final, link.hops, link.suggested) == (f"{server.base}/memo", (), "")


def test_redirects_are_followed_and_told(server: Loopback, client: Client) -> None:
    server.routes |= {"/memo": to("/a"), "/a": to("/b", 303), "/b": PAGE}
    (link,) = check(client, url=f"{server.base}/memo").links
    assert link.state is LinkState.REACHED
    assert link.hops == ((302, f"{server.base}/a"), (303, f"{server.base}/b"))
    assert link.final == f"{server.base}/b"


@pytest.mark.parametrize("status", [301, 308])
def test_what_moved_for_good_can_be_recorded_anew(server: Loopback, client: Client, status: int) -> None:
    server.routes |= {"/memo": to("/new/memo", status), "/new/memo": to("/session"), "/session": PAGE}
    (link,) = check(client, url=f"{server.base}/memo").links
    assert (link.state, link.suggested) == (LinkState.MOVED, f"{server.base}/new/memo")


def test_a_slash_at_the_end_is_no_move(server: Loopback, client: Client) -> None:
    server.routes |= {"/memo": to("/memo/", 301), "/memo/": PAGE}
    assert state(client, f"{server.base}/memo") is LinkState.REACHED


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, LinkState.GONE),
        (410, LinkState.GONE),
        (401, LinkState.REFUSED),
        (402, LinkState.REFUSED),
        (403, LinkState.REFUSED),
        (405, LinkState.REFUSED),
        (429, LinkState.REFUSED),
        (451, LinkState.REFUSED),
        (500, LinkState.BUSY),
        (503, LinkState.BUSY),
        (520, LinkState.BUSY),
    ],
)
def test_what_each_status_means(server: Loopback, client: Client, status: int, expected: LinkState) -> None:
    server.routes["/memo"] = Reply(status, b"<title>No</title>", HTML)
    assert state(client, f"{server.base}/memo") is expected


def test_no_answer_is_not_absence(server: Loopback, client: Client) -> None:
    server.routes |= {
        "/slow": Reply(200, b"late", pause=2.5),
        "/loop": to("/loop"),
        "/half": Reply(200, b"x", length=9),
    }
    assert state(client, f"{server.base}/slow") is LinkState.UNREACHABLE
    assert state(client, f"{server.base}/loop") is LinkState.UNREACHABLE
    assert state(client, f"{server.base}/half") is LinkState.UNREACHABLE
    assert state(client, "http://127.0.0.1:9/nobody") is LinkState.UNREACHABLE


def test_a_large_file_is_there_and_is_not_read_to_its_end(server: Loopback, client: Client) -> None:
    server.routes["/report.pdf"] = Reply(200, b"%PDF-" + b"x" * 2**22, {"Content-Type": "application/pdf"})
    assert state(client, f"{server.base}/report.pdf") is LinkState.REACHED


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/memo", "http://169.254.169.254/latest", "http://[::1]:1/memo", "http://localhost:1/memo"]
)
def test_only_the_public_web_is_asked(url: str) -> None:
    with Client(wait=lambda _: None) as strict:
        assert state(strict, url) is LinkState.NOT_PUBLIC


def test_a_redirect_does_not_lead_into_the_house(server: Loopback, client: Client) -> None:
    server.routes["/memo"] = to("http://169.254.169.254/latest")
    assert state(client, f"{server.base}/memo") is LinkState.NOT_PUBLIC


def test_this_machine_is_asked_only_when_told(server: Loopback) -> None:
    server.routes["/memo"] = PAGE
    with Client(wait=lambda _: None) as strict:
        assert state(strict, f"{server.base}/memo") is LinkState.NOT_PUBLIC
    assert server.asked == []


@pytest.mark.parametrize("url", ["ftp://example.org/memo", "file:///etc/passwd", "memo.pdf"])
def test_what_is_no_address_is_said_without_asking(client: Client, url: str) -> None:
    (link,) = check(client, url=url).links
    assert link.state is LinkState.UNREADABLE
    assert link.detail


def test_what_is_kept_does_not_tell_how_things_are_now(server: Loopback, tmp_path: Path) -> None:
    server.routes["/memo"] = PAGE
    with Client(loopback=True, cache=tmp_path, wait=lambda _: None) as keeping:
        keeping.get("web", f"{server.base}/memo", accept=None)
        assert state(keeping, f"{server.base}/memo") is LinkState.REACHED
        server.routes["/memo"] = Reply(410)
        assert state(keeping, f"{server.base}/memo") is LinkState.GONE


def test_offline_is_not_broken(server: Loopback) -> None:
    with Client(offline=True) as offline:
        report = check(offline, url="https://example.org/memo", doi="10.5555/work", arxiv="2303.10130", pmid="37440646")
    assert {link.state for link in report.links} == {LinkState.COULD_NOT_CHECK}
    assert report.broken == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Page not found | Made-up Institute", LinkState.LOOKS_GONE),
        ("404 - Made-up Institute", LinkState.LOOKS_GONE),
        ("Error 404", LinkState.LOOKS_GONE),
        ("This article no longer exists", LinkState.LOOKS_GONE),
        ("Seite nicht gefunden", LinkState.LOOKS_GONE),
        ("Just a moment...", LinkState.REFUSED),
        ("Access Denied", LinkState.REFUSED),
        ("Sign in to continue", LinkState.REFUSED),
        ("Lost and found: a history", LinkState.REACHED),
        ("Signs in the city", LinkState.REACHED),
        ("Why 404 people answered", LinkState.REACHED),
        ("", LinkState.REACHED),
    ],
)
def test_a_title_may_say_what_the_status_does_not(title: str, expected: LinkState) -> None:
    assert judge(answer(body=f"<TITLE lang='en'>{title}</TITLE>".encode()))[0] is expected
    assert says_gone(title) is (expected is LinkState.LOOKS_GONE)


def test_a_deep_address_that_leads_to_the_first_page_looks_gone() -> None:
    assert judge(answer(hops=((302, "https://example.org/"),)))[0] is LinkState.LOOKS_GONE
    assert judge(answer("https://example.org/memo", hops=((302, "https://example.org/memo"),)))[0] is LinkState.REACHED


def test_a_doi_is_followed_to_its_page(server: Loopback, client: Client) -> None:
    server.routes |= {"/doi/10.5555/a<1>": to("/landing"), "/landing": PAGE}
    (link,) = check(client, doi="10.5555/a<1>").links
    assert (link.state, link.final) == (LinkState.REACHED, f"{server.base}/landing")


def test_a_doi_that_is_not_registered_and_one_whose_page_is_gone(server: Loopback, client: Client) -> None:
    server.routes["/doi/10.5555/stale"] = to("/landing")
    unknown, stale = (check(client, doi=doi).links[0] for doi in ("10.5555/unknown", "10.5555/stale"))
    assert (unknown.state, stale.state) == (LinkState.GONE, LinkState.GONE)
    assert "no such DOI" in unknown.detail
    assert "is registered" in stale.detail


def test_a_publisher_that_refuses_programs_does_not_make_a_doi_wrong(server: Loopback, client: Client) -> None:
    server.routes |= {"/doi/10.5555/work": to("/landing"), "/landing": Reply(403)}
    assert check(client, doi="10.5555/work").links[0].state is LinkState.REFUSED


def test_a_doi_that_stands_for_another(server: Loopback, client: Client) -> None:
    values = [{"type": "HS_ALIAS", "data": {"format": "string", "value": "10.5555/FIRST"}}]
    server.routes |= {
        "/doi/10.5555/work": to("/landing"),
        "/landing": PAGE,
        "/doi/api/handles/10.5555/work": Reply(200, json.dumps({"responseCode": 1, "values": values}).encode()),
    }
    (link,) = check(client, doi="10.5555/work").links
    assert (link.state, link.suggested) == (LinkState.ALIAS, "10.5555/first")


@pytest.mark.parametrize("said", [b"", b"[]", b'{"values": {}}', b'{"values": [1, {"type": "HS_ALIAS", "data": "x"}]}'])
def test_an_odd_answer_about_aliases_is_no_alias(server: Loopback, client: Client, said: bytes) -> None:
    server.routes |= {"/doi/10.5555/work": PAGE, "/doi/api/handles/10.5555/work": Reply(200, said)}
    assert check(client, doi="10.5555/work").links[0].state is LinkState.REACHED


def test_a_number_is_asked_of_its_own_service(server: Loopback, client: Client) -> None:
    summary = {"result": {"uids": ["37440646"], "37440646": {"uid": "37440646"}}}
    feed = b"<feed><entry><id>http://arxiv.org/abs/2303.10130v5</id></entry></feed>"
    server.routes |= {
        "/arxiv/query": Reply(200, feed),
        "/pubmed/esummary.fcgi": Reply(200, json.dumps(summary).encode()),
    }
    report = check(client, arxiv="2303.10130v2", pmid="37440646")
    assert [(link.scheme, link.state) for link in report.links] == [
        ("arxiv", LinkState.REACHED),
        ("pmid", LinkState.REACHED),
    ]
    server.routes |= {
        "/arxiv/query": Reply(200, b"<feed><id>http://arxiv.org/api/x</id></feed>"),
        "/pubmed/esummary.fcgi": Reply(
            200, b'{"result": {"uids": [], "37440646": {"error": "cannot get document summary"}}}'
        ),
    }
    report = check(client, arxiv="2303.10130v2", pmid="37440646")
    assert {link.state for link in report.links} == {LinkState.GONE}


def test_an_answer_that_is_no_json_is_no_absence(server: Loopback, client: Client) -> None:
    server.routes["/pubmed/esummary.fcgi"] = Reply(200, b"<html>maintenance")
    assert check(client, pmid="37440646").links[0].state is LinkState.UNREADABLE


def test_an_address_is_asked_once_and_one_that_repeats_the_doi_not_at_all(server: Loopback, client: Client) -> None:
    server.routes["/memo"] = PAGE
    sources = [
        {"id": "a", "url": f"{server.base}/memo"},
        {"id": "b", "url": f"{server.base}/memo#page=3"},
        {"id": "c", "doi": "10.5555/work", "url": "https://doi.org/10.5555/WORK"},
        {"id": "d", "title": "In a drawer"},
    ]
    report = check_links(sources, client=client, today=TODAY)
    assert [(link.source, link.scheme) for link in report.links] == [("a", "url"), ("b", "url"), ("c", "doi")]
    assert server.paths().count("/memo") == 1
    assert report.without == ("d",)
    assert report.summary == f"3 links, as of {TODAY}: 2 reached, 1 gone"
    assert [link.source for link in report.broken] == ["c"]
    shown = str(report)
    assert "c: doi:10.5555/work: gone; status 404" in shown
    assert "a:" not in shown
    data = json.loads(json.dumps(report.to_dict()))
    assert data["counts"]["gone"] == 1
    assert data["links"][0]["hops"] == []
