"""Which kind of source a work is, and which type and genre of CSL a kind has.

>>> kind_of({"type": "report", "genre": "Working paper"}), kind_of({"type": "legal_case"})
('working_paper', 'legal_decision')

References:
    Citation Style Language 1.0.2, appendix III, for the types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CSL_OF_KIND: dict[str, tuple[str, str]] = {
    "journal_article": ("article-journal", ""),
    "conference_paper": ("paper-conference", ""),
    "preprint": ("article", "Preprint"),
    "working_paper": ("report", "Working paper"),
    "book": ("book", ""),
    "thesis": ("thesis", ""),
    "report": ("report", ""),
    "official_statistics": ("report", "Official statistics"),
    "legal_decision": ("legal_case", ""),
    "legal_filing": ("document", "Court filing"),
    "legislation": ("legislation", ""),
    "dataset": ("dataset", ""),
    "press_release": ("webpage", "Press release"),
    "news_article": ("article-newspaper", ""),
    "blog_post": ("post-weblog", ""),
    "web_page": ("webpage", ""),
}
"""For each kind its CSL type, and the genre that tells it from other kinds of the same type ('' for none)."""

EXPECTED: dict[str, tuple[str, ...]] = {
    "journal_article": ("title", "authors", "published_on", "container", "volume", "doi"),
    "conference_paper": ("title", "authors", "published_on", "container"),
    "preprint": ("title", "authors", "published_on"),
    "working_paper": ("title", "authors", "published_on", "publisher"),
    "book": ("title", "authors", "published_on", "publisher"),
    "thesis": ("title", "authors", "published_on", "publisher"),
    "report": ("title", "published_on", "publisher"),
    "official_statistics": ("title", "published_on", "publisher"),
    "legal_decision": ("title", "published_on", "publisher", "docket"),
    "legal_filing": ("title", "published_on", "docket"),
}
"""For each kind the fields that a reference to it has, as a rule."""

ALWAYS_EXPECTED = ("title", "published_on")
"""The same for kinds that are not listed."""

_KINDS = {
    "article": "preprint", "article-journal": "journal_article", "article-magazine": "news_article",
    "article-newspaper": "news_article", "bill": "legislation", "book": "book", "broadcast": "web_page",
    "chapter": "book", "classic": "book", "collection": "book", "dataset": "dataset", "document": "report",
    "entry": "book", "entry-dictionary": "book", "entry-encyclopedia": "book", "event": "web_page",
    "figure": "web_page", "graphic": "web_page", "hearing": "legal_filing", "interview": "news_article",
    "legal_case": "legal_decision", "legislation": "legislation", "manuscript": "working_paper", "map": "web_page",
    "motion_picture": "web_page", "musical_score": "book", "pamphlet": "report",
    "paper-conference": "conference_paper", "patent": "legal_filing", "performance": "web_page", "periodical": "book",
    "personal_communication": "web_page", "post": "web_page", "post-weblog": "blog_post", "regulation": "legislation",
    "report": "report", "review": "journal_article", "review-book": "journal_article", "software": "dataset",
    "song": "web_page", "speech": "conference_paper", "standard": "report", "thesis": "thesis",
    "treaty": "legislation", "webpage": "web_page",
}  # fmt: skip
# Words of a genre that say more than the type: (word, types it is believed of, kind).
_BY_GENRE = (
    ("preprint", ("article", "article-journal", "report", "manuscript", "document", "webpage"), "preprint"),
    ("working paper", ("article", "report", "manuscript", "document"), "working_paper"),
    ("discussion paper", ("article", "report", "manuscript", "document"), "working_paper"),
    ("workingpaper", ("article", "report", "manuscript", "document"), "working_paper"),
    ("press release", ("webpage", "report", "document", "article", "article-newspaper", "post"), "press_release"),
    ("pressrelease", ("webpage", "report", "document", "article", "article-newspaper", "post"), "press_release"),
    ("court filing", ("document", "legal_case", "report"), "legal_filing"),
    ("complaint", ("document", "legal_case"), "legal_filing"),
    ("legal filing", ("document", "legal_case", "report"), "legal_filing"),
    ("official statistics", ("report", "dataset", "webpage", "document"), "official_statistics"),
    ("thesis", ("book", "document", "report", "manuscript"), "thesis"),
    ("dissertation", ("book", "document", "report", "manuscript"), "thesis"),
)
# What stands on the web and names no publisher who printed it.
_MAY_BE_PAGE = ("document", "entry")


def kind_of(item: Mapping[str, Any]) -> str:
    """The kind of source that an item most likely is; a person may know better.

    Returns:
        A term of :class:`~evidencekb.vocab.SourceKind`, from the type, the genre, and for preprints the arXiv number.
    """
    type_ = str(item.get("type", ""))
    genre = str(item.get("genre", "")).casefold()
    for word, types, kind in _BY_GENRE:
        if type_ in types and word in genre:
            return kind
    if type_ in _MAY_BE_PAGE and "URL" in item and "publisher" not in item:
        return "web_page"
    return _KINDS.get(type_, "web_page" if "URL" in item else "report")
