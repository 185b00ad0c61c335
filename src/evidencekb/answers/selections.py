"""A selection of findings: a tuple that a notebook can show."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from evidencekb.answers.naming import counted
from evidencekb.answers.numbers import spoken
from evidencekb.escaping import escaped

if TYPE_CHECKING:
    from evidencekb.model import Finding

    Base = tuple[Finding, ...]
else:
    Base = tuple

_SHOWN = 30
_HEAD = ("finding", "headline", "nature", "design", "cohorts", "sample")


class Selection(Base):
    """Findings in their order: a tuple in every way, which a notebook shows as a table.

    A part of it, ``found[:5]``, is a selection too.

    Examples:
        >>> from evidencekb import load, select_findings
        >>> found = select_findings(load(), skill="pytorch")
        >>> isinstance(found, tuple), type(found[:1]).__name__
        (True, 'Selection')
    """

    __slots__ = ()

    @overload
    def __getitem__(self, at: SupportsIndex, /) -> Finding: ...
    @overload
    def __getitem__(self, at: slice, /) -> Selection: ...
    def __getitem__(self, at: SupportsIndex | slice, /) -> Finding | Selection:
        found: Any = super().__getitem__(at)
        return Selection(found) if isinstance(at, slice) else found

    def __repr__(self) -> str:
        return f"<Selection of {counted(len(self), 'finding')}: {', '.join(finding.id for finding in self) or 'none'}>"

    def _repr_html_(self) -> str:
        rows = "".join(_row(finding) for finding in self[:_SHOWN])
        more = f"<p>and {len(self) - _SHOWN:,} more</p>" if len(self) > _SHOWN else ""
        head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if self else ""
        return f"<section><p>{counted(len(self), 'finding')}</p>{table}{more}</section>"


def _row(finding: Finding) -> str:
    cohorts = ", ".join(link.cohort for link in finding.cohorts)
    counts = finding.sample.counts if finding.sample else ()
    sizes = ", ".join(f"{spoken(Decimal(str(count.n)))} {count.of}" for count in counts)
    cells = (finding.headline, str(finding.nature), str(finding.design).replace("_", " "), cohorts, sizes)
    shown = "".join(f"<td>{escaped(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row"><code>{escaped(finding.id)}</code></th>{shown}</tr>'
