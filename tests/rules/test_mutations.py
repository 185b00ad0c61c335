"""How good rule 303 is: every seeded mutation of the shipped texts, and the sound texts themselves; 107 on recorded drift."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from evidencekb.loading.assembling import assemble
from evidencekb.model import Claim, Finding, Record
from evidencekb.rules import rule
from evidencekb.rules.drift import differences
from evidencekb.rules.stated import claim_text
from evidencekb.rules.wording import Wording
from evidencekb.vocab import Role
from tests.rules.mutating import MUTATIONS, Mutation

_NUMBERS = {"number_changed", "unit_changed", "sign_or_inverse"}


@pytest.fixture(scope="module")
def records(repo: Path) -> dict[tuple[str, str], Record]:
    return {key: held.record for key, held in assemble(repo / "data").held.items()}


@pytest.fixture(scope="module")
def findings(records: dict[tuple[str, str], Record]) -> list[Finding]:
    return [record for record in records.values() if isinstance(record, Finding)]


@pytest.fixture(scope="module")
def wordings(findings: list[Finding], records: dict[tuple[str, str], Record]) -> dict[str, Wording]:
    return {finding.id: Wording([finding], lambda kind, id: records.get((kind, id))) for finding in findings}


def test_sound_texts_raise_fewer_false_alarms_than_one_in_fifty(
    findings: list[Finding], wordings: dict[str, Wording]
) -> None:
    texts = [(finding.id, text) for finding in findings for text in (finding.headline, finding.statement)]
    alarms = [(id, problem) for id, text in texts for problem in wordings[id].problems(text)]
    assert len({id for id, _ in alarms}) / len(texts) < 0.02, alarms


def test_claims_say_what_their_findings_say(records: dict[tuple[str, str], Record]) -> None:
    claims = [record for record in records.values() if isinstance(record, Claim)]
    told = [
        violation for claim in claims for violation in claim_text(rule("303"), claim, lambda *key: records.get(key))
    ]
    assert told == []


def test_nearly_every_mutation_of_a_sound_text_is_caught(findings: list[Finding], wordings: dict[str, Wording]) -> None:
    made, caught = Counter[str](), Counter[str]()
    missed: list[Mutation] = []
    for finding in findings:
        for text in (finding.headline, finding.statement):
            for mutate in MUTATIONS:
                for what, mutated in mutate(text):
                    made[what] += 1
                    hit = next(wordings[finding.id].problems(mutated), None) is not None
                    caught[what] += hit
                    if not hit:
                        missed.append((what, mutated))
    rates = {what: round(caught[what] / made[what], 3) for what in made}
    assert caught.total() / made.total() >= 0.95, (rates, missed)
    # What no rule can read from the words alone: a turned word of direction with no number, and a limit that no field holds.
    assert {what for what, rate in rates.items() if rate < 0.9} <= {"way flipped", "bound dropped", "cohort swapped"}, (
        rates
    )


def test_recorded_drift_of_numbers_is_found_again_and_sound_prints_are_silent(
    findings: list[Finding], records: dict[tuple[str, str], Record]
) -> None:
    found, changed, false = 0, 0, []
    for finding in findings:
        without = [citation.model_copy(update={"drift": ()}) for citation in finding.citations]
        told = list(
            differences(finding.model_copy(update={"citations": tuple(without)}), lambda *key: records.get(key))
        )
        for at, citation in enumerate(finding.citations):
            if citation.role is not Role.SECONDARY:
                continue
            for name in citation.prints:
                kinds = {str(drift.kind) for drift in citation.drift if name in drift.on}
                here = [difference for difference in told if (difference.at, difference.on) == (at, name)]
                if kinds & _NUMBERS:
                    changed += 1
                    found += bool(here)
                elif not kinds and any(difference.sure for difference in here):
                    false.append((finding.id, citation.source, name))
    assert false == []
    assert found / changed > 0.75
