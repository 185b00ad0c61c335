# ruff: noqa: E501  # one case a line reads as a table
"""What else each rule says, and where: one line of a sound pack is changed, and one violation comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.rules import base_pack
from tests.packs import TODAY, write_pack

FINDING_END = "        read: {what: abstract, on: 2026-01-15}\n"
RELAY = """\
      - source: news2024
        role: secondary
        names: audit2024
        taken_from: audit2024
        prints: {replies: 12%}
"""
ESTIMATE = (
    '{id: replies, outcome: replies, definition: reply-in-30-days, measure: percent_change, value: 12, unit: "%"}'
)


def changed(found: str, written: str, text: str | None = None) -> str:
    """The base pack with one passage changed."""
    text = base_pack() if text is None else text
    assert text.count(found) == 1, (found, text.count(found))
    return text.replace(found, written)


def with_relay(found: str = "", written: str = "") -> str:
    text = changed(FINDING_END, FINDING_END + RELAY)
    return changed(found, written, text) if found else text


def estimate(**fields: str) -> str:
    """The base pack with its estimate's measure, value and unit replaced; its headline gives no number."""
    held = {"measure": "percent_change", "value": "12", "unit": '"%"', **fields}
    inner = ", ".join(f"{name}: {value}" for name, value in held.items() if value)
    text = changed("got 12% more replies", "got other replies")
    return changed(ESTIMATE, f"{{id: replies, outcome: replies, definition: reply-in-30-days, {inner}}}", text)


