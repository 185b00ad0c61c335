"""The replication database taken into a pack: papers and not rows, nothing lost, nothing converted, nothing twice."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.curating.replicationeffects import MEASURES
from evidencekb.curating.replicationpapers import paper
from evidencekb.curating.replicationrecords import DATABASE
from evidencekb.curating.replicationrows import Row, Unread, read_rows
from evidencekb.curating.replications import import_replications
from evidencekb.engines.rows import text_key
from tests.curating.small import files_of
from tests.packs import write_pack

TABLE = Path(__file__).with_name("replications.csv")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "pack", {})


def table(folder: Path, *changed: dict[str, str], name: str = "table.csv", encoding: str = "utf-8") -> Path:
    """The first row of our table, once for each of the changes."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        (first, *_), header = list(reader := csv.DictReader(file)), reader.fieldnames or ()
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows({**first, "effect_id": str(n), **change} for n, change in enumerate(changed, start=1))
    return path


def decided(pack: Path) -> Path:
    """The pack after a person has set every flag, and given a number to what has no identifier."""
    for path in (pack / "sources").glob("*.yaml"):
        count = 0

        def flag(_: re.Match[str]) -> str:
            nonlocal count
            count += 1
            return (
                f'number: "{count}"\n    vendor: independent\n    vendor_reason: Number {count}, looked at for a test.'
            )

        text = re.sub(
            r"vendor: unknown\n    vendor_reason: [^\n]*(?:\n {6}[^\n]*)*", flag, path.read_text(encoding="utf-8")
        )
        path.write_text(text, encoding="utf-8")
    return pack


def one(folder: Path, **change: str) -> Row:
    ((row, _),) = read_rows(table(folder, change)).rows()
    assert isinstance(row, Row)
    return row


def test_every_row_ends_in_one_of_three_and_the_reasons_are_told(pack: Path) -> None:
    report = import_replications(TABLE, into=pack)
    assert (report.rows, report.imported, len(report.merged), len(report.skipped)) == (13, 9, 1, 3)
    assert {row.id: row.why for row in (*report.merged, *report.skipped)} == {
        "6": "another row says the same",
        "10": "it names no replication; fill in doi_r or url_r or ref_r or title_r or bibtex_r",
        "11": "it names no original; fill in doi_o or ref_o or title_o or bibtex_o",
        "13": "original and replication are one study of one paper, 'roe2020many'; mend one of them",
    }
    assert (report.originals, report.replications, report.pairs) == (4, 3, 7)
    assert "13 rows: 9 imported, 1 merged, 3 skipped" in str(report)


def test_done_again_it_changes_nothing(pack: Path) -> None:
    import_replications(TABLE, into=pack)
    before = files_of(pack)
    again = import_replications(TABLE, into=pack)
    assert files_of(pack) == before
    assert (again.imported, len(again.merged), len(again.skipped), again.files) == (0, 10, 3, ())
    assert (again.originals, again.replications, again.pairs) == (4, 3, 7)


def test_a_dry_run_says_the_same_and_writes_nothing(pack: Path) -> None:
    before = files_of(pack)
    dry = import_replications(TABLE, into=pack, dry=True)
    assert files_of(pack) == before
    assert {**import_replications(TABLE, into=pack).to_dict(), "files": []} == dry.to_dict()


def test_check_refuses_every_source_until_a_person_has_set_its_flag(pack: Path) -> None:
    import_replications(TABLE, into=pack)
    errors = {(v.code, v.subject.id) for v in ekb.check(pack).errors}
    papers = "ash2022class doe2008letters doe2008pots low1999notes muller2011colour roe2020letters roe2020many".split()
    assert errors == {("EKB201", id) for id in papers} | {("EKB204", "low1999notes")}
    assert ekb.check(decided(pack)).ok
    assert {v.code for v in ekb.check(pack)} <= {"EKB108", "EKB504"}


