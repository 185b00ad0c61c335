"""What types and tags of RIS mean in CSL: the one place of both directions.

>>> CSL_TYPES["JOUR"], RIS_TYPES["article-journal"]
('article-journal', 'JOUR')
>>> tags_of("legal_case")["T2"], tags_of("article-journal")["SN"]
('container-title', 'SN')

References:
    RIS format specification (2001, 2011). EndNote, table of tags by type of reference. Zotero, its reading of RIS, for
    what a tag means in a type.
"""

from __future__ import annotations

from functools import cache

CSL_TYPES = {
    "ABST": "article-journal", "ADVS": "motion_picture", "AGGR": "dataset", "ANCIENT": "classic", "ART": "graphic",
    "BILL": "bill", "BLOG": "post-weblog", "BOOK": "book", "CASE": "legal_case", "CHAP": "chapter", "CHART": "figure",
    "CLSWK": "classic", "COMP": "software", "CONF": "paper-conference", "CPAPER": "paper-conference", "CTLG": "book",
    "DATA": "dataset", "DBASE": "dataset", "DICT": "entry-dictionary", "DISS": "thesis", "EBOOK": "book",
    "ECHAP": "chapter", "EDBOOK": "book", "EJOUR": "article-journal", "ELEC": "webpage",
    "ENCYC": "entry-encyclopedia", "EQUA": "figure", "FIGURE": "figure", "GEN": "document", "GOVDOC": "report",
    "GRANT": "document", "GRNT": "document", "HEAR": "hearing", "ICOMM": "personal_communication",
    "INPR": "article-journal", "INTV": "interview", "JFULL": "periodical", "JOUR": "article-journal",
    "LEGAL": "regulation", "MANSCPT": "manuscript", "MAP": "map", "MGZN": "article-magazine",
    "MPCT": "motion_picture", "MULTI": "webpage", "MUSIC": "musical_score", "NEWS": "article-newspaper",
    "PAMP": "pamphlet", "PAT": "patent", "PCOMM": "personal_communication", "POD": "broadcast", "RPRT": "report",
    "SER": "book", "SLIDE": "speech", "SOUND": "song", "STAND": "standard", "STAT": "legislation",
    "THES": "thesis", "UNBILL": "bill", "UNPB": "manuscript", "UNPD": "manuscript", "VIDEO": "motion_picture",
    "WEB": "webpage",
}  # fmt: skip
"""For each type of RIS the type of CSL; two types of which RIS knows one are told apart by their genre."""

RIS_TYPES = {
    "article": "UNPB", "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
    "bill": "BILL", "book": "BOOK", "broadcast": "ADVS", "chapter": "CHAP", "classic": "CLSWK", "collection": "SER",
    "dataset": "DATA", "document": "GEN", "entry": "ENCYC", "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC", "event": "GEN", "figure": "FIGURE", "graphic": "ART", "hearing": "HEAR",
    "interview": "PCOMM", "legal_case": "CASE", "legislation": "STAT", "manuscript": "MANSCPT", "map": "MAP",
    "motion_picture": "MPCT", "musical_score": "MUSIC", "pamphlet": "PAMP", "paper-conference": "CONF",
    "patent": "PAT", "performance": "ADVS", "periodical": "JFULL", "personal_communication": "PCOMM",
    "post": "ICOMM", "post-weblog": "BLOG", "regulation": "LEGAL", "report": "RPRT", "review": "JOUR",
    "review-book": "JOUR", "software": "COMP", "song": "SOUND", "speech": "SLIDE", "standard": "STAND",
    "thesis": "THES", "treaty": "LEGAL", "webpage": "ELEC",
}  # fmt: skip
"""For each type of CSL the type of RIS it is written as."""

COUNTED = frozenset({"book", "classic", "thesis", "manuscript", "pamphlet"})
"""Types of whole works: a first page without a last one is their number of pages."""

