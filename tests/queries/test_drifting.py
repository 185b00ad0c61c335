"""suggest_drift: what nobody has recorded, sure before doubtful."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.rules import base_pack
from tests.packs import TODAY, write_pack

END = "        read: {what: abstract, on: 2026-01-15}\n"
RELAYS = """\
      - source: news2024
        role: secondary
        names: audit2024
        taken_from: audit2024
        prints: {replies: "12% more replies for everyone, because of the score", sample: "900"}
"""


def opened(folder: Path, relays: str) -> ekb.KnowledgeBase:
    text = base_pack().replace(END, END + relays)
    pack = write_pack(folder / "pack", {"pack.yaml": "name: example\nversion: 1.0.0\n", "base.yaml": text})
    ekb.build(pack, folder / "pack.ekb", today=TODAY)
    return ekb.load(folder / "pack.ekb")


def test_a_change_of_meaning_is_proposed(tmp_path: Path) -> None:
    with opened(tmp_path, RELAYS) as kb:
        (hint,) = ekb.suggest_drift(kb)
        assert (hint.finding, hint.source, hint.on, hint.kind, hint.sure) == (
            "audit-2024-replies", "news2024", "replies", "scope_widened", False,
        )  # fmt: skip
        assert str(hint).endswith("(perhaps scope_widened)")
        assert hint.to_dict()["why"] == hint.why
        assert ekb.suggest_drift(kb, finding="audit-2024-replies") == (hint,)


def test_an_unknown_finding_is_told(tmp_path: Path) -> None:
    with opened(tmp_path, "") as kb, pytest.raises(ekb.UnknownIdError, match="audit-2024-replies"):
        ekb.suggest_drift(kb, finding="audit-2024-reply")
