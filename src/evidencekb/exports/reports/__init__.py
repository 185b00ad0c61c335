"""Reports of a pack: for readers (HTML), programs (JSON), code scanning (SARIF) and pull requests (annotations)."""

from __future__ import annotations

from evidencekb.exports.reports.writing import REPORT_FORMS, Reported, report_text, write_report

__all__ = ["REPORT_FORMS", "Reported", "report_text", "write_report"]
