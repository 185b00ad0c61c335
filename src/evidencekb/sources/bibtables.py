"""What types and fields of BibTeX and biblatex are in CSL, both ways: the tables behind reading and writing.

References:
    Patashnik, O., BibTeXing, section 3. Kime, P., Wemheuer, M. and Lehman, P., The biblatex Package, section 2.
    Citation Style Language 1.0.2, appendices III and IV. What reference managers add was seen in their files.
"""

from __future__ import annotations

from evidencekb.sources.items import NAMES, TYPES

CSL_TYPES: dict[str, str] = {
    "article": "article-journal", "suppperiodical": "article-journal", "periodical": "periodical",
    "magazine_article": "article-magazine", "newspaper_article": "article-newspaper", "review": "review",
    "book": "book", "mvbook": "book", "collection": "book", "mvcollection": "book", "reference": "book",
    "mvreference": "book", "proceedings": "book", "mvproceedings": "book", "booklet": "pamphlet",
    "inbook": "chapter", "bookinbook": "chapter", "suppbook": "chapter", "incollection": "chapter",
    "suppcollection": "chapter", "book_section": "chapter", "inreference": "entry-encyclopedia",
    "inproceedings": "paper-conference", "conference": "paper-conference",
    "thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis", "bathesis": "thesis", "candthesis": "thesis",
    "report": "report", "techreport": "report", "manual": "report",
    "unpublished": "manuscript", "archival": "manuscript", "letter": "personal_communication",
    "online": "webpage", "electronic": "webpage", "www": "webpage", "webpage": "webpage", "web_page": "webpage",
    "misc": "document", "commentary": "document", "bibnote": "document", "set": "document", "generic": "document",
    "dataset": "dataset", "data": "dataset", "software": "software", "softwareversion": "software",
    "softwaremodule": "software", "codefragment": "software", "patent": "patent", "standard": "standard",
    "jurisdiction": "legal_case", "legislation": "legislation", "legal": "treaty",
    "movie": "motion_picture", "film": "motion_picture", "video": "motion_picture", "audio": "song", "music": "song",
    "artwork": "graphic", "image": "graphic", "performance": "performance", "talk": "speech",
    "presentation": "speech", "interview": "interview", "map": "map", "podcast": "broadcast",
}  # fmt: skip
"""The CSL type of each entry type."""

OWN_GENRES = {
    "phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis", "bathesis": "Bachelor’s thesis",
    "candthesis": "Candidate thesis", "manual": "Manual",
}  # fmt: skip
"""The genre that an entry type is a name of; a field ``type`` says it better."""

KEYWORDS = {
    "phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "mastersthesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis", "candthesis": "Candidate thesis", "techreport": "Technical report",
    "resreport": "Research report", "workingpaper": "Working paper", "whitepaper": "White paper",
    "pressrelease": "Press release", "manual": "Manual",
}  # fmt: skip
"""Words that biblatex has for a genre, in the field ``type``."""

SUBTYPES = {
    "magazine": "article-magazine", "newspaper": "article-newspaper", "preprint": "article",
    "film": "motion_picture", "tvbroadcast": "broadcast", "tvepisode": "broadcast", "encyclopedia": "entry-encyclopedia",
    "dictionary": "entry-dictionary", "blog": "post-weblog",
} | {type_: type_ for type_ in TYPES}  # fmt: skip
"""The CSL type that a field ``entrysubtype`` says; the types of CSL say themselves."""

GENRE_TYPES = {
    "treaty": (("hearing", "hearing"), ("regulation", "regulation"), ("bill", "bill"), ("statute", "legislation"),
               ("treaty", "treaty"), ("", "document")),
    "webpage": (("blog", "post-weblog"), ("forum post", "post"), ("social media", "post")),
    "article-journal": (("magazine", "article-magazine"), ("newspaper", "article-newspaper")),
}  # fmt: skip
"""For a CSL type, what a word in ``type`` makes of it."""

