"""The runner of examples notices what it should: each test runs a small page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.runner import Block, Command, ExampleFailure, Page, blocks_of, commands_of, matches


def run(folder: Path, text: str) -> Page:
    """Run a page as the tests of the docs do."""
    page = Page.in_folder(folder, REPO="/the/repo")
    for block in blocks_of(text, "page.md"):
        page.run(block)
    return page


def failure(folder: Path, text: str) -> str:
    """What the runner says of a page that is wrong."""
    with pytest.raises(ExampleFailure) as problem:
        run(folder, text)
    return str(problem.value)


def test_blocks_know_their_line_and_language() -> None:
    text = "# Page\n\n```python\nx = 1\n```\n\nText.\n\n~~~\nas is\n~~~\n"
    assert list(blocks_of(text, "page.md")) == [
        Block("page.md", 4, "python", "x = 1\n"),
        Block("page.md", 10, "", "as is\n"),
    ]


def test_block_in_a_list_is_unindented() -> None:
    text = "1. Write:\n\n   ```yaml file=a.yaml\n   a:\n     - b\n\n   ```\n"
    assert [block.text for block in blocks_of(text, "page.md")] == ["a:\n  - b\n\n"]


def test_longer_fence_holds_a_shorter_one() -> None:
    text = "````md\n```python\nboom\n```\n````\n"
    assert list(blocks_of(text, "page.md")) == [Block("page.md", 2, "md", "```python\nboom\n```\n")]


def test_fence_that_is_never_closed_is_refused() -> None:
    with pytest.raises(ExampleFailure, match=r"^page\.md:3: this fence is never closed$"):
        list(blocks_of("Text\n\n```python\nx = 1\n", "page.md"))


def test_file_is_written_with_its_folders(tmp_path: Path) -> None:
    run(tmp_path, "```yaml file=data/findings/a.yaml\nfindings: []\n```\n")
    assert (tmp_path / "data/findings/a.yaml").read_text() == "findings: []\n"


@pytest.mark.parametrize("name", ["../out.yaml", "/out.yaml", "a/../../out.yaml"])
def test_file_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    said = failure(tmp_path / "page", f"```yaml file={name}\nx: 1\n```\n")
    assert said == f"page.md:2: file={name} leaves the page's folder; write a relative name"


def test_python_blocks_share_their_names(tmp_path: Path) -> None:
    first, second, third = "x = 20", ">>> y = x + 1\n>>> y\n21", "z = y * 2"
    page = run(tmp_path, "\n".join(f"```python\n{code}\n```\n" for code in (first, second, third)))
    assert page.names["z"] == 42


def test_exception_names_the_line_of_the_page(tmp_path: Path) -> None:
    assert failure(tmp_path, "Text\n\n```python\nx = 1\nx / 0\n```\n") == (
        "page.md:5: the code raises ZeroDivisionError: division by zero"
    )


def test_code_that_is_not_python_names_its_line(tmp_path: Path) -> None:
    assert failure(tmp_path, "```python\nx = 1\nx = = 2\n```\n").startswith("page.md:3: the code raises")


def test_wrong_doctest_shows_both_outputs(tmp_path: Path) -> None:
    said = failure(tmp_path, "Text\n\n```python\n>>> 1 + 1\n3\n```\n")
    assert said.startswith("page.md:4: the code does not print what the page says\n")
    assert 'File "page.md", line 4' in said
    assert "Expected:\n    3\nGot:\n    2\n" in said


def test_commands_run_in_the_folder_and_see_the_repo(tmp_path: Path) -> None:
    console = "$ cat a.txt\nhello\n$ echo $REPO\n/the/repo\n$ true"
    run(tmp_path, f"```yaml file=a.txt\nhello\n```\n\n```console\n{console}\n```\n")


def test_python_of_the_tests_comes_first(tmp_path: Path) -> None:
    run(tmp_path, "```console\n$ python -c 'import hypothesis; print(hypothesis.__name__)'\nhypothesis\n```\n")


def test_wrong_output_shows_what_was_printed(tmp_path: Path) -> None:
    assert failure(tmp_path, "```console\n$ true\n$ echo one\ntwo\n```\n") == (
        "page.md:3: 'echo one' prints\n    one\nand the page says\n    two"
    )


def test_output_that_the_page_leaves_out_is_noticed(tmp_path: Path) -> None:
    assert failure(tmp_path, "```console\n$ echo one\n```\n") == (
        "page.md:2: 'echo one' prints\n    one\nand the page says\n    (nothing)"
    )


def test_expected_exit_code_lets_a_command_fail(tmp_path: Path) -> None:
    run(tmp_path, "```console\n$ echo bad >&2; exit 3\n[exit 3]\nbad\n```\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$ echo no; exit 2\nno\n", "'echo no; exit 2' ends with exit code 2, the page says 0. It prints\n    no"),
        ("$ true\n[exit 1]\n", "'true' ends with exit code 0, the page says 1. It prints\n    (nothing)"),
        ("$ false | cat\n", "'false | cat' ends with exit code 1, the page says 0. It prints\n    (nothing)"),
    ],
)
def test_other_exit_code_is_noticed(tmp_path: Path, text: str, said: str) -> None:
    assert failure(tmp_path, f"```console\n{text}```\n") == f"page.md:2: {said}"


def test_command_goes_on_after_a_backslash() -> None:
    block = Block("page.md", 10, "console", "$ echo a \\\n  b\na b\n\n$ exit 1\n[exit 1]\n")
    assert list(commands_of(block)) == [
        Command(10, "echo a \\\n  b", "a b"),
        Command(14, "exit 1", "", 1),
    ]


def test_console_block_without_a_command_is_refused(tmp_path: Path) -> None:
    assert failure(tmp_path, "```console\nevidencekb check data\n```\n") == (
        "page.md:2: a console block starts with a command: '$ ' and what is typed"
    )


def test_block_with_a_reason_does_not_run(tmp_path: Path) -> None:
    run(tmp_path, "```python no-run=asks the network\n1 / 0\n```\n\n```console no-run=takes an hour\n$ exit 1\n```\n")


@pytest.mark.parametrize("info", ["python no-run", "console no-run=", "yaml file=a.yaml no-run"])
def test_block_that_does_not_run_says_why(tmp_path: Path, info: str) -> None:
    assert failure(tmp_path, f"```{info}\n```\n") == (
        "page.md:2: a block that does not run says why: write no-run=reason"
    )


@pytest.mark.parametrize("language", ["", "bash", "json", "text"])
def test_other_languages_are_for_reading(tmp_path: Path, language: str) -> None:
    run(tmp_path, f"```{language}\nexit 1\n```\n")


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("", ""),
        ("one\ntwo", "one\ntwo\n"),
        ("one", "one  \n\n"),
        ("took ... s", "took 0.3 s\n"),
        ("one\n...", "one\n"),
        ("one\n...\nfour", "one\ntwo\nthree\nfour\n"),
        ("...", "anything\nat all\n"),
        ("a.c (1)", "a.c (1)\n"),
    ],
)
def test_output_as_expected(expected: str, found: str) -> None:
    assert matches(expected, found)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("", "one\n"),
        ("one", ""),
        ("one", "one\ntwo\n"),
        ("took ... s", "took 0.3\nor 4 s\n"),
        ("one\n...\nfour", "one\ntwo\n"),
        ("a.c", "abc\n"),
        ("  one", "one\n"),
    ],
)
def test_output_not_as_expected(expected: str, found: str) -> None:
    assert not matches(expected, found)
