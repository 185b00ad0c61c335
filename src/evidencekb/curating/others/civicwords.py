"""What the words of CIViC for type, significance, direction and level become: one table, printed in decision 54.

An evidence item says of a variant that it goes with more or less of something, or that no such thing was seen. That something is
the outcome; the variant is the group. Where the words say neither, there is no direction, and a person has to fill it in.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Meaning(NamedTuple):
    """What an evidence item says in our words.

    Attributes:
        outcome: What it says something of.
        direction: A term of :class:`~evidencekb.vocab.Direction`; '' where its words give none.
    """

    outcome: str
    direction: str


OUTCOMES = {
    "predictive": "response to therapy", "prognostic": "course of the disease", "diagnostic": "presence of the disease",
    "predisposing": "risk of the disease", "oncogenic": "oncogenic effect", "functional": "function of the gene product",
}  # fmt: skip
"""The outcome of each type of evidence."""

DIRECTIONS = {
    "sensitivity": "increase", "sensitivityresponse": "increase", "sensitivity/response": "increase", "response": "increase",
    "predicts_sensitivity_to": "increase", "predictssensitivityto": "increase", "resistance": "decrease",
    "predicts_resistance_to": "decrease", "predictsresistanceto": "decrease", "reduced_sensitivity": "decrease",
    "better_outcome": "increase", "favorable": "increase", "is_prognostic_of_better_outcome_for": "increase",
    "is_prognostic_of_better_outcome": "increase", "associatedwithbetteroutcomefor": "increase", "poor_outcome": "decrease",
    "is_prognostic_of_worse_outcome_for": "decrease", "is_prognostic_of_worse_outcome": "decrease",
    "associatedwithworseoutcomefor": "decrease", "unfavorable": "decrease", "positive": "increase",
    "is_diagnostic_inclusion_criterion_for": "increase", "isdiagnosticinclusioncriterionfor": "increase", "negative": "decrease",
    "is_diagnostic_exclusion_criterion_for": "decrease", "isdiagnosticexclusioncriterionfor": "decrease",
    "predisposition": "increase", "protectiveness": "decrease", "pathogenic": "increase", "likely_pathogenic": "increase",
    "oncogenicity": "increase", "oncogenic": "increase", "likely_oncogenic": "increase", "gain_of_function": "increase",
    "loss_of_function": "decrease", "unaltered_function": "none_detected", "no_effect": "none_detected",
}  # fmt: skip
"""The direction that each word of significance, or predicate, has when the direction of the item is *supports*."""

_TYPES = (
    ("therapeutic", "predictive"), ("predict", "predictive"), ("prognos", "prognostic"), ("diagnos", "diagnostic"),
    ("predispos", "predisposing"), ("protect", "predisposing"), ("oncogenic", "oncogenic"), ("function", "functional"),
)  # fmt: skip


def meaning_of(type: str, significance: str, direction: str) -> Meaning:
    """What an item says.

    Examples:
        >>> meaning_of("PREDICTIVE", "RESISTANCE", "SUPPORTS")
        Meaning(outcome='response to therapy', direction='decrease')
        >>> meaning_of("Prognostic", "Poor Outcome", "Does Not Support")
        Meaning(outcome='course of the disease', direction='none_detected')
        >>> meaning_of("", "N/A", "SUPPORTS")
        Meaning(outcome='association with the disease', direction='')
    """
    told = f"{type} {significance}".lower()
    kind = next((kind for sign, kind in _TYPES if sign in told), "")
    outcome = OUTCOMES.get(kind, "association with the disease")
    plain = re.sub(r"[\s-]+", "_", significance.strip().lower())
    found = DIRECTIONS.get(plain, "")
    way = re.sub(r"[\s_-]+", "", direction.lower())
    if way == "supports":
        return Meaning(outcome, found)
    # What was looked for was not seen; the opposite was not found by that.
    return Meaning(outcome, "none_detected" if found and way in ("doesnotsupport", "disputes") else "")


def nature_of(level: str) -> str:
    """The nature of a finding by the level of evidence: what is inferred (level E) was worked out, not measured.

    Examples:
        >>> nature_of("B"), nature_of("E"), nature_of("Inferential")
        ('observed', 'modelled', 'modelled')
    """
    return "modelled" if level.strip().lower() in ("e", "inferential") else "observed"
