"""The texts of many briefs, in the order asked, made in one process or in several.

A worker opens the sealed file itself, takes a run of questions and sends texts back. Only a few runs are on their way at any
moment, so memory does not grow with the number of questions.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from evidencekb.answers import Question
from evidencekb.answers.html import brief_document
from evidencekb.errors import UnknownIdError
from evidencekb.kb import reopened
from evidencekb.loading.beside import MOST_WORKERS, begin, ended, not_interrupted, processors, result_of
from evidencekb.names import near
from evidencekb.queries import briefs
from evidencekb.queries.composing import CARDS_SHOWN
from evidencekb.queries.subjects import count
from evidencekb.vocab import DIMENSIONS

if TYPE_CHECKING:
    from evidencekb.answers import Brief
    from evidencekb.kb import KnowledgeBase
    from evidencekb.queries.subjects import Many

FEW = 200
"""So many questions are answered before several processes would have begun."""
_RUN = 16
_MAKERS: dict[str, Callable[[Brief], str]] = {
    "json": lambda page: page.to_json(indent=None),
    "markdown": lambda page: page.to_markdown(),
    "html": brief_document,
}
BRIEF_FORMS = tuple(_MAKERS)
"""The forms of a brief as text."""


class PageText(NamedTuple):
    """A brief as text.

    Attributes:
        slug: Of its question.
        digest: Of the brief.
        text: The text; None when its digest was known.
    """

    slug: str
    digest: str
    text: str | None


Asked = Mapping[str, str] | Question
Run = list[tuple[Asked, str]]


def brief_texts(
    kb: KnowledgeBase,
    questions: Iterable[Asked],
    form: str = "json",
    *,
    workers: int | None = 1,
    known: Callable[[str], str] | None = None,
    aspects: Many = None,
    headlines: int = 3,
    pin: Many = None,
    cards: int = CARDS_SHOWN,
) -> Generator[PageText, None, None]:
    """The briefs of many questions as text, in the order asked; each is the text of the single brief.

    Args:
        kb: The knowledge base.
        questions: As in :func:`evidencekb.briefs`; taken a few ahead.
        form: ``json`` on one line, ``markdown``, or ``html``.
        workers: So many processes; 1 works in this one, None takes one for each processor when the questions are many. A script
            that asks for several stands below ``if __name__ == "__main__":``, as the processes read it too. A daemonic process,
            which may start no others, works alone.
        known: Gives the digest of the text that is at hand for a slug, or ''; that text is not made again.
        aspects: As in :func:`evidencekb.briefs`; so the options below.
        headlines: At most so many cards at the top of each.
        pin: Findings to show in each.
        cards: At most so many findings that bear on a question.

    Raises:
        QuestionError: If an option or a question cannot be asked.
        UnknownIdError: If a subject, aspect, pinned finding or form does not exist.
        WorkerError: If a process ended before it was done.

    Examples:
        >>> from evidencekb import brief, load
        >>> kb = load()
        >>> (page,) = brief_texts(kb, [{"role": "nurse"}])
        >>> page.text == brief(kb, role="nurse").to_json(indent=None)
        True
    """
    if form not in _MAKERS:
        raise UnknownIdError("form of briefs", form, near(form, _MAKERS))
    options = options_of(aspects, headlines, pin, cards)
    briefs(kb, (), **options)  # what cannot be asked is said before anything begins
    given = iter(questions)
    if workers is not None:
        workers = count("workers", workers)
    if multiprocessing.current_process().daemon:
        workers = 1  # such a process may have no children
    elif workers is None:
        first = list(islice(given, FEW + 1))
        given = chain(first, given)
        workers = processors() if len(first) > FEW else 1
    pairs = ((question, known(_slug(question)) if known else "") for question in given)
    if workers == 1:
        return _texts(kb, pairs, form, options)
    return _shared(kb, pairs, form, options, min(workers, MOST_WORKERS))


def text_of(page: Brief, form: str) -> str:
    """A brief in one of the forms."""
    return _MAKERS[form](page)


def options_of(aspects: Many, headlines: int, pin: Many, cards: int) -> dict[str, Any]:
    """Options of briefs as they are sent to other processes: what can be gone through once only is held."""
    return {"aspects": _kept(aspects), "headlines": headlines, "pin": _kept(pin), "cards": cards}


def _kept(values: Many) -> Many:
    return values if values is None or isinstance(values, str) else tuple(values)


def _slug(question: Asked) -> str:
    """The slug of a question that names its subjects rightly."""
    asked = {name: ref.id for name, ref in question.asked.items()} if isinstance(question, Question) else question
    return "-x-".join(str(asked[name]) for name in DIMENSIONS if name in asked)


def _texts(
    kb: KnowledgeBase, pairs: Iterable[tuple[Asked, str]], form: str, options: Any
) -> Generator[PageText, None, None]:
    waiting: deque[tuple[Asked, str]] = deque()

    def questions() -> Iterator[Asked]:
        for pair in pairs:
            waiting.append(pair)
            yield pair[0]

    for page in briefs(kb, questions(), **options):
        question, digest = waiting.popleft()
        slug = page.question.slug
        same = page.digest == digest and slug == _slug(question)
        yield PageText(slug, page.digest, None if same else text_of(page, form))


def _shared(
    kb: KnowledgeBase, pairs: Iterator[tuple[Asked, str]], form: str, options: Any, workers: int
) -> Generator[PageText, None, None]:
    """Runs of questions handed out to processes; what comes back waits for its turn."""
    _, (path, sealed, _) = kb.__reduce__()
    context = multiprocessing.get_context("spawn")  # the same on every system; threads and locks are not copied
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=begin)
    waiting: deque[Future[list[PageText]]] = deque()
    try:
        while True:
            while len(waiting) <= 2 * workers and (run := list(islice(pairs, _RUN))):
                with not_interrupted():
                    waiting.append(pool.submit(_work, (path, sealed), run, form, options))
            if not waiting:
                return
            yield from result_of(pool, waiting.popleft())
    except BrokenProcessPool as problem:
        raise ended(pool, "it made briefs") from problem
    finally:
        pool.shutdown(cancel_futures=True)


def _work(file: tuple[str, str], run: Run, form: str, options: Any) -> list[PageText]:
    return list(_texts(opened(*file), run, form, options))


@cache
def opened(path: str, sealed: str) -> KnowledgeBase:
    """The knowledge base of a worker, opened once."""
    return reopened(path, sealed)
