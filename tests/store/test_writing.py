"""The canonical layout of pack files: nothing is lost, and formatting twice equals formatting once."""

from __future__ import annotations

import json
import pickle
import random
import string
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from evidencekb.errors import EvidenceError
from evidencekb.model import LISTS
from evidencekb.report import Place, Severity, Subject
from evidencekb.store import writing
from evidencekb.store.nodes import YamlProblem, parse, plain
from evidencekb.store.writing import FormatLossError, FormatResult, format_jsonl, format_pack, format_text, unformatted

DATA = Path(__file__).parents[2] / "data"


def formatted(text: str, name: str = "findings/x.yaml") -> str:
    """The canonical form of an indented text, checked to be its own canonical form."""
    once = format_text(dedent(text).lstrip("\n"), name=name)
    assert format_text(once, name=name) == once
    return once


def lines_of(text: str) -> str:
    return dedent(text).lstrip("\n")


def escaped(text: str) -> str:
    """A text in double quotes, with escapes for all but the plainest signs."""
    return '"' + "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text) + '"'


def value_line(value: str, name: str = "x.yaml") -> str:
    """How one text is written behind a key."""
    return formatted(f"key: {escaped(value)}\n", name).removeprefix("key: ").removesuffix("\n")


# --- order ---------------------------------------------------------------------------------------------------------


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


def test_empty_lines_stand_around_records_that_hold_more_than_single_values() -> None:
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


# --- brackets ------------------------------------------------------------------------------------------------------


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


# --- scalars -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "no", "2023-07-01", "2023-01/2023-02", "1.10.2", "-x", "-40%", "a:b", "https://example.org/a#b", "GPT-3.5", "it's",
        'say "so"', "résumé", "a, b", "{a}b"[1:], "x{y}", "1 000", "12:30", "Ωmega", "😀", "50%", "non\u00a0break", "a\\b",
    ],
)  # fmt: skip
def test_a_text_that_reads_as_itself_is_plain(text: str) -> None:
    assert value_line(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("0123", '"0123"'),
        ("1.10", '"1.10"'),
        ("12", '"12"'),
        ("1e3", '"1e3"'),
        (".inf", '".inf"'),
        ("0x1F", '"0x1F"'),
        ("9" * 30, f'"{"9" * 30}"'),
        ("~", '"~"'),
        ("null", '"null"'),
        ("True", '"True"'),
        ("<<", '"<<"'),
        ("-", '"-"'),
        ("- x", '"- x"'),
        ("---", '"---"'),
        ("? x", '"? x"'),
        ("%", '"%"'),
        ("%x", '"%x"'),
        ("@x", '"@x"'),
        ("`x`", '"`x`"'),
        ("#x", '"#x"'),
        ("*x", '"*x"'),
        ("&x", '"&x"'),
        ("!x", '"!x"'),
        ("|", '"|"'),
        ("> x", '"> x"'),
        ("[x]", '"[x]"'),
        ("a: b", '"a: b"'),
        ("a:", '"a:"'),
        ("a #b", '"a #b"'),
        (" a", '" a"'),
        ("a ", '"a "'),
        ('"75%" of it', "'\"75%\" of it'"),
        ("'a' said \"b\"", "'''a'' said \"b\"'"),
        ("'a'", "\"'a'\""),
        ("\\: x", "'\\: x'"),
        ("a\tb", '"a\\tb"'),
        ("a\u0007", '"a\\x07"'),
        ("\u00a0a", '"\\xA0a"'),
        ("a\u3000", '"a\\u3000"'),
        ("a\u0085b", '"a\\x85b"'),
        ("a\u2028b", '"a\\u2028b"'),
        ("\ufeffa", '"\\uFEFFa"'),
        ('say "\t"', '"say \\"\\t\\""'),
    ],
)
def test_a_text_that_would_be_read_as_something_else_is_quoted(text: str, written: str) -> None:
    assert value_line(text) == written


def test_inside_brackets_more_texts_are_quoted() -> None:
    assert formatted("x: ['a,b', 'c]', 'd:e', 'https://example.org', 'f{', plain-one, \"no\"]\n") == (
        'x: ["a,b", "c]", "d:e", "https://example.org", "f{", plain-one, no]\n'
    )


