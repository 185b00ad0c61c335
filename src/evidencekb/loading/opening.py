"""load(): a sealed file opened, or a folder checked, sealed into a cache and opened."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from evidencekb.engines.opening import open_sealed
from evidencekb.kb import KnowledgeBase
from evidencekb.loading.caching import Folder, cached
from evidencekb.loading.shipped import shipped_pack


def load(path: str | PathLike[str] | None = None, *, check: bool = True) -> KnowledgeBase:
    """Open a knowledge base.

    A sealed file is opened as it is. A folder is checked, sealed into a cache of the user, and opened; as long as no file
    of it changes, the next load opens the cached file. ``kb.stale()`` tells whether that is so.

    Args:
        path: A sealed file, or a pack's folder; None for the pack that ships with the library.
        check: False opens a folder that has errors: the records concerned are left out and listed in ``kb.report``.

    Raises:
        PackError: If a folder has errors and ``check`` is true; the exception carries the report.
        SealedFileError: If a file is cut, foreign, or written by a newer version.
        FileNotFoundError: If there is nothing at the path.
        OSError: If the cache cannot be written; ``EVIDENCEKB_CACHE`` names another folder for it, and ``EVIDENCEKB_CACHE_BYTES``
            how much it may hold.

    Examples:
        >>> kb = load()
        >>> kb.finding("noy-zhang-2023-writing-speed-quality").estimate("time").value
        -40
    """
    where = shipped_pack() if path is None else Path(path)
    if not where.is_dir():
        return KnowledgeBase(*open_sealed(where), where)
    folder = Folder.now(where)
    sealed = cached(folder, check=check)
    return KnowledgeBase(*open_sealed(sealed), sealed, folder)
