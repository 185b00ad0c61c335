"""Which identifier a web address stands for, and which addresses stand for none."""

from __future__ import annotations

import pytest

from evidencekb import ids

DOI = "10.1126/science.adh2586"

PAGES = [
    f"https://www.science.org/doi/abs/{DOI}",
    f"https://www.science.org/doi/{DOI}?cookieSet=1",
    f"https://journals.sagepub.com/doi/full/{DOI}",
    f"https://dl.acm.org/doi/pdf/{DOI}#page=2",
    f"https://link.springer.com/article/{DOI}",
    f"https://link.springer.com/content/pdf/{DOI}.pdf",
    f"https://link.springer.com/{DOI}",
    f"https://onlinelibrary.wiley.com/doi/{DOI}/abstract;jsessionid=3F2A.f01t02",
    f"http://onlinelibrary.wiley.com.proxy.example.edu/doi/{DOI}/full",
    "https://www.tandfonline.com/doi/full/10.1126%2Fscience.adh2586",
    f"https://www.frontiersin.org/articles/{DOI}/full",
    f"https://www.frontiersin.org/journals/psychology/articles/{DOI}/pdf",
    f"https://www.emerald.com/insight/content/doi/{DOI}/full/html",
    f"https://iopscience.iop.org/article/{DOI}/meta",
    f"https://www.annfammed.org/lookup/doi/{DOI}",
    f"https://academic.oup.com/qje/article/doi/{DOI}/7990658",
    f"https://direct.mit.edu/rest/article-abstract/doi/{DOI}/98765/Title-Of-It",
    f"https://www.jstor.org/stable/{DOI}",
    f"https://dx.plos.org/{DOI}",
    f"http://doi.wiley.com/{DOI}",
    f"https://hdl.handle.net/{DOI}",
    f"www.science.org/doi/{DOI}",
]

PREPRINTS = [
    "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2",
    "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf",
    "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1.abstract",
]

ONLY_ADDRESSES = [
    f"https://example.org/search?doi={DOI}",
    f"https://www.aeaweb.org/articles?id={DOI}",
    f"https://example.org/articles?id={DOI}",
    f"https://example.org/a#{DOI}",
    "https://journals.plos.org/plosone/article/figure?id=10.1371/journal.pone.0123456.g001",
    "https://journals.plos.org/plosone/search?q=10.1371/journal.pone.0123456",
    "https://www.aeaweb.org/journals?id=10.1257/aer",
    "https://www.nature.com/articles/palcomms201559",
    "https://www.nature.com/subjects/s41599-023-01787-8",
    "https://www.nber.org/digest/w31161",
    "https://www.nber.org/papers/31161",
    "https://papers.ssrn.com/sol3/cf_dev/AbsByAuth.cfm?per_id=4375283",
    "https://www.amazon.com/dp/B00ABCDEFG",
    "https://www.amazon.com/dp/0306406153",
    "https://www.amazon.com/s?k=0306406152",
    "https://amazon.example.org.evil.test/0306406152",
    f"https://web.archive.org/web/2024/https://www.science.org/doi/{DOI}",
    f"https://proxy.example.edu/login/https://www.science.org/doi/{DOI}",
    f"https://www.science.org/doi/suppl/{DOI}/suppl_file/science.adh2586_sm.pdf",
    f"https://example.org/{DOI}",
    "https://example.org/release/10.1/notes",
    "https://example.org/articles/10.1126",
    "https://arxiv.org/list/cs.CL/recent",
    "https://ror.org/about",
    "https://orcid.org/signin",
    "https://www.doi.org/the-identifier/resources/handbook",
    "https://openalex.org/works?page=1",
    "https://example.org/isbn/9780306406158",
    "https://pubmed.ncbi.nlm.nih.gov/?term=hiring",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_publishers_page_is_the_doi_in_its_path(page: str) -> None:
    assert str(ids.parse(page)) == f"doi:{DOI}"


@pytest.mark.parametrize(
    ("page", "identifier"),
    [
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456",
            "doi:10.1371/journal.pone.0123456",
        ),
        ("journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456", "doi:10.1371/journal.pone.0123456"),
        (
            "https://journals.plos.org/plosbiology/article/file?type=printable&id=10.1371%2Fjournal.pbio.0000001&x=1",
            "doi:10.1371/journal.pbio.0000001",
        ),
        ("https://www.aeaweb.org/articles?id=10.1257/aer.20181169", "doi:10.1257/aer.20181169"),
        ("https://www.nature.com/articles/s41599-023-01787-8", "doi:10.1038/s41599-023-01787-8"),
        ("https://www.nature.com/articles/s41599-023-01787-8.pdf", "doi:10.1038/s41599-023-01787-8"),
        ("https://www.nature.com/articles/nature12373?foxtrotcallback=true", "doi:10.1038/nature12373"),
        ("https://www.nber.org/papers/w31161", "doi:10.3386/w31161"),
        ("https://www.nber.org/system/files/working_papers/w31161/w31161.pdf", "doi:10.3386/w31161"),
        ("https://papers.ssrn.com/sol3/papers.cfm?abstract_id=4375283", "doi:10.2139/ssrn.4375283"),
        ("https://papers.ssrn.com/sol3/Delivery.cfm/1.pdf?abstractid=4375283&mirid=1", "doi:10.2139/ssrn.4375283"),
        ("https://ssrn.com/abstract=4375283", "doi:10.2139/ssrn.4375283"),
        ("https://www.amazon.com/dp/0306406152", "isbn:9780306406157"),
        ("https://www.amazon.co.uk/Title-Of-It/dp/0306406152/ref=sr_1_1?keywords=a", "isbn:9780306406157"),
    ],
)
def test_a_site_that_names_its_works_by_their_identifier_is_believed(page: str, identifier: str) -> None:
    assert str(ids.parse(page)) == identifier
    if page.startswith("http"):
        assert ids.Identifier("url", page) == ids.parse(identifier)


@pytest.mark.parametrize("page", PREPRINTS)
def test_versions_of_a_biology_preprint_share_its_doi(page: str) -> None:
    assert str(ids.parse(page)) == "doi:10.1101/2020.01.01.123456"


@pytest.mark.parametrize("page", ONLY_ADDRESSES)
def test_an_address_that_only_mentions_an_identifier_is_an_address(page: str) -> None:
    found = ids.parse(page)
    assert (found.scheme, found.value) == ("url", page)
    assert ids.key("url", page)[0] == "url"


def test_a_good_address_with_a_number_the_registry_cannot_have_has_a_key_as_address() -> None:
    assert ids.problem("url", "https://arxiv.org/abs/2313.10130") is None
    assert ids.key("url", "https://arxiv.org/abs/2313.10130") == ("url", "arxiv.org/abs/2313.10130")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a", "https://www.example.org/a/"),
        ("https://example.org/a?utm_source=mail", "https://example.org/a#top"),
        ("https://example.org/a?page=2&utm_source=mail", "https://example.org:443/a?page=2"),
        ("https://doi.org/10.1126/science.adh2586", "https://www.science.org/doi/10.1126/science.adh2586"),
    ],
)
def test_two_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert ids.key("url", one) == ids.key("url", other)


def test_two_pages_of_one_site_have_two_keys() -> None:
    assert ids.key("url", "https://example.org/a?page=2") != ids.key("url", "https://example.org/a?page=3")
    assert ids.key("url", "https://example.org/a") != ids.key("url", "https://example.org/A")