def test_numbers_keep_their_spelling_and_nothing_is_null() -> None:
    assert formatted("""
        a: 0.10
        b: 1e3
        c: +1
        d: 0x1F
        e: .5
        f: ~
        g:
        h: Null
        i: True
        j: false
        k: -0.0
    """) == lines_of("""
        a: 0.10
        b: 1e3
        c: +1
        d: 0x1F
        e: .5
        f: null
        g: null
        h: null
        i: True
        j: false
        k: -0.0
    """)


def test_long_text_is_folded_at_100_columns() -> None:
    words = "one two: three # four" + " word" * 20
    assert formatted(f"claims:\n- id: c\n  text: {json.dumps(words)}\n") == (
        "claims:\n"
        "  - id: c\n"
        "    text: >-\n"
        "      one two: three # four word word word word word word word word word word word word word word\n"
        "      word word word word word word\n"
    )


def test_a_text_of_100_columns_stays_on_its_line() -> None:
    line = "key: " + "word " * 18 + "words"
    assert len(line) == 100
    assert formatted(line + "\n") == line + "\n"
    assert formatted(line + "s\n") == "key: >-\n  " + "word " * 18 + "wordss\n"


def test_text_that_cannot_be_folded_stays_on_one_line() -> None:
    address = "https://example.org/" + "x" * 120
    assert value_line(address) == address
    assert value_line("word " * 30) == '"' + "word " * 30 + '"'
    assert value_line("\u2003" + "word " * 30 + "end") == '"\\u2003' + "word " * 30 + 'end"'


def test_double_spaces_survive_folding() -> None:
    text = "one  two three   " * 8 + "end"
    assert value_line(text) == lines_of("""
        >-
          one  two three   one  two three   one  two three   one  two three   one  two three   one  two
          three   one  two three   one  two three   end""")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("one\ntwo", "|-\n  one\n  two"),
        ("one\ntwo\n", "|\n  one\n  two"),
        ("one\n\n  two\n\n", "|+\n  one\n\n    two\n"),
        ("# one\n- two", "|-\n  # one\n  - two"),
        ("\none", '"\\none"'),
        (" one\ntwo", '" one\\ntwo"'),
        ("one \ntwo", '"one \\ntwo"'),
        ("one\n\ttwo", '"one\\n\\ttwo"'),
        ("\n", '"\\n"'),
    ],
)
def test_text_with_line_breaks_is_written_as_it_stands_or_with_escapes(text: str, written: str) -> None:
    assert value_line(text) == written


def test_kept_line_breaks_are_not_added_to_by_empty_lines() -> None:
    text = "gaps:\n- id: b\n- id: a\n  nearest: [{finding: f, differs: \"x, y\"}]\n  question: |+\n    one\n\nextra: |+\n  z\n\n"
    assert formatted(text) == (
        "gaps:\n  - id: a\n    question: |+\n      one\n\n    nearest:\n      - finding: f\n        differs: x, y\n\n"
        "  - id: b\n\nextra: |+\n  z\n\n"
    )


def test_keys_are_quoted_like_texts() -> None:
    long_key = "k" * 1200
    assert formatted(f'"55": a\n"a: b": 1\n"": 2\n"~": 3\n"two\\nlines": 4\n? {long_key}\n: {{a: 1}}\n') == (
        f'"55": a\n"a: b": 1\n"": 2\n"~": 3\n"two\\nlines": 4\n? {long_key}\n: {{a: 1}}\n'
    )


# --- comments ------------------------------------------------------------------------------------------------------


def test_comments_travel_with_what_they_speak_of() -> None:
    assert formatted("""
        # Head of the file.

        # Still the head.
        organizations:
        # about Zeta
        - id: zeta
          # after the id, before the name
          name: Zeta # beside the name
          # end of Zeta
        # about Alpha

        # more about Alpha
        - name: Alpha # beside Alpha
          # about the id
          id: alpha
          # end of organizations? No: of Alpha
          # (it stands below its fields)
        # about the sources
        sources: # beside the sources
          - id: s
          # end of the sources
        # end of the file
    """) == lines_of("""
        # Head of the file.

        # Still the head.
        # about the sources
        sources:  # beside the sources
          - id: s
          # end of the sources

        organizations:
          # about Alpha

          # more about Alpha
          # about the id
          - id: alpha
            name: Alpha  # beside Alpha
            # end of organizations? No: of Alpha
            # (it stands below its fields)
          # about Zeta
          - id: zeta
            # after the id, before the name
            name: Zeta  # beside the name
            # end of Zeta

        # end of the file
    """)


