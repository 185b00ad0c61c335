"""Pictures: what they draw, what they say in words, and that they come out the same."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.plots import Row, draw_chain, draw_forest, draw_funnel, draw_gap_map, draw_timeline, row_of, rows_of
from evidencekb.plots.ranges import span, ticks
from evidencekb.plots.sheets import width_of, wrapped
from evidencekb.synthesis import fill_funnel, pool_values

pytest.importorskip("matplotlib")

ROWS = [
    Row("A", 0.2, 0.0, 0.4, n=100, flag="independent", since="2020-01-01", until="2020-12-31"),
    Row("B", 0.5, 0.1, 0.9, n=40, flag="vendor", since="2021-01-01", until="2022-06-30"),
    Row("C", 0.1, -0.3, 0.5, flag="interested"),
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def kb() -> ekb.KnowledgeBase:
    return ekb.load()


def pooled(method: str = "DL", rows: list[Row] | None = None, scale: str = "identity") -> object:
    values, errors = zip(*(row.on(scale) for row in rows or ROWS), strict=True)
    return pool_values(values, [error**2 for error in errors], method=method)


def test_a_forest_names_its_estimator_its_n_and_what_is_left_out() -> None:
    picture = draw_forest(ROWS, pooled=pooled("REML"), title="Three", left_out=["D: not seen"])
    for said in ("REML (restricted maximum likelihood)", "k = 3", "n = 140 (known of 2)", "Not drawn: D: not seen."):
        assert said in picture.alt
        assert said in picture.to_svg()
    assert "C: 0.1 [−0.3, 0.5]; n not known; interested" in picture.details


def test_where_nothing_is_pooled_the_forest_says_so() -> None:
    assert "Nothing is pooled: 3 estimates, n known of 2." in draw_forest(ROWS).alt


def test_what_was_pooled_must_be_what_is_drawn() -> None:
    with pytest.raises(ekb.QuestionError, match="3 estimates went into the pool and 2 rows are given"):
        draw_forest(ROWS[:2], pooled=pooled())
    assert "Not pooled: 1 estimate drawn apart." in draw_forest(ROWS, pooled=pooled(), beside=[Row("D", 1, 0, 2)]).alt


def test_a_pooled_answer_of_the_library_is_drawn_as_plain_numbers_are() -> None:
    plain = pooled()
    answer = SimpleNamespace(
        name=plain.name, k=3, estimate=plain.estimate, value=plain.estimate, lower=plain.lower,  # type: ignore[attr-defined]
        upper=plain.upper, prediction=plain.prediction, spread=plain.heterogeneity, notes=plain.notes,  # type: ignore[attr-defined]
        parts=tuple(SimpleNamespace(weight=weight) for weight in plain.weights),  # type: ignore[attr-defined]
        allowed=(), flagged="Flags: 1 vendor.",
    )  # fmt: skip
    picture = draw_forest(ROWS, pooled=answer)
    assert picture.details == draw_forest(ROWS, pooled=plain).details
    assert "Flags: 1 vendor." in picture.alt


def test_one_axis_shows_one_unit() -> None:
    rows = [Row("A", 1, 0, 2, measure="smd", unit="SD"), Row("B", 10, 0, 20, measure="percent_change", unit="%")]
    for draw in (draw_forest, draw_timeline):
        with pytest.raises(ekb.QuestionError, match="one axis cannot show percent_change in %, smd in SD"):
            draw(rows)


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_picture_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    def saved(name: str) -> bytes:
        return draw_forest(ROWS, pooled=pooled(), title="Three").save(tmp_path / f"{name}.{form}").read_bytes()

    assert saved("one") == saved("two")


def test_an_svg_has_a_title_a_description_and_text_that_is_text() -> None:
    svg = draw_forest(ROWS, title="<Three> & $more$").to_svg()
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "<Three> & $more$"  # type: ignore[union-attr]
    assert "A: 0.2 [0, 0.4]" in root.find(f"{SVG}desc").text  # type: ignore[union-attr, operator]
    assert "<Three> & $more$" in "".join(text for element in root.iter(f"{SVG}text") for text in element.itertext())


def test_a_png_carries_its_words() -> None:
    content = draw_forest(ROWS, title="Three").to_png(dpi=40)
    assert content.startswith(b"\x89PNG")
    assert b"Nothing is pooled: 3 estimates, n known of 2." in content
    assert b"Software" not in content


def test_a_picture_for_print_has_more_dots(tmp_path: Path) -> None:
    picture = draw_forest(ROWS)
    assert picture.save(tmp_path / "print.png", dpi=120).read_bytes() == picture.to_png(dpi=120)


def test_a_picture_is_saved_as_svg_or_png_alone(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(ekb.QuestionError, match=r"ends in \.pdf"):
        draw_forest(ROWS).save(tmp_path / "a.pdf")
    chain = draw_chain(kb, "noy-zhang-2023-writing-speed-quality")
    assert chain.save(tmp_path / "chain.svg").read_text().startswith("<svg")
    with pytest.raises(ekb.QuestionError, match="SVG alone"):
        chain.save(tmp_path / "chain.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chain.svg"]


def test_a_huge_interval_ends_in_an_arrow_and_leaves_room_for_the_others() -> None:
    huge = [*ROWS, Row("D", 0.3, -900, 900), Row("E", 0.3, -math.inf, math.inf)]
    picture = draw_forest(huge)
    low, high = picture.figure.axes[0].get_xlim()
    assert high - low < 5
    assert "2 intervals run beyond the axis" in picture.alt
    assert "E: 0.3 [−∞, ∞]" in picture.details[-1]


def test_a_limit_is_an_arrow_and_is_never_pooled(kb: ekb.KnowledgeBase) -> None:
    (limit,) = ekb.finding_card(kb, "pwc-2024-ai-premium").figures
    row = row_of(limit)
    assert row.limit == "most"
    assert "1 estimate is a limit" in draw_forest([row]).alt
    with pytest.raises(ekb.QuestionError, match="is a limit"):
        row.on("identity")


def test_an_interval_that_was_worked_out_has_a_star(kb: ekb.KnowledgeBase) -> None:
    (figure,) = ekb.finding_card(kb, "cui-2026-microsoft").figures
    assert row_of(figure).text == "+27.38% [+2.14% to +52.6%]*"
    assert "* The interval was worked out, from the standard error" in draw_forest([figure]).alt


def test_ratios_stand_on_a_log_axis_in_their_own_numbers() -> None:
    rows = [Row("A", 0.5, 0.25, 1.0, measure="odds_ratio"), Row("B", 2.0, 1.0, 4.0, measure="odds_ratio")]
    found = pooled(rows=rows, scale="log")
    picture = draw_forest(rows, pooled=found, scale="log")
    assert "Pooled: 1 [" in picture.alt
    (line,) = {round(line.get_xdata()[0], 9) for line in picture.figure.axes[0].lines if line.get_linestyle() == "--"}
    assert line == 0  # no effect, ln 1


def test_ratios_stand_on_a_log_axis_unasked() -> None:
    rows = [
        Row(f"T{n}", 2.0**n, 2.0**n / 2, 2.0**n * 2, measure="odds_ratio", unit="1", since=f"202{n}-01-01")
        for n in range(3)
    ]
    for picture in (draw_forest(rows), draw_timeline(rows)):
        axes = picture.figure.axes[0]
        dots = [
            x for line in axes.lines if line.get_marker() == "s" for x in (line.get_xdata()[0], line.get_ydata()[0])
        ]
        assert all(any(dot == pytest.approx(math.log(row.value)) for dot in dots) for row in rows)
        assert "odds ratio (log scale)" in {text.get_text() for text in picture.figure.texts}
    with pytest.raises(ekb.QuestionError, match="say on which scale they were pooled"):
        draw_forest(rows, pooled=pooled(rows=rows))


def test_parts_of_a_pool_have_its_unit_level_and_scale(kb: ekb.KnowledgeBase) -> None:
    ids = ["metr-2025-developer-slowdown", "metr-2026-new"]
    found = ekb.pool(kb, ids, method="DL", level=0.9)
    picture = draw_forest(found.parts, pooled=found)
    assert [detail.split(";")[:2] for detail in picture.details] == [
        ["METR, replication files (2025): +18.8% [+3.9% to +35.8%]*", " 90% interval"],
        ["METR, note of February 2026: −4% [−13.5% to +6.56%]*", " 90% interval"],
    ]
    assert "Not 95%: METR, replication files (2025): 90% interval" in picture.alt
    errors = [
        float(detail.rsplit("error ", 1)[1].split()[0]) for detail in draw_funnel(found.parts, pooled=found).details
    ]
    assert errors == pytest.approx([part.se for part in found.parts], rel=0.01)


def test_a_pool_says_on_the_plot_what_it_left_out_and_whether_the_estimator_decides(kb: ekb.KnowledgeBase) -> None:
    ids = ["metr-2025-developer-slowdown", "metr-2026-new", "peng-2023-copilot-task-time"]
    why = "Drawn for a test."
    found = ekb.pool(kb, ids, allow={"cohort": why, "comparator": why})
    alt = draw_forest(found.parts, pooled=found).alt
    assert "The estimator decides; otherwise by random effects, PM" in alt
    assert f"Allowed all the same: cohort (2 pairs): {why}" in alt
    without = found.leave_one_out()[0]
    left_out = "Left out of the pool: metr-2025-developer-slowdown#time: left out in turn."
    assert left_out in draw_forest(without.parts, pooled=without).alt


@pytest.mark.parametrize(
    "wrong",
    [
        {"flag": "seller"},
        {"measure": "size"},
        {"since": "2020"},
        {"lower": 2, "upper": 1},
        {"since": "2021-01-01", "until": "2020-01-01"},
    ],
)
def test_a_row_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ekb.QuestionError):
        Row("A", 1, **wrong)  # type: ignore[arg-type]


def test_what_a_table_has_for_missing_is_missing() -> None:
    row = Row("A", 1, lower=math.nan, upper=2, se=math.nan, n=math.nan)
    assert row.told == "A: 1 [no interval]; n not known"


def test_large_and_small_numbers_are_written_out() -> None:
    assert [text for _, text in ticks(0, 4e9, "identity")][1] == "1 billion"
    assert next(text for _, text in ticks(math.log(1e-5), math.log(10), "log")) == "0.00001"


@pytest.mark.parametrize(
    ("low", "high", "scale", "shown"),
    [
        (-1.9, 1.35, "log_change", ["−80", "−70", "−50", "0", "100", "200"]),
        (-0.05, 0.04, "log_change", ["−4", "−2", "0", "2", "4"]),
        (-3, 3, "logit", ["0.05", "0.1", "0.2", "0.5", "0.8", "0.9", "0.95"]),
        (-0.1, 0.2, "fisher_z", ["−0.05", "0", "0.05", "0.1", "0.15"]),
    ],
)
def test_an_axis_of_any_scale_has_round_numbers(low: float, high: float, scale: str, shown: list[str]) -> None:
    assert [text for _, text in ticks(low, high, scale)] == shown


def test_a_timeline_prints_a_time_as_it_is_recorded(kb: ekb.KnowledgeBase) -> None:
    (figure,) = ekb.finding_card(kb, "metr-2026-new").figures
    row = row_of(figure)
    assert (row.time, row.until) == ("2025-08 to 2026", "2026-01-01")


def test_a_timeline_keeps_its_numbers_apart() -> None:
    rows = [Row(str(n), n % 3 / 10, -1, 1, since=f"2020-0{1 + n % 4}-01") for n in range(12)]
    axes = draw_timeline(rows, axis="long " * 60).figure.axes[0]
    places = [(text.xy, text.xyann) for text in axes.texts]
    assert len(set(places)) == len(places)


def test_the_chain_of_a_claim_counts_what_speaks_against_it(kb: ekb.KnowledgeBase) -> None:
    alt = draw_chain(kb, "experienced-developers-slower-with-ai").alt
    assert alt.endswith("Not drawn: what disputes it (2 findings), what qualifies it (2 findings).")


def test_a_funnel_says_who_lies_outside_and_what_was_filled_in() -> None:
    values, errors = [0.1, 0.0, 0.2, 0.9, 1.2], [0.1, 0.14, 0.14, 0.45, 0.55]
    rows = [Row(f"T{n}", value, se=error) for n, (value, error) in enumerate(zip(values, errors, strict=True))]
    variances = [error**2 for error in errors]
    filled = fill_funnel(values, variances, method="DL", side="left")
    picture = draw_funnel([*rows, Row("bare", 1)], pooled=pool_values(values, variances, method="DL"), filled=filled)
    assert "of 5 estimates outside the dashed lines" in picture.alt
    assert "Crosses were filled in; nobody measured them." in picture.alt
    assert "Not drawn: bare: 1 [no interval]." in picture.alt
    (crosses,) = (line for line in picture.figure.axes[0].lines if line.get_marker() == "x")
    assert len(crosses.get_xdata()) == filled.added > 0
    # A study that is filled in has the standard error of the one that it mirrors.
    assert all(any(error == pytest.approx(own) for own in errors) for error in crosses.get_ydata())


def test_a_timeline_leaves_out_what_has_no_date() -> None:
    picture = draw_timeline(ROWS)
    assert "2 figures from 2020 to 2022; nothing is pooled." in picture.alt
    assert "Not drawn: C: no date." in picture.alt
    assert picture.details[1].startswith("2. 2021-01 to 2022-06: B")
    with pytest.raises(ekb.QuestionError, match="nothing that was given has a date"):
        draw_timeline(ROWS[2:])


def test_a_gap_map_tells_each_cell(kb: ekb.KnowledgeBase) -> None:
    found = ekb.gap_map(kb, cohorts=["coding-tasks", "enterprise-developers"], outcomes="time-on-coding-task")
    picture = draw_gap_map(found)
    shown = {text.get_text() for axes in picture.figure.axes for text in axes.texts}
    assert {"2+2", "V1"} <= shown
    assert len(picture.details) == len(found.cells)


def test_rows_of_one_source_are_told_apart(kb: ekb.KnowledgeBase) -> None:
    figures = [f for id in ("cui-2026-microsoft", "cui-2026-accenture") for f in ekb.finding_card(kb, id).figures]
    rows, left_out = rows_of(figures)
    assert [row.label.rpartition(", ")[2] for row in rows] == ["cui-2026-microsoft", "cui-2026-accenture"]
    assert not left_out


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ekb.EngineError, match=r"pip install 'evidencekb\[plots\]'"):
        draw_forest([Row("one of its own", 1.5, 1, 2)])


finite = st.floats(-1e6, 1e6)


@given(st.lists(st.tuples(finite, st.floats(0, 1e5), st.floats(0, 1e5)), min_size=1, max_size=8))
def test_an_axis_shows_every_value(rows: list[tuple[float, float, float]]) -> None:
    values = [value for value, _, _ in rows]
    low, high = span(values, [(value - down, value + up) for value, down, up in rows])
    assert low < high
    assert all(low <= value <= high for value in values)
    assert all(low <= place <= high for place, _ in ticks(low, high, "identity"))


@settings(max_examples=20)
@given(st.text(min_size=1, max_size=60), st.floats(0.5, 3))
def test_a_text_fits_its_column(text: str, width: float) -> None:
    lines = wrapped(text, width, most=2)
    assert 1 <= len(lines) <= 2
    assert all(width_of(line) <= width + 1e-9 for line in lines)


@settings(max_examples=5)
@given(st.lists(st.builds(Row, st.text(max_size=30), finite, n=st.none() | st.integers(1, 9)), min_size=1, max_size=4))
def test_any_label_and_number_can_be_drawn(rows: list[Row]) -> None:
    ElementTree.fromstring(draw_forest(rows, title=rows[0].label).to_svg())
