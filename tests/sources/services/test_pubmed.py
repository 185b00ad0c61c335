"""Records of PubMed, after the shape of EFetch; the people and numbers are made up."""

from __future__ import annotations

from typing import Any

from evidencekb import ids
from evidencekb.sources.cleaning import WAS_RETRACTED
from evidencekb.sources.items import VARIABLES, Entry
from evidencekb.sources.markup import UNSEEN
from evidencekb.sources.services.pubmed import INLINE, entry, facts
from evidencekb.sources.services.records import Organisation
from evidencekb.sources.services.trees import tree

ARTICLE = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
<PubmedArticle>
 <MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">
  <PMID Version="1">1234567</PMID>
  <DateRevised><Year>2024</Year><Month>01</Month><Day>02</Day></DateRevised>
  <Article PubModel="Print-Electronic">
   <Journal>
    <ISSN IssnType="Electronic">0264-3561</ISSN>
    <JournalIssue CitedMedium="Internet">
     <Volume>5</Volume><Issue>1</Issue>
     <PubDate><Year>2021</Year><Month>Apr</Month><Day>02</Day></PubDate>
    </JournalIssue>
    <Title>Journal of psychoceramics</Title>
    <ISOAbbreviation>J Psychoceram</ISOAbbreviation>
   </Journal>
   <ArticleTitle>Cracks in <i>Amphora</i> at p &lt; 0.05: H<sub>2</sub>O &amp; clay.</ArticleTitle>
   <Pagination><StartPage>1559</StartPage><EndPage>1570</EndPage><MedlinePgn>1559-70</MedlinePgn></Pagination>
   <ELocationID EIdType="doi" ValidYN="Y">10.5555/psy.1</ELocationID>
   <Abstract>
    <AbstractText Label="AIM" NlmCategory="OBJECTIVE">To look at <i>cracks</i>.</AbstractText>
    <AbstractText Label="RESULT" NlmCategory="RESULTS">There are some.</AbstractText>
    <CopyrightInformation>The authors.</CopyrightInformation>
   </Abstract>
   <AuthorList CompleteYN="N">
    <Author ValidYN="Y">
     <LastName>Carberry</LastName><ForeName>Josiah</ForeName><Initials>J</Initials><Suffix>Jr</Suffix>
     <Identifier Source="ORCID">0000-0002-1825-0097</Identifier>
     <AffiliationInfo>
      <Affiliation>Example University.</Affiliation>
      <Identifier Source="ROR">https://ror.org/05rbhea42</Identifier>
     </AffiliationInfo>
    </Author>
    <Author ValidYN="Y"><CollectiveName>Amphora Study Group</CollectiveName></Author>
   </AuthorList>
   <Language>eng</Language>
   <GrantList CompleteYN="Y"><Grant><GrantID>G-1</GrantID><Agency>Example Fund</Agency></Grant></GrantList>
   <PublicationTypeList>
    <PublicationType UI="D016428">Journal Article</PublicationType>
    <PublicationType UI="D016449">Randomized Controlled Trial</PublicationType>
   </PublicationTypeList>
   <ArticleDate DateType="Electronic"><Year>2021</Year><Month>02</Month><Day>28</Day></ArticleDate>
  </Article>
  <MedlineJournalInfo><Country>Utopia</Country></MedlineJournalInfo>
  <MeshHeadingList><MeshHeading><DescriptorName UI="D1">Clay</DescriptorName></MeshHeading></MeshHeadingList>
  <CommentsCorrectionsList>
   <CommentsCorrections RefType="ErratumIn"><RefSource>J Psychoceram. 2022</RefSource><PMID>7654321</PMID></CommentsCorrections>
   <CommentsCorrections RefType="UpdateOf"><RefSource>doi: 10.5555/pre</RefSource></CommentsCorrections>
  </CommentsCorrectionsList>
  <KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">clay</Keyword><Keyword>cracks</Keyword></KeywordList>
  <CoiStatement>J.C. sells pots.</CoiStatement>
 </MedlineCitation>
 <PubmedData>
  <History><PubMedPubDate PubStatus="pubmed"><Year>2021</Year></PubMedPubDate></History>
  <PublicationStatus>ppublish</PublicationStatus>
  <ArticleIdList>
   <ArticleId IdType="pubmed">1234567</ArticleId>
   <ArticleId IdType="pmc">PMC7654321</ArticleId>
   <ArticleId IdType="doi">10.5555/psy.1</ArticleId>
  </ArticleIdList>
  <ReferenceList><Reference><Citation>An older work.</Citation></Reference></ReferenceList>
 </PubmedData>
</PubmedArticle>
</PubmedArticleSet>"""

BOOK = """<PubmedArticleSet><PubmedBookArticle><BookDocument>
 <PMID Version="1">2345678</PMID>
 <ArticleIdList><ArticleId IdType="bookaccession">NBK1</ArticleId></ArticleIdList>
 <Book>
  <Publisher><PublisherName>Example Press</PublisherName><PublisherLocation>Utopia</PublisherLocation></Publisher>
  <BookTitle book="pots">All of Pots</BookTitle>
  <PubDate><Year>2020</Year></PubDate>
  <AuthorList Type="editors"><Author><LastName>Doe</LastName><ForeName>Jane</ForeName></Author></AuthorList>
 </Book>
 <ArticleTitle>Handles</ArticleTitle>
 <Language>eng</Language>
 <AuthorList Type="authors"><Author><LastName>Roe</LastName><Initials>R</Initials></Author></AuthorList>
 <Abstract><AbstractText>On handles.</AbstractText></Abstract>
