"""Laws of identifiers, tried on made-up ones and on any text at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from evidencekb import ids
from evidencekb.ids import Identifier
from evidencekb.ids.checkdigits import mod_11_2, mod_97_10, weighted_11
from evidencekb.ids.texts import hyphened, plain, trimmed, unwrapped

NEARLY = {
    "doi": st.from_regex(r"10\.[0-9]{4,5}/[A-Za-z0-9./()<>;:#\[\]_-]{1,12}", fullmatch=True)
    | st.from_regex(r"10\.48550/arXiv\.[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}(v[1-9])?", fullmatch=True),
    "arxiv": st.from_regex(
        r"[0-9]{2}[01][0-9]\.[0-9]{4,5}([vV][0-9])?|[a-z-]{2,6}(\.[A-Z]{2})?/[0-9]{7}", fullmatch=True
    ),
    "isbn": st.from_regex(r"(978)?[0-9]{9}[0-9X]", fullmatch=True),
    "issn": st.from_regex(r"[0-9]{4}-?[0-9]{3}[0-9xX]", fullmatch=True),
    "pmid": st.from_regex(r"[0-9]{1,9}", fullmatch=True),
    "pmcid": st.from_regex(r"(PMC|pmc)[0-9]{1,9}(\.[0-9])?", fullmatch=True),
    "orcid": st.from_regex(r"0000-000[0-3]-[0-9]{4}-[0-9]{3}[0-9xX]", fullmatch=True),
    "openalex": st.from_regex(r"[WASIFPTCwasifptcV][0-9]{1,11}", fullmatch=True),
    "url": st.from_regex(
        r"[hH]ttps?://[\w.:-]{1,12}(/[\w./()-]{0,8})?(\?[\w=&/.]{0,6}(&?utm_[a-z]=1)?)?(#\w{0,4})?", fullmatch=True
    )
    | st.from_regex(r"https://(doi\.org|www\.science\.org/doi/abs)/10\.1126/[a-z.()]{1,6}", fullmatch=True)
    | st.from_regex(
        r"https?://(www\.)?(journals\.plos\.org/a/article\?(x=1&)?id=10\.1371/[a-z./%()]{1,6}(&y=2)?"
        r"|nber\.org/papers/w[0-9]{4,6}/?|ssrn\.com/abstract=[0-9]{1,8}|amazon\.de/dp/[0-9]{9}[0-9X]/?)",
        fullmatch=True,
    ),
    "docket": st.text(max_size=12)
    | st.from_regex(r"(Case |case: |Docket )?(No\.|Nos\.|#)? ?[0-9A-Z:().-]{1,9}", fullmatch=True),
    "number": st.text(max_size=12) | st.from_regex(r"(Report |No\. ){0,3}[Ww\[(]?[0-9]{1,5}[.)]?", fullmatch=True),
    "ror": st.from_regex(r"0[0-9a-zA-Z]{6}[0-9]{2}", fullmatch=True),
}


def read(text: str) -> Identifier | str:
    """The identifier, or why there is none."""
    try:
        return ids.parse(text)
    except ValueError as refused:
        return str(refused)


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def _orcid(digits: str) -> str:
    whole = digits + mod_11_2(digits)
    return "-".join(whole[at : at + 4] for at in range(0, 16, 4))


def _good(scheme: str) -> st.SearchStrategy[str]:
    return NEARLY[scheme].filter(lambda value: ids.problem(scheme, value) is None)


GOOD = {
    **{scheme: _good(scheme) for scheme in ids.SCHEMES},
    # A registry's address with a number that it cannot have is a good address, and refused when pasted.
    "url": _good("url").filter(lambda value: isinstance(read(value), Identifier)),
    "isbn": _digits(9).map(lambda digits: digits + weighted_11(digits)),
    "issn": _digits(7).map(lambda digits: digits + weighted_11(digits)),
    "orcid": _digits(15).map(_orcid),
    "ror": st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=6, max_size=6).map(lambda b: f"0{b}{mod_97_10(b)}"),
    "arxiv": st.from_regex(
        r"(0[7-9]|1[0-4])(0[1-9]|1[0-2])\.[0-9]{4}(v[1-9])?|(1[5-9]|2[0-9])(0[1-9]|1[0-2])\.[0-9]{5}(v[1-9])?"
        r"|(hep-th|math|cs\.AI)/(9[1-9]|0[0-7])(0[1-9]|1[0-2])[0-9]{3}(v[1-9])?", fullmatch=True,
    ),
}  # fmt: skip


def identifiers() -> st.SearchStrategy[Identifier]:
    """Good identifiers of any scheme, in canonical form."""
    return st.sampled_from(ids.SCHEMES).flatmap(
        lambda scheme: GOOD[scheme].map(lambda value: Identifier(scheme, ids.canonical(scheme, value)))
    )


@given(identifiers())
def test_an_identifier_is_read_back_from_how_it_prints(identifier: Identifier) -> None:
    again = ids.parse(str(identifier))
    assert again == identifier
    assert hash(again) == hash(identifier)
    assert ids.parse(str(again)) == again
    assert str(ids.parse(str(again))) == str(again)


@given(identifiers())
def test_a_form_is_its_own_form(identifier: Identifier) -> None:
    scheme, value = identifier.scheme, identifier.value
    assert ids.canonical(scheme, value) == value
    key = ids.normalise(scheme, value)
    assert ids.problem(scheme, key) is None
    assert ids.normalise(scheme, key) == key


@pytest.mark.parametrize("scheme", ids.SCHEMES)
@given(data=st.data())
def test_normalising_a_key_gives_the_key(scheme: str, data: st.DataObject) -> None:
    value = data.draw(NEARLY[scheme] | st.text(max_size=20))
    if ids.problem(scheme, value) is None:
        key = ids.normalise(scheme, value)
        assert ids.problem(scheme, key) is None
        assert ids.normalise(scheme, key) == key
        assert ids.normalise(scheme, ids.canonical(scheme, value)) == key


DECORATIONS: dict[str, Callable[[str], str]] = {
    "stop": "{}.".format, "comma": "{}, ".format, "brackets": "({})".format, "angles": "<{}>".format, "quotes": '"{}"'.format,
    "curly": "“{}”.".format, "blanks": " \n{}\t".format, "no-break": "\xa0{}\xa0".format, "marked": "\ufeff{}\u200b".format,
    "both": "(“{}”),".format, "entities": "&lt;{}&gt;".format,
}  # fmt: skip


@given(identifiers(), st.sampled_from(sorted(DECORATIONS)))
def test_what_people_put_around_it_changes_nothing(identifier: Identifier, name: str) -> None:
    value = identifier.value
    # A bracket that is opened and not closed takes the next closing one: nobody can say whose that is.
    assume(all(value.count(opener) <= value.count(closer) for opener, closer in ("()", "[]", "<>")))
    assert ids.parse(DECORATIONS[name](str(identifier))) == identifier


DOI_DECORATIONS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "address": lambda doi: f"https://doi.org/{quote(doi, safe='/')}",
    "old address": lambda doi: f"http://dx.doi.org/{quote(doi, safe='')}",
    "encoded twice": lambda doi: f"https://doi.org/{quote(quote(doi, safe=''))}",
    "prefix": lambda doi: f"DOI: {doi}",
    "prefix and address": lambda doi: f"doi:https://doi.org/{quote(doi)}",
    "html": lambda doi: doi.replace("<", "&lt;").replace(">", "&gt;"),
    "html twice": lambda doi: doi.replace("<", "&amp;lt;").replace(">", "&amp;gt;"),
    "latex": lambda doi: doi.replace("_", r"\_").replace("#", r"\#"),
    "printed hyphens": lambda doi: doi.replace("-", "\u2010"),
    "invisible": "\u200b".join,
    "page": lambda doi: f"https://www.example.org/doi/full/{quote(doi, safe='/')}",
}


@given(GOOD["doi"], st.sampled_from(sorted(DOI_DECORATIONS)))
def test_a_doi_is_the_same_however_it_is_written(doi: str, name: str) -> None:
    assert ids.parse(DOI_DECORATIONS[name](doi)) == Identifier("doi", doi)


@given(identifiers())
def test_an_address_leads_back_to_its_identifier(identifier: Identifier) -> None:
    address = ids.address(identifier.scheme, identifier.value)
    if address is not None:
        assert ids.problem("url", address) is None
        assert ids.parse(address) == identifier
        assert Identifier("url", address) == identifier


@given(st.lists(identifiers(), min_size=2, max_size=6))
def test_equal_identifiers_count_once(held: list[Identifier]) -> None:
    keys = {ids.key(one.scheme, one.value) for one in held}
    assert len(set(held)) == len(keys)


PIECES = st.sampled_from(
    ["doi:", "10.1126/", "https://", "doi.org/", "arxiv", ":", "2303.10130", "isbn", "978", "-", " ", "(", ")", "<", ">",
     "[", "]", "&amp;", "&", "amp;", "lt;", "#38;", "#x3c;", "\\", "_", "%", "%2F", "%25", "\u200b", "\u2010", "\ufffd", "…",
     "PMC", "12", "x", "No. ", "case ", "docket:", ".", ";", "/", "?", "#", "utm_a=1", "'", "“", "\xa0", "\n", "é", "İ", "ŉ", "²"]
)  # fmt: skip
any_text = st.text() | st.lists(PIECES, max_size=12).map("".join)


@given(any_text)
@example("https://[::1")
@example("https://[v1.x]/a")
@example("https://example.org:99999999999999999999/")
@example("https://x\u2100y/")
@example("\ud800")
def test_any_text_is_an_identifier_or_refused_with_words(text: str) -> None:
    found = read(text)
    if isinstance(found, Identifier):
        assert ids.problem(found.scheme, found.value) is None
        assert ids.canonical(found.scheme, found.value) == found.value
        assert ids.parse(str(found)) == found
    else:
        assert len(found) > 10


@given(st.sampled_from(ids.SCHEMES), any_text)
def test_any_value_gets_an_answer(scheme: str, value: str) -> None:
    wrong = ids.problem(scheme, value)
    assert wrong is None or len(wrong) > 10
    assert (ids.address(scheme, value) is not None) <= (wrong is None)
    assert Identifier(scheme, value) == Identifier(scheme, value)
    hash(Identifier(scheme, value))


@given(any_text)
def test_cleaning_twice_cleans_no_more(text: str) -> None:
    for clean in (plain, trimmed, hyphened):
        assert clean(clean(text)) == clean(text)
    assert trimmed(unwrapped(text)) == unwrapped(text)


def test_faulty_identifiers_are_equal_only_as_they_stand() -> None:
    assert Identifier("doi", "10.1126") == Identifier("doi", "10.1126")
    assert Identifier("doi", "10.1126") != Identifier("doi", "10.1127")
    assert Identifier("handle", "1") != Identifier("doi", "1")
    assert Identifier("doi", "10.1126/a") != "doi:10.1126/a"


LONG = 100_000
HOSTILE = {
    "opening brackets": "(" * LONG,
    "closing brackets": "10.1126/" + ")" * LONG,
    "both brackets": "10.1126/" + "(" * (LONG // 2) + ")" * LONG,
    "tails": "https://example.org/doi/10.1126/a" + "/pdf" * (LONG // 4),
    "dois in a path": "https://example.org" + "/doi/abs/10.1234" * (LONG // 16),
    "numbers in a path": "https://example.org/article/doi/10.1093/" + "1/" * (LONG // 2),
    "entities": "&amp;" * (LONG // 5),
    "one long entity": "&" + "amp;" * (LONG // 4),
    "prefixes": "doi:" * (LONG // 4),
    "addresses": "https://" * (LONG // 8),
    "addresses in an address": "https://doi.org/" * (LONG // 16),
    "digits": "isbn:" + "1 " * (LONG // 2),
    "hyphens": "arxiv:" + "a-" * (LONG // 2),
    "percent": "10.1126/" + "%2525" * (LONG // 5),
    "backslashes": "\\" * LONG,
    "leads": "docket:" + "no. " * (LONG // 4) + "1",
    "court": "[2016] a" + "1" * LONG + "\nx",
    "case": "Case No." + "1" * LONG + "\nx",
    "blanks before a subject": "arxiv:2303.10130" + " " * LONG + "[a1]",
    "blanks before a remark": "10.1126/a" + " " * LONG + "[do1]",
    "tracking": "https://example.org/?" + "utm_a=1&" * (LONG // 8) + "x=1",
    "serials": "issn:" + "1234-5679," * (LONG // 10),
    "labels": "a." * (LONG // 2) + "/x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_long_text_is_read_in_time_and_quoted_briefly(name: str) -> None:
    text = HOSTILE[name]
    begun = time.process_time()
    found = read(text)
    assert isinstance(found, Identifier) or len(found) < 2_000
    for scheme in ids.SCHEMES:
        said = ids.problem(scheme, text)
        assert said is None or len(said) < 2_000
        Identifier(scheme, text) == Identifier(scheme, text + "x")  # noqa: B015 - takes the time of two keys
    # A step that looked at every pair of characters would take minutes.
    assert time.process_time() - begun < 8