def test_papers_are_counted_and_not_rows(pack: Path) -> None:
    import_replications(TABLE, into=pack)
    with ekb.load(decided(pack)) as kb:
        found = ekb.replications_of(kb, "doe2008letters").replications
        assert (found.count, found.findings) == (3, 3)  # five rows
        assert {name: n for name, n in found.outcomes.items() if n} == {"successful": 1, "failed": 1, "flawed": 1}
        assert found.without_criterion == 1
        (attempt,) = next(held.attempts for held in found.studies if held.sources == ("roe2020many",))
        assert attempt.asserted_by == DATABASE
        assert (
            attempt.text
            == "successful, by this criterion: The verdict reported, as the database codes it; read at: abstract"
        )
        first, second = attempt.effects
        assert [check.holds for check in first.checks] == [True, False, False, True]
        assert (second.original and second.original.display, second.comparable) == ("0.12 etasq (partial)", False)


def test_two_papers_of_one_key_are_two_sources(pack: Path) -> None:
    report = import_replications(TABLE, into=pack)
    assert {"doe2008letters", "doe2008pots", "roe2020many", "roe2020letters"} <= set(report.sources)


def test_a_paper_that_the_pack_holds_keeps_its_key_and_its_flag(tmp_path: Path) -> None:
    held = {
        "sources/held.yaml": "sources:\n  - id: my-doe\n    kind: journal_article\n    title: Letters and replies\n"
        "    published_on: 2008\n    doi: 10.5555/letters.2008\n    vendor: independent\n    vendor_reason: Looked at.\n"
    }
    pack = write_pack(tmp_path / "pack", held)
    report = import_replications(TABLE, into=pack)
    assert "doe2008letters" not in report.sources
    assert "my-doe-study-1" in report.findings
    assert "my-doe" not in {v.subject.id for v in ekb.check(pack).errors}


def test_a_later_table_adds_a_paper_to_an_original_that_is_there(tmp_path: Path, pack: Path) -> None:
    import_replications(table(tmp_path, {}), into=pack)
    more = {
        "doi_r": "10.5555/third.2021",
        "title_r": "Third letters",
        "bibtex_r": "",
        "study_r": "",
        "es_value_r": "0.25",
    }
    report = import_replications(table(tmp_path, {}, more), into=pack)
    assert (report.imported, len(report.merged), report.findings) == (1, 1, ("roe2020third-of-doe2008letters-study-1",))
    with ekb.load(decided(pack)) as kb:
        found = ekb.replications_of(kb, "doe2008letters").replications
        assert found.count == 2
        pairs = [pair for held in found.studies for attempt in held.attempts for pair in attempt.effects]
        assert [pair.original and pair.original.value for pair in pairs] == [0.3, 0.3]
        assert [pair.replication and pair.replication.value for pair in pairs] == [0.1, 0.25]


