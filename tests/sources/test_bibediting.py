from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.errors import EntryError, EvidenceError, UnknownIdError
from evidencekb.sources.bibediting import (
    Cuts,
    append_entries,
    entry_text,
    joined,
    remove_entry,
    set_field,
    set_fields,
    strings_of,
)
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.latex import encode

FILE = """\
% Kept by hand.
@string{aaas = "AAAS"}

@article{noy2023,
  author    = {Noy, Shakked},
  title     = "Experimental evidence",
  publisher = aaas # { Press},
  year      = 2023,
}

@book{short, title={One}, year=1999}
@misc{ last ,
\ttitle = {Two}
}
trailing note
"""


VALUES = (
    st.text(st.characters(exclude_categories=["C"]), max_size=20).map(encode).filter(lambda value: value[:1] != "@")
)
NAMES = st.sampled_from(["title", "Year", "note", "doi", "publisher", "x-y"])


def test_a_field_is_replaced_in_the_quotes_or_braces_it_had() -> None:
    assert set_field(FILE, "noy2023", "Title", "Else") == FILE.replace('"Experimental evidence"', '"Else"')
    assert set_field(FILE, "noy2023", "title", 'A "b"') == FILE.replace('"Experimental evidence"', '{A "b"}')
    assert set_field(FILE, "noy2023", "year", "2024") == FILE.replace("2023,\n}", "2024,\n}")
    assert set_field(FILE, "noy2023", "year", "in press") == FILE.replace("2023,\n}", "{in press},\n}")
    assert set_field(FILE, "noy2023", "publisher", "X") == FILE.replace("aaas # { Press}", "{X}")


def test_a_field_is_added_as_its_neighbours_are_written() -> None:
    added = "  year      = 2023,\n  doi       = {10.1000/1},\n}"
    assert set_field(FILE, "noy2023", "doi", "10.1000/1") == FILE.replace("  year      = 2023,\n}", added)
    assert set_field(FILE, "short", "note", "N") == FILE.replace("year=1999}", "year=1999, note={N}}")
    assert set_field(FILE, "last", "note", "N") == FILE.replace("{Two}\n", "{Two},\n\tnote = {N}\n")
    assert set_field(FILE, "noy2023", "howpublished", "x") == FILE.replace(
        "2023,\n}", "2023,\n  howpublished = {x},\n}"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "field", "new"),
    [
        ("title = {T},\nyear  = 2020", "volume", "volume = {V}"),
        ("title={T},\nyear =2020", "volume", "volume={V}"),
        ("title={T},\nyear =2020", "note", "note ={V}"),
        ("title={T},\nyear=2020", "note", "note={V}"),
        ("title   =  {T},\nyear    =  2020", "howpublished", "howpublished   =  {V}"),
    ],
)
def test_the_sign_stands_in_the_column_of_the_others(old: str, field: str, new: str) -> None:
    assert set_field(f"@misc{{a,\n{old}\n}}", "a", field, "V") == f"@misc{{a,\n{old},\n{new}\n}}"


@pytest.mark.parametrize("head", ["@misc{a}", "@misc{a,}", "@misc{a,\n}"])
def test_a_field_is_added_to_an_entry_that_has_none(head: str) -> None:
    assert set_field(head, "a", "title", "T") == "@misc{a,\n  title = {T},\n}"


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    windows = "\ufeff" + FILE.replace("\n", "\r\n")
    assert set_field(windows, "last", "note", "N") == "\ufeff" + set_field(FILE, "last", "note", "N").replace(
        "\n", "\r\n"
    )
    assert append_entries(windows, "@misc{b,\n}\n") == windows + "\r\n@misc{b,\r\n}\r\n"
    assert remove_entry(windows, "short") == "\ufeff" + remove_entry(FILE, "short").replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "@misc{b}\n"),
        ("\ufeff", "\ufeff@misc{b}\n"),
        (" \n\n", " \n\n@misc{b}\n"),
        ("@misc{a}", "@misc{a}\n\n@misc{b}"),
        ("@misc{a}\n", "@misc{a}\n\n@misc{b}\n"),
        ("@misc{a}\n\n", "@misc{a}\n\n@misc{b}\n"),
    ],
)
def test_entries_are_appended_after_a_blank_line(text: str, expected: str) -> None:
    assert append_entries(text, "\n@misc{b}\n\n") == expected


def test_nothing_is_appended_that_stands_already_or_cannot_be_read() -> None:
    for entries, message in (
        ("@misc{noy2023}", "the entry 'noy2023' at line 4: it stands already; keys are never reused"),
        ("@misc{b, title = {x", "the entry 'b' at line 1: the entry that starts here cannot be read"),
        ("@misc{b}\n@misc{b}", "the entry 'b' at line 1: it stands already; keys are never reused"),
    ):
        with pytest.raises(EntryError) as raised:
            append_entries(FILE, entries)
        assert str(raised.value).startswith(message)
    assert append_entries(FILE, " \n") == FILE


