"""Where statsmodels and PyMARE agree with us, and where they do not: what decision 47 says was measured."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from evidencekb.synthesis import pool_values  # noqa: E402

VALUES, VARIANCES = [1.0, 3.0, 2.0, 7.0, 2.5], [0.25, 1.0, 0.5, 1.0, 0.3]
ALIKE, VAGUE = [0.1, 0.11, 0.12], [1.0, 1.0, 1.0]


def test_statsmodels_agrees_but_for_a_variance_below_0() -> None:
    combine = pytest.importorskip("statsmodels.stats.meta_analysis").combine_effects
    for method, theirs in {"DL": "dl", "PM": "iterated"}.items():
        found = combine(np.array(VALUES), np.array(VARIANCES), method_re=theirs)
        ours = pool_values(VALUES, VARIANCES, method=method)
        assert (found.tau2, found.mean_effect_re) == pytest.approx((ours.tau2, ours.estimate), rel=1e-5)
    assert combine(np.array(ALIKE), np.array(VAGUE), method_re="dl").tau2 < -0.9  # 0, says everybody else
    assert pool_values(ALIKE, VAGUE, method="DL").tau2 == 0


@pytest.mark.parametrize(("method", "rel"), [("DL", 1e-9), ("HE", 1e-9), ("ML", 1e-4), ("REML", 1e-4)])
def test_pymare_agrees(method: str, rel: float) -> None:
    pymare, estimators = pytest.importorskip("pymare"), pytest.importorskip("pymare.estimators")
    made = {
        "DL": estimators.DerSimonianLaird, "HE": estimators.Hedges,
        "ML": lambda: estimators.VarianceBasedLikelihoodEstimator("ml"),
        "REML": lambda: estimators.VarianceBasedLikelihoodEstimator("reml"),
    }[method]()  # fmt: skip
    found = made.fit_dataset(pymare.Dataset(np.array(VALUES), np.array(VARIANCES))).summary()
    ours = pool_values(VALUES, VARIANCES, method=method)
    assert float(np.ravel(found.tau2)[0]) == pytest.approx(ours.tau2, rel=rel)