def test_progress_is_told_and_ends_at_the_end(pack: Path) -> None:
    told: list[tuple[int, int]] = []
    import_replications(TABLE, into=pack, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0


def test_records_of_a_long_file_are_parted_into_files(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidencekb.curating.replications._IN_A_FILE", 2)
    rows = [{"title_r": f"Part {n}", "doi_r": f"10.5555/part.{n}", "bibtex_r": ""} for n in range(4)]
    files = import_replications(table(tmp_path, *rows), into=pack).files
    assert [file for file in files if file.startswith("findings")] == [
        "findings/table.yaml", "findings/table-2.yaml", "findings/table-3.yaml",
    ]  # fmt: skip
    assert import_replications(table(tmp_path, *rows), into=pack).files == ()
    assert ekb.check(decided(pack)).ok


@pytest.mark.parametrize(
    ("cell", "state", "id"),
    [
        ("no", "no", None), ("Not preregistered", "no", None), ("yes", "yes", None), ("", "unknown", None),
        ("https://osf.example/plan", "yes", "https://osf.example/plan"),
    ],
)  # fmt: skip
def test_no_preregistration_is_none(tmp_path: Path, pack: Path, cell: str, state: str, id: str | None) -> None:
    import_replications(table(tmp_path, {"prereg_r": cell}), into=pack)
    with ekb.load(decided(pack)) as kb:
        held = kb.finding("roe2020many-study-1-of-doe2008letters-study-1").preregistered
        assert held is not None
        assert (str(held.state), held.id) == (state, id)


def test_where_an_effect_is_from_and_what_was_done_to_it_stands_with_it(tmp_path: Path, pack: Path) -> None:
    change = {"es_repr_o": "p. 8 (flipped to align with the replication)", "nested_r": "yes", "es_repr_r": ""}
    report = import_replications(table(tmp_path, change, {**change, "es_value_o": "", "es_value_r": ""}), into=pack)
    assert report.losses["that the data are nested; kept in words"] == 2
    written = _flat(pack)
    assert "r = 0.3; p = 0.002; n = 100; taken from: p. 8 (flipped to align with the replication)." in written
    assert "effect 2: original (r, no value; p = 0.002; n = 100; taken from: p. 8 (flipped" in written
    assert "r = 0.1; p < 0.05; n = 400; nested data." in written


def test_what_is_quoted_behind_a_place_is_left(tmp_path: Path) -> None:
    row = one(
        tmp_path, claim_page_o="11.0", es_repr_o="p. 41: \u201cThe groups did not differ\u201d", es_repr_r='"All of it"'
    )
    assert row.places == ("p. 11", "p. 41", "")


def test_a_perfect_correlation_is_shown_and_has_no_power(tmp_path: Path, pack: Path) -> None:
    import_replications(table(tmp_path, {"es_value_r": "1"}), into=pack)
    with ekb.load(decided(pack)) as kb:
        (study,) = ekb.replications_of(kb, "doe2008letters").replications.studies
        (pair,) = study.attempts[0].effects
        assert (pair.replication and pair.replication.value, pair.comparable) == (1, False)
        assert (pair.power_of_original and pair.power_of_original.power) is None


def test_quotations_are_not_copied(pack: Path) -> None:
    import_replications(TABLE, into=pack)
    written = "\n".join(path.read_text(encoding="utf-8") for path in pack.rglob("*") if path.is_file())
    for words in ("very same pattern", "came back sooner", "t(98)"):
        assert words in TABLE.read_text(encoding="utf-8")
        assert words not in written


# Rows


@pytest.mark.parametrize("kind", ["etasq (partial)", "beta (std)", "test statistic", "dz", "log_odds_ratio", "F", ""])
def test_a_type_that_is_no_measure_of_ours_is_kept_under_its_own_name(tmp_path: Path, kind: str) -> None:
    effect = one(tmp_path, es_type_r=kind, es_value_r="0.12").later_effect
    assert (str(effect.measure), effect.value) == ("other", 0.12)
    assert kind.replace("_", " ") in effect.unit
    assert effect.words.startswith(f"{kind or 'type not recorded'} = 0.12")


@pytest.mark.parametrize("kind", sorted(MEASURES))
def test_a_type_that_is_a_measure_by_another_name_keeps_its_value(tmp_path: Path, kind: str) -> None:
    effect = one(tmp_path, es_type_r=kind.upper(), es_value_r="0.5").later_effect
    assert (effect.value, str(effect.measure) != "other", effect.lost[:1]) == (0.5, True, effect.lost[:1])


@pytest.mark.parametrize(
    ("type_", "tails", "value", "expected"),
    [
        ("e (=)", "2 (two)", "0.03", 0.03), ('"="', "", "0.03", 0.03), ("l (<)", "", "0.03", None), ("g (>)", "", "0.05", None),
        ("<", "2", "0.03", None), ("e (=)", "1 (one)", "0.03", None), ("e (=)", "", "0", None), ("e (=)", "", "1.2", None),
        ("", "", "0.03", None), ("e (=)", "", "NA", None),
    ],
)  # fmt: skip
def test_only_an_exact_two_sided_p_is_one(
    tmp_path: Path, type_: str, tails: str, value: str, expected: float | None
) -> None:
    effect = one(tmp_path, pval_type_r=type_, pval_tails_r=tails, pval_value_r=value).later_effect
    assert effect.p_value == expected
    if expected is None and value != "NA":
        assert value in effect.words


@pytest.mark.parametrize(
    ("text", "n"),
    [("1,234", 1234), ("120.0", 120), ("31.5", None), ("0", None), ("100-120", None), ("60 in each", None)],
)
def test_a_size_is_a_whole_number_or_kept_in_words(tmp_path: Path, text: str, n: int | None) -> None:
    effect = one(tmp_path, n_r=text).later_effect
    assert effect.n == n
    assert f"n = {n or text}" in effect.words
    assert any("sample size" in lost for lost in effect.lost) == (n is None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-0.43", -0.43), ("\u22120.43", -0.43), ("\u20130.43", -0.43), (".4", 0.4), ("-0,43", -0.43), ("1e-3", 0.001),
        ("0,125", 0.125),
        ("1,234", None), ("1_0", None), ("inf", None), ("43%", None), ("t(98) = 2.3", None), ("0.3-0.5", None),
    ],
)  # fmt: skip
def test_an_effect_keeps_its_sign_and_is_read_only_where_one_number_is_meant(
    tmp_path: Path, text: str, value: float | None
) -> None:
    effect = one(tmp_path, es_value_r=text).later_effect
    assert effect.value == value
    assert effect.words.startswith(f"r = {text};")


@pytest.mark.parametrize(("text", "words"), [("< .001", "p < .001"), ("n.s.", "p = n.s.")])
def test_a_p_value_in_words_is_kept_in_words(tmp_path: Path, text: str, words: str) -> None:
    effect = one(tmp_path, pval_value_r=text, pval_type_r="e (=)").later_effect
    assert effect.p_value is None
    assert words in effect.words


def test_an_effect_with_a_comma_is_kept_in_words(tmp_path: Path) -> None:
    effect = one(tmp_path, es_value_r="1,234").later_effect
    assert (effect.value, effect.lost[0]) == (None, "an effect that is no number")
    assert "1,234" in effect.words


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ("successful", "successful"), ("Failed", "failed"), ("mixed", "mixed"), ("statistically successful but flawed", "flawed"),
        ("descriptive only", "descriptive"), ("inconclusive", "uninformative"),
        ("Descriptive_only.", "descriptive"), ("not replicated", "failed"), ("perhaps", None), ("NA", None), ("", None),
    ],
)  # fmt: skip
def test_outcomes_are_words_and_an_unknown_one_is_none(tmp_path: Path, told: str, outcome: str | None) -> None:
    row = one(tmp_path, reported_success=told)
    assert (row.outcome and str(row.outcome)) == outcome


