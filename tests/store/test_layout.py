"""The order and shape of keys, records and lists, and a whole finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.canonical import formatted, lines_of, plain_of

DATA = Path(__file__).parents[2] / "data"

BY_HAND = """\
sources:
  - id: noy2023experimental            # authors, pages, doi live in references.bib
    kind: journal_article
    work: noy-zhang                    # one work, several versions
    version: Science 381(6654), 2023-07
    vendor: independent
    vendor_reason: Two MIT economics doctoral students; neither sells the chatbot tested.
findings:
  - id: noy-zhang-2023-writing-speed-quality
    headline: ChatGPT cut writing time 40% and raised graded quality 18%
    statement: >-
      Professionals given ChatGPT for short workplace writing tasks took two fifths less time
      than those without it, and graders marked their texts about a fifth higher.
    nature: observed
    design: lab_experiment
    sample:
      counts:
        - {n: 453, of: professionals, level: analysed}
      period: 2023-01/2023-02
    no_interval: not_seen       # holds for every estimate below
    estimates:
      - {id: time, outcome: time-on-writing-task, measure: percent_change, value: -40, unit: "%", group: ChatGPT access}
      - {id: quality, outcome: output-quality, definition: noy-zhang-blind-grade, measure: percent_change, value: 18, unit: "%"}
    citations:
      - source: noy2023experimental
        role: primary
        basis: own_data
        prints: {time: 40%, quality: 18%, sample: "453"}
        read: {what: abstract, where: "https://example.org/browses/detail/pubmed/37440646", on: 2026-11-22}
    caveats:
      - {kind: artificial_setting, text: Short invented tasks without firm context.}
"""

CANONICAL = """\
sources:
  - id: noy2023experimental  # authors, pages, doi live in references.bib
    kind: journal_article
    work: noy-zhang  # one work, several versions
    version: Science 381(6654), 2023-07
    vendor: independent
    vendor_reason: Two MIT economics doctoral students; neither sells the chatbot tested.

findings:
  - id: noy-zhang-2023-writing-speed-quality
    headline: ChatGPT cut writing time 40% and raised graded quality 18%
    statement: >-
      Professionals given ChatGPT for short workplace writing tasks took two fifths less time than
      those without it, and graders marked their texts about a fifth higher.
    nature: observed
    design: lab_experiment
    sample:
      counts:
        - {n: 453, of: professionals, level: analysed}
      period: 2023-01/2023-02
    no_interval: not_seen  # holds for every estimate below
    estimates:
      - {id: time, outcome: time-on-writing-task, measure: percent_change, value: -40, unit: "%", group: ChatGPT access}
      - id: quality
        outcome: output-quality
        definition: noy-zhang-blind-grade
        measure: percent_change
        value: 18
        unit: "%"
    citations:
      - source: noy2023experimental
        role: primary
        basis: own_data
        prints: {time: 40%, quality: 18%, sample: "453"}
        read: {what: abstract, where: "https://example.org/browses/detail/pubmed/37440646", on: 2026-11-22}
    caveats:
      - {kind: artificial_setting, text: Short invented tasks without firm context.}
