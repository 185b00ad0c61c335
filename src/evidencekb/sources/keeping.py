"""A copy for each source: fetched where there is none, compared with its record where there is one.

>>> from evidencekb.sources.client import Client
>>> from evidencekb.sources.links import check_links
>>> from pathlib import Path
>>> memo = {"id": "memo2020", "url": "https://example.org/memo"}
>>> with Client(offline=True) as client:
...     report = check_links([memo], client=client, today="2026-01-15")
...     (keeping,) = keep_copies([memo], report, Path("copies"), client=client)
>>> print(keeping)
memo2020: not kept, no copy could be made; url https://example.org/memo: could not check
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.errors import LookupFailed
from evidencekb.model.sources import Archived
from evidencekb.sources.copies import Copy, archive_copy, archived_at, verify_copy
from evidencekb.sources.fields import text
from evidencekb.sources.links import Link, LinkReport, LinkState
from evidencekb.vocab import Term

if TYPE_CHECKING:
    from evidencekb.sources.client import Client

_ANSWERS = frozenset({LinkState.REACHED, LinkState.MOVED, LinkState.ALIAS})
# The page that a person named before one that a number leads to.
_PREFERRED = ("url", "doi", "arxiv", "pmid")


class CopyState(Term):
    """What became of the copy of a source."""

    KEPT = "kept", "a copy was made"
    THERE = "there", "the same bytes were kept before"
    WHOLE = "whole", "the record names a copy, and its bytes are as the record says"
    ELSEWHERE = "elsewhere", "the record names a copy in another place, which was not looked at"
    ARCHIVED = "archived", "nothing is left at the address, and the Wayback Machine has a copy"
    CHANGED = "changed", "the copy that the record names is gone or not as the record says"
    NOT_KEPT = "not_kept", "no copy could be made"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What became of the copy of one source.

    Attributes:
        source: Id of the source.
        state: What became of it.
        file: Where the copy is; '' when there is none.
        size: In bytes; 0 when there is none.
        suggested: What the record could say under ``archived``, as plain data; None when it has nothing to add.
        detail: More, as a sentence.
    """

    source: str
    state: CopyState
    file: str = ""
    size: int = 0
    suggested: Mapping[str, Any] | None = None
    detail: str = ""

    @property
    def ok(self) -> bool:
        """True when there is a copy that is what it should be."""
        return self.state not in (CopyState.CHANGED, CopyState.NOT_KEPT, CopyState.ARCHIVED)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "source": self.source,
            "state": str(self.state),
            "meaning": self.state.meaning,
            "file": self.file or None,
            "size": self.size,
            "suggested": None if self.suggested is None else dict(self.suggested),
            "detail": self.detail or None,
        }

    def __str__(self) -> str:
        parts = [
            f"{self.source}: {self.state.replace('_', ' ')}, {self.state.meaning}",
            f"{self.file} ({self.size:,} bytes)" if self.file else "",
            self.detail,
        ]
        lines = ["; ".join(part for part in parts if part)]
        if self.suggested is not None:
            lines.append(f"  archived: {{{', '.join(f'{key}: {value}' for key, value in self.suggested.items())}}}")
        return "\n".join(lines)


def keep_copies(
    sources: Iterable[Mapping[str, Any]],
    report: LinkReport,
    folder: Path,
    *,
    client: Client,
    today: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Keeping, ...]:
    """Keep a copy of each source that has an address.

    A copy that the record names is compared with its SHA-256, and fetched again when it is not there as it was. A source
    whose record names a copy in another place is left alone. Where nothing is left, the Wayback Machine is asked.

    Args:
        sources: As plain data, the keys being field names of a source.
        report: What became of their addresses.
        folder: Where copies are kept; it is made when there is one to keep.
        client: Fetches.
        today: The day of the copies, YYYY-MM-DD; by default the day of the answers.
        progress: Told how many sources are done, and of how many.

    Returns:
        One for each source that has a link in the report.

    Raises:
        OSError: If a copy cannot be written.
    """
    links: dict[str, list[Link]] = {}
    for link in report.links:
        links.setdefault(link.source, []).append(link)
    rows = [source for source in sources if text(source, "id") in links]
    found = []
    for done, source in enumerate(rows, start=1):
        id = text(source, "id")
        archived = Archived.model_validate(source["archived"]) if source.get("archived") else None
        found.append(_keep(id, archived, links[id], folder, client, today))
        if progress:
            progress(done, len(rows))
    return tuple(found)


def _keep(
    id: str, archived: Archived | None, links: Sequence[Link], folder: Path, client: Client, today: str | None
) -> Keeping:
    wrong = None
    if archived is not None:
        if not _is_ours(archived, folder):
            return Keeping(id, CopyState.ELSEWHERE, detail=archived.url)
        wrong = verify_copy(archived, folder)
        if wrong is None:
            file = folder / archived.url.rpartition("/")[2]
            return Keeping(id, CopyState.WHOLE, str(file), file.stat().st_size)
    ordered = sorted(links, key=lambda link: _PREFERRED.index(link.scheme))
    fetched = _fetched(ordered, folder, client, today)
    if isinstance(fetched, Copy):
        if archived is not None and fetched.archived.sha256 != archived.sha256:
            detail = f"{wrong}; what stands at the address now is another file, and was kept too"
            return Keeping(id, CopyState.CHANGED, str(fetched.file), fetched.size, detail=detail)
        state = CopyState.THERE if fetched.was_there else CopyState.KEPT
        suggested = None if archived else fetched.archived.model_dump(mode="json", exclude_none=True)
        return Keeping(id, state, str(fetched.file), fetched.size, suggested, "; ".join(fetched.warnings))
    if archived is not None:
        return Keeping(id, CopyState.CHANGED, detail=f"{wrong}; {fetched}")
    for link in ordered:
        if link.state is LinkState.GONE and link.scheme == "url":
            return _at_wayback(id, link, client)
    return Keeping(id, CopyState.NOT_KEPT, detail=fetched)


def _is_ours(archived: Archived, folder: Path) -> bool:
    """True for a copy that the record places in the folder."""
    return archived.url.rpartition("/")[0] == folder.name


def _fetched(links: Sequence[Link], folder: Path, client: Client, today: str | None) -> Copy | str:
    """A copy of the first address that gives one, or why none does."""
    why = []
    for link in links:
        if link.state not in _ANSWERS:
            why.append(f"{link.scheme} {link.value}: {link.state.replace('_', ' ')}")
            continue
        try:
            return archive_copy(link.value if link.scheme == "url" else link.final, folder, client=client, today=today)
        except LookupFailed as failed:
            why.append(f"{link.scheme} {link.value}: {failed.detail}")
    return "; ".join(why)


def _at_wayback(id: str, link: Link, client: Client) -> Keeping:
    try:
        archived = archived_at(link.value, client=client)
    except LookupFailed as failed:
        detail = f"{link.value} is gone, and the Wayback Machine could not be asked: {failed.detail}"
        return Keeping(id, CopyState.NOT_KEPT, detail=detail)
    if archived is None:
        return Keeping(id, CopyState.NOT_KEPT, detail=f"{link.value} is gone, and the Wayback Machine has no copy")
    suggested = archived.model_dump(mode="json", exclude_none=True)
    return Keeping(id, CopyState.ARCHIVED, suggested=suggested, detail="look at it before you record it")