def test_an_entry_is_removed_with_its_line_and_the_blank_ones_after_it() -> None:
    start, end = FILE.index("@article"), FILE.index("@book")
    assert remove_entry(FILE, "noy2023") == FILE[:start] + FILE[end:]
    assert remove_entry(FILE, "short") == FILE.replace("@book{short, title={One}, year=1999}\n", "")
    assert remove_entry("@misc{a}\n\n@misc{b}\n", "b") == "@misc{a}\n"
    assert remove_entry("@misc{a}\n\n@misc{b}", "b") == "@misc{a}\n"
    assert remove_entry("@misc{a} @misc{b} text\n", "b") == "@misc{a}  text\n"
    assert remove_entry("\ufeff@misc{a}\n", "a") == "\ufeff"


def test_an_entry_is_copied_as_it_stands_or_with_its_strings_in_it() -> None:
    assert entry_text(FILE, "short") == "@book{short, title={One}, year=1999}"
    article = FILE[FILE.index("@article") : FILE.index("\n\n@book")]
    assert entry_text(FILE, "noy2023") == article
    assert entry_text(FILE, "noy2023", expanded=True) == article.replace("aaas # { Press}", "{AAAS Press}")
    assert strings_of(FILE, "noy2023") == ('@string{aaas = "AAAS"}',)
    assert strings_of(FILE, "short") == ()


NESTED = """\
@string{p = {Press}}
@string(u = "Out of " # p)
@misc{a, publisher = u, note = {N} # { } # P, month = jul, year = 2020, series = nobody}
@string{P = {Late}}
@misc{b, crossref = {a}, title = late}
@string{late = {Last}}
@misc{a, title = {Again}}
@misc{c,
% read, but not cut out
title = {C}}
"""


def test_strings_are_written_out_as_they_are_read() -> None:
    """Those that name others, that stand behind the entry, and the last of two; unknown ones are texts, months stay."""
    cuts = Cuts.of(NESTED)
    assert cuts.entry("a") == NESTED.splitlines()[2]
    assert cuts.entry("a", expanded=True) == (
        "@misc{a, publisher = {Out of Press}, note = {N Late}, month = jul, year = 2020, series = {nobody}}"
    )
    assert cuts.entry("a", expanded=True, spelled=("jul",)) == (
        "@misc{a, publisher = {Out of Press}, note = {N Late}, month = {July}, year = 2020, series = {nobody}}"
    )
    assert cuts.entry("b", expanded=True) == "@misc{b, crossref = {a}, title = {Last}}"
    assert cuts.borrowing == {"b"}
    assert (cuts.entry("c"), cuts.entry("none")) == (None, None)
    for key in "ab":
        assert entry_text(NESTED, key, expanded=True) == cuts.entry(key, expanded=True)


def test_a_month_that_a_file_names_otherwise_is_written_out() -> None:
    text = "@string{jul = {Juli}} @misc{a, month = jul, note = aug}"
    assert entry_text(text, "a", expanded=True) == "@misc{a, month = {Juli}, note = aug}"


@given(
    st.lists(
        st.tuples(st.sampled_from("pqrs"), st.lists(st.sampled_from(["p", "q", "r", '"x"', "{y}", "7"]), min_size=1))
    )
)
def test_an_entry_with_its_strings_in_it_reads_as_it_did(strings: list[tuple[str, list[str]]]) -> None:
    text = "".join(f"@string{{{name} = {' # '.join(parts)}}}\n" for name, parts in strings)
    text += "@misc{a, title = p # q, note = {N} # r, publisher = s}\n"
    was = read_bibtex(text, "")
    if not [violation for violation in was.violations if "is not defined" in violation.message]:
        assert read_bibtex(entry_text(text, "a", expanded=True), "").items == was.items


def test_strings_that_double_themselves_come_to_an_end() -> None:
    text = '@string{s0 = "0123456789"}' + "".join(f"@string{{s{n + 1} = s{n} # s{n}}}" for n in range(50))
    cut = entry_text(text + "@misc{a, note = s40, title = s3}", "a", expanded=True)
    assert cut == f"@misc{{a, note = {{}}, title = {{{'0123456789' * 8}}}}}"


@given(
    st.dictionaries(st.sampled_from(["noy2023", "short", "last"]), st.dictionaries(NAMES, VALUES, max_size=3)),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_fields_of_many_entries_are_set_as_each_alone(values: dict[str, dict[str, str]], end: str, mark: str) -> None:
    text = mark + FILE.replace("\n", end)
    one_by_one = text
    for key, fields in values.items():
        for field, value in fields.items():
            one_by_one = set_field(one_by_one, key, field, value)
    assert set_fields(text, values) == one_by_one


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"none": {"note": "x"}}, UnknownIdError),
        ({"short": {"note": "x"}, "none": {"note": "x"}}, UnknownIdError),
        ({"short": {"note": "{"}}, EntryError),
    ],
)
def test_fields_that_cannot_be_set_are_refused(values: dict[str, dict[str, str]], error: type[Exception]) -> None:
    with pytest.raises(error):
        set_fields(FILE, values)


