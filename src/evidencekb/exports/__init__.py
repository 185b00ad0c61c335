"""Answers as files."""

from __future__ import annotations

from evidencekb.exports.briefs import Written, write_briefs

__all__ = ["Written", "write_briefs"]
