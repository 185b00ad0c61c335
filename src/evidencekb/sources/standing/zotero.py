"""Zotero's list of withdrawn works, in which only the beginnings of digests stand.

An entry is ``d`` and the first five hexadecimal digits of the SHA-1 of a DOI, or ``p`` and the first five digits of a
PubMed number; then, after a space, the day of the notice as a number of days since 1970. Many works share a beginning, so
a hit is possible and never more: a person, or another place, has to say which work it is.

The DOI is digested as its publisher writes it, capitals and all. A record in lower case therefore misses entries whose
publisher writes capitals: a miss proves less than a hit.

>>> import hashlib
>>> beginning = hashlib.sha1(b"10.5555/Work").hexdigest()[:5]
>>> text = '{"version": 1, "doiPrefixLength": 5, "pmidPrefixLength": 5, "data": ["d%s 18688", "p12345 18688"]}' % beginning
>>> listed = read_zotero_list(text.encode("utf-8", "replace"))
>>> listed.hits(doi="10.5555/Work"), listed.hits(doi="10.5555/other"), listed.newest
((Hit(scheme='doi', days=('2021-03-02',)),), (), '2021-03-02')
>>> round(listed.chance(doi="10.5555/1") * 16**5), round(listed.chance(pmid="12399999") * 10**4)
(1, 1)

References:
    Zotero, chrome/content/zotero/xpcom/retractions.js, which keeps the list. Zotero (2019), Retracted item notifications.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from os import PathLike
from pathlib import Path
from typing import Any

from evidencekb.report import Place, Severity, Subject, Violation

PLACE = "zotero"

_EPOCH = date(1970, 1, 1)
_LARGEST = 1 << 26
_MOST_ROWS = 2_000_000
_MOST_VIOLATIONS = 100
_ENTRY = re.compile(r"(?:d([0-9a-f]{1,40})|p([0-9]{1,9}))(?: (-?[0-9]{1,6}))?")
_LENGTHS = {"doi": "doiPrefixLength", "pmid": "pmidPrefixLength"}


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry whose beginning a source shares.

    Attributes:
        scheme: ``"doi"`` or ``"pmid"``.
        days: Days of the notices of all entries with this beginning, YYYY-MM-DD, oldest first; '' where there is none.
    """

    scheme: str
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoteroList:
    """The list, found by DOI and PubMed number.

    Attributes:
        file: Its name.
        entries: How many entries were read.
        newest: Day of the newest notice, YYYY-MM-DD; '' when no entry has a day.
        lengths: How many characters of a digest stand in the list, for ``"doi"`` and ``"pmid"``.
        violations: What could not be read.
    """

    file: str
    entries: int = 0
    newest: str = ""
    lengths: dict[str, int] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    _days: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _leading: dict[str, int] = field(default_factory=dict, repr=False)

    def hits(self, *, doi: str = "", pmid: str = "") -> tuple[Hit, ...]:
        """Entries that may be this work.

        Args:
            doi: As its publisher writes it, as far as that is known; it is also tried in lower case and in capitals.
            pmid: PubMed number.
        """
        found = []
        for scheme, beginnings in self._beginnings(doi, pmid).items():
            days = sorted({day for beginning in beginnings for day in self._days.get((scheme, beginning), ())})
            if days:
                found.append(Hit(scheme, tuple(days)))
        return tuple(found)

    def chance(self, *, doi: str = "", pmid: str = "") -> float:
        """The chance that a work which is not in the list is hit all the same, from 0 to 1.

        For a DOI it is the share of all beginnings that are taken, once for each spelling that is tried. PubMed numbers are
        not digested, so it is the share among the beginnings with the same first digit.
        """
        missed = 1.0
        for scheme, beginnings in self._beginnings(doi, pmid).items():
            for beginning in beginnings:
                length = self.lengths[scheme]
                among = 16**length if scheme == "doi" else 10 ** (length - 1)
                taken = self._leading.get("doi" if scheme == "doi" else f"pmid{beginning[:1]}", 0)
                missed *= 1 - min(1.0, taken / among)
        return 1 - missed if missed < 1 else 0.0

    def _beginnings(self, doi: str, pmid: str) -> dict[str, tuple[str, ...]]:
        spellings = dict.fromkeys((doi, doi.lower(), doi.upper())) if doi and self.lengths.get("doi") else ()
        return {
            "doi": tuple(
                hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[: self.lengths["doi"]]
                for text in spellings
            ),
            "pmid": (pmid[: self.lengths["pmid"]],) if pmid and self.lengths.get("pmid") else (),
        }


def read_zotero_list(source: str | PathLike[str] | bytes, *, file: str = "") -> ZoteroList:
    """Read Zotero's list, ``retractions.json`` of a Zotero profile.

    Args:
        source: Path of the file, or its bytes.
        file: Its name in violations; the path's own name when it is not given.

    Returns:
        The list. A file that is not one gives an empty list and a violation.

    Raises:
        OSError: If the file cannot be opened.
    """
    if isinstance(source, bytes):
        name, content = file or "the list", source[: _LARGEST + 1]
    else:
        name = file or Path(source).name
        with Path(source).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        return ZoteroList(name, violations=(_problem(name, f"it is larger than {_LARGEST} bytes"),))
    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        return ZoteroList(name, violations=(_problem(name, f"it is no JSON: {str(wrong)[:120]}"),))
    rows = data.get("data") if isinstance(data, dict) else None
    lengths = {scheme: _length(data, key) for scheme, key in _LENGTHS.items()} if isinstance(data, dict) else {}
    if not isinstance(rows, list) or not all(lengths.values()):
        return ZoteroList(
            name, violations=(_problem(name, "it has no 'data', 'doiPrefixLength' and 'pmidPrefixLength'"),)
        )
    return _read(rows[:_MOST_ROWS], lengths, name)


def _read(rows: list[Any], lengths: dict[str, int], file: str) -> ZoteroList:
    days: dict[tuple[str, str], list[str]] = {}
    violations: list[Violation] = []
    unread = 0
    for place, row in enumerate(rows):
        match = _ENTRY.fullmatch(row) if isinstance(row, str) else None
        scheme, beginning = ("doi", match[1]) if match and match[1] else ("pmid", match[2] if match else "")
        # The beginning of a short PubMed number is all of it.
        if match is None or len(beginning) > lengths[scheme] or (scheme == "doi" and len(beginning) < lengths["doi"]):
            unread += 1
            if len(violations) < _MOST_VIOLATIONS:
                message = f"entry {place + 1} of 'data' is {str(row)[:60]!r}, which is no entry; it is left out"
                violations.append(Violation("EKB502", Severity.WARNING, Subject("file", file), message, Place(file)))
            continue
        day = str(_EPOCH + timedelta(days=int(match[3]))) if match[3] and -300_000 < int(match[3]) < 300_000 else ""
        days.setdefault((scheme, beginning), []).append(day)
    leading = Counter("doi" if scheme == "doi" else f"pmid{beginning[:1]}" for scheme, beginning in days)
    newest = max((day for found in days.values() for day in found), default="")
    kept = {key: tuple(found) for key, found in days.items()}
    return ZoteroList(file, len(rows) - unread, newest, lengths, tuple(violations), kept, dict(leading))


def _length(data: dict[str, Any], key: str) -> int:
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 40 else 0


def _problem(file: str, what: str) -> Violation:
    message = f"this is not Zotero's list: {what}; copy retractions.json from a Zotero profile again"
    return Violation("EKB501", Severity.ERROR, Subject("file", file), message, Place(file))
