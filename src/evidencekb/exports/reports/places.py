"""Where violations stand in a repository: the tools that show them count paths from its root."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from evidencekb.report import Place, Violation
from evidencekb.store import MANIFEST


def prefix_of(pack: Path | None) -> PurePosixPath:
    """The way from the root of the repository that holds a pack's folder to the folder; empty when there is none.

    Symbolic links are followed, as git does not.

    Examples:
        >>> from tempfile import mkdtemp
        >>> root = Path(mkdtemp())
        >>> (root / ".git").mkdir()
        >>> (root / "evidence" / "pack").mkdir(parents=True)
        >>> prefix_of(root / "evidence" / "pack"), prefix_of(None)
        (PurePosixPath('evidence/pack'), PurePosixPath('.'))
    """
    if pack is None or not pack.is_dir():
        return PurePosixPath()
    folder = pack.resolve()
    # In a linked work tree, and in a submodule, .git is a file.
    root = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)
    return PurePosixPath(folder.relative_to(root).as_posix())


def placed(violation: Violation, prefix: PurePosixPath) -> Place:
    """Where a violation stands, counted from the root of the repository; one that has no place stands in the manifest."""
    place = violation.place if violation.place and violation.place.file else Place(MANIFEST)
    return Place(os.path.normpath(prefix / place.file).replace(os.sep, "/"), place.line, place.column)
