"""Answers as files."""

from __future__ import annotations

from evidencekb.exports.files import Written, write_briefs

__all__ = ["Written", "write_briefs"]
