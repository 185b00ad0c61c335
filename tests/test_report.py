"""A report: ordered, counted, and never calling passed what did not run."""

from __future__ import annotations

import json

import evidencekb as ekb
from evidencekb.report import Report

WARNING = ekb.Violation("EKB105", ekb.Severity.WARNING, ekb.Subject("finding", "a"), "relay", ekb.Place("b.yaml", 3, 5))
ERROR = ekb.Violation("EKB101", ekb.Severity.ERROR, ekb.Subject("finding", "b"), "no primary", ekb.Place("c.yaml", 9))
NOTE = ekb.Violation("EKB201", ekb.Severity.NOTE, ekb.Subject("source", "c"), "source 'c' has none")


def report() -> Report:
    return Report.of(
        "mine",
        [WARNING, NOTE, ERROR, ERROR],
        checks_run=["EKB105", "EKB101", "EKB305"],
        skipped=[ekb.Skipped("EKB305", "estimates without a period", 4)],
        records={"source": 2, "finding": 3},
    )


def test_the_worst_comes_first_and_each_once() -> None:
    assert [v.code for v in report()] == ["EKB101", "EKB105", "EKB201"]


def test_it_counts_what_ran_what_was_skipped_and_what_failed() -> None:
    assert report().summary == "mine: 3 checks run, 1 skipped in part, 1 failed, 1 error, 1 warning, 1 note"
    assert (report().failed, report().ok) == (("EKB101",), False)


def test_a_line_names_the_record_once_with_its_place() -> None:
    assert str(WARNING) == "warning: finding 'a': relay [EKB105] b.yaml:3:5"
    assert str(NOTE) == "note: source 'c' has none [EKB201]"


def test_strict_makes_errors_of_warnings_and_leaves_notes() -> None:
    assert [str(v.severity) for v in report().strict()] == ["error", "error", "note"]


def test_json_has_every_key_and_is_read_back_whole() -> None:
    data = json.loads(report().to_json())
    assert data["checks"] == {
        "run": ["EKB101", "EKB105", "EKB305"],
        "skipped": [{"code": "EKB305", "why": "estimates without a period", "count": 4}],
        "failed": ["EKB101"],
    }
    assert Report.from_dict(data) == report()


def test_a_violation_alone_is_plain_data_with_every_key() -> None:
    assert ERROR.to_dict() == {
        "code": "EKB101", "severity": "error", "kind": "finding", "id": "b", "message": "no primary",
        "file": "c.yaml", "line": 9, "column": 0, "field": [], "waived": None,
    }  # fmt: skip
    assert NOTE.to_dict()["file"] is None
    assert NOTE.to_dict() in report().to_dict()["violations"]
