"""Reports as text: the page and the data agree, nothing of a record is obeyed, and other tools can read what was found."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

import evidencekb as ekb
from evidencekb.exports import REPORT_FORMS, report_text, write_report
from evidencekb.exports.reports.annotations import PER_SEVERITY, workflow_commands
from evidencekb.exports.reports.places import placed, prefix_of
from evidencekb.exports.reports.sarif import MOST, sarif
from evidencekb.report import Place, Report, Severity, Skipped, Subject, Violation
from evidencekb.rules import rules
from tests.known_schemas import schema_of
from tests.packs import beside_base, write_pack
from tests.records import base_records, edited, record, write_records

HOSTILE = "</script><img src=x onerror=alert(1)>&amp;\u202e\"'<!--]]>"
VOID = frozenset({"br", "input", "meta"})


class Page(HTMLParser):
    """What a test asks of the page: its elements with their attributes, its figures, and that every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.figures: dict[str, tuple[str, str]] = {}
        self.seen = ""
        self.raw: dict[str, str] = {"style": "", "script": ""}
        self._open: list[str] = []
        self._figure: tuple[str, str] | None = None
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        assert len(held) == len(attrs)
        self.elements.append((tag, held))
        if tag == "data":
            self._figure = (held["data-figure"] or "", held["value"] or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._figure = None if tag == "data" else self._figure

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside in self.raw:
            self.raw[inside] += data
            return
        self.seen += data
        if self._figure:
            id, value = self._figure
            assert self.figures.setdefault(id, (value, data)) == (value, data)

    def values(self, attribute: str) -> list[str]:
        return [held[attribute] or "" for _, held in self.elements if attribute in held]


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(report_text(form="json").text)
    return told


@pytest.fixture(scope="module")
def html() -> str:
    return report_text().text


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def bare(figure: dict[str, Any]) -> str:
    """The number of a figure as the page gives it to programs."""
    if figure["range"] is not None:
        return f"{figure['range']['low']}/{figure['range']['high']}"
    return str(figure["direction"] if figure["value"] is None else figure["value"])


def test_figures_of_the_page_equal_those_of_the_data(data: dict[str, Any], page: Page) -> None:
    shown = {
        f"{part['card']}#{estimate['estimate']}"
        for entry in (*data["claims"], *data["findings"])
        for part in entry["parts"]
        for estimate in part["trail"]["estimates"]
    }
    assert shown
    figures = data["records"]["figures"]
    assert page.figures == {id: (bare(figures[id]), figures[id]["display"]) for id in shown}


def test_the_page_says_what_the_data_says(data: dict[str, Any], page: Page) -> None:
    seen = " ".join(page.seen.split())
    entries = [*data["claims"], *data["findings"], *data["untraced"]]
    assert page.values("data-kind") == [entry["ref"]["kind"] for entry in entries]
    assert page.values("data-state") == [entry["state"] for entry in entries]
    assert data["check"]["summary"] in seen
    for entry in entries:
        assert " ".join(entry["text"].split()) in seen
        for part in entry["parts"]:
            for sort in ("money", "conflicts", "drift", "unestablished"):
                assert all(" ".join(remark.split()) in seen for remark in part[sort])
            hops = [hop for e in part["trail"]["estimates"] for hop in (*e["primaries"], *e["relays"])]
            for hop in (*hops, *part["sources"]):
                assert hop["label"] in seen
                assert not hop["locator"] or " ".join(hop["locator"].split()) in seen
                if hop["read"] and hop["read"]["where"]:
                    assert hop["read"]["where"] in seen
    for skipped in data["check"]["skipped"]:
        assert skipped["why"] in seen


def test_the_page_loads_nothing_and_lets_no_other_script_run(html: str, page: Page) -> None:
    names = {tag for tag, _ in page.elements}
    assert names.isdisjoint({"img", "iframe", "link", "object", "embed", "video", "audio", "base", "use", "image"})
    assert page.values("src") == []
    assert not any(name.startswith("on") or name == "style" for _, held in page.elements for name in held)
    assert not re.search(r"@import|url\(", page.raw["style"])
    assert all(re.match(r"https?://|#", address) for address in page.values("href"))
    (policy,) = [
        held["content"] or "" for tag, held in page.elements if held.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert html.index("Content-Security-Policy") < html.index("<style")


def test_links_within_the_page_lead_somewhere_and_ids_are_there_once(page: Page) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    within = [unquote(address[1:]) for address in page.values("href") if address.startswith("#")]
    labels = {id for held in page.values("aria-labelledby") for id in held.split()}
    assert {*within, *labels, *page.values("for")} <= set(ids)


def hostile_records() -> dict[str, list[dict[str, Any]]]:
    """The base records with markup wherever a report prints a record's own words."""
    records = base_records()
    for listing, name in (
        ("claims", "text"), ("untraced", "headline"), ("untraced", "say"), ("findings", "headline"), ("findings", "statement"),
        ("sources", "title"), ("sources", "vendor_reason"),
    ):  # fmt: skip
        for fields in records[listing]:
            fields[name] = f"{HOSTILE} {fields['id']}"
    untraced = records["untraced"][0]
    untraced.update(
        attributed_to=HOSTILE,
        variants=[HOSTILE],
        repeated_at=[{"where": f"javascript:alert(1)//{HOSTILE}", "note": HOSTILE}],
    )
    finding = record(records, "findings", "audit-2024-replies")
    finding["caveats"] = [{"kind": "small_sample", "text": HOSTILE}]
    finding["citations"][0]["locator"] = HOSTILE
    finding["citations"][0]["read"]["where"] = f"javascript:alert('{HOSTILE}')"
    finding["citations"].append({
        "source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024",
        "prints": {"replies": HOSTILE}, "drift": [{"kind": "number_changed", "note": HOSTILE}],
        "read": {"what": "full_text", "where": "https://news.example/\"><script>", "on": "2026-01-15"},
    })  # fmt: skip
    return records


def test_markup_in_records_is_printed_and_not_obeyed(tmp_path: Path) -> None:
    made = report_text(write_records(tmp_path, hostile_records()))
    page = Page(made.text)
    told = HOSTILE.replace("\u202e", "")
    assert page.seen.count(told) > 12
    assert "\u202e" not in made.text
    assert [tag for tag, _ in page.elements if tag in ("img", "script")] == ["script"]
    assert not any(address.startswith("javascript") for address in page.values("href"))
    assert "javascript:alert(1)//" in page.seen


def test_a_broken_pack_is_shown_with_its_errors_first(tmp_path: Path) -> None:
    records = base_records()
    records["claims"].append(
        {
            "id": "bare",
            "text": "Nothing stands behind it.",
            "supports": [{"finding": "none-such", "stance": "supports"}],
        }
    )
    folder = write_records(tmp_path, records)
    made = report_text(folder)
    assert not made.check.ok
    page = Page(made.text)
    assert "There are errors" in page.seen
    assert "claim-bare" not in page.values("id")
    assert re.search(r"<details open><summary>Found: \d+ violations, worst first", made.text)
    assert page.seen.index("There are errors") < page.seen.index("A test score on an application")
    assert not json.loads(report_text(folder, "json").text)["check"]["ok"]


def test_what_is_waived_is_told_with_its_reason(broken: Path) -> None:
    page = Page(report_text(broken).text)
    assert "Waived: 1 violation, each with its reason" in page.seen
    assert page.seen.count("Waived: The library is closed.") >= 1
    (waived,) = [
        v for v in json.loads(report_text(broken, "json").text)["check"]["violations"] if v["waived"] is not None
    ]
    assert waived["waived"] == "The library is closed."


def test_warnings_count_as_errors_when_asked(tmp_path: Path) -> None:
    folder = write_records(tmp_path, edited(base_records(), {"findings.0.citations.0.read": {"what": "nothing"}}))
    for form in REPORT_FORMS:
        assert report_text(folder, form).check.ok
        assert not report_text(folder, form, strict=True).check.ok


def test_a_limit_is_said_on_the_page() -> None:
    page = Page(report_text(limit=2).text)
    assert len(page.values("data-kind")) == 6
    with ekb.load() as kb:
        claims = len(kb.ids("claim"))
    assert f"Shown are the 2 worst of {claims} claims" in page.seen
    assert "Shown are" not in Page(report_text(limit=10_000).text).seen


def test_an_empty_pack_has_a_report(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, {})
    page = Page(report_text(folder).text)
    assert "holds no claim, no finding and no untraced claim" in page.seen
    assert "No findings." in page.seen
    assert "Records read: none." in page.seen
    assert json.loads(report_text(folder, "json").text)["claims"] == []


def test_a_report_is_the_same_twice_and_from_a_file_or_its_base(tmp_path: Path) -> None:
    folder = write_records(tmp_path / "pack", base_records())
    sealed = tmp_path / "pack.ekb"
    ekb.build(folder, sealed)
    with ekb.load(sealed) as kb:
        for form in REPORT_FORMS:
            assert report_text(kb, form) == report_text(str(sealed), form)
        assert report_text(kb).text == report_text(folder).text


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    found = write_report(None, out, ids="unresolved-ats-rejects-75pct")
    assert found.ok
    assert out.read_text(encoding="utf-8") == report_text(ids="unresolved-ats-rejects-75pct").text
    with pytest.raises(ekb.UnknownIdError):
        write_report(None, out, ids="nothing-like-it")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(ekb.UnknownIdError, match="form of a report"):
        write_report(None, out, "htm")
    with pytest.raises(FileNotFoundError):
        write_report(None, tmp_path / "none" / "report.html")


# SARIF


def valid(log: Any) -> Any:
    """The log, if it is valid against the schema by OASIS."""
    checker = jsonschema.Draft7Validator(schema_of("sarif-2.1.0"), format_checker=jsonschema.FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(log)] == []
    return log


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack in a folder of a repository, with errors, warnings, and one that is waived."""
    root = tmp_path_factory.mktemp("repository")
    (root / ".git").mkdir()
    records = base_records()
    finding = record(records, "findings", "audit-2024-replies")
    finding["citations"][0]["read"] = {"what": "nothing"}
    records["claims"].append(
        {
            "id": "bare",
            "text": "Nothing stands behind it.",
            "supports": [{"finding": "none-such", "stance": "supports"}],
        }
    )
    records["waivers"] = [{
        "rule": "EKB108", "record": "audit-2024-replies", "why": "The library is closed.",
        "until": "2099-01-01", "who": "a curator",
    }]  # fmt: skip
    return write_records(root / "my evidence" / "pack#1", records)


def test_sarif_is_valid_and_places_results(broken: Path) -> None:
    log = valid(json.loads(report_text(broken, "sarif").text))
    (run,) = log["runs"]
    found = ekb.check(broken)
    assert len(run["results"]) == len(found.violations) > 2
    for result, violation in zip(run["results"], found, strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == violation.code
        (location,) = result["locations"]
        at, region = location["physicalLocation"]["artifactLocation"], location["physicalLocation"]["region"]
        assert violation.place
        assert unquote(at["uri"]) == f"my evidence/pack#1/{violation.place.file}"
        assert " " not in at["uri"]
        assert "#" not in at["uri"]
        assert (region["startLine"], region.get("startColumn", 0)) == (violation.place.line, violation.place.column)
        assert result["message"]["text"] == violation.message
        assert result["level"] == violation.severity
        waived = [s["justification"] for s in result["suppressions"]]
        assert waived == ([] if violation.waived is None else [violation.waived])
    assert any(result["suppressions"] for result in run["results"])
    assert any(result["level"] == "error" for result in run["results"])


def test_sarif_brings_every_rule_with_help() -> None:
    log = valid(json.loads(report_text(form="sarif").text))
    (run,) = log["runs"]
    held = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(held) == set(rules())
    for code, rule in rules().items():
        assert held[code]["shortDescription"]["text"] == rule.title
        assert rule.remedy in held[code]["help"]["text"]
        assert rule.bad.strip() in held[code]["help"]["markdown"]
        assert rule.good.strip() in held[code]["help"]["markdown"]
        assert held[code]["defaultConfiguration"]["level"] == rule.severity
    told = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    with ekb.load() as kb:
        assert len(told) == len(kb.report.skipped) > 0


def prints(report: Report) -> list[str]:
    (run,) = valid(sarif(report, PurePosixPath()))["runs"]
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]


def test_a_result_is_known_again_when_lines_move(broken: Path, tmp_path: Path) -> None:
    first = ekb.check(broken)
    moved = write_pack(tmp_path, {"records.yaml": "\n\n\n" + (broken / "records.yaml").read_text("utf-8")})
    assert [v.place for v in first] != [v.place for v in ekb.check(moved)]
    same = [v for v in first if v.code != "EKB504"]
    assert len(set(prints(first))) == len(first.violations)
    again = Report.of("example", [v for v in ekb.check(moved) if v.code != "EKB504"])
    assert sorted(prints(Report.of("example", same))) == sorted(prints(again))


def test_results_that_are_alike_are_told_apart() -> None:
    subject = Subject("finding", "a")
    alike = [
        Violation("EKB302", Severity.ERROR, subject, "no interval", Place("a.yaml", n), ("estimates", n))
        for n in (1, 2)
    ]
    other = Violation("EKB302", Severity.ERROR, subject, "no interval of 'b'", Place("a.yaml", 3), ("estimates", 3))
    made = prints(Report.of("example", [*alike, other]))
    assert len(set(made)) == 3
    assert made[0].partition(":")[0] == made[1].partition(":")[0] != made[2].partition(":")[0]


def test_a_log_holds_no_more_than_a_code_host_takes_and_says_so() -> None:
    subject = Subject("file", "a.yaml")
    many = [Violation("EKB504", Severity.WARNING, subject, f"line {n}", Place("a.yaml", n)) for n in range(1, MOST + 4)]
    error = Violation("EKB501", Severity.ERROR, subject, "not readable", Place("a.yaml", 9))
    (run,) = sarif(Report.of("example", [*many, error]), PurePosixPath())["runs"]
    assert len(run["results"]) == MOST
    assert run["results"][0]["ruleId"] == "EKB501"
    assert "4 more were found" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_rules_of_the_pack_and_violations_without_a_place_are_told_too() -> None:
    found = [
        Violation("HOUSE1", Severity.WARNING, Subject("finding", "a"), "no place"),
        Violation("EKB501", Severity.ERROR, Subject("file", ""), "cannot be read", Place("odd name,x:%.yaml")),
    ]
    report = Report.of("example", found, checks_run=["HOUSE1"], skipped=[Skipped("EKB305", "no period", 2)])
    (run,) = valid(sarif(report, PurePosixPath("data")))["runs"]
    where = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [place["artifactLocation"]["uri"] for place in where] == ["data/odd%20name%2Cx%3A%25.yaml", "data/pack.yaml"]
    assert all("region" not in place for place in where)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["EKB305", "EKB501", "HOUSE1"]


def test_paths_count_from_the_root_of_the_repository(tmp_path: Path) -> None:
    assert prefix_of(tmp_path) == PurePosixPath()
    (tmp_path / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")  # as in a linked work tree
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert prefix_of(tmp_path / "a" / "b") == PurePosixPath("a/b")
    violation = Violation("EKB101", Severity.ERROR, Subject("finding", "a"), "m", Place("../c/x.yaml", 3, 1))
    assert placed(violation, PurePosixPath("a/b")) == Place("a/c/x.yaml", 3, 1)


# Annotations

COMMAND = re.compile(r"::(error|warning|notice) (.*?)::(.*)")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the one who obeys it reads it."""
    found = COMMAND.fullmatch(line)
    assert found, line
    unescape = [("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
    told = []
    for text in (*found[2].split(","), found[3]):
        for escaped, plain in unescape:
            text = text.replace(escaped, plain)  # noqa: PLW2901  # one after the other, as it is read
        told.append(text)
    return found[1], dict(part.split("=", 1) for part in told[:-1]), told[-1]


def test_annotations_stand_at_their_lines(broken: Path) -> None:
    made = report_text(broken, "github")
    commands = [line for line in made.text.splitlines() if COMMAND.fullmatch(line)]
    shown = [v for severity in Severity for v in made.check.of_severity(severity)]
    assert len(commands) == len(shown)
    for line, violation in zip(commands, shown, strict=True):
        kind, properties, message = read(line)
        assert kind == {"error": "error", "warning": "warning", "note": "notice"}[violation.severity]
        assert violation.place
        assert properties["file"] == f"my evidence/pack#1/{violation.place.file}"
        assert properties["line"] == str(violation.place.line)
        assert properties["title"].startswith(violation.code)
        assert message == violation.message
    assert "(waived: The library is closed.)" in made.text
    assert made.text.splitlines()[-1] == made.check.summary


def test_what_a_record_says_is_no_command() -> None:
    message = "100%\r\n::error::mine\n##[set-env name=PATH]x,y:z"
    found = Violation(
        "EKB101", Severity.ERROR, Subject("finding", "::warning::\n##[add-mask]"), message, Place("a,b:c%.yaml", 1)
    )
    lines = list(workflow_commands(Report.of("##[error]\npack", [found]), PurePosixPath()))
    kind, properties, told = read(lines[0])
    assert (kind, told, properties["file"]) == ("error", message, "a,b:c%.yaml")
    assert not any("\n" in line or "\r" in line for line in lines)
    assert [line for line in lines if line.startswith("::")] == [
        lines[0],
        "::group::All that was found",
        "::endgroup::",
    ]
    assert not any("##[" in line for line in lines[1:])
    hostile_summary = list(workflow_commands(Report.of("::error::x", []), PurePosixPath()))
    assert not any(line.startswith("::") for line in hostile_summary)


@pytest.mark.parametrize("number", [PER_SEVERITY, PER_SEVERITY + 1, 5 * PER_SEVERITY])
def test_more_than_a_step_shows_are_counted(number: int) -> None:
    found = [
        Violation("EKB108", severity, Subject("finding", f"f{n}"), "unread", Place("a.yaml", n + 1))
        for severity in Severity
        for n in range(number)
    ]
    lines = list(workflow_commands(Report.of("example", found), PurePosixPath()))
    commands = [read(line) for line in lines if COMMAND.fullmatch(line)]
    assert Counter(kind for kind, _, _ in commands) == dict.fromkeys(("error", "warning", "notice"), PER_SEVERITY)
    last = commands[PER_SEVERITY - 1][2]
    assert last == (
        "unread" if number == PER_SEVERITY else f"{number - PER_SEVERITY + 1} more; the log of this step lists them all"
    )
    assert sum("unread" in line for line in lines if not line.startswith("::")) == len(found)


def test_a_pack_of_files_that_cannot_be_read_has_every_form(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, {**beside_base("claims: []\n", "claims.yaml"), "odd.yaml": "findings: [\n  {"})
    for form in REPORT_FORMS:
        made = report_text(folder, form)
        assert not made.check.ok
        assert "odd.yaml" in made.text
