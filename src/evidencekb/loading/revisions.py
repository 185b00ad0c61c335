"""The records of a pack as it is or was: of a folder, a sealed file, or a revision that git holds.

Nothing is judged and nothing worked out: a revision that breaks today's rules can be compared all the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.engines.opening import open_sealed
from evidencekb.engines.sealing import content_digest, memory_tables
from evidencekb.errors import QuestionError
from evidencekb.kb import KnowledgeBase
from evidencekb.loading.assembling import assemble
from evidencekb.loading.building import BULK_BYTES
from evidencekb.loading.extending import named_paths
from evidencekb.loading.intake import Intake
from evidencekb.replacing import sweep, unfinished
from evidencekb.report import Severity
from evidencekb.store import MANIFEST

GIT = "git:"
_LONGEST = 600.0
"""Seconds that git may take."""
_MOST_BYTES, _MOST_FILES = 8 * 1024**3, 100_000
_DEFAULT_FOLDER = "data"
_OF_PACKS = frozenset({".yaml", ".yml", ".bib", ".jsonl", ".sql"})

Ask = Callable[[str, tuple[Any, ...]], Iterable[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one state of a pack.

    Attributes:
        named: As it was asked for.
        pack: The pack's name.
        version: Its version; '' when it says none.
        digest: The digest of its records.
        ask: Gives the rows of a SELECT over the base tables, one after the other.
        unread: What cannot be read, as sentences.
    """

    named: str
    pack: str
    version: str
    digest: str
    ask: Ask
    unread: tuple[str, ...] = ()


@contextmanager
def records_of(state: str | os.PathLike[str] | KnowledgeBase, *, beside: object = None) -> Iterator[Records]:
    """The records of a pack's state, as long as the block lasts.

    Args:
        state: A knowledge base; a folder or a sealed file; ``git:REV``, the pack at a revision; or ``REV:path``, a folder or a
            sealed file at a revision, its path told from the root of the repository, or with ``./`` in front from here.
        beside: What it is compared with: where that is a folder, ``git:REV`` means the same folder.

    Raises:
        QuestionError: If it is none of these, or git does not have it.
        FileNotFoundError: If there is nothing at the path.
        SealedFileError: If a file is cut, foreign, or written by another version.
    """
    if isinstance(state, KnowledgeBase):
        yield Records(f"{state.path}", state.name, state.version, state.digest, state.stream)
        return
    named = os.fspath(state)
    if not named:
        raise QuestionError(f"{state!r} is no state of a pack; give a folder, a sealed file, git:REV or REV:path")
    revision = None if Path(named).exists() else _revision(named, beside)
    if revision is None:
        with _at(Path(named), named) as records:
            yield records
        return
    here, name = Path(tempfile.gettempdir()), Path("evidencekb-git")
    sweep(here, name)
    with (
        tempfile.TemporaryDirectory(prefix=unfinished(name), suffix=".part") as folder,
        _at(_checked_out(revision, Path(folder)), named) as records,
    ):
        yield records


@contextmanager
def _at(path: Path, named: str) -> Iterator[Records]:
    if path.is_dir():
        with _folder(path, named) as records:
            yield records
        return
    connection, meta = open_sealed(path)
    with closing(connection):
        yield Records(named, meta["pack"], meta["version"], meta["digest"], connection.execute)


@contextmanager
def _folder(path: Path, named: str) -> Iterator[Records]:
    """The records of a folder, read into tables of their own: on disk when they are many."""
    if not (path / MANIFEST).is_file():
        raise QuestionError(f"{named} holds no {MANIFEST}, so it is no pack")
    assembled = assemble(path, bulk=BULK_BYTES)
    with closing(memory_tables()) as connection:
        intake = Intake(assembled, connection)
        intake.fill(lambda _: None)
        unread = tuple(str(violation) for violation in intake.violations if violation.severity is Severity.ERROR)
        version = assembled.manifest.version if assembled.manifest else ""
        digest = content_digest(intake.digests)
        yield Records(named, assembled.name, version, digest, connection.execute, unread)


# Revisions.


@dataclass(frozen=True, slots=True)
class _Revision:
    """A path at a commit of a repository.

    Attributes:
        root: Where the repository stands.
        commit: The commit.
        path: The path, from the root; '' for the root itself.
        named: As it was asked for.
    """

    root: Path
    commit: str
    path: str
    named: str


def _revision(named: str, beside: object) -> _Revision | None:
    """What a text names in git; None for what can only be a path."""
    if named.startswith(GIT):
        folder = _compared(beside)
        root = _root(folder, named)
        commit = _commit(root, named.removeprefix(GIT), named)
        return _Revision(root, commit, _inside(folder, root, named), named)
    revision, colon, path = named.partition(":")
    if not colon or len(revision) < 2:  # a single letter is a drive
        return None
    root = _root(Path(), named)
    if path in (".", "..") or path.startswith(("./", "../")):
        path = _inside(Path(path), root, named)
    return _Revision(root, _commit(root, revision, named), path.strip("/"), named)


