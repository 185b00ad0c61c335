from __future__ import annotations

import pytest

from evidencekb import ids

GOOD = [
    ("doi", "10.1126/science.adh2586", "10.1126/science.adh2586"),
    ("doi", "10.1126/SCIENCE.ADH2586", "10.1126/science.adh2586"),
    ("doi", "10.1000.10/182", "10.1000.10/182"),
    ("doi", "10.1002/(SICI)1097(199701)1:1<1::AID-X>3.0.CO;2-Z", "10.1002/(sici)1097(199701)1:1<1::aid-x>3.0.co;2-z"),
    ("arxiv", "2303.10130", "2303.10130"),
    ("arxiv", "2303.10130V2", "2303.10130v2"),
    ("arxiv", "0704.0001", "0704.0001"),
    ("arxiv", "hep-th/9901001", "hep-th/9901001"),
    ("arxiv", "math.GT/0309136", "math/0309136"),
    ("isbn", "0-306-40615-2", "9780306406157"),
    ("isbn", "080442957X", "9780804429573"),
    ("isbn", "978 0 306 40615 7", "9780306406157"),
    ("pmid", "1", "1"),
    ("pmid", "37440646", "37440646"),
    ("url", "https://example.org", "https://example.org"),
    ("url", "HTTP://Example.ORG:80/A/", "http://example.org/A"),
    ("url", "https://example.org:443/?page=2&sort=A#top", "https://example.org?page=2&sort=A"),
    ("url", "https://example.org:8080/a//", "https://example.org:8080/a"),
    ("url", "https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
    ("url", "https://münchen.example/straße", "https://münchen.example/straße"),
    ("url", "https://example.org/a?utm_source=mail&page=2&utm_medium=x", "https://example.org/a?page=2"),
    ("url", "https://example.org/Apple_Inc.", "https://example.org/Apple_Inc"),
    ("docket", " 3:23-CV-00770  (N.D. Cal.)", "3:23-cv-00770 (n.d. cal.)"),
    ("docket", "No. 3:23-cv-00770 (N.D. Cal.)", "3:23-cv-00770 (n.d. cal.)"),
    ("docket", "Case No. 21-CV-4627", "21-cv-4627"),
    ("docket", "Case 3:23-cv-00770", "case 3:23-cv-00770"),
    ("docket", "[2016] ABQB 379", "[2016] abqb 379"),
    ("docket", "2014 CarswellAlta 123", "2014 carswellalta 123"),
    ("docket", "A\u2011123\u201145", "a-123-45"),
    ("number", "NBER\tWorking Paper 31161", "nber working paper 31161"),
    ("number", "w31161", "w31161"),
    ("number", "Report No. 12", "12"),
    ("issn", "20493630", "2049-3630"),
    ("issn", "2434-561x", "2434-561X"),
    ("pmcid", "pmc3531190", "PMC3531190"),
    ("pmcid", "PMC2808187.1", "PMC2808187.1"),
    ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "0000-0002-1694-233x", "0000-0002-1694-233X"),
    ("openalex", "w2741809807", "W2741809807"),
    ("openalex", "A5023888391", "A5023888391"),
    ("openalex", "F4320332161", "F4320332161"),
    ("openalex", "T11636", "T11636"),
    ("ror", "03YRM5C26", "03yrm5c26"),
    ("ror", "042nb2s44", "042nb2s44"),
]

