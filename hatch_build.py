"""Seal the data into the wheel: every wheel carries the checked pack that ``evidencekb.load()`` opens.

An editable install is left alone: it reads ``data/`` itself, so that a change of the data shows at once.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SEALED = "evidencekb/_pack/evidencekb.ekb"


class SealPack(BuildHookInterface[BuilderConfig]):
    """Checks ``data/``, seals it and puts the sealed file into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Seal before the files of a standard wheel are gathered.

        Raises:
            SystemExit: If the data breaks a rule; the report says where and what to do.
        """
        if version != "standard":
            return
        root = Path(self.root)
        sealed = Path(mkdtemp(prefix="evidencekb-")) / "evidencekb.ekb"
        sys.path.insert(0, str(root / "src"))
        from evidencekb.errors import PackError
        from evidencekb.loading import build

        try:
            build(root / "data", sealed)
        except PackError as problem:
            shutil.rmtree(sealed.parent)
            raise SystemExit(
                f"{problem}\nThe wheel was not built: mend data/ first, 'evidencekb check data' shows the same."
            ) from None
        build_data["force_include"][str(sealed)] = SEALED

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what ``initialize`` made outside the tree."""
        for path, inside in build_data["force_include"].items():
            if inside == SEALED:
                shutil.rmtree(Path(path).parent)
