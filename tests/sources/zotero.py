"""What Zotero made of .bib files, beside what is read here: the page ``docs/reference/zotero-agreement.md``.

``PYTHONPATH=src python -m tests.sources.zotero > docs/reference/zotero-agreement.md`` writes that page anew; it needs the
folder ``../shared``.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.items import Item, edtf, plain

FOLDER = "corpora/03-bibliographies/bibtex/better-bibtex/import"
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
        if self.field in CREATORS:
            return sorted(map(folded, re.split(r"[\s,;]+", self.zotero))) == sorted(
                map(folded, re.split(r"[\s,;]+", self.ours))
            )
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
        ours = {
            entry.key: entry.item for entry in read_bibtex(path.read_bytes().decode("utf-8-sig"), path.name).entries
        }
        works = [work for work in json.loads(beside.read_text(encoding="utf-8"))["items"] if work["itemType"] in TYPES]
        keys = Counter(work.get("citationKey") for work in works)
        for item in works:
            key = item.get("citationKey")
            if keys[key] > 1 or key not in ours:
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


def reason(difference: Compared) -> str:
    """Why the two differ; '' if nobody has said so yet."""
    field, zotero, ours = difference.field, difference.zotero, difference.ours
    return next((why for why, fits in REASONS if fits(field, zotero, ours)), "")


REASONS: tuple[tuple[str, Callable[[str, str, str], bool]], ...] = (
    ("Zotero writes out the names of journals that it knows short; here they stay as they are written",
     lambda field, zotero, ours: field in ("publicationTitle", "journalAbbreviation") and zotero[:2] == (ours or zotero)[:2]
     and "." in zotero + ours),
    ("Zotero lists date and year beside each other; here the date counts and the other is a loss unless it says the same",
     lambda field, zotero, ours: field == "date" and ", " in zotero),
    ("A month beside a date that is a year alone is joined to it here; Zotero leaves it out",
     lambda field, zotero, ours: field == "date" and ours.startswith(f"{zotero}-")),
    ("A year of three figures is no calendar year of EDTF; its text is kept and the month is a loss",
     lambda field, zotero, ours: field == "date" and len(ours) < 4),
    ("A book whose `booktitle` is its title is a book here, and in Zotero a part of itself when the braces differ",
     lambda field, zotero, ours: field in ("type", "publicationTitle") and (zotero, ours) in (("chapter", "book"), (zotero, ""))),
    ("Zotero makes a number of '2nd'; here an edition stays as it is written",
     lambda field, zotero, ours: field == "edition" and zotero.isdecimal() and ours.startswith(zotero)),
    ("An ISBN is kept alone; the words around it are a loss",
     lambda field, zotero, ours: field == "ISBN" and zotero.startswith(ours)),
    ("`booktitleaddon` is joined to the title of the book; Zotero leaves it out",
     lambda field, zotero, ours: field == "publicationTitle" and ours.casefold().startswith(zotero.casefold())),
    ("A language that babel names is its tag here, as CSL wants it",
     lambda field, zotero, ours: field == "language" and len(ours) in (2, 5)),
    ("A dotless i under an accent is the letter with the accent here",
     lambda field, zotero, ours: field in CREATORS and "\u0131" in zotero),
    ("Zotero has no author for this type and makes a contributor, a director or a scriptwriter of authors and editors",
     lambda field, zotero, ours: field in ("contributor", "director", "scriptwriter") and not ours),
    ("Zotero adds a keyword of its own where it left LaTeX in a text",
     lambda field, zotero, ours: field == "tags" and zotero == "#LaTeX"),
    ("An @online that is known by its arXiv number is a preprint here, and a web page in Zotero",
     lambda field, zotero, ours: field == "type" and (zotero, ours) == ("webpage", "article")),
    ("An arXiv number is kept alone; its class is a loss",
     lambda field, zotero, ours: field == "extra: arxiv" and ours in zotero),
    ("A command that is not known is kept as it is; Zotero marks it as a script",
     lambda field, zotero, ours: zotero == f"<script>{ours}</script>"),
)  # fmt: skip
"""Kinds of difference: why, and how one is told."""


def page(folder: Path) -> str:
    """The page of the documentation, from a folder of .bib and .json files."""
    results = list(compared(folder))
    agreed = Counter(result.field for result in results if result.agree)
    total = Counter(result.field for result in results)
    kinds: dict[str, list[Compared]] = {}
    for result in results:
        if not result.agree:
            kinds.setdefault(reason(result), []).append(result)
    works = len({(result.file, result.key) for result in results})
    lines = [
        "# Agreement with Zotero",
        "",
        f"What `read_bibtex` makes of {works} works in {len({result.file for result in results})} .bib files that Zotero,",
        "with Better BibTeX, imported too. The files are its own reports of faults, so they are odder than most.",
        "Compared are all fields that Zotero filled, letters and figures alone: Zotero writes titles in sentence case.",
        "",
        f"Of {total.total():,} fields {agreed.total():,} agree ({agreed.total() / total.total():.1%}).",
        "",
        "| field of Zotero | compared | agree | differ |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {count} | {agreed[name]} | {count - agreed[name]} |" for name, count in sorted(total.items())),
        "",
        "## Why they differ",
        "",
        "| fields | why | for example, Zotero | here |",
        "|---:|---|---|---|",
    ]
    for why, found in sorted(kinds.items()):
        example = found[0]
        cells = (f"{example.field}: {example.zotero[:60]}", example.ours[:60] or "nothing")
        lines.append(f"| {len(found)} | {why} | " + " | ".join(f"`{cell.replace('|', '/')}`" for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(Path(__file__).resolve().parents[3] / "shared" / FOLDER))
