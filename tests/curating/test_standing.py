"""The standing of a source is written into its record, and nothing else changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidencekb.curating.standing import Recorded, record_standing, with_standing
from evidencekb.errors import ChangedMeanwhileError, CurationError
from evidencekb.report import Place
from evidencekb.sources.standing.events import Outcome
from evidencekb.sources.standing.report import SourceStanding
from evidencekb.store.nodes import parse, plain
from evidencekb.store.writing import format_text

RETRACTED: dict[str, Any] = {
    "checked_on": "2026-01-15",
    "events": [
        {
            "status": "retracted",
            "on": "2021",
            "by": "Journal of Made-up Studies",
            "note": "Retraction, doi:10.5555/notice, says publisher.",
        }
    ],
}
CANONICAL = """\
# What we read.
sources:
  - id: audit2020
    kind: journal_article
    vendor: independent
    # Its funding page was read.
    vendor_reason: >-
      A public institute that sells no tests and whose funding page names no seller; it was read
      twice by two people.
    interests:
      - {organization: made-up-court, tie: publisher}
    standing: {checked_on: 2025-01-15}
    archived: {url: "https://copies.example/a"}  # by hand

  # Only relays.
  - id: memo2020
    kind: report  # a draft
    title: A memo
    # End of the memo.
"""


def sources(text: str) -> list[dict[str, Any]]:
    root = parse(text)
    assert root is not None
    held: list[dict[str, Any]] = plain(root)["sources"]
    return held


def row(id: str, suggested: dict[str, Any] | None, place: Place | None = None, **recorded: Any) -> SourceStanding:
    return SourceStanding(id, "", Outcome.RETRACTED, suggested=suggested, place=place or Place("s.yaml", 4), **recorded)


def test_a_standing_takes_the_place_of_another() -> None:
    after = with_standing(CANONICAL, "audit2020", RETRACTED)
    before, now = CANONICAL.splitlines(), after.splitlines()
    at = before.index("    standing: {checked_on: 2025-01-15}")
    assert now[:at] == before[:at]
    assert now[at : at + 7] == [
        "    standing:",
        "      checked_on: 2026-01-15",
        "      events:",
        "        - status: retracted",
        "          on: 2021",
        "          by: Journal of Made-up Studies",
        "          note: Retraction, doi:10.5555/notice, says publisher.",
    ]
    assert now[at + 7 :] == before[at + 1 :]


def test_a_standing_is_put_where_it_belongs() -> None:
    after = with_standing(CANONICAL, "memo2020", {"checked_on": "2026-01-15"})
    assert after == CANONICAL.replace(
        "    title: A memo\n", "    title: A memo\n    standing: {checked_on: 2026-01-15}\n"
    )


@pytest.mark.parametrize("id", ["audit2020", "memo2020"])
@pytest.mark.parametrize("standing", [RETRACTED, {"checked_on": "2026"}])
def test_canonical_text_stays_canonical_and_is_written_once(id: str, standing: dict[str, Any]) -> None:
    assert format_text(CANONICAL) == CANONICAL
    after = with_standing(CANONICAL, id, standing)
    assert format_text(after) == after
    assert with_standing(after, id, standing) == after


@pytest.mark.parametrize(
    "title", ["|\n      Two\n      lines", ">-\n      Two\n      lines\n", "'quoted: text'", "[a, b]", "{a: b}"]
)
def test_texts_of_any_form_stay_as_they_are(title: str) -> None:
    text = (
        f"sources:\n- id: memo2020\n  title: {title.replace('      ', '    ')}\n\n\n  archived: {{url: x}}\n- id: other"
    )
    after = with_standing(text, "memo2020", RETRACTED)
    memo, other = sources(after)
    assert memo.pop("standing")["events"][0]["on"] == 2021
    assert [memo, other] == sources(text)
    kept = [line for line in text.split("\n") if line]
    assert [line for line in after.split("\n") if line in kept] == kept


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CANONICAL.replace("2025-01-15}", "2025-01-15}  # by hand"), "a comment stands inside its standing"),
        ("sources:\n  - {id: audit2020, kind: report}\n", "stands in braces"),
        ("sources:\n  - id: other\n", "no longer has its record"),
        ("", "no longer has its record"),
        ("sources: [\n", "not readable as YAML"),
        (CANONICAL.replace("\n", "\r\n"), "line ends"),
    ],
)
def test_what_cannot_be_changed_alone_is_left_alone(text: str, why: str) -> None:
    with pytest.raises(CurationError, match=why):
        with_standing(text, "audit2020", RETRACTED, name="s.yaml")


def test_all_files_are_written_and_what_was_left_is_told(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(CANONICAL)
    (tmp_path / "t.yaml").write_text("sources:\n  - {id: tract2020, kind: report}\n")
    done = record_standing(
        tmp_path,
        [
            row("audit2020", RETRACTED, recorded_on="2025-01-15"),
            row("memo2020", {"checked_on": "2026-01-15"}),
            row("settled2020", None),
            row("tract2020", RETRACTED, Place("t.yaml", 2)),
            row("line2020", RETRACTED, Place("s.jsonl", 2)),
            SourceStanding("theirs2020", "", Outcome.RETRACTED, suggested=RETRACTED),
        ],
    )
    assert done == Recorded(
        ("audit2020", "memo2020"),
        ("s.yaml",),
        (
            ("tract2020", "t.yaml:2: its record stands in braces; change it by hand"),
            ("line2020", "s.jsonl:2: only records in YAML files are changed; change it by hand"),
            ("theirs2020", "its record is in another pack, which this one extends"),
        ),
    )
    audit, memo = sources((tmp_path / "s.yaml").read_text())
    assert (audit["standing"]["events"][0]["status"], memo["standing"]) == ("retracted", {"checked_on": "2026-01-15"})


def test_a_record_that_says_something_else_by_now_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(CANONICAL)
    done = record_standing(tmp_path, [row("audit2020", RETRACTED, recorded_on="2024-12-31")])
    assert done.left == (("audit2020", "s.yaml:3: its standing was changed in the meantime; check it again"),)
    assert (tmp_path / "s.yaml").read_text() == CANONICAL


def test_a_file_that_changes_while_it_is_worked_on_stops_all(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(CANONICAL)

    def rows() -> Any:
        yield row("memo2020", RETRACTED)
        (tmp_path / "s.yaml").write_text(CANONICAL + "# more\n")

    with pytest.raises(ChangedMeanwhileError):
        record_standing(tmp_path, rows())
    assert (tmp_path / "s.yaml").read_text() == CANONICAL + "# more\n"