BAD = [
    ("doi", "https://doi.org/10.1126/science.adh2586",
     "write the DOI alone, without address or prefix: '10.1126/science.adh2586'"),
    ("doi", "DOI: 10.1126/science.adh2586",
     "write the DOI alone, without address or prefix: '10.1126/science.adh2586'"),
    ("doi", "10.1126 /a", "'10.1126 /a' has a space or a character that cannot be seen; a DOI has none"),
    ("doi", "10.1126/a\u200b", "'10.1126/a\\u200b' has a space or a character that cannot be seen; a DOI has none"),
    ("doi", "10.1126",
     "'10.1126' has no slash; a DOI is 10.NNNN, a slash and the publisher's own name for the work"),
    ("doi", "10.12/a", "'10.12/a' is not a DOI: it starts with '10.', four to nine digits and a slash"),
    ("doi", "10.1126/a.", "'10.1126/a.' ends in '.', which belongs to the sentence it was copied from; drop it"),
    ("doi", "10.1002/%28a%29", "'10.1002/%28a%29' is written for an address; write '10.1002/(a)'"),
    ("arxiv", "arXiv:2303.10130", "write the arXiv number alone, without address or prefix: '2303.10130'"),
    ("arxiv", "https://arxiv.org/pdf/2303.10130v2.pdf",
     "write the arXiv number alone, without address or prefix: '2303.10130v2'"),
    ("arxiv", "2313.10130", "'2313.10130' names the month 13; an arXiv number starts with year and month"),
    ("arxiv", "hep-th/9900001", "'hep-th/9900001' names the month 00; an arXiv number starts with year and month"),
    ("arxiv", "2303.1013",
     "'2303.1013' has 4 digits after the dot where arXiv has 5 (since 2015); quote the number, or a last zero is lost"),
    ("arxiv", "0704.00010",
     "'0704.00010' has 5 digits after the dot where arXiv has 4 (before 2015); quote the number, or a last zero is lost"),
    ("arxiv", "2303.10130v0",
     "'2303.10130v0' is not an arXiv number such as '2303.10130', '2303.10130v2' or 'hep-th/9901001'; quote it"),
    ("isbn", "0-306-40615-3", "'0-306-40615-3' ends in 3 where its other digits give 2; copy the ISBN again"),
    ("isbn", "9780306406158", "'9780306406158' ends in 8 where its other digits give 7; copy the ISBN again"),
    ("isbn", "1234567890123", "'1234567890123' has 13 digits but does not start with 978 or 979, as an ISBN does"),
    ("isbn", "12345",
     "'12345' is not an ISBN: 10 or 13 digits (the last of ten may be X), hyphens or spaces between them"),
    ("isbn", "978030640615X", "'978030640615X' ends in X where its other digits give 7; copy the ISBN again"),
    ("pmid", "0123", "'0123' is not a PubMed number: one to eight digits, the first not 0"),
    ("pmid", "123456789", "'123456789' is not a PubMed number: one to eight digits, the first not 0"),
    ("pmid", "١٢٣", "'١٢٣' is not a PubMed number: one to eight digits, the first not 0"),
    ("url", "ftp://example.org/a",
     "'ftp://example.org/a' is not an address a reader can open; it starts with http:// or https://"),
    ("url", "javascript:alert(1)",
     "'javascript:alert(1)' is not an address a reader can open; it starts with http:// or https://"),
    ("url", "https://example.org/a b",
     "'https://example.org/a b' has a space or a character that cannot be seen; write a space as %20"),
    ("url", "https://example.org/a\n",
     "'https://example.org/a\\n' has a space or a character that cannot be seen; write a space as %20"),
    ("url", 'https://example.org/"onclick',
     "'https://example.org/\"onclick' has the character \", which an address does not allow; write %22"),
    ("url", "https://ann:secret@example.org/",
     "'https://ann:secret@example.org/' carries a user name or password; write the address without it"),
    ("url", "https:///a", "'https:///a' names no host; an address is https:// and the name of a site"),
    ("url", "https://./a", "'https://./a' names no host; an address is https:// and the name of a site"),
    ("url", "https://example.org:0/", "'https://example.org:0/' names port 0; leave the port out"),
    ("url", "https://example.org:99999/",
     "'https://example.org:99999/' is not an address: Port out of range 0-65535"),
    ("url", "https://[::1/", "'https://[::1/' is not an address: Invalid IPv6 URL"),
    ("docket", " ", "the docket number is empty; write it as printed, or leave the field out"),
    ("number", "draft", "'draft' is not a report number: it has no digit; write it as printed"),
    ("doi", "10.1126/a)", "'10.1126/a)' ends in ')', which belongs to the sentence it was copied from; drop it"),
    ("doi", "10.1126/a/", "'10.1126/a/' ends in '/', which belongs to the sentence it was copied from; drop it"),
    ("doi", "10.1126/a\u2026", "'10.1126/a\u2026' was cut short; copy the whole DOI"),
    ("doi", "10.1126/a%ff%fe", "'10.1126/a%ff%fe' is written for an address, and wrongly; copy the DOI again"),
    ("doi", "10.1126/a&lt;b",
     "'10.1126/a&lt;b' has characters of a printed page or a program; write '10.1126/a<b'"),
    ("doi", "10.1126/a\u2010b",
     "'10.1126/a\u2010b' has characters of a printed page or a program; write '10.1126/a-b'"),
    ("doi", "10/B4mz6g",
     "'10/B4mz6g' is a short DOI; write the DOI that https://doi.org/10/B4mz6g leads to, or that address as a url"),
    ("doi", "https://arxiv.org/abs/2303.10130",
     "'https://arxiv.org/abs/2303.10130' is no DOI but the arXiv number '2303.10130'; write that under arxiv"),
    ("url", "doi:10.1126/science.adh2586",
     "'doi:10.1126/science.adh2586' is no web address but the DOI '10.1126/science.adh2586'; write that under doi"),
    ("url", "https://example.org/?a=1&amp;b=2",
     "'https://example.org/?a=1&amp;b=2' is written for a page's source text; write 'https://example.org/?a=1&b=2'"),
    ("isbn", "ISBN 0-306-40615-2", "write the ISBN alone, without address or prefix: '9780306406157'"),
    ("issn", "2049-3631", "'2049-3631' ends in 1 where its other digits give 0; copy the ISSN again"),
    ("issn", "2049-363",
     "'2049-363' is not an ISSN: four digits, a hyphen, three digits and a last digit or X"),
    ("pmcid", "3531190",
     "'3531190' is not a PubMed Central number: 'PMC' and up to nine digits, the first not 0"),
    ("orcid", "0000-0002-1825-0098", "'0000-0002-1825-0098' ends in 8 where its other digits give 7; copy the ORCID again"),
    ("orcid", "0000000218250097",
     "'0000000218250097' is not an ORCID: four groups of four digits with hyphens between them, the last may be X"),
    ("openalex", "V2741809807",
     ("'V2741809807' is not an OpenAlex id: a letter (W work, A author, S source, I institution, F funder, "
      "P publisher, T topic, C concept) and digits, such as 'W2741809807'")),
    ("number", "ISSN 2049-3630",
     "'ISSN 2049-3630' is no report number but the ISSN '2049-3630'; write that under issn"),
    ("number", "ISSN 2049-3631",
     "'ISSN 2049-3631' is no report number but an identifier of its own, ISSN; leave the field out"),
    ("docket", "doi: 10.1126/a", "'doi: 10.1126/a' is no docket number but the DOI '10.1126/a'; write that under doi"),
    ("ror", "https://ror.org/03yrm5c26", "write the ROR id alone, without address or prefix: '03yrm5c26'"),
    ("ror", "03yrm5c27", "'03yrm5c27' ends in 27 where its other characters give 26; copy the ROR id again"),
    ("ror", "03yrl5c26",
     "'03yrl5c26' is not a ROR id: 0, six letters or digits (never i, l, o, u) and two check digits"),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "value", "key"), GOOD)
