"""The pages of docs/reference say what the code says, and links between pages lead somewhere."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

import evidencekb as ekb
from evidencekb.answers.codes import MEANING, SEVERITY
from evidencekb.answers.schema import VERSION
from evidencekb.engines.schema import TABLES, VIEWS
from evidencekb.exports import citation_cff
from evidencekb.model import KINDS
from evidencekb.rules import rules

REPO = Path(__file__).resolve().parents[2]
DOCS = REPO / "docs"
PAGES = [REPO / "README.md", REPO / "CONTRIBUTING.md", REPO / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
FENCED = re.compile(r"^(`{3,}).*?^\1`*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = load_script()
MADE: dict[str, str] = GENERATE.pages()


def prose(text: str) -> str:
    """A page without its code blocks."""
    return FENCED.sub("", text)


def anchors(text: str) -> set[str]:
    """What a link may say after #, as code hosts make it from headings."""
    titles = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", MADE)
def test_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == MADE[name], "run: nox -s docs-pages"


def test_the_citation_file_is_that_of_the_data() -> None:
    with ekb.load(REPO / "data") as kb:
        assert (REPO / "CITATION.cff").read_text(encoding="utf-8") == citation_cff(kb), "run: nox -s docs-pages"


def test_no_page_is_left_of_a_rule_that_is_no_more() -> None:
    on_disk = {path.stem for path in (DOCS / "reference" / "rules").glob("EKB*.md")}
    assert on_disk == set(rules())


def test_every_public_name_record_and_table_has_a_heading() -> None:
    assert set(re.findall(r"^## (\w+)$", MADE["api.md"], re.MULTILINE)) == set(ekb.__all__) - {"__version__"}
    assert {model.__name__ for model in KINDS.values()} <= set(
        re.findall(r"^## (\w+)$", MADE["records.md"], re.MULTILINE)
    )
    headings = set(re.findall(r"^### (\w+)$", MADE["tables.md"], re.MULTILINE))
    assert headings == {table.name for table in (*TABLES, *VIEWS)} | {"words"}


def test_schema_of_answers_is_named_by_its_version() -> None:
    name = f"answers-{VERSION}.json"
    written = json.loads((DOCS / "reference" / name).read_text(encoding="utf-8"))
    assert written == ekb.answer_schema(), "run: nox -s docs-pages"
    assert written["$id"].endswith(f"/{name}")


def test_every_record_of_an_answer_has_a_heading() -> None:
    headings = set(re.findall(r"^### (\w+)$", MADE["answers.md"], re.MULTILINE))
    assert set(ekb.answer_schema()["$defs"]) <= headings


def test_field_of_an_answer_says_what_plain_data_holds() -> None:
    rows = MADE["answers.md"].splitlines()
    assert "| `figures` | list: [Figure](#figure) | list: id | Its figures, main ones first. |" in rows
    assert any(row.startswith("| `as_of` | text | left out |") for row in rows)
    assert any(row.startswith("| `depends_on` | set: text | sorted list: text |") for row in rows)


def test_every_caveat_code_has_a_severity_and_a_meaning() -> None:
    assert set(MEANING) == set(SEVERITY)
    assert [
        code for code in SEVERITY if f"| `{code}` | {SEVERITY[code]} | {MEANING[code]} |" not in MADE["answers.md"]
    ] == []


def test_field_is_described_with_its_type_and_default() -> None:
    rows = MADE["records.md"].splitlines()
    assert (
        "| `qualifier` | [Qualifier](vocabularies.md#qualifier) | `exactly` | How the printed number is limited. |"
        in rows
    )
    assert "| `cohort` | cohort id | *needed* | Id of the cohort. |" in rows


def test_page_of_a_rule_shows_the_change_that_puts_a_record_right() -> None:
    assert "\n+        basis: own_data\n" in MADE["rules/EKB101.md"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPO).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    broken = []
    for link in LINK.findall(prose(text)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert broken == []


def test_index_leads_to_every_page() -> None:
    linked: set[Path] = set()
    for index in (DOCS / "index.md", DOCS / "reference" / "rules" / "index.md"):
        linked |= {(index.parent / link).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))}
    assert [path for path in sorted(DOCS.rglob("*.md")) if path not in linked and path != DOCS / "index.md"] == []