def test_comments_inside_brackets_open_them() -> None:
    assert formatted("""
        x: [one, # first
            # above two
            two
            # at the end
           ] # beside x
        y: {b: 1, a: [c, d] # beside a
            , # above e
            e: 2}
        z: [ # in nothing
           ]
    """) == lines_of("""
        # beside x
        x:
          - one  # first
          # above two
          - two
          # at the end

        y:
          b: 1
          a: [c, d]  # beside a
          # above e
          e: 2

        # in nothing
        z: []
    """)


def test_a_comment_beside_a_value_that_changes_its_form_moves_above_the_key() -> None:
    long = "word " * 30 + "end"
    assert formatted(f"""
        a: "{long}" # long
        b: | # header
          one
          two
        c: # became brackets
          - x
        d: {{k: "p, q"}} # became a block
        e:
          - {{k: "p, q"}} # became a block too
          - # above the first field
            k: "p, q"
        f: # two
          value # comments
    """) == lines_of(f"""
        # long
        a: >-
          {long[:94]}
          {long[95:]}
        # header
        b: |-
          one
          two
        # became brackets
        c: [x]

        # became a block
        d:
          k: p, q

        e:
          # became a block too
          - k: p, q
          # above the first field
          - k: p, q

        # two
        # comments
        f: value
    """).replace("b: |-", "b: |")


def test_signs_inside_texts_are_no_comments() -> None:
    text = lines_of("""
        # one
        a: "# no"
        b: '# no'
        c: x#no
        d: |-
          # no
          text # no
        # two
        e: >-
          # no
        f: "two
          # no
          lines" # three
    """)
    assert formatted(text) == lines_of("""
        # one
        a: "# no"
        b: "# no"
        c: x#no
        d: |-
          # no
          text # no
        # two
        e: "# no"
        f: "two # no lines"  # three
    """)


def test_a_text_cut_by_a_sign_stays_cut_where_reading_reports_it() -> None:
    cut = "word " * 30 + "end"
    assert formatted(f"a: C #sharp\nb: 'quoted' #tag\nc: {cut} #1\nd: 5 #tag\n") == (
        f"a: C  #sharp\n#tag\nb: quoted\nc: {cut}  #1\nd: 5  #tag\n"
    )


def test_comments_alone_are_kept() -> None:
    assert formatted("# one\n\n\n# two\n") == "# one\n\n# two\n"
    assert formatted("--- # one\n# two\n") == "# one\n# two\n"
    assert formatted("%YAML 1.1 # zero\n--- # one\na: ! # two\n  5\n... # three\n") == (
        "# zero\n# one\na: 5  # two\n\n# three\n"
    )
    assert formatted("") == ""


def test_line_ends_and_byte_order_marks_of_other_systems_are_dropped() -> None:
    assert formatted("\ufeffa: 1 # x\r\n# y\r\nb: 2\r\n") == "a: 1  # x\n# y\nb: 2\n"


# --- whole files ---------------------------------------------------------------------------------------------------


NOY_ZHANG = """
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


def test_a_finding_written_by_hand_keeps_its_shape() -> None:
    assert formatted(NOY_ZHANG) == NOY_ZHANG.lstrip("\n").replace("findings:", "\nfindings:").replace(
        "            # authors", "  # authors"
    ).replace("                    # one", "  # one").replace("       # holds", "  # holds").replace(
        """
      Professionals given ChatGPT for short workplace writing tasks took two fifths less time
      than those without it, and graders marked their texts about a fifth higher.""",
        """
      Professionals given ChatGPT for short workplace writing tasks took two fifths less time than
      those without it, and graders marked their texts about a fifth higher.""",
    ).replace(
        """
      - {id: quality, outcome: output-quality, definition: noy-zhang-blind-grade, measure: percent_change, value: 18, unit: "%"}""",
        """
      - id: quality
        outcome: output-quality
        definition: noy-zhang-blind-grade
        measure: percent_change
        value: 18
        unit: "%\"""",
    )


