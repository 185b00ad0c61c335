"""Seeds as they are written: YAML files, one a rule, each a list of seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from evidencekb.model.common import OneOrMany, Record, Text
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.store.nodes import Mapping, Sequence, YamlProblem, locate, parse, plain
from evidencekb.store.validating import violations_of

_MAX_BYTES = 1024 * 1024


def _expected(value: Any) -> Any:
    """One place is a list of one, and a path alone says where."""
    places = value if isinstance(value, list) else [value]
    return [{"at": place} if isinstance(place, str) else place for place in places]


class Expected(Record):
    """Where a violation must be found, and what else must hold of it."""

    at: str = Field("", description="Field of the record; 'other-id/field' for another record.")
    severity: Severity | None = Field(None, description="error, warning or note.")
    says: Text | None = Field(None, description="A part of the message.")
    file: Text | None = Field(None, description="The file, of a seed made of texts.")
    line: str | int | None = Field(None, description="Text of the line, or its number, of a seed made of texts.")
    record: Text | None = Field(
        None, description="Of a seed made of texts, the record that is told of, as claim:some-id; else it is the file."
    )


class Seed(Record):
    """A defect and how it must be found, or a near miss and why it is sound."""

    seed: Text = Field(description="What is wrong, or only looks wrong; unique in its file.")
    of: Text | None = Field(None, description="Id of a record of the pack, from which paths start.")
    base: Text | None = Field(None, description="Id of a record of the made-up base pack, from which paths start.")
    beside: Annotated[tuple[Text, ...], OneOrMany] = Field(
        (), alias="with", description="Ids of further records of the pack that stand beside it."
    )
    files: dict[str, str] = Field({}, description="Files of the tiny pack, as texts.")
    given: dict[str, Any] = Field({}, description="Changes that the sound twin has too.")
    change: dict[str, Any] = Field({}, description="Changes that break the rule, or only seem to.")
    rewrite: dict[str, str] = Field({}, description="Texts that stand once in the files, and what replaces them.")
    caught: Annotated[tuple[Expected, ...], BeforeValidator(_expected)] | None = Field(
        None, description="Where the rule must find it: a path, or several."
    )
    silent: Text | None = Field(None, description="Why nothing may be found.")
    but: Annotated[tuple[Text, ...], OneOrMany] = Field(
        (), description="Other rules that may speak where nothing should be found."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Seed:
        if (self.caught is None) == (self.silent is None):
            raise ValueError("write either caught, where it must be found, or silent, why nothing may be")
        if self.caught == ():
            raise ValueError("caught names no place; of a near miss write silent, and why it is sound")
        if (self.of is not None) + (self.base is not None) + bool(self.files) > 1:
            raise ValueError("write one of 'of', 'base' and 'files'")
        if not (self.change or self.rewrite):
            raise ValueError("write what is changed: change, or rewrite for texts")
        if self.of is None and self.base is None and (self.change or self.given or self.beside):
            raise ValueError("given, change and with need 'of' or 'base', the record from which paths start")
        if (self.of is not None or self.base is not None) and self.rewrite:
            raise ValueError("rewrite is for seeds made of texts; of a record write change")
        return self


@dataclass(frozen=True, slots=True)
class Planted:
    """A seed, the rule it is for, and where it is written."""

    rule: str
    seed: Seed
    place: Place


def read_seeds(folder: Path, shown: str) -> tuple[list[Planted], list[Violation]]:
    """The seeds in a folder, by file and line, and what is wrong with those that cannot be read.

    Args:
        folder: Holds a file for each rule, named as the rule: ``101.yaml``, ``HOUSE1.yaml``. There may be none.
        shown: What the folder is called in messages.
    """
    planted: list[Planted] = []
    problems: list[Violation] = []
    for path in sorted(folder.glob("*")):
        if path.stem == "base" or path.name.startswith((".", "__")):
            continue
        code = f"EKB{path.stem}" if path.stem.isdigit() else path.stem.upper()
        for found in _seeds_of(path, code, f"{shown}/{path.name}"):
            (planted if isinstance(found, Planted) else problems).append(found)  # type: ignore[arg-type]  # each to its own list
    return planted, problems


def _seeds_of(path: Path, code: str, name: str) -> Iterator[Planted | Violation]:
    listing = _listing(path, name)
    if isinstance(listing, Violation):
        yield listing
        return
    names: set[str] = set()
    for node in listing.items:
        data = plain(node)
        if not isinstance(data, dict):
            yield _problem("a seed is a mapping of fields", Place(name, node.line))
            continue
        subject = Subject("seed", str(data.get("seed", "")))
        seed, violations = violations_of(Seed, data, subject)
        for violation in violations:
            yield violation.at(Place(name, *locate(node, violation.path)))
        if seed is None or violations:
            continue
        if seed.seed in names:
            yield _problem(f"two seeds are called {seed.seed!r}; say what tells them apart", Place(name, node.line))
        names.add(seed.seed)
        yield Planted(code, seed, Place(name, node.line))


def _listing(path: Path, name: str) -> Sequence | Violation:
    if path.suffix != ".yaml" or not path.is_file():
        return _problem("not read: seeds stand in .yaml files, named as their rule", Place(name))
    try:
        if path.stat().st_size > _MAX_BYTES:
            return _problem(f"seeds of one rule are at most {_MAX_BYTES // 1024} KiB", Place(name))
        root = parse(path.read_text(encoding="utf-8"))
    except YamlProblem as problem:
        return _problem(problem.message, Place(name, problem.line, problem.column))
    except (OSError, UnicodeDecodeError) as problem:
        return _problem(f"cannot be read: {problem}", Place(name))
    listing = root.get("seeds") if isinstance(root, Mapping) and len(root.pairs) == 1 else None
    if not isinstance(listing, Sequence):
        return _problem("a file of seeds holds one list, 'seeds'", Place(name))
    return listing


def _problem(message: str, place: Place) -> Violation:
    return Violation("EKB501", Severity.ERROR, Subject("file", place.file), message, place)
