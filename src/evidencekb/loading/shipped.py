"""Where the shipped pack is: sealed inside an installed wheel, or the ``data/`` folder of a checkout."""

from __future__ import annotations

from pathlib import Path

NAME = "evidencekb"
_PACKAGE = Path(__file__).parent.parent


def shipped_pack() -> Path:
    """The shipped pack: a sealed file, or a folder in a checkout.

    Raises:
        FileNotFoundError: If this installation holds neither.
    """
    sealed = _PACKAGE / "_pack" / f"{NAME}.ekb"
    if sealed.exists():
        return sealed
    folder = _PACKAGE.parent.parent / "data"
    if (folder / "pack.yaml").exists():
        return folder
    raise FileNotFoundError(
        "this installation holds no shipped pack; install the wheel, install the checkout with 'pip install -e .', "
        "or give load() the path of a pack"
    )