@pytest.mark.parametrize("name", ["cohorts.yaml", "organizations.yaml"])
def test_formatting_the_shipped_lists_loses_nothing(name: str) -> None:
    text = (DATA / name).read_text("utf-8")
    written = formatted(text, name)
    assert plain_of(written) == plain_of(text)
    assert written.count("#") == text.count("#")


# --- JSONL ---------------------------------------------------------------------------------------------------------


def test_jsonl_has_one_compact_record_a_line_in_order() -> None:
    text = '{"label": "Welder é", "id": "welder", "codes": [{"code": "1.10", "scheme": "S"}]}\r\n\n{"kind": "role", "id": "baker"}'
    assert format_jsonl(text, name="concepts.jsonl") == (
        '{"id":"baker","kind":"role"}\n{"id":"welder","label":"Welder é","codes":[{"scheme":"S","code":"1.10"}]}\n'
    )


def test_jsonl_says_the_kind_of_a_line_by_its_only_key() -> None:
    text = '{"waiver": {"record": "f", "rule": "108"}}\n{"finding": {"headline": "H", "id": "f"}}\n{"what": 1}\n'
    assert format_jsonl(text, name="all.jsonl") == (
        '{"finding":{"id":"f","headline":"H"}}\n{"waiver":{"rule":"108","record":"f"}}\n{"what":1}\n'
    )


def test_jsonl_keeps_the_spelling_of_numbers_and_escapes_what_nobody_sees() -> None:
    text = '{"id":"a","n":1.10,"m":1e3,"s":"\\u200b\\u2028\\ud83d\\ude00 é \\ud800","t":[true,null,-0.0]}\n'
    assert format_jsonl(text, name="x.jsonl") == (
        '{"id":"a","n":1.10,"m":1e3,"s":"\\u200b\\u2028😀 é \\ud800","t":[true,null,-0.0]}\n'
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "a", "id": "b"}', "not readable as JSON: the key 'id' stands twice"),
        ('{"id": NaN}', "not readable as JSON: NaN is not a number that a source can print"),
        ('{"id": 1e400}', "not readable as JSON: 1e400 is too large for a number"),
        ('{"id": ', "not readable as JSON: Expecting value: line 1 column 8 (char 7)"),
        ('"' + "x" * 1_048_576 + '"', "a line longer than 1024 KiB"),
    ],
)
def test_a_jsonl_line_that_cannot_be_read_is_named(line: str, message: str) -> None:
    with pytest.raises(YamlProblem) as caught:
        format_jsonl('{"id": "fine"}\n' + line, name="concepts.jsonl")
    assert (caught.value.message, caught.value.line) == (message, 2)


def test_jsonl_too_deep_to_read_is_a_problem_not_a_crash() -> None:
    with pytest.raises(YamlProblem, match="not readable as JSON"):
        format_jsonl("[" * 100_000, name="concepts.jsonl")


# --- folders -------------------------------------------------------------------------------------------------------


def pack(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode("utf-8"))
    return root


UNTIDY = {
    "pack.yaml": "name: p\nversion: '1'\n",
    "references.bib": "@misc{x,title={T}}",
    "schema/a.yaml": "b:   1",
    "rules/a.yaml": "b:   1",
    "gaps.jsonl": '{"id": "a"}\n',
    "findings/bad.yaml": "findings: [\n",
    "findings/good.yaml": "findings:\n  - id: f\n",
}


def test_a_pack_is_formatted_file_by_file(tmp_path: Path) -> None:
    root = pack(tmp_path, UNTIDY)
    (root / "pack.yaml").chmod(0o640)
    results = format_pack(root)
    assert [(result.file, result.changed) for result in results] == [
        ("findings/bad.yaml", False),
        ("findings/good.yaml", False),
        ("gaps.jsonl", True),
        ("pack.yaml", True),
    ]
    assert [str(r.problem.line) for r in results if r.problem] == ["2"]
    contents = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}
    assert contents == {**UNTIDY, "pack.yaml": 'name: p\nversion: "1"\n', "gaps.jsonl": '{"id":"a"}\n'}
    assert (root / "pack.yaml").stat().st_mode & 0o777 == 0o640
    assert [r.changed for r in format_pack(root)] == [False] * 4


