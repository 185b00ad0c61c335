"""The records that seeds change: of a pack, of which a seed takes one and all that it refers to, and of the made-up base."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

from evidencekb.engines.opening import open_sealed
from evidencekb.loading.assembling import assemble
from evidencekb.model import LISTS
from evidencekb.seeds.changing import Key, Plain, key_of, needed_key
from evidencekb.store.nodes import parse, plain

TEXTS = Path(__file__).parent / "texts"
BASE = "base.yaml"


class SeedBed:
    """Where seeds take their records from.

    Args:
        pack: The pack, a sealed file or a folder; it is read when a seed first asks for a record of it.
    """

    def __init__(self, pack: Path) -> None:
        self._pack = pack

    @cached_property
    def records(self) -> dict[Key, Plain]:
        """The plain records of the pack and of those it extends, waivers left out."""
        return {key: record for key, record in _records_of(self._pack) if key[0] != "waiver"}

    @cached_property
    def _named(self) -> dict[Key, tuple[Key, ...]]:
        """Which records each record names."""
        by_id: dict[str, list[Key]] = {}
        for key in self.records:
            by_id.setdefault(key[1], []).append(key)
        return {
            key: tuple(other for text in set(_texts(record)) for other in by_id.get(text, ()) if other != key)
            for key, record in self.records.items()
        }

    def around(self, ids: Iterable[str]) -> dict[Key, Plain]:
        """The records with the ids, and all that they refer to, in the order of the pack.

        Raises:
            OutOfDate: If the pack has no record of an id.
        """
        ahead = [needed_key(id, self.records) for id in ids]
        reached: set[Key] = set()
        while ahead:
            if (key := ahead.pop()) not in reached:
                reached.add(key)
                ahead.extend(self._named[key])
        return {key: record for key, record in self.records.items() if key in reached}

    @cached_property
    def base(self) -> dict[Key, Plain]:
        """The made-up records beside which seeds stand that change no record of a pack."""
        root = parse(self.base_text)
        lists: Mapping[str, list[Plain]] = plain(root) if root is not None else {}
        return {key_of(LISTS[name], record): record for name, records in lists.items() for record in records}

    @cached_property
    def base_text(self) -> str:
        """The file of the made-up records."""
        return (TEXTS / BASE).read_text(encoding="utf-8")


def _records_of(pack: Path) -> Iterator[tuple[Key, Plain]]:
    if pack.is_dir():
        yield from ((key, json.loads(held.body)) for key, held in assemble(pack).held.items())
        return
    connection, _ = open_sealed(pack)
    with closing(connection):
        for kind, id, body in connection.execute("SELECT kind, id, body FROM record ORDER BY kind, id"):
            yield (kind, id), json.loads(body)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a record; those that are the id of a record refer to it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
