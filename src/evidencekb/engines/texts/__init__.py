"""The packaged SQL texts, each one SELECT that runs on every engine.

``rules/`` hold what rules that cross records find, ``skipped/`` what they cannot judge, ``derive/`` what the build works out
and keeps in the table of the same name (``reference`` is a view), ``audit/`` what the report of an audit needs besides, and
``ask/`` what answers sets of questions. A text has no DDL and no parameters; ``tests/rules/test_texts.py`` lists what it may
not use. An auditor can paste any into ``sqlite3 pack.ekb``, but ``derive/hop``, ``audit/places`` and those under ``ask/``,
which need tables that are filled for them.
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