def test_checking_writes_nothing(tmp_path: Path) -> None:
    root = pack(tmp_path, UNTIDY)
    assert [r.file for r in format_pack(root, check=True) if r.changed] == ["gaps.jsonl", "pack.yaml"]
    assert {name: (root / name).read_text("utf-8") for name in UNTIDY} == UNTIDY


def test_line_ends_of_other_systems_count_as_a_change(tmp_path: Path) -> None:
    root = pack(tmp_path, {"a.yaml": "\ufeffgaps: []\r\n"})
    assert format_pack(root) == [FormatResult("a.yaml", True)]
    assert (root / "a.yaml").read_bytes() == b"gaps: []\n"


def test_files_that_cannot_be_read_are_left_alone_and_reported(tmp_path: Path) -> None:
    root = pack(tmp_path / "pack", {"a.yaml": "gaps: []\n"})
    outside = pack(tmp_path / "other", {"x.yaml": "gaps:   []\n"}) / "x.yaml"
    (root / "link.yaml").symlink_to(outside)
    (root / "latin.yaml").write_bytes(b"gaps: []\n# \xe9\n")
    problems = {r.file: (r.problem.message, r.problem.line) for r in format_pack(root) if r.problem}
    assert problems == {
        "latin.yaml": ("not UTF-8 text; save the file as UTF-8", 2),
        "link.yaml": ("the file is a link that leaves the pack; copy it into the pack", 0),
    }
    assert outside.read_text("utf-8") == "gaps:   []\n"


def test_a_link_inside_the_pack_stays_a_link(tmp_path: Path) -> None:
    root = pack(tmp_path, {"folder/a.yaml": "gaps:   []\n"})
    (root / "b.yaml").symlink_to(root / "folder" / "a.yaml")
    assert FormatResult("b.yaml", True) in format_pack(root)
    assert (root / "b.yaml").is_symlink()
    assert (root / "folder" / "a.yaml").read_text("utf-8") == "gaps: []\n"


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = pack(tmp_path, {"a.yaml": "gaps:   []\n"})

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    (result,) = format_pack(root)
    assert result.problem is not None
    assert result.problem.message == "cannot be rewritten: No space left on device"
    assert [path.name for path in root.iterdir()] == ["a.yaml"]
    assert (root / "a.yaml").read_text("utf-8") == "gaps:   []\n"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match=r"is no folder; a pack is a folder with a pack\.yaml"):
        format_pack(tmp_path / "none")


# --- EKB504 --------------------------------------------------------------------------------------------------------


def test_a_file_in_another_layout_breaks_504(tmp_path: Path) -> None:
    root = pack(tmp_path, {"a.yaml": "gaps:\n- id: a\n"})
    violation = unformatted(root, "a.yaml")
    assert violation is not None
    assert (violation.code, violation.severity, violation.subject, violation.place) == (
        "EKB504", Severity.WARNING, Subject("file", "a.yaml"), Place("a.yaml", 2),
    )  # fmt: skip
    assert violation.message == (
        "line 2 is not in canonical form: found '- id: a', expected '  - id: a'; run `evidencekb format`"
    )
    assert unformatted(root, "a.yaml", "gaps:\n  - id: a\n") is None


def test_504_names_a_missing_end_of_line(tmp_path: Path) -> None:
    violation = unformatted(tmp_path, "a.yaml", "gaps: []")
    assert violation is not None
    assert violation.message == (
        "line 2 is not in canonical form: found the end of the file, expected ''; run `evidencekb format`"
    )


def test_504_is_silent_on_what_nothing_can_format(tmp_path: Path) -> None:
    assert unformatted(tmp_path, "a.yaml", "a: [") is None
    assert unformatted(tmp_path, "a.jsonl", "{") is None
    assert unformatted(tmp_path, "a.bib", "@misc{x}") is None
    assert unformatted(tmp_path, "missing.yaml") is None


