"""Asking services and pages, against a real server on this machine."""

from __future__ import annotations

import email.utils
import gzip
import pickle
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evidencekb.errors import EvidenceError, LookupFailed, QuestionError
from evidencekb.sources.caching import FILE, Cache, Kept
from evidencekb.sources.client import Client
from tests.sources.loopback import NOT_FOUND, Loopback, Reply

JSON = {"Content-Type": "application/json"}


class Waits(list[float]):
    """Pauses that were asked for, and not made."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


def client(server: Loopback, **options: Any) -> Client:
    usual: dict[str, Any] = {
        "bases": {"crossref": server.base, "pubmed": server.base},
        "loopback": True,
        "timeout": (2, 0.5),
    }
    return Client(**usual | options)


def reason(service: str, path: str, asker: Client, **options: Any) -> str:
    with asker, pytest.raises(LookupFailed) as caught:
        asker.get(service, path, **options)
    assert path in caught.value.url
    return caught.value.reason


def test_an_answer_has_its_body_its_day_and_headers_in_lower_case(server: Loopback) -> None:
    server.routes["/works/10.5555/a"] = Reply(200, b'{"status": "ok"}', JSON)
    with client(server) as asker:
        answer = asker.get("crossref", "works/10.5555/a")
    assert answer.json() == {"status": "ok"}
    assert answer.headers["content-type"] == "application/json"
    assert (answer.status, answer.cached, answer.service) == (200, False, "crossref")
    assert answer.fetched_on == f"{datetime.now(UTC):%Y-%m-%d}"
    assert answer.url == f"{server.base}/works/10.5555/a"


def test_services_are_told_who_asks(server: Loopback) -> None:
    server.otherwise = lambda _: Reply(200, b"{}")
    with client(server, mailto="curator@example.org") as asker:
        asker.get("crossref", "works", params={"query": "a b"}, accept="application/json")
        asker.get("pubmed", "efetch.fcgi", params={"id": "1"})
    crossref, pubmed = server.asked
    assert crossref.headers["user-agent"].startswith("evidencekb/")
    assert crossref.headers["user-agent"].endswith(" (mailto:curator@example.org)")
    assert crossref.headers["accept"] == "application/json"
    assert crossref.params == {"query": "a b", "mailto": "curator@example.org"}
    assert pubmed.params == {"id": "1", "tool": "evidencekb", "email": "curator@example.org"}


def test_pages_are_not_told_the_mail_address_nor_are_those_a_service_leads_to(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVIDENCEKB_MAILTO", "curator@example.org")
    server.routes["/page"] = Reply(200, b"<p>")
    server.routes["/works"] = Reply(302, b"", {"Location": "/page"})
    with client(server) as asker:
        asker.get("web", f"{server.base}/page")
        asker.get("crossref", "works")
    page, works, led = server.asked
    assert "curator" not in page.headers["user-agent"] + led.headers["user-agent"] + str(led.params)
    assert "curator" in works.headers["user-agent"]


def test_a_base_may_come_from_the_environment(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCEKB_DATACITE", server.base + "/proxy/")
    server.routes["/proxy/dois/10.5555/a"] = Reply(200, b"{}")
    with Client() as asker:
        assert asker.get("datacite", "dois/10.5555/a").json() == {}


@pytest.mark.parametrize("mailto", ["nobody", "a@b\r\nX-Evil: 1", "a b@example.org"])
def test_what_is_no_mail_address_is_refused(mailto: str) -> None:
    with pytest.raises(QuestionError, match="not a mail address") as caught:
        Client(mailto=mailto)
    assert isinstance(caught.value, ValueError)


def test_no_passwords_are_sent_and_no_cookies_outlive_an_answer(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.routes["/a"] = Reply(302, b"", {"Location": "/b", "Set-Cookie": "seen=1; Path=/"})
    server.routes["/b"] = Reply(200, b"{}")
    with client(server) as asker:
        asker.get("web", f"{server.base}/a")
        asker.get("web", f"{server.base}/b")
    first, second, third = server.asked
    assert not any("authorization" in asked.headers for asked in server.asked)
    # Some publishers lead in circles until their cookie comes back.
    assert "cookie" not in first.headers
    assert second.headers["cookie"] == "seen=1"
    assert "cookie" not in third.headers


def test_a_busy_service_is_asked_again_when_it_says(server: Loopback, waits: Waits) -> None:
    server.routes["/works"] = [Reply(429, b"", {"Retry-After": "7"}), Reply(200, b"{}")]
    with client(server, wait=waits) as asker:
        assert asker.get("crossref", "works").status == 200
    assert 7.0 in waits
    assert server.paths() == ["/works", "/works"]


def test_a_date_says_when_too(server: Loopback, waits: Waits) -> None:
    date = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    server.routes["/works"] = [Reply(503, b"", {"Retry-After": date}), Reply(200, b"{}")]
    with client(server, wait=waits) as asker:
        asker.get("crossref", "works")
    assert any(25 < pause <= 30 for pause in waits)


@pytest.mark.parametrize("header", ["soon", "", "-5", "9" * 5000, "Mon, 99 Foo 2020"])
def test_a_header_that_says_nothing_does_not_stop_us(server: Loopback, waits: Waits, header: str) -> None:
    server.routes["/works"] = [Reply(503, b"", {"Retry-After": header}), Reply(200, b"{}")]
    with client(server, wait=waits) as asker:
        assert asker.get("crossref", "works").status == 200
    assert 1.0 in waits


def test_pauses_grow_and_end(server: Loopback, waits: Waits) -> None:
    server.routes["/works"] = Reply(503)
    assert reason("crossref", "works", client(server, wait=waits)) == "busy"
    assert [pause for pause in waits if pause >= 1] == [1.0, 2.0, 4.0]
    assert len(server.asked) == 4


@pytest.mark.parametrize("asked_for", ["86400", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_server_that_wants_hours_is_left_alone(server: Loopback, waits: Waits, asked_for: str) -> None:
    server.routes["/works"] = Reply(429, b"", {"Retry-After": asked_for})
    assert reason("crossref", "works", client(server, wait=waits)) == "busy"
    assert waits == []
    assert len(server.asked) == 1


def test_requests_to_one_host_keep_their_distance(server: Loopback, waits: Waits) -> None:
    server.routes["/works"] = Reply(200, b"{}")
    with client(server, wait=waits) as asker:
        asker.get("crossref", "works")
        asker.get("crossref", "works")
    assert len(waits) == 1
    assert 0 < waits[0] <= 0.2


@pytest.mark.parametrize("prefix", ["X-Rate-Limit", "X-RateLimit"])
def test_crossref_says_how_often_it_may_be_asked(server: Loopback, waits: Waits, prefix: str) -> None:
    server.routes["/works"] = Reply(200, b"{}", {f"{prefix}-Limit": "2", f"{prefix}-Interval": "4s"})
    with client(server, wait=waits) as asker:
        for _ in range(3):
            asker.get("crossref", "works")
    assert waits[-1] > 1.5


def test_a_limit_that_is_none_is_not_heeded(server: Loopback, waits: Waits) -> None:
    server.routes["/works"] = Reply(200, b"{}", {"X-Rate-Limit-Limit": "0", "X-Rate-Limit-Interval": "99999s"})
    with client(server, wait=waits) as asker:
        for _ in range(3):
            asker.get("crossref", "works")
    assert max(waits) < 1


@pytest.mark.parametrize(
    ("status", "expected"), [(404, "not_found"), (410, "not_found"), (403, "refused"), (451, "refused"), (501, "busy")]
)
def test_other_answers_are_failures_unless_they_are_asked_for(server: Loopback, status: int, expected: str) -> None:
    server.routes["/works"] = Reply(status)
    assert reason("crossref", "works", client(server), allow=()) == expected
    with client(server) as asker:
        assert asker.get("crossref", "works", allow=(status,)).status == status


def test_a_404_is_an_answer_with_its_text(server: Loopback) -> None:
    with client(server) as asker:
        answer = asker.get("crossref", "works/10.5555/none")
    assert (answer.status, answer.text()) == (404, "Resource not found.")


@pytest.mark.parametrize(
    "body", [b"<html><title>Just a moment</title>", b'{"message": {"DOI": ', b"[" * 200_000, b"\xff\xfe{}", b""]
)
def test_what_is_no_json_says_so(server: Loopback, body: bytes) -> None:
    server.routes["/works"] = Reply(200, body, JSON)
    with client(server) as asker, pytest.raises(LookupFailed, match="no whole JSON") as caught:
        asker.get("crossref", "works").json()
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        ("Müller".encode("latin-1"), {"Content-Type": "text/html; charset=ISO-8859-1"}, "Müller"),
        (b'<meta charset="windows-1252">\x93', {}, '<meta charset="windows-1252">\N{LEFT DOUBLE QUOTATION MARK}'),
        ("\ufeffMüller".encode(), {}, "Müller"),
        (b"M\xfcller", {}, "M\ufffdller"),
        ("Müller".encode(), {"Content-Type": "text/html; charset=klingon"}, "Müller"),
        (b"abc", {"Content-Type": "text/html; charset=rot13"}, "abc"),
    ],
)
def test_text_is_read_as_it_says(server: Loopback, body: bytes, headers: dict[str, str], text: str) -> None:
    server.routes["/page"] = Reply(200, body, headers)
    with client(server) as asker:
        assert asker.get("web", f"{server.base}/page").text() == text


def test_a_body_that_is_too_large_is_not_read_to_its_end(server: Loopback) -> None:
    server.routes["/works"] = Reply(200, b"x" * 300_000, length=None)
    assert reason("crossref", "works", client(server), max_bytes=100_000) == "too_large"


def test_a_small_file_that_unpacks_to_a_large_one_is_too_large(server: Loopback) -> None:
    bomb = gzip.compress(gzip.compress(bytes(2**26)))
    assert len(bomb) < 2000
    server.routes["/works"] = Reply(200, bomb, {"Content-Encoding": "gzip, gzip"})
    assert reason("crossref", "works", client(server)) == "too_large"


def test_a_packed_body_is_unpacked(server: Loopback) -> None:
    server.routes["/works"] = Reply(200, gzip.compress(b'{"a": 1}'), {"Content-Encoding": "gzip"})
    with client(server) as asker:
        assert asker.get("crossref", "works").json() == {"a": 1}


def test_a_body_that_is_cut_off_is_no_answer(server: Loopback, waits: Waits) -> None:
    server.routes["/works"] = Reply(200, b'{"a": 1}', length=500)
    assert reason("crossref", "works", client(server, wait=waits)) == "unreachable"
    server.routes["/works"] = Reply(200, gzip.compress(b"x" * 5000)[:-20] + b"garbage", {"Content-Encoding": "gzip"})
    assert reason("crossref", "works", client(server, wait=waits)) == "unreachable"


def test_no_answer_in_time(server: Loopback, waits: Waits) -> None:
    server.routes["/works"] = Reply(200, b"{}", pause=1.5)
    assert reason("crossref", "works", client(server, wait=waits, timeout=(1, 0.2))) == "unreachable"
    assert len(server.asked) == 2


def test_drops_that_never_end_come_to_an_end(waits: Waits) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip() -> None:
            listener.settimeout(5)
            while not stop.is_set():
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(4096)
                    try:
                        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                        while not stop.wait(0.05):
                            peer.sendall(b"x")
                    except OSError:
                        continue

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/drip"
        assert reason("web", url, Client(loopback=True, timeout=(0.1, 0.1), wait=waits)) == "unreachable"
        stop.set()
    thread.join()


def test_nobody_listens(waits: Waits) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert reason("web", f"http://127.0.0.1:{port}/", Client(loopback=True, wait=waits)) == "unreachable"


def test_redirects_are_followed_and_told(server: Loopback) -> None:
    server.routes["/a"] = Reply(302, b"", {"Location": "b?x=1"})
    server.routes["/b"] = Reply(308, b"", {"Location": f"{server.base}/c d#part"})
    server.routes["/c d"] = Reply(200, b"there")
    with client(server) as asker:
        answer = asker.get("web", f"{server.base}/a")
    assert (answer.url, answer.body) == (f"{server.base}/c%20d#part", b"there")
    assert answer.hops == ((302, f"{server.base}/b?x=1"), (308, f"{server.base}/c%20d#part"))


def test_a_redirect_that_goes_round_ends(server: Loopback) -> None:
    server.routes["/a"] = Reply(301, b"", {"Location": "/b"})
    server.routes["/b"] = Reply(301, b"", {"Location": "/a"})
    assert reason("web", f"{server.base}/a", client(server, wait=lambda _: None)) == "unreachable"
    assert len(server.asked) <= 12


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.7/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:192.168.0.1]/",
        "http://[2002:c0a8:1::]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[fe80::1%25eth0]/",
        "http://0x7f.1/",
        "http://224.0.0.1/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "//user:secret@example.org/",
        "http://[broken/",
        "http://example.org:99999/",
    ],
)
def test_a_redirect_off_the_public_web_is_refused(server: Loopback, target: str) -> None:
    server.routes["/a"] = Reply(302, b"", {"Location": target})
    asker = client(server, loopback=False, bases={"doi": server.base})
    assert reason("doi", "a", asker) in ("not_public", "unreadable")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "2130706433"])
def test_this_machine_is_not_asked_unless_told(server: Loopback, host: str) -> None:
    port = server.base.rpartition(":")[2]
    assert reason("web", f"http://{host}:{port}/", Client()) == "not_public"
    assert server.asked == []


def test_a_name_that_leads_to_a_private_address_is_refused(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once, and one private address among public ones is enough to refuse it."""
    port = int(server.base.rpartition(":")[2])
    looked_up = []

    def getaddrinfo(host: str, *_: object, **__: object) -> list[Any]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("93.184.215.14", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert reason("web", f"http://rebind.example:{port}/", Client()) == "not_public"
    assert looked_up == ["rebind.example"]
    assert server.asked == []


def test_a_proxy_of_the_environment_connects_and_numbers_are_still_checked(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, server.base)
    server.routes["/page"] = Reply(200, b"by proxy")
    with Client() as asker:
        assert asker.get("web", "http://pages.example/page").body == b"by proxy"
        assert reason("web", "http://10.0.0.7/page", asker) == "not_public"
    assert server.asked[0].headers["host"] == "pages.example"
    assert len(server.asked) == 1


def test_what_was_answered_is_not_asked_again(server: Loopback, tmp_path: Path) -> None:
    server.routes["/works"] = Reply(200, b'{"a": "\xc3\xa9"}', JSON)
    with client(server, cache=tmp_path, mailto="one@example.org") as asker:
        first = asker.get("crossref", "works")
    with client(server, cache=tmp_path, mailto="two@example.org") as asker:
        second = asker.get("crossref", "works")
        other = asker.get("crossref", "works", accept="text/plain")
    assert len(server.asked) == 2
    assert (first.cached, second.cached, other.cached) == (False, True, False)
    assert (second.json(), second.headers, second.url) == (first.json(), first.headers, first.url)


def test_nothing_is_kept_on_demand(server: Loopback, tmp_path: Path) -> None:
    server.routes["/works"] = Reply(200, b"{}")
    with client(server, cache=tmp_path) as asker:
        asker.get("crossref", "works", keep=False)
        asker.get("crossref", "works")
        assert not asker.get("crossref", "works", keep=False).cached
    assert len(server.asked) == 3


def kept(server: Loopback, folder: Path, path: str, *, status: int = 200, days: float) -> None:
    cache = Cache(folder)
    url = f"{server.base}/{path}"
    cache.keep(f"*/* {url}", Kept(url, status, {}, b"old", datetime.now(UTC) - timedelta(days=days)))
    cache.close()


@pytest.mark.parametrize(
    ("status", "days", "options", "asks"),
    [
        (200, 29, {}, False),
        (200, 31, {}, True),
        (404, 0.9, {}, False),
        (404, 1.1, {}, True),
        (200, 3, {"max_age_days": 2}, True),
        (200, 1, {"max_age_days": 2}, False),
    ],
)
def test_answers_grow_old(
    server: Loopback, tmp_path: Path, status: int, days: float, options: dict[str, Any], asks: bool
) -> None:
    kept(server, tmp_path, "works", status=status, days=days)
    server.routes["/works"] = Reply(200, b"new")
    with client(server, cache=tmp_path) as asker:
        answer = asker.get("crossref", "works", **options)
    assert answer.body == (b"new" if asks else b"old")


def test_an_old_answer_is_better_than_none_and_says_how_old_it_is(
    server: Loopback, tmp_path: Path, waits: Waits
) -> None:
    kept(server, tmp_path, "works", days=100)
    server.routes["/works"] = Reply(503)
    with client(server, cache=tmp_path, wait=waits) as asker:
        answer = asker.get("crossref", "works")
    assert (answer.body, answer.cached) == (b"old", True)
    assert answer.fetched_on == f"{datetime.now(UTC) - timedelta(days=100):%Y-%m-%d}"
    server.routes["/works"] = Reply(403)
    assert reason("crossref", "works", client(server, cache=tmp_path)) == "refused"


def test_offline_answers_from_what_is_kept_alone(server: Loopback, tmp_path: Path) -> None:
    kept(server, tmp_path, "works", days=100)
    with client(server, cache=tmp_path, offline=True) as asker:
        assert asker.get("crossref", "works").body == b"old"
        assert reason("crossref", "other", asker) == "offline"
    assert server.asked == []


def test_that_there_is_nothing_is_kept_too(server: Loopback, tmp_path: Path) -> None:
    for _ in range(2):
        assert reason("crossref", "works", client(server, cache=tmp_path), allow=()) == "not_found"
    assert len(server.asked) == 1


def test_failures_are_not_kept(server: Loopback, tmp_path: Path) -> None:
    server.routes["/works"] = [Reply(403), Reply(200, b"{}")]
    with client(server, cache=tmp_path) as asker:
        assert asker.get("crossref", "works", allow=(403,)).status == 403
        assert asker.get("crossref", "works", allow=(403,)).status == 200


@pytest.mark.parametrize("damage", [b"not a database, and longer than its head" * 100, b""])
def test_a_damaged_cache_is_begun_again(server: Loopback, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    server.routes["/works"] = Reply(200, b"{}")
    for _ in range(2):
        with client(server, cache=tmp_path) as asker:
            asker.get("crossref", "works")
    assert len(server.asked) == 1


def test_a_damaged_row_is_asked_again(server: Loopback, tmp_path: Path) -> None:
    import sqlite3

    server.routes["/works"] = Reply(200, b"{}")
    with client(server, cache=tmp_path) as asker:
        asker.get("crossref", "works")
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("UPDATE responses SET value = '{\"url\": 1'")
    connection.commit()
    connection.close()
    with client(server, cache=tmp_path) as asker:
        assert not asker.get("crossref", "works").cached


def test_where_nothing_can_be_kept_nothing_fails(server: Loopback, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    server.routes["/works"] = Reply(200, b"{}")
    with client(server, cache=tmp_path / "file") as asker:
        assert not asker.get("crossref", "works").cached


WORKER = """
import sys
from pathlib import Path
from evidencekb.sources.client import Client

base, folder, number = sys.argv[1:]
with Client(bases={"crossref": base}, cache=Path(folder), wait=lambda _: None) as client:
    for turn in range(20):
        client.get("crossref", f"works/{number}/{turn}")
        client.get("crossref", f"works/all/{turn}")
"""


@pytest.mark.slow
def test_processes_share_the_cache(server: Loopback, tmp_path: Path) -> None:
    server.otherwise = lambda asked: Reply(200, asked.path.encode())
    workers = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", WORKER, server.base, str(tmp_path), str(number)])
        for number in range(3)
    ]
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    with client(server, cache=tmp_path, offline=True) as asker:
        for number in ("0", "1", "2", "all"):
            for turn in range(20):
                path = f"works/{number}/{turn}"
                assert asker.get("crossref", path).body == f"/{path}".encode()


def test_threads_share_a_client(server: Loopback, tmp_path: Path) -> None:
    server.otherwise = lambda asked: Reply(200, asked.path.encode())
    got: dict[int, bytes] = {}
    with client(server, cache=tmp_path, wait=lambda _: None) as asker:
        threads = [
            threading.Thread(target=lambda n=n: got.update({n: asker.get("crossref", f"works/{n}").body}))
            for n in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert got == {n: f"/works/{n}".encode() for n in range(12)}


def test_a_failure_can_be_caught_as_what_it_is_and_survives_pickling() -> None:
    failed = LookupFailed(
        "crossref", "https://api.crossref.org/works/10.5555/a", "busy", "it answers 503; ask again later"
    )
    assert isinstance(failed, EvidenceError)
    assert isinstance(failed, OSError)
    again = pickle.loads(pickle.dumps(failed))
    assert str(again) == str(failed)
    assert (again.service, again.url, again.reason, again.detail) == failed.__reduce__()[1]


def test_an_unknown_service_is_named() -> None:
    with Client() as asker, pytest.raises(QuestionError, match="no service is called 'scopus'"):
        asker.get("scopus", "works")


def test_an_address_off_the_public_web_is_refused_as_an_error_of_this_library() -> None:
    from evidencekb.sources.transport import check_address

    with pytest.raises(EvidenceError, match=r"10\.0\.0\.7 is not on the public web") as caught:
        check_address("http://10.0.0.7/")
    assert isinstance(caught.value, OSError)
    check_address("https://example.org/")


def test_importing_the_library_imports_no_network() -> None:
    code = (
        "import sys, evidencekb, evidencekb.sources.client;"
        "print({'requests', 'requests_cache', 'urllib3'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


def test_the_not_found_page_of_the_test_server_is_that_of_crossref() -> None:
    assert (NOT_FOUND.status, NOT_FOUND.body) == (404, b"Resource not found.")
