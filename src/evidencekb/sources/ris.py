"""RIS both ways, and the tagged formats beside it: PubMed's nbib, Web of Science's export and EndNote's, to read.

>>> found = read_ris('''TY  - JOUR
... AU  - Noy, Shakked
... TI  - Experimental evidence
... JO  - Science
... PY  - 2023/07/13/
... SP  - 187
... EP  - 192
... AD  - Cambridge
... ER  -
... ''', "refs.ris")
>>> found.items[0]["author"], found.items[0]["issued"], found.items[0]["page"]
([{'family': 'Noy', 'given': 'Shakked'}], {'date-parts': [[2023, 7, 13]]}, '187-192')
>>> [str(loss) for loss in found.entries[0].losses]
["AD = 'Cambridge': the address of an author"]

References:
    RIS format specification (2001, 2011). EndNote, table of tags by type of reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidencekb.ids import Identifier
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.cleaning import shown
from evidencekb.sources.items import NAMES, Bibliography, Item, Loss
from evidencekb.sources.neighbours import as_ris
from evidencekb.sources.risrecords import entry_of
from evidencekb.sources.ristable import COUNTED, CSL_TYPES, RIS_TYPES, written_as
from evidencekb.sources.risvalues import date_of_item, name_of, pages_of
from evidencekb.sources.tagged import FORMATS, Record, recognise, split

MAX_CHARACTERS = 128 * 1024 * 1024
"""A longer text is refused."""

# The order in which tags are written; variables of one line each, that a type may have under a tag.
_TEXTS = (
    "title", "title-short", "container-title", "container-title-short", "collection-title", "event-title", "division",
    "section", "chapter-number", "authority", "volume", "issue", "number", "number-of-volumes", "edition", "version",
    "publisher", "publisher-place", "event-place", "ISSN", "ISBN", "DOI", "URL", "language", "genre", "medium", "scale",
    "dimensions", "status", "references", "call-number", "archive", "archive_location", "source", "reviewed-title",
)  # fmt: skip


def read_ris(text: str, file: str) -> Bibliography:
    """Read a file of tagged records.

    Args:
        text: All of a file of RIS, nbib, Web of Science or EndNote tags.
        file: Its path, for the places of violations.

    Returns:
        The works in the order of their records, each with its line and those of its variables, from 1. A work without
        ID has the key ``""``. Every field is in its item or among its losses, and so is what stands between records.
        Violations (501) for another format, which is named, and for a last record that has no end.

    Examples:
        >>> print(read_ris("@article{a, title = {T}}", "refs.ris").violations[0])
        error: file 'refs.ris': this is BibTeX, not RIS; give it to the reader of that format [EKB501] refs.ris:1
    """
    if len(text) > MAX_CHARACTERS:
        return _refused(file, 0, f"longer than {MAX_CHARACTERS // 1024 // 1024} million characters; split it")
    form = recognise(text)
    if form not in FORMATS:
        if form:
            return _refused(file, 1, f"this is {form}, not RIS; give it to the reader of that format")
        return _refused(file, 1, "no records: expected lines such as 'TY  - JOUR' and 'ER  - '")
    records = split(text, form)
    unended = [record for record in records if not record.ended]
    entries = tuple(entry_of(as_ris(record, form)) for record in records)
    return Bibliography(entries, (_unended(unended, file),) if unended else ())


def write_ris(items: Iterable[Item]) -> str:
    r"""Items as RIS, in their order.

    What RIS has no tag for is left out: :func:`unwritten` tells what. PubMed's and arXiv's numbers stand in notes, as
    ``PMID: 37440646``, which reference managers know.

    Returns:
        Records with lines that end in CR LF, as the format asks; write them with ``newline=""``.

    Examples:
        >>> write_ris([{"id": "a", "type": "book", "title": "T", "number-of-pages": "20"}]).split("\r\n")
        ['TY  - BOOK', 'ID  - a', 'TI  - T', 'SP  - 20', 'ER  - ', '', '']
    """
    return "".join(
        f"{tag}  - {value}\r\n" + ("\r\n" if tag == "ER" else "") for item in items for tag, value in _lines(item)
    )


def unwritten(item: Item) -> tuple[Loss, ...]:
    """What of an item a reader of its RIS does not get back.

    Returns:
        A loss for each variable, in the order of the item: its reason says that RIS has no tag for it, or what comes
        back instead.

    Examples:
        >>> [str(loss) for loss in unwritten({"id": "a", "type": "treaty", "scale": "1:5"})]
        ["type = 'treaty': comes back as 'regulation'", "scale = '1:5': RIS has no tag for it in this type"]
    """
    back = read_ris(write_ris([item]), "").items[0]
    losses = []
    for variable, value in item.items():
        if variable in back and not _same(variable, back[variable], value):
            losses.append(Loss(variable, shown(value), f"comes back as {shown(back[variable])!r}"))
        elif variable not in back:
            losses.append(Loss(variable, shown(value), "RIS has no tag for it in this type"))
    return tuple(losses)


_SCHEMES = {"DOI": "doi", "ISBN": "isbn", "ISSN": "issn", "PMID": "pmid", "PMCID": "pmcid", "URL": "url"}


def _same(variable: str, one: Any, other: Any) -> bool:
    """True for equal values, and for two spellings of one identifier."""
    if one == other:
        return True
    if variable == "custom" and isinstance(one, Mapping) and isinstance(other, Mapping):
        rest, others = ({key: value for key, value in each.items() if key != "arxiv"} for each in (one, other))
        numbers = (Identifier("arxiv", str(each.get("arxiv", ""))) for each in (one, other))
        return rest == others and next(numbers) == next(numbers)
    scheme = _SCHEMES.get(variable)
    return scheme is not None and Identifier(scheme, str(one)) == Identifier(scheme, str(other))


def _refused(file: str, line: int, message: str) -> Bibliography:
    return Bibliography((), (Violation("EKB501", Severity.ERROR, Subject("file", file), message, Place(file, line)),))


def _unended(records: list[Record], file: str) -> Violation:
    first, *more = records
    others = f", and {len(more)} more" if more else ""
    message = f"the record that starts here has no end (ER){others}; all of it was read, but is the file whole?"
    return Violation("EKB501", Severity.WARNING, Subject("file", file), message, Place(file, first.line))


def _lines(item: Item) -> Iterator[tuple[str, str]]:
    """Tags and values of one record."""
    ris_type = RIS_TYPES.get(str(item["type"]), "GEN")
    # A tag means what it means in the type that a reader will see.
    type_ = CSL_TYPES[ris_type]
    tags = written_as(type_)
    yield "TY", ris_type
    if item["id"]:
        yield "ID", _line(item["id"])
    yield from _people(item, tags)
    titled = _conference(item) if type_ == "paper-conference" else _plain(item, tags)
    yield from titled
    yield from _dates(item)
    if page := item.get("page"):
        yield from zip(("SP", "EP"), map(_line, pages_of(page, counts=type_ in COUNTED)), strict=False)
    elif type_ in COUNTED and (count := str(item.get("number-of-pages", ""))).isdigit():
        yield "SP", count
    for word in str(item.get("keyword", "")).split("; "):
        if word:
            yield "KW", _line(word)
    for line in str(item.get("abstract", "")).splitlines():
        yield "AB", _line(line)
    yield from _notes(item)
    yield "ER", ""


def _line(value: Any) -> str:
    return " ".join(str(value).split())


def _plain(item: Item, tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for variable in _TEXTS:
        if value := item.get(variable):
            tag = tags.get(variable) or ("SN" if variable in ("ISSN", "ISBN") else tags.get(_GROUPED.get(variable, "")))
            if tag:
                yield tag, _line(value)


_GROUPED = {"archive_location": "ACCESSION"}


def _conference(item: Item) -> Iterator[tuple[str, str]]:
    """A conference has two names and two places, and one tag too few for each when only one is known."""
    book, event = item.get("container-title"), item.get("event-title")
    place, where = item.get("publisher-place"), item.get("event-place")
    if book:
        yield from [("C3", _line(book)), ("T2", _line(event))] if event else [("T2", _line(book))]
    if place:
        yield from [("C1", _line(place)), ("CY", _line(where))] if where else [("CY", _line(place))]
    rest = {key: value for key, value in item.items() if key not in ("container-title", "publisher-place")}
    yield from _plain(rest, written_as("paper-conference"))


def _people(item: Item, tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for variable in NAMES:
        tag = tags.get(variable)
        if "BOOK EDITOR" in tags and variable == "collection-editor":
            # A2 alone would be the editor of the book.
            tag = "A2" if "editor" in item else None
        elif "BOOK EDITOR" in tags and variable == "editor":
            tag = "A3"
        if tag:
            for person in item.get(variable, ()):
                yield tag, _line(name_of(person))


def _dates(item: Item) -> Iterator[tuple[str, str]]:
    if "issued" in item and (issued := date_of_item(item["issued"])):
        if issued[:4].isdigit():
            yield "PY", issued[:4]
        if not issued.isdigit():
            yield "DA", _line(issued)
    if "accessed" in item and (accessed := date_of_item(item["accessed"])):
        yield "Y2", _line(accessed)


def _notes(item: Item) -> Iterator[tuple[str, str]]:
    for variable in ("PMID", "PMCID"):
        if value := item.get(variable):
            yield "N1", f"{variable}: {_line(value)}"
    if arxiv := item.get("custom", {}).get("arxiv"):
        yield "N1", f"arXiv: {_line(arxiv)}"
    for line in str(item.get("note", "")).splitlines():
        yield "N1", _line(line)
