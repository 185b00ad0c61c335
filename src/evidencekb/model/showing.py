"""How a notebook shows a record: as it was written, every text escaped. Figures with their flags stand on cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencekb.escaping import escaped

if TYPE_CHECKING:
    from evidencekb.model.findings import Estimate, Finding


def finding_html(finding: Finding) -> str:
    """A finding: what it says, how it was measured, its estimates and its citations."""
    rows = "".join(map(_estimate, finding.ordered))
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("estimate", "outcome", "number", "interval", "group", "set against")
    )
    table = f"<table><tr>{head}</tr>{rows}</table>" if rows else ""
    cited = "".join(
        f"<li>{escaped(str(c.role))}: <code>{escaped(c.source)}</code> {escaped(c.locator or '')}</li>"
        for c in finding.citations
    )
    kind = f"{finding.nature}, {str(finding.design).replace('_', ' ')}"
    return (
        f"<section><h4>{escaped(finding.headline)} <code>{escaped(finding.id)}</code></h4><p>{escaped(finding.statement)}</p>"
        f"<p>{escaped(kind)}</p>{table}<ul>{cited}</ul><p><small>The record as it was written; "
        "<code>finding_card</code> gives its figures with flags and references.</small></p></section>"
    )


def _estimate(estimate: Estimate) -> str:
    held, spread = estimate.interval, estimate.range
    number = "" if estimate.value is None else f"{estimate.value:,g}"
    if spread is not None:
        number = f"{spread.low:,g} to {spread.high:,g}"
    if not number:
        number = str(estimate.direction or "")
    if estimate.qualifier != "exactly":
        number = f"{str(estimate.qualifier).replace('_', ' ')} {number}"
    cells = (
        estimate.label or estimate.outcome,
        f"{number} {estimate.unit or ''}".rstrip(),
        f"{held.lower:,g} to {held.upper:,g} ({held.level:.4g})" if held else "",
        estimate.group or "",
        estimate.comparator or "",
    )
    shown = "".join(f"<td>{escaped(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escaped(estimate.id)}</th>{shown}</tr>'
