"""Whether a work can be a source record: a pack that holds one that cannot is not opened any more."""

from __future__ import annotations

import re

from evidencekb.curating.shelf import Fields
from evidencekb.model import Source
from evidencekb.report import Severity, Subject
from evidencekb.sources.fields import source_fields
from evidencekb.sources.items import Item, Loss
from evidencekb.store.validating import violations_of

_LONGEST = 3000
UNDATED = "no date that a record can hold"
"""Why a date is left out of a work."""

_DATES = {"issued": "published_on", "accessed": "accessed_on"}
_USUAL_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8]))?)?")


def unfit(fields: Fields) -> str | None:
    """What a source record cannot hold of a work, as a sentence; None when it can hold it.

    Args:
        fields: Bibliographic fields, and the kind of source.

    Examples:
        >>> unfit({"kind": "report", "title": "Replies", "published_on": "2024-03"})
        >>> print(unfit({"kind": "report", "title": "Replies", "published_on": "in press"}))
        published_on: 'in press' is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or an EDTF expression
    """
    if _is_usual(fields):
        return None
    _, found = violations_of(Source, {"id": "work", "vendor": "unknown", **fields}, Subject("source", "work"))
    wrong = next((violation for violation in found if violation.severity is Severity.ERROR), None)
    return None if wrong is None else wrong.message.partition(" (found ")[0]


def dated(item: Item) -> tuple[Item, tuple[Loss, ...]]:
    """A work without the dates that no record can hold, and what they say.

    Examples:
        >>> item, losses = dated({"id": "a", "type": "book", "title": "T", "issued": {"literal": "in press"}})
        >>> item, str(losses[0])
        ({'id': 'a', 'type': 'book', 'title': 'T'}, "issued = 'in press': no date that a record can hold")
    """
    fields = source_fields(item)
    bad = {
        variable: str(fields[field])
        for variable, field in _DATES.items()
        if field in fields and unfit({"kind": "report", "title": "work", field: fields[field]})
    }
    if not bad:
        return item, ()
    kept = {name: value for name, value in item.items() if name not in bad}
    return kept, tuple(Loss(name, value, UNDATED) for name, value in bad.items())


def _is_usual(fields: Fields) -> bool:
    """True for what any record can hold: whole dates, and little text without a character that cannot be seen."""
    parts: list[str] = []
    for value in fields.values():
        if isinstance(value, str):
            parts.append(value)
        else:
            for person in value:
                parts += person.values()
    whole = "".join(parts)
    if len(whole) > _LONGEST or not whole.isprintable():
        return False
    return all(_USUAL_DATE.fullmatch(fields[name]) for name in ("published_on", "accessed_on") if name in fields)
