"""Answers, bibliographies and whole packs as files."""

from __future__ import annotations

from evidencekb.exports.bibliographies import FORMS, Exported, bibliography
from evidencekb.exports.files import Written, write_briefs
from evidencekb.exports.packs import PACK_FORMS, Packed, export_pack, export_tables

__all__ = [
    "FORMS",
    "PACK_FORMS",
    "Exported",
    "Packed",
    "Written",
    "bibliography",
    "export_pack",
    "export_tables",
    "write_briefs",
]
