"""The part of ``rule`` that tries rules out on seeds."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from evidencekb.cli.output import VIOLATIONS, Format, advancing, emit, failures
from evidencekb.errors import QuestionError

_CODE = re.compile(r"(EKB)?\d{3}|[A-Z]{2,12}\d{1,5}", re.IGNORECASE)


def try_rules(asked: Sequence[str], output: Format) -> None:
    """Print what became of the seeds; exit 1 unless all is as it should be.

    Args:
        asked: Codes of rules, and at most one folder of a pack.
        output: Text or JSON.
    """
    from evidencekb.seeds import selftest

    codes = [text for text in asked if _CODE.fullmatch(text) and not Path(text).exists()]
    packs = [text for text in asked if text not in codes]
    with failures(output):
        if len(packs) > 1:
            raise QuestionError(f"one pack at a time; found {', '.join(packs)}")
        with advancing("seeds") as tell:
            report = selftest(*packs, codes=codes, progress=tell)
        emit(report, output)
        if not report.ok:
            sys.exit(VIOLATIONS)