ISSUES = frozenset({"article", "periodical", "suppperiodical", "inproceedings", "conference", "magazine_article"})
"""Entry types whose ``number`` counts issues."""
IN_BOOKS = frozenset({
    "inbook", "bookinbook", "suppbook", "incollection", "suppcollection", "book_section", "inreference",
    "inproceedings", "conference",
})  # fmt: skip
"""Entry types of what stands in a book."""
BOOKS = frozenset({
    "book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings", "reference", "mvreference",
})  # fmt: skip
"""Entry types of books."""
SERIAL = IN_BOOKS | BOOKS | {"manual", "booklet"}
"""Entry types whose ``number`` counts the volumes of a series."""
LEGAL = frozenset({"jurisdiction", "legislation", "legal"})
"""Entry types whose institution is a court or another authority."""
PERIODICALS = frozenset({"article", "periodical", "suppperiodical", "magazine_article", "newspaper_article", "review"})
"""Entry types of journals and of what stands in them."""

RICH: dict[str, str] = {
    "shorttitle": "title-short", "series": "collection-title", "origtitle": "original-title",
}  # fmt: skip
"""Fields that hold a title, which may have markup."""
PLAIN: dict[str, str] = {
    "volume": "volume", "volumes": "number-of-volumes", "part": "part-number", "chapter": "chapter-number",
    "edition": "edition", "version": "version", "pagetotal": "number-of-pages", "numpages": "number-of-pages",
    "shortjournal": "container-title-short", "venue": "event-place", "abstract": "abstract", "annotation": "annote",
    "annote": "annote", "keywords": "keyword", "keyword": "keyword", "tags": "keyword", "pubstate": "status",
    "origpublisher": "original-publisher", "origlocation": "original-publisher-place", "library": "call-number",
    "call-number": "call-number", "court": "authority", "eid": "number", "article-number": "number",
    "articleno": "number",
}  # fmt: skip
"""Fields that hold text of one variable."""
VERBATIM: dict[str, str] = {"issn": "ISSN", "pmcid": "PMCID", "pmid": "PMID"}
"""Fields that hold an identifier of one variable."""
DATES: dict[str, str] = {
    "urldate": "accessed", "lastchecked": "accessed", "accessed": "accessed", "eventdate": "event-date",
    "origdate": "original-date",
}  # fmt: skip
"""Fields that hold a date; the date of the work itself may stand in several."""
NAME_FIELDS: dict[str, str] = {
    "author": "author", "editor": "editor", "editors": "editor", "translator": "translator",
    "bookauthor": "container-author", "director": "director", "serieseditor": "collection-editor",
    "editora": "", "editorb": "", "editorc": "", "namea": "", "nameb": "", "namec": "",
    "collaborator": "contributor", "scriptwriter": "script-writer", "illustrator": "illustrator",
    "interviewer": "interviewer", "producer": "producer", "organizer": "organizer", "composer": "composer",
    "narrator": "narrator", "performer": "performer", "recipient": "recipient",
}  # fmt: skip
"""Fields that hold names; '' where a field such as ``editoratype`` says of whom."""
ROLES: dict[str, str] = {
    "collaborator": "contributor", "scriptwriter": "script-writer", "serieseditor": "collection-editor",
    "organiser": "organizer", "bookauthor": "container-author",
} | {name: name for name in NAMES}  # fmt: skip
"""What a role of names is in CSL; the names of CSL say themselves."""

LANGUAGES = {
    "arabic": "ar", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "croatian": "hr", "czech": "cs",
    "danish": "da", "dutch": "nl", "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB",
    "ukenglish": "en-GB", "canadian": "en-CA", "australian": "en-AU", "estonian": "et", "finnish": "fi",
    "french": "fr", "ngerman": "de", "german": "de",  "austrian": "de-AT", "naustrian": "de-AT", "greek": "el",
    "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is", "indonesian": "id", "italian": "it",
    "japanese": "ja", "korean": "ko", "latin": "la", "latvian": "lv", "lithuanian": "lt", "norsk": "nb",
    "nynorsk": "nn", "persian": "fa", "polish": "pl", "portuguese": "pt", "brazilian": "pt-BR", "romanian": "ro",
    "russian": "ru", "serbian": "sr", "slovak": "sk", "slovene": "sl", "spanish": "es", "swedish": "sv",
    "thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi", "welsh": "cy",
}  # fmt: skip
"""Tags of the languages that babel names."""

