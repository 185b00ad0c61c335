"""Copies of pages and files, kept under the digest of their bytes.

A copy is written whole or not at all. Beside it stands a file with ``.json`` behind its name, which says from where and
when it is: the day of the first fetch of these bytes.

References:
    FIPS 180-4 for SHA-256. Internet Archive, Wayback availability JSON API.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.model.sources import Archived
from evidencekb.replacing import replace_whole
from evidencekb.sources.links import LinkState, judge

if TYPE_CHECKING:
    from evidencekb.sources.client import Client

MAX_BYTES = 2**26
"""How large a copy may be, unless the caller says otherwise."""

_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/json": ".json",
    "application/xml": ".xml",
    "application/xhtml+xml": ".html",
    "application/zip": ".zip",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/xml": ".xml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
}
_NAME = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,8})")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,80}/[a-z0-9.+-]{1,80}")
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was made, or found to be there already.

    Attributes:
        archived: What the record of the source should say of it.
        file: Where the bytes are.
        media_type: As the site names it, without parameters; ``application/octet-stream`` when it names none.
        size: In bytes.
        address: Where the bytes came from, after redirects.
        was_there: True when the same bytes were kept before.
        warnings: Why this may not be what was meant, as sentences.
    """

    archived: Archived
    file: Path
    media_type: str
    size: int
    address: str
    was_there: bool = False
    warnings: tuple[str, ...] = ()


def archive_copy(
    url: str, folder: Path, *, client: Client, max_bytes: int = MAX_BYTES, today: str | None = None
) -> Copy:
    """Fetch what stands at an address now, and keep it.

    Args:
        url: An http(s) address of the public web.
        folder: Where copies are kept; it is made when it is not there. The address in the record is the folder's name and
            the file's.
        client: Fetches; the answer does not come from what it keeps.
        max_bytes: How large the copy may be.
        today: The day of the copy, YYYY-MM-DD; by default the day of the answer.

    Raises:
        LookupFailed: If there is no answer that can be used; then nothing is written.
        OSError: If the copy cannot be written; then no part of it stays.
    """
    answer = client.get("web", url, max_bytes=max_bytes, allow=(), keep=False)
    if not answer.body:
        raise LookupFailed("web", url, "unreadable", "the answer is empty; there is nothing to keep")
    named = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    media_type = named if _MEDIA_TYPE.fullmatch(named) else "application/octet-stream"
    digest = hashlib.sha256(answer.body).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    kept = (path for path in sorted(folder.glob(f"{digest}.*")) if _NAME.fullmatch(path.name))
    file = next(kept, folder / f"{digest}{_SUFFIXES.get(media_type, '.bin')}")
    was_there = file.is_file() and _digest(file) == digest
    if not was_there:
        replace_whole(file, answer.body, mode=0o644)
    said = _said_of(file)
    day = today or answer.fetched_on
    if was_there and isinstance(said.get("on"), str):
        day = said["on"]
    else:
        facts = {"url": url, "address": answer.url, "media_type": media_type, "on": day, "size": len(answer.body)}
        replace_whole(_beside(file), (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode(), mode=0o644)
    warnings = []
    if media_type == "application/pdf" and answer.body.lstrip()[:5] != b"%PDF-":
        warnings.append("the site calls it a PDF, and it is none")
    state, _, detail = judge(answer)
    if state is not LinkState.REACHED:
        warnings.append(f"{state.meaning}: {detail}")
    archived = Archived(url=f"{folder.name}/{file.name}", on=day, sha256=digest)
    return Copy(archived, file, media_type, len(answer.body), answer.url, was_there, tuple(warnings))


def verify_copy(archived: Archived, folder: Path) -> str | None:
    """What is wrong with a kept copy and what to do, or None.

    Args:
        archived: What the record says of it.
        folder: Where copies are kept. Only files directly in it are looked at, whatever the record says.
    """
    name = archived.url.replace("\\", "/").rpartition("/")[2]
    match = _NAME.fullmatch(name)
    if match is None:
        return f"{archived.url!r} names no kept copy: its name is the SHA-256 of its bytes and an ending"
    file = folder / name
    if not file.is_file() or file.is_symlink():
        return f"there is no file {name!r} in {folder.name!r}; fetch it again, or drop 'archived'"
    found = _digest(file)
    expected = archived.sha256 or match[1]
    if found != expected:
        return f"the bytes of {name!r} have the digest {found}, and the record says {expected}; the copy was changed"
    return None


def archived_at(url: str, *, client: Client, on: str | None = None) -> Archived | None:
    """A copy that the Wayback Machine has of an address; None when it has none.

    Args:
        url: The address.
        client: Asks; the service is ``wayback``, so another archive with the same API can stand in its place.
        on: The day near which the copy should be, YYYY-MM-DD; by default the newest.

    Raises:
        LookupFailed: If the archive does not answer: that says nothing of whether it has a copy.
    """
    params = {"url": url} | ({"timestamp": on.replace("-", "")} if on else {})
    answer = client.get("wayback", "available", params=params, allow=(), keep=False)
    found: Any = answer.json()
    for key in ("archived_snapshots", "closest"):
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, dict) or found.get("available") is not True or str(found.get("status")) != "200":
        return None
    address = re.sub(r"^http://(?=web\.archive\.org/)", "https://", str(found.get("url") or ""))
    if wrong := ids.problem("url", address):
        raise LookupFailed("wayback", answer.url, "unreadable", f"the copy has no address: {wrong}")
    stamp = _STAMP.fullmatch(str(found.get("timestamp") or ""))
    day = "-".join(stamp.groups()) if stamp else None
    with suppress(ValueError):
        return Archived(url=address, on=day and str(date.fromisoformat(day)), sha256=None)
    return Archived(url=address, on=None, sha256=None)


def _said_of(file: Path) -> dict[str, Any]:
    """What the file beside a copy says; nothing when there is none that can be read."""
    try:
        said = json.loads(_beside(file).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