def found_in(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Code, severity and the text of the line of every violation but layout."""
    report = ekb.check(
        write_pack(folder, {"pack.yaml": "name: example\nversion: 1.0.0\n", "base.yaml": text}), today=TODAY
    )
    lines = ["", *text.splitlines()]
    return [
        (v.code.removeprefix("EKB"), str(v.severity), lines[v.place.line].strip() if v.place else "")
        for v in report
        if v.code != "EKB504"
    ]


def test_the_base_pack_is_sound(tmp_path: Path) -> None:
    assert found_in(tmp_path, base_pack()) == []
    assert found_in(tmp_path, with_relay()) == []


@pytest.mark.parametrize(
    ("text", "code", "severity", "line"),
    [
        (changed("role: primary\n        basis: own_data", "role: secondary\n        names: none_named\n        taken_from: none_named"), "101", "error", "citations:"),
        (changed("prints: {replies: 12%}", "prints: {sample: \"900\"}"), "101", "error", f"- {ESTIMATE}"),
        (changed("source: audit2024", "source: audit2042"), "103", "error", "- source: audit2042"),
        (changed("outcome: replies, definition", "outcome: hiring, definition"), "103", "error", "- " + ESTIMATE.replace("outcome: replies", "outcome: hiring")),
        (changed("prints: {replies: 12%}", "prints: {replies: 12%, other: \"3\"}"), "103", "error", "prints: {replies: 12%, other: \"3\"}"),
        (changed("estimates: [replies], stance", "estimates: [replise], stance"), "103", "error", "- {finding: audit-2024-replies, estimates: [replise], stance: supports}"),
        (with_relay("taken_from: audit2024", "taken_from: news2042"), "103", "error", "taken_from: news2042"),
        (changed("estimates: [replies], stance", "stance"), "104", "warning", "- {finding: audit-2024-replies, stance: supports}"),
        (with_relay("taken_from: audit2024", "taken_from: unknown"), "105", "warning", "- source: news2024"),
        (with_relay("        names: audit2024\n", ""), "105", "error", "- source: news2024"),
        (changed("what: abstract", "what: nothing"), "108", "warning", "read: {what: nothing, on: 2026-01-15}"),
        (changed(FINDING_END, ""), "108", "warning", "- source: audit2024"),
        (changed("vendor: independent", "vendor: unknown"), "201", "error", "vendor: unknown"),
        (changed("    vendor: unknown\n", ""), "201", "note", "- id: news2024"),
        (changed("    vendor_reason: Not looked into; it only relays.\n", ""), "202", "note", "- id: news2024"),
        (changed("    url: https://news.example/a-score-helps\n", ""), "204", "warning", "- id: news2024"),
        (changed("doi: 10.5555/audit.2024", "doi: 10.5555/"), "208", "error", "doi: 10.5555/"),
        (changed("doi: 10.5555/audit.2024", 'isbn: "978-0-306-40615-8"'), "208", "error", 'isbn: "978-0-306-40615-8"'),
        (changed("{id: made-up-court, name", "{id: made-up-court, ror: 0abcdef12, name"), "208", "error", "- {id: made-up-court, ror: 0abcdef12, name: Made-up Court}"),
        (estimate(measure="correlation", value="1.2", unit='"1"'), "301", "error", ""),
        (estimate(value="-112"), "301", "error", ""),
        (estimate(measure="odds_ratio", value="0", unit='"1"'), "301", "error", ""),
        (estimate(value=""), "301", "error", ""),
        (estimate(direction="increase"), "301", "error", ""),
        (estimate(p_value="1.2"), "301", "error", ""),
        (estimate(se="-1"), "301", "error", ""),
        (estimate(n="0"), "301", "error", ""),
        (estimate(numerator="9", denominator="3"), "301", "error", ""),
        (estimate(interval="{lower: 14, upper: 10}"), "301", "error", ""),
        (estimate(interval="{lower: 13, upper: 15}"), "301", "error", ""),
        (estimate(interval="{lower: 10, upper: 14, level: 95}"), "301", "error", ""),
        (estimate(value="", range="{low: 14, high: 10, over: groups}"), "301", "error", ""),
        (changed("n: 900", "n: 0"), "301", "error", "- {n: 0, of: applications, level: observations}"),
        (estimate(interval="{lower: 10, upper: 14}", no_interval="not_seen"), "302", "error", ""),
        (changed("no_interval: not_seen", "no_interval: not_printed"), "302", "error", "no_interval: not_printed"),
        (changed("no_interval: not_seen", "no_interval: not_applicable"), "302", "error", "no_interval: not_applicable"),
        (estimate(unit=""), "304", "error", ""),
        (estimate(measure=""), "304", "error", ""),
        (estimate(measure="count", unit='"1"'), "304", "error", ""),
        (estimate(measure="sum_of_money", unit="dollars"), "304", "error", ""),
        (estimate(value='"12"'), "304", "error", ""),
        (estimate(value="12%"), "304", "error", ""),
        (estimate(period="2023/2026"), "305", "error", ""),
        (changed("      counts:\n        - {n: 900, of: applications, level: observations}", "      place: Sweden"), "306", "error", "sample:"),
        (changed("    sample:\n", "    sample:\n      none_because: not_seen\n"), "306", "error", "none_because: not_seen"),
        (changed("      counts:\n        - {n: 900, of: applications, level: observations}", "      none_because: not_printed"), "306", "error", "none_because: not_printed"),
        (changed("      counts:\n        - {n: 900, of: applications, level: observations}", "      none_because: not_applicable"), "306", "error", "none_because: not_applicable"),
        (changed("definition: reply-in-30-days, ", ""), "401", "error", "- " + ESTIMATE.replace("definition: reply-in-30-days, ", "")),
        (changed("fit: exact", "fit: analogous"), "403", "error", "- {cohort: applicants, fit: analogous}"),
        (changed("    unit: people\n    broader: [applicants]", "    unit: people\n    broader: [young-applicants]"), "402", "error", "broader: [young-applicants]"),
        (changed("fit: exact", "fit: perfect"), "502", "error", "- {cohort: applicants, fit: perfect}"),
        (changed("    nature: observed\n", ""), "502", "error", "- id: audit-2024-replies"),
        (changed("nature: observed", "nature: observd"), "502", "error", "nature: observd"),
        (changed("claims:", "clams:"), "502", "error", "clams:"),
        (changed("id: a-score-brings-replies", "id: audit-2024-replies"), "503", "error", "- id: audit-2024-replies"),
    ],
)  # fmt: skip
def test_one_change_one_violation_at_its_line(tmp_path: Path, text: str, code: str, severity: str, line: str) -> None:
    violations = [v for v in found_in(tmp_path, text) if (v[0], v[1]) == (code, severity)]
    assert violations, found_in(tmp_path, text)
    if line:
        assert line in [v[2] for v in violations]
    else:
        assert "id: replies" in violations[0][2]


@pytest.mark.parametrize(
    "text",
    [
        estimate(measure="proportion", value="0.12", unit='"1"'),
        estimate(measure="odds_ratio", value="1.4", unit='"1"', interval="{lower: 1.1, upper: 1.8}"),
        estimate(measure="count", value="12", unit="replies"),
        estimate(measure="sum_of_money", value="12", unit="EUR", no_interval="not_applicable"),
        estimate(measure="median", value="7.4", unit="s"),
        estimate(measure="", value="", unit="", direction="increase"),
        estimate(value="", range="{low: 10, high: 14, over: groups}"),
        changed("doi: 10.5555/audit.2024", 'volume: "1"\n    pages: 1-9'),
        changed("what: abstract", "what: full_text").replace("no_interval: not_seen", "no_interval: not_printed"),
        changed("published_on: 2024", "published_on: 2024-05").replace(ESTIMATE, ESTIMATE[:-1] + ", period: 2024}"),
        with_relay("taken_from: audit2024", "taken_from: none_named"),
    ],
)
def test_what_is_sound_passes(tmp_path: Path, text: str) -> None:
    assert found_in(tmp_path, text) == []


def test_only_a_corrected_correlation_may_exceed_one(tmp_path: Path) -> None:
    text = estimate(measure="correlation", value="1.04", unit='"1"', label="validity corrected for unreliability")
    assert [v[:2] for v in found_in(tmp_path, text)] == [("301", "warning")]


def test_a_dangling_id_offers_the_nearest_and_a_bib_entry_is_no_record(tmp_path: Path) -> None:
    text = changed("source: audit2024", "source: audit2042")
    (message,) = [v.message for v in ekb.check(write_pack(tmp_path, {"base.yaml": text})) if v.code == "EKB103"]
    assert message == "no source has the id 'audit2042'; did you mean 'audit2024'?"
    bib = "@article{audit2042,\n  title = {Another},\n  year = {2024}\n}\n"
    (message,) = [v.message for v in ekb.check(write_pack(tmp_path, {"references.bib": bib})) if v.code == "EKB103"]
    assert (
        message
        == "no source has the id 'audit2042'; references.bib:1 has an entry of this key, but a source record is needed too"
    )


def test_one_reason_for_many_publishers_warns_and_relays_are_excepted(tmp_path: Path) -> None:
    def sources(vendor: str) -> str:
        return "sources:\n" + "".join(
            f"  - {{id: s{n}, kind: report, title: Report {n}, publisher: Publisher {n}, url: 'https://p{n}.example/', "
            f"vendor: {vendor}, vendor_reason: Nobody gains.}}\n"
            for n in range(4)
        )

    base = {"base.yaml": base_pack()}
    shared = ekb.check(write_pack(tmp_path, {**base, "more.yaml": sources("independent")}), today=TODAY)
    assert [v.subject.id for v in shared if v.code == "EKB202"] == ["s0", "s1", "s2", "s3"]
    unknown = ekb.check(write_pack(tmp_path, {**base, "more.yaml": sources("unknown")}), today=TODAY)
    assert [v for v in unknown if v.code == "EKB202"] == []


def test_a_strong_claim_needs_a_primary_that_was_read(tmp_path: Path) -> None:
    text = changed("what: abstract", "what: secondary_page").replace(
        "    text: A test score on", "    filed_as: strong\n    text: A test score on"
    )
    assert {v[:2] for v in found_in(tmp_path, text)} == {("108", "error"), ("108", "warning")}


def test_a_reinstated_source_is_live_again_and_events_may_concern_one_finding(tmp_path: Path) -> None:
    def standing(*events: str) -> str:
        lines = "".join(f"        - {event}\n" for event in events)
        return changed("standing: {checked_on: 2026-01-15}\n", f"standing:\n      events:\n{lines}")

    retracted, reinstated = "{status: retracted, on: 2025-01}", "{status: reinstated, on: 2025-06}"
    elsewhere = "{status: retracted, on: 2025-01, affects: [other-finding]}"
    assert [v[0] for v in found_in(tmp_path, standing(retracted))] == ["205"]
    assert found_in(tmp_path, standing(retracted, reinstated)) == []
    assert [v[0] for v in found_in(tmp_path, standing(elsewhere))] == ["103"]


def test_a_figure_that_stands_only_in_an_earlier_version_is_noted(tmp_path: Path) -> None:
    text = changed("standing: {checked_on: 2026-01-15}", "standing: {events: [{status: superseded, on: 2025}]}")
    assert [v[:2] for v in found_in(tmp_path, text)] == [("206", "note")]
