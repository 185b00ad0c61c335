"""Plant seeds in tiny packs, check those, and compare what is found with what should be."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.loading import check
from evidencekb.loading.shipped import shipped_pack
from evidencekb.names import near
from evidencekb.report import Place, Report, Severity, Subject, Violation
from evidencekb.rules import read_custom, rules
from evidencekb.rules.custom import SEEDS
from evidencekb.seeds.changing import OutOfDate
from evidencekb.seeds.packs import TEXTS, SeedBed
from evidencekb.seeds.planting import Pair, Wanted, planted_pair
from evidencekb.seeds.reading import Planted, read_seeds
from evidencekb.seeds.report import SeedOutcome, SeedReport, SeedResult

DAY = datetime.date(2027, 1, 1)
"""The day on which every seed is checked: after all that the shipped pack was read on."""

_LAYOUT = "EKB504"
_NOTHING = Report("")


def selftest(
    pack: str | PathLike[str] | None = None,
    *,
    codes: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> SeedReport:
    """Plant known defects, and see whether the rules find them and nothing else.

    Each seed is a tiny pack of its own. A defect counts as caught if the rule finds it with its code, at the record and on the
    line that the seed names, and no rule finds anything in the sound twin; a near miss must stay silent.

    Args:
        pack: A pack's folder, whose own rules are tried with the seeds in its ``rules/seeds``; default: the rules of the
            library, with the seeds that ship.
        codes: Only these rules, for example ``"403"`` or ``"HOUSE1"``; default: all.
        progress: Told how many seeds are done, and of how many.

    Returns:
        One result a seed; rules without seeds; files of seeds that cannot be read.

    Raises:
        UnknownIdError: If there is no rule of a code.
        QuestionError: If the pack has no rules of its own.
        FileNotFoundError: If there is no such folder.
        NotADirectoryError: If the pack is a file: a sealed one holds no rules.

    Examples:
        >>> report = selftest(codes=["402"])
        >>> report.ok, report.unseeded
        (True, ())
    """
    kit = own_kit(Path(pack)) if pack is not None else shipped_kit()
    asked = {_known(code, kit.codes) for code in codes} or set(kit.codes)
    planted = [each for each in kit.planted if each.rule in asked]
    results = _results(planted, kit, progress or (lambda _, __: None))
    seeded = {result.rule for result in results if result.broken}
    unseeded = tuple(code for code in kit.codes if code in asked - seeded)
    return SeedReport(tuple(results), unseeded, (*kit.problems, *_of_no_rule(kit)))


@dataclass(frozen=True, slots=True)
class Kit:
    """Rules and their seeds.

    Attributes:
        codes: Codes of the rules.
        planted: The seeds.
        problems: What cannot be read.
        bed: Where seeds take their records from.
        files: Files that every tiny pack has, by name: the pack's own rules.
    """

    codes: tuple[str, ...]
    planted: Sequence[Planted]
    problems: Sequence[Violation]
    bed: SeedBed
    files: dict[str, str]


def shipped_kit() -> Kit:
    """The rules of the library and the seeds that ship."""
    planted, problems = read_seeds(TEXTS, "evidencekb/seeds/texts")
    return Kit(tuple(rules()), planted, problems, SeedBed(shipped_pack()), {})


def own_kit(pack: Path) -> Kit:
    """A pack's own rules and their seeds; raises as :func:`selftest` does."""
    if not pack.exists():
        raise FileNotFoundError(f"no pack at {pack}: there is no such folder")
    if not pack.is_dir():
        raise NotADirectoryError(f"{pack} is a file; rules stand in a pack's folder")
    own, faulty = read_custom(pack)
    if not own and not faulty:
        raise QuestionError(f"{pack} has no rules of its own: there is no .sql file in its folder 'rules'")
    planted, problems = read_seeds(pack / "rules" / SEEDS, f"rules/{SEEDS}")
    files = {rule.file: (pack / rule.file).read_text(encoding="utf-8") for rule in own}
    return Kit(tuple(rule.code for rule in own), planted, [*faulty, *problems], SeedBed(pack), files)


def _known(code: str, codes: Sequence[str]) -> str:
    for known in codes:
        if code.upper() in (known, known.removeprefix("EKB")):
            return known
    raise UnknownIdError("rule", code, near(code.upper(), codes))


def _of_no_rule(kit: Kit) -> Iterator[Violation]:
    """Files of seeds whose rule is not there."""
    strangers = {each.place.file: each.rule for each in kit.planted if each.rule not in kit.codes}
    for file, code in strangers.items():
        message = f"there is no rule {code}; a file of seeds is named as its rule"
        yield Violation("EKB501", Severity.ERROR, Subject("file", file), message, Place(file))


