"""Looking works up, against a server on this machine that answers as the services do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidencekb import ids
from evidencekb.errors import IdentifierError, LookupFailed, QuestionError
from evidencekb.sources.client import SERVICES, Client
from evidencekb.sources.items import VARIABLES
from evidencekb.sources.lookup import look_up
from tests.sources.loopback import NOT_FOUND, Asked, Loopback, Reply
from tests.sources.services.test_arxiv import FEED
from tests.sources.services.test_datacite import RECORD
from tests.sources.services.test_openalex import WORK
from tests.sources.services.test_openlibrary import BOOK
from tests.sources.services.test_pages import AGENCY
from tests.sources.services.test_pubmed import ARTICLE

JSON = {"Content-Type": "application/json"}
ATOM = {"Content-Type": "application/atom+xml"}
WORK_MESSAGE = {
    "DOI": "10.5555/psy.1",
    "type": "journal-article",
    "title": ["Cracks in amphorae"],
    "publisher": "Example Press",
    "issued": {"date-parts": [[2021, 4, 2]]},
}


def sent(data: Any, headers: dict[str, str] | None = None) -> Reply:
    return Reply(200, data.encode() if isinstance(data, str) else json.dumps(data).encode(), headers or JSON)


def asking(server: Loopback, **options: Any) -> Client:
    """A client for which every service stands below its name on the test server."""
    usual: dict[str, Any] = {
        "bases": {name: f"{server.base}/{name}" for name in SERVICES if name != "web"},
        "loopback": True,
        "wait": lambda _: None,
    }
    return Client(**usual | options)


def failure(server: Loopback, identifier: ids.Identifier | str, **options: Any) -> LookupFailed:
    with asking(server, **options) as client, pytest.raises(LookupFailed) as caught:
        look_up(identifier, client=client)
    return caught.value


def test_a_doi_of_crossref(server: Loopback) -> None:
    server.routes["/crossref/works/10.5555/psy.1"] = sent({"status": "ok", "message": WORK_MESSAGE})
    with asking(server) as client:
        found = look_up("https://doi.org/10.5555/psy.1", client=client)
    assert found.entry.item["title"] == "Cracks in amphorae"
    assert [body.name for body in found.facts.organisations] == ["Example Press"]
    assert (found.service, found.cached) == ("crossref", False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found.fetched_on)


def test_a_doi_of_datacite(server: Loopback) -> None:
    server.routes["/datacite/dois/10.5555/data.2"] = sent({"data": {"id": "10.5555/data.2", "attributes": RECORD}})
    with asking(server) as client:
        found = look_up("doi:10.5555/data.2", client=client)
    assert (found.service, found.entry.item["type"]) == ("datacite", "dataset")
    assert server.paths() == ["/crossref/works/10.5555/data.2", "/datacite/dois/10.5555/data.2"]


def test_a_doi_of_a_smaller_agency(server: Loopback) -> None:
    """doi.org hands out CSL-JSON for all agencies, its titles as texts and its types in the words of CSL."""
    csl = {
        "DOI": "10.5555/kisti.1",
        "type": "article-journal",
        "title": "Pots",
        "container-title": "A journal",
        "author": [],
    }
    server.routes["/doi/10.5555/kisti.1"] = sent(csl, {"Content-Type": "application/vnd.citationstyles.csl+json"})
    with asking(server) as client:
        found = look_up("10.5555/kisti.1", client=client)
    assert found.service == "doi"
    assert server.asked[-1].headers["accept"] == "application/vnd.citationstyles.csl+json"
    assert found.entry.item == {
        "id": "doi:10.5555/kisti.1",
        "DOI": "10.5555/kisti.1",
        "type": "article-journal",
        "title": "Pots",
        "container-title": "A journal",
    }


def test_a_doi_of_nobody(server: Loopback) -> None:
    assert failure(server, "10.5555/none").reason == "not_found"
    server.routes["/doi/10.5555/movie"] = sent("<html>", {"Content-Type": "text/html"})
    assert "describes no work" in failure(server, "10.5555/movie").detail


def test_a_service_that_is_down_does_not_say_that_there_is_nothing(server: Loopback) -> None:
    server.routes["/crossref/works/10.5555/data.2"] = Reply(503)
    server.routes["/datacite/dois/10.5555/data.2"] = sent({"data": {"attributes": RECORD}})
    failed = failure(server, "10.5555/data.2")
    assert (failed.service, failed.reason) == ("crossref", "busy")


@pytest.mark.parametrize(
    "doi",
    [
        "10.1002/1099-0879(200007)7:3<220::aid-cpp243>3.0.co;2-f",
        "10.5555/a/b//c",
        "10.5555/../../members",
        "10.5555/a?b=c#d",
        "10.5555/100%",
        "10.5555/日本",
    ],
)
def test_every_character_of_a_doi_arrives(server: Loopback, doi: str) -> None:
    server.routes[f"/crossref/works/{doi}"] = sent({"message": WORK_MESSAGE | {"DOI": doi}})
    with asking(server, mailto="curator@example.org") as client:
        assert look_up(ids.Identifier("doi", doi), client=client).entry.item["DOI"] == doi
    assert server.asked[0].params == {"mailto": "curator@example.org"}


@pytest.mark.parametrize("body", ["<html>Just a moment", '{"message": {"DOI"', "[]", '{"message": []}', "null"])
def test_an_answer_that_is_none_is_not_kept(server: Loopback, tmp_path: Path, body: str) -> None:
    server.routes["/crossref/works/10.5555/psy.1"] = [sent(body), sent({"message": WORK_MESSAGE})]
    assert failure(server, "10.5555/psy.1", cache=tmp_path).reason == "unreadable"
    with asking(server, cache=tmp_path) as client:
        assert look_up("10.5555/psy.1", client=client).service == "crossref"


def test_offline_both_agencies_are_known_as_they_were(server: Loopback, tmp_path: Path) -> None:
    server.routes["/datacite/dois/10.5555/data.2"] = sent({"data": {"attributes": RECORD}})
    with asking(server, cache=tmp_path) as client:
        first = look_up("10.5555/data.2", client=client)
    asked = len(server.asked)
    with asking(server, cache=tmp_path, offline=True) as client:
        again = look_up("10.5555/data.2", client=client)
    assert (again.entry, again.facts, again.cached) == (first.entry, first.facts, True)
    assert len(server.asked) == asked
    assert failure(server, "10.5555/other", cache=tmp_path, offline=True).reason == "offline"


def test_an_arxiv_number(server: Loopback) -> None:
    server.routes["/arxiv/query"] = sent(FEED, ATOM)
    with asking(server) as client:
        found = look_up("arXiv:2303.99999", client=client)
    assert found.entry.item["custom"] == {"arxiv": "2303.99999v2"}
    assert server.asked[0].params == {"id_list": "2303.99999", "max_results": "1"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<feed xmlns="http://www.w3.org/2005/Atom"><title>Query</title></feed>', "not_found"),
        ("<feed><entry><id>https://arxiv.org/api/errors#x</id><title>Error</title></entry></feed>", "not_found"),
        ("Rate exceeded.", "busy"),
        ("<html>", "unreadable"),
        ("<html></html>", "unreadable"),
        ('<!DOCTYPE feed [<!ENTITY a "b">]><feed>&a;</feed>', "unreadable"),
    ],
)
def test_what_arxiv_says_instead(server: Loopback, body: str, reason: str) -> None:
    server.routes["/arxiv/query"] = sent(body, ATOM)
    assert failure(server, "arXiv:2303.99999").reason == reason


def test_a_pubmed_number(server: Loopback) -> None:
    server.routes["/pubmed/efetch.fcgi"] = sent(ARTICLE, {"Content-Type": "text/xml"})
    with asking(server) as client:
        found = look_up("pmid:1234567", client=client)
    assert found.entry.item["PMCID"] == "PMC7654321"
    assert found.facts.interests == "J.C. sells pots."
    assert server.asked[0].params == {"db": "pubmed", "id": "1234567", "retmode": "xml", "tool": "evidencekb"}


def test_a_number_of_pubmed_central(server: Loopback) -> None:
    record = {"pmcid": "PMC7654321", "pmid": 1234567, "doi": "10.5555/psy.1"}
    server.routes["/pmc/articles/"] = sent({"status": "ok", "records": [record]})
    server.routes["/pubmed/efetch.fcgi"] = sent(ARTICLE, {"Content-Type": "text/xml"})
    with asking(server) as client:
        found = look_up("https://pmc.ncbi.nlm.nih.gov/articles/PMC7654321/", client=client)
    assert found.entry.item["PMID"] == "1234567"
    server.routes["/pmc/articles/"] = sent({"records": [{"pmcid": "PMC1", "status": "error"}]})
    assert failure(server, "PMC1").reason == "not_found"


def test_what_pubmed_says_instead(server: Loopback) -> None:
    server.routes["/pubmed/efetch.fcgi"] = sent("<PubmedArticleSet></PubmedArticleSet>")
    assert failure(server, "pmid:1234567").reason == "not_found"
    server.routes["/pubmed/efetch.fcgi"] = sent("<eFetchResult><ERROR>x</ERROR></eFetchResult>")
    assert failure(server, "pmid:1234567").reason == "unreadable"


def test_an_isbn(server: Loopback) -> None:
    server.routes["/openlibrary/api/books"] = sent({"ISBN:9780306406157": BOOK})
    with asking(server) as client:
        found = look_up("isbn:0-306-40615-2", client=client)
    assert found.entry.item["title"] == "All of Pots: and their handles"
    server.routes["/openlibrary/api/books"] = sent({})
    assert failure(server, "isbn:0-306-40615-2").reason == "not_found"


def test_a_number_of_openalex(server: Loopback) -> None:
    server.routes["/openalex/works/W1234567890"] = sent(WORK)
    with asking(server) as client:
        assert look_up("https://openalex.org/W1234567890", client=client).service == "openalex"


def test_a_page(server: Loopback) -> None:
    server.routes["/report"] = sent(AGENCY, {"Content-Type": "text/html; charset=utf-8"})
    with asking(server) as client:
        found = look_up(f"{server.base}/report", client=client)
    assert (found.service, found.entry.item["type"]) == ("web", "webpage")
    assert found.entry.item["accessed"]["date-parts"] == [[int(part) for part in found.fetched_on.split("-")]]


def test_what_is_no_page(server: Loopback) -> None:
    server.routes["/a.pdf"] = Reply(200, b"%PDF-1.7", {"Content-Type": "application/pdf"})
    assert failure(server, f"{server.base}/a.pdf").reason == "unreadable"
    assert failure(server, f"{server.base}/none").reason == "not_found"
    assert failure(server, f"{server.base}/none", loopback=False).reason == "not_public"


@pytest.mark.parametrize(
    ("identifier", "path", "reply", "asked", "answered"),
    [
        ("arXiv:2303.10130v5", "/arxiv/query", FEED, "arxiv:2303.10130v5", "arxiv:2303.99999v2"),
        ("arXiv:2303.99999v5", "/arxiv/query", FEED, "arxiv:2303.99999v5", "arxiv:2303.99999v2"),
        ("PMID:37440646", "/pubmed/efetch.fcgi", ARTICLE, "pmid:37440646", "pmid:1234567"),
        ("isbn:9780804429573", "/openlibrary/api/books", {"ISBN:9780804429573": BOOK},
         "isbn:9780804429573", "isbn:9780306406157"),
        ("openalex:W7", "/openalex/works/W7", WORK, "openalex:W7", "openalex:W1234567890"),
        ("10.5555/other", "/datacite/dois/10.5555/other", {"data": {"attributes": RECORD}},
         "doi:10.5555/other", "doi:10.5555/data.2"),
        ("10.5555/other", "/doi/10.5555/other", {"DOI": "10.5555/kisti.1", "title": "Pots"},
         "doi:10.5555/other", "doi:10.5555/kisti.1"),
    ],
)  # fmt: skip
def test_what_a_service_says_of_another_work_is_refused_and_not_kept(
    server: Loopback, tmp_path: Path, identifier: str, path: str, reply: Any, asked: str, answered: str
) -> None:
    server.routes[path] = sent(reply)
    failed = failure(server, identifier, cache=tmp_path)
    assert failed.reason == "unreadable"
    assert failed.detail.startswith(f"it was asked for {asked} and answers about {answered}")
    assert failure(server, identifier, cache=tmp_path).reason == "unreadable"
    assert server.paths().count(path) == 2


def test_a_number_of_pubmed_central_that_another_article_has(server: Loopback) -> None:
    server.routes["/pmc/articles/"] = sent({"records": [{"pmcid": "PMC1", "pmid": 1234567}]})
    server.routes["/pubmed/efetch.fcgi"] = sent(ARTICLE, {"Content-Type": "text/xml"})
    assert "asked for pmcid:PMC1 and answers about pmcid:PMC7654321" in failure(server, "PMC1").detail
    assert "asked for pmcid:PMC2 and answers about pmcid:PMC1" in failure(server, "PMC2").detail
    with asking(server) as client:
        server.routes["/pmc/articles/"] = sent({"records": [{"pmcid": "PMC7654321.1", "pmid": 1234567}]})
        assert look_up("PMC7654321.1", client=client).entry.item["PMID"] == "1234567"


def test_an_alias_of_crossref_is_taken_and_told(server: Loopback) -> None:
    server.routes["/crossref/works/10.5555/old"] = sent({"message": WORK_MESSAGE})
    server.routes["/crossref/works/10.5555/psy.1"] = sent({"message": WORK_MESSAGE})
    with asking(server) as client:
        alias = look_up("10.5555/old", client=client)
        same = look_up("10.5555/PSY.1", client=client)
    assert alias.entry.item == same.entry.item
    (loss,) = [loss for loss in alias.entry.losses if loss not in same.entry.losses]
    assert (loss.field, loss.value) == ("DOI", "10.5555/old")
    assert loss.reason.startswith("asked for 10.5555/old, answered about 10.5555/psy.1, which it stands for")


def test_a_work_that_openalex_has_merged_is_taken_and_told(server: Loopback) -> None:
    server.routes["/openalex/works/W7"] = Reply(301, headers={"Location": "/openalex/works/W1234567890"})
    server.routes["/openalex/works/W1234567890"] = sent(WORK)
    with asking(server) as client:
        found = look_up("openalex:W7", client=client)
    assert [loss.reason.partition(",")[0] for loss in found.entry.losses if loss.field == "id"] == ["asked for W7"]


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("docket:3:23-cv-00770", "no service has every docket; .*evidencekb add --from FILE"),
        ("number:NBER 31161", "no service has every number; .*evidencekb add --from FILE"),
        ("https://orcid.org/0000-0002-1825-0097", "it names a person and no work; "),
        ("https://ror.org/05rbhea42", "it names an organisation and no work; .*evidencekb add --from FILE"),
        ("ISSN 2049-3630", "it names a journal or series and no work"),
        ("https://openalex.org/A5023888391", "it names a person and no work"),
    ],
)
def test_what_no_service_knows(identifier: str, words: str) -> None:
    with Client(offline=True) as client, pytest.raises(QuestionError, match=words):
        look_up(identifier, client=client)


def test_what_is_no_identifier_is_not_looked_up() -> None:
    with Client(offline=True) as client, pytest.raises(IdentifierError, match="not an identifier"):
        look_up("a paper on pots", client=client)


def records(shared: Path) -> Iterator[dict[str, Any]]:
    path = shared / "corpora" / "05-scholarly-apis" / "crossref-works.jsonl"
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line)["message"] for line in lines)


def test_every_record_of_the_corpus_is_looked_up(server: Loopback, shared: Path) -> None:
    """Each over the network, under the DOI as Crossref writes it."""
    messages = {message["DOI"]: message for message in records(shared)}

    def works(asked: Asked) -> Reply:
        message = messages.get(asked.path.removeprefix("/crossref/works/"))
        return NOT_FOUND if message is None else sent({"status": "ok", "message-type": "work", "message": message})

    server.otherwise = works
    with asking(server) as client:
        for doi, message in messages.items():
            found = look_up(f"doi:{doi}", client=client)
            assert found.entry.item["DOI"] == doi
            assert set(found.entry.item) <= VARIABLES
            assert found.facts.organisations[0].name, message["publisher"]
    assert failure(server, "10.5555/none").reason == "not_found"


def test_a_page_that_says_that_it_is_gone_is_no_work(server: Loopback) -> None:
    server.routes["/soft"] = sent("<html><title>404 Page not found</title></html>", {"Content-Type": "text/html"})
    problem = failure(server, f"{server.base}/soft")
    assert (problem.reason, "404 Page not found" in problem.detail) == ("not_found", True)
