"""Answers and bibliographies as files."""

from __future__ import annotations

from evidencekb.exports.bibliographies import FORMS, Exported, bibliography
from evidencekb.exports.files import Written, write_briefs

__all__ = ["FORMS", "Exported", "Written", "bibliography", "write_briefs"]
