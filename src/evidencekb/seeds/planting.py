"""From a seed to the files of two tiny packs: the sound one, and the one that was changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from evidencekb.report import Severity, Violation
from evidencekb.seeds.changing import OutOfDate, Records, needed_key
from evidencekb.seeds.packs import BASE, SeedBed
from evidencekb.seeds.reading import Expected, Planted, Seed

FILE = "records.yaml"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A violation that must be found.

    Attributes:
        file: Its file.
        line: Its line.
        record: Kind and id of its record, or ``file`` and its name.
        at: The field, as the seed says it.
        severity: Its severity, if the seed says one.
        says: A part of its message, if the seed says one.
    """

    file: str
    line: int
    record: tuple[str, str]
    at: str = ""
    severity: Severity | None = None
    says: str | None = None

    def fits(self, violation: Violation) -> bool:
        """True if this is the violation that is wanted."""
        place, subject = violation.place, violation.subject
        return (
            place is not None
            and (place.file, place.line) == (self.file, self.line)
            and self.record == (subject.kind, subject.id)
            and self.severity in (None, violation.severity)
            and (self.says or "") in violation.message
        )

    def __str__(self) -> str:
        record = f"{self.record[0]} {self.record[1]!r}{', ' if self.at else ''}{self.at}, "
        more = [*([str(self.severity)] if self.severity else []), *([f"saying {self.says!r}"] if self.says else [])]
        return ", ".join([f"{record}{self.file}:{self.line}", *more])


@dataclass(frozen=True, slots=True)
class Pair:
    """A sound tiny pack and its changed twin.

    Attributes:
        sound: The files of the sound one.
        changed: The files of the other.
        wanted: What must be found in the other; empty for a near miss.
        before: The files of the records as they stand in a pack; empty where a seed takes none from there.
    """

    sound: dict[str, str]
    changed: dict[str, str]
    wanted: tuple[Wanted, ...]
    before: dict[str, str] = field(default_factory=dict)


def planted_pair(planted: Planted, bed: SeedBed) -> Pair:
    """The two packs of a seed.

    Raises:
        OutOfDate: If the seed does not fit the records it changes.
    """
    seed = planted.seed
    return _of_records(seed, bed) if seed.of is not None or seed.base is not None else _of_texts(seed, bed)


def _of_records(seed: Seed, bed: SeedBed) -> Pair:
    held = bed.around([seed.of, *seed.beside]) if seed.of is not None else bed.base
    own = needed_key(seed.of or seed.base or "", held)
    sound = Records(held)
    before = {FILE: _written(sound)} if seed.of is not None else {}
    sound.change(seed.given, own)
    broken = Records(sound.held)
    broken.change(seed.change, own)
    wanted = []
    for expected in seed.caught or ():
        if any(each is not None for each in (expected.file, expected.line, expected.record)):
            raise OutOfDate("'file', 'line' and 'record' are for seeds made of texts; say 'at', the field")
        key, path = broken.address(expected.at, own)
        line = broken.line_of(key, path)
        at = path or "the record"
        wanted.append(Wanted(FILE, line, key, at, expected.severity, expected.says))
    return Pair({FILE: _written(sound)}, {FILE: _written(broken)}, tuple(wanted), before)


def _written(records: Records) -> str:
    """One value a line, so that every field has a line of its own; JSON is YAML too."""
    return json.dumps(records.listed(), ensure_ascii=False, indent=1)


def _of_texts(seed: Seed, bed: SeedBed) -> Pair:
    sound = dict(seed.files) or {BASE: bed.base_text}
    broken = dict(sound)
    for text, new in seed.rewrite.items():
        holding = [name for name, content in broken.items() if text in content]
        if len(holding) != 1 or broken[holding[0]].count(text) != 1:
            raise OutOfDate(f"{text!r} does not stand exactly once in {', '.join(broken)}")
        broken[holding[0]] = broken[holding[0]].replace(text, new)
    return Pair(sound, broken, tuple(_of_text(expected, broken) for expected in seed.caught or ()))


def _of_text(expected: Expected, files: dict[str, str]) -> Wanted:
    file = expected.file or next(iter(files))
    kind, _, id = (expected.record or f"file:{file}").partition(":")
    if isinstance(expected.line, int):
        return Wanted(file, expected.line, (kind, id), "", expected.severity, expected.says)
    lines = [at for at, line in enumerate(files.get(file, "").splitlines(), start=1) if line.strip() == expected.line]
    if len(lines) != 1:
        raise OutOfDate(f"the line {expected.line!r} does not stand exactly once in {file}")
    return Wanted(file, lines[0], (kind, id), "", expected.severity, expected.says)
