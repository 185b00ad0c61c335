"""The rules: what a pack must hold to be trusted.

>>> from evidencekb.rules import rule
>>> print(rule("403").title)
A looser fit without a note
"""

from __future__ import annotations

from evidencekb.rules.custom import CustomRule, read_custom
from evidencekb.rules.rule import Rule, base_pack, rule, rules
from evidencekb.rules.running import check_records, check_tables, check_waivers, statements

__all__ = [
    "CustomRule",
    "Rule",
    "base_pack",
    "check_records",
    "check_tables",
    "check_waivers",
    "read_custom",
    "rule",
    "rules",
    "statements",
]
