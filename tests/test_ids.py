from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidencekb import ids
from evidencekb.ids import Identifier

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
    ("docket", " 3:23-CV-00770  (N.D. Cal.)", "3:23-cv-00770 (n.d. cal.)"),
    ("number", "NBER\tWorking Paper 31161", "nber working paper 31161"),
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
    ("text", "identifier"),
    [
        ("doi:10.1126/science.adh2586", Identifier("doi", "10.1126/science.adh2586")),
        ("10.1126/science.adh2586", Identifier("doi", "10.1126/science.adh2586")),
        (" https://doi.org/10.1126/science.adh2586 ", Identifier("doi", "10.1126/science.adh2586")),
        ("http://dx.doi.org/10.1002/%28SICI%291", Identifier("doi", "10.1002/(SICI)1")),
        ("arXiv:2303.10130", Identifier("arxiv", "2303.10130")),
        ("https://arxiv.org/abs/2303.10130v5", Identifier("arxiv", "2303.10130v5")),
        ("https://arxiv.org/pdf/hep-th/9901001.pdf", Identifier("arxiv", "hep-th/9901001")),
        ("PMID: 37440646", Identifier("pmid", "37440646")),
        ("https://pubmed.ncbi.nlm.nih.gov/37440646/?dopt=Abstract", Identifier("pmid", "37440646")),
        ("https://www.ncbi.nlm.nih.gov/pubmed/37440646", Identifier("pmid", "37440646")),
        ("isbn:0-306-40615-2", Identifier("isbn", "0-306-40615-2")),
        ("https://ror.org/03yrm5c26", Identifier("ror", "03yrm5c26")),
        ("docket:3:23-cv-00770", Identifier("docket", "3:23-cv-00770")),
        ("https://example.org/a?doi=10.1/2", Identifier("url", "https://example.org/a?doi=10.1/2")),
    ],
)
def test_identifiers_are_read_as_people_paste_them(text: str, identifier: Identifier) -> None:
    assert ids.parse(text) == identifier
    assert ids.parse(str(identifier)) == identifier


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "noy2023experimental",
            "'noy2023experimental' is not an identifier; write an http(s) address, or one of doi:, ",
        ),
        (
            "mailto:ann@example.org",
            "'mailto:ann@example.org' is not an identifier; write an http(s) address, or one of ",
        ),
        ("doi:10.1126", "'10.1126' has no slash; "),
        ("https://arxiv.org/abs/2313.10130", "'2313.10130' names the month 13; "),
    ],
)
def test_text_that_is_no_identifier_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the start of the message is compared
        ids.parse(text)
    assert str(caught.value).startswith(message)


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
        ("isbn", "9780306406157", None),
        ("number", "31161", None),
    ],
)
def test_address_leads_to_the_registry_of_the_scheme(scheme: str, value: str, place: str | None) -> None:
    assert ids.address(scheme, value) == place


NEARLY = {
    "doi": st.from_regex(r"10\.[0-9]{4,5}/[A-Za-z0-9./()<>;-]{1,12}", fullmatch=True),
    "arxiv": st.from_regex(r"[0-9]{2}[01][0-9]\.[0-9]{4,5}(v[0-9])?|[a-z-]{2,6}(\.[A-Z]{2})?/[0-9]{7}", fullmatch=True),
    "isbn": st.from_regex(r"(978)?[0-9]{9}[0-9X]", fullmatch=True),
    "pmid": st.from_regex(r"[0-9]{1,9}", fullmatch=True),
    "url": st.from_regex(r"[hH]ttps?://[\w.:-]{1,12}(/[\w./-]{0,8})?(\?[\w=&/]{0,6})?(#\w{0,4})?", fullmatch=True),
    "docket": st.text(max_size=12),
    "number": st.text(max_size=12),
    "ror": st.from_regex(r"0[0-9a-zA-Z]{6}[0-9]{2}", fullmatch=True),
}


@pytest.mark.parametrize("scheme", ids.SCHEMES)
@given(data=st.data())
def test_normalising_a_key_gives_the_key(scheme: str, data: st.DataObject) -> None:
    value = data.draw(NEARLY[scheme] | st.text(max_size=20))
    if ids.problem(scheme, value) is None:
        key = ids.normalise(scheme, value)
        assert ids.problem(scheme, key) is None
        assert ids.normalise(scheme, key) == key


@given(digits=st.from_regex(r"[0-9]{9}", fullmatch=True), place=st.integers(0, 8), digit=st.integers(0, 9))
def test_one_wrong_digit_of_an_isbn_is_noticed(digits: str, place: int, digit: int) -> None:
    checks = [check for check in "0123456789X" if ids.problem("isbn", digits + check) is None]
    assert len(checks) == 1
    changed = digits[:place] + str(digit) + digits[place + 1 :]
    assume(changed != digits)
    assert ids.problem("isbn", changed + checks[0]) is not None
    assert ids.normalise("isbn", digits + checks[0])[3:-1] == digits


@given(st.sampled_from(ids.SCHEMES), st.text())
def test_any_text_gets_an_answer(scheme: str, text: str) -> None:
    wrong = ids.problem(scheme, text)
    assert wrong is None or len(wrong) > 10


def test_identifiers_are_read_without_the_models() -> None:
    code = "import evidencekb.ids, sys; print([m for m in ('pydantic', 'edtf', 'bibtexparser') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
