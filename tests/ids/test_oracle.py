"""idutils reads the same identifiers, except where we differ on purpose."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidencekb import ids


@pytest.fixture(scope="module")
def idutils() -> ModuleType:
    # Half a second to import, so not at the top: other tests of this folder do without.
    return importlib.import_module("idutils")


@given(digits=st.text("0123456789", min_size=15, max_size=15), last=st.sampled_from("0123456789X"))
def test_both_accept_the_same_check_digits(idutils: ModuleType, digits: str, last: str) -> None:
    assume(digits.strip("0"))  # idutils has a rule of its own against an ISBN of nothing but zeros
    orcid = f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}{last}"
    assert (ids.problem("orcid", orcid) is None) == bool(idutils.is_isni(orcid))
    ten, thirteen, issn = digits[:9] + last, f"978{digits[:9]}{last}", f"{digits[:4]}-{digits[4:7]}{last}"
    assert (ids.problem("isbn", ten) is None) == bool(idutils.is_isbn10(ten))
    assert (ids.problem("isbn", thirteen) is None) == bool(idutils.is_isbn13(thirteen))
    assert (ids.problem("issn", issn) is None) == bool(idutils.is_issn(issn))


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("doi", "10.1126/science.adh2586"),
        ("doi", "doi:10.1126/science.adh2586"),
        ("doi", "https://doi.org/10.1126/science.adh2586"),
        ("doi", "http://dx.doi.org/10.1002/1099-0879(200007)7:3<220::aid-cpp243>3.0.co;2-f"),
        ("pmid", "pmid:37440646"),
        ("ror", "https://ror.org/03yrm5c26"),
        ("orcid", "https://orcid.org/0000-0002-1825-0097"),
        ("openalex", "https://openalex.org/W2741809807"),
    ],
)
def test_both_read_the_usual_forms_alike(idutils: ModuleType, scheme: str, text: str) -> None:
    theirs = getattr(idutils, f"normalize_{scheme}")(text)
    assert ids.parse(text) == ids.parse(f"{scheme}:{theirs}")
    assert theirs.endswith(ids.parse(text).value)


@pytest.mark.parametrize(
    ("call", "text", "theirs", "ours"),
    [
        # Registries read a DOI in any capitals, so that one DOI has one form here.
        ("normalize_doi", "10.1126/SCIENCE.ADH2586", "10.1126/SCIENCE.ADH2586", "doi:10.1126/science.adh2586"),
        # The stop of a sentence is no part of a DOI.
        ("normalize_doi", "10.1126/science.adh2586.", "10.1126/science.adh2586.", "doi:10.1126/science.adh2586"),
        # A prefix is not part of a number.
        ("normalize_arxiv", "2303.10130v2", "arXiv:2303.10130v2", "arxiv:2303.10130v2"),
        # Where hyphens go is a table of ranges that grows; the digits say all.
        ("normalize_isbn", "0306406152", "978-0-306-40615-7", "isbn:9780306406157"),
    ],
)
def test_we_differ_in_form_on_purpose(idutils: ModuleType, call: str, text: str, theirs: str, ours: str) -> None:
    assert getattr(idutils, call)(text) == theirs
    assert str(ids.parse(text)) == ours


@pytest.mark.parametrize(
    ("call", "scheme", "text"),
    [
        ("is_pmid", "pmid", "0123"),  # PubMed writes no leading zeros
        ("is_ror", "ror", "03yrm5c27"),  # the last two digits are a check
        ("is_arxiv", "arxiv", "2303.1013"),  # five digits since 2015: a zero was lost
        ("is_doi", "doi", "10.12/abc"),  # registrants have at least four digits
    ],
)
def test_we_refuse_more_on_purpose(idutils: ModuleType, call: str, scheme: str, text: str) -> None:
    assert getattr(idutils, call)(text)
    assert ids.problem(scheme, text) is not None


def test_we_know_an_arxiv_address_where_idutils_sees_a_web_address(idutils: ModuleType) -> None:
    assert idutils.detect_identifier_schemes("https://arxiv.org/abs/2303.10130") == ["url"]
    assert str(ids.parse("https://arxiv.org/abs/2303.10130")) == "arxiv:2303.10130"
