"""A web server that stands for the services, and a small pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.curating.small import small_pack
from tests.sources.conftest import server

__all__ = ["server"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return small_pack(tmp_path / "pack")
