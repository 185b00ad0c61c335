"""A report as one HTML file that asks nothing of anybody: no server, no address elsewhere, no script but its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from evidencekb.answers import CheckShown, TrailEntry, TrailReport
from evidencekb.answers.naming import counted
from evidencekb.exports.reports.elements import Child, Html, el, listed, together
from evidencekb.exports.reports.entries import NAMES, entry_html, violation_html

_HERE = Path(__file__).parent
_REFUSED = ("base-uri 'none'", "form-action 'none'")
_SECTIONS = (
    ("claim", "claims", "Claims", "Each claim with the findings it rests on, worst first."),
    ("finding", "findings", "Findings that no claim rests on", "Worst first."),
    (
        "untraced",
        "untraced",
        "In circulation, without a source",
        "Figures that go round and that nobody traced to a primary source.",
    ),
)
_NOUNS = {"untraced": "untraced claim"}
VIOLATIONS_SHOWN = 1_000
"""So many of what a check found are listed; the table of rules counts them all."""

_LEGEND = (
    "A trail leads from a figure to the page it was printed on, through every hand that is recorded.",
    "Read tells what a person opened: that page, and not the source itself, is what the figure was compared with.",
    "A check runs rules over records. It does not read papers: it cannot tell whether a record says what its source says.",
    "A flag tells who gains: a vendor sells something, an interested party has another stake, unknown means that nobody looked.",
)


def report_document(report: TrailReport) -> str:
    """The report as an HTML document."""
    style, script = _asset("report.css"), _asset("report.js")
    allowed = {"style-src": _digest(style), "script-src": _digest(script)}
    policy = "; ".join(["default-src 'none'", *(f"{kind} '{digest}'" for kind, digest in allowed.items()), *_REFUSED])
    title = f"Evidence report: {report.title}"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="generator", content=f"evidencekb {report.stamp['library']}"),
        el("title", title),
        el("style", Html(style)),
    )
    body = el(
        "body",
        el("a", "Skip to the trails", href="#trails", class_="skip"),
        _header(report, title),
        el(
            "main",
            _check(report.check),
            _filter(report),
            el("div", list(_sections(report)), id="trails", tabindex="-1"),
        ),
        el(
            "footer",
            el("p", "Made by evidencekb ", report.stamp["library"], ". This file loads nothing from anywhere."),
        ),
        el("script", Html(script)),
    )
    return f"<!DOCTYPE html>\n{el('html', head, body, lang='en')}\n"


@cache
def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    """How a policy names the one text that it lets in."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _header(report: TrailReport, title: str) -> Html:
    stamp = report.stamp
    told = f"{stamp['pack']} {stamp['version']}, built on {stamp['built_on']}".replace("  ", " ")
    contents = [
        ("#check", "What was checked"),
        *((f"#{id}", name) for kind, id, name, _ in _SECTIONS if report.totals[kind]),
    ]
    return el(
        "header",
        el("h1", title),
        el("p", told, el("br"), el("code", stamp["digest"]), class_="stamp"),
        el("p", str(report.vendors) + ".", class_="lead"),
        el("nav", listed(el("a", name, href=to) for to, name in contents), aria_label="Contents"),
    )


def _check(check: CheckShown) -> Html:
    """What ran, what was skipped and why, what failed, and what was waived with the reason."""
    waived = [violation for violation in check.violations if violation["waived"] is not None]
    found = [violation for violation in check.violations if violation["waived"] is None]
    shown, more = found[:VIOLATIONS_SHOWN], len(found) - VIOLATIONS_SHOWN
    worst = found[0]["severity"] if found else "clear"
    left_out = "There are errors. Records with errors, and those that rest on them, are in none of the trails below."
    skipped = (f"{part['code']}, {counted(part['count'], 'time')}: {part['why']}" for part in check.skipped)
    return el(
        "section",
        el("h2", "What was checked", id="check-title"),
        el("p", check.summary + ".", class_=f"lead {worst}"),
        None if check.ok else el("p", left_out, class_="stop"),
        el(
            "p",
            "Records read: ",
            ", ".join(counted(number, _NOUNS.get(kind, kind)) for kind, number in check.records.items()) or "none",
            ".",
        ),
        _folded(f"How to read a trail, in {len(_LEGEND)} sentences", listed(_LEGEND)),
        _folded(f"Rules: {counted(len(check.rules), 'rule')} and what each came to", _rules(check)),
        _folded(f"Skipped: {counted(len(check.skipped), 'reason')} why a rule could not judge a part", listed(skipped)),
        _folded(f"Waived: {counted(len(waived), 'violation')}, each with its reason", _list(waived)),
        _folded(
            f"Found: {counted(len(found), 'violation')}, worst first",
            _list(shown),
            el("p", f"And {more:,} more; evidencekb check lists them all.") if more > 0 else None,
            unfolded=not check.ok,
        ),
        None if waived else el("p", "Nothing is waived.", class_="none"),
        id="check",
        aria_labelledby="check-title",
    )


