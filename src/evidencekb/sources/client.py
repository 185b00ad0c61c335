"""Asking services and pages: politely, within bounds, and from what is kept when they do not answer.

>>> with Client(offline=True) as client:
...     client.get("crossref", "works/10.5555/12345678")
Traceback (most recent call last):
    ...
evidencekb.errors.LookupFailed: crossref has no answer for https://api.crossref.org/works/10.5555/12345678 (offline): \
no answer is kept; ask again when the network may be used

References:
    Crossref, REST API etiquette. NCBI, E-utilities usage guidelines (three requests a second). arXiv, API terms of use
    (one request in three seconds). RFC 9110 for redirects, status codes and ``Retry-After``.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self
from urllib.parse import urlencode, urljoin, urlsplit

from evidencekb.__about__ import __version__
from evidencekb.errors import LookupFailed, QuestionError

if TYPE_CHECKING:
    import requests

    from evidencekb.sources.caching import Kept

MAX_BYTES = 2**23
"""How large a body may be, decompressed, unless the caller says otherwise."""

KEPT_FOR = {200: timedelta(days=30), 404: timedelta(days=1)}
"""How long an answer of a status is used without asking again; other answers are not kept."""


@dataclass(frozen=True, slots=True)
class Service:
    """How a service is asked.

    Attributes:
        base: Its address; ``""`` when whole addresses are asked for.
        interval: Least time between two requests to one host, in seconds.
        contact: Parameter that takes the person's mail address; ``""`` when there is none.
        named: True if the person's mail address is sent at all; pages of strangers never get it.
    """

    base: str
    interval: float
    contact: str = ""
    named: bool = True


SERVICES = {
    "crossref": Service("https://api.crossref.org", 0.2, "mailto"),
    "datacite": Service("https://api.datacite.org", 0.2),
    "openalex": Service("https://api.openalex.org", 0.2, "mailto"),
    "pubmed": Service("https://eutils.ncbi.nlm.nih.gov/entrez/eutils", 0.4, "email"),
    "pmc": Service("https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1", 0.4, "email"),
    "arxiv": Service("https://export.arxiv.org/api", 3.0),
    "openlibrary": Service("https://openlibrary.org", 1.0),
    "doi": Service("https://doi.org", 0.2, named=False),
    "wayback": Service("https://archive.org/wayback", 1.0),
    "web": Service("", 0.5, named=False),
}
"""Every service. ``EVIDENCEKB_CROSSREF`` and the like put another address in place of a base, for example a proxy's."""

