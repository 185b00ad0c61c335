"""The SQL texts keep to what runs with equal answers on every engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evidencekb.engines import texts as package
from evidencekb.engines.schema import ASKING
from evidencekb.engines.sealing import memory_tables
from evidencekb.engines.texts import names, text
from evidencekb.rules import rules
from evidencekb.rules.running import OF_FILES

TEXTS = (*names("rules"), *names("skipped"), *names("derive"), *names("audit"), *names("ask"))
OF_FUNCTIONS = {"103": {"local"}, "106": {"pages", "origin", "circle"}, "203": {"untied"}}
"""What a function finds besides the text, in one record."""
REFUSED = {
    "a parameter": r"\?|:\w+",
    "a percent sign, a double quote or a backslash": r'[%"\\]',
    "DDL or a change": r"\b(CREATE|INSERT|UPDATE|DELETE|DROP|ALTER|PRAGMA|ATTACH)\b",
    "a construct that some engine lacks": (
        r"\b(RECURSIVE|GROUP_CONCAT|STRING_AGG|CONCAT|GREATEST|LEAST|INSTR|POSITION|QUALIFY|EXCEPT ALL|FETCH FIRST|LIKE|"
        r"LOWER|UPPER|ROUND|TRUE|FALSE|REGEXP|GLOB|IFNULL|TOTAL)\b"
    ),
    "a division, whose result differs": r"/",
    "a decimal, which is binary on one engine only": r"\d\.\d",
    "a double equals sign": r"==",
    "a second statement": r";",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_one_portable_select(name: str) -> None:
    statement = text(name)
    assert statement.startswith("SELECT")
    for what, pattern in REFUSED.items():
        assert not re.search(pattern, statement), f"{name} holds {what}"


@pytest.mark.parametrize("name", names("rules"))
def test_a_rule_says_what_it_is_about(name: str) -> None:
    connection = memory_tables()
    columns = [column[0] for column in connection.execute(text(name)).description]
    connection.close()
    assert columns[:4] == ["kind", "id", "path", "variant"]


@pytest.mark.parametrize("name", names("rules"))
def test_every_variant_a_rule_can_yield_has_its_message(name: str) -> None:
    rule = rules()[f"EKB{name.rpartition('/')[2]}"]
    branches = re.split(r"\bFROM\b", text(name))
    written = {word for word in re.findall(r"'([a-z_]+)'", "".join(branches)) if word in rule.messages}
    assert written == set(rule.messages) - OF_FUNCTIONS.get(rule.number, set())


def test_rules_are_the_texts_the_functions_and_the_reader() -> None:
    by_text = {f"EKB{name.rpartition('/')[2]}" for name in names("rules")}
    by_function = {
        "EKB107", "EKB203", "EKB208", "EKB301", "EKB302", "EKB303", "EKB304", "EKB306", "EKB401", "EKB403",
        "EKB211",
    }  # fmt: skip
    assert set(rules()) == by_text | by_function | set(OF_FILES)


def test_a_comment_says_what_each_text_finds() -> None:
    for name in TEXTS:
        first = Path(package.__file__).parent.joinpath(f"{name}.sql").read_text().splitlines()[0]
        assert re.fullmatch(r"-- [A-Z].{20,}", first), name


def test_texts_run_on_empty_tables() -> None:
    connection = memory_tables()
    connection.execute("CREATE TEMP TABLE frontier(kind TEXT, scope TEXT, origin TEXT, target TEXT)")
    connection.execute("CREATE TEMP TABLE named(kind TEXT, id TEXT)")
    for table in ASKING:
        connection.execute(table.create)
    assert [list(connection.execute(text(name))) for name in TEXTS] == [[]] * len(TEXTS)
    connection.close()
