"""Records of nbib, Web of Science and EndNote with the tags of RIS.

A field of theirs that no tag of RIS means keeps its own name, and becomes a loss. So do those that repeat another.

References:
    NLM, MEDLINE/PubMed data element (field) descriptions. Clarivate, Web of Science field tags. EndNote, tagged
    "EndNote Import" format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidencekb.sources.tagged import Field, Record

_NBIB = {
    "TI": "TI", "BTI": "BT", "CTI": "T3", "VTI": "T3", "JT": "T2", "TA": "JA", "FAU": "AU", "FED": "ED", "CN": "AU",
    "DP": "DA", "VI": "VL", "IP": "IS", "PG": "SP", "AB": "AB", "IS": "SN", "ISBN": "SN", "LA": "LA", "MH": "KW",
    "OT": "KW", "PL": "CY", "PB": "PB", "PMID": "PMID", "PMC": "PMC", "EN": "ET",
}  # fmt: skip
_NBIB_TYPES = {
    "book": "BOOK", "books": "BOOK", "book chapter": "CHAP", "preprint": "UNPB", "dataset": "DATA",
    "technical report": "RPRT", "newspaper article": "NEWS", "legal case": "CASE", "legislation": "STAT",
    "academic dissertation": "THES", "webcast": "ELEC",
}  # fmt: skip
_WOS = {
    "AF": "AU", "CA": "AU", "GP": "AU", "BF": "A2", "BE": "A2", "TI": "TI", "SO": "T2", "SE": "T3", "LA": "LA",
    "DE": "KW", "ID": "KW", "AB": "AB", "PU": "PB", "PI": "CY", "SN": "SN", "EI": "SN", "BN": "SN", "JI": "JI",
    "J9": "J9", "PD": "DA", "PY": "PY", "VL": "VL", "IS": "IS", "BP": "SP", "EP": "EP", "AR": "C7", "DI": "DO",
    "PM": "PMID", "UT": "AN",
}  # fmt: skip
_WOS_TYPES = {"J": "JOUR", "B": "BOOK", "S": "SER", "P": "PAT"}
_ENDNOTE = {
    "A": "AU", "E": "ED", "Y": "A3", "?": "A4", "T": "TI", "B": "T2", "J": "JF", "S": "T3", "C": "CY", "D": "PY",
    "8": "DA", "I": "PB", "V": "VL", "N": "IS", "P": "SP", "6": "NV", "7": "ET", "9": "M3", "@": "SN", "R": "DO",
    "U": "UR", "X": "AB", "K": "KW", "Z": "N1", "<": "RN", "G": "LA", "L": "CN", "M": "AN", "F": "LB", "!": "ST",
    "[": "Y2", "~": "DB", "W": "DP", "&": "SE", "*": "RI", ">": "L1", "H": "A4", "+": "AD", "Q": "TT", "(": "OP",
}  # fmt: skip
_ENDNOTE_TYPES = {
    "journal article": "JOUR", "electronic article": "EJOUR", "magazine article": "MGZN", "newspaper article": "NEWS",
    "book": "BOOK", "edited book": "EDBOOK", "electronic book": "EBOOK", "book section": "CHAP",
    "electronic book section": "ECHAP", "conference paper": "CPAPER", "conference proceedings": "CONF",
    "thesis": "THES", "report": "RPRT", "government document": "GOVDOC", "web page": "ELEC", "blog": "BLOG",
    "online database": "DBASE", "online multimedia": "MULTI", "dataset": "DATA", "computer program": "COMP",
    "software": "COMP", "patent": "PAT", "case": "CASE", "statute": "STAT", "bill": "BILL", "hearing": "HEAR",
    "legal rule or regulation": "LEGAL", "standard": "STAND", "manuscript": "MANSCPT", "unpublished work": "UNPD",
    "map": "MAP", "artwork": "ART", "figure": "FIGURE", "chart or table": "CHART", "equation": "EQUA",
    "film or broadcast": "MPCT", "audiovisual material": "ADVS", "music": "MUSIC", "pamphlet": "PAMP",
    "personal communication": "PCOMM", "dictionary": "DICT", "encyclopedia": "ENCYC", "ancient text": "ANCIENT",
    "classical work": "CLSWK", "serial": "SER", "grant": "GRANT", "generic": "GEN", "interview": "INTV",
    "podcast": "POD", "unenacted bill/resolution": "UNBILL", "aggregated database": "AGGR",
}  # fmt: skip
_STANDING = ": ask `evidencekb standing`"
NOTICES = {
    "RIN": f"the record says that it was retracted there{_STANDING}", "ROF": "it retracts this other work",
    "PRIN": f"the record says that it was retracted in part there{_STANDING}", "PROF": "it retracts this other work in part",
    "RRI": f"the record says that it was retracted and published again there{_STANDING}",
    "RRF": "it was published again after this was retracted",
    "EIN": f"the record says that it was corrected there{_STANDING}", "EFR": "it corrects this other work",
    "ECI": f"the record says that a concern about it was expressed there{_STANDING}",
    "ECF": "it expresses a concern about this other work",
    "CRI": f"the record says that it was corrected and published again there{_STANDING}",
    "CRF": "it was corrected after this was published",
    "RPI": "the record says that it was published again there", "RPF": "it was published before there",
    "UIN": "the record says that there is a newer version", "UOF": "it is a newer version of this",
    "CIN": "a comment on it", "CON": "it is a comment on this other work", "ORI": "the report it comes from",
    "SPIN": "a summary for patients",
}  # fmt: skip
"""What PubMed's tags for other notices say, by tag."""

