"""A web server for the tests of what is asked over the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.loopback import Loopback, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    with serving() as running:
        yield running
