"""A rule, or one of its variants, as a shape."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.model.common import Record
from evidencekb.rdf.shaping.conditions import Condition


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule asks of every node of one kind.

    Attributes:
        rule: Code of the rule.
        variant: Which of its messages, as ``messages`` of the rule names it; decides the severity.
        model: The record, or part of a record, that is looked at; or the class of an entry that goes by names.
        must: What must hold of it.
        says: What is wrong and what to do, in a sentence of its own; empty for the rule's title and remedy.
        derived: True if it reads what is worked out from the records.
    """

    rule: str
    variant: str
    model: type[Record] | str
    must: Condition
    says: str = ""
    derived: bool = False