_DOI = re.compile(r"(10\.\S+) \[doi\]")
_KIND = re.compile(r"\s*\((?:Print|Electronic|Linking|[^)]{0,20})\)$")


def as_ris(record: Record, form: str) -> Record:
    """A record of another format with the tags of RIS; one of RIS as it is.

    Args:
        record: As the file has it.
        form: One of :data:`~evidencekb.sources.tagged.FORMATS`.
    """
    if form == "ris":
        return record
    fields = list({"nbib": _nbib, "wos": _wos, "endnote": _endnote}[form](record.fields))
    return Record(record.line, fields, record.stray, record.ended)


def _renamed(each: Field, tag: str, value: str) -> Field:
    return Field(tag, value, each.line, each.name or each.tag)


def _unknown(each: Field, mark: str = "") -> Field:
    """A field that keeps its own name: a tag of RIS that is spelled alike would mean something else."""
    return Field(f"{mark}{each.tag} ", each.value, each.line, f"{mark}{each.tag}")


def _nbib(fields: list[Field]) -> Iterator[Field]:
    """PubMed: full names where there are any, DOI among the location ids, types as words."""
    tags = {each.tag for each in fields}
    types = [each for each in fields if each.tag == "PT"]
    known = next((each for each in types if each.value.lower() in _NBIB_TYPES), None)
    default = "CHAP" if {"BTI", "TI"} <= tags else "BOOK" if "BTI" in tags else "JOUR"
    line = known.line if known else fields[0].line
    yield Field("TY", _NBIB_TYPES[known.value.lower()] if known else default, line, "PT")
    for each in fields:
        value = " ".join(each.value.split())
        if each.tag == "PT":
            # What became the type of RIS is said; of a preprint RIS knows only that it is unpublished.
            if value.lower() not in ("journal article", known and known.value.lower()) or value.lower() == "preprint":
                yield _renamed(each, "M3", value)
        elif each.tag in ("LID", "AID") and (match := _DOI.fullmatch(value)):
            yield _renamed(each, "DO", match[1])
        elif each.tag in ("AU", "ED") and f"F{each.tag}" not in tags:
            yield _renamed(each, each.tag, _initials_behind(value))
        elif each.tag in ("AU", "ED"):
            continue  # the same name stands in full beside it
        elif each.tag in ("TI", "BTI"):
            yield _renamed(each, _NBIB[each.tag], title_of_pubmed(value))
        elif each.tag == "IS":
            yield _renamed(each, "SN", _KIND.sub("", value))
        elif each.tag == "CN":
            yield _renamed(each, "AU", f"{value}," if "," not in value else value.replace(",", ",,", 1))
        elif each.tag in _NBIB:
            yield _renamed(each, _NBIB[each.tag], value)
        else:
            yield _unknown(each)