def test_a_missing_outcome_is_imported_and_said(tmp_path: Path, pack: Path) -> None:
    report = import_replications(table(tmp_path, {"reported_success": ""}), into=pack)
    assert report.losses["how it came out is not recorded"] == 1
    with ekb.load(decided(pack)) as kb:
        assert ekb.replications_of(kb, "doe2008letters").replications.outcomes["not_recorded"] == 1


def test_a_row_of_the_same_data_is_a_reanalysis(tmp_path: Path, pack: Path) -> None:
    path = table(tmp_path, {})
    lines = path.read_text(encoding="utf-8")
    path.write_text(
        lines.replace("discipline", "type", 1).replace("Made-up Psychology", "reproduction"), encoding="utf-8"
    )
    import_replications(path, into=pack)
    with ekb.load(decided(pack)) as kb:
        found = ekb.replications_of(kb, "doe2008letters")
        assert (found.replications.count, found.reanalyses.count) == (0, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_apart_and_a_guess_is_said(tmp_path: Path, pack: Path, encoding: str) -> None:
    names = '[{"given":"Jörg","family":"Müller"}]'
    path = table(tmp_path, {"author_o": names, "bibtex_o": ""}, encoding=encoding)
    report = import_replications(path, into=pack)
    assert "Müller, Jörg" in (pack / "references.bib").read_text(encoding="utf-8")
    assert [v.code for v in report.violations] == (["EKB501"] if encoding == "cp1252" else [])


def test_a_row_with_cells_too_many_is_skipped_and_the_others_are_not(tmp_path: Path, pack: Path) -> None:
    path = table(tmp_path, {}, {"doi_r": "10.5555/more.2020", "bibtex_r": ""})
    lines = path.read_text(encoding="utf-8").splitlines()
    report = import_replications(_written(path, [*lines, ",".join("x" * 60)]), into=pack)
    assert (report.rows, report.imported) == (3, 2)
    assert report.skipped[0].why == "it has 60 cells, and the header has 57; give each column its cell"


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_lone_quotation_mark_takes_no_other_row_with_it(tmp_path: Path) -> None:
    path = table(tmp_path, *({} for _ in range(20)))
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [row for row, _ in read_rows(_written(path, [lines[0], '"a lone mark', *lines[1:]])).rows()]
    (first, *others) = rows
    assert isinstance(first, Unread)
    assert (first.line, "put its quotation marks right" in first.why) == (2, True)
    assert [row.id for row in others if isinstance(row, Row)] == [str(n) for n in range(1, 21)]


@pytest.mark.parametrize(
    "layout",
    [
        "upper case",
        "spaces",
        "tabs",
        "semicolons",
        "sep= line",
        "lines that end in CR",
        "empty lines",
        "more empty cells",
    ],
)
def test_what_spreadsheets_do_to_a_table_changes_nothing(tmp_path: Path, layout: str) -> None:
    path = table(tmp_path, {}, {"doi_r": "10.5555/more.2020"})
    plain = [row for row, _ in read_rows(path).rows()]
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    header = {
        "upper case": [name.upper() for name in rows[0]],
        "spaces": [name.replace("_", " ").title() for name in rows[0]],
    }
    surplus = [""] if layout == "more empty cells" else []
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write({"sep= line": "sep=,\n", "empty lines": "\n\n"}.get(layout, ""))
        end = "\r" if layout == "lines that end in CR" else "\r\n"
        writer = csv.writer(file, delimiter={"tabs": "\t", "semicolons": ";"}.get(layout, ","), lineterminator=end)
        writer.writerows([header.get(layout, rows[0]), *([*row, *surplus] for row in rows[1:])])
        if layout == "empty lines":
            writer.writerows([[], [""] * len(rows[0])])
    read = [row for row, _ in read_rows(path).rows()]
    assert all(isinstance(row, Row) for row in plain)
    assert [_bare(row) for row in read] == [_bare(row) for row in plain]


def _bare(row: Row | Unread) -> Row | Unread:
    """Without where it stands, which may differ."""
    return replace(row, line=0, digest="") if isinstance(row, Row) else row


@pytest.mark.parametrize("start", [b"", b"  \n", b"PK\x03\x04 a workbook", b"\x1f\x8b packed"])
def test_what_is_no_text_is_told_apart(tmp_path: Path, pack: Path, start: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(start)
    with pytest.raises(ekb.CurationError, match=r"is empty|is a workbook or a packed file"):
        import_replications(path, into=pack)


def test_a_line_without_end_is_no_table(tmp_path: Path, pack: Path) -> None:
    with pytest.raises(ekb.CurationError, match="no column doi_o"):
        import_replications(_written(tmp_path / "x.csv", ["a" * 200_000]), into=pack)


def test_a_column_that_stands_twice_is_refused(tmp_path: Path, pack: Path) -> None:
    path = table(tmp_path, {})
    text = path.read_text(encoding="utf-8").replace("nested_r", "es_value_r", 1)
    with pytest.raises(ekb.CurationError, match="has the column es_value_r twice"):
        import_replications(_written(path, text.splitlines()), into=pack)


def test_columns_that_are_missing_or_unknown_are_said(tmp_path: Path, pack: Path) -> None:
    path = table(tmp_path, {})
    text = path.read_text(encoding="utf-8").replace("es_value_r", "effect of the replication", 1)
    missing, unknown = import_replications(_written(path, text.splitlines()), into=pack).violations
    assert "no column es_value_r;" in missing.message
    assert "nothing is taken: effect_of_the_replication" in unknown.message


def test_rows_alike_in_every_cell_are_one(tmp_path: Path, pack: Path) -> None:
    bare = {"effect_id": "7", "description": "", "es_value_r": "", "es_value_o": ""}
    report = import_replications(table(tmp_path, bare, bare, bare), into=pack)
    assert (report.imported, [row.why for row in report.merged]) == (1, ["another row says the same"] * 2)


def test_an_effect_number_of_other_papers_is_no_reason_to_drop_a_row(tmp_path: Path, pack: Path) -> None:
    import_replications(table(tmp_path, {}), into=pack)
    other = {"doi_r": "10.5555/third.2021", "title_r": "Third letters", "bibtex_r": ""}
    (left,) = import_replications(table(tmp_path, other), into=pack).skipped
    assert left.why.startswith("the pack holds effect 1 of other papers, 'doe2008letters' and 'roe2020many'")
    assert import_replications(table(tmp_path, {**other, "effect_id": ""}), into=pack).imported == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"es_value_r": "0.2"}, "with other numbers: its replication is r = 0.2; p < 0.05; n = 400 here"),
        ({"n_o": "99"}, "with other numbers: its original is r = 0.3; p = 0.002; n = 99 here"),
        ({"reported_success": "failed"}, "with another outcome: it is 'failed' here"),
    ],
)
def test_a_row_that_was_changed_since_is_no_row_that_the_pack_holds(
    tmp_path: Path, pack: Path, change: dict[str, str], why: str
) -> None:
    import_replications(table(tmp_path, {}), into=pack)
    (left,) = import_replications(table(tmp_path, change), into=pack).skipped
    assert f"the pack holds this effect {why}" in left.why


