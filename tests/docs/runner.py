"""Runs the examples of a page: the fenced blocks of a Markdown text, from top to bottom, in one folder.

What each kind of block does is told in CONTRIBUTING.md, under Docs.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

PYTHON = frozenset({"python", "py", "pycon"})
TIMEOUT = 120  # seconds a command may take
_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<info>[^`]*)")
_FILE = re.compile(r"(?:^|\s)file=(\S+)")
_NO_RUN = re.compile(r"(?:^|\s)no-run(?:=(?P<reason>.*))?$")
_EXIT = re.compile(r"\[exit (\d+)\]")


class ExampleFailure(AssertionError):
    """An example does not do what its page says."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, the line its text starts at, what stands after the fence, and the text."""

    page: str
    line: int
    info: str
    text: str

    @property
    def language(self) -> str:
        """The first word after the fence, or ''."""
        return self.info.split()[0] if self.info else ""

    @property
    def file(self) -> str | None:
        """The file the text is written to."""
        found = _FILE.search(self.info)
        return found[1] if found else None

    @property
    def skipped(self) -> bool:
        """True for a block with a reason not to run.

        Raises:
            ExampleFailure: If the reason is missing.
        """
        found = _NO_RUN.search(self.info)
        if found and not (found["reason"] or "").strip():
            raise self.failure("a block that does not run says why: write no-run=reason")
        return found is not None

    def failure(self, message: str, line: int | None = None) -> ExampleFailure:
        """A failure that names page and line; without a line, the block's first."""
        return ExampleFailure(f"{self.page}:{self.line if line is None else line}: {message}")


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a console block, what it should print and the exit code it should end with."""

    line: int
    text: str
    output: str
    code: int = 0


def blocks_of(text: str, page: str) -> Iterator[Block]:
    """The fenced blocks of a Markdown text, in order; a block inside a list is unindented.

    Raises:
        ExampleFailure: If a fence is not closed.
    """
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        opening = _FENCE.fullmatch(lines[number])
        number += 1
        if opening is None:
            continue
        start = number
        closing = re.compile(rf" *{re.escape(opening['fence'])}{re.escape(opening['fence'][0])}* *")
        while number < len(lines) and not closing.fullmatch(lines[number]):
            number += 1
        if number == len(lines):
            raise ExampleFailure(f"{page}:{start}: this fence is never closed")
        indent = len(opening["indent"])
        inside = "".join(f"{line[min(indent, len(line) - len(line.lstrip())) :]}\n" for line in lines[start:number])
        yield Block(page, start + 1, opening["info"].strip(), inside)
        number += 1


def commands_of(block: Block) -> Iterator[Command]:
    """The commands of a console block; one that ends in a backslash goes on in the next line.

    Raises:
        ExampleFailure: If output stands before the first command.
    """
    lines = block.text.splitlines()
    number = 0
    while number < len(lines):
        if not lines[number].startswith("$ "):
            raise block.failure("a console block starts with a command: '$ ' and what is typed", block.line + number)
        line, text = block.line + number, lines[number][2:]
        number += 1
        while text.endswith("\\") and number < len(lines):
            text += f"\n{lines[number]}"
            number += 1
        code = 0
        if number < len(lines) and (expected := _EXIT.fullmatch(lines[number].strip())):
            code = int(expected[1])
            number += 1
        output = []
        while number < len(lines) and not lines[number].startswith("$ "):
            output.append(lines[number])
            number += 1
        yield Command(line, text, "\n".join(output).rstrip(), code)


def matches(expected: str, found: str) -> bool:
    """True if the output is as expected: ``...`` is anything within a line, alone on a line any lines, even none."""
    pattern = ""
    for line in expected.splitlines():
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += "[^\n]*".join(re.escape(part) for part in line.rstrip().split("...")) + "\n"
    lines = "".join(f"{line.rstrip()}\n" for line in found.rstrip().splitlines())
    return re.fullmatch(pattern, lines) is not None


@dataclass(slots=True)
class Page:
    """A page being run: the folder its examples work in and the names its Python blocks share.

    Attributes:
        folder: Where files are written and commands run; the caller makes it the working folder for Python.
        env: The environment of the commands.
        names: What the Python blocks have defined so far.
    """

    folder: Path
    env: dict[str, str]
    names: dict[str, Any]

    @classmethod
    def in_folder(cls, folder: Path, **env: str) -> Page:
        """A page about to be run, with the tools of this Python first on the path."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        plain = {"PATH": path, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "120", "PYTHONUTF8": "1"}
        return cls(folder, {**os.environ, **plain, **env}, {"__name__": "__main__"})

    def run(self, block: Block) -> None:
        """Run one block.

        Raises:
            ExampleFailure: If it does not do what it says.
        """
        if block.skipped:
            return
        if block.file is not None:
            self._write(block, block.file)
        elif block.language in PYTHON:
            self._doctest(block) if ">>>" in block.text else self._exec(block)
        elif block.language == "console":
            for command in commands_of(block):
                self._shell(block, command)

    def _write(self, block: Block, name: str) -> None:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise block.failure(f"file={name} leaves the page's folder; write a relative name")
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")

    def _exec(self, block: Block) -> None:
        # Blank lines before the code make the line numbers of a traceback those of the page.
        source = "\n" * (block.line - 1) + block.text
        try:
            exec(compile(source, block.page, "exec"), self.names)
        except Exception as problem:
            frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == block.page]
            line = frames[-1].lineno if frames else getattr(problem, "lineno", None)
            said = "".join(traceback.format_exception_only(problem)).strip()
            raise block.failure(f"the code raises {said}", line) from problem

    def _doctest(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(block.text, self.names, block.page, block.page, block.line - 1)
        said: list[str] = []
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
        runner.run(test, out=said.append, clear_globs=False)
        self.names.update(test.globs)
        if runner.summarize(verbose=False).failed:
            raise block.failure("the code does not print what the page says\n" + "".join(said))

    def _shell(self, block: Block, command: Command) -> None:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command.text],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
            encoding="utf-8",
            check=False,
        )
        printed = textwrap.indent(done.stdout.rstrip() or "(nothing)", "    ")
        if done.returncode != command.code:
            raise block.failure(
                f"'{command.text}' ends with exit code {done.returncode}, the page says {command.code}. "
                f"It prints\n{printed}",
                command.line,
            )
        if not matches(command.output, done.stdout):
            wanted = textwrap.indent(command.output or "(nothing)", "    ")
            raise block.failure(f"'{command.text}' prints\n{printed}\nand the page says\n{wanted}", command.line)
