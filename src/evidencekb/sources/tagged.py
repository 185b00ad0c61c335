r"""Files of tagged lines cut into records: RIS, PubMed's nbib, Web of Science's export and EndNote's.

No meaning is given to a tag here. A record is its fields in their order, and the lines that belong to none.

>>> records = split("TY  - JOUR\nTI  - Long\ntitle\nER  - \n", "ris")
>>> [(field.tag, field.value, field.line) for field in records[0].fields]
[('TY', 'JOUR', 1), ('TI', 'Long\ntitle', 2)]
>>> recognise("PMID- 37440646\nTI  - A title\n"), recognise("@article{a,")
('nbib', 'BibTeX')

References:
    RIS format specification (2001, 2011). NLM, MEDLINE/PubMed data element (field) descriptions. Clarivate, Web of
    Science field tags. EndNote, tagged "EndNote Import" format.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

FORMATS = ("ris", "nbib", "wos", "endnote")
"""What :func:`split` cuts."""

# A line that holds a type and nothing else: by these a file is recognised, and how freely it writes its tags.
_TYPE_LINE = re.compile(r"^([ \t]*)(TY)([ \t]*)-[ \t]*[A-Z]{0,12}[ \t]*$", re.IGNORECASE | re.MULTILINE)
_STRICT = re.compile(r"([A-Z][A-Z0-9])(?: {2,}| *\t[ \t]*)-(.*)")
_GAP = re.compile(r" {2,}| *\t[ \t]*")
_NBIB = re.compile(r"([A-Z]{2,4}) {0,2}- (.*)|([A-Z]{2,4}) {0,2}-$")
_WOS = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|$)")
_ENDNOTE = re.compile(r"%(\S)(?:[ \t]+(.*)|$)")
_NUMBERING = re.compile(r"(?:Record )?[0-9]+[.)]?|<[0-9]+>", re.IGNORECASE)
_FIRST_OF_ENDNOTE = frozenset("0TAF")
_KNOWN = frozenset(
    "TY ER ID T1 T2 T3 TI ST CT BT TT A1 A2 A3 A4 A5 AU ED TA JO JF JA J1 J2 PY Y1 Y2 DA SP EP VL IS CP SN DO UR L1 L2 L3 "
    "L4 LK PB CY PP KW AB N1 N2 RN AN DB DP ET C1 C2 C3 C4 C5 C6 C7 C8 M1 M2 M3 LA LB AD CN CA NV OP RI RP SE SV AV "
    "U1 U2 U3 U4 U5 PU PI PA VO JI J9".split()
)
# How the files look that are none of these, and what to say: pattern of the start, name.
_OTHERS = (
    (re.compile(r"@\s*[A-Za-z]+\s*[{(]"), "BibTeX"),
    (re.compile(r"<\?xml|<xml|<!DOCTYPE|<[A-Za-z]+[ >]"), "XML"),
    (re.compile(r"[\[{]"), "JSON"),
    (re.compile(r"RT [A-Z]"), "RefWorks Tagged Format"),
    (re.compile(r"<1>\s*\n|VN {2}- Ovid|DB {2}- (?:Ovid|MEDLINE)"), "Ovid's own format"),
    (re.compile(r"[^\n]{0,400}\b(?:title|authors?)\b[^\n]{0,400}[,;\t]", re.IGNORECASE), "a table (CSV)"),
)


@dataclass(slots=True)
class Field:
    """One tag and its value.

    Attributes:
        tag: As RIS has it.
        value: Without white space around it; further lines follow after a line feed.
        line: Line of the tag, from 1.
        name: As the file has it, where that is not RIS.
    """

    tag: str
    value: str
    line: int
    name: str = ""


@dataclass(slots=True)
class Record:
    """One record.

    Attributes:
        line: Line it starts on, from 1.
        fields: Its fields in their order; the end of the record is none.
        stray: What stands between its end and the next record, and before the first one.
        ended: False when no line says that it ends.
    """

    line: int
    fields: list[Field] = field(default_factory=list)
    stray: list[Field] = field(default_factory=list)
    ended: bool = False


def lines_of(text: str) -> list[str]:
    """The lines of a text, whichever of CR LF, LF and CR ends them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def recognise(text: str) -> str:
    """One of :data:`FORMATS`, the name of another format, or '' when it looks like nothing that is known."""
    start = text.lstrip("\ufeff \t\r\n")[:4096].replace("\r\n", "\n").replace("\r", "\n")
    if re.match(r"PMID- *[0-9]", start):
        return "nbib"
    if re.match(r"FN [^\n]+\nVR |PT [A-Z]\n", start):
        return "wos"
    if re.match(r"%[0TAF] ", start):
        return "endnote"
    if re.match(r"TY[ \t]*-", start, re.IGNORECASE):
        return "ris"
    if named := next((name for pattern, name in _OTHERS if pattern.match(start)), ""):
        return named
    return "ris" if _TYPE_LINE.search(text.replace("\r", "\n")) else ""