def test_a_row_with_several_originals_is_left_with_their_names(tmp_path: Path) -> None:
    change = {"doi_o": "https://doi.org/10.5555/letters.2008; 10.5555/pots.2008"}
    assert [row for row, _ in read_rows(table(tmp_path, change)).rows()] == [
        Unread(
            "1",
            2,
            "its original has 2 DOIs, 10.5555/letters.2008 and 10.5555/pots.2008; give each paper a row of its own",
        )
    ]


def test_an_unknown_outcome_is_kept_in_words(tmp_path: Path, pack: Path) -> None:
    import_replications(table(tmp_path, {"reported_success": "perhaps"}), into=pack)
    assert "How it came out, in its words: perhaps." in _flat(pack)


def _flat(pack: Path) -> str:
    return " ".join((pack / "findings" / "table.yaml").read_text(encoding="utf-8").split())


def test_of_many_rows_without_a_figure_no_word_is_cut(tmp_path: Path, pack: Path) -> None:
    rows = [{"es_value_r": "", "es_type_r": f"kind {n} of test", "description": f"Number {n}"} for n in range(150)]
    import_replications(table(tmp_path, *rows, {}), into=pack)
    written = _flat(pack)
    assert all(f"kind {n} of test, no value; p < 0.05; n = 400" in written for n in range(150))
    with ekb.load(decided(pack)) as kb:
        (study,) = ekb.replications_of(kb, "doe2008letters").replications.studies
        shown = [pair for attempt in study.attempts for pair in attempt.effects if pair.replication]
        assert len(shown) == 1


