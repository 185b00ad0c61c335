from __future__ import annotations

import logging
from pathlib import Path

import pytest
from bibtexparser import model
from bibtexparser.splitter import Splitter
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.bibblocks import Block, Field, blocks, closing


def shapes(text: str) -> list[tuple[str, str, int, list[tuple[str, str, int]]]]:
    """What is read of a text, without the places in it."""
    return [
        (block.type, block.key, block.line, [(field.name, field.raw, field.line) for field in block.fields])
        for block in blocks(text)
        if not block.problem
    ]


def test_a_block_knows_where_it_stands_and_what_is_in_it() -> None:
    text = 'Notes.\n@Misc{a,\n  title = {One {T}wo} # " and " # x,\n  year=2023}'
    assert list(blocks(text)) == [
        Block(
            "misc", "a", 2,
            [
                Field("title", '{One {T}wo} # " and " # x', 3, False, 18, 26),
                Field("year", "2023", 4, False, 55, 60),
            ],
            "", 7, len(text),
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "@misc(a, title = {One}, note = \"a) b\")",
        "@misc{a, title = {one {two {three {four}}}}}",
        '@misc{a, title = "quoted {"} mark", year = 2023}',
        "@misc{a, title = {escaped \\} brace}, note = {x}}",
        "@string{x = \"One\"}@misc{a, title = x,}",
        "@misc{a}",
        "@misc{a,}",
        "@misc{a, title = , note = {}}",
        "@comment{@misc{a, title = {x}}} @misc{b, title = {y}}",
        "@preamble{\"\\def\\x{y}\"}\n@misc{a, title = {x@y.org {z}}}",
        "@misc{ a b , title={x}}",
    ],
)  # fmt: skip
def test_blocks_are_those_of_bibtexparser(text: str) -> None:
    assert shapes(text) == by_bibtexparser(text)


def test_a_line_break_at_the_end_of_a_value_escapes_no_brace() -> None:
    text = "@misc{a, note = {x\\\\}}"
    assert shapes(text)[0][3] == [("note", "{x\\\\}", 1)]
    assert by_bibtexparser(text) == []


def test_a_comment_before_a_field_is_no_part_of_its_name() -> None:
    assert shapes("@misc{a,\n% title = {Old},\ntitle = {New}}")[0][3][-1] == ("title", "{New}", 3)


def by_bibtexparser(text: str) -> list[tuple[str, str, int, list[tuple[str, str, int]]]]:
    found = []
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)
    for block in Splitter(text).split().blocks:
        held = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
        if isinstance(held, model.String):
            line = (held.start_line or 0) + 1
            found.append(("string", held.key, line, [(held.key, held.value, line)]))
        elif isinstance(held, model.Entry):
            fields = [(field.key, field.value, field.start_line + 1) for field in held.fields]
            found.append((held.entry_type.lower(), held.key, (held.start_line or 0) + 1, fields))
    return found


VALUES = st.sampled_from(["{a}", "{a {b}}", '"a"', '"{a} b"', "2023", "{a} # x", "{}", "{a, b = c}", '{"}', "{é\n}"])
ENTRIES = st.tuples(
    st.sampled_from(["@misc", "@ARTICLE ", "\n@book", "text @misc"]), st.sampled_from(["k", "a:b", "k ", ""]),
    st.lists(st.tuples(st.sampled_from(["title", "note ", "x-y"]), st.sampled_from(["=", " = ", "\n= "]), VALUES), max_size=3),
    st.sampled_from(["", ",", ",\n"]), st.sampled_from(["}", "}\n", "", "}\n% note\n"]),
).map(lambda parts: f"{parts[0]}{{{parts[1]},{','.join(map(''.join, parts[2]))}{parts[3]}{parts[4]}")  # fmt: skip


@given(st.lists(ENTRIES, max_size=3).map("\n".join))
def test_ordinary_and_broken_files_are_split_as_bibtexparser_splits_them(text: str) -> None:
    mine = [(type_, key, [(name, raw) for name, raw, _ in fields]) for type_, key, _, fields in shapes(text)]
    theirs = [(type_, key, [(name, raw) for name, raw, _ in fields]) for type_, key, _, fields in by_bibtexparser(text)]
    assert mine == theirs


@pytest.mark.parametrize(
    "piece",
    ["@a{", "@a{b, c = {", "@a{b, c = {{{{", '@a{b, c = "', "@a{b, c = {}}", "\n@a{b, c = {x", "@",
     "{", "}", "a = {b},", "@a(", "\\"],
)  # fmt: skip
@pytest.mark.timeout(90)
def test_hostile_text_is_read_to_its_end(piece: str) -> None:
    # Seconds when the work grows with the length, and hours when it grows with its square.
    assert all(block.line >= 1 for block in blocks(piece * 80_000))


def test_where_a_brace_or_quote_closes() -> None:
    assert closing("{a {b} \\} c} d", 0, 14) == 11
    assert closing('"a {"} b" c', 0, 11) == 8
    assert closing("{a", 0, 2) == -1
    assert closing('"a } b"', 0, 7) == -1


@pytest.mark.shared
def test_real_files_are_split_as_bibtexparser_splits_them(shared: Path) -> None:
    folder = shared / "corpora" / "03-bibliographies" / "bibtex"
    paths = sorted(path for ending in ("*.bib", "*.bibtex", "*.biblatex") for path in folder.rglob(ending))
    for path in paths:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\\\n", "\\ \n")
        theirs = [
            (type_, key, line, [(name.rsplit("\n", 1)[-1] if "%" in name else name, *rest) for name, *rest in fields])
            for type_, key, line, fields in by_bibtexparser(text)
        ]
        assert shapes(text) == theirs, path.name
