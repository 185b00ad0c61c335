"""What a check found as SARIF, the format in which code hosts and editors take the findings of any checker.

References:
    OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, errata 01.
    GitHub, SARIF support for code scanning: which of it a code host shows.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from evidencekb.__about__ import __version__
from evidencekb.answers.base import Json
from evidencekb.exports.reports.places import placed
from evidencekb.report import Report, Violation
from evidencekb.rules import Rule, rules

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
MOST = 25_000
"""So many results of a run a code host takes; a file with more it refuses whole."""
_NAMED = re.compile(r"'([^']*)'")


def sarif(report: Report, prefix: PurePosixPath) -> Json:
    """A SARIF log of one run.

    Args:
        report: What a check found.
        prefix: The way from the root of the repository to the pack's folder.
    """
    codes = sorted({*report.checks_run, *(v.code for v in report), *(part.code for part in report.skipped)})
    places = {code: index for index, code in enumerate(codes)}
    known, titles = rules(), {v.code: v for v in report}
    driver = {
        "name": "evidencekb",
        "semanticVersion": __version__,
        "rules": [_rule(code, known.get(code), titles.get(code)) for code in codes],
    }
    skipped: list[Json] = [
        {
            "level": "note",
            "message": {"text": f"{part.code} did not judge {part.count:,}: {part.why}"},
            "associatedRule": {"id": part.code, "index": places[part.code]},
        }
        for part in report.skipped
    ]
    left_out = len(report.violations) - MOST
    if left_out > 0:
        text = f"{left_out:,} more were found; `evidencekb check` lists them all"
        skipped.append({"level": "warning", "message": {"text": text}})
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"evidencekb/{report.pack}/"},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": skipped}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository that holds the pack."}}},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(report.violations[:MOST], places, prefix)),
        "properties": {"pack": report.pack, "summary": report.summary, "records": dict(report.records)},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, rule: Rule | None, seen: Violation | None) -> Json:
    """A rule as a viewer explains it; of a pack's own only what it found is known."""
    if rule is None:
        level = str(seen.severity) if seen else "warning"
        title, why = f"A rule of the pack: {code}", "The pack brought this rule itself."
        return _descriptor(code, title, why, why, why, level, ["pack"])
    text, markdown = rule.explain(), _markdown(rule)
    return _descriptor(code, rule.title, rule.why, text, markdown, str(rule.severity), ["evidence", rule.family])


def _descriptor(code: str, title: str, why: str, text: str, markdown: str, level: str, tags: list[str]) -> Json:
    return {
        "id": code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": tags, "problem.severity": _PROBLEMS[level], "precision": "very-high"},
    }


def _markdown(rule: Rule) -> str:
    remedy = rule.remedy + ("" if rule.waivable else " No waiver covers it.")
    return "\n\n".join([
        f"**{rule.title}.** {rule.why}",
        f"What to do: {remedy}",
        f"Refused, in `{rule.file}`:\n\n```yaml\n{rule.bad.strip()}\n```",
        f"Accepted:\n\n```yaml\n{rule.good.strip()}\n```",
    ])  # fmt: skip


def _results(found: Sequence[Violation], places: Mapping[str, int], prefix: PurePosixPath) -> Iterator[Json]:
    seen = Counter[str]()
    for violation in found:
        print_ = _fingerprint(violation)
        seen[print_] += 1
        waived = violation.waived
        yield {
            "ruleId": violation.code,
            "ruleIndex": places[violation.code],
            "level": str(violation.severity),
            "message": {"text": violation.message},
            "locations": [_location(violation, prefix)],
            # The name under which a code host looks for it; without it, it makes one of the line's text.
            "partialFingerprints": {"primaryLocationLineHash": f"{print_}:{seen[print_]}"},
            "suppressions": []
            if waived is None
            else [{"kind": "external", "status": "accepted", "justification": waived}],
        }


def _location(violation: Violation, prefix: PurePosixPath) -> Json:
    place, subject = placed(violation, prefix), violation.subject
    physical: Json = {"artifactLocation": {"uri": quote(place.file), "uriBaseId": _ROOT}}
    if place.line:
        physical["region"] = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    name = "/".join(map(str, (subject.kind, subject.id, *violation.path)))
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"name": subject.id, "kind": subject.kind, "fullyQualifiedName": name}],
    }


def _fingerprint(violation: Violation) -> str:
    """A name for a violation that moved lines, and other wording, leave as it is: its rule, record, field and what it quotes."""
    fields = [step for step in violation.path if isinstance(step, str)]
    named = [violation.code, violation.subject.kind, violation.subject.id, *fields, *_NAMED.findall(violation.message)]
    return hashlib.sha256("\0".join(named).encode("utf-8", "surrogatepass")).hexdigest()[:32]
