"""Standard errors, intervals and conversions of effects: what is worked out here is derived, and says how.

Knows nothing of findings or knowledge bases. Ratios are given as ratios, with standard errors on the log scale; correlations as
correlations, with standard errors of Fisher's z. Whatever is outside of what a formula can take is refused.

>>> from evidencekb.effects import d_from_odds_ratio
>>> print(d_from_odds_ratio(2.4767, 0.26))
0.500015 (derived: d from odds ratio); standard error 0.143346
"""

from evidencekb.effects.converting import (
    d_from_odds_ratio,
    d_from_r,
    log_change_from_percent,
    odds_ratio_from_d,
    odds_ratio_from_r,
    odds_ratio_from_risk_ratio,
    percent_change_from_ratio,
    r_from_d,
    r_from_odds_ratio,
    ratio_from_percent_change,
    risk_difference_from_risk_ratio,
    risk_ratio_from_odds_ratio,
)
from evidencekb.effects.counting import (
    double_arcsine_from_counts,
    logit_from_counts,
    odds_ratio_from_counts,
    peto_odds_ratio_from_counts,
    rate_difference_from_counts,
    rate_ratio_from_counts,
    risk_difference_from_counts,
    risk_ratio_from_counts,
    share_from_counts,
)
from evidencekb.effects.derived import Derived
from evidencekb.effects.means import (
    correct_small_sample,
    correlation_from_n,
    d_from_t,
    mean_difference,
    ratio_of_means,
    small_sample_factor,
    standardised_difference,
)
from evidencekb.effects.precision import (
    interval_from_se,
    interval_of,
    multiplier,
    p_from_se,
    quantile,
    se_from_bounds,
    se_from_interval,
    se_from_p,
)
from evidencekb.effects.scales import SCALES, se_from_scale, se_on_scale

__all__ = [
    "SCALES",
    "Derived",
    "correct_small_sample",
    "correlation_from_n",
    "d_from_odds_ratio",
    "d_from_r",
    "d_from_t",
    "double_arcsine_from_counts",
    "interval_from_se",
    "interval_of",
    "log_change_from_percent",
    "logit_from_counts",
    "mean_difference",
    "multiplier",
    "odds_ratio_from_counts",
    "odds_ratio_from_d",
    "odds_ratio_from_r",
    "odds_ratio_from_risk_ratio",
    "p_from_se",
    "percent_change_from_ratio",
    "peto_odds_ratio_from_counts",
    "quantile",
    "r_from_d",
    "r_from_odds_ratio",
    "rate_difference_from_counts",
    "rate_ratio_from_counts",
    "ratio_from_percent_change",
    "ratio_of_means",
    "risk_difference_from_counts",
    "risk_difference_from_risk_ratio",
    "risk_ratio_from_counts",
    "risk_ratio_from_odds_ratio",
    "se_from_bounds",
    "se_from_interval",
    "se_from_p",
    "se_from_scale",
    "se_on_scale",
    "share_from_counts",
    "small_sample_factor",
    "standardised_difference",
]
