"""PubMed: its record of an article or of a book, as XML.

References:
    NCBI, Entrez Programming Utilities (EFetch) and the PubMed DTD of 2025. PMC, ID Converter API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.sources.cleaning import RETRACTED, WAS_RETRACTED
from evidencekb.sources.client import Answer, Client
from evidencekb.sources.items import Entry, Item
from evidencekb.sources.markup import inline, paragraphs, plain_text
from evidencekb.sources.neighbours import title_of_pubmed
from evidencekb.sources.services.records import (
    AMONG_FACTS,
    NO_PLACE,
    Facts,
    Looked,
    Organisation,
    Record,
    Related,
    confirm,
    mappings,
    related,
    ror_of,
)
from evidencekb.sources.services.trees import Node, tree

INLINE = ("i", "b", "sup", "sub", "u", "math", "sec", "p")
"""Elements that stand in the middle of a text."""

REGISTRY = (
    "MedlineCitation.@Status", "MedlineCitation.@Owner", "MedlineCitation.@VersionID", "MedlineCitation.@VersionDate",
    "MedlineCitation.@IndexingMethod", "MedlineCitation.PMID.@Version", "MedlineCitation.DateCompleted",
    "MedlineCitation.DateRevised", "MedlineCitation.DateCreated", "MedlineCitation.MedlineJournalInfo",
    "MedlineCitation.CitationSubset", "MedlineCitation.NumberOfReferences", "MedlineCitation.Article.@PubModel",
    "MedlineCitation.Article.AuthorList.@CompleteYN", "MedlineCitation.Article.AuthorList.@Type",
    "MedlineCitation.Article.Journal.ISSN.@IssnType", "MedlineCitation.Article.Journal.JournalIssue.@CitedMedium",
    "PubmedData.History", "PubmedData.PublicationStatus", "BookDocument.PMID.@Version",
    "PubmedBookData.PublicationStatus", "PubmedBookData.History",
)  # fmt: skip
"""Keys about the index: who keeps the record, since when, and in which state."""

_MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_SEASONS = {"winter": 4, "spring": 1, "summer": 2, "autumn": 3, "fall": 3}
# What a correction is to the other, in the words used for Crossref.
_RELATIONS = {
    "CommentIn": "has-comment", "CommentOn": "is-comment-on", "ErratumIn": "updated-by", "ErratumFor": "update-to",
    "RetractionIn": "updated-by", "RetractionOf": "update-to", "ExpressionOfConcernIn": "updated-by",
    "ExpressionOfConcernFor": "update-to", "CorrectedandRepublishedIn": "updated-by",
    "CorrectedandRepublishedFrom": "update-to", "RetractedandRepublishedIn": "updated-by",
    "RetractedandRepublishedFrom": "update-to", "UpdateIn": "has-version", "UpdateOf": "is-version-of",
    "RepublishedIn": "has-version", "RepublishedFrom": "is-version-of",
}  # fmt: skip


def fetch(client: Client, identifier: str) -> Looked:
    """What PubMed knows of a PubMed number, or of a number of PubMed Central (``PMC…``).

    Raises:
        LookupFailed: If it does not know it (``"not_found"``), answers about another, or does not answer.
    """
    by_pmc = identifier.upper().startswith("PMC")
    number = pmid_of(client, identifier) if by_pmc else identifier

    def read(answer: Answer) -> Node | None:
        found = _article_in(answer)
        for outer in ("MedlineCitation", "BookDocument"):
            for citation in mappings(found.get(outer)) if found else ():
                confirm(answer, ids.Identifier("pmid", number), [_text(citation, "PMID")])
        if found and by_pmc:
            confirm(answer, ids.Identifier("pmcid", identifier), _pmcids(found))
        return found

    params = {"db": "pubmed", "id": number, "retmode": "xml"}
    answer = client.get("pubmed", "efetch.fcgi", params=params, allow=(), check=read)
    found = read(answer)
    if found is None:
        raise LookupFailed("pubmed", answer.url, "not_found", f"PubMed has no number {number}")
    return Looked(entry(found), facts(found), "pubmed", answer.url, answer.fetched_on, answer.cached)


def _article_in(answer: Answer) -> Node | None:
    """The first article or book of an answer, if there is one."""
    kinds = ("PubmedArticle", "PubmedBookArticle")
    found = (dict(node) for root in _sets(answer) for kind in kinds for node in mappings(root.get(kind)))
    return next(found, None)


def _pmcids(article: Node) -> list[str]:
    lists = (group for data in mappings(article.get("PubmedData")) for group in mappings(data.get("ArticleIdList")))
    numbers = (one for group in lists for one in mappings(group.get("ArticleId")) if one.get("@IdType") == "pmc")
    return [_pmcid(str(one.get("#") or "")) for one in numbers]


def _pmcid(text: str) -> str:
    """The number alone: older records have ``PMC1; PMC1 [available on …]``."""
    return text.partition(";")[0].strip()


def _sets(answer: Answer) -> list[Mapping[str, Any]]:
    try:
        document = tree(answer.body, inline=INLINE)
    except ValueError as wrong:
        raise LookupFailed("pubmed", answer.url, "unreadable", str(wrong)) from wrong
    if "PubmedArticleSet" not in document:
        raise LookupFailed("pubmed", answer.url, "unreadable", "the answer holds no set of articles")
    return mappings(document["PubmedArticleSet"])


def pmid_of(client: Client, pmcid: str) -> str:
    """The PubMed number of an article of PubMed Central.

    Raises:
        LookupFailed: If it has none (``"not_found"``), or the converter does not answer.
    """
    answer = client.get("pmc", "articles/", params={"ids": pmcid, "format": "json"}, allow=(), check=Answer.json)
    data = answer.json()
    for one in mappings(data.get("records") if isinstance(data, Mapping) else None):
        if number := str(one.get("pmid") or ""):
            confirm(answer, ids.Identifier("pmcid", pmcid), [str(one.get("pmcid") or "")])
            return number
    raise LookupFailed("pmc", answer.url, "not_found", f"{pmcid} has no PubMed number; look it up by its DOI")


def entry(article: Node) -> Entry:
    """A work from a ``PubmedArticle`` or ``PubmedBookArticle``, with what has no place in it."""
    record = Record(dict(article))
    is_book = "BookDocument" in record.data
    outer = "BookDocument" if is_book else "MedlineCitation"
    citation = _one(record, outer)
    number = _take(citation, "PMID")
    item: Item = {"id": f"pmid:{number}" if number else "pubmed", "PMID": number}
    if is_book:
        _book(citation, item)
    else:
        _article(citation, item)
    _ids(record, "PubmedBookData" if is_book else "PubmedData", item)
    for key in ("CoiStatement", "CommentsCorrectionsList", "GrantList", "InvestigatorList"):
        citation.drop(key, AMONG_FACTS)
    for key in (
        "MeshHeadingList", "ChemicalList", "SupplMeshList", "GeneSymbolList", "PersonalNameSubjectList", "OtherID",
        "OtherAbstract", "SpaceFlightMission", "GeneralNote",
    ):  # fmt: skip
        citation.drop(key)
    lists = [text for one in citation.parts("KeywordList") for text in _texts(one, "Keyword")]
    item["keyword"] = ", ".join(plain_text(text) for text in dict.fromkeys(lists))
    if not item.get("title"):
        record.lose("ArticleTitle", "", "the record has no title; write what the work prints")
    record.give_back(outer, citation)
    return record.entry(item, registry=REGISTRY)


def facts(article: Node) -> Facts:
    """Affiliations, funders, statement of interests and other works of a record."""
    outer = [*mappings(article.get("MedlineCitation")), *mappings(article.get("BookDocument")), {}]
    citation = outer[0]
    inner = [*mappings(citation.get("Article")), citation][0]
    bodies: list[Organisation] = []
    for author in (one for group in mappings(inner.get("AuthorList")) for one in mappings(group.get("Author"))):
        name = f"{_text(author, 'ForeName')} {_text(author, 'LastName')}".strip() or _text(author, "CollectiveName")
        for place in mappings(author.get("AffiliationInfo")):
            rors = [ror_of(str(one.get("#") or "")) for one in mappings(place.get("Identifier"))]
            text = plain_text(_text(place, "Affiliation"))
            bodies.append(Organisation(text, "affiliation", "".join(rors[:1]), "", name))
    for grant in (one for group in mappings(inner.get("GrantList")) for one in mappings(group.get("Grant"))):
        awards = (award,) if (award := _text(grant, "GrantID")) else ()
        bodies.append(Organisation(plain_text(_text(grant, "Agency")), "funder", awards=awards))
    others: list[Related] = []
    for group in mappings(citation.get("CommentsCorrectionsList")):
        for one in mappings(group.get("CommentsCorrections")):
            sort = str(one.get("@RefType") or "")
            note = f"{sort}: {_text(one, 'RefSource')}"
            others.append(related(_RELATIONS.get(sort, sort.lower()), _text(one, "PMID"), "pmid", note))
    return Facts(
        tuple(dict.fromkeys(body for body in bodies if body.name or body.ror)),
        tuple(dict.fromkeys(others)),
        plain_text(_text(citation, "CoiStatement")),
    )


def _article(citation: Record, item: Item) -> None:
    article = _one(citation, "Article")
    sorts = [text for group in article.parts("PublicationTypeList") for text in _texts(group, "PublicationType")]
    item["type"] = "article-journal"
    if "Preprint" in sorts:
        item["type"], item["genre"] = "article", "Preprint"
    for text in filter(RETRACTED.fullmatch, sorts):
        citation.lose("PublicationType", text, WAS_RETRACTED)
    said = ("Journal Article", "Preprint")
    if rest := [text for text in sorts if text not in said and not RETRACTED.fullmatch(text)]:
        citation.lose("PublicationType", "; ".join(rest), NO_PLACE)
    item["title"] = title_of_pubmed(inline(_take(article, "ArticleTitle")))
    item["original-title"] = inline(_take(article, "VernacularTitle")).removesuffix(".")
    journal = _one(article, "Journal")
    item["container-title"] = plain_text(_take(journal, "Title"))
    short = plain_text(_take(journal, "ISOAbbreviation"))
    item["container-title-short"] = short if short != item["container-title"] else ""
    item["ISSN"] = _take(journal, "ISSN")
    issue = _one(journal, "JournalIssue")
    item["volume"], item["issue"] = _take(issue, "Volume"), _take(issue, "Issue")
    _issued(citation, "PubDate", _one(issue, "PubDate"), item)
    if electronic := _day(_one(article, "ArticleDate")):
        if "issued" not in item:
            item["issued"] = electronic
        elif electronic != item["issued"]:
            item["available-date"] = electronic
    journal.give_back("JournalIssue", issue)
    article.give_back("Journal", journal)
    pages = _one(article, "Pagination")
    whole, first, last = (_take(pages, key) for key in ("MedlinePgn", "StartPage", "EndPage"))
    item["page"] = _pages(whole) or (f"{first}-{last}" if first and last and first != last else first or last)
    article.give_back("Pagination", pages)
    for one in article.parts("ELocationID"):
        sort, text = one.take("@EIdType"), str(one.take("#") or "")
        if sort == "doi" and one.take("@ValidYN") != "N" and "DOI" not in item:
            item["DOI"] = text
        elif sort == "pii" and not item["page"] and re.fullmatch(r"[A-Za-z]?[0-9]{1,9}", text):
            item["number"] = text
        elif text:
            citation.lose(f"ELocationID.{sort}", text, NO_PLACE)
    _abstract(article, item)
    item["author"] = _authors(citation, article)
    item["language"] = _take(article, "Language")
    article.drop("GrantList", AMONG_FACTS)
    article.drop("DataBankList")
    citation.give_back("Article", article)


def _book(citation: Record, item: Item) -> None:
    book = _one(citation, "Book")
    title, whole = inline(_take(citation, "ArticleTitle")), inline(_take(book, "BookTitle"))
    item["type"] = "chapter" if title and whole else "book"
    item["title"] = (title or whole).removesuffix(".")
    item["container-title"] = whole if title else ""
    publisher = _one(book, "Publisher")
    item["publisher"], item["publisher-place"] = (
        _take(publisher, "PublisherName"),
        _take(publisher, "PublisherLocation"),
    )
    book.give_back("Publisher", publisher)
    _issued(citation, "PubDate", _one(book, "PubDate"), item)
    item["collection-title"], item["edition"] = plain_text(_take(book, "CollectionTitle")), _take(book, "Edition")
    item["ISBN"], item["volume"] = _take(book, "Isbn"), _take(book, "Volume")
    editors = _authors(citation, book)
    own = _authors(citation, citation)
    item["author"] = own or editors
    item["editor"] = editors if own else []
    _abstract(citation, item)
    item["language"] = _take(citation, "Language")
    for key in ("ReferenceList", "PublicationType", "ItemList", "Sections", "ContributionDate", "LocationLabel"):
        citation.drop(key)
    citation.give_back("Book", book)


def _authors(citation: Record, holder: Record) -> list[dict[str, str]]:
    names: list[dict[str, str]] = []
    for group in holder.parts("AuthorList"):
        people = group.parts("Author")
        for one in people:
            family, given = plain_text(_take(one, "LastName")), plain_text(_take(one, "ForeName"))
            initials, suffix = _take(one, "Initials"), plain_text(_take(one, "Suffix"))
            body = plain_text(_take(one, "CollectiveName"))
            valid = one.take("@ValidYN")
            one.take("@EqualContrib")
            for identifier in one.parts("Identifier"):
                sort = identifier.take("@Source")
                citation.lose(f"Author.Identifier.{sort}", str(identifier.take("#") or ""), NO_PLACE)
            one.drop("AffiliationInfo", AMONG_FACTS)
            if valid == "N":
                citation.lose("Author", f"{given} {family} {body}".strip(), "marked as a wrong spelling")
                continue
            if body:
                names.append({"literal": body})
            elif family:
                name = {"family": family, "given": given or initials, "suffix": suffix}
                names.append({key: value for key, value in name.items() if value})
            elif given:
                names.append({"literal": given})
        if group.data.get("@CompleteYN") == "N":
            names.append({"literal": "others"})
        group.give_back("Author", *people)
        group.data = {key: value for key, value in group.data.items() if not key.startswith("@")}
        holder.give_back("AuthorList", group)
    return names


def _abstract(holder: Record, item: Item) -> None:
    lines = []
    for abstract in holder.parts("Abstract"):
        for one in abstract.parts("AbstractText"):
            label, text = one.take("@Label"), paragraphs(str(one.take("#") or ""))
            one.take("@NlmCategory")
            lines.append(f"{label}: {text}" if label and text else text)
        holder.give_back("Abstract", abstract)
    item["abstract"] = "\n".join(line for line in lines if line)


def _issued(citation: Record, key: str, date: Record, item: Item) -> None:
    free = _take(date, "MedlineDate")
    if season := _SEASONS.get(_take(date, "Season").lower()):
        year = _take(date, "Year")
        if re.fullmatch(r"[0-9]{4}", year):
            item["issued"] = {"date-parts": [[int(year)]], "season": season}
    elif day := _day(date):
        item["issued"] = day
    elif free:
        # "1998 Dec-1999 Jan" and the like: the year it starts with is sure.
        if match := re.match(r"([0-9]{4})\b", free):
            item["issued"] = {"date-parts": [[int(match[1])]]}
        citation.lose("MedlineDate", free, "a span of time; the year it begins with was taken" if match else "no date")
    else:
        citation.lose(key, "", "the record has no date of publication")


def _day(date: Record) -> dict[str, Any] | None:
    year, month, day = (_take(date, key) for key in ("Year", "Month", "Day"))
    date.take("@DateType")
    if not re.fullmatch(r"[0-9]{4}", year):
        return None
    parts = [int(year)]
    number = int(month) if month.isascii() and month.isdigit() and len(month) < 3 else _MONTHS.get(month[:3].lower(), 0)
    if 1 <= number <= 12:
        parts.append(number)
        if re.fullmatch(r"0?[1-9]|[12][0-9]|3[01]", day):
            parts.append(int(day))
    return {"date-parts": [parts]}


def _pages(text: str) -> str:
    """Pages as they are meant: PubMed leaves out what repeats.

    Examples:
        >>> _pages("1559-70"), _pages("e12-3"), _pages("S3-9"), _pages("12-15; discussion 16")
        ('1559-1570', 'e12-e13', 'S3-S9', '12-15; discussion 16')
    """
    match = re.fullmatch(r"([A-Za-z]*)([0-9]+)-([0-9]+)", text)
    if match is None:
        return text
    letters, first, last = match.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{letters}{first}-{letters}{last}"


def _ids(record: Record, key: str, item: Item) -> None:
    data = _one(record, key)
    for group in data.parts("ArticleIdList"):
        for one in group.parts("ArticleId"):
            sort, text = one.take("@IdType"), str(one.take("#") or "")
            if sort == "doi":
                item.setdefault("DOI", text)
            elif sort == "pmc":
                item.setdefault("PMCID", _pmcid(text))
            elif sort == "pubmed" and text == item["PMID"]:
                continue
            elif text and text != item.get("number"):
                record.lose(f"ArticleId.{sort}", text, NO_PLACE)
    data.drop("ReferenceList")
    record.give_back(key, data)


def _one(record: Record, key: str) -> Record:
    """The first element of a name; further ones stay."""
    values = record.data.get(key)
    if not isinstance(values, list) or not values or not isinstance(values[0], Mapping):
        return Record({}, record.losses)
    first = values.pop(0)
    if not values:
        del record.data[key]
    return Record(dict(first), record.losses)


def _take(record: Record, key: str) -> str:
    text = str(_one(record, key).data.get("#") or "")
    record.tell_unseen(key, text)
    return " ".join(text.split())


def _texts(record: Record, key: str) -> list[str]:
    return [str(one.data.get("#")) for one in record.parts(key) if one.data.get("#")]


def _text(node: Any, key: str) -> str:
    found = mappings(node.get(key))
    return " ".join(str(found[0].get("#") or "").split()) if found else ""