def _results(planted: Sequence[Planted], kit: Kit, tell: Callable[[int, int], None]) -> list[SeedResult]:
    results: list[SeedResult] = []
    with TemporaryDirectory(prefix="evidencekb-seeds-") as scratch:
        examine = _Examiner(Path(scratch), kit.files)
        for done, each in enumerate(planted, start=1):
            results.append(_tried(each, kit, examine))
            tell(done, len(planted))
    return results


class _Examiner:
    """Checks the files of tiny packs, each in a folder of its own, and remembers what it found: twins are often alike.

    Args:
        scratch: An empty folder.
        files: Files that every pack has.
    """

    def __init__(self, scratch: Path, files: dict[str, str]) -> None:
        self._scratch = scratch
        self._files = files
        self._reports: dict[str, Report] = {}

    def __call__(self, files: dict[str, str]) -> Report:
        key = sha256(repr(files).encode(errors="surrogateescape")).hexdigest()
        if key not in self._reports:
            self._reports[key] = check(self._written(files, str(len(self._reports))), today=DAY) if files else _NOTHING
        return self._reports[key]

    def _written(self, files: dict[str, str], name: str) -> Path:
        folder = self._scratch / name
        for file, text in {"pack.yaml": "name: seed\nversion: 1.0.0\n", **self._files, **files}.items():
            path = folder / file
            if not path.resolve().is_relative_to(folder.resolve()):
                raise OutOfDate(f"the file {file!r} would stand outside of the tiny pack")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return folder


def _tried(planted: Planted, kit: Kit, examine: _Examiner) -> SeedResult:
    try:
        pair = planted_pair(planted, kit.bed)
        return judged(planted, pair, *map(examine, (pair.changed, pair.sound, pair.before)))
    except OutOfDate as problem:
        return _result(planted, SeedOutcome.OUT_OF_DATE, problem=str(problem))


def judged(planted: Planted, pair: Pair, changed: Report, sound: Report, before: Report) -> SeedResult:
    """What became of a seed.

    Args:
        planted: The seed.
        pair: Its two packs.
        changed: What was found in the changed one.
        sound: What was found in the sound one.
        before: What a pack is told of the records as they are. Its warnings and notes count neither for nor against a rule.
    """
    known = {_said(violation) for violation in before if violation.severity is not Severity.ERROR}
    new = [v for v in changed if v.waived is None and _said(v) not in known]
    alarms = [v for v in sound if v.waived is None and _said(v) not in known and _counts(planted, v)]
    if planted.seed.caught is None:
        alarms += [v for v in new if _counts(planted, v) and _said(v) not in set(map(_said, alarms))]
        return _result(planted, SeedOutcome.FALSE_ALARM if alarms else SeedOutcome.SILENT, found=alarms)
    own = [v for v in new if v.code == planted.rule]
    beside = [v for v in new if v.code not in (planted.rule, _LAYOUT)]
    wanted = tuple(map(str, pair.wanted))
    if not _match(pair.wanted, own):
        return _result(planted, SeedOutcome.MISSED, wanted=wanted, found=own, beside=beside)
    outcome = SeedOutcome.FALSE_ALARM if alarms else SeedOutcome.CAUGHT
    return _result(planted, outcome, wanted=wanted, found=alarms or own, beside=beside)


def _said(violation: Violation) -> tuple[object, ...]:
    """A violation without its line, which changes when something is added above."""
    return violation.code, violation.subject, violation.path, violation.message


def _counts(planted: Planted, violation: Violation) -> bool:
    """True if this is an alarm where nothing should be found."""
    named = {f"EKB{code}" if code.isdigit() else code for code in planted.seed.but}
    return violation.code not in named and (violation.code != _LAYOUT or planted.rule == _LAYOUT)


def _match(wanted: Sequence[Wanted], found: Sequence[Violation]) -> bool:
    """True if each that is wanted is found, and nothing more: two on one line are told apart by what they say."""
    left = list(found)
    for each in wanted:
        fitting = [violation for violation in left if each.fits(violation)]
        if not fitting:
            return False
        left.remove(fitting[0])
    return not left


def _result(
    planted: Planted,
    outcome: SeedOutcome,
    *,
    wanted: tuple[str, ...] = (),
    found: Sequence[Violation] = (),
    beside: Sequence[Violation] = (),
    problem: str = "",
) -> SeedResult:
    seed = planted.seed
    broken = seed.caught is not None
    return SeedResult(
        planted.rule,
        seed.seed,
        planted.place,
        seed.of or "",
        broken,
        outcome,
        wanted,
        tuple(found),
        tuple(beside),
        problem,
    )