def split(text: str, form: str) -> list[Record]:
    """The records of a file.

    Args:
        text: All of it.
        form: One of :data:`FORMATS`.
    """
    return {"ris": _split_ris, "nbib": _split_nbib, "wos": _split_wos, "endnote": _split_endnote}[form](lines_of(text))


@dataclass(slots=True)
class _Collector:
    """Gathers lines into fields and records; further lines of a value are joined once, when it ends."""

    records: list[Record] = field(default_factory=list)
    before: list[Field] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    last: Field | None = None

    def start(self, line: int) -> None:
        self.close()
        self.records.append(Record(line, stray=self.before))
        self.before = []

    def add(self, tag: str, value: str, line: int, name: str = "") -> None:
        """A field of the open record, or a stray one where none is open."""
        self.close()
        self.last = Field(tag, "", line, name)
        self.parts = [value]
        open_record = self.records and not self.records[-1].ended
        (self.records[-1].fields if open_record else self._strays()).append(self.last)

    def more(self, text: str, line: int) -> None:
        """A line without a tag: it goes on with the last field, or stands between records."""
        outside = not self.records or self.records[-1].ended
        if outside and _NUMBERING.fullmatch(text.strip()):
            return
        if self.last is not None:
            self.parts.append(text)
        elif text.strip():
            self.add("", text, line, "(no tag)")

    def close(self) -> None:
        if self.last is not None:
            kept = (part.strip() for part in self.parts)
            self.last.value = "\n".join(part for part in kept if part)
            self.last = None

    def end(self) -> None:
        self.close()
        if self.records:
            self.records[-1].ended = True

    def _strays(self) -> list[Field]:
        return self.records[-1].stray if self.records else self.before

    def done(self) -> list[Record]:
        self.close()
        return self.records


def _tag_finder(text: str) -> Callable[[str], tuple[str, str] | None]:
    """What finds tag and value of a line, as freely as the file writes its own types.

    A file that keeps to the form has two spaces or a tab behind each tag, so that a line of an abstract that starts
    with "UK - based" is none. Only where the types themselves are written otherwise, tags may be too, known ones alone.
    """
    types = _TYPE_LINE.findall(text)
    if all(not indent and tag.isupper() and _GAP.fullmatch(gap) for indent, tag, gap in types):
        return _strict_tag
    indent = r"[ \t]*" if any(indent for indent, _, _ in types) else ""
    letters = "[A-Za-z][A-Za-z0-9]" if any(not tag.isupper() for _, tag, _ in types) else "[A-Z][A-Z0-9]"
    free = re.compile(rf"{indent}({letters})[ \t]*-(.*)")

    def find(line: str) -> tuple[str, str] | None:
        match = free.match(line)
        return (match[1].upper(), match[2]) if match and match[1].upper() in _KNOWN else None

    return find


def _strict_tag(line: str) -> tuple[str, str] | None:
    match = _STRICT.match(line)
    return (match[1], match[2]) if match else None


def _split_ris(lines: list[str]) -> list[Record]:
    collector = _Collector()
    find = _tag_finder("\n".join(lines))
    for number, line in enumerate(lines, 1):
        found = find(line)
        if found is None:
            collector.more(line, number)
        elif found[0] == "TY":
            collector.start(number)
            collector.add("TY", found[1], number)
        elif found[0] == "ER":
            if found[1].strip() and collector.records and not collector.records[-1].ended:
                collector.add("ER", found[1], number)
            collector.end()
        else:
            collector.add(*found, number)
    return collector.done()


def _split_nbib(lines: list[str]) -> list[Record]:
    collector = _Collector()
    for number, line in enumerate(lines, 1):
        match = _NBIB.match(line)
        if match is None:
            collector.more(line, number)
            continue
        tag = match[1] or match[3]
        if tag == "PMID":
            if collector.records:
                collector.end()
            collector.start(number)
        collector.add(tag, match[2] or "", number)
    collector.end()
    return collector.done()


def _split_wos(lines: list[str]) -> list[Record]:
    collector = _Collector()
    for number, line in enumerate(lines, 1):
        match = _WOS.match(line)
        if match is None:
            collector.more(line, number)
        elif match[1] == "ER":
            collector.end()
        elif match[1] in ("EF", "FN", "VR"):
            collector.close()
        elif match[1] == "PT":
            collector.start(number)
            collector.add("PT", match[2] or "", number)
        else:
            collector.add(match[1], match[2] or "", number)
    return collector.done()


def _split_endnote(lines: list[str]) -> list[Record]:
    """EndNote's records begin with ``%0``, or with a title or author after an empty line when they have none."""
    collector = _Collector()
    seen: set[str] = set()
    blank = True
    for number, line in enumerate(lines, 1):
        match = _ENDNOTE.match(line)
        if match is None:
            blank = blank or not line.strip()
            collector.more(line, number)
            continue
        tag = match[1]
        if not seen or (tag == "0" and "0" in seen) or (blank and tag in _FIRST_OF_ENDNOTE and "T" in seen):
            if collector.records:
                collector.end()
            collector.start(number)
            seen = set()
        seen.add(tag)
        blank = False
        collector.add(tag, match[2] or "", number)
    collector.end()
    return collector.done()
