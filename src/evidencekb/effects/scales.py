"""The scales on which intervals are symmetric, there and back.

Ratios are taken on the log scale, correlations on Fisher's z, shares on the logit, and changes in percent, where a
source says so, on the log of the factor. Everything else is taken as it is: ``identity``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from evidencekb.effects.domains import between, finite, positive
from evidencekb.errors import QuestionError

_MOST_LOG = 700.0  # exp of more is no float


def to_log(ratio: float) -> float:
    """The natural logarithm of a ratio.

    Raises:
        QuestionError: If the ratio is zero or negative.

    Examples:
        >>> round(to_log(1.5), 4)
        0.4055
    """
    positive("a ratio", ratio)
    return math.log(ratio)


def from_log(value: float) -> float:
    """The ratio of which this is the logarithm; what is too large for a float is cut at e^700.

    Examples:
        >>> round(from_log(0.4055), 2)
        1.5
    """
    return math.exp(min(value, _MOST_LOG))


def to_fisher_z(r: float) -> float:
    """Fisher's z of a correlation: half the logarithm of (1 + r) / (1 − r).

    Raises:
        QuestionError: If the correlation is not between -1 and 1.

    Examples:
        Of 0.5: half of ln(1.5 / 0.5) = ln 3 / 2 = 0.5493.

        >>> round(to_fisher_z(0.5), 4)
        0.5493

    References:
        Fisher (1921), On the "probable error" of a coefficient of correlation deduced from a small sample, Metron 1, 3-32.
    """
    between("a correlation", -1, 1, r)
    return math.atanh(r)


def from_fisher_z(z: float) -> float:
    """The correlation of a Fisher's z.

    Examples:
        >>> round(from_fisher_z(0.5493), 4)
        0.5
    """
    return math.tanh(z)


def to_logit(share: float) -> float:
    """The log odds of a share.

    Raises:
        QuestionError: If the share is not between 0 and 1.

    Examples:
        Of 0.2: ln(0.2 / 0.8) = -1.3863.

        >>> round(to_logit(0.2), 4)
        -1.3863
    """
    between("a share", 0, 1, share)
    return math.log(share) - math.log1p(-share)


def from_logit(value: float) -> float:
    """The share whose log odds these are.

    Examples:
        >>> round(from_logit(-1.3863), 4)
        0.2
    """
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def to_log_change(percent: float) -> float:
    """A change in percent as the logarithm of its factor: of +12% ln 1.12.

    Raises:
        QuestionError: If the change is a fall of 100% or more.

    Examples:
        >>> round(to_log_change(12), 4)
        0.1133

    References:
        Törnqvist, Vartia & Vartia (1985), How Should Relative Changes Be Measured?, The American Statistician 39(1), 43-46.
    """
    finite("a change", percent)
    if percent <= -100:
        raise QuestionError(f"a change is {percent}%; on the log scale it has to be above -100%")
    return math.log1p(percent / 100)


def from_log_change(value: float) -> float:
    """The change in percent of which this is the logarithm.

    Examples:
        >>> round(from_log_change(0.1133), 1)
        12.0
    """
    return math.expm1(min(value, _MOST_LOG)) * 100


def _same(value: float) -> float:
    finite("a value", value)
    return value


class Scale(NamedTuple):
    """There, back, and how far a value moves when the scale moves by one (for standard errors)."""

    to: Callable[[float], float]
    back: Callable[[float], float]
    slope: Callable[[float], float]


SCALES = {
    "identity": Scale(_same, _same, lambda _: 1.0),
    "log": Scale(to_log, from_log, lambda ratio: ratio),
    "log_change": Scale(to_log_change, from_log_change, lambda percent: 100 + percent),
    "fisher_z": Scale(to_fisher_z, from_fisher_z, lambda r: 1 - r * r),
    "logit": Scale(to_logit, from_logit, lambda share: share * (1 - share)),
}
"""Each scale by its name."""


def scale_of(name: str) -> Scale:
    """A scale by its name.

    Raises:
        QuestionError: If there is none of that name.
    """
    if name not in SCALES:
        raise QuestionError(f"there is no scale {name!r}; take one of {', '.join(SCALES)}")
    return SCALES[name]


def se_on_scale(value: float, se: float, scale: str) -> float:
    """A standard error in the unit of a value, on a scale: divided by the slope there.

    Args:
        value: Where it was measured.
        se: In the unit of the value.
        scale: Name of the scale.

    Raises:
        QuestionError: If the value is outside what the scale can take, or there is no such scale.

    Examples:
        An odds ratio of 2 with a standard error of 0.5 has one of 0.5 / 2 = 0.25 on the log scale.

        >>> se_on_scale(2.0, 0.5, "log")
        0.25

    References:
        Oehlert (1992), A Note on the Delta Method, The American Statistician 46(1), 27-29.
    """
    held = scale_of(scale)
    held.to(value)
    return se / held.slope(value)


def se_from_scale(value: float, se: float, scale: str) -> float:
    """A standard error on a scale, in the unit of the value: the way back of :func:`se_on_scale`.

    Raises:
        QuestionError: If the value is outside what the scale can take, or there is no such scale.

    Examples:
        >>> se_from_scale(2.0, 0.25, "log")
        0.5
    """
    held = scale_of(scale)
    held.to(value)
    return se * held.slope(value)