def test_a_row_without_the_originals_figure_is_set_beside_no_other(tmp_path: Path, pack: Path) -> None:
    more = {
        "es_value_o": "",
        "description": "Something else",
        "doi_r": "10.5555/third.2021",
        "bibtex_r": "",
        "title_r": "T",
    }
    import_replications(table(tmp_path, {}, more), into=pack)
    with ekb.load(decided(pack)) as kb:
        studies = ekb.replications_of(kb, "doe2008letters").replications.studies
        pairs = [pair for study in studies for attempt in study.attempts for pair in attempt.effects]
        assert [(p.original and p.original.value, p.replication and p.replication.value) for p in pairs] == [
            (0.3, 0.1),
            (None, 0.1),
        ]


def test_a_row_without_a_size_gets_none_from_its_neighbours(tmp_path: Path, pack: Path) -> None:
    import_replications(table(tmp_path, {}, {"n_o": "", "description": "In one group", "es_value_o": "0.5"}), into=pack)
    with ekb.load(decided(pack)) as kb:
        (study,) = ekb.replications_of(kb, "doe2008letters").replications.studies
        sizes = {
            pair.original.value: pair.original.n and pair.original.n["value"]
            for attempt in study.attempts for pair in attempt.effects if pair.original
        }  # fmt: skip
        assert sizes == {0.3: 100, 0.5: None}


def test_what_is_no_such_table_is_refused_and_nothing_is_written(tmp_path: Path, pack: Path) -> None:
    before = files_of(pack)
    with pytest.raises(ekb.CurationError, match="no column doi_o or ref_o"):
        import_replications(_written(tmp_path / "x.csv", ["a,b", "1,2"]), into=pack)
    assert files_of(pack) == before


def test_a_table_without_rows_is_none(tmp_path: Path, pack: Path) -> None:
    report = import_replications(table(tmp_path), into=pack)
    assert (report.rows, report.imported, report.ok, report.files) == (0, 0, True, ())