"""


def test_lists_records_and_keys_come_in_the_order_of_the_model() -> None:
    assert formatted("""
        organizations:
        - {name: Zeta, id: zeta}
        - {name: Alpha, id: alpha}
        sources:
        - vendor: unknown
          kind: web_page
          id: some-page
    """) == lines_of("""
        sources:
          - id: some-page
            kind: web_page
            vendor: unknown

        organizations:
          - id: alpha
            name: Alpha
          - id: zeta
            name: Zeta
    """)


def test_keys_inside_a_record_follow_the_models_inside_it() -> None:
    assert formatted("""
        findings:
          - id: f
            sample: {chosen: by lot, counts: [{level: drawn, of: people, n: 12}]}
            citations:
              - {read: {on: 2026-11-22, what: abstract}, role: primary, source: s}
            provenance: {on: 2026, from: abstract, by: curator}
    """) == lines_of("""
        findings:
          - id: f
            sample:
              counts:
                - {n: 12, of: people, level: drawn}
              chosen: by lot
            citations:
              - source: s
                role: primary
                read: {what: abstract, on: 2026-11-22}
            provenance: {by: curator, on: 2026, from: abstract}
    """)


def test_unknown_keys_and_lists_stay_behind_the_known_ones_as_written() -> None:
    assert formatted("""
        zebras: [2, 1]
        apes: []
        cohorts:
          - {zoo: 1, unit: people, ark: 2, id: c}
    """) == lines_of("""
        cohorts:
          - id: c
            unit: people
            zoo: 1
            ark: 2

        zebras: [2, 1]
        apes: []
    """)


def test_lists_inside_a_record_and_free_keys_keep_their_order() -> None:
    assert formatted("""
        findings:
          - id: f
            estimates:
              - {id: z, outcome: o}
              - {id: a, outcome: o}
            mentions: {"60": men, "55": women}
    """) == lines_of("""
        findings:
          - id: f
            estimates:
              - {id: z, outcome: o}
              - {id: a, outcome: o}
            mentions: {"60": men, "55": women}
    """)


def test_waivers_go_by_rule_and_record() -> None:
    assert formatted("""
        waivers:
          - {rule: EKB202, record: a}
          - {rule: "108", record: z}
          - {rule: "108", record: b}
    """) == lines_of("""
        waivers:
          - rule: "108"
            record: b
          - rule: "108"
            record: z
          - rule: EKB202
            record: a
    """)


def test_records_without_an_id_stay_behind_the_others_in_their_order() -> None:
    assert formatted("""
        gaps:
          - {question: second}
          - stray
          - {id: 7}
          - {id: a}
    """) == lines_of("""
        gaps:
          - id: a
          - question: second
          - stray
          - id: 7
    """)


def test_the_manifest_has_its_own_order_and_no_empty_lines() -> None:
    assert formatted(
        """
        maintainers: ["Doe, Jane", Roe]

        version: "1.10"
        name: hiring
        sources: [b, a]
        """,
        name="pack.yaml",
    ) == lines_of("""
        name: hiring
        version: "1.10"
        maintainers:
          - Doe, Jane
          - Roe
        sources: [b, a]
    """)


def test_empty_lines_stand_between_records_as_soon_as_one_holds_more_than_single_values() -> None:
    assert formatted("""
        sources:
          - id: a
            kind: report
          - id: b
            kind: report


          - id: c
            standing:
              events: [{status: superseded, on: 2023-07, by: a}]
          - id: d
            kind: report
    """) == lines_of("""
        sources:
          - id: a
            kind: report

          - id: b
            kind: report

          - id: c
            standing:
              events:
                - {status: superseded, on: 2023-07, by: a}

          - id: d
            kind: report
    """)


def test_prose_never_stands_in_brackets() -> None:
    assert formatted("""
        findings:
          - id: f
            cohorts:
              - {cohort: c, fit: narrower, note: "women 55+, men 60+"}
              - {cohort: c, fit: narrower, note: five occupations}
            caveats:
              - {kind: dated_product, text: "GPT: an early one"}
              - {kind: small_sample, text: "we are #1"}
              - {kind: short_horizon, text: One sitting in which nobody had a second look at the next text.}
              - {kind: short_horizon, text: One sitting in which nobody had a second look at the text.}
    """) == lines_of("""
        findings:
          - id: f
            cohorts:
              - cohort: c
                fit: narrower
                note: women 55+, men 60+
              - {cohort: c, fit: narrower, note: five occupations}
            caveats:
              - kind: dated_product
                text: "GPT: an early one"
              - kind: small_sample
                text: "we are #1"
              - kind: short_horizon
                text: One sitting in which nobody had a second look at the next text.
              - {kind: short_horizon, text: One sitting in which nobody had a second look at the text.}
    """)


def test_brackets_hold_what_fits_in_120_columns() -> None:
    names = [f"name-{number:02}" for number in range(11)]
    fits = "cohorts:\n  - id: c\n    overlaps: [" + ", ".join(names) + "]\n"
    assert max(len(line) for line in fits.split("\n")) == 113
    assert formatted(fits.replace("]", "n" * 7 + "]")) == fits.replace("]", "n" * 7 + "]")
    assert formatted(fits.replace("]", "n" * 8 + "]")) == (
        "cohorts:\n  - id: c\n    overlaps:\n" + "".join(f"      - {name}\n" for name in names)[:-1] + "n" * 8 + "\n"
    )


def test_a_short_list_may_stand_inside_a_short_mapping_but_a_mapping_may_not() -> None:
    assert formatted("""
        x: {drift: {kind: number_changed, on: ["55", "60"]}, more: {deep: {a: 1}, none: {}, empty: []}}
    """) == lines_of("""
        x:
          drift: {kind: number_changed, on: ["55", "60"]}
          more:
            deep: {a: 1}
            none: {}
            empty: []
    """)


def test_lists_of_lists_and_empty_things_are_written_plainly() -> None:
    assert formatted("""
        x:
        - [[1, 2], [{a: 1}, []]]
        - {}
        -
    """) == lines_of("""
        x:
          - - [1, 2]
            - - {a: 1}
              - []
          - {}
          - null
    """)


def test_a_finding_written_by_hand_keeps_its_shape() -> None:
    assert formatted(BY_HAND, "findings/x.yaml") == CANONICAL


@pytest.mark.parametrize("name", ["cohorts.yaml", "organizations.yaml"])
def test_formatting_the_shipped_lists_loses_nothing(name: str) -> None:
    text = (DATA / name).read_text("utf-8")
    written = formatted(text, name)
    assert plain_of(written) == plain_of(text)
    assert written.count("#") == text.count("#")
