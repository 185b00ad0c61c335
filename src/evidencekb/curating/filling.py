r"""What an entry of a .bib file lacks and another description of the same work has, as fields to add to it.

>>> entry = "@article{a,\n  title = {Replies},\n  year = 2024\n}"
>>> filled = fill(entry, {"volume": "7", "publisher": "A Press"})
>>> filled.fields, filled.variables
({'volume': '7', 'publisher': 'A Press'}, ('volume', 'publisher'))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evidencekb.errors import EntryError
from evidencekb.sources.bibblocks import blocks
from evidencekb.sources.bibediting import set_fields
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.bibwriting import Dialect, write_bibtex
from evidencekb.sources.items import Item

_OF_BIBTEX = frozenset({"journal", "year", "month", "school", "address"})


@dataclass(frozen=True, slots=True)
class Filled:
    """An entry with more in it.

    Attributes:
        text: The entry.
        fields: What was added, and what stands between the braces of each.
        variables: The CSL variables that are read from it and were not before, in the order offered.
    """

    text: str
    fields: Mapping[str, str]
    variables: tuple[str, ...]


def fill(text: str, missing: Mapping[str, Any]) -> Filled:
    """Add what is missing to an entry; what it has stays as it is.

    Args:
        text: One entry of a .bib file.
        missing: CSL variables that the work lacks; one that finds no field that is free is left out.

    Returns:
        The entry; the one given, when nothing could be added without changing what is read from it.
    """
    block = next(blocks(text))
    held = _read(text)
    names = {field.name.lower() for field in block.fields}
    dialect: Dialect = "bibtex" if names & _OF_BIBTEX else "biblatex"
    before = _fields({**held, "id": block.key}, dialect)
    after = _fields({**held, **missing, "id": block.key}, dialect)
    fields = {name: value for name, value in after.items() if name not in before and name not in names}
    if not fields:
        return Filled(text, {}, ())
    try:
        filled = set_fields(text, {block.key: fields})
    except EntryError:
        return Filled(text, {}, ())
    again = _read(filled)
    if any(again.get(variable) != value for variable, value in held.items()):
        return Filled(text, {}, ())
    return Filled(filled, fields, tuple(name for name, value in missing.items() if again.get(name) == value))


def _read(text: str) -> Item:
    entries = read_bibtex(text, "").entries
    return entries[0].item if entries else {}


def _fields(item: Item, dialect: Dialect) -> dict[str, str]:
    return {field.name.lower(): field.raw[1:-1] for field in next(blocks(write_bibtex([item], dialect=dialect))).fields}
