"""CSL-JSON: what registries and reference managers serve is cleaned, and what is written is what others read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from evidencekb.report import Place, Severity
from evidencekb.sources.cleaning import WAS_RETRACTED
from evidencekb.sources.csljson import outward, read_csl, write_csl
from evidencekb.sources.items import DATES, NAMES, NUMBERS, TEXTS, TYPES, VARIABLES, Item, edtf
from evidencekb.sources.markup import UNSEEN
from evidencekb.testing import csl_items


def read_one(work: dict[str, Any]) -> tuple[Item, list[str]]:
    """The item of one object, and its losses in words."""
    found = read_csl(json.dumps([work]), "refs.json")
    assert found.violations == ()
    (entry,) = found.entries
    return entry.item, [str(loss) for loss in entry.losses]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ({"title": ["First", ""]}, {"title": "First"}),
        ({"title": "A", "subtitle": ["the story"]}, {"title": "A: the story"}),
        ({"title": "A: the story", "subtitle": "The Story"}, {"title": "A: the story"}),
        ({"title": "Growth of <jats:italic>E. coli</jats:italic> &amp;amp; B"}, {"title": "Growth of <i>E. coli</i> & B"}),
        ({"abstract": "<jats:p>One.</jats:p><jats:p>Two.</jats:p>"}, {"abstract": "One.\nTwo."}),
        ({"volume": 12, "issue": 3.0}, {"volume": "12", "issue": "3"}),
        ({"DOI": "https://doi.org/10.1016/S0140-6736(20)1"}, {"DOI": "10.1016/s0140-6736(20)1"}),
        ({"DOI": "10/fqd6hj"}, {"URL": "https://doi.org/10/fqd6hj"}),
        ({"URL": "https://doi.org/10.1000/ABC"}, {"URL": "https://doi.org/10.1000/ABC", "DOI": "10.1000/abc"}),
        ({"PMID": "PMID: 12", "PMCID": 5938574}, {"PMID": "12", "PMCID": "PMC5938574"}),
        ({"shortTitle": "S", "journalAbbreviation": "J.", "event": "E"},
         {"title-short": "S", "container-title-short": "J.", "event-title": "E"}),
        ({"event": {"name": "E", "location": "Bern", "start": {"date-parts": [[2020, 8, 4]]},
                    "end": {"date-parts": [[2020, 8, 8]]}}},
         {"event-title": "E", "event-place": "Bern", "event-date": {"date-parts": [[2020, 8, 4], [2020, 8, 8]]}}),
        ({"part": 2, "printing": 3, "supplement": "1"},
         {"part-number": "2", "printing-number": "3", "supplement-number": "1"}),
        ({"number": "arXiv:2303.10130v2"}, {"custom": {"arxiv": "2303.10130v2"}}),
        ({"number": "2303.10130", "publisher": "arXiv"}, {"custom": {"arxiv": "2303.10130"}, "publisher": "arXiv"}),
        ({"number": "2303.10130"}, {"number": "2303.10130"}),
        ({"standard_id": "arxiv:2303.10130"}, {"custom": {"arxiv": "2303.10130"}}),
        ({"categories": ["AI", "work"]}, {"keyword": "AI; work"}),
        ({"article-number": "e12"}, {"page": "e12"}),
        ({"article-number": "12", "page": "12"}, {"page": "12"}),
        ({"institution": [{"name": "MIT", "place": ["Boston"]}]}, {"publisher": "MIT", "publisher-place": "Boston"}),
        ({"title": None, "author": [], "issued": {}, "custom": {}, "member": ""}, {}),
    ],
)  # fmt: skip
def test_what_registries_serve_is_cleaned(raw: dict[str, Any], clean: Item) -> None:
    item, losses = read_one({"id": "a", "type": "report"} | raw)
    assert item == {"id": "a", "type": "report"} | clean
    assert losses == []


@pytest.mark.parametrize(
    ("given_", "type_"),
    [
        ("journal-article", "article-journal"), ("proceedings-article", "paper-conference"),
        ("posted-content", "article"), ("monograph", "book"), ("book-chapter", "chapter"), ("reference-entry", "entry"),
        ("peer-review", "review"), ("component", "document"), ("dissertation", "thesis"), ("legal-case", "legal_case"),
        ("journalArticle", "article-journal"), ("Legal_Case", "legal_case"), ("treaty", "treaty"),
    ],
)  # fmt: skip
def test_types_of_crossref_and_zotero_are_types_of_csl(given_: str, type_: str) -> None:
    assert read_one({"type": given_})[0]["type"] == type_


def test_a_type_that_nobody_knows_is_a_loss() -> None:
    item, losses = read_one({"type": "quilt", "title": "A"})
    assert item == {"id": "", "type": "document", "title": "A"}
    assert losses == ["type = 'quilt': no type of CSL"]


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ({"date-parts": [["2017", "07", "07"]]}, {"date-parts": [[2017, 7, 7]]}),
        ({"date-parts": [[2014, 12, 31], [0]]}, {"literal": "2014-12-31/.."}),
        ({"date-parts": [["-44", 3, 15]]}, {"date-parts": [[-44, 3, 15]]}),
        ({"date-parts": [[2020, 22]]}, {"date-parts": [[2020]], "season": 2}),
        ({"date-parts": [[2020]], "season": "Winter"}, {"date-parts": [[2020]], "season": 4}),
        ({"date-parts": [2020, 5]}, {"date-parts": [[2020], [5]]}),
        ({"raw": "2018-08-05"}, {"date-parts": [[2018, 8, 5]]}),
        ({"raw": "5 August 2018"}, {"date-parts": [[2018, 8, 5]]}),
        ({"literal": "13th cent"}, {"literal": "13th cent"}),
        ({"date-time": "2018-08-05T21:40:52Z", "timestamp": 1533505252000}, {"date-parts": [[2018, 8, 5]]}),
        ("2018-08-05T21:40:52Z", {"date-parts": [[2018, 8, 5]]}),
        ("2021/2022", {"date-parts": [[2021], [2022]]}),
        (2018, {"date-parts": [[2018]]}),
        ({"date-parts": [[2018]], "circa": 1}, {"date-parts": [[2018]], "circa": True}),
        ({"date-parts": [[2018]], "circa": "false"}, {"date-parts": [[2018]]}),
    ],
)  # fmt: skip
def test_dates_however_they_are_written(raw: Any, date: Any) -> None:
    assert read_one({"type": "book", "issued": raw}) == ({"id": "", "type": "book", "issued": date}, [])


@pytest.mark.parametrize(
    "raw", [{"date-parts": [[None]]}, {"date-parts": [[]]}, {"date-parts": []}, {}, None, [[None]]]
)
def test_a_date_without_parts_is_no_date(raw: Any) -> None:
    work = {"type": "book", "issued": raw, "published-print": {"date-parts": [[2020, 1]]}}
    assert read_one(work) == ({"id": "", "type": "book", "issued": {"date-parts": [[2020, 1]]}}, [])


@pytest.mark.parametrize(
    ("raw", "date", "loss"),
    [
        ({"date-parts": [[2018, 10, 21, 13]]}, [[2018, 10, 21]], "issued = '13': a date has three parts at most"),
        ({"date-parts": [[2018], [2019], [2020]]}, [[2018], [2019]], "issued = '[2020]': an interval has two dates"),
        ({"date-parts": [[2018, 2, 30]]}, [[2018, 2]], "issued = '30': not on the calendar"),
        ({"date-parts": [[2018, 2]], "season": 3}, [[2018, 2]], "issued = '3': no season of a year"),
        ({"date-parts": [[2018]], "raw": "soon"}, [[2018]], "issued = 'soon': raw beside another date"),
    ],
)
def test_what_is_no_part_of_a_date_is_a_loss(raw: Any, date: Any, loss: str) -> None:
    item, losses = read_one({"type": "book", "issued": raw})
    assert item["issued"] == {"date-parts": date}
    assert losses == [loss]


def test_names_keep_what_csl_knows() -> None:
    item, losses = read_one({
        "type": "book",
        "author": [
            {"family": "Noy", "given": "Shakked", "sequence": "first", "affiliation": [], "ORCID": "0000-0002-5577-3516"},
            {"family": "Beethoven", "non-dropping-particle": "van", "suffix": "Jr.", "ORCID": "0000-0001-1208-2077"},
            {"name": "OpenAI"}, "World Bank", {"given": "Plato"}, {}, 7, {"literal": "et al."},
        ],
    })  # fmt: skip
    assert item["author"] == [
        {"family": "Noy", "given": "Shakked"},
        {"family": "Beethoven", "non-dropping-particle": "van", "suffix": "Jr."},
        {"literal": "OpenAI"},
        {"literal": "World Bank"},
        {"literal": "Plato"},
        {"literal": "others"},
    ]
    assert losses == [
        "author = '7': not a name",
        "author.ORCID = '0000-0002-5577-3516 and 1 more': a name of CSL has no such part",
    ]


@pytest.mark.parametrize(
    ("raw", "loss"),
    [
        ({"member": "297"}, "member = '297': CSL has no such variable"),
        ({"reference": [{"key": 1}] * 30}, "reference = '30 entries': CSL has no such variable"),
        ({"title": ["A", "B"]}, "title = 'B': title is one text"),
        ({"title": {"a": 1}}, "title = '{\"a\": 1}': not a text"),
        ({"title": True}, "title = 'true': not a text"),
        ({"volume": float("nan")}, "volume = 'NaN': no number"),
        ({"volume": float("inf")}, "volume = 'Infinity': no number"),
        ({"title": "Gro\u202ewth\x00"}, f"title = 'U+202E, U+0000': {UNSEEN}"),
        ({"URL": "https://example.org/\u202ea"}, f"URL = 'U+202E': {UNSEEN}"),
        ({"author": [{"family": "No\u2066y"}]}, f"author.family = 'U+2066': {UNSEEN}"),
        ({"genre": "Retracted Publication"}, f"genre = 'Retracted Publication': {WAS_RETRACTED}"),
        ({"subtitle": "A survey"}, "subtitle = 'A survey': there is no title that it belongs to"),
        ({"ISSN": ["0036-8075", "1095-9203"]}, "ISSN = '1095-9203': ISSN is one number"),
        ({"DOI": "none"}, "DOI = 'none': no DOI"),
        ({"URL": "javascript:alert(1)"}, "URL = 'javascript:alert(1)': no URL"),
        ({"page": "1", "article-number": "e7"}, "article-number = 'e7': page has another value"),
        ({"id": ["a"]}, "id = '[\"a\"]': not a text"),
        ({"custom": "x"}, "custom = 'x': not an object"),
        ({"standard_id": "raw:x"}, "standard_id = 'raw:x': CSL has no such variable"),
    ],
)
def test_what_an_item_cannot_hold_is_a_loss(raw: dict[str, Any], loss: str) -> None:
    assert read_one({"type": "book"} | raw)[1] == [loss]


@pytest.mark.parametrize(
    ("written", "people", "loss"),
    [
        ("Smith, John", [{"family": "Smith", "given": "John"}], "read as family 'Smith', given 'John'"),
        (["Smith, John"], [{"family": "Smith", "given": "John"}], "read as family 'Smith', given 'John'"),
        ("Smith, John; Doe, Jane", [{"family": "Smith", "given": "John"}, {"family": "Doe", "given": "Jane"}], "given 'Jane'"),
        ("Smith, John and Doe, Jane", [{"family": "Smith", "given": "John"}, {"family": "Doe", "given": "Jane"}], "'Doe'"),
        ("Noy, S., Jr.", [{"family": "Noy", "given": "S.", "suffix": "Jr."}], "suffix 'Jr.'"),
        ("Example, Inc.", [{"literal": "Example, Inc."}], None),
        ("World Bank", [{"literal": "World Bank"}], None),
        ([{"literal": "Smith, John"}], [{"literal": "Smith, John"}], None),
    ],
)  # fmt: skip
def test_names_that_are_one_text_are_split_and_told(written: Any, people: Any, loss: str | None) -> None:
    item, losses = read_one({"type": "book", "author": written})
    assert item["author"] == people
    assert len(losses) == (loss is not None)
    assert loss is None or loss in losses[0]


ZOTERO = {
    "itemType": "journalArticle",
    "title": "A",
    "creators": [{"lastName": "Noy"}],
    "date": "2020",
    "itemKey": "AB",
}


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ({"config": {"label": "BetterBibTeX JSON"}, "items": [ZOTERO, ZOTERO]}, 1, "(2 items)"),
        ([ZOTERO], 1, "(1 item)"),
        ([{"key": "AB", "version": 1, "data": ZOTERO}], 1, "(1 item)"),
    ],
)
def test_zoteros_own_json_is_named_and_not_read(data: Any, line: int, words: str) -> None:
    found = read_csl(json.dumps(data), "refs.json")
    assert found.entries == ()
    (violation,) = found.violations
    assert violation.severity is Severity.ERROR
    assert violation.message.startswith(f"this is Zotero's own JSON {words}, not CSL-JSON; export CSL JSON or BibTeX")
    assert violation.place == Place("refs.json", line)


def test_works_beside_zoteros_own_are_read() -> None:
    found = read_csl(json.dumps([ZOTERO, {"id": "a", "type": "book", "title": "A"}]), "refs.json")
    assert [entry.key for entry in found.entries] == ["a"]
    assert len(found.violations) == 1


@pytest.mark.parametrize(
    "raw", [{"title": "A"}, {"title": "A", "DOI": "10.5555/a", "x": 1}, {"type": "book"}, {"DOI": "10.5555/a"}]
)
def test_a_work_without_a_type_is_one_when_its_keys_are_those_of_csl(raw: dict[str, Any]) -> None:
    found = read_csl(json.dumps(raw), "refs.json")
    assert len(found.entries) == 1
    assert found.violations == ()


def test_the_exports_of_zotero_in_the_corpus_are_named(shared: Path) -> None:
    folder = shared / "corpora" / "03-bibliographies" / "bibtex" / "better-bibtex"
    named = 0
    for path in sorted(folder.rglob("*.json")):
        text = path.read_text(encoding="utf-8")
        if '"itemType"' in text:
            found = read_csl(text, path.name)
            named += any("Zotero's own JSON" in violation.message for violation in found.violations)
            assert found.entries == (), path.name
    assert named > 50


@pytest.mark.parametrize(
    ("note", "item"),
    [
        ("Read twice.\nDOI: 10.1000/1", {"note": "Read twice.", "DOI": "10.1000/1"}),
        ("type: hearing\nevent-place: Bern", {"type": "hearing", "event-place": "Bern"}),
        ("Original Date: 1990\neditor: Noy || Shakked",
         {"original-date": {"date-parts": [[1990]]}, "editor": [{"family": "Noy", "given": "Shakked"}]}),
        ("Made by a tool.\nstandard_id: doi:10.1000/1", {"note": "Made by a tool.", "DOI": "10.1000/1"}),
        ("One.\nTwo.\nsection: 3\nPMID: 7", {"note": "One.\nTwo.\nsection: 3", "PMID": "7"}),
        ("DOI: unknown", {"note": "DOI: unknown"}),
        ("title: Another", {"note": "title: Another"}),
    ],
)  # fmt: skip
def test_variables_in_a_note_are_read_and_what_contradicts_stays(note: str, item: Item) -> None:
    found, losses = read_one({"type": "book", "title": "T", "note": note})
    assert found == {"id": "", "type": "book", "title": "T"} | item
    assert losses == []


@pytest.mark.parametrize(
    ("id_", "key"),
    [
        ("https://doi.org/10.5061/DRYAD.8515", "doi:10.5061/dryad.8515"),
        ("http://zotero.org/users/1/items/AB12CD", "AB12CD"),
        ("https://example.org/a", "https://example.org/a"),
        (42, "42"),
    ],
)
def test_keys_that_are_addresses_become_identifiers(id_: Any, key: str) -> None:
    assert read_one({"type": "book", "id": id_})[0]["id"] == key


def test_a_list_an_object_its_lists_and_lines_are_read() -> None:
    one = {"id": "a", "type": "book"}
    texts = [json.dumps(shape) for shape in ([one], one, {"items": [one]}, {"references": [one]})]
    for text in (*texts, f"\ufeff{texts[0]}", f"{texts[1]}\n{texts[1]}"):
        found = read_csl(text, "refs.json")
        assert set(map(str, found.items)) == {str(one)}
        assert found.violations == ()


def test_entries_have_the_line_where_they_start() -> None:
    found = read_csl('[\n{"id": "a",\n "type": "book"},\n\n  {"id": "b", "type": "book"}\n]', "refs.json")
    assert [(entry.key, entry.line, entry.lines["type"]) for entry in found.entries] == [("a", 2, 2), ("b", 5, 5)]


@pytest.mark.parametrize(
    ("text", "read", "line", "words"),
    [
        ('[{"id": "a", "type": "book"},\n{"id": }]', 1, 2, "not JSON"),
        ('[{"id": "a", "type": "book"},\n', 1, 2, "the file is cut"),
        ('[{"id": "a", "type": "book"}]\nrest', 1, 1, "'rest'"),
        ('[\n"a"]', 0, 2, "'a' is no work"),
        ("[\nnull]", 0, 2, "null is no work"),
        ('{"items":\n [true]}', 0, 1, "true is no work"),
        ('{"rainbow": ["red"]}', 0, 1, "it has rainbow"),
        ('{"type": "FeatureCollection", "features": []}', 0, 1, "without a type of CSL, of which 1 of 2 keys are"),
        (
            '[{"name": "left-pad", "version": "1.0", "author": "A", "license": "MIT", "main": "a.js"}]',
            0,
            1,
            "2 of 5 keys",
        ),
        ('{"paperId": "7", "title": "A", "year": 2020, "venue": "B"}', 0, 1, "1 of 4 keys"),
        ("", 0, 0, "no works"),
        ("[" * 100_000, 0, 1, "nested deeper"),
        ('[{"type": "book", "volume": ' + "9" * 5000 + "}]", 0, 1, "not JSON"),
        ('[{"type": "book", "title": "A", "title": "B"}]', 1, 0, "'title' stands twice"),
    ],
)
def test_what_cannot_be_read_is_a_violation_with_its_line(text: str, read: int, line: int, words: str) -> None:
    found = read_csl(text, "refs.json")
    assert len(found.entries) == read
    (violation,) = found.violations
    assert violation.code == "EKB501"
    assert violation.place is not None
    assert (violation.place.file, violation.place.line) == ("refs.json", line)
    assert words in violation.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["family", "date-parts", "x"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(VARIABLES)) | st.text(max_size=5), JSON, max_size=6))
def test_anything_in_any_variable_gives_an_item_that_keeps_its_form(work: dict[str, Any]) -> None:
    found = read_csl(json.dumps([{"type": "book"} | work]), "refs.json")
    for item in found.items:
        assert item.keys() <= VARIABLES
        assert all(value for name, value in item.items() if name != "id")
        assert all(isinstance(item[name], str) for name in (*TEXTS, *NUMBERS) if name in item)
        again = read_csl(write_csl([item]), "refs.json").items[0].keys()
        both = {"editor", "translator"} if "editor-translator" in item else set()
        assert again == (item.keys() - {"editor-translator"}) | both


@given(st.lists(csl_items(), max_size=4))
def test_written_items_are_read_as_they_were(items: list[Item]) -> None:
    found = read_csl(write_csl(items), "refs.json")
    assert list(found.items) == items
    assert all(entry.losses == () for entry in found.entries)
    assert found.violations == ()


def schema() -> Draft7Validator:
    """The rules of CSL's input schema, said anew: which variables there are, and the form of each."""
    text, number = {"type": "string"}, {"type": ["string", "number"]}
    said_otherwise = {"part-number": "part", "printing-number": "printing", "supplement-number": "supplement"}
    parts = ("family", "given", "suffix", "dropping-particle", "non-dropping-particle", "literal")
    name = {"type": "object", "properties": dict.fromkeys(parts, text), "additionalProperties": False}
    names = {"type": "array", "items": name}
    side = {"type": "array", "items": number, "minItems": 1, "maxItems": 3}
    date = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "date-parts": {"type": "array", "items": side, "minItems": 1, "maxItems": 2},
            "season": number,
            "circa": {"type": ["string", "number", "boolean"]},
            "literal": text,
        },
    }
    forms: dict[str, Any] = {"id": number, "type": {"enum": sorted(TYPES)}, "custom": {"type": "object"}}
    forms |= dict.fromkeys(TEXTS, text) | dict.fromkeys(DATES, date)
    forms |= dict.fromkeys([name for name in NAMES if name != "editor-translator"], names)
    forms |= {said_otherwise.get(name, name): text if name == "version" else number for name in NUMBERS}
    item = {"type": "object", "properties": forms, "required": ["id", "type"], "additionalProperties": False}
    return Draft7Validator({"type": "array", "items": item})


