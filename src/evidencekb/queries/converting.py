"""Which kinds of number convert into which, by the names of the conversions; their formulas are arithmetic, and not here."""

from __future__ import annotations

from evidencekb.vocab import Measure

TURN_SIGN = "turn_sign"
"""More is better in one definition and worse in the other: the sign, or the ratio, is turned."""
SWAP_GROUPS = "swap_groups"
"""The one's group is the other's comparator: a ratio becomes its inverse, a difference changes its sign."""

_PLAIN = (Measure.PERCENT_CHANGE, Measure.RISK_RATIO, Measure.RATE_RATIO)
_STANDARD = (Measure.SMD, Measure.CORRELATION, Measure.ODDS_RATIO)
FAMILY = frozenset(map(str, (*_PLAIN, *_STANDARD)))
"""Measures of which some convert into others."""
SWAPPABLE = frozenset(
    map(
        str,
        (
            *_PLAIN, Measure.SMD, Measure.ODDS_RATIO, Measure.HAZARD_RATIO, Measure.PERCENTAGE_POINTS, Measure.MEAN_DIFFERENCE,
        ),
    )
)  # fmt: skip
"""Measures that say the same the other way round when group and comparator change places."""

_ALWAYS = frozenset((str(a), str(b)) for family in (_PLAIN, _STANDARD) for a in family for b in family if a != b)
_WITH_BASE = frozenset((str(Measure.ODDS_RATIO), str(other)) for other in (Measure.RISK_RATIO, Measure.PERCENT_CHANGE))


def measure_conversion(measure: str, into: str, *, base: float = 0.0, other_base: float = 0.0) -> str:
    """The name of the conversion of one measure into another; empty where there is none.

    A ratio of shares or of rates and a change in percent say the same in two ways. A standardised difference, a correlation
    and an odds ratio convert under the assumptions that their formulas name. An odds ratio and a ratio of shares need the share
    in the comparison group.

    Args:
        measure: The measure.
        into: The other measure.
        base: The share in the comparison group of the first; 0 when it is not recorded.
        other_base: That of the second.

    Examples:
        >>> measure_conversion("risk_ratio", "percent_change"), measure_conversion("mean", "median")
        ('risk_ratio_to_percent_change', '')
        >>> measure_conversion("odds_ratio", "risk_ratio"), measure_conversion("odds_ratio", "risk_ratio", base=0.2)
        ('', 'odds_ratio_to_risk_ratio')

    References:
        Borenstein et al. (2009), Introduction to Meta-Analysis, chapter 7 (converting among effect sizes).
        Zhang & Yu (1998), What's the Relative Risk?, JAMA 280(19), 1690-1691 (odds ratio into risk ratio).
    """
    if (measure, into) in _ALWAYS or (needs_base(measure, into) and (base or other_base)):
        return f"{measure}_to_{into}"
    return ""


def needs_base(measure: str, into: str) -> bool:
    """True if one converts into the other only where the share in the comparison group is known."""
    return bool({(measure, into), (into, measure)} & _WITH_BASE)
