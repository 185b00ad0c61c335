"""Laws of pooling, edges, and what is refused: on numbers of our own."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from evidencekb import synthesis  # noqa: E402
from evidencekb.errors import QuestionError  # noqa: E402
from evidencekb.synthesis import INTERVALS, METHODS, pool_groups, pool_values  # noqa: E402

RANDOM = [method for method in METHODS if method != "common"]
STUDIES = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 4)), min_size=2, max_size=12)
ANY_METHOD, ANY_INTERVAL = st.sampled_from(list(METHODS)), st.sampled_from(list(INTERVALS))
ANY_UNIT_METHOD = st.sampled_from([method for method in METHODS if method != "PM"])  # its search ends at a distance


def apart(studies: list[tuple[float, float]]) -> tuple[Any, Any]:
    """Values and variances."""
    values, variances = np.array(studies).T
    return values, variances


# Four studies, worked out by hand with weights 4, 1, 2, 1: their sum is 8, the mean (4×1 + 1×3 + 2×2 + 1×7)/8 = 2.25,
# Q = 4×1.5625 + 0.5625 + 2×0.0625 + 22.5625 = 29.5, C = 8 − 22/8 = 5.25, tau² = (29.5 − 3)/5.25 = 5.047619.
BY_HAND = ([1.0, 3.0, 2.0, 7.0], [0.25, 1.0, 0.5, 1.0])


def test_dersimonian_laird_by_hand() -> None:
    found = pool_values(*BY_HAND, method="DL")
    held = found.heterogeneity
    assert (held.q, held.q_df, held.tau2) == pytest.approx((29.5, 3, 26.5 / 5.25))
    assert held.i2 == pytest.approx(100 * 26.5 / 29.5)
    assert held.h2 == pytest.approx(29.5 / 3)
    weights = [1 / (variance + 26.5 / 5.25) for variance in BY_HAND[1]]
    mean = sum(w * y for w, y in zip(weights, BY_HAND[0], strict=True)) / sum(weights)
    assert (found.estimate, found.se) == pytest.approx((mean, sum(weights) ** -0.5))
    assert found.weights == pytest.approx([100 * w / sum(weights) for w in weights])


def test_hedges_and_hunter_schmidt_by_hand() -> None:
    """The mean is 3.25 and the squares around it 20.75, so HE has 20.75/3 − 0.6875; HS has (29.5 − 4)/8."""
    assert pool_values(*BY_HAND, method="HE").tau2 == pytest.approx(20.75 / 3 - 0.6875)
    assert pool_values(*BY_HAND, method="HS").tau2 == pytest.approx(25.5 / 8)


@pytest.mark.parametrize("method", ["DL", "HE", "PM", "EB", "REML"])
def test_with_equal_variances_all_of_these_are_the_spread_less_the_variance(method: str) -> None:
    """Values 0, 2, 4 have a variance of 4, each a variance of 1 of its own: 3 is between them; ML divides by k: 8/3 − 1."""
    assert pool_values([0, 2, 4], [1, 1, 1], method=method).tau2 == pytest.approx(
        3, abs=2e-4 if method == "PM" else 1e-9
    )
    assert pool_values([0, 2, 4], [1, 1, 1], method="ML").tau2 == pytest.approx(8 / 3 - 1)


def test_three_sites_with_their_standard_errors_are_pooled() -> None:
    found = pool_values([26, 10, 40], [100, 64, 256], method="common")
    assert (round(found.estimate, 2), round(found.se, 2)) == (19.39, 5.82)


def test_paule_mandel_ends_its_search_as_its_reference_does_and_says_where_the_root_is() -> None:
    small = pool_values(np.array(BY_HAND[0]) * 1e-4, np.array(BY_HAND[1]) * 1e-8, method="PM")
    root = pool_values(np.array(BY_HAND[0]) * 1e-4, np.array(BY_HAND[1]) * 1e-8, method="EB").tau2
    assert abs(small.tau2 - root) < 1.3e-4
    (note,) = small.notes
    assert note.startswith("PM ends its search for tau² early")
    assert note.endswith(f"the root is {root:.4g}, which method EB takes")
    assert not pool_values(*BY_HAND, method="PM").notes


@given(studies=STUDIES, method=ANY_UNIT_METHOD, interval=ANY_INTERVAL, factor=st.sampled_from([1e-9, 0.01, 3.7, 1e6]))
def test_another_unit_changes_the_unit_alone(
    studies: list[tuple[float, float]], method: str, interval: str, factor: float
) -> None:
    values, variances = apart(studies)
    assume(np.ptp(values) > 0.01)
    first = pool_values(values, variances, method=method, interval=interval)
    other = pool_values(values * factor, variances * factor**2, method=method, interval=interval)
    assert other.estimate == pytest.approx(first.estimate * factor, rel=1e-6, abs=1e-7 * factor)
    assert (other.se, other.upper - other.lower) == pytest.approx(
        (first.se * factor, (first.upper - first.lower) * factor), rel=1e-6
    )
    assert other.tau2 == pytest.approx(first.tau2 * factor**2, rel=1e-5, abs=1e-9 * factor**2)
    assert other.heterogeneity.i2 == pytest.approx(first.heterogeneity.i2, abs=1e-6)


@given(studies=STUDIES, method=ANY_METHOD, shift=st.floats(-100, 100))
def test_a_shift_of_all_values_shifts_the_estimate_alone(
    studies: list[tuple[float, float]], method: str, shift: float
) -> None:
    values, variances = apart(studies)
    first, other = (pool_values(each, variances, method=method) for each in (values, values + shift))
    assert other.estimate == pytest.approx(first.estimate + shift, abs=1e-6)
    assert other.tau2 == pytest.approx(first.tau2, rel=1e-6, abs=1e-7)


@given(studies=STUDIES, method=ANY_METHOD, interval=ANY_INTERVAL, data=st.data())
def test_the_order_of_studies_does_not_matter(
    studies: list[tuple[float, float]], method: str, interval: str, data: st.DataObject
) -> None:
    first = pool_values(*apart(studies), method=method, interval=interval)
    other = pool_values(*apart(data.draw(st.permutations(studies))), method=method, interval=interval)
    assert (other.estimate, other.tau2) == pytest.approx((first.estimate, first.tau2), rel=1e-6, abs=1e-7)


@given(studies=STUDIES, method=ANY_METHOD, level=st.sampled_from([0.8, 0.95, 0.999]))
def test_what_is_pooled_lies_among_the_values_and_nothing_is_negative(
    studies: list[tuple[float, float]], method: str, level: float
) -> None:
    values, variances = apart(studies)
    found = pool_values(values, variances, method=method, level=level)
    held = found.heterogeneity
    assert values.min() - 1e-9 <= found.estimate <= values.max() + 1e-9
    assert held.tau2 >= 0
    assert held.q >= 0
    assert 0 <= held.i2 <= 100
    assert 0 <= held.q_p <= 1
    assert found.lower <= found.estimate <= found.upper
    assert sum(found.weights) == pytest.approx(100)
    if found.prediction is not None and held.tau2_interval is not None:
        assert found.prediction[0] <= found.lower + 1e-9
        assert found.upper <= found.prediction[1] + 1e-9
        assert 0 <= held.tau2_interval[0] <= held.tau2_interval[1]


@given(studies=STUDIES, method=st.sampled_from(["ML", "REML"]))
def test_the_likelihood_is_nowhere_higher_nearby(studies: list[tuple[float, float]], method: str) -> None:
    from evidencekb.synthesis.fitting import Fit, design_of

    values, variances = apart(studies)
    found, restricted = pool_values(values, variances, method=method).tau2, method == "REML"
    fit = Fit(values, variances, design_of(values.size))
    best = fit.at(found).log_likelihood(restricted=restricted)
    for near in (found * 0.99, found * 1.01, found + 1e-5):
        assert fit.at(near).log_likelihood(restricted=restricted) <= best + 1e-9


@given(studies=STUDIES, method=ANY_METHOD)
def test_the_last_of_the_cumulative_is_the_whole_and_leaving_out_of_two_leaves_the_other(
    studies: list[tuple[float, float]], method: str
) -> None:
    values, variances = apart(studies)
    growing = synthesis.pool_cumulatively(values, variances, method=method)
    assert growing[-1] == pool_values(values, variances, method=method)
    assert [each.k for each in growing] == list(range(1, len(studies) + 1))
    first, second = synthesis.leave_one_out(values[:2], variances[:2], method=method)
    assert (first.estimate, second.estimate) == pytest.approx((values[1], values[0]))


@pytest.mark.parametrize("method", RANDOM)
def test_equal_values_have_nothing_between_them(method: str) -> None:
    found = pool_values([0.3] * 4, [0.1, 0.2, 0.3, 0.4], method=method, interval="hartung_knapp")
    assert found.tau2 == pytest.approx(0, abs=1e-15)
    assert found.estimate == pytest.approx(0.3)


def test_a_single_estimate_is_given_as_it_is_and_says_so() -> None:
    found = pool_values([0.3], [0.04], method="REML", interval="hartung_knapp")
    assert (found.estimate, found.se, found.method, found.interval_method) == (0.3, 0.2, "common", "wald")
    assert (found.heterogeneity.tau2_interval, found.heterogeneity.i2, found.prediction) == (None, 0.0, None)
    assert "one estimate" in str(found)
    assert not pool_values([0.3], [0.04], method="common").notes


@pytest.mark.parametrize("factor", [1e-120, 1e-30, 1e30, 1e120])
@pytest.mark.parametrize("method", [method for method in METHODS if method != "PM"])
def test_units_of_any_size_are_pooled(method: str, factor: float) -> None:
    found = pool_values(np.array(BY_HAND[0]) * factor, np.array(BY_HAND[1]) * factor**2, method=method)
    usual = pool_values(*BY_HAND, method=method)
    assert (found.estimate / factor, found.tau2 / factor**2) == pytest.approx((usual.estimate, usual.tau2))


def test_one_weight_that_is_nearly_all_of_them_loses_no_digits() -> None:
    """C = 2 w₁ w₂ / (w₁ + w₂), here 2, as a difference of sums of 10¹⁸ would not show; Q is 100, so tau² = 99/2."""
    found = pool_values([0, 10], [1e-18, 1.0], method="DL")
    assert found.tau2 == pytest.approx(99 / 2)


def test_a_second_peak_of_the_likelihood_is_told() -> None:
    """Of two close and precise values and many vague ones, both no spread and much of it are likely."""
    x = [-0.564825, 1.527239, 0.662909, -0.897445, 0.708595, 0.445024, 2.888549, 0.014565, 0.855125, -0.462562]
    y = [0.016779, 0.796272, 1.404543, -0.487727, 2.690687, 0.731744, 2.31175, 0.109614, 0.858999, -2.844727]
    v = [0.001, 0.055928, 0.521481, 0.060657, 3.638258, 0.016879, 0.00968, 0.013116, 2.818472, 10.0]
    found = synthesis.regress_values(y, v, {"x": x}, method="ML")
    assert found.heterogeneity.tau2 == 0
    assert "higher peak at tau² = 0.01144" in " ".join(found.notes)


def test_hartung_knapp_without_any_spread_says_that_it_has_no_width() -> None:
    found = pool_values([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], method="DL", interval="hartung_knapp")
    assert (found.lower, found.upper) == (1.0, 1.0)
    assert "no width" in str(found)
    assert pool_values([1.0] * 3, [1.0] * 3, method="DL", interval="hartung_knapp_adhoc").upper > 1.5


@pytest.mark.parametrize("values", [[1.0] * 3, [0.3] * 3, [0.1 + 0.2, 0.3, 0.3], [0.0] * 3])
def test_rounding_is_no_spread(values: list[float]) -> None:
    found = pool_values(values, [0.1, 0.2, 0.3], interval="hartung_knapp")
    assert (found.heterogeneity.q, found.se) == (0.0, 0.0)
    assert "no width" in str(found)
    assert not str(found).startswith("-0")
    assert synthesis.fill_funnel(values, [0.1, 0.2, 0.3], side="left").added == 0


def test_the_moderators_are_tested_together() -> None:
    """With weights of 1 and values of x alone, b² Σ(x − x̄)² is the test: 2² × 5 = 20; Hartung-Knapp divides it by Q/df."""
    x, values, ones = [0, 1, 2, 3], [1.5, 2.5, 4.5, 7.5], [1.0] * 4
    wald = synthesis.regress_values(values, ones, {"x": x}, method="common")
    assert wald.q_m == pytest.approx(20)
    assert wald.q_m_df == 1
    assert wald.q_m_p == pytest.approx(wald.coefficients[1].p_value)
    knapp = synthesis.regress_values(values, ones, {"x": x}, method="common", interval="hartung_knapp")
    assert knapp.q_m == pytest.approx(20 / (wald.heterogeneity.q / 2))
    assert knapp.q_m_p == pytest.approx(knapp.coefficients[1].p_value)
    assert "moderators F(1, 2) = " in str(knapp)
    assert synthesis.regress_values(values, ones, {}, method="common").q_m is None


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_moderators_may_be_a_frame(library: str) -> None:
    frame = pytest.importorskip(library).DataFrame({"x": [0, 1, 2, 3]})
    found = synthesis.regress_values([1, 3, 5, 8], [1] * 4, frame, method="common")
    assert [each.name for each in found.coefficients] == ["intercept", "x"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("interval", INTERVALS)
def test_every_result_names_its_estimator_its_interval_and_k(method: str, interval: str) -> None:
    shown = str(pool_values(*BY_HAND, method=method.lower(), interval=interval))
    assert ("common effect" if method == "common" else f"{method} ({METHODS[method]})") in shown
    assert INTERVALS[interval] in shown
    assert "k = 4" in shown


def test_a_funnel_that_leans_by_construction_is_seen_and_filled() -> None:
    errors = np.linspace(0.1, 1, 12)
    leaning = 0.2 + 2 * errors + 0.05 * np.cos(np.arange(12))
    found = synthesis.regress_funnel(leaning, errors**2)
    assert found.bias == pytest.approx(2, abs=0.2)
    assert found.p_value < 0.001
    filled = synthesis.fill_funnel(leaning, errors**2)
    assert filled.side == "left"
    assert filled.added > 0
    assert filled.pooled.estimate < filled.original.estimate
    mirrored = synthesis.fill_funnel(-leaning, errors**2)
    assert (mirrored.side, mirrored.added) == ("right", filled.added)
    assert mirrored.pooled.estimate == pytest.approx(-filled.pooled.estimate)


def test_ranks_of_very_many_take_no_longer_than_their_sorting() -> None:
    at = np.arange(20_000)
    found = synthesis.rank_funnel(np.sin(at * 7.3), 1 + (at * 0.618034) % 1)
    assert abs(found.statistic) < 0.02
    few = slice(0, 500)
    exact = synthesis.rank_funnel(np.sin(at[few] * 7.3), 1 + (at[few] * 0.618034) % 1)
    one_more = synthesis.rank_funnel(np.sin(at[:501] * 7.3), 1 + (at[:501] * 0.618034) % 1)
    assert one_more.p_value == pytest.approx(exact.p_value, abs=0.05)


@pytest.mark.parametrize("estimator", ["L0", "R0", "Q0"])
def test_a_funnel_without_a_gap_needs_nothing(estimator: str) -> None:
    values, variances = [-2.1, -1.1, -0.6, 0, 0.5, 1, 2], [4, 1, 0.5, 0.1, 0.5, 1, 4]
    assert synthesis.fill_funnel(values, variances, side="left", estimator=estimator).added == 0


@given(
    rows=st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 4), st.integers(-3, 3)), min_size=1, max_size=40),
    method=st.sampled_from(["common", "DL", "HE", "HS", "SJ"]),
    named=st.booleans(),
)
def test_groups_pooled_at_once_are_as_those_pooled_alone(
    rows: list[tuple[float, float, int]], method: str, named: bool
) -> None:
    values, variances, groups = (np.array(column) for column in zip(*rows, strict=True))
    labels = np.char.add("group ", groups.astype(str)) if named else groups
    found = pool_groups(values, variances, labels, method=method)
    assert found.groups.tolist() == sorted(set(labels.tolist()))
    assert int(found.k.sum()) == len(rows)
    lower, upper = found.interval()
    for at, group in enumerate(found.groups):
        alone = pool_values(values[labels == group], variances[labels == group], method=method)
        assert (found.estimate[at], found.se[at]) == pytest.approx((alone.estimate, alone.se), rel=1e-7, abs=1e-8)
        assert found.tau2[at] == pytest.approx(alone.tau2, rel=1e-6, abs=1e-8)
        assert found.q[at] == pytest.approx(alone.heterogeneity.q, abs=1e-6)
        assert (lower[at], upper[at]) == pytest.approx((alone.lower, alone.upper), abs=1e-6)


def test_groups_in_units_of_any_size() -> None:
    found = pool_groups([1e-80, 3e-80, 9e-80], [1e-160, 1e-160, 4e-160], [7, 7, 900_000_000_000], method="DL")
    assert found.estimate.tolist() == pytest.approx([2e-80, 9e-80])
    assert found.groups.tolist() == [7, 900_000_000_000]
    assert "2 groups" in str(found)
    assert "DL" in str(found)


ONES = [1.0, 1.0, 1.0]
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a missing value": (lambda: pool_values(np.array([1, None, 2]), ONES), "row 1 .* has no value"),
    "several missing": (lambda: pool_values([math.nan] * 9, [1.0] * 9), "rows 0, 1, 2, 3, 4 … .* have no value"),
    "an infinite value": (lambda: pool_values([1, 2, math.inf], ONES), "row 2"),
    "a missing variance": (lambda: pool_values(ONES, [1, math.nan, 1]), "row 1 .* no variance above 0"),
    "a variance of 0": (lambda: pool_values(ONES, [1, 0, 1]), "no variance above 0"),
    "a negative variance": (lambda: pool_values(ONES, [1, 1, -1]), "row 2"),
    "other lengths": (lambda: pool_values([1, 2], ONES), "2 values and 3 variances"),
    "nothing": (lambda: pool_values([], []), "nothing to pool"),
    "words": (lambda: pool_values(["a"], [1]), "not all numbers"),
    "a table": (lambda: pool_values([ONES], [ONES]), "2 dimensions"),
    "no such estimator": (lambda: pool_values(ONES, ONES, method="GENQ"), "take one of common, DL, REML"),
    "no such interval": (lambda: pool_values(ONES, ONES, interval="t"), "take one of wald"),
    "no estimator": (lambda: pool_values(ONES, ONES, method=None), "no estimator None"),  # type: ignore[arg-type]
    "a level in words": (lambda: pool_values(ONES, ONES, level="95%"), "the text '95%'"),  # type: ignore[arg-type]
    "moderators without names": (lambda: synthesis.regress_values(ONES, ONES, [[1, 2, 3]]), "no names"),  # type: ignore[arg-type]
    "a line without scatter": (lambda: synthesis.regress_funnel([1, 2, 3], [1, 4, 9]), "nothing scatters"),
    "ranks of equal values": (lambda: synthesis.rank_funnel(ONES, [1, 4, 9]), "all values are equal"),
    "ranks of one weight": (lambda: synthesis.rank_funnel([1, 2, 3], [1e-18, 4, 9]), "has all the weight"),
    "a level of 95": (lambda: pool_values(ONES, ONES, level=95), "between 0 and 1"),
    "leaving out the only one": (lambda: synthesis.leave_one_out([1], [1]), "leaves nothing"),
    "a constant moderator": (lambda: synthesis.regress_values(ONES, ONES, {"x": [2, 2, 2]}), "constant"),
    "a moderator with a gap": (lambda: synthesis.regress_values(ONES, ONES, {"x": [2, math.nan, 1]}), "needs 3 values"),
    "too few for it": (lambda: synthesis.regress_values([1, 2], [1, 1], {"x": [0, 1]}), "there have to be more"),
    "equal variances": (lambda: synthesis.regress_funnel([1, 2, 3], ONES), "all variances are equal"),
    "ranks of equal variances": (lambda: synthesis.rank_funnel([1, 2, 3], ONES), "all variances are equal"),
    "variances that rounding alone tells apart": (
        lambda: synthesis.regress_funnel([1, 2, 3], [0.3, 0.1 + 0.2, 0.3]),
        "all variances are equal",
    ),
    "two in a funnel": (lambda: synthesis.regress_funnel([1, 2], [1, 2]), "three estimates or more"),
    "two to fill": (lambda: synthesis.fill_funnel([1, 2], [1, 2]), "three estimates or more"),
    "no side to tell": (lambda: synthesis.fill_funnel([1, 2, 3], ONES), "give side="),
    "no such side": (lambda: synthesis.fill_funnel([1, 2, 3], ONES, side="up"), "left, right"),
    "no such filler": (lambda: synthesis.fill_funnel([1, 2, 3], ONES, side="left", estimator="K"), "L0, R0, Q0"),
    "no closed form": (lambda: pool_groups(ONES, ONES, [1, 1, 2], method="REML"), "has no closed form"),
    "labels of another length": (lambda: pool_groups(ONES, ONES, [1, 1]), "3 values and 2 labels"),
    "a label that is missing": (lambda: pool_groups(ONES, ONES, np.array(["a", None, "b"])), "is missing"),
    "labels of two kinds": (lambda: pool_groups(ONES, ONES, np.array(["a", 1, "b"], object)), "several kinds"),
    "a faulty value in a group": (lambda: pool_groups(np.array([1, np.nan, 2.0]), np.ones(3), [1, 1, 2]), "row 1"),
    "no such table measure": (lambda: synthesis.pool_tables([1], [2], [1], [2], measure="hazard"), "take one of"),
    "more than all": (lambda: synthesis.pool_tables([3], [2], [1], [2]), "3 events of 2"),
    "an empty cell in all": (lambda: synthesis.pool_tables([0], [2], [1], [2]), "a cell is empty in all"),
    "lists apart": (lambda: synthesis.pool_tables([0, 1], [2], [1], [2]), "of one length"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_pooled_is_refused(case: str) -> None:
    call, message = REFUSED[case]
    with pytest.raises(QuestionError, match=message):
        call()


def test_without_the_extra_the_error_names_it() -> None:
    program = (
        "import sys; sys.modules['scipy'] = None\n"
        "import evidencekb\n"
        "try:\n    import evidencekb.synthesis\n"
        "except evidencekb.EngineError as problem:\n    print(problem)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'evidencekb[pool]'" in run.stdout


def test_effects_need_no_extra() -> None:
    program = "import sys, evidencekb.effects; print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