def title_of_pubmed(text: str) -> str:
    """A title without what PubMed puts around it: brackets about what it translated, and a full stop after every one.

    Examples:
        >>> title_of_pubmed("[Replies to applications.]"), title_of_pubmed("On replies.")
        ('Replies to applications', 'On replies')
    """
    title = re.sub(r"^\[(.*?)\.?\]\.?$", r"\1", text)
    return title.removesuffix(".") if not title.endswith("..") else title


def _initials_behind(name: str) -> str:
    """``Noy S`` as ``Noy, S``."""
    family, _, initials = name.rpartition(" ")
    return f"{family}, {initials}" if family and initials.isupper() and len(initials) < 5 else name


def _wos(fields: list[Field]) -> Iterator[Field]:
    """Web of Science: names and keywords on lines or behind semicolons, one record of proceedings with its event."""
    tags = {each.tag for each in fields}
    for each in fields:
        value = each.value if each.tag in ("AF", "AU", "BE", "BF", "BA") else " ".join(each.value.split())
        if each.tag == "PT":
            kind = _WOS_TYPES.get(value, value)
            if "CT" in tags:
                kind = "CPAPER"
            elif kind == "BOOK" and "SO" in tags and "TI" in tags and "BP" in tags:
                kind = "CHAP"
            yield _renamed(each, "TY", kind)
        elif each.tag in ("AU", "BA") and {"AU": "AF", "BA": "BF"}[each.tag] in tags:
            continue  # the same names stand in full beside it
        elif each.tag == "AU":
            yield _renamed(each, "AU", value)
        elif each.tag == "BA":
            yield _renamed(each, "A2", value)
        elif each.tag == "BE" and "BF" in tags:
            continue
        elif each.tag == "CT":
            # With the book in C3, T2 is the name of the conference.
            yield _renamed(each, "T2", value)
        elif each.tag == "SO" and "CT" in tags:
            yield _renamed(each, "C3", value)
        elif each.tag in ("DE", "ID"):
            yield _renamed(each, "KW", "\n".join(value.split("; ")))
        elif each.tag == "CL" and "PI" in tags and "CT" in tags:
            yield _renamed(each, "CY", value)
        elif each.tag == "PI" and "CL" in tags and "CT" in tags:
            yield _renamed(each, "C1", value)
        elif each.tag == "PM":
            yield _renamed(each, "PMID", value)
        elif each.tag in ("CA", "GP"):
            yield _renamed(each, "AU", f"{value},")
        elif each.tag in _WOS:
            yield _renamed(each, _WOS[each.tag], value)
        else:
            yield _unknown(each)


def _endnote(fields: list[Field]) -> Iterator[Field]:
    kinds = [each for each in fields if each.tag == "0"]
    for each in kinds:
        known = _ENDNOTE_TYPES.get(each.value.lower())
        yield Field("TY", known or each.value, each.line, "%0")
    if not kinds:
        journal = any(each.tag == "J" for each in fields) or {"B", "V"} <= {each.tag for each in fields}
        yield Field("TY", "JOUR" if journal else "GEN", fields[0].line, "%0")
    for each in fields:
        if each.tag == "0":
            continue
        if each.tag in _ENDNOTE:
            yield Field(_ENDNOTE[each.tag], each.value, each.line, f"%{each.tag}")
        else:
            yield _unknown(each, "%")
