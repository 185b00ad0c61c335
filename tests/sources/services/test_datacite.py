"""Records of DataCite, after the shape of its REST API; the people and numbers are made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb import ids
from evidencekb.sources.items import TYPES, VARIABLES
from evidencekb.sources.services.datacite import _TYPES, _WORDS, entry, facts
from evidencekb.sources.services.records import Organisation
from tests.sources.services.test_crossref import json_values

RECORD: dict[str, Any] = {
    "doi": "10.5555/data.2",
    "prefix": "10.5555",
    "suffix": "data.2",
    "identifiers": [],
    "alternateIdentifiers": [],
    "creators": [
        {
            "name": "Carberry, Josiah",
            "nameType": "Personal",
            "givenName": "Josiah",
            "familyName": "Carberry",
            "affiliation": [
                {
                    "name": "Example University",
                    "affiliationIdentifier": "https://ror.org/05rbhea42",
                    "affiliationIdentifierScheme": "ROR",
                }
            ],
            "nameIdentifiers": [
                {
                    "schemeUri": "https://orcid.org",
                    "nameIdentifier": "https://orcid.org/0000-0002-1825-0097",
                    "nameIdentifierScheme": "ORCID",
                }
            ],
        },
        {"name": "Example Statistics Office", "nameType": "Organizational", "affiliation": ["Utopia"]},
    ],
    "titles": [
        {"lang": "en", "title": "Wages in clay"},
        {"title": "A panel", "titleType": "Subtitle"},
        {"title": "Löhne im Ton", "titleType": "TranslatedTitle"},
    ],
    "publisher": {"name": "Example Archive", "publisherIdentifier": "https://ror.org/04wxnsj81"},
    "container": {},
    "publicationYear": 2020,
    "subjects": [{"subject": "wages"}, {"subject": "clay", "subjectScheme": "Example scheme"}],
    "contributors": [
        {"name": "Doe, Jane", "nameType": "Personal", "contributorType": "Editor", "affiliation": []},
        {"name": "Roe, Richard", "nameType": "Personal", "contributorType": "DataCurator", "affiliation": []},
    ],
    "dates": [
        {"date": "2020-05-03T10:00:00Z", "dateType": "Issued"},
        {"date": "2019-01-01/2019-12-31", "dateType": "Collected"},
    ],
    "language": "en",
    "types": {"ris": "DATA", "bibtex": "misc", "resourceTypeGeneral": "Dataset", "resourceType": "Survey data"},
    "relatedIdentifiers": [
        {"relationType": "IsVersionOf", "relatedIdentifier": "10.5555/data", "relatedIdentifierType": "DOI"},
        {"relationType": "IsSupplementTo", "relatedIdentifier": "arXiv:2303.10130", "relatedIdentifierType": "arXiv"},
        {"relationType": "IsDocumentedBy", "relatedIdentifier": "urn:x:1", "relatedIdentifierType": "URN"},
    ],
    "sizes": ["3 MB"],
    "formats": [],
    "version": "1.1",
    "rightsList": [{"rights": "CC BY 4.0"}],
    "descriptions": [{"description": "<p>Wages &amp; pots.</p>", "descriptionType": "Abstract"}],
    "geoLocations": [],
    "fundingReferences": [{"funderName": "Example Fund", "awardNumber": "G-1", "funderIdentifier": "10.13039/1"}],
    "url": "https://example.org/data/2",
    "viewCount": 7,
    "state": "findable",
}


def test_a_data_set() -> None:
    found = entry(RECORD)
    assert found.item == {
        "id": "doi:10.5555/data.2",
        "DOI": "10.5555/data.2",
        "type": "dataset",
        "genre": "Survey data",
        "title": "Wages in clay: A panel",
        "author": [{"family": "Carberry", "given": "Josiah"}, {"literal": "Example Statistics Office"}],
        "editor": [{"family": "Doe", "given": "Jane"}],
        "issued": {"date-parts": [[2020, 5, 3]]},
        "publisher": "Example Archive",
        "language": "en",
        "version": "1.1",
        "URL": "https://example.org/data/2",
        "abstract": "Wages & pots.",
        "keyword": "wages, clay",
    }
    assert {loss.field for loss in found.losses} == {
        "titles",
        "contributors.DataCurator",
        "creators.affiliation",
        "creators.nameIdentifiers.nameIdentifier",
        "dates.Collected",
        "subjects.subjectScheme",
        "relatedIdentifiers",
        "fundingReferences",
        "rightsList",
        "sizes",
    }


def test_facts() -> None:
    found = facts(RECORD)
    assert found.organisations == (
        Organisation("Example Archive", "publisher", "04wxnsj81", "https://ror.org/04wxnsj81"),
        Organisation("Example University", "affiliation", "05rbhea42", "https://ror.org/05rbhea42", "Carberry, Josiah"),
        Organisation("Utopia", "affiliation", person="Example Statistics Office"),
        Organisation("Example Fund", "funder", "", "10.13039/1", awards=("G-1",)),
    )
    assert [(other.relation, other.identifier) for other in found.related] == [
        ("is-version-of", ids.Identifier("doi", "10.5555/data")),
        ("is-supplement-to", ids.Identifier("arxiv", "2303.10130")),
        ("is-documented-by", None),
    ]
    assert [other.text for other in found.versions] == ["10.5555/data"]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ({"resourceTypeGeneral": "Preprint"}, ("article", "Preprint")),
        ({"resourceTypeGeneral": "Text", "resourceType": "Working Paper"}, ("report", "Working paper")),
        ({"resourceTypeGeneral": "Text", "resourceType": "Brief"}, ("document", "Brief")),
        ({"resourceTypeGeneral": "Software"}, ("software", None)),
        ({}, ("document", None)),
    ],
)
def test_types(types: dict[str, str], expected: tuple[str, str | None]) -> None:
    item = entry(RECORD | {"types": types}).item
    assert (item["type"], item.get("genre")) == expected


def test_every_type_is_one_of_csl() -> None:
    assert {type_ for type_, _ in _TYPES.values()} | {known[0] for _, known in _WORDS} <= TYPES


def test_the_year_alone() -> None:
    assert entry(RECORD | {"dates": []}).item["issued"] == {"date-parts": [[2020]]}
    assert "issued" not in entry(RECORD | {"dates": [], "publicationYear": None}).item
    other = entry(RECORD | {"publicationYear": 2018})
    assert other.item["issued"] == {"date-parts": [[2020, 5, 3]]}
    assert "publicationYear" in {loss.field for loss in other.losses}


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ({"name": "Carberry, Josiah"}, {"family": "Carberry", "given": "Josiah"}),
        ({"name": "Josiah Carberry", "nameType": "Personal"}, {"family": "Carberry", "given": "Josiah"}),
        ({"name": "Josiah Carberry"}, {"literal": "Josiah Carberry"}),
        ({"name": "OECD"}, {"literal": "OECD"}),
    ],
)
def test_names(creator: dict[str, str], name: dict[str, str]) -> None:
    found = entry(RECORD | {"creators": [creator]})
    assert found.item["author"] == [name]
    is_guessed = creator["name"] == "Josiah Carberry" and "nameType" in creator
    assert ("creators" in {loss.field for loss in found.losses}) is is_guessed


@given(st.dictionaries(st.sampled_from(sorted(RECORD)), json_values))
def test_no_shape_of_a_record_is_a_crash(changes: dict[str, Any]) -> None:
    found = entry(RECORD | changes)
    assert set(found.item) <= VARIABLES
    facts(RECORD | changes)
