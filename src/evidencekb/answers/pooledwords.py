"""A pooled estimate in words, as lines and as a piece of HTML: its estimator is named wherever its number stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evidencekb.answers.numbers import between, number, said
from evidencekb.escaping import escaped
from evidencekb.vocab import Measure

if TYPE_CHECKING:
    from evidencekb.answers.pooling import PooledFinding

ON_SCALE = {
    "identity": "",
    "log": " on the log scale",
    "log_change": " on the log scale",
    "fisher_z": " on Fisher's z scale",
    "logit": " on the logit scale",
}
_FLAGS = {
    frozenset({"vendor"}): "Only evidence of sellers was pooled.",
    frozenset({"interested"}): "Only evidence of interested parties was pooled.",
    frozenset({"vendor", "interested"}): "Only evidence of sellers and interested parties was pooled.",
}
SAYS = {"above": "lies above no effect", "below": "lies below no effect", "unclear": "includes no effect"}
"""What an interval says of no effect."""
SIDES = {"above": "above no effect", "below": "below no effect", "unclear": "on no effect"}
"""Where a value lies."""
TWICE = "Estimates that share data, or may, were pooled as if they did not: n counts people again, the interval is too narrow."
_SHOWN = 12


def flags_text(flags: dict[str, int]) -> str:
    """The vendor flags of what was pooled, and whether nobody independent is among them."""
    counted = ", ".join(f"{count} {flag}" for flag, count in flags.items())
    return f"{_FLAGS.get(frozenset(flags), '')} Flags: {counted}.".strip()


def four(value: float) -> float:
    """A number as so many digits show it; four are more than most pools know."""
    return float(f"{value:.4g}")


def shown(value: float, measure: str, unit: str) -> str:
    """A pooled number in its unit."""
    return number(value if abs(value) >= 1e6 else four(value), measure, unit)


def head_text(found: PooledFinding) -> str:
    """The pooled number with its interval and the name of its estimator, in one sentence."""
    value = said(found.measure, shown(found.value, found.measure, found.unit), found.label)
    ends = between(four(found.lower), four(found.upper), found.measure, found.unit)
    percent = ""
    if found.percent is not None:
        of = (
            " of the odds"
            if found.measure == Measure.ODDS_RATIO
            else " of the hazard"
            if "hazard" in found.measure
            else ""
        )
        change, low, high = (shown(each, Measure.PERCENT_CHANGE, "%") for each in found.percent)
        percent = f"; as a change{of}: {change}, {low} to {high}"
    where = ON_SCALE.get(found.scale, "")
    return f"{value} ({100 * found.level:.4g}% interval {ends}; SE {four(found.se):g}{where}{percent}; {found.name})."


def lines(found: PooledFinding) -> Iterator[str]:
    """What is said of a pool besides its head, line by line."""
    yield size_text(found)
    yield spread_text(found)
    if found.prediction is not None:
        low, high = map(four, found.prediction)
        ends = between(low, high, found.measure, found.unit)
        yield f"The effect of a new study is expected from {ends} ({100 * found.level:.4g}%)."
    if found.otherwise:
        here = f"The value lies {SIDES[found.side]}, and its interval {SAYS[found.verdict]}"
        yield f"The estimator decides. {here}; not so by {'; by '.join(found.otherwise)}."
    yield found.flagged
    for allowed in found.allowed:
        yield f"Allowed, {allowed}"
    for over in found.over:
        yield f"Pooled over: {over}"
    yield from found.notes
    for name, parts in (("Pooled", [part_text(found, part) for part in found.parts]), ("Left out", found.left_out)):
        for part in parts[:_SHOWN]:
            yield f"{name}: {part}"
        if len(parts) > _SHOWN:
            yield f"{name}: and {len(parts) - _SHOWN:,} more"


def part_text(found: PooledFinding, part: object) -> str:
    """One estimate of a pool, with its weight and how it was worked out."""
    p = next(each for each in found.parts if each is part)
    value = shown(p.value, found.measure, found.unit)
    se = f"SE {four(p.se):g}{ON_SCALE.get(found.scale, '')}"
    how = f"; derived: {'; '.join(p.derived)}" if p.derived else ""
    return f"{p.figure} {value} ({se}; weight {p.weight:.1f}%; {p.flag}{how}) [{p.cite}]"


def counts_twice(found: PooledFinding) -> bool:
    """True if estimates were allowed that share data, or may."""
    return any(allowed.twice for allowed in found.allowed)


def size_text(found: PooledFinding) -> str:
    """How many were measured, as far as that is known."""
    if not found.n_known:
        return "How many were measured is not known of any of them."
    total = f"{found.n:,.0f}"
    if found.n_known == found.k:
        return (
            f"n = {total} added up, whoever is shared counted each time."
            if counts_twice(found)
            else f"n = {total} in all."
        )
    return f"n = {total} in the {found.n_known} of {found.k} of which it is known."


def spread_text(found: PooledFinding) -> str:
    """How far the estimates differ."""
    held = found.spread
    parts = [f"Q {four(held.q):g} (df {held.q_df}, p {held.q_p:.2g})", f"I² {held.i2:.1f}%", f"H² {four(held.h2):g}"]
    if held.tau2_interval is not None:
        low, high = map(four, held.tau2_interval)
        parts.append(f"tau² {four(held.tau2):g} ({low:g} to {high:g}){ON_SCALE.get(found.scale, '')}")
    return f"Between studies: {', '.join(parts)}."


def pooled_html(found: PooledFinding) -> str:
    """A pool for a notebook: its head, a table of what went in, and its limits; every text escaped."""
    rows = "".join(
        f"<tr><td>{escaped(p.figure)}</td><td>{escaped(shown(p.value, found.measure, found.unit))}</td>"
        f"<td>{four(p.se):g}</td><td>{escaped(between(four(p.lower), four(p.upper), found.measure, found.unit))}</td>"
        f"<td>{p.weight:.1f}%</td>"
        f"<td>{escaped(p.flag)}</td><td>{escaped('; '.join(p.derived) or 'as reported')}</td><td>{escaped(p.cite)}</td></tr>"
        for p in found.parts
    )
    scale = f"SE{ON_SCALE.get(found.scale, '')}"
    made = f"{100 * found.level:.4g}% interval, derived from SE"
    names = ("estimate", "value", scale, made, "weight", "flag", "value and SE", "source")
    heads = "".join(f'<th scope="col">{escaped(name)}</th>' for name in names)
    told = [line for line in lines(found) if not line.startswith("Pooled: ")]
    items = "".join(f"<li>{escaped(line)}</li>" for line in told)
    table = f"<table><tr>{heads}</tr>{rows}</table>"
    return f"<section><p><strong>{escaped(found.text)}</strong></p>{table}<ul>{items}</ul></section>"
