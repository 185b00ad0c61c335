"""Identifiers that libraries and registries hold: read, or refused for a reason that a person has looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidencekb import ids
from evidencekb.ids import Identifier
from evidencekb.ids.texts import decoded, plain

FIELD = re.compile(
    r"""^\s*,?\s*(doi|isbn|issn|pmid|pmcid)\s*=\s*(?:\{+([^{}]*)\}+|"+([^"]*)"+)\s*,?\s*$""",
    re.IGNORECASE | re.MULTILINE,
)
MEMBER = re.compile(r'"(DOI|ISBN|ISSN|PMID|PMCID)"\s*:\s*("(?:[^"\\]|\\.)*")')
TAG = re.compile(r"^(?:DO|DI)(?:  - | )\s*(.*)$", re.MULTILINE)
ADDRESS = re.compile(r"https?://[^\s\"'<>{}|,]*\b10\.[0-9]{4,9}/[^\s\"'<>{}|,]*")


def fields(shared: Path) -> Iterator[tuple[str, str]]:
    """Scheme and text of every identifier that a bibliography or a registry's answer writes in a field of its own."""
    for path in sorted((shared / "corpora" / "03-bibliographies").rglob("*")):
        text = path.read_text("utf-8", "replace") if path.is_file() else ""
        if path.suffix in (".bib", ".biblatex", ".bibtex"):
            yield from ((match[1].lower(), match[2] or match[3] or "") for match in FIELD.finditer(text))
        elif path.suffix == ".json":
            yield from ((match[1].lower(), json.loads(match[2])) for match in MEMBER.finditer(text))
        else:
            yield from (("doi", match[1].strip()) for match in TAG.finditer(text))
    for work in works(shared):
        yield "doi", work.get("DOI", "")
        yield from (("doi", reference["DOI"]) for reference in work.get("reference", ()) if "DOI" in reference)
        yield from (("issn", issn) for issn in work.get("ISSN", ()))
        yield from (("isbn", isbn) for isbn in work.get("ISBN", ()))
        yield from (("orcid", author["ORCID"]) for author in work.get("author", ()) if "ORCID" in author)


def works(shared: Path) -> Iterator[dict[str, Any]]:
    """Crossref's records of works."""
    lines = (shared / "corpora" / "05-scholarly-apis" / "crossref-works.jsonl").read_text("utf-8")
    yield from (json.loads(line)["message"] for line in lines.split("\n")[:-1])


def read(scheme: str, text: str) -> Identifier | str:
    try:
        return ids.parse(f"{scheme}:{text}")
    except ValueError as refused:
        return str(refused)


@pytest.fixture(scope="module")
def held(shared: Path) -> dict[str, dict[str, Identifier | str]]:
    found: dict[str, dict[str, Identifier | str]] = {}
    for scheme, text in fields(shared):
        if text.strip():
            found.setdefault(scheme, {})[text] = read(scheme, text)
    return found


def refused(held: dict[str, dict[str, Identifier | str]], scheme: str) -> list[str]:
    return sorted(text for text, found in held[scheme].items() if isinstance(found, str))


def several(found: Identifier | str) -> bool:
    """True if the text has more than one number, of which a person must choose."""
    return re.search(r" has [0-9]+ IS[BS]Ns; write one of ", str(found)) is not None


def test_every_doi_is_read_as_itself_in_small_letters(held: dict[str, dict[str, Identifier | str]]) -> None:
    dois = held["doi"]
    # A RIS file that explains its tags, a field filled with a word to try the field, and a file at a university's address.
    assert refused(held, "doi") == ["DOI", "http://alexandria.tue.nl/campusonly/Metis215145.pdf", "the DOI"]
    other = {text for text, found in dois.items() if isinstance(found, Identifier) and found.value != text.lower()}
    short = {text for text in other if text.startswith("10/")}
    addresses = {text for text in other if re.match(r"https?://(dx\.)?doi\.org/10\.", text)}
    printed = {text for text in other - short - addresses if "\u2010" in text or "\\" in text}
    arxiv = {text for text in other if text.startswith("10.48550/arXiv.")}
    assert other == short | addresses | printed | arxiv
    assert len(dois) > 9_000
    assert all(dois[text] == Identifier("doi", text.split("doi.org/")[1]) for text in addresses)
    assert all(dois[text] == Identifier("arxiv", text.removeprefix("10.48550/arXiv.")) for text in arxiv)
    assert all(dois[text] == Identifier("url", f"https://doi.org/{text}") for text in short)


def test_every_other_identifier_is_read_or_refused_for_a_reason(held: dict[str, dict[str, Identifier | str]]) -> None:
    # Made-up numbers of test files, one ISSN and one row of nine ISBNs run together in the field of an ISBN.
    assert {text for text in refused(held, "isbn") if not several(held["isbn"][text])} == {
        "87-16-11206-787-16-11419-187-16-11420-587-16-11421-387-16-11422-187-16-11424-887-16-11425-687-16-11460-487-16-11461-2",
        "0-69-697269-4", "0268-1242", "999-9-999-99999-9; 999-8-888-99999-8", "1111222233334", "000-0000000000",
    }  # fmt: skip
    assert {text for text in refused(held, "issn") if not several(held["issn"][text])} == {
        "07654321", "07654321a", "1111-2222", "1111-3333", "1999-7777(Electronic),0222-6666(Print)", "0111-9119", "4444-1221",
        "4444-1221;4444-1223", "0111-9119;1111-3333",
    }  # fmt: skip
    assert not any(refused(held, scheme) for scheme in ("pmid", "pmcid", "orcid"))
    assert {scheme: len(found) > 90 for scheme, found in held.items()} == dict.fromkeys(held, True)


def test_the_links_of_a_registrys_record_lead_to_its_own_doi_or_are_addresses(shared: Path) -> None:
    same = 0
    for work in works(shared):
        primary = work.get("resource", {}).get("primary", {})
        for link in (*work.get("link", ()), primary, work):
            if "URL" in link:
                found = ids.parse(link["URL"])
                assert found.scheme == "url" or found == Identifier("doi", work["DOI"]), link["URL"]
                same += found.scheme == "doi"
    assert same > 500


def test_no_doi_is_invented_from_an_address(shared: Path) -> None:
    seen = set()
    for folder in ("03-bibliographies", "05-scholarly-apis", "09-prose"):
        for path in sorted((shared / "corpora" / folder).rglob("*")):
            if path.is_file():
                seen.update(ADDRESS.findall(path.read_text("utf-8", "replace")))
    found = {text: read("url", text) for text in sorted(seen)}
    assert not [said for said in found.values() if isinstance(said, str)]
    dois = {text: one.value for text, one in found.items() if isinstance(one, Identifier) and one.scheme == "doi"}
    assert len(dois) > 250
    assert all(doi in decoded(plain(text)).lower() for text, doi in dois.items())