SCHEMA = schema()


@given(st.lists(csl_items(), max_size=3))
def test_what_is_written_keeps_the_rules_of_the_input_schema(items: list[Item]) -> None:
    assert [error.message for error in SCHEMA.iter_errors(json.loads(write_csl(items)))] == []


@pytest.mark.parametrize(
    "broken", [{"part-number": "1"}, {"title": ["A"]}, {"issued": {"date-parts": [[]]}}, {"x": "1"}]
)
def test_the_rules_refuse_what_csl_refuses(broken: dict[str, Any]) -> None:
    assert SCHEMA.is_valid([{"id": "a", "type": "book"}])
    assert not SCHEMA.is_valid([{"id": "a", "type": "book"} | broken])


def test_an_arxiv_number_goes_out_as_number_unless_there_is_one() -> None:
    preprint: Item = {"id": "a", "type": "article", "custom": {"arxiv": "2303.10130", "x": "y"}}
    assert outward(preprint) == {"id": "a", "type": "article", "custom": {"x": "y"}, "number": "arXiv:2303.10130"}
    assert outward(preprint | {"number": "7"}) == preprint | {"number": "7"}


def test_who_edited_and_translated_goes_out_as_both() -> None:
    person = {"family": "Noy"}
    assert outward({"id": "a", "type": "book", "editor-translator": [person]}) == {
        "id": "a", "type": "book", "editor": [person], "translator": [person],
    }  # fmt: skip