# --- the self-check ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["a: 1"], "its canonical form holds other comments"),
        (["a: 1.0  # x"], "its canonical form holds other data"),
        (['a: "1"  # x'], "its canonical form holds other data"),
        (["a: 1  # x", "b: 2"], "its canonical form holds other data"),
        (["a: [  # x"], "its canonical form cannot be read at line 2"),
    ],
)
def test_a_loss_is_refused(lines: list[str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "layout", lambda *_: lines)
    with pytest.raises(FormatLossError) as caught:
        format_text("a: 1 # x\n", name="a.yaml")
    assert (caught.value.file, caught.value.problem) == ("a.yaml", problem)
    root = pack(tmp_path, {"a.yaml": "a: 1 # x\n"})
    (result,) = format_pack(root)
    assert result.problem is not None
    assert result.problem.message == f"a.yaml: {problem}; it is left as it is. Please report this fault of `format`"
    assert (root / "a.yaml").read_text("utf-8") == "a: 1 # x\n"
    violation = unformatted(root, "a.yaml")
    assert violation is not None
    assert violation.message == str(caught.value)


def test_a_changed_jsonl_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_json", lambda *_: '{"id":"b"}')
    with pytest.raises(FormatLossError, match="its records would change"):
        format_jsonl('{"id":"a"}', name="gaps.jsonl")


def test_the_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(FormatLossError("a.yaml", "lost")))
    assert (error.file, error.problem, isinstance(error, EvidenceError), isinstance(error, ValueError)) == (
        "a.yaml", "lost", True, True,
    )  # fmt: skip


# --- properties ----------------------------------------------------------------------------------------------------

NASTY = [
    "", "#", "# x", "a #b", "a: b", ": ", "a:", " lead", "trail ", "two\nlines", "three\n\n\n", "\n", " \n x", "a \n b", "no",
    "0123", "1.10", "~", "null", "- x", "-", "--- x", "...", "%", "@", "`", "😀", "\u00a0x", "x\u2028y", "x\u0085", "\ufeff", "\t",
    "a\tb", "'", '"', "\\", "'\"\\", "[", "]", "{a}", "a, b", "?", "? x", "!", "&a", "*a", "|", ">-", "<<", "=", "x" * 130,
    "word " * 30 + "end", "word  " * 30 + "end", "long: # word " * 12 + "end", "1e3", "0x1F", ".5", "+1", "c17", "é" * 61,
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.sampled_from(string.printable + "é\u00a0\u2028\u0085\ufeff😀\x00\x1b"), max_size=12),
    st.lists(st.sampled_from(["word", "#", "a:", "-", "  ", "x" * 30, "\n"]), max_size=40).map(" ".join),
)
LEAVES = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
)
KEYS = st.one_of(st.sampled_from(["id", "label", "kind", "sources", "codes", "rule", "record", "prints"]), TEXTS)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
RECORDS = st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=4)
FILES = st.one_of(
    VALUES,
    st.dictionaries(KEYS, VALUES, max_size=5),
    st.dictionaries(st.sampled_from(["sources", "findings", "waivers", "concepts", "other"]), RECORDS, max_size=4),
)


