"""A pack made for questions: two roles, a hierarchy of skills, and findings of every tier."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidencekb as ekb
from tests.packs import TODAY, write_pack

CONCEPTS = """\
concepts:
  - {id: engineer, kind: role, label: Engineer, plural: engineers}
  - {id: writer, kind: role, label: Writer, plural: writers}
  - {id: machine-learning, kind: skill, label: machine learning}
  - id: torch
    kind: skill
    label: Torch
    links:
      - {to: machine-learning, relation: broader, source: editorial}
  - {id: work, kind: topic, label: work}
  - {id: use, kind: outcome, label: use}
  - {id: pay, kind: outcome, label: pay}
  - id: offered-pay
    kind: outcome
    label: offered pay
    links:
      - {to: pay, relation: broader, source: editorial}
cohorts:
  - {id: workers, label: Workers, meaning: People in work., unit: people}
  - {id: older-workers, label: Older workers, meaning: Workers of 50 and over., unit: people, broader: [workers]}
definitions:
  - {id: says-uses, of: use, basis: survey_answer, procedure: Share who say so.}
  - {id: pay-in-ads, of: offered-pay, basis: posting_text, procedure: Mean of ads that name it.}
organizations:
  - {id: maker, name: The Maker, sells: [torch-box]}
claims:
  - id: torch-pays
    text: Ads that name it offer more.
    about: [torch]
    supports:
      - {finding: pay-gap, estimates: [gap], stance: supports}
      - {finding: use-count, estimates: [share], stance: qualifies}
untraced:
  - {id: torch-doubles-pay, headline: It doubles your pay, status: no_source_found, say: No study shows it.}
"""
SOURCES = """\
sources:
  - id: ads2020
    kind: journal_article
    title: Pay in ads
    published_on: 2020
    container: Journal of Ads
    doi: 10.5555/ads.2020
    work: ads
    version: article, 2020
    vendor: independent
    vendor_reason: Two university economists who sell nothing of it.
    standing: {checked_on: 2026-01-15}
  - id: ads2018
    kind: working_paper
    title: Pay in ads, first version
    published_on: 2018
    number: WP 1
    work: ads
    version: working paper, 2018
    vendor: independent
    vendor_reason: The same two economists two years before.
    standing:
      events:
        - {status: superseded, on: 2020, by: ads2020}
  - id: maker2024
    kind: report
    title: Who uses it
    published_on: 2024-05
    publisher: The Maker
    url: https://maker.example/use
    vendor: vendor
    vendor_reason: The Maker sells boxes for it.
    interests:
      - {organization: maker, tie: publisher, sells: torch-box}
  - id: trial2023
    kind: preprint
    title: Writing with a machine
    published_on: 2023
    arxiv: "2301.00001"
    vendor: independent
    vendor_reason: A public institute without products.
  - id: gone2022
    kind: preprint
    title: A paper its university disavowed
    published_on: 2022
    arxiv: "2201.00002"
    vendor: independent
    vendor_reason: One student of a university.
    standing:
      events:
        - {status: disavowed, on: 2023-05, by: the university}
  - id: blog2024
    kind: blog_post
    title: It pays
    url: https://blog.example/it-pays
    vendor: unknown
    vendor_reason: Not looked into; it relays one number.
"""


def finding(id: str, source: str, *, estimates: str = "", extra: str = "", **fields: str) -> str:
    """A finding with what the test does not care about filled in."""
    held = {
        "headline": f"Headline of {id}",
        "statement": f"Statement of {id}.",
        "nature": "observed",
        "design": "adjusted_cross_section",
        "sample": "{counts: [{n: 500, of: ads, level: analysed}]}",
        "cohorts": "[{cohort: workers, fit: exact}]",
        "about": "[]",
        "no_interval": "not_seen",
        **fields,
    }
    lines = [f"  - id: {id}", *(f"    {name}: {value}" for name, value in held.items() if value)]
    if estimates:
        lines += ["    estimates:", f"      - {estimates}"]
    lines += [
        "    citations:",
        f"      - {{source: {source}, role: primary, basis: own_data, read: {{what: abstract, on: 2026-01-15}}}}",
    ]
    return "\n".join(lines) + "\n" + extra


FINDINGS = "findings:\n" + "".join([
    finding(
        "pay-gap", "ads2020", about="[{concept: torch, how: measured}, {concept: work, how: measured}]",
        estimates="{id: gap, outcome: offered-pay, definition: pay-in-ads, measure: percent_change, value: 11, unit: '%', "
        "period: 2010/2019, interval: {lower: 9, upper: 13}}",
        no_interval="",
        extra="      - source: blog2024\n        role: secondary\n        names: ads2020\n        taken_from: ads2020\n"
        "        prints: {gap: 21%}\n        read: {what: full_text, on: 2026-01-15}\n        drift:\n"
        "          - {kind: number_changed, on: [gap], note: Eleven became twenty-one.}\n"
        "    links:\n      - {type: supersedes, target: pay-gap-2018}\n",
    ),
    finding(
        "pay-gap-2018", "ads2018", about="[{concept: torch, how: measured}]",
        estimates="{id: gap, outcome: offered-pay, definition: pay-in-ads, measure: percent_change, value: 9, unit: '%'}",
    ),
    finding(
        "use-count", "maker2024", nature="reported", design="convenience_survey", about="[{concept: torch, how: measured}]",
        sample="{counts: [{n: 316, of: firms, level: answered}]}",
        estimates="{id: share, outcome: use, definition: says-uses, measure: proportion, value: 0.63, unit: '1', period: 2024}",
    ),
    finding(
        "skill-use", "trial2023", design="field_experiment",
        about="[{concept: machine-learning, how: measured}, {concept: engineer, how: proxy}]",
        estimates="{id: up, outcome: use, definition: says-uses, direction: increase}",
    ),
    finding(
        "writers-trial", "trial2023", design="lab_experiment", cohorts="[{cohort: older-workers, fit: narrower}]",
        about="[{concept: writer, how: measured}, {concept: engineer, how: mentioned}]",
        estimates="{id: time, outcome: use, definition: says-uses, measure: percent_change, value: -40, unit: '%', "
        "group: with it, comparator: without it}",
    ),
    finding(
        "disavowed-finding", "gone2022", about="[{concept: torch, how: measured}]",
        estimates="{id: x, outcome: use, definition: says-uses, measure: proportion, value: 0.5, unit: '1'}",
    ),
])  # fmt: skip


@pytest.fixture(scope="session")
def kb(tmp_path_factory: pytest.TempPathFactory) -> ekb.KnowledgeBase:
    folder = tmp_path_factory.mktemp("questions")
    more = "concepts:\n  - {id: torch-box, kind: product, label: boxes}\n"
    pack = write_pack(folder / "pack", {"a.yaml": CONCEPTS, "b.yaml": SOURCES, "c.yaml": FINDINGS, "d.yaml": more})
    ekb.build(pack, folder / "questions.ekb", today=TODAY)
    return ekb.load(folder / "questions.ekb")


@pytest.fixture(scope="session")
def questions_file(kb: ekb.KnowledgeBase) -> Path:
    return kb.path