MANUBOT = "corpora/03-bibliographies/csljson/manubot"
PAIRS = ("arxiv-joss-csl", "crossref-deep-review-csl", "crossref-winter-scabs-csl", "excess-date-parts-csl",
         "greycite-meta-review-csl")  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("pair", PAIRS)
def test_raw_items_become_what_the_schema_leaves_of_them(shared: Path, pair: str) -> None:
    """Where we differ from pruning by the schema, pruning loses: it drops a whole value when a part of it is wrong."""
    raw, pruned = (
        json.loads((shared / MANUBOT / f"{pair}__{state}.json").read_text(encoding="utf-8"))[0]
        for state in ("raw", "pruned")
    )
    (item,) = read_csl(json.dumps([raw]), "raw.json").items
    for variable, value in pruned.items():
        if variable in DATES:
            # Parts that are texts are the same date as whole numbers; {} is what is left of a date with four parts.
            assert edtf(item[variable]) == (edtf(value) or "-".join(map(str, raw[variable]["date-parts"][0][:3])))
        elif variable == "number" and raw["publisher"] == "arXiv":
            # The number that arXiv gave is an identifier, which goes out as "arXiv:...".
            assert item["custom"] == {"arxiv": value}
        else:
            assert item[variable] == value, variable
    # What pruning drops and we keep: the first of several ISSN.
    assert item.keys() - pruned.keys() <= {"ISSN", "custom"}


@pytest.mark.shared
def test_every_file_is_read_and_comes_back(shared: Path) -> None:
    files = sorted((shared / "corpora" / "03-bibliographies" / "csljson").rglob("*.json"))
    works = 0
    for path in files:
        found = read_csl(path.read_text(encoding="utf-8"), path.name)
        works += len(found.entries)
        assert bool(found.entries) != bool(found.violations), path.name
        assert read_csl(write_csl(found.items), path.name).items == found.items, path.name
        assert SCHEMA.is_valid(json.loads(write_csl(found.items))), path.name
    assert works > 600
