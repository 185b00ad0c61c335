"""Writing what was found about the standing of sources into their records.

Only the field ``standing`` of the record concerned changes. What cannot be changed without touching anything else, such
as a comment inside the field, is left to a person, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.errors import CurationError
from evidencekb.sources.standing.report import SourceStanding
from evidencekb.store.changes import Change, apply
from evidencekb.store.editing import read_text, with_field


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the suggestions.

    Attributes:
        written: Ids of the sources whose records were changed.
        files: The files written, as paths inside the pack.
        left: Ids of the sources whose records were left alone, each with the reason.
    """

    written: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def record_standing(folder: Path, rows: Iterable[SourceStanding]) -> Recorded:
    """Write the suggested standing of sources into their files: all files that change, or none.

    Args:
        folder: The pack's folder.
        rows: What was found; those without a suggestion are passed over.

    Raises:
        ChangedMeanwhileError: If a file changes while it is worked on; nothing is written then.
        OSError: If a file cannot be read or written.
    """
    texts: dict[str, tuple[bytes, str]] = {}
    written, left = [], []
    for row in rows:
        if row.suggested is None:
            continue
        try:
            file = _file_of(row)
            before, text = texts.get(file) or read_text(folder / file)
            texts[file] = before, with_standing(text, row.source, row.suggested, was=_recorded(row), name=file)
            written.append(row.source)
        except CurationError as problem:
            left.append((row.source, str(problem)))
    changes = [Change(folder / file, before, text.encode()) for file, (before, text) in texts.items()]
    done = apply(changes, within=folder)
    files = (path.relative_to(folder).as_posix() for path in done)
    return Recorded(tuple(written), tuple(sorted(files)), tuple(left))


def with_standing(
    text: str, id: str, standing: Mapping[str, Any], *, was: Mapping[str, Any] | None = None, name: str = ""
) -> str:
    r"""The text of a pack file with another standing in one of its sources, see :func:`~evidencekb.store.editing.with_field`.

    Examples:
        >>> text = "sources:\n  - id: audit2020\n    kind: report  # a draft\n"
        >>> print(with_standing(text, "audit2020", {"checked_on": "2026-01-15"}), end="")
        sources:
          - id: audit2020
            kind: report  # a draft
            standing: {checked_on: 2026-01-15}
    """
    return with_field(text, "source", id, "standing", standing, was=was, name=name)


def _file_of(row: SourceStanding) -> str:
    if row.place is None:
        raise CurationError("its record is in another pack, which this one extends")
    if not row.place.file.endswith((".yaml", ".yml")):
        raise CurationError(f"{row.place}: only records in YAML files are changed; change it by hand")
    return row.place.file


def _recorded(row: SourceStanding) -> dict[str, Any]:
    """The standing that the suggestion was made from."""
    held = {"checked_on": row.recorded_on, "events": list(row.recorded_events)}
    return {key: value for key, value in held.items() if value}
