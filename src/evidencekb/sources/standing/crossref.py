"""What Crossref says happened to a work, from the message about the work and from those about its notices.

The message about a work names its notices under ``updated-by``; the message about a notice names works under
``update-to``. Either may be there without the other. A work may name itself: then its own page was changed.

>>> message = {
...     "DOI": "10.5555/work", "title": ["Replies to applications"], "publisher": "Made-up Press",
...     "updated-by": [{"DOI": "10.5555/notice", "type": "retraction", "source": "retraction-watch",
...                     "updated": {"date-parts": [[2021, 3, 2]]}}],
... }
>>> (account,) = read_work(message).accounts
>>> account.kind, account.on, account.notice, account.witness
('retraction', '2021-03-02', '10.5555/notice', 'retraction_watch')

References:
    Crossref, REST API, works: fields ``updated-by``, ``update-to`` and ``relation``; filter ``updates``.
    Crossref, documentation, Registering updates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidencekb.sources.items import edtf, plain
from evidencekb.sources.standing.events import PUBLISHER, RETRACTION_WATCH, Account, doi_key, kind_of

PLACE = "crossref"
_MOST = 500
_REPLACED = re.compile(r"retract\w*\W+(?:and|&|with)\W+(?:\w+\W+)?(?:replac|republi)", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Relations that a notice's record asserts; the record of the work shows them as asserted by the object.
_RELATIONS = {
    "correction": "correction",
    "corrigendum": "corrigendum",
    "erratum": "erratum",
    "addendum": "addendum",
    "retraction": "retraction",
    "withdrawal": "withdrawal",
    "expression-of-concern": "expression_of_concern",
    "is-retracted-by": "retraction",
    "is-corrected-by": "correction",
    "is-replaced-by": "new_version",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """A relation that would be an event if it were registered as an update.

    Attributes:
        kind: The kind of change it would be.
        doi: The other work.
    """

    kind: str
    doi: str


@dataclass(frozen=True, slots=True)
class WorkMessage:
    """What the message about one work says of its standing.

    Attributes:
        doi: The work's DOI in lower case; '' when the message names none.
        title: Its title, without markup.
        accounts: What happened to it.
        notice_of: What it does to other works, when it is itself a notice: kind of change and DOI of each.
        hints: Relations to what may be notices.
    """

    doi: str
    title: str
    accounts: tuple[Account, ...] = ()
    notice_of: tuple[tuple[str, str], ...] = ()
    hints: tuple[Hint, ...] = ()


def read_work(message: object, *, asked: str = "") -> WorkMessage:
    """Read the message about a work.

    Args:
        message: ``message`` of ``/works/{doi}``, as parsed JSON. Nothing in it is trusted.
        asked: The DOI that was asked for, in lower case: the message has another when that one is an alias.
    """
    data = message if isinstance(message, Mapping) else {}
    doi, by, title = doi_key(data.get("DOI")), _issuer(data), _first_text(data.get("title"))
    own = frozenset({doi, asked} - {""})
    accounts = [_account(entry, doi_key(entry.get("DOI")), own, by=by) for entry in _entries(data, "updated-by")]
    targets: list[tuple[str, str]] = []
    for entry in _entries(data, "update-to"):
        target = doi_key(entry.get("DOI"))
        if target in own:
            accounts.append(_account(entry, target, own, by=by))
        elif kind := _kind(entry):
            targets.append((kind, target))
    return WorkMessage(
        doi, title, tuple(dict.fromkeys(accounts)), tuple(dict.fromkeys(targets)), tuple(_hints(data, doi))
    )


def read_notices(items: object, dois: Iterable[str]) -> tuple[Account, ...]:
    """What notices say of one work.

    Args:
        items: ``message.items`` of ``/works?filter=updates:{doi}``, as parsed JSON.
        dois: The work's DOIs, as :func:`~evidencekb.sources.standing.events.doi_key` gives them.
    """
    own = frozenset(dois) - {""}
    found = []
    for notice in items[:_MOST] if isinstance(items, list) else ():
        if isinstance(notice, Mapping):
            for entry in _entries(notice, "update-to"):
                if doi_key(entry.get("DOI")) in own:
                    title = _first_text(notice.get("title"))
                    found.append(_account(entry, doi_key(notice.get("DOI")), own, by=_issuer(notice), title=title))
    return tuple(dict.fromkeys(found))


def clean(text: object, longest: int = 500) -> str:
    """A text from outside on one line, without markup and characters that cannot be seen."""
    return plain(_CONTROLS.sub(" ", text[: 4 * longest]))[:longest].strip() if isinstance(text, str) else ""


def _account(entry: Mapping[str, Any], notice: str, own: frozenset[str], *, by: str, title: str = "") -> Account:
    label = clean(entry.get("label"))
    return Account(
        place=PLACE,
        witness=RETRACTION_WATCH if kind_of(clean(entry.get("source"))) == RETRACTION_WATCH else PUBLISHER,
        kind=_kind(entry) or "change",
        on=_day(entry),
        notice=notice,
        in_place=notice in own,
        replaced=bool(_REPLACED.search(title) or _REPLACED.search(label)),
        by=by,
        title=title,
    )


def _kind(entry: Mapping[str, Any]) -> str:
    return kind_of(clean(entry.get("type"))) or kind_of(clean(entry.get("label")))


def _day(entry: Mapping[str, Any]) -> str:
    updated = entry.get("updated")
    if not isinstance(updated, Mapping):
        return ""
    parts = updated.get("date-parts")
    day = edtf({"date-parts": parts[:1]}) if isinstance(parts, list) else ""
    moment = clean(updated.get("date-time"))
    return day or (moment[:10] if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", moment) else "")


def _entries(message: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    found = message.get(key)
    return (entry for entry in (found[:_MOST] if isinstance(found, list) else ()) if isinstance(entry, Mapping))


def _hints(message: Mapping[str, Any], doi: str) -> Iterable[Hint]:
    found = message.get("relation")
    relations: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    for name, kind in _RELATIONS.items():
        for entry in _entries(relations, name):
            other = doi_key(entry.get("id"))
            passive = name.startswith("is-")
            if other and other != doi and (passive or entry.get("asserted-by") == "object"):
                yield Hint(kind, other)


def _issuer(message: Mapping[str, Any]) -> str:
    return _first_text(message.get("container-title")) or clean(message.get("publisher"))


def _first_text(value: object) -> str:
    """The first text of a list, or the text itself."""
    for text in value[:_MOST] if isinstance(value, list) else (value,):
        if cleaned := clean(text):
            return cleaned
    return ""
