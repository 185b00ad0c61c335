"""Written and read again, a record is the same record."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencekb.model import KINDS, LISTS
from evidencekb.store.dumping import record_text
from evidencekb.store.nodes import parse, plain
from evidencekb.store.reading import read_pack

SHIPPED = read_pack(Path(__file__).parent.parent.parent / "data").records


@pytest.mark.parametrize("kind", sorted(set(LISTS.values())))
def test_every_shipped_record_survives_writing_and_reading(kind: str) -> None:
    (listing,) = [name for name, held in LISTS.items() if held == kind]
    for raw in SHIPPED:
        if raw.kind == kind:
            record = KINDS[kind].model_validate(raw.data)
            written = record.model_dump(mode="json", exclude_defaults=True, by_alias=True)
            node = parse(record_text(kind, written))
            assert node is not None
            (again,) = plain(node)[listing]
            assert KINDS[kind].model_validate(again) == record