BOOKKEEPING = frozenset({
    "__markedentry", "acknowledgement", "added-at", "bibdate", "bibsource", "biburl", "category", "coden", "citekey",
    "date-added", "date-modified", "entryset", "execute", "file", "groups", "ids", "key", "label", "options", "owner",
    "presort", "printedkey", "read", "refid", "sortkey", "sortname", "sorttitle", "sortyear", "timestamp", "username",
})  # fmt: skip
"""Fields that are about the entry and not about the work; all ``bdsk-`` and ``mendeley-`` ones are too."""

RELATIONS = frozenset({"crossref", "xref", "xdata", "related", "relatedtype", "relatedstring", "relatedoptions"})
"""Fields that point to other entries."""


def number_of(entry_type: str, *, series: bool) -> str:
    """The variable that ``number`` is: of an issue, of a volume in a series, or of the work.

    Examples:
        >>> number_of("article", series=False), number_of("incollection", series=True), number_of("report", series=True)
        ('issue', 'collection-number', 'number')
    """
    if entry_type in SERIAL and (series or entry_type not in ISSUES):
        return "collection-number"
    return "issue" if entry_type in ISSUES else "number"


ENTRY_TYPES: dict[str, tuple[str, str]] = {
    "article": ("online", "misc"), "article-journal": ("article", "article"), "article-magazine": ("article", "article"),
    "article-newspaper": ("article", "article"), "book": ("book", "book"), "chapter": ("incollection", "incollection"),
    "dataset": ("dataset", "misc"), "entry": ("inreference", "incollection"),
    "entry-dictionary": ("inreference", "incollection"), "entry-encyclopedia": ("inreference", "incollection"),
    "graphic": ("artwork", "misc"), "legal_case": ("jurisdiction", "misc"), "legislation": ("legislation", "misc"),
    "manuscript": ("unpublished", "unpublished"), "motion_picture": ("movie", "misc"), "pamphlet": ("booklet", "booklet"),
    "paper-conference": ("inproceedings", "inproceedings"), "patent": ("patent", "misc"),
    "performance": ("performance", "misc"), "periodical": ("periodical", "misc"),
    "personal_communication": ("letter", "misc"), "post": ("online", "misc"), "post-weblog": ("online", "misc"),
    "report": ("report", "techreport"), "review": ("article", "article"), "review-book": ("article", "article"),
    "software": ("software", "misc"), "song": ("audio", "misc"), "standard": ("standard", "misc"),
    "thesis": ("thesis", "phdthesis"), "treaty": ("legal", "misc"), "webpage": ("online", "misc"),
}  # fmt: skip
"""For a CSL type the entry types of biblatex and of BibTeX; ``misc`` for all others."""

FIELD_NAMES: dict[str, str] = {
    "title": "title", "title-short": "shorttitle", "collection-title": "series", "original-title": "origtitle",
    "event-title": "eventtitle", "volume": "volume", "number-of-volumes": "volumes", "part-number": "part",
    "chapter-number": "chapter", "edition": "edition", "version": "version", "number-of-pages": "pagetotal",
    "container-title-short": "shortjournal", "event-place": "venue", "abstract": "abstract", "annote": "annotation",
    "keyword": "keywords", "status": "pubstate", "original-publisher": "origpublisher",
    "original-publisher-place": "origlocation", "call-number": "library", "note": "note",
}  # fmt: skip
"""Variables of text that one field holds whatever the type."""

IN_BIBTEX = frozenset({
    "abstract", "address", "annote", "archiveprefix", "author", "booktitle", "chapter", "day", "doi", "edition", "editor",
    "eprint", "institution", "isbn", "issn", "journal", "keywords", "language", "month", "note", "number", "pages",
    "pmcid", "pmid", "publisher", "school", "series", "shorttitle", "title", "translator", "type", "url", "urldate",
    "version", "volume", "year",
})  # fmt: skip
"""Fields of BibTeX, and those that most styles and managers added to it."""

BIBTEX_NAMES = {
    "journaltitle": "journal",
    "location": "address",
    "annotation": "annote",
    "eprinttype": "archiveprefix",
    "langid": "language",
}
"""What fields of biblatex are called in BibTeX."""
