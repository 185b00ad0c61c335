"""Corrections of known errors: they hold as long as the source is wrong, and fail loudly once it is mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.packs import TODAY, write_pack
from tests.records import DROPPED, Records, base_records, built, checked, edited, record

CORRECTION = {
    "on": "replies", "expect": "21%", "use": 12, "because": "The tables give 12%.", "reported_to": "the journal",
    "reported_on": "2026-01-16",
}  # fmt: skip
PAGES = {"field": "pages", "expect": "1-9", "use": "1-19", "because": "The paper itself has nineteen pages."}


def with_figure(**fields: Any) -> Records:
    """The base pack, its source printing 21% by mistake."""
    records = edited(base_records(), {"findings.0.citations.0.prints.replies": "21%"})
    record(records, "findings", "audit-2024-replies")["citations"][0]["corrections"] = [{**CORRECTION, **fields}]
    return records


def with_pages(pages: str | None, **fields: Any) -> Records:
    records = edited(base_records(), {"sources.0.pages": pages} if pages else {})
    record(records, "sources", "audit2024")["corrections"] = [{**PAGES, **fields}]
    return records


def told(report: ekb.Report) -> list[tuple[str, str]]:
    return [(violation.code, violation.message) for violation in report if violation.code != "EKB504"]


def test_a_correction_holds_while_the_source_prints_the_error(tmp_path: Path) -> None:
    assert told(checked(tmp_path, with_figure())) == []
    with built(tmp_path / "b", with_figure()) as kb:
        assert kb.finding("audit-2024-replies").estimate("replies").value == 12
        (correction,) = kb.finding("audit-2024-replies").citations[0].corrections
        assert (correction.expect, correction.use) == ("21%", 12)


@pytest.mark.parametrize("printed", ["21%", " 21% ", "21 %"])
def test_white_space_is_no_sign_of_a_mended_source_and_other_text_is(tmp_path: Path, printed: str) -> None:
    found = told(checked(tmp_path, edited(with_figure(), {"findings.0.citations.0.prints.replies": printed})))
    assert [code for code, _ in found] == ([] if printed.strip() == "21%" else ["EKB211"])


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ({"prints.replies": "12%"}, "'audit2024' prints '12%' of 'replies', and the correction expects '21%'"),
        ({"prints.replies": "22%"}, "prints '22%'"),
        ({"prints.sample": "900", "prints.replies": DROPPED}, "what 'audit2024' prints of 'replies' is not recorded"),
        ({"corrections.0.use": 13}, "'replies' is 12, and the correction says 13"),
        ({"corrections.0.on": "sample", "corrections.0.use": 90}, "'sample' is 900, and the correction says 90"),
    ],
)
def test_it_fails_once_the_source_is_mended_or_the_figure_is_another(
    tmp_path: Path, edits: dict[str, Any], says: str
) -> None:
    records = edited(with_figure(), {f"findings.0.citations.0.{path}": value for path, value in edits.items()})
    messages = [message for code, message in told(checked(tmp_path, records)) if code == "EKB211"]
    assert any(says in message for message in messages), messages


def test_it_fails_at_the_line_of_the_field(tmp_path: Path) -> None:
    text = "\n".join(ekb.rules.rule("211").bad.strip().splitlines())
    from tests.packs import beside_base

    report = ekb.check(write_pack(tmp_path, beside_base(text + "\n", "findings.yaml")), today=TODAY)
    (violation,) = [v for v in report if v.code == "EKB211"]
    assert violation.place is not None
    assert text.splitlines()[violation.place.line - 1].strip() == "expect: 21%"
    assert str(violation.severity) == "error"


def test_another_figure_in_a_relay_is_drift_and_no_correction(tmp_path: Path) -> None:
    records = with_figure()
    finding = record(records, "findings", "audit-2024-replies")
    held = finding["citations"][0].pop("corrections")
    finding["citations"][0]["prints"]["replies"] = "12%"
    finding["citations"].append({
        "source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024",
        "prints": {"replies": "21%"}, "corrections": held,
    })  # fmt: skip
    assert any(
        "'news2024' is a relay" in message for code, message in told(checked(tmp_path, records)) if code == "EKB211"
    )


def test_a_name_that_nothing_has_dangles(tmp_path: Path) -> None:
    found = told(checked(tmp_path, with_figure(on="replys")))
    assert {"EKB103", "EKB211"} == {code for code, _ in found}


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ("1-19", None),
        ("1–19", None),
        ("1-9", "holds the pages that its correction calls wrong, '1-9'. Write '1-19'"),
        ("1-8", "pages is '1-8', neither what the correction expects ('1-9') nor what it puts there ('1-19')"),
        (None, "has no pages, which its correction is about"),
    ],
)
def test_a_record_holds_what_its_correction_puts_there(tmp_path: Path, pages: str | None, says: str | None) -> None:
    found = told(checked(tmp_path, with_pages(pages)))
    assert [code for code, _ in found] == (["EKB211"] if says else [])
    assert says is None or says in found[0][1]


def _with_entry(folder: Path, pages: str, **fields: Any) -> Path:
    """The base pack with its source's fields in a bibliography, and a correction of its pages."""
    records = with_pages(None, **fields)
    source = record(records, "sources", "audit2024")
    source.pop("container")
    import json

    bib = f"@article{{audit2024,\n  journal = {{Journal of Made-up Studies}},\n  pages = {{{pages}}}\n}}\n"
    return write_pack(folder, {"records.yaml": json.dumps(records), "references.bib": bib})


def test_an_entry_keeps_what_is_published_and_the_correction_takes_its_place(tmp_path: Path) -> None:
    pack = _with_entry(tmp_path / "pack", "1--9")
    assert told(ekb.check(pack, today=TODAY)) == []
    ekb.build(pack, tmp_path / "out.ekb", today=TODAY)
    with ekb.load(tmp_path / "out.ekb") as kb:
        assert kb.source("audit2024").pages == "1-19"
        assert "1–19" in ekb.references(kb, "audit2024", style="apa")[0].text
        from evidencekb.exports import export_pack

        export_pack(kb, tmp_path / "bulk")
        ekb.build(tmp_path / "bulk", tmp_path / "again.ekb", today=TODAY)
        with ekb.load(tmp_path / "again.ekb") as again:
            assert again.digest == kb.digest


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ("1--19", "has pages right by now ('1-19', no longer '1-9'). Take the correction out"),
        ("1--8", "pages is '1-8', neither what the correction expects"),
    ],
)
def test_an_entry_that_was_mended_fails_loudly(tmp_path: Path, pages: str, says: str) -> None:
    pack = _with_entry(tmp_path / "pack", pages)
    ((code, message),) = told(ekb.check(pack, today=TODAY))
    assert (code, says in message) == ("EKB211", True), message
    with pytest.raises(ekb.PackError):
        ekb.build(pack, tmp_path / "out.ekb", today=TODAY)


@pytest.mark.parametrize(
    "correction",
    ["pages", {"field": "pages"}, {**PAGES, "field": "authors"}, {**PAGES, "use": 19}, {**PAGES, "why": "x"}],
)
def test_a_correction_that_is_none_is_told_as_any_other_record(tmp_path: Path, correction: Any) -> None:
    records = base_records()
    record(records, "sources", "audit2024")["corrections"] = [correction]
    assert "EKB502" in {code for code, _ in told(checked(tmp_path, records))}