_AGAIN = frozenset({429, 500, 502, 503, 504})
_NONE = frozenset({404, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 5
_ATTEMPTS = 4
_ATTEMPTS_UNREACHABLE = 2
_LONGEST_WAIT = 60.0
_LONGEST_INTERVAL = 10.0
_CHUNK = 2**14
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service or a page said.

    Attributes:
        url: Where the answer came from, after redirects.
        headers: Names in lower case.
        body: Decompressed.
        fetched_on: The day it was fetched, ISO, in UTC.
        cached: True if it was kept from an earlier time; then ``fetched_on`` says how old it is.
        service: The service that was asked.
        hops: Redirects on the way, each its status and the address it led to; empty for what was kept.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    fetched_on: str
    cached: bool
    service: str
    hops: tuple[tuple[int, str], ...] = ()

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            LookupFailed: If it is none: cut off, a web page, or nested too deeply.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as wrong:
            start = self.body[:60].decode("utf-8", "replace")
            raise LookupFailed(
                self.service, self.url, "unreadable", f"the answer is no whole JSON ({wrong}); it starts with {start!r}"
            ) from wrong

    def text(self) -> str:
        """The body as text, in the encoding that it names, or else UTF-8; what cannot be read becomes U+FFFD."""
        named = _CHARSET.search(self.headers.get("content-type", "").encode()) or _CHARSET.search(self.body[:2048])
        if named:
            try:
                return self.body.decode(named[1].decode("ascii"), "replace")
            except (LookupError, ValueError):
                pass  # no such encoding, or one that is not of text
        return self.body.decode("utf-8-sig", "replace")


class Client:
    """Asks services and pages; closed by ``with``.

    One client may be used by many threads. What is kept in ``cache`` is used by all that come after.

    Attributes:
        mailto: Mail address that services are told, so that they can write instead of blocking; ``EVIDENCEKB_MAILTO``
            when none is given.
        cache: Folder in which answers are kept; None keeps none.
        offline: True answers from what is kept alone.
        loopback: True lets addresses of this machine pass, too.
        bases: Addresses in place of those of :data:`SERVICES`. A base named here or in the environment may stand in a
            network of one's own; where it leads may not.
        timeout: Seconds to connect, and seconds without a byte.
        wait: How the client waits, given seconds.

    Raises:
        QuestionError: If ``mailto`` is no mail address.
    """

    def __init__(
        self,
        *,
        mailto: str | None = None,
        cache: Path | None = None,
        offline: bool = False,
        loopback: bool = False,
        bases: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = (5, 30),
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.mailto = mailto or os.environ.get("EVIDENCEKB_MAILTO") or None
        if self.mailto and not _MAIL.fullmatch(self.mailto):
            raise QuestionError(f"{self.mailto!r} is not a mail address; write name@example.org, or leave it out")
        self.offline = offline
        self.loopback = loopback
        self.timeout = timeout
        self._wait = wait
        given = {name: os.environ.get(f"EVIDENCEKB_{name.upper()}", "") for name in SERVICES} | dict(bases or {})
        self._bases = {name: base.rstrip("/") for name, base in given.items() if base}
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}
        self._intervals: dict[str, float] = {}
        self._adapters: dict[bool, Any] = {}
        self._cache: Any = None
        if cache is not None:
            from evidencekb.sources.caching import Cache

            self._cache = Cache(cache)

    def get(
        self,
        service: str,
        path_or_url: str,
        *,
        params: Mapping[str, str] | None = None,
        accept: str | None = None,
        max_bytes: int = MAX_BYTES,
        allow: Collection[int] = (404,),
        max_age_days: float | None = None,
        keep: bool = True,
        check: Callable[[Answer], object] | None = None,
    ) -> Answer:
        """Ask a service, or open a page.

        Args:
            service: One of :data:`SERVICES`.
            path_or_url: The path below the service's base, already quoted; for ``"web"`` the whole address.
            params: Parameters of the query.
            accept: The media type that is asked for.
            max_bytes: How large the body may be, decompressed.
            allow: Statuses beside 2xx that are answers; all others raise.
            max_age_days: Ask again when the kept answer is older; by default see :data:`KEPT_FOR`. When the service is
                down, an older one is still returned, with ``cached`` and its ``fetched_on``.
            keep: False neither uses nor keeps answers: what is asked is how things are now.
            check: Called with a new answer before it is kept, for example :meth:`Answer.json`; raises when the answer is
                not what was asked for, such as a page that asks for patience.

        Raises:
            LookupFailed: If there is no answer that can be used; its ``reason`` says why.
            QuestionError: If there is no such service.
        """
        if service not in SERVICES:
            raise QuestionError(f"no service is called {service!r}; known are {', '.join(SERVICES)}")
        url = self._url(service, path_or_url, params)
        key = f"{accept or '*/*'} {url}"
        kept = self._cache.get(key) if self._cache and keep else None
        if kept and (self.offline or not _is_old(kept, max_age_days)):
            return _judged(service, url, kept, allow, cached=True)
        if self.offline:
            raise LookupFailed(service, url, "offline", "no answer is kept; ask again when the network may be used")
        try:
            fetched = self._ask(service, url, accept=accept, max_bytes=max_bytes, allow=allow)
        except LookupFailed as problem:
            if kept and problem.reason in ("busy", "unreachable"):
                return _judged(service, url, kept, allow, cached=True)
            raise
        if check and fetched.status == 200:
            check(_judged(service, url, fetched, allow, cached=False))
        if self._cache and keep and fetched.status in KEPT_FOR:
            self._cache.keep(key, fetched)
        return _judged(service, url, fetched, allow, cached=False)

    def close(self) -> None:
        """Close connections and the file of kept answers."""
        for adapter in self._adapters.values():
            adapter.close()
        if self._cache:
            self._cache.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _url(self, service: str, path_or_url: str, params: Mapping[str, str] | None) -> str:
        base = self._bases.get(service) or SERVICES[service].base
        url = f"{base}/{path_or_url.lstrip('/')}" if base else path_or_url
        query = urlencode(dict(params or {}))
        return f"{url}{'&' if '?' in url else '?'}{query}" if query else url

    def _ask(self, service: str, url: str, *, accept: str | None, max_bytes: int, allow: Collection[int]) -> Kept:
        """Ask, and ask again where that may help."""
        for attempt in range(1, _ATTEMPTS + 1):
            pause = 2.0 ** (attempt - 1)
            try:
                response, hops = self._follow(service, url, accept)
                status = response.status_code
                if status not in _AGAIN or status in allow:
                    return self._read(service, url, response, hops, max_bytes, allow)
                response.close()
            except LookupFailed as problem:
                if problem.reason != "unreachable" or attempt >= _ATTEMPTS_UNREACHABLE:
                    raise
            else:
                told = _told_to_wait(response.headers.get("Retry-After", ""))
                if attempt == _ATTEMPTS or told > _LONGEST_WAIT:
                    when = f"in {told:.0f} seconds" if told else "later"
                    raise LookupFailed(service, url, "busy", f"it answers {status}; ask again {when}")
                pause = told or pause
            self._wait(pause)
        raise AssertionError("unreachable")

    def _follow(
        self, service: str, url: str, accept: str | None
    ) -> tuple[requests.Response, tuple[tuple[int, str], ...]]:
        """The head of the first answer that is no redirect, and the redirects that led there."""
        import requests

        from evidencekb.sources.transport import NotPublic, check_address, open_once

        cookies = requests.cookies.RequestsCookieJar()
        here = self._with_contact(service, url)
        hops: list[tuple[int, str]] = []
        for hop in range(_HOPS + 1):
            is_own_base = hop == 0 and service in self._bases
            try:
                if not is_own_base:
                    check_address(here, loopback=self.loopback)
                self._take_turn(service, here)
                response = open_once(
                    self._adapter(checked=not is_own_base),
                    here,
                    headers=self._headers(service if hop == 0 else "web", accept),
                    cookies=cookies,
                    timeout=self.timeout,
                )
            except NotPublic as problem:
                raise LookupFailed(service, url, "not_public", str(problem)) from problem
            except (requests.RequestException, ValueError) as problem:
                _raise_unreachable(service, url, problem)
            self._heed_limits(here, response)
            target = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or not target:
                return response, tuple(hops)
            response.close()
            cookies.update(response.cookies)
            try:
                here = _joined(here, target)
            except ValueError as wrong:
                detail = f"it leads to {target!r}, which is not an address: {wrong}"
                raise LookupFailed(service, url, "unreadable", detail) from wrong
            hops.append((response.status_code, here))
        raise LookupFailed(service, url, "unreachable", f"it leads on more than {_HOPS} times, last to {here}")

    def _read(
        self,
        service: str,
        url: str,
        response: requests.Response,
        hops: tuple[tuple[int, str], ...],
        max_bytes: int,
        allow: Collection[int],
    ) -> Kept:
        import requests
        import urllib3

        from evidencekb.sources.caching import Kept

        status = response.status_code
        try:
            if not (200 <= status < 300 or status in allow or status in _NONE):
                raise LookupFailed(service, url, "busy" if status >= 500 else "refused", f"it answers {status}")
            body = bytearray()
            until = time.monotonic() + 4 * sum(self.timeout)
            # One read at a time: a server that sends a byte now and then comes to its end, too.
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > max_bytes:
                    raise LookupFailed(service, url, "too_large", f"the answer has more than {max_bytes} bytes")
                if time.monotonic() > until:
                    raise LookupFailed(service, url, "unreachable", "the answer takes too long")
            left = getattr(response.raw, "length_remaining", 0)
            if left:
                raise LookupFailed(service, url, "unreachable", f"the answer ends {left} bytes early")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as problem:
            if isinstance(problem, LookupFailed):
                raise
            _raise_unreachable(service, url, problem)
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Kept(hops[-1][1] if hops else url, status, headers, bytes(body), datetime.now(UTC), hops)

    def _adapter(self, *, checked: bool) -> Any:
        from evidencekb.sources.transport import Adapter

        with self._lock:
            if checked not in self._adapters:
                self._adapters[checked] = Adapter(checked=checked, loopback=self.loopback)
            return self._adapters[checked]

    def _headers(self, service: str, accept: str | None) -> dict[str, str]:
        contact = f" (mailto:{self.mailto})" if self.mailto and SERVICES[service].named else ""
        return {
            "User-Agent": f"evidencekb/{__version__}{contact}",
            "Accept": accept or "*/*",
            "Accept-Encoding": "gzip, deflate",
        }

    def _with_contact(self, service: str, url: str) -> str:
        """The address with what a service wants to know of who asks; it is no part of what is asked."""
        name = SERVICES[service].contact
        if not name:
            return url
        known = {"tool": "evidencekb"} if name == "email" else {}
        known |= {name: self.mailto} if self.mailto else {}
        return f"{url}{'&' if '?' in url else '?'}{urlencode(known)}" if known else url

    def _take_turn(self, service: str, url: str) -> None:
        """Wait until the host may be asked again; threads queue up."""
        host = urlsplit(url).netloc.lower()
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + max(SERVICES[service].interval, self._intervals.get(host, 0.0))
        if turn > now:
            self._wait(turn - now)

    def _heed_limits(self, url: str, response: requests.Response) -> None:
        """Crossref says how many requests it takes in which time."""
        for prefix in ("X-Rate-Limit", "X-RateLimit"):
            limit = re.fullmatch(r"[0-9]{1,6}", response.headers.get(f"{prefix}-Limit", ""))
            span = re.fullmatch(r"([0-9]{1,6})s?", response.headers.get(f"{prefix}-Interval", ""))
            if limit and span and int(limit[0]):
                with self._lock:
                    self._intervals[urlsplit(url).netloc.lower()] = min(int(span[1]) / int(limit[0]), _LONGEST_INTERVAL)


def _joined(here: str, target: str) -> str:
    """Where a redirect leads. Header bytes are read as Latin-1; addresses in them are UTF-8 if they are anything."""
    import requests

    target = target.strip().encode("latin-1", "replace").decode("utf-8", "replace")
    return requests.utils.requote_uri(urljoin(here, target))


def _is_old(kept: Kept, max_age_days: float | None) -> bool:
    age = datetime.now(UTC) - kept.fetched_at
    limit = KEPT_FOR.get(kept.status, timedelta(0))
    return age > (limit if max_age_days is None else min(limit, timedelta(days=max_age_days)))


def _judged(service: str, url: str, kept: Kept, allow: Collection[int], *, cached: bool) -> Answer:
    """What was said as an answer, or as the failure that it is."""
    if kept.status in _NONE and kept.status not in allow:
        raise LookupFailed(service, url, "not_found", f"it answers {kept.status}; is the identifier right?")
    day = f"{kept.fetched_at:%Y-%m-%d}"
    return Answer(kept.url, kept.status, kept.headers, kept.body, day, cached, service, kept.hops)


def _told_to_wait(header: str) -> float:
    """Seconds of a ``Retry-After``, which is a number or a date; 0 when it says nothing."""
    from urllib3.exceptions import InvalidHeader
    from urllib3.util import Retry

    try:
        return Retry().parse_retry_after(header) if header else 0.0
    except (InvalidHeader, ValueError, OverflowError):
        return 0.0


def _raise_unreachable(service: str, url: str, problem: Exception) -> NoReturn:
    """The connection failed; why, without the layers of wrapping around it."""
    import requests
    from urllib3.exceptions import NameResolutionError, NewConnectionError, ReadTimeoutError

    from evidencekb.sources.transport import NotPublic

    layers: list[BaseException] = [problem]
    while (below := layers[-1].__cause__ or layers[-1].__context__) is not None and len(layers) < 20:
        layers.append(below)
    if public := next((layer for layer in layers if isinstance(layer, NotPublic)), None):
        raise LookupFailed(service, url, "not_public", str(public)) from problem
    if any(isinstance(layer, NameResolutionError) for layer in layers):
        why = f"no host is known by this name ({layers[-1]}); is the address right, is there a network?"
    elif any(isinstance(layer, (requests.Timeout, ReadTimeoutError)) for layer in layers):
        why = "no answer in time"
    elif new := next((layer for layer in layers if isinstance(layer, NewConnectionError)), None):
        why = str(new).partition("): ")[2] or str(new)
    else:
        why = f"{type(layers[-1]).__name__}: {layers[-1]}"
    raise LookupFailed(service, url, "unreachable", why) from problem