@given(
    st.text(st.sampled_from("\r\n \ufeff%@a{}\u2028")),
    st.sampled_from(["@misc{b}", "@misc{b,\n note = {\u2028\x0c}\n}"]),
)
def test_what_is_joined_stands_behind_the_text_as_it_was(text: str, entry: str) -> None:
    now = joined(text, entry)
    assert now.startswith(text)
    assert entry in now.replace("\r\n", "\n").replace("\r", "\n")
    assert joined(text, "  \n") == text


def test_a_key_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(KeyError) as raised:
        entry_text(FILE, "noy2024")
    assert isinstance(raised.value, UnknownIdError)
    assert str(raised.value) == "no entry of the .bib file has the id 'noy2024'. Did you mean 'noy2023'?"


def test_an_entry_that_cannot_be_read_is_left_alone() -> None:
    text = "@misc{a, title = {One}}\n@misc{broken, title = {x\n@misc{c}\n"
    for edit in (remove_entry, entry_text, strings_of):
        with pytest.raises(EntryError, match="the entry 'broken' at line 2: the entry that starts here cannot be read"):
            edit(text, "broken")
    commented = "@misc{a,\n% mine\ntitle = {One}}"
    with pytest.raises(EntryError, match="is written in a way that is read but not edited"):
        set_field(commented, "a", "title", "Two")


@pytest.mark.parametrize("value", ["{", "}", "}{", "a\n@misc{", "@(", "\\"])
def test_a_value_that_would_break_the_entry_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="would break it") as raised:
        set_field(FILE, "short", "title", value)
    assert isinstance(raised.value, EvidenceError)


ENDS = st.sampled_from(["\n", "\r\n"])


@given(st.sampled_from(["noy2023", "short", "last"]), NAMES, VALUES, ENDS, st.sampled_from(["", "\ufeff"]))
def test_setting_a_field_changes_that_field_alone(key: str, field: str, value: str, end: str, mark: str) -> None:
    text = mark + FILE.replace("\n", end)
    edited = set_field(text, key, field, value)
    old, new = entry_text(text, key), entry_text(edited, key)
    before, after = text.split(old)
    assert edited == before + new + after
    was = {entry.key: entry.item for entry in read_bibtex(text, "").entries}
    now = {entry.key: entry.item for entry in read_bibtex(edited, "").entries}
    assert {other: item for other, item in was.items() if other != key} == {
        other: item for other, item in now.items() if other != key
    }
    assert set_field(edited, key, field, value) == edited


@given(st.sampled_from(["noy2023", "short", "last"]), ENDS)
def test_removing_an_entry_takes_that_entry_and_white_space_alone(key: str, end: str) -> None:
    text = FILE.replace("\n", end)
    edited = remove_entry(text, key)
    start = next((at for at, (a, b) in enumerate(zip(text, edited, strict=False)) if a != b), len(edited))
    assert text[start + len(text) - len(edited) :] == edited[start:]
    was, now = read_bibtex(text, "").items, read_bibtex(edited, "").items
    assert now == tuple(item for item in was if item["id"] != key)


@pytest.mark.shared
def test_entries_of_real_files_can_be_edited(shared: Path) -> None:
    folder = shared / "corpora" / "03-bibliographies" / "bibtex" / "better-bibtex"
    edited, refused = 0, []
    for path in sorted(folder.glob("*/*.bib*")):
        text = path.read_bytes().decode("utf-8-sig")
        for entry in read_bibtex(text, path.name).entries if len(text) < 30_000 else ():
            try:
                changed = set_field(text, entry.key, "x-note", "kept")
            except EntryError as reason:
                refused.append(reason)
                continue
            edited += 1
            again = next(other for other in read_bibtex(changed, "").entries if other.key == entry.key)
            assert "x-note" in [loss.field for loss in again.losses]
            assert set_field(changed, entry.key, "x-note", "other").replace("{other}", "{kept}") == changed
            left = [other.key for other in read_bibtex(remove_entry(text, entry.key), "").entries]
            assert entry.key not in left or text.count(entry.key) > 1
    assert edited > 500
    assert len(refused) < 5


def test_an_entry_that_its_strings_would_break_is_not_cut_out() -> None:
    broken = Cuts.of(
        '@string{s = "a } b"} @string{t = {x\n@misc{y}} @misc{a, title = s # {x}} @misc{b, title = t} @misc{c, note = {n}}'
    )
    assert (broken.entry("a", expanded=True), broken.entry("c", expanded=True)) == (None, "@misc{c, note = {n}}")


def test_the_first_of_two_entries_with_one_key_counts_even_if_it_cannot_be_cut_out() -> None:
    cuts = Cuts.of("@misc{a,\n% a remark\ntitle = {First}}\n@misc{a, title = {Second}}\n")
    assert cuts.entry("a") is None
