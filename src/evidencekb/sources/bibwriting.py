r"""Works as a .bib file, for biblatex or for BibTeX.

>>> item = {"id": "oecd2023", "type": "report", "title": "R&D in the <i>OECD</i>", "author": [{"literal": "OECD"}],
...         "issued": {"date-parts": [[2023, 7]]}, "page": "5-9", "archive": "Paris"}
>>> print(write_bibtex([item]), end="")
@report{oecd2023,
  author = {{OECD}},
  title = {R\&D in the \emph{OECD}},
  date = {2023-07},
  pages = {5--9},
}
>>> [str(loss) for loss in unwritten(item)]
["archive = 'Paris': biblatex has no field for it"]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import quote

from evidencekb.sources import bibtables as tables
from evidencekb.sources.bibdates import write_issued
from evidencekb.sources.bibnames import write_names
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.items import NAMES, Item, Loss, edtf
from evidencekb.sources.latex import encode

Dialect = Literal["biblatex", "bibtex"]

_NOT_IN_KEYS = re.compile(r"[\s,{}\"=#%@\\()~]+")
_SPACE = re.compile(r"[ \t\r\n]+")
_RICH = frozenset({
    "title", "title-short", "container-title", "collection-title", "volume-title", "original-title", "event-title",
})  # fmt: skip
_ROLES = {variable: role for role, variable in tables.ROLES.items() if role != variable}
_LANGUAGE_NAMES = {tag: name for name, tag in reversed(tables.LANGUAGES.items())}
_GENRE_WORDS = {genre: word for word, genre in reversed(tables.KEYWORDS.items())}
_VERBATIM = (("DOI", "doi"), ("ISBN", "isbn"), ("ISSN", "issn"), ("PMID", "pmid"), ("PMCID", "pmcid"), ("URL", "url"))
_SLOTS = ("editora", "editorb", "editorc")


def write_bibtex(items: Iterable[Item], *, dialect: Dialect = "biblatex") -> str:
    """All works as one text, each as an entry, in the order given; equal items give equal texts.

    Values are Unicode, with what LaTeX gives a meaning escaped. What comes out reads as the same items again, except for
    what :func:`unwritten` names.

    Args:
        items: Works as CSL-JSON has them; a character that no key can have becomes a hyphen.
        dialect: ``biblatex`` for biblatex and biber, ``bibtex`` for BibTeX and its styles.
    """
    return "\n".join(_text(item, dialect) for item in items)


def unwritten(item: Item, *, dialect: Dialect = "biblatex") -> tuple[Loss, ...]:
    """What of a work does not come back from the entry that is written for it, in the order of the item."""
    entries = read_bibtex(_text(item, dialect), "").entries
    again: Item = entries[0].item if entries else {}
    losses = []
    for variable, value in item.items():
        if again.get(variable) != value and value:
            name = "biblatex" if dialect == "biblatex" else "BibTeX"
            held = variable in again
            reason = f"{name} holds it as {_shown(again[variable])!r}" if held else f"{name} has no field for it"
            losses.append(Loss(variable, _shown(value), reason))
    losses += [
        Loss(variable, "", f"read back as {_shown(value)!r}")
        for variable, value in again.items()
        if variable not in item
    ]
    return tuple(losses)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return write_names(value)
    if isinstance(value, Mapping):
        return edtf(value) or str(value.get("literal") or dict(value))
    return str(value)


def _text(item: Item, dialect: Dialect) -> str:
    """One entry; where its type alone would be read as another one, a field says which it is."""
    entry_type = tables.ENTRY_TYPES.get(str(item.get("type")), ("misc", "misc"))[dialect == "bibtex"]
    text = _entry(item, dialect, entry_type, {})
    if dialect == "biblatex":
        entries = read_bibtex(text, "").entries
        if not entries or entries[0].item["type"] != item.get("type"):
            preprint = item.get("type") == "article" and item.get("genre") == "Preprint"
            subtype = "preprint" if preprint else str(item.get("type", ""))
            text = _entry(item, dialect, entry_type, {"entrysubtype": subtype} if subtype else {})
    return text


def _entry(item: Item, dialect: Dialect, entry_type: str, more: Mapping[str, str]) -> str:
    fields = (
        _names(item, dialect) | _titles(item, entry_type) | _issued(item, dialect) | _others(item, dialect, entry_type)
    )
    if dialect == "bibtex":
        fields = {tables.BIBTEX_NAMES.get(name, name): value for name, value in fields.items()}
        fields = {name: value for name, value in fields.items() if name in tables.IN_BIBTEX}
        entry_type, fields = _thesis(item, entry_type, fields)
    key = _NOT_IN_KEYS.sub("-", str(item.get("id", ""))) or "work"
    lines = [f"  {name} = {{{_one_line(value)}}},\n" for name, value in (fields | dict(more)).items() if value]
    return f"@{entry_type}{{{key},\n{''.join(lines)}}}\n"


def _one_line(value: str) -> str:
    """The value, on one line if one of its lines could start with ``@``, which would end the entry."""
    return _SPACE.sub(" ", value) if "@" in value else value


def _names(item: Item, dialect: Dialect) -> dict[str, str]:
    fields: dict[str, str] = {}
    slots = iter(_SLOTS)
    ways = {"author": "author", "editor": "editor", "translator": "translator", "container-author": "bookauthor"}
    for variable in NAMES:
        if not (names := item.get(variable)):
            continue
        value = write_names(names, long=dialect == "biblatex")
        if (field := ways.get(variable)) is not None:
            fields[field] = value
        elif (field := next(slots, "")) and variable in tables.ROLES:
            fields |= {field: value, f"{field}type": _ROLES.get(variable, variable)}
    return fields


def _titles(item: Item, entry_type: str) -> dict[str, str]:
    fields = {"title": _encoded(item, "title")}
    container, volume = _encoded(item, "container-title"), _encoded(item, "volume-title")
    if entry_type in tables.IN_BOOKS:
        return fields | (
            {"maintitle": container, "booktitle": volume} if volume and container else {"booktitle": container}
        )
    return fields | {"journaltitle": container, "issuetitle": volume if entry_type in tables.PERIODICALS else ""}


def _issued(item: Item, dialect: Dialect) -> dict[str, str]:
    date = item.get("issued") or {}
    written = edtf(date)
    if dialect == "biblatex" and written:
        return {"date": written}
    fields = dict(write_issued(date)) or ({"year": written[:4]} if written else {})
    return {name: encode(value, tags=False) for name, value in fields.items()}


def _others(item: Item, dialect: Dialect, entry_type: str) -> dict[str, str]:
    type_ = item.get("type")
    number_is = tables.number_of(entry_type, series=bool(item.get("collection-title")))
    genre = str(item.get("genre", ""))
    numbers = {"issue": "issue", "number": "eid", "collection-number": ""} | {number_is: "number"}
    publisher = "publisher"
    if type_ in ("thesis", "report"):
        publisher = "school" if type_ == "thesis" and dialect == "bibtex" else "institution"
    fields = {
        "type": _GENRE_WORDS.get(genre) if dialect == "biblatex" and genre in _GENRE_WORDS else _encoded(item, "genre"),
        **{field: _encoded(item, variable) for variable, field in numbers.items() if field},
        **{field: _encoded(item, variable) for variable, field in tables.FIELD_NAMES.items() if variable != "title"},
        "pages": re.sub(r"-{1,2}", "--", _encoded(item, "page").replace("-{}-", "-")),
        publisher: _encoded(item, "publisher"),
        "location": _encoded(item, "jurisdiction" if type_ == "patent" else "publisher-place"),
        "urldate": _date(item.get("accessed") or {}),
        "eventdate": _date(item.get("event-date") or {}),
        "origdate": _date(item.get("original-date") or {}),
    }
    if entry_type in tables.LEGAL:
        fields["institution"] = _encoded(item, "authority")
    custom = item.get("custom")
    if isinstance(custom, Mapping) and (arxiv := custom.get("arxiv")):
        fields |= {"eprint": _bare(arxiv), "eprinttype": "arXiv" if dialect == "bibtex" else "arxiv"}
    language = str(item.get("language", ""))
    if name := _LANGUAGE_NAMES.get(language):
        fields["langid"] = name
    else:
        fields["language"] = _encoded(item, "language")
    fields |= {field: _bare(item.get(variable, "")) for variable, field in _VERBATIM}
    if genre == "Preprint" and type_ == "article":
        del fields["type"]
    return {field: str(value) for field, value in fields.items() if value}


def _thesis(item: Item, entry_type: str, fields: dict[str, str]) -> tuple[str, dict[str, str]]:
    """BibTeX has an entry type for two kinds of thesis; any other is named by ``type``."""
    if entry_type != "phdthesis":
        return entry_type, fields
    genre = str(item.get("genre", ""))
    for known in ("phdthesis", "mastersthesis"):
        if genre == tables.OWN_GENRES[known]:
            return known, {name: value for name, value in fields.items() if name != "type"}
    return entry_type, fields if genre else fields | {"type": "Thesis"}


def _encoded(item: Item, variable: str) -> str:
    return encode(str(item.get(variable) or ""), tags=variable in _RICH)


def _date(date: Mapping[str, Any]) -> str:
    return edtf(date) or encode(str(date.get("literal", "")), tags=False)


def _bare(value: object) -> str:
    """An identifier or address, of which only braces and backslashes have a meaning when it is read."""
    text = str(value)
    if "://" in text:
        return re.sub(r"[{}\\]", lambda match: quote(match[0]), text)
    return re.sub(r"[{}\\]", lambda match: "\\textbackslash{}" if match[0] == "\\" else f"\\{match[0]}", text)