# Papers


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"doi": "https://doi.org/10.5555/ABC", "title": "T"}, {"DOI": "10.5555/abc"}),
        ({"doi": "https://doi.org/10.5555%2Fabc", "title": "T"}, {"DOI": "10.5555/abc"}),
        ({"doi": "10.1016/S0140-6736(97)11096-0).", "title": "T"}, {"DOI": "10.1016/s0140-6736(97)11096-0"}),
        ({"doi": "10.5555/abc/full", "title": "T"}, {"DOI": "10.5555/abc"}),
        ({"doi": "10.5555/abc (Study 2)", "title": "T"}, {"DOI": "10.5555/abc"}),
        ({"doi": "osf.io/abcde", "title": "T"}, {"URL": "https://osf.io/abcde"}),
        ({"doi": "doe_2008", "title": "T"}, {}),
        ({"url": "https://doi.org/10.5555/x", "title": "T"}, {"DOI": "10.5555/x"}),
        ({"title": "T", "bibtex": "@article{x, title={Broken {braces}, year={2001}"}, {}),
        ({"title": "T", "author": "not json"}, {}),
    ],
)
def test_a_paper_is_known_by_a_doi_an_address_or_nothing(cells: dict[str, str], expected: dict[str, str]) -> None:
    item, _ = paper(cells)
    assert {name: str(item[name]).lower() for name in ("DOI", "URL") if name in item} == expected
    assert item["title"] == "T"


def test_what_stands_under_doi_and_is_none_is_said() -> None:
    assert paper({"doi": "doe_2008", "title": "T"})[1] == ("what stands under doi is none, and no address",)
    assert paper({"doi": "osf.io/abcde", "title": "T"})[1] == ()


def test_a_title_has_no_entities() -> None:
    assert paper({"title": "Cats &amp; dogs", "journal": "Mind &amp; Pets"})[0]["title"] == "Cats & dogs"


def test_a_preprint_is_none_of_a_journal() -> None:
    assert (
        paper({"doi": "10.31234/osf.io/abcde", "title": "T", "bibtex": "@article{x, title={T}}"})[0]["type"]
        == "article"
    )


cells = st.dictionaries(
    st.sampled_from(["doi", "url", "ref", "title", "author", "year", "bibtex"]), st.text(max_size=60)
)


@given(cells)
def test_no_cells_break_it(given_: dict[str, str]) -> None:
    item, _ = paper(given_)
    assert all(item[name] for name in item if name != "id")


# Against the database itself


def test_papers_per_original_are_those_counted_straight_from_the_table(pack: Path, shared: Path) -> None:
    table = shared / "corpora" / "01-replication" / "fred.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    papers: dict[str, set[str]] = defaultdict(set)
    counted: dict[str, int] = defaultdict(int)
    titles: dict[str, str] = {}
    for row in rows:
        if later := (row["doi_r"] or row["url_r"] or row["title_r"]).casefold():
            papers[row["doi_o"].casefold()].add(later)
            counted[row["doi_o"].casefold()] += 1
            titles[row["doi_o"].casefold()] = text_key(row["title_o"])
    report = import_replications(table, into=pack)
    assert report.rows == len(rows) == report.imported + len(report.merged) + len(report.skipped)
    assert report.originals == len(papers)
    assert report.pairs == sum(map(len, papers.values()))
    before = files_of(pack)
    assert import_replications(table, into=pack).files == ()
    assert files_of(pack) == before
    most = max(counted, key=lambda doi: counted[doi])
    with ekb.load(decided(pack)) as kb:
        keys: dict[str, str] = {}
        for key in kb.ids("source"):
            source = kb.source(key)
            keys |= {text_key(source.title or ""): key, (source.doi or key).casefold(): key}
        found = {doi: ekb.replications_of(kb, keys.get(doi) or keys[titles[doi]]).replications.count for doi in papers}
    assert found == {doi: len(later) for doi, later in papers.items()}
    assert (counted[most], found[most]) == (76, 1)


def test_rows_that_cannot_be_taken_are_named_by_their_line(tmp_path: Path) -> None:
    rows = [
        row for row, _ in read_rows(table(tmp_path, {"doi_r": "", "ref_r": "", "title_r": "", "bibtex_r": ""})).rows()
    ]
    assert rows == [Unread("1", 2, "it names no replication; fill in doi_r or url_r or ref_r or title_r or bibtex_r")]
