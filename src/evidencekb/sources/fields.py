"""Between a work as CSL-JSON has it and the bibliographic fields of a source.

>>> fields = source_fields({
...     "id": "wef2025", "type": "report", "title": "The <i>Future</i> of Jobs", "publisher": "World Economic Forum",
...     "author": [{"literal": "World Economic Forum"}], "issued": {"date-parts": [[2025, 1]]}, "number": "7",
... })
>>> fields["title"], fields["published_on"], fields["authors"], fields["number"]
('The Future of Jobs', '2025-01', [{'literal': 'World Economic Forum'}], '7')
>>> item_of({"id": "wef2025", "kind": "report"} | fields)["issued"]
{'date-parts': [[2025, 1]]}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidencekb import ids
from evidencekb.sources.items import OTHERS, Item, date_of, edtf, plain
from evidencekb.sources.kinds import CSL_OF_KIND, kind_of

Source = Mapping[str, Any]

VARIABLES: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "authors": ("author",),
    "editors": ("editor",),
    "published_on": ("issued",),
    "accessed_on": ("accessed",),
    "container": ("container-title",),
    "series": ("collection-title",),
    "publisher": ("publisher", "authority"),
    "place": ("publisher-place",),
    "edition": ("edition",),
    "volume": ("volume",),
    "issue": ("issue",),
    "pages": ("page",),
    "doi": ("DOI",),
    "isbn": ("ISBN",),
    "arxiv": ("custom",),
    "pmid": ("PMID",),
    "pmcid": ("PMCID",),
    "url": ("URL",),
    "docket": ("number",),
    "number": ("number",),
    "version": ("version",),
}
"""For each bibliographic field of a source, the variables of CSL that it comes from, the first that is there."""

_LEGAL = frozenset({"legal_decision", "legal_filing"})
_PLAIN = (
    "title", "container", "series", "publisher", "place", "edition", "volume", "issue", "pages", "doi", "isbn", "pmid",
    "pmcid", "url", "version",
)  # fmt: skip
_PAIRS = tuple((name, variable) for name in _PLAIN for variable in VARIABLES[name])
_NAMES = (("authors", "author"), ("editors", "editor"))
_DATES = (("published_on", "issued"), ("accessed_on", "accessed"))


def source_fields(item: Item) -> dict[str, Any]:
    """The bibliographic fields of a source, as a record has them, of a work.

    Returns:
        Only what is known. A docket is the number of a paper of a case; the court of a decision is its publisher.
        Neither ``kind`` nor ``id`` is among them: the first is a judgement, see
        :func:`~evidencekb.sources.kinds.kind_of`, the second the key.
    """
    fields: dict[str, Any] = {}
    for name, variable in _NAMES:
        if names := [person for person in map(_person, item.get(variable) or ()) if person]:
            fields[name] = names
    for name, variable in _DATES:
        date = item.get(variable)
        if date and (text := edtf(date) or str(date.get("literal") or date.get("raw") or "")):
            fields[name] = text
    for name, variable in _PAIRS:
        if variable in item and name not in fields and (text := plain(str(item[variable] or ""))):
            fields[name] = text
    custom = item.get("custom")
    if isinstance(custom, Mapping) and (arxiv := str(custom.get("arxiv") or "")):
        fields["arxiv"] = arxiv
    if number := plain(str(item.get("number") or "")):
        fields["docket" if kind_of(item) in _LEGAL else "number"] = number
    return fields


def item_of(source: Source) -> Item:
    """A source as one CSL-JSON item; no key has an empty value."""
    kind = text(source, "kind")
    type_, genre = CSL_OF_KIND.get(kind, ("document", ""))
    if kind == "book" and text(source, "container"):
        type_ = "chapter"
    item: Item = {"id": text(source, "id"), "type": type_}
    for name in _PLAIN:
        if value := text(source, name):
            item[VARIABLES[name][0]] = value
    for name, variable in _NAMES:
        if names := [_csl_name(person) for person in source.get(name) or ()]:
            item[variable] = names
    for name, variable in _DATES:
        if date := text(source, name):
            item[variable] = date_of(date)
    if genre:
        # What an agency got and no court has is filed with nobody's docket.
        item["genre"] = "Legal filing" if kind == "legal_filing" and not text(source, "docket") else genre
    if kind == "legal_decision" and "publisher" in item:
        item["authority"] = item.pop("publisher")
    if number := text(source, "number") or text(source, "docket"):
        item["number"] = number
    if arxiv := text(source, "arxiv"):
        item["custom"] = {"arxiv": arxiv}
        item.setdefault("URL", ids.address("arxiv", arxiv) or item.get("URL", ""))
    return {key: value for key, value in item.items() if value}


def text(source: Source, key: str) -> str:
    """A field of a source as text, white space made single; '' when it is not there."""
    value = source.get(key)
    return "" if value is None else " ".join(str(value).split())


def _person(name: Mapping[str, Any]) -> dict[str, str]:
    """A name of CSL as a record has it: particles and suffix belong to the family name."""
    if len(name) == 2 and (family := name.get("family")) and (given := name.get("given")):
        family, given = plain(str(family)), plain(str(given))
        if family and given:
            return {"family": family, "given": given}
    parts = {part: text for part, value in name.items() if value and (text := plain(str(value)))}
    if literal := parts.get("literal"):
        return {"literal": literal}
    given, family = parts.get("given"), parts.get("family", "")
    if len(parts) > 2 or not family:
        before = (parts.get(part) for part in ("dropping-particle", "non-dropping-particle"))
        family = " ".join(part for part in (*before, family) if part)
        family = f"{family} {parts.get('suffix', '')}".strip() if family else ""
    if not family:
        return {"literal": given} if given else {}
    return {"family": family, "given": given} if given else {"family": family}


def _csl_name(person: Source) -> dict[str, str]:
    if text(person, "literal") == OTHERS["literal"]:
        return dict(OTHERS)
    return {part: value for part in ("family", "given", "literal") if (value := text(person, part))}
