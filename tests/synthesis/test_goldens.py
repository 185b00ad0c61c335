"""What metafor and the literature say, in ``../shared/corpora/02-meta-analysis``: closed forms to 1e-9, iterated ones to 1e-4."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from evidencekb import effects, synthesis  # noqa: E402
from evidencekb.synthesis import pool_values  # noqa: E402
from evidencekb.synthesis.between import q_root  # noqa: E402
from evidencekb.synthesis.fitting import Fit, checked, design_of  # noqa: E402

FOLDER = Path("corpora") / "02-meta-analysis"
CLOSED = {"EE", "DL", "HE", "HS", "SJ"}
# metafor 3.8 ends a search for a root at ε^¼, in the square of the unit, whatever the unit is.
STOP = float(np.finfo(float).eps) ** 0.25
INTERVALS = {"z": "wald", "knha": "hartung_knapp", "adhoc": "hartung_knapp_adhoc"}


def analyses(shared: Path) -> Iterator[tuple[str, dict[str, Any], list[dict[str, str]]]]:
    """Each analysis of each golden file: its name, what it holds, and the rows of the data set."""
    files = sorted((shared / FOLDER / "metadat").glob("*.golden.json"))
    assert len(files) == 24
    for file in files:
        held = json.loads(file.read_text())
        rows = rows_of(file.with_name(f"{held['dataset']}.csv"))
        for analysis in held["analyses"]:
            yield f"{held['dataset']} {analysis['call']}", analysis, rows


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    return list(csv.DictReader(file.read_text().splitlines()))


def numbers_of(found: synthesis.Pooled) -> dict[str, float | None]:
    """A result by the names of the golden files."""
    held, prediction = found.heterogeneity, found.prediction or (None, None)
    return {
        "estimate": found.estimate, "se": found.se, "stat": found.statistic, "pval": found.p_value, "ci_lb": found.lower,
        "ci_ub": found.upper, "tau2": held.tau2, "se_tau2": held.tau2_se, "I2": held.i2, "H2": held.h2, "Q": held.q,
        "Q_df": held.q_df, "Q_p": held.q_p, "k": found.k, "dfs": found.df, "pi_lb": prediction[0], "pi_ub": prediction[1],
    }  # fmt: skip


def test_every_model_of_every_golden_file_agrees(shared: Path) -> None:
    checked_models = 0
    for name, analysis, _ in analyses(shared):
        for model, golden in analysis["models"].items():
            method, test = model.split(".")
            found = numbers_of(
                pool_values(
                    analysis["yi"],
                    analysis["vi"],
                    method="common" if method == "EE" else method,
                    interval=INTERVALS[test],
                )
            )
            # What is iterated is compared on a scale where the reference has digits: it stops at 1e-10 or so.
            rel, absolute = (1e-9, 1e-12) if method in CLOSED else (1e-4, 1e-7)
            for field, value in found.items():
                loose = 10 if field in ("pval", "pi_ub", "pi_lb") and method not in CLOSED else 1
                golden_value = golden[field]
                expected = golden_value and pytest.approx(
                    golden_value, rel=rel * loose, abs=absolute * (100 if field == "I2" else 1)
                )
                assert value == expected, f"{name} {model} {field}"
            checked_models += 1
    assert checked_models == 65 * 12


def test_paule_mandel_says_when_it_ends_before_the_root(shared: Path) -> None:
    """The reference ends the search at ε^¼; its own EB has the root, and a note says so where the two differ."""
    noted = 0
    for name, analysis, _ in analyses(shared):
        found = pool_values(analysis["yi"], analysis["vi"], method="PM")
        root = pool_values(analysis["yi"], analysis["vi"], method="EB").tau2
        assert found.tau2 == pytest.approx(root, abs=STOP), name
        assert bool(found.notes) == (abs(found.tau2 - root) > 1e-3 * root), name
        noted += bool(found.notes)
    assert noted


def test_the_q_profile_solves_its_equations_and_is_within_the_reference_tolerance(shared: Path) -> None:
    """The reference looks no further than a limit, which one upper bound is beyond."""
    from scipy.special import chdtri

    for name, analysis, _ in analyses(shared):
        golden = analysis["models"]["DL.z"].get("tau2_ci")
        values, variances = checked(analysis["yi"], analysis["vi"])
        fit = Fit(values, variances, design_of(values.size))
        found = pool_values(values, variances, method="DL").heterogeneity.tau2_interval
        assert found is not None
        for bound, tail in zip(found, (0.025, 0.975), strict=True):
            target = float(chdtri(fit.df, tail))
            reached = fit.at(bound).q
            assert reached == pytest.approx(target, rel=1e-9) or (bound == 0 and reached <= target), name
        if golden and None not in golden and found[1] < golden[1] + 1:
            assert found == pytest.approx(golden, rel=1e-4, abs=STOP), name


def test_leaving_out_and_adding_up_agree(shared: Path) -> None:
    for name, analysis, _ in analyses(shared):
        if "leave1out_DL" not in analysis:
            continue
        without = synthesis.leave_one_out(analysis["yi"], analysis["vi"], method="DL")
        golden = analysis["leave1out_DL"]
        assert [each.estimate for each in without] == pytest.approx(golden["estimate"], rel=1e-9), name
        assert [each.tau2 for each in without] == pytest.approx(golden["tau2"], rel=1e-9, abs=1e-12), name
        assert [each.heterogeneity.i2 for each in without] == pytest.approx(golden["I2"], rel=1e-9, abs=1e-9), name
        growing, golden = (
            synthesis.pool_cumulatively(analysis["yi"], analysis["vi"], method="common"),
            analysis["cumul_EE"],
        )
        assert [each.estimate for each in growing] == pytest.approx(golden["estimate"], rel=1e-9), name
        assert [each.lower for each in growing] == pytest.approx(golden["ci_lb"], rel=1e-9), name
        assert [each.upper for each in growing] == pytest.approx(golden["ci_ub"], rel=1e-9), name


def test_asymmetry_agrees(shared: Path) -> None:
    for name, analysis, _ in analyses(shared):
        if "egger_lm" not in analysis:
            continue
        values, variances = analysis["yi"], analysis["vi"]
        egger, golden = synthesis.regress_funnel(values, variances), analysis["egger_lm"]
        assert (egger.statistic, egger.p_value, egger.df) == pytest.approx((golden["t"], golden["p"], golden["df"])), (
            name
        )
        ranks, golden = synthesis.rank_funnel(values, variances), analysis["begg_rank"]
        assert (ranks.statistic, ranks.p_value) == pytest.approx((golden["tau"], golden["p"])), name
        filled, golden = synthesis.fill_funnel(values, variances, method="DL"), analysis["trimfill_L0_DL"]
        assert (filled.added, filled.side) == (golden["k0"], golden["side"]), name
        assert (filled.pooled.estimate, filled.pooled.se) == pytest.approx((golden["estimate"], golden["se"]), rel=1e-9)


def test_tables_agree(shared: Path) -> None:
    names = {"OR": "odds_ratio", "RR": "risk_ratio", "RD": "risk_difference", "PETO": "peto_odds_ratio"}
    pooled = 0
    for file in sorted((shared / FOLDER / "metadat").glob("*.golden.json")):
        held = json.loads(file.read_text())
        if not held["mantel_haenszel"] or held["dataset"] == "dat.gibson2002":  # cells are missing there
            continue
        rows = rows_of(file.with_name(f"{held['dataset']}.csv"))
        columns = np.array([counts_of(row) for row in rows]).T
        for name, golden in held["mantel_haenszel"].items():
            found = synthesis.pool_tables(*columns, measure=names[name])
            ours = {
                "estimate": found.estimate,
                "se": found.se,
                "ci_lb": found.lower,
                "ci_ub": found.upper,
                "Q": found.q,
            }
            assert ours == pytest.approx({field: golden[field] for field in ours}, rel=1e-9), held["dataset"]
            pooled += 1
    assert pooled == 32


def counts_of(row: dict[str, str]) -> tuple[float, ...]:
    """Events and size of both groups."""
    if "tpos" in row:
        a, b, c, d = (float(row[name]) for name in ("tpos", "tneg", "cpos", "cneg"))
        return a, a + b, c, c + d
    return tuple(float(row[name]) for name in ("ai", "n1i", "ci", "n2i"))


def test_effects_from_counts_and_means_agree(shared: Path) -> None:
    """Each effect and variance of the golden files, from the counts and means of the data."""
    made = {
        "RR": effects.risk_ratio_from_counts, "OR": effects.odds_ratio_from_counts,
        "RD": effects.risk_difference_from_counts, "PETO": effects.peto_odds_ratio_from_counts,
        "IRR": effects.rate_ratio_from_counts, "IRD": effects.rate_difference_from_counts,
        "PLO": effects.logit_from_counts, "PFT": effects.double_arcsine_from_counts,
        "ZCOR": effects.correlation_from_n, "SMD": effects.standardised_difference, "ROM": effects.ratio_of_means,
        "MD": effects.mean_difference,
    }  # fmt: skip
    columns = {
        **dict.fromkeys(("IRR", "IRD"), ("x1i", "t1i", "x2i", "t2i")),
        **dict.fromkeys(("PLO", "PFT"), ("xi", "ni")),
        "ZCOR": ("ri", "ni"),
        **dict.fromkeys(("SMD", "ROM", "MD"), ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")),
    }
    seen: set[str] = set()
    for name, analysis, rows in analyses(shared):
        if "measure='" not in analysis["call"]:
            continue
        measure = analysis["call"].split("measure='")[1].split("'")[0]
        if measure not in made or "gibson" in name:
            continue
        kept = [row for row in rows if "NA" not in [row.get(each, "") for each in columns.get(measure, ())]]
        if len(kept) != analysis["k"]:
            continue
        for row, value, variance in zip(kept, analysis["yi"], analysis["vi"], strict=True):
            given = [float(row[each]) for each in columns[measure]] if measure in columns else counts_of(row)
            if measure == "PETO" and 0 in (given[0], given[2], given[1] - given[0], given[3] - given[2]):
                continue  # 0.5 was added there, which Peto's odds ratio does without
            found = made[measure](*given)  # type: ignore[operator]
            to = effects.SCALES[found.scale].to if found.scale in effects.SCALES else float
            assert found.se is not None
            assert (to(found.value), found.se**2) == pytest.approx((value, variance), rel=1e-9), f"{name} {row}"
        seen.add(measure)
    assert seen >= {"RR", "OR", "RD", "PETO", "IRR", "PLO", "PFT", "ZCOR", "SMD", "ROM", "MD"}


def test_the_reference_cases_of_pymare_agree(shared: Path) -> None:
    """180 cases of metafor 4.6, with up to two moderators; its profiles have a tight tolerance, and so are held to one."""
    folder = shared / FOLDER / "pymare"
    data: dict[str, list[list[float]]] = {}
    for row in rows_of(folder / "metafor_small_sample.csv"):
        data.setdefault(row["case"], []).append([float(row[each]) for each in ("y", "v", "mod1", "mod2")])
    cases = json.loads((folder / "metafor_reference.json").read_text())["cases"]
    assert len(cases) == 180
    for case in cases:
        y, v, *moderators = np.array(data[case["design"]]).T
        taken = moderators[: {"intercept": 0, "one": 1, "two": 2}[case["model"]]]
        method = "common" if case["method"] == "FE" else case["method"]
        found = synthesis.regress_values(
            y, v, {str(at): each for at, each in enumerate(taken)}, method=method, interval=INTERVALS[case["test"]]
        )
        name = f"{case['design']} {case['model']} {case['method']} {case['test']}"
        rel = 1e-9 if method in ("common", "DL", "HE") else 1e-4
        held, coefficients = found.heterogeneity, found.coefficients
        assert (held.tau2, held.q, held.i2, held.h2) == pytest.approx(
            (case["tau2"], case["QE"], case["I2"], case["H2"]), rel=rel, abs=rel
        ), name
        for field, ours in {
            "beta": "estimate",
            "se": "se",
            "ci_lb": "lower",
            "ci_ub": "upper",
            "pval": "p_value",
        }.items():
            numbers = [getattr(each, ours) for each in coefficients]
            assert numbers == pytest.approx(case[field], rel=rel, abs=rel / 10), f"{name} {field}"
        if case["tau2_ci_lb"] is not None:
            assert held.tau2_interval == pytest.approx((case["tau2_ci_lb"], case["tau2_ci_ub"]), rel=1e-9), name


def test_the_published_results_are_found(shared: Path) -> None:
    """Eleven published results, with the digits that are printed, moderators included."""
    published = json.loads((shared / FOLDER / "documented_values.json").read_text())
    goldens = {
        (name.split()[0], analysis["call"].split("'")[1] if "'" in analysis["call"] else ""): (analysis, rows)
        for name, analysis, rows in analyses(shared)
    }
    for case in published:
        values, variances, rows = published_data(case, goldens)
        method = "common" if case["method"] in ("FE", "EE") else case["method"].split()[0].replace("EE", "common")
        interval = INTERVALS[case.get("test", "z")]
        whole = pool_values(values, variances, method=method, interval=interval)
        if "moderator" in case:
            name = "ablat" if "ablat" in case["moderator"] else "weeks"
            column = np.array([float(row[name]) for row in rows])
            moderator = column - 33.46 if name == "ablat" else np.minimum(column, 3)
            found = synthesis.regress_values(values, variances, {name: moderator}, method=method)
            ours: dict[str, Any] = {
                "coef": [each.estimate for each in found.coefficients], "se": [each.se for each in found.coefficients],
                "tau2": found.heterogeneity.tau2, "R2": found.r2, "Q": found.heterogeneity.q,
            }  # fmt: skip
        else:
            held = whole.heterogeneity
            ours = {
                "estimate": whole.estimate, "se": whole.se, "zval": whole.statistic, "ci": [whole.lower, whole.upper],
                "tau2": held.tau2, "se_tau2": held.tau2_se, "I2": held.i2, "H2": held.h2, "Q": held.q, "Q_df": held.q_df,
                "pi": list(whole.prediction or ()),
            }  # fmt: skip
        for field, value in ours.items():
            if field in case:
                digits = 2 if field in ("I2", "H2") else 3 if field in ("pi", "R2") else 4
                assert value == pytest.approx(case[field], abs=0.51 * 10**-digits), f"{case['id']} {field}"
    assert len(published) == 11


def published_data(case: dict[str, Any], goldens: dict[Any, Any]) -> tuple[Any, Any, list[dict[str, str]]]:
    """Values, variances and rows that a published result was worked out from."""
    key = {"RR": "RR", "RD x 100": "RD"}.get(case.get("measure", ""), "")
    if case["dataset"] == "dat.normand1999":
        _, rows = goldens[case["dataset"], "MD"]
        n, m, s, t = (np.array([float(row[each]) for row in rows]) for each in ("n1i", "n2i", "sd1i", "sd2i"))
        pooled = ((n - 1) * s**2 + (m - 1) * t**2) / (n + m - 2)
        return [-20, -2, -55, -71, -4, 1, 11, -10, 7], pooled * (1 / n + 1 / m), rows
    analysis, rows = goldens[case["dataset"], key]
    if case["id"].startswith("berkey1995"):  # who took variances that are smoothed over the studies
        a, b, c, d = (np.array([float(row[each]) for row in rows]) for each in ("tpos", "tneg", "cpos", "cneg"))
        return analysis["yi"], np.sum(b / a) / (13 * (a + b)) + np.sum(d / c) / (13 * (c + d)), rows
    times = 100 if key == "RD" else 1
    return times * np.array(analysis["yi"]), times**2 * np.array(analysis["vi"]), rows


def test_on_one_data_set_the_estimator_changes_the_verdict(shared: Path) -> None:
    goldens = {
        (name.split()[0], analysis["call"].split("'")[1] if "'" in analysis["call"] else ""): (analysis, rows)
        for name, analysis, rows in analyses(shared)
    }
    values, variances, _ = published_data({"dataset": "dat.normand1999"}, goldens)
    dl, reml = (pool_values(values, variances, method=method) for method in ("DL", "REML"))
    assert dl.upper < 0 < reml.upper
    assert "DL" in dl.name
    assert "REML" in str(reml)


def test_the_root_of_q_is_one_for_each_target(shared: Path) -> None:
    _, analysis, _ = next(analyses(shared))
    values, variances = checked(analysis["yi"], analysis["vi"])
    fit = Fit(values, variances, design_of(values.size))
    roots = [q_root(fit, target) for target in (10.0, 20.0, 40.0, 60.0)]
    assert all(first > second for first, second in pairwise(roots) if first)