class Scribe:
    """Writes data as YAML in a careless hand: odd indents, brackets over several lines, comments everywhere."""

    def __init__(self, draw: random.Random, comments: bool) -> None:
        self._draw = draw
        self._rate = 0.3 if comments else 0.0
        self.comments: list[str] = []

    def write(self, data: object) -> str:
        return "\n".join([*self.notes(), *self.block(data, 0, True), *self.notes(), ""])

    def note(self) -> str:
        self.comments.append(f"# note {len(self.comments)} [{{'\": |")
        return self.comments[-1]

    def notes(self) -> list[str]:
        lines = []
        while self._draw.random() < self._rate:
            lines.append(" " * self._draw.randrange(9) + self.note())
            lines += [""] * self._draw.randrange(2)
        return lines

    def end(self) -> str:
        return " " * self._draw.randrange(1, 4) + self.note() if self._draw.random() < self._rate else ""

    def scalar(self, data: object, indent: int) -> list[str]:
        if isinstance(data, str):
            if self._draw.random() < 0.5 and data and data.isascii() and data.isprintable() and data == data.strip():
                pad = " " * (indent + 1)
                if "  " not in data and self._draw.random() < 0.5:
                    return [">-" + self.end(), *(pad + word for word in data.split(" "))]
                return ["|-" + self.end(), pad + data]
        return [self.plain_line(data)]

    def block(self, data: object, indent: int, root: bool = False) -> list[str]:
        """Lines, the first of which is to be put behind a dash or a key."""
        if isinstance(data, (dict, list)) and (not data or self._draw.random() < 0.3):
            *lines, last = self.flow(data, indent)
            return [*lines, last + self.end()]
        if not isinstance(data, (dict, list)):
            return [*(lines := self.scalar(data, indent))[:-1], lines[-1] + (self.end() if len(lines) == 1 else "")]
        lines: list[str] = []
        pad = " " * indent
        for key in data if isinstance(data, dict) else range(len(data)):
            value = data[key]
            sign = "-" if isinstance(data, list) else self.plain_line(key) + ":"
            step = indent + self._draw.randrange(1, 5)
            body = self.block(value, step)
            if isinstance(value, (dict, list)) and not body[0].startswith(("[", "{")):
                if sign == "-" and not lines and self._draw.random() < 0.5 and not body[0].lstrip().startswith("#"):
                    lines += [pad + "-" + body[0][indent + 1 :], *body[1:]]
                else:
                    lines += [pad + sign + self.end(), *body]
            else:
                lines += [f"{pad}{sign} {body[0]}", *body[1:]]
            lines += self.notes() if not (isinstance(value, str) and len(body) > 1) else []
        return lines

    @staticmethod
    def plain_line(key: object) -> str:
        return escaped(key) if isinstance(key, str) else json.dumps(key)

    def flow(self, data: object, indent: int) -> list[str]:
        if not isinstance(data, (dict, list)):
            return [self.plain_line(data)]
        pad = " " * (indent + 1)
        lines = ["[" if isinstance(data, list) else "{"]
        for number, key in enumerate(data if isinstance(data, dict) else range(len(data))):
            value = data[key]
            lines[-1] += self.end()
            lines += self.notes() if self._rate else []
            body = self.flow(value, indent + 1)
            lines += [pad + (self.plain_line(key) + ": " if isinstance(data, dict) else "") + body[0], *body[1:]]
            if number + 1 < len(data):
                lines[-1] += ","
        return [*lines, pad + ("]" if isinstance(data, list) else "}")]


def plain_of(text: str) -> object:
    node = parse(text)
    return None if node is None else plain(node)


def meaning(data: object) -> object:
    """Data with its types, the records of a list in any order."""
    if not isinstance(data, dict):
        return json.dumps(data, sort_keys=True)
    return {
        key: sorted(json.dumps(item, sort_keys=True) for item in value)
        if key in LISTS and isinstance(value, list)
        else json.dumps(value, sort_keys=True)
        for key, value in data.items()
    }


@given(data=FILES, draw=st.randoms(use_true_random=False), comments=st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_formatting_loses_nothing_and_settles_at_once(data: object, draw: random.Random, comments: bool) -> None:
    scribe = Scribe(draw, comments)
    text = scribe.write(data)
    read = plain_of(text)
    if not comments:
        assert json.dumps(read) == json.dumps(data)
    once = format_text(text, name="x.yaml")
    assert meaning(plain_of(once)) == meaning(read)
    texts = json.dumps(read)
    for comment in scribe.comments:
        swallowed = json.dumps(comment)[1:-1] in texts  # it stood inside a text, and is part of the data
        assert swallowed or sum(line.strip().endswith(comment) for line in once.split("\n")) == 1, comment
    assert format_text(once, name="x.yaml") == once


@given(data=FILES, flow=st.sampled_from([None, True, False]), width=st.sampled_from([20, 80, 1000]), indent=st.integers(2, 6))
def test_what_another_writer_wrote_is_kept(data: object, flow: bool | None, width: int, indent: int) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, width=width, indent=indent, allow_unicode=True, sort_keys=False)
    try:
        read = plain_of(text)
    except YamlProblem:  # a key that is a number in YAML 1.2 and a text in YAML 1.1
        reject()
    once = format_text(text, name="x.yaml")
    assert meaning(plain_of(once)) == meaning(read)
    assert format_text(once, name="x.yaml") == once


@given(records=st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=5))
def test_formatting_jsonl_loses_nothing_and_settles_at_once(records: list[dict[str, object]]) -> None:
    text = "".join(json.dumps(record, indent=None) + "\n" for record in records)
    once = format_jsonl(text, name="sources.jsonl")
    read = [json.loads(line) for line in once.split("\n") if line]
    assert sorted(json.dumps(r, sort_keys=True) for r in read) == sorted(json.dumps(r, sort_keys=True) for r in records)
    assert format_jsonl(once, name="sources.jsonl") == once
