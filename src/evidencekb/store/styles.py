"""The citation styles that a pack's manifest names: those that ship, and .csl files in the pack's folder."""

from __future__ import annotations

from pathlib import Path

from evidencekb.errors import StyleError
from evidencekb.names import nearest
from evidencekb.sources.formatting import STYLES, style_of, style_text


def pack_style(name: str, root: Path) -> bytes:
    """The text of a style that a pack names.

    Args:
        name: A style that ships, or the path of a .csl file relative to the pack's folder.
        root: The pack's folder.

    Raises:
        StyleError: If there is none, it lies outside of the folder, or cannot be read.
    """
    if name in STYLES:
        return style_text(name)
    if not name.endswith(".csl"):
        raise StyleError(
            name,
            f"no style is called that{nearest(name, STYLES)}; those that ship are {', '.join(STYLES)}, and a pack's own "
            "is a .csl file in its folder, named by its path",
        )
    path = root / name
    try:
        found = path.resolve()
    except (OSError, RuntimeError, ValueError):  # a link that leads to itself, a name that no file has
        found = None
    if found is None or Path(name).is_absolute() or not found.is_relative_to(root.resolve()):
        raise StyleError(name, "it lies outside of the pack's folder; copy it into the folder and name it from there")
    try:
        text = style_text(path)
        text.decode()
    except UnicodeDecodeError:
        raise StyleError(name, "it is not UTF-8 text; save the file as UTF-8") from None
    except StyleError as problem:
        raise StyleError(name, problem.problem) from None
    return text


def check_style(name: str, root: Path) -> None:
    """Refuse a style that cannot print references.

    Raises:
        StyleError: If it cannot.
    """
    if name not in STYLES:
        style_of(pack_style(name, root), name)
