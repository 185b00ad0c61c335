"""What a query gives: columns and rows of plain values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from math import isfinite
from typing import Any
from urllib.parse import unquote

from evidencekb.errors import QuestionError
from evidencekb.extras import needed
from evidencekb.rdf.found import Iri
from evidencekb.vocab import NAMESPACE

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = frozenset(
    "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger unsignedInt "
    "unsignedLong unsignedShort unsignedByte".split()
)
_DECIMAL = frozenset(("decimal", "double", "float"))
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_WIDEST = 60
_SHOWN = 200
LIBRARIES = ("pandas", "polars")


class NamedIri(Iri):
    """An IRI of an answer, which knows the record or term that it names.

    Attributes:
        kind: The kind of record, for example ``"finding"``, ``"estimate"``, or the vocabulary, for example ``"VendorFlag"``;
            empty when it names neither.
        id: The id of the record, ``finding#estimate`` of an estimate; the term of a vocabulary.
        short: How it is shown in tables: ``finding/noy-time``, ``prov:Entity``, or the whole IRI.
    """

    __slots__ = ("id", "kind", "short")
    kind: str
    id: str
    short: str

    def __new__(cls, text: str, *, kind: str = "", id: str = "", short: str = "") -> NamedIri:
        """An IRI, and what it names."""
        made = super().__new__(cls, text)
        made.kind, made.id, made.short = kind, id, short or text
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _iri, (str(self), self.kind, self.id, self.short)


def _iri(text: str, kind: str, id: str, short: str) -> NamedIri:
    return NamedIri(text, kind=kind, id=id, short=short)


@dataclass(frozen=True, slots=True)
class SparqlRows:
    """The answer to a query: iterate over its rows, print it, or look at it in a notebook.

    It is true when there is a row; that of an ASK is true when the answer is yes.

    Attributes:
        form: ``"select"``, ``"ask"`` or ``"triples"`` (of CONSTRUCT and DESCRIBE).
        columns: Names of the columns.
        rows: Tuples of plain values: :class:`NamedIri`, text, whole numbers, floats, booleans; None where nothing is bound.
        complete: False when there are more rows than ``limit`` let through.
        notes: What may explain an answer that found nothing.
        stamp: The state of the pack that was asked.
    """

    form: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    complete: bool = True
    notes: tuple[str, ...] = ()
    stamp: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows[0][0]) if self.form == "ask" else bool(self.rows)

    def column(self, name: str) -> tuple[Any, ...]:
        """The values of a column, in the order of the rows.

        Raises:
            QuestionError: If there is no such column.
        """
        if name not in self.columns:
            raise QuestionError(f"there is no column {name!r}; there are {', '.join(self.columns)}")
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; IRIs are texts."""
        return {
            "form": self.form,
            "columns": list(self.columns),
            "rows": [
                {
                    name: str(value) if isinstance(value, NamedIri) else value
                    for name, value in zip(self.columns, row, strict=True)
                }
                for row in self.rows
            ],
            "complete": self.complete,
            "notes": list(self.notes),
            "stamp": dict(self.stamp),
        }

    def to_csv(self) -> str:
        """As CSV: the first line names the columns, what is not bound is an empty field, IRIs are written in full."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(self.columns)
        writer.writerows([_said(value) for value in row] for row in self.rows)
        return out.getvalue()

    def to_frame(self, library: str = "pandas") -> Any:
        """As a ``pandas.DataFrame`` or a ``polars.DataFrame``; IRIs are texts.

        Raises:
            QuestionError: If there is no such library for tables.
            EngineError: If it is not installed; it names the extra.
        """
        if library not in LIBRARIES:
            raise QuestionError(f"there is no library {library!r} for tables; take one of {', '.join(LIBRARIES)}")
        made = needed(library, library)
        columns = {name: [_plain(value) for value in self.column(name)] for name in self.columns}
        if library == "polars":
            return made.DataFrame(columns, strict=False)
        frame = made.DataFrame(columns)
        frame.attrs["evidencekb"] = dict(self.stamp)
        return frame

    def __str__(self) -> str:
        if self.form == "ask":
            return "\n".join(["yes" if self else "no", *self.notes])
        shown = [[_short(value) for value in row] for row in self.rows[:_SHOWN]]
        table = [list(self.columns), *shown]
        widths = [max(len(row[at]) for row in table) for at in range(len(self.columns))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
        ]
        return "\n".join([*lines, *self._said_below()])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in self.rows[:_SHOWN]
        )
        below = "".join(f"<p>{escape(line)}</p>" for line in self._said_below())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"

    def _said_below(self) -> list[str]:
        count = len(self.rows)
        said = f"{count:,} row{'s' * (count != 1)}"
        if not self.complete:
            said = f"the first {count:,} rows; there are more, which limit= lets through"
        hidden = f", {_SHOWN} of them shown" if count > _SHOWN else ""
        return [f"({said}{hidden})", *self.notes]


def value_of(term: list[Any] | None, shorten: Mapping[str, str], base: str, kinds: frozenset[str]) -> Any:
    """A term that the engine gave, as a plain value."""
    if term is None:
        return None
    what, text = term[0], term[1]
    if what == "i":
        return iri_of(text, shorten, base, kinds)
    if what != "l":
        return text
    datatype = term[2].removeprefix(_XSD)  # INF, or a number with ten thousand digits, stays a text
    try:
        if datatype in _WHOLE:
            return int(text)
        if datatype in _DECIMAL and isfinite(number := float(text)):
            return number
    except ValueError:
        return text
    return _BOOLEANS.get(text, text) if datatype == "boolean" else text


def iri_of(text: str, shorten: Mapping[str, str], base: str, kinds: frozenset[str]) -> NamedIri:
    """An IRI with the record that it names, and its short form."""
    if text.startswith(base):
        local = text[len(base) :]
        kind, *inner = map(unquote, local.split("/"))
        if kind in kinds and len(inner) == 1:
            return NamedIri(text, kind=kind, id=inner[0], short=unquote(local))
        if kind == "finding" and len(inner) == 3 and inner[1] == "estimate":
            return NamedIri(text, kind="estimate", id=f"{inner[0]}#{inner[2]}", short=f"{inner[0]}#{inner[2]}")
        return NamedIri(text, short=unquote(local))
    if text.startswith(NAMESPACE) and "-" in text:
        vocabulary, _, term = text[len(NAMESPACE) :].partition("-")
        return NamedIri(text, kind=vocabulary, id=term, short=f"ekb:{vocabulary}-{term}")
    for start, prefix in shorten.items():
        if text.startswith(start) and "/" not in text[len(start) :]:
            return NamedIri(text, short=f"{prefix}:{text[len(start) :]}")
    return NamedIri(text)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, NamedIri) else value


def _said(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _short(value: Any) -> str:
    text = value.short if isinstance(value, NamedIri) else str(_said(value))
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _cell(value: Any) -> str:
    if isinstance(value, NamedIri):
        return f'<span title="{escape(value)}">{escape(value.short)}</span>'
    return escape(str(_said(value)))