# Tags in the order in which they are believed: the first that holds anything fills the variable, and is the one written.
# Upper-case targets are no variables but what several of them come from: see ris.py.
_ALL = {
    "TI": "title", "T1": "title", "CT": "title", "ST": "title-short", "AU": "author", "A1": "author", "ED": "editor",
    "A2": "editor", "A3": "collection-editor", "A4": "translator", "T2": "container-title", "JF": "container-title",
    "BT": "container-title", "JO": "JOURNAL", "J2": "container-title-short", "JA": "container-title-short",
    "JI": "container-title-short", "J1": "container-title-short", "J9": "container-title-short",
    "T3": "collection-title", "VL": "volume", "VO": "volume", "IS": "issue", "CP": "issue", "SP": "PAGES",
    "EP": "PAGES", "C7": "ARTICLE", "DA": "ISSUED", "PY": "ISSUED", "Y1": "ISSUED", "Y2": "accessed",
    "ET": "edition", "PB": "publisher", "PU": "publisher", "CY": "publisher-place", "PP": "publisher-place",
    "PI": "publisher-place", "NV": "number-of-volumes", "SE": "section", "M1": "NUMBER", "SN": "SN", "DO": "DOI",
    "UR": "URL", "LK": "LINK", "L2": "LINK", "L1": "FILE", "L3": "FILE", "L4": "FILE", "AB": "abstract",
    "N2": "abstract", "KW": "keyword", "LA": "language", "M3": "genre", "CN": "call-number", "AN": "ACCESSION",
    "DB": "archive", "DP": "source", "RI": "reviewed-title", "C2": "PMCID", "C5": "PMID", "N1": "note", "RN": "note",
    "ID": "id", "LB": "id", "PMID": "PMID", "PMC": "PMCID", "ISSN": "SN", "ISBN": "SN",
}  # fmt: skip
_BY_TYPE: dict[str, dict[str, str]] = {
    "book": {"T2": "collection-title", "BT": "title", "A2": "BOOK EDITOR", "A3": "BOOK EDITOR"},
    "classic": {"T2": "collection-title", "BT": "title", "A2": "BOOK EDITOR", "A3": "BOOK EDITOR"},
    "chapter": {"SE": "chapter-number", "C2": "container-author", "M1": "number-of-volumes"},
    "paper-conference": {"T2": "PROCEEDINGS", "C3": "PROCEEDINGS", "C1": "CONFERENCE PLACE", "CY": "CONFERENCE PLACE"},
    "report": {"T2": "collection-title", "IS": "number"},
    "thesis": {"T2": "division", "A2": "contributor", "A3": "contributor"},
    "legal_case": {"SV": "number", "PB": "authority", "A2": "contributor", "A4": "contributor", "OP": "references"},
    "bill": {
        "T3": "authority", "ET": "chapter-number", "A2": "contributor", "A3": "contributor", "OP": "references",
    },
    "hearing": {"T2": "section", "T3": "authority", "ET": "chapter-number", "OP": "references"},
    "legislation": {"ET": "chapter-number", "OP": "references"},
    "regulation": {"OP": "references"},
    "patent": {"A2": "authority", "M1": "call-number", "C6": "status", "OP": "references", "C1": "submitted"},
    "manuscript": {"BT": "title"},
    "software": {"T2": "collection-title", "ET": "version"},
    "dataset": {"ET": "version"},
    "song": {"A2": "performer"},
    "speech": {"T2": "event-title", "CY": "event-place"},
    "interview": {"A2": "interviewer"},
    "personal_communication": {"A2": "recipient"},
    "map": {"C1": "scale", "T2": "collection-title"},
    "graphic": {"M3": "medium", "C3": "dimensions"},
}  # fmt: skip
LEFT = {
    "AD": "the address of an author", "PA": "the address of a publisher", "CA": "a caption", "RP": "a reprint's state",
    "TT": "a translated title", "TA": "a name in other letters", "AI": "numbers of authors", "WE": "an index",
    "FU": "funders", "FX": "funders", "C3": "an author's body", "TS": "the format itself", "NL": "an abbreviation",
    "U1": "a user's own field", "U2": "a user's own field", "U3": "a user's own field", "U4": "a user's own field",
    "U5": "a user's own field", "OP": "an earlier publication", "AV": "where a copy is",
}  # fmt: skip
"""What stands under tags that no variable of CSL takes."""


_WRITTEN = {"report": {"number": "M1"}, "legal_case": {"number": "SV"}, "patent": {"number": "SN"}}
# Types whose numbers are volume and issue, or an ISBN: M1 is something else with them, each program its own.
_UNNUMBERED = frozenset({
    "article-journal", "article-magazine", "article-newspaper", "book", "classic", "periodical", "paper-conference",
})  # fmt: skip


@cache
def tags_of(type_: str) -> dict[str, str]:
    """The tags of works of a type, the believed ones first, with what each fills."""
    own = _BY_TYPE.get(type_, {})
    known = {tag: own.get(tag, to) for tag, to in _ALL.items()}
    if "M1" not in own:
        known["M1"] = "UNNUMBERED" if type_ in _UNNUMBERED else "NUMBER"
    return known | own


@cache
def written_as(type_: str) -> dict[str, str]:
    """For each variable that works of a type have a tag for, that tag."""
    tags: dict[str, str] = {}
    for tag, to in tags_of(type_).items():
        tags.setdefault("number" if to == "NUMBER" else to, tag)
    return tags | _WRITTEN.get(type_, {})