def _folded(summary: str, *children: Child, unfolded: bool = False) -> Html | None:
    held = together(children)
    return el("details", el("summary", summary), held, open=unfolded) if held else None


def _list(violations: Iterable[dict[str, object]]) -> Html | None:
    held = [violation_html(violation) for violation in violations]
    return el("ul", held, class_="violations") if held else None


def _rules(check: CheckShown) -> Html:
    head = el("tr", [el("th", name, scope="col") for name in ("rule", "what it came to")])
    rows = []
    for rule in check.rules:
        counts = ((rule.errors, "error"), (rule.warnings, "warning"), (rule.notes, "note"))
        told = [counted(number, noun) for number, noun in counts if number]
        told += [f"{rule.waived:,} waived"] if rule.waived else []
        told += [f"{counted(rule.skipped, 'part')} skipped"] if rule.skipped else []
        name = el("th", el("code", rule.code), f" {rule.title}", scope="row")
        rows.append(el("tr", name, el("td", ", ".join(told) or "passed")))
    return el("table", el("thead", head), el("tbody", rows))


def _filter(report: TrailReport) -> Html:
    """Search and filters; hidden until the script that serves them runs."""
    states = [(state, f"{NAMES[state]} ({number:,})") for state, number in report.states.items()]
    kinds = [(kind, f"{name} ({report.totals[kind]:,})") for kind, _, name, _ in _SECTIONS if report.totals[kind]]
    flags = [(flag, flag) for flag in ("independent", "interested", "vendor", "unknown")]
    return el(
        "form",
        el("h2", "Find a trail", id="filter-title"),
        el(
            "div",
            el("label", "Words", for_="words"),
            el("input", type="search", id="words", autocomplete="off"),
            class_="field",
        ),
        _select("state", "How it stands", states),
        _select("kind", "What it is", kinds),
        _select("flag", "Who gains", flags),
        el(
            "div",
            el("button", "Clear", type="reset"),
            el("button", "Unfold all that are shown", type="button", id="unfold"),
            el("button", "Fold all", type="button", id="fold"),
            class_="tools",
        ),
        el("p", id="shown", role="status", aria_live="polite"),
        id="filter",
        role="search",
        aria_labelledby="filter-title",
        hidden=True,
    )


def _select(id: str, label: str, options: Iterable[tuple[str, str]]) -> Html:
    held = [el("option", "any", value=""), *(el("option", name, value=value) for value, name in options)]
    return el("div", el("label", label, for_=id), el("select", held, id=id), class_="field")


def _sections(report: TrailReport) -> Iterator[Html]:
    entries = {"claim": report.claims, "finding": report.findings, "untraced": report.untraced}
    for kind, id, name, why in _SECTIONS:
        if report.totals[kind]:
            yield el(
                "section",
                el("h2", name, id=f"{id}-title"),
                el("p", why, _limited(kind, entries[kind], report.totals[kind])),
                [entry_html(entry) for entry in entries[kind]],
                id=id,
                aria_labelledby=f"{id}-title",
            )
    if not any(report.totals.values()):
        yield el("p", "The pack holds no claim, no finding and no untraced claim.")
    yield el("p", "Nothing here matches what is asked for above.", id="nothing", hidden=True)


def _limited(kind: str, shown: tuple[TrailEntry, ...], of: int) -> Html | None:
    if len(shown) == of:
        return None
    noun = counted(of, _NOUNS.get(kind, kind))
    how = "evidencekb report --limit takes more, --only names one"
    return el(
        "strong",
        f" Shown are the {len(shown):,} worst of {noun}; the counts above are of all. {how}.",
        class_="limited",
    )
