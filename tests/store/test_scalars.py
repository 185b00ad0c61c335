"""One value as text: plain where that is safe, quoted or in a block where it is not."""

from __future__ import annotations

import pytest

from tests.store.canonical import escaped, formatted, lines_of, value_line


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
    assert formatted(f"claims:\n- id: c\n  text: {escaped(words)}\n") == (
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
    text = 'gaps:\n- id: b\n- id: a\n  nearest: [{finding: f, differs: "x, y"}]\n  question: |+\n    one\n\nextra: |+\n  z\n\n'
    assert formatted(text) == (
        "gaps:\n  - id: a\n    question: |+\n      one\n\n    nearest:\n      - finding: f\n        differs: x, y\n\n"
        "  - id: b\n\nextra: |+\n  z\n\n"
    )


def test_keys_are_quoted_like_texts() -> None:
    long_key = "k" * 1200
    assert formatted(f'"55": a\n"a: b": 1\n"": 2\n"~": 3\n"two\\nlines": 4\n? {long_key}\n: {{a: 1}}\n') == (
        f'"55": a\n"a: b": 1\n"": 2\n"~": 3\n"two\\nlines": 4\n? {long_key}\n: {{a: 1}}\n'
    )
