"""What Zotero made of .bib files, beside what is read here: the counts of ``docs/reference/zotero-agreement.md``.

``PYTHONPATH=src python -m tests.sources.zotero`` prints that page; it needs the folder ``../shared``.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.items import Item, edtf, plain

TYPES = {
    "artwork": "graphic", "audioRecording": "song", "bill": "bill", "blogPost": "post-weblog", "book": "book",
    "bookSection": "chapter", "case": "legal_case", "computerProgram": "software", "conferencePaper": "paper-conference",
    "dataset": "dataset", "dictionaryEntry": "entry-dictionary", "document": "document",
    "email": "personal_communication", "encyclopediaArticle": "entry-encyclopedia", "film": "motion_picture",
    "forumPost": "post", "hearing": "hearing", "interview": "interview", "journalArticle": "article-journal",
    "letter": "personal_communication", "magazineArticle": "article-magazine", "manuscript": "manuscript", "map": "map",
    "newspaperArticle": "article-newspaper", "patent": "patent", "podcast": "song", "preprint": "article",
    "presentation": "speech", "radioBroadcast": "broadcast", "report": "report", "standard": "standard",
    "statute": "legislation", "thesis": "thesis", "tvBroadcast": "broadcast", "videoRecording": "motion_picture",
    "webpage": "webpage",
}  # fmt: skip
"""The CSL type of each of Zotero's types, as Zotero itself exports them."""
FIELDS = {
    "title": ("title",), "shortTitle": ("title-short",), "publicationTitle": ("container-title",),
    "bookTitle": ("container-title",), "proceedingsTitle": ("container-title",),
    "journalAbbreviation": ("container-title-short",), "series": ("collection-title",),
    "seriesNumber": ("collection-number",), "publisher": ("publisher", "authority"),
    "institution": ("publisher", "authority"), "university": ("publisher",), "place": ("publisher-place", "event-place"),
    "date": ("issued",), "accessDate": ("accessed",), "originalDate": ("original-date",),
    "originalPlace": ("original-publisher-place",), "volume": ("volume",), "issue": ("issue",), "number": ("number",),
    "pages": ("page",), "numPages": ("number-of-pages",), "edition": ("edition",), "ISBN": ("ISBN",),
    "ISSN": ("ISSN",), "DOI": ("DOI",), "url": ("URL",), "language": ("language",), "abstractNote": ("abstract",),
    "callNumber": ("call-number",), "type": ("genre",), "version": (), "section": ("chapter-number",),
}  # fmt: skip
"""The CSL variables of each of Zotero's fields."""
CREATORS = {
    "author": "author", "editor": "editor", "translator": "translator", "director": "director",
    "scriptwriter": "script-writer", "contributor": "contributor", "bookAuthor": "container-author",
}  # fmt: skip
EXTRA = {
    "doi": ("DOI",), "publisher": ("publisher",), "issn": ("ISSN",), "isbn": ("ISBN",), "volume": ("volume",),
    "number of pages": ("number-of-pages",), "original date": ("original-date",), "original title": ("original-title",),
    "number": ("number",), "section": ("chapter-number",), "place": ("publisher-place", "event-place"),
    "pmid": ("PMID",), "pmcid": ("PMCID",), "arxiv": ("custom",),
}  # fmt: skip
"""What Zotero keeps in its field Extra, a line each, because the type has no field for it."""


@dataclass(frozen=True)
class Compared:
    """One field of one work, as Zotero has it and as it is read here."""

    file: str
    key: str
    field: str
    zotero: str
    ours: str

    @property
    def agree(self) -> bool:
        """True if both say the same, apart from capitals, marks and dashes."""
        return folded(self.zotero) == folded(self.ours)


def folded(text: str) -> str:
    """Letters and figures alone, without capitals, as small figures read."""
    text = unicodedata.normalize("NFKC", plain(text)).casefold()
    return "".join(character for character in text if character.isalnum())


def compared(folder: Path) -> Iterator[Compared]:
    """Every field of every work that has a .json of Zotero beside its .bib."""
    for path in sorted(folder.glob("*.bib")):
        beside = path.with_suffix(".json")
        if not beside.exists():
            continue
        ours = {entry.key: entry.item for entry in read_bibtex(path.read_bytes().decode("utf-8-sig"), path.name).entries}
        for item in json.loads(beside.read_text(encoding="utf-8"))["items"]:
            key = item.get("citationKey")
            if item["itemType"] in ("note", "attachment") or key not in ours:
                continue
            yield from _item(path.name, key, item, ours[key])


def _item(file: str, key: str, zotero: dict[str, Any], ours: Item) -> Iterator[Compared]:
    yield Compared(file, key, "type", TYPES[zotero["itemType"]], ours["type"])
    told: dict[str, str] = {name: str(zotero[name]) for name in FIELDS if zotero.get(name)}
    for name, value in told.items():
        if FIELDS[name]:
            yield Compared(file, key, name, value, _value(ours, FIELDS[name], value))
    extra = zotero.get("extra") or []
    for line in extra.split("\n") if isinstance(extra, str) else extra:
        label, _, value = line.partition(": ")
        if (variables := EXTRA.get(label.lower())) and value:
            yield Compared(file, key, f"extra: {label.lower()}", value, _value(ours, variables, value))
    for role, variable in CREATORS.items():
        theirs = [c for c in zotero.get("creators") or () if c["creatorType"] == role]
        if theirs:
            names = "; ".join(c.get("name") or f"{c.get('lastName', '')}, {c.get('firstName', '')}" for c in theirs)
            yield Compared(file, key, role, names, "; ".join(map(_name, ours.get(variable) or ())))
    if tags := sorted(tag["tag"] for tag in zotero.get("tags") or ()):
        words = sorted(re.split(r"\s*[,;]\s*", str(ours.get("keyword", ""))))
        yield Compared(file, key, "tags", "; ".join(tags), "; ".join(words))


def _value(ours: Item, variables: tuple[str, ...], told: str) -> str:
    """What is read here; of several variables the one that says the same, else the first there is."""
    values = [_shown(ours[variable]) for variable in variables if variable in ours]
    return next((value for value in values if folded(value) == folded(told)), values[0] if values else "")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["arxiv"]) if "arxiv" in value else edtf(value) or str(value.get("literal", ""))
    return str(value)


def _name(name: dict[str, str]) -> str:
    if literal := name.get("literal"):
        return literal
    family = " ".join(name[part] for part in ("dropping-particle", "non-dropping-particle", "family") if part in name)
    return ", ".join(filter(None, (family, name.get("suffix"), name.get("given"))))


if __name__ == "__main__":
    folder = Path(__file__).resolve().parents[3] / "shared/corpora/03-bibliographies/bibtex/better-bibtex/import"
    c = Counter()
    for r in compared(folder):
        c[r.field, r.agree] += 1
        if not r.agree:
            print(r.file[:30], '|', r.key[:25], '|', r.field, '|', r.zotero[:150], '|', r.ours[:150])
    print(c, sum(v for k, v in c.items() if k[1]), sum(c.values()))
