"""Records of OpenAlex, after the shape of its Work object; the people and numbers are made up."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.items import TYPES, VARIABLES
from evidencekb.sources.services.openalex import _TYPES, entry, facts
from evidencekb.sources.services.records import Organisation
from tests.sources.services.test_crossref import json_values

WORK: dict[str, Any] = {
    "id": "https://openalex.org/W1234567890",
    "doi": "https://doi.org/10.5555/psy.1",
    "title": "Cracks in <i>Amphora</i>",
    "display_name": "Cracks in <i>Amphora</i>",
    "publication_year": 2021,
    "publication_date": "2021-04-02",
    "ids": {
        "openalex": "https://openalex.org/W1234567890",
        "doi": "https://doi.org/10.5555/psy.1",
        "mag": "123",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/1234567",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/7654321",
    },
    "language": "en",
    "primary_location": {
        "is_oa": True,
        "source": {
            "display_name": "Journal of Psychoceramics",
            "issn_l": "0264-3561",
            "host_organization_name": "Example Press",
            "type": "journal",
        },
    },
    "type": "article",
    "authorships": [
        {
            "author_position": "first",
            "author": {
                "id": "https://openalex.org/A1",
                "display_name": "J. Carberry",
                "orcid": "https://orcid.org/0000-0002-1825-0097",
            },
            "institutions": [
                {"display_name": "Example University", "ror": "https://ror.org/05rbhea42", "type": "education"}
            ],
            "countries": ["UT"],
            "is_corresponding": True,
            "raw_author_name": "Josiah Carberry",
            "raw_affiliation_strings": ["Example University, Utopia"],
        }
    ],
    "cited_by_count": 3,
    "biblio": {"volume": "5", "issue": "1", "first_page": "3", "last_page": "9"},
    "is_retracted": False,
    "keywords": [{"id": "https://openalex.org/keywords/clay", "display_name": "Clay", "score": 0.5}],
    "funders": [{"display_name": "Example Fund", "ror": "https://ror.org/04wxnsj81"}],
    "referenced_works": ["https://openalex.org/W1"],
    "abstract_inverted_index": {"Pots": [0], "crack.": [1]},
}


def test_an_article() -> None:
    found = entry(WORK)
    assert found.item == {
        "id": "doi:10.5555/psy.1",
        "DOI": "10.5555/psy.1",
        "PMID": "1234567",
        "PMCID": "PMC7654321",
        "type": "article-journal",
        "title": "Cracks in <i>Amphora</i>",
        "author": [{"family": "Carberry", "given": "Josiah"}],
        "issued": {"date-parts": [[2021, 4, 2]]},
        "container-title": "Journal of Psychoceramics",
        "ISSN": "0264-3561",
        "publisher": "Example Press",
        "volume": "5",
        "issue": "1",
        "page": "3-9",
        "language": "en",
        "abstract": "Pots crack.",
        "keyword": "Clay",
    }
    assert {loss.field for loss in found.losses} == {
        "authorships",
        "authorships.author.orcid",
        "institutions",
        "raw_affiliation_strings",
        "funders",
        "referenced_works",
        "ids.mag",
    }


def test_facts() -> None:
    assert facts(WORK).organisations == (
        Organisation("Example Press", "publisher"),
        Organisation("Example University", "affiliation", "05rbhea42", "", "Josiah Carberry"),
        Organisation("Example Fund", "funder", "04wxnsj81"),
    )


def test_who_keeps_a_copy_is_no_publisher() -> None:
    source = {"display_name": "arXiv", "type": "repository", "host_organization_name": "Example University"}
    found = facts(WORK | {"primary_location": {"source": source}})
    assert [body.role for body in found.organisations] == ["affiliation", "funder"]


def test_the_first_of_january_is_the_year() -> None:
    found = entry(WORK | {"publication_date": "2021-01-01"})
    assert found.item["issued"] == {"date-parts": [[2021]]}
    assert "publication_date" in {loss.field for loss in found.losses}


def test_that_it_is_retracted_is_said() -> None:
    assert "is_retracted" in {loss.field for loss in entry(WORK | {"is_retracted": True}).losses}


def test_every_type_is_one_of_csl() -> None:
    assert {type_ for type_, _ in _TYPES.values()} <= TYPES


@given(st.dictionaries(st.sampled_from(sorted(WORK)), json_values))
def test_no_shape_of_a_record_is_a_crash(changes: dict[str, Any]) -> None:
    assert set(entry(WORK | changes).item) <= VARIABLES
    facts(WORK | changes)