def _compared(beside: object) -> Path:
    """The folder that ``git:REV`` means: the one it is compared with, this one, or ``data`` in it."""
    if isinstance(beside, str | os.PathLike) and Path(beside).is_dir():
        return Path(beside)
    return Path() if Path(MANIFEST).is_file() else Path(_DEFAULT_FOLDER)


def _root(folder: Path, named: str) -> Path:
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent  # a folder that is gone since
    return Path(os.fsdecode(_git(folder, named, "rev-parse", "--show-toplevel")).rstrip("\n"))


def _inside(path: Path, root: Path, named: str) -> str:
    try:
        inside = path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise QuestionError(f"{named}: {path} is not in the repository at {root}") from None
    return "" if inside == "." else inside


def _commit(root: Path, revision: str, named: str) -> str:
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise QuestionError(f"{named}: {revision!r} is no revision; give one such as git:HEAD~1 or v1.0:data")
    found = _git(
        root, named, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", fails=True
    )
    if not found:
        shallow = _git(root, named, "rev-parse", "--is-shallow-repository", fails=True).strip() == b"true"
        why = ", a shallow clone (`git fetch --unshallow`; in a workflow, `fetch-depth: 0`)" if shallow else ""
        raise QuestionError(
            f"{named}: git has no revision {revision!r} in {root}{why}, and there is no such file or folder"
        )
    return os.fsdecode(found).strip()


def _checked_out(revision: _Revision, folder: Path) -> Path:
    """The path at its revision, written below a folder, with the packs that it extends."""
    what = os.fsdecode(
        _git(revision.root, revision.named, "cat-file", "-t", f"{revision.commit}:{revision.path}", fails=True)
    )
    if what.strip() == "blob" and Path(revision.path).suffix in _OF_PACKS:
        raise QuestionError(f"{revision.named}: {revision.path!r} is a file of a pack; name the pack's folder")
    if what.strip() not in ("tree", "blob"):
        raise QuestionError(
            f"{revision.named}: there is no {revision.path or '.'!r} in {revision.commit[:12]} of {revision.root}; "
            "a path is told from the root of the repository"
        )
    asked, done = {revision.path}, set[str]()
    while missing := asked - done:
        path = min(missing)
        done.add(path)
        _extract(revision, path, folder)
        here = (folder / path).resolve()
        for named in named_paths(here) if here.is_dir() else ():
            if not named.exists() and named.is_relative_to(folder.resolve()):
                asked.add(named.relative_to(folder.resolve()).as_posix())
    return folder / revision.path


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """A file or folder of an archive, and nothing outside the folder. Python before 3.11.4 has no filter that would see to it."""
    target = (folder / member.name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise QuestionError(f"git has a path that leads out of its folder: {member.name!r}")
    (target if member.isdir() else target.parent).mkdir(parents=True, exist_ok=True)
    if (held := archive.extractfile(member)) is not None:
        with held, target.open("wb") as file:
            shutil.copyfileobj(held, file)


def _extract(revision: _Revision, path: str, folder: Path) -> None:
    """Write what git has at a path; links, and files beyond bounds, are refused."""
    command = _command(
        revision.root, "archive", "--format=tar", revision.commit, "--", *([f":(literal){path}"] if path else [])
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            files, held = 0, 0
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                for member in archive:
                    files, held = files + 1, held + member.size
                    if files > _MOST_FILES or held > _MOST_BYTES:
                        raise QuestionError(f"{revision.named}: more than a pack may hold; is this the path you meant?")
                    if member.isfile() or member.isdir():
                        _write(archive, member, folder)
        except tarfile.TarError as problem:
            said = process.stderr.read().decode(errors="replace").strip()
            if path == revision.path:
                raise QuestionError(f"{revision.named}: git gives no archive of it: {said or problem}") from problem
        finally:
            process.kill()


def _git(folder: Path, named: str, *arguments: str, fails: bool = False) -> bytes:
    """What git answers.

    Args:
        folder: Where it is asked.
        named: What was asked for.
        *arguments: The command.
        fails: True if a failure is an answer too: nothing.

    Raises:
        QuestionError: If there is no git, or it fails.
    """
    try:
        done = subprocess.run(
            _command(folder, *arguments), capture_output=True, timeout=_LONGEST, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise QuestionError(f"{named}: git did not answer within {_LONGEST:.0f} seconds") from None
    if done.returncode and not fails:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise QuestionError(f"{named}: git cannot be asked here: {said}")
    return b"" if done.returncode else done.stdout


def _command(folder: Path, *arguments: str) -> list[str]:
    program = shutil.which("git")
    if program is None:
        raise QuestionError(
            "git is not installed, or not on the path; give a folder or a sealed file instead of a revision"
        )
    return [program, "-C", str(folder), *arguments]


_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})


def _environment() -> dict[str, str]:
    """Ours, without what would make git ask a person, fetch, or look elsewhere than it is told, as inside of a hook."""
    others = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    return others | {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
