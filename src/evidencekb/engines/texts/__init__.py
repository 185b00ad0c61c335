"""The packaged SQL texts: rules, derivations and questions, each one SELECT that runs on every engine.

A text holds one SELECT without DDL, parameters or comments inside; what it may use is listed in ``PORTABLE`` checks of the
tests. An auditor can paste any of them into ``sqlite3 pack.ekb``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def text(name: str) -> str:
    """The SELECT called ``name``, for example ``"rules/101"``, without its leading comment lines.

    Raises:
        FileNotFoundError: If there is no such text.
    """
    lines = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--")).strip()


def names(folder: str) -> tuple[str, ...]:
    """The texts of a folder, sorted: ``names("rules")`` gives ``("rules/101", …)``."""
    return tuple(sorted(f"{folder}/{path.stem}" for path in (_FOLDER / folder).glob("*.sql")))