</BookDocument><PubmedBookData><PublicationStatus>ppublish</PublicationStatus></PubmedBookData></PubmedBookArticle>
</PubmedArticleSet>"""


def node(text: str, kind: str = "PubmedArticle") -> Any:
    return tree(text.encode(), inline=INLINE)["PubmedArticleSet"][0][kind][0]


def read(*changes: tuple[str, str]) -> Entry:
    text = ARTICLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return entry(node(text))


def test_an_article() -> None:
    found = read()
    assert found.item == {
        "id": "pmid:1234567",
        "type": "article-journal",
        "title": "Cracks in <i>Amphora</i> at p < 0.05: H<sub>2</sub>O & clay",
        "author": [
            {"family": "Carberry", "given": "Josiah", "suffix": "Jr"},
            {"literal": "Amphora Study Group"},
            {"literal": "others"},
        ],
        "container-title": "Journal of psychoceramics",
        "container-title-short": "J Psychoceram",
        "ISSN": "0264-3561",
        "volume": "5",
        "issue": "1",
        "page": "1559-1570",
        "issued": {"date-parts": [[2021, 4, 2]]},
        "available-date": {"date-parts": [[2021, 2, 28]]},
        "abstract": "AIM: To look at cracks.\nRESULT: There are some.",
        "keyword": "clay, cracks",
        "language": "eng",
        "DOI": "10.5555/psy.1",
        "PMID": "1234567",
        "PMCID": "PMC7654321",
    }
    assert set(found.item) <= VARIABLES
    assert {loss.field for loss in found.losses} == {
        "Author.Identifier.ORCID",
        "AffiliationInfo",
        "PublicationType",
        "GrantList",
        "MeshHeadingList",
        "CommentsCorrectionsList",
        "CoiStatement",
        "ReferenceList",
        "MedlineCitation.Article.Abstract.CopyrightInformation",
    }


def test_that_it_was_retracted_is_said_and_is_no_sort_of_work() -> None:
    found = read(("Randomized Controlled Trial", "Retracted Publication"))
    assert ("PublicationType", WAS_RETRACTED) in {(loss.field, loss.reason) for loss in found.losses}
    assert "genre" not in found.item
    assert WAS_RETRACTED not in {loss.reason for loss in read().losses}


def test_characters_that_cannot_be_seen_are_told() -> None:
    found = read(("Cracks in", "Cr\u202eacks in"))
    assert found.item["title"] == read().item["title"]
    assert [str(loss) for loss in found.losses if loss not in read().losses] == [f"ArticleTitle = 'U+202E': {UNSEEN}"]


def test_facts_have_the_statement_of_interests() -> None:
    found = facts(node(ARTICLE))
    assert found.interests == "J.C. sells pots."
    assert found.organisations == (
        Organisation("Example University.", "affiliation", "05rbhea42", "", "Josiah Carberry"),
        Organisation("Example Fund", "funder", awards=("G-1",)),
    )
    correction, preprint = found.related
    assert (correction.relation, correction.identifier) == ("updated-by", ids.Identifier("pmid", "7654321"))
    assert (preprint.relation, preprint.note) == ("is-version-of", "UpdateOf: doi: 10.5555/pre")


def test_dates_as_pubmed_writes_them() -> None:
    day = "<PubDate><Year>2021</Year><Month>Apr</Month><Day>02</Day></PubDate>"
    free = read((day, "<PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>"))
    assert free.item["issued"] == {"date-parts": [[1998]]}
    assert "1998 Dec-1999 Jan" in [loss.value for loss in free.losses]
    season = read((day, "<PubDate><Year>2021</Year><Season>Spring</Season></PubDate>"))
    assert season.item["issued"] == {"date-parts": [[2021]], "season": 1}
    none = read((day, "<PubDate/>"), ("<ArticleDate DateType", "<Other DateType"), ("</ArticleDate>", "</Other>"))
    assert "issued" not in none.item
    assert "no date of publication" in next(loss.reason for loss in none.losses if loss.field == "PubDate")


def test_a_translated_title_has_no_brackets() -> None:
    start, end = ARTICLE.index("<ArticleTitle>"), ARTICLE.index("</ArticleTitle>")
    translated = read((ARTICLE[start:end], "<ArticleTitle>[On pots.]"))
    assert translated.item["title"] == "On pots"
    none = read((ARTICLE[start:end], "<ArticleTitle>"))
    assert "title" not in none.item
    assert "ArticleTitle" in {loss.field for loss in none.losses}


def test_a_chapter_of_a_book() -> None:
    found = entry(node(BOOK, "PubmedBookArticle"))
    assert found.item == {
        "id": "pmid:2345678",
        "PMID": "2345678",
        "type": "chapter",
        "title": "Handles",
        "container-title": "All of Pots",
        "publisher": "Example Press",
        "publisher-place": "Utopia",
        "issued": {"date-parts": [[2020]]},
        "author": [{"family": "Roe", "given": "R"}],
        "editor": [{"family": "Doe", "given": "Jane"}],
        "abstract": "On handles.",
        "language": "eng",
    }