def test_a_good_identifier_has_no_problem_and_one_key(scheme: str, value: str, key: str) -> None:
    assert ids.problem(scheme, value) is None
    assert ids.normalise(scheme, value) == key


@pytest.mark.parametrize(("scheme", "value", "message"), BAD)
def test_a_bad_identifier_says_what_is_wrong_and_what_to_do(scheme: str, value: str, message: str) -> None:
    assert ids.problem(scheme, value) == message
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        ids.normalise(scheme, value)
    assert str(caught.value) == message
    assert ids.address(scheme, value) is None


@pytest.mark.parametrize("ask", [ids.problem, ids.normalise, ids.address])
def test_an_unknown_scheme_names_the_known_ones(ask: object) -> None:
    with pytest.raises(
        ValueError, match="no identifier scheme is called 'handle'; known are doi, arxiv, isbn, pmid, url"
    ):
        ask("handle", "1721.1/26698")  # type: ignore[operator]  # all three take scheme and value


@pytest.mark.parametrize(
    ("scheme", "value", "place"),
    [
        ("doi", "10.1126/science.adh2586", "https://doi.org/10.1126/science.adh2586"),
        ("doi", "10.1/a?b#c", None),
        ("doi", "10.1000/a?b#c", "https://doi.org/10.1000/a%3Fb%23c"),
        ("arxiv", "hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"),
        ("pmid", "37440646", "https://pubmed.ncbi.nlm.nih.gov/37440646"),
        ("ror", "03yrm5c26", "https://ror.org/03yrm5c26"),
        ("url", "https://example.org/A", "https://example.org/A"),
        ("issn", "2049-3630", "https://portal.issn.org/resource/ISSN/2049-3630"),
        ("pmcid", "PMC3531190", "https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190"),
        ("orcid", "0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("openalex", "W2741809807", "https://openalex.org/W2741809807"),
        ("isbn", "9780306406157", None),
        ("number", "31161", None),
    ],
)
def test_address_leads_to_the_registry_of_the_scheme(scheme: str, value: str, place: str | None) -> None:
    assert ids.address(scheme, value) == place


@pytest.mark.parametrize(
    ("scheme", "value", "held"),
    [
        ("doi", "10.1126/SCIENCE.ADH2586", "10.1126/science.adh2586"),
        ("arxiv", "math.GT/0309136V2", "math/0309136v2"),
        ("isbn", "0-306-40615-2", "9780306406157"),
        ("issn", "20493630", "2049-3630"),
        ("url", "https://example.org/A/#page=3", "https://example.org/A/#page=3"),
        ("docket", "No.  3:23-cv-00770 (N.D. Cal.) ", "No. 3:23-cv-00770 (N.D. Cal.)"),
        ("number", "NBER  Working Paper 31161", "NBER Working Paper 31161"),
        ("ror", "03YRM5C26", "03yrm5c26"),
    ],
)
def test_a_record_holds_one_form_that_keeps_what_is_printed_for_people(scheme: str, value: str, held: str) -> None:
    assert ids.canonical(scheme, value) == held
    assert ids.canonical(scheme, held) == held
    assert ids.key(scheme, held) == ids.key(scheme, value)


def test_a_faulty_value_has_no_canonical_form_and_no_key() -> None:
    for ask in (ids.canonical, ids.key):
        with pytest.raises(ValueError, match="'0123' is not a PubMed number"):
            ask("pmid", "0123")


def test_a_message_quotes_only_the_ends_of_a_long_value() -> None:
    said = ids.problem("pmid", "7" * 100_000)
    assert said is not None
    assert len(said) < 300
    assert "(100,000 characters)" in said
