"""Names inside sentences, and counts with their nouns."""

from __future__ import annotations

import pytest

from evidencekb.answers.naming import counted, joined, kinds_of, lowered, plural_of
from evidencekb.vocab import SourceKind


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Older workers", "older workers"),
        ("A group of welders", "a group of welders"),
        ("US nurses", "US nurses"),
        ("R programmers", "R programmers"),
        ("3D artists", "3D artists"),
        ("iPhone repairers", "iPhone repairers"),
        ("C++", "C++"),
        ("Non-native writers", "non-native writers"),
        ("Éducateurs", "éducateurs"),
        ("older workers", "older workers"),
        ("MacBook owners", "MacBook owners"),
        ("COVID-19 patients", "COVID-19 patients"),
        ("X", "X"),
        ("数据分析师", "数据分析师"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_begins_small_unless_it_is_a_name(label: str, inside: str) -> None:
    assert lowered(label) == inside


@pytest.mark.parametrize(
    ("label", "plural"),
    [
        ("Nurse", "nurses"),
        ("Machine learning engineer", "machine learning engineers"),
        ("Data secretary", "data secretaries"),
        ("Decoy", "decoys"),
        ("Salesman", "salesmen"),
        ("Coach", "coaches"),
        ("Fax", "faxes"),
        ("HR generalist", "HR generalists"),
        ("X-ray technician", "X-ray technicians"),
        ("Éducateur spécialisé", "éducateur spécialisés"),
    ],
)
def test_a_plain_noun_has_the_regular_plural(label: str, plural: str) -> None:
    assert plural_of(label) == plural


@pytest.mark.parametrize(
    "label",
    [
        "Registered Nurses",
        "Boss",
        "Director of sales",
        "Teacher and tutor",
        "Nurse, registered",
        "Engineer (retired)",
        "R&D engineer",
        "C++",
        "Nursing",
        "Salesmen",
        "Kitchen staff",
        "Flight crew",
        "Support personnel",
        "Young people",
        "3D artist",
        "a Ph.D.",
        "PO",
        "数据分析师",
        "Two  spaces",
        "",
    ],
)
def test_of_any_other_label_people_in_the_role_are_told(label: str) -> None:
    assert plural_of(label) == f"people in the role {label}"


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (0, ("finding",), "0 findings"),
        (1, ("finding",), "1 finding"),
        (2, ("finding",), "2 findings"),
        (1, ("study", "studies"), "1 study"),
        (2, ("study", "studies"), "2 studies"),
        (1_200, ("source",), "1,200 sources"),
    ],
)
def test_a_number_stands_with_its_noun(number: int, words: tuple[str, ...], told: str) -> None:
    assert counted(number, *words) == told


@pytest.mark.parametrize(
    ("parts", "all_of_them", "any_of_them"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a and b", "a or b"),
        (["a", "b", "c"], "a, b and c", "a, b or c"),
        (["R&D, and more", "b"], "R&D, and more and b", "R&D, and more or b"),
    ],
)
def test_parts_of_a_sentence_are_joined(parts: list[str], all_of_them: str, any_of_them: str) -> None:
    assert (joined(parts), joined(iter(parts), last="or")) == (all_of_them, any_of_them)


@pytest.mark.parametrize(
    ("kind", "one", "many"),
    [
        ("journal_article", "1 journal article", "2 journal articles"),
        ("conference_paper", "1 conference paper", "2 conference papers"),
        ("preprint", "1 preprint", "2 preprints"),
        ("working_paper", "1 working paper", "2 working papers"),
        ("book", "1 book", "2 books"),
        ("thesis", "1 thesis", "2 theses"),
        ("report", "1 report", "2 reports"),
        ("official_statistics", "1 official statistics", "2 official statistics"),
        ("legal_decision", "1 legal decision", "2 legal decisions"),
        ("legal_filing", "1 legal filing", "2 legal filings"),
        ("legislation", "1 law", "2 laws"),
        ("dataset", "1 dataset", "2 datasets"),
        ("press_release", "1 press release", "2 press releases"),
        ("news_article", "1 news article", "2 news articles"),
        ("blog_post", "1 blog post", "2 blog posts"),
        ("web_page", "1 web page", "2 web pages"),
    ],
)
def test_documents_of_a_kind_are_counted(kind: str, one: str, many: str) -> None:
    assert (kinds_of(kind, 1), kinds_of(kind, 2)) == (one, many)


def test_every_kind_of_document_is_tried_above() -> None:
    (marked,) = test_documents_of_a_kind_are_counted.pytestmark  # type: ignore[attr-defined]  # set by pytest
    assert [kind for kind, _, _ in marked.args[1]] == list(SourceKind)
