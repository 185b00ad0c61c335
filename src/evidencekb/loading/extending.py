"""Which packs a folder extends, read off its manifest alone."""

from __future__ import annotations

from pathlib import Path

from evidencekb.loading.shipped import NAME, shipped_pack
from evidencekb.store import MANIFEST
from evidencekb.store.nodes import Mapping, YamlProblem, parse, plain


def extended_path(name: str, root: Path) -> Path:
    """Where a pack named in a manifest is.

    Raises:
        ValueError: If there is nothing there.
        FileNotFoundError: If the shipped pack is meant and this installation holds none.
    """
    if name == NAME:
        return shipped_pack().resolve()
    path = (root / name).resolve()
    if not path.exists():
        raise ValueError(
            f"extends {name!r}, but there is no pack there; give a path relative to this folder, or {NAME!r}"
        )
    return path


def extended_paths(folder: Path) -> list[Path]:
    """Every pack that a folder extends, also through others; what cannot be read is left to the check."""
    found: list[Path] = []
    waiting = [folder.resolve()]
    while waiting:
        root = waiting.pop()
        for name in _names(root):
            try:
                path = extended_path(name, root)
            except (ValueError, FileNotFoundError):
                continue
            if path not in found and path != folder.resolve():
                found.append(path)
                waiting.append(path)
    return found


def named_paths(folder: Path) -> list[Path]:
    """Where the packs that a folder's manifest names by path are, or would be."""
    return [(folder / name).resolve() for name in _names(folder) if name != NAME]


def _names(root: Path) -> list[str]:
    try:
        if not (root / MANIFEST).is_file():
            return []
        manifest = parse((root / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, YamlProblem):
        return []
    extends = plain(manifest).get("extends") if isinstance(manifest, Mapping) else None
    names = [extends] if isinstance(extends, str) else extends
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
