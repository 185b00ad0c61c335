"""A web server for the tests of what is asked over the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.loopback import Loopback, serving


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving() as running:
        yield running
