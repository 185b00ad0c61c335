"""What a question names and how: ids to labelled subjects and to findings that exist, and options of any kind looked over."""

from __future__ import annotations

import datetime
import json
import operator
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from evidencekb.answers import Question
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.queries.desk import desk_of
from evidencekb.vocab import DIMENSIONS

if TYPE_CHECKING:
    from typing import TypeAlias

    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding

Many = str | Iterable[str] | None
Findings: TypeAlias = "Finding | str | Iterable[Finding | str]"


def question_of(kb: KnowledgeBase, asked: Mapping[str, str | None]) -> Question:
    """The question, each subject with its label.

    Raises:
        QuestionError: If nothing is asked, or a subject is of another kind.
        UnknownIdError: If a subject does not exist.
    """
    named = ((name, asked.get(name)) for name in DIMENSIONS)
    desk = desk_of(kb)
    refs = {name: desk.named(name, one(name, id)) for name, id in named if id is not None}
    if not refs:
        raise QuestionError(f"a question names at least one of {', '.join(DIMENSIONS)}")
    return Question(**refs, slug="-x-".join(ref.id for ref in refs.values()))


def many(name: str, value: Many) -> tuple[str, ...]:
    """One value or several, as a tuple; nothing asked is an empty one.

    Raises:
        QuestionError: If a value is no text, or several are asked and there are none.
    """
    given: object = value  # callers without a type checker give anything
    if given is None:
        return ()
    values = (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)
    if not values:
        raise QuestionError(f"{name} is empty; leave it out to ask for all, or name what to keep")
    for each in values:
        _id(name, each)
    return values


def one(name: str, value: str) -> str:
    """A single id.

    Raises:
        QuestionError: If it is no text.
    """
    _id(name, value)
    return value


def day(name: str, value: str | datetime.date | None) -> str:
    """A day as YYYY-MM-DD; today when there is none.

    Raises:
        QuestionError: If it is no day.
    """
    try:
        return datetime.date.fromisoformat(str(datetime.date.today() if value is None else value)).isoformat()
    except ValueError:
        raise QuestionError(f"{name} is {value!r}; give a day as YYYY-MM-DD") from None


def count(name: str, value: int, *, least: int = 1, most: int = sys.maxsize) -> int:
    """A whole number; one of another library is taken for what it is.

    Args:
        name: The option.
        value: Its value.
        least: The smallest that can be asked for.
        most: The largest; by default all that SQLite and Python can count to.

    Raises:
        QuestionError: If it is no whole number, or too small or too large.

    Examples:
        >>> count("limit", 3)
        3
        >>> count("limit", 0)
        Traceback (most recent call last):
            ...
        evidencekb.errors.QuestionError: limit is 0; give a whole number, 1 or more
    """
    if value.__class__ is int and least <= value <= most:
        return value
    given: object = value  # callers without a type checker give anything
    try:
        number = -1 if isinstance(given, bool) else operator.index(given)  # type: ignore[arg-type]  # says so itself
    except TypeError:
        number = -1
    if not least <= number <= most:
        wanted = f"{least:,} or more" if most == sys.maxsize and number <= most else f"{least:,} to {most:,}"
        raise QuestionError(f"{name} is {given!r}; give a whole number, {wanted}")
    return number


def flag(name: str, value: bool) -> bool:
    """True or False, and nothing that Python would take for one of them: the text "no" counts as true.

    Raises:
        QuestionError: If it is something else.
    """
    given: object = value  # callers without a type checker give anything
    if given is not True and given is not False:
        raise QuestionError(f"{name} is {given!r}; give True or False")
    return value


def as_text(name: str, value: str, what: str = "an id as text") -> str:
    """A text.

    Raises:
        QuestionError: If it is none; it says what to give.
    """
    given: object = value  # callers without a type checker give anything
    if not isinstance(given, str):
        raise QuestionError(f"{name} is {given!r}; give {what}")
    return value


def _id(name: str, value: str) -> None:
    if not as_text(name, value).isprintable():  # nor is half of a pair, which no file holds
        raise QuestionError(f"{name} is {value!a}, which holds signs that no id has")


def finding_ids(kb: KnowledgeBase, findings: Findings) -> tuple[str, ...]:
    """Ids of findings given as records or as ids, one or several, each of which exists.

    Raises:
        UnknownIdError: If one does not.
    """
    given = (findings,) if isinstance(findings, str) or hasattr(findings, "citations") else tuple(findings)
    ids = tuple(dict.fromkeys(f if isinstance(f, str) else one("finding", getattr(f, "id", f)) for f in given))  # type: ignore[arg-type]  # checked by one()
    known = {
        id
        for (id,) in kb.rows("SELECT id FROM finding WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    }
    for id in ids:
        if id not in known:
            raise UnknownIdError("finding", id, near(id, kb.ids("finding")))
    return ids
