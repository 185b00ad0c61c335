"""The briefs of many questions on a Spark cluster: rows in, rows of texts out, the same text as the single brief.

Each partition is one process that opens the sealed file, which lies on its own node or in a folder that all nodes see. Which
findings bear on a question is read from that file, or was worked out by the engine before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.answers import Question
from evidencekb.errors import UnknownIdError
from evidencekb.exports.working import BRIEF_FORMS, Asked, opened, options_of, text_of
from evidencekb.extras import needed
from evidencekb.names import near
from evidencekb.queries import briefs
from evidencekb.queries.composing import CARDS_SHOWN
from evidencekb.queries.subjects import count, flag

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from evidencekb.kb import KnowledgeBase
    from evidencekb.queries.candidates import BearingRow
    from evidencekb.queries.subjects import Many

    Numbered = tuple[int, tuple[dict[str, str], list[BearingRow] | None]]

_A_PARTITION = 500  # questions


def spark_briefs(
    session: SparkSession,
    kb: KnowledgeBase,
    questions: Iterable[Asked],
    form: str = "json",
    *,
    send: bool = True,
    partitions: int | None = None,
    bearing: DataFrame | None = None,
    aspects: Many = None,
    headlines: int = 3,
    pin: Many = None,
    cards: int = CARDS_SHOWN,
) -> DataFrame:
    """The briefs of many questions as rows of a DataFrame, made by the cluster when they are asked for.

    Every node has this library, in the same version. ``frame.select("page").write.text(folder)`` writes JSON lines, in order
    over the files; ``frame.write.parquet(folder)`` Parquet.

    Args:
        session: A session on the cluster.
        kb: The knowledge base, opened from a sealed file.
        questions: As in :func:`evidencekb.briefs`; they are held on the driver.
        form: ``json``, ``markdown`` or ``html``.
        send: Whether to send the sealed file to each node; else all nodes see it under the path of ``kb``.
        partitions: Into how many parts the work is cut; default: one for 500 questions, and one for each core at least.
        bearing: Which findings bear on each question, as the text ``ask/bearing`` gives them: columns ``question`` (its place
            from 0, a number or text), ``dimension``, ``finding``, ``rank`` and ``weight``. Default: as the file has them.
        aspects: As in :func:`evidencekb.briefs`; so the options below.
        headlines: At most so many cards at the top of each.
        pin: Findings to show in each.
        cards: At most so many findings that bear on a question.

    Returns:
        Columns ``position`` (of the question, from 0), ``slug``, ``digest`` and ``page``, in the order asked.

    Raises:
        EngineError: If pyspark is not installed.
        QuestionError: If an option cannot be asked. What a single question is refused for ends the job that asks for it.
        UnknownIdError: If an aspect, a pinned finding or the form does not exist.
    """
    needed("pyspark", "spark")
    if form not in BRIEF_FORMS:
        raise UnknownIdError("form of briefs", form, near(form, BRIEF_FORMS))
    options = options_of(aspects, headlines, pin, cards)
    briefs(kb, (), **options)
    sent, cut = flag("send", send), 0 if partitions is None else count("partitions", partitions)
    asked = list(enumerate(map(_plain, questions)))
    context = session.sparkContext
    parts = cut or max(context.defaultParallelism, -(-len(asked) // _A_PARTITION))
    path, sealed = str(kb.path.resolve()), kb.__reduce__()[1][1]
    if sent:
        context.addFile(path)
        path = Path(path).name
    rows = context.parallelize(asked, max(1, min(parts, len(asked))))
    numbered: Any = rows.mapValues(_alone)
    if bearing is not None:
        found = bearing.select("question", "dimension", "finding", "rank", "weight").rdd.map(_keyed)
        joined = rows.leftOuterJoin(found.groupByKey()).mapValues(_listed)
        numbered = joined.sortByKey(numPartitions=rows.getNumPartitions())
    made = numbered.mapPartitions(_Composing(path, sealed, sent, form, options))
    return session.createDataFrame(made, "position INT, slug STRING, digest STRING, page STRING")


def _plain(question: Asked) -> dict[str, str]:
    if isinstance(question, Question):
        return {name: ref.id for name, ref in question.asked.items()}
    return dict(question)


def _alone(asked: dict[str, str]) -> tuple[dict[str, str], None]:
    return asked, None


def _keyed(row: Any) -> tuple[int, BearingRow]:
    return int(row["question"]), (row["dimension"], row["finding"], int(row["rank"]), int(row["weight"]))


def _listed(held: tuple[dict[str, str], Iterable[BearingRow] | None]) -> tuple[dict[str, str], list[BearingRow]]:
    asked, rows = held
    return asked, sorted(rows or (), key=lambda row: row[2])


class _Composing:
    """What is done in a partition; sent there, so it holds names and numbers alone."""

    def __init__(self, path: str, sealed: str, sent: bool, form: str, options: dict[str, Any]) -> None:
        self._path, self._sealed, self._sent, self._form, self._options = path, sealed, sent, form, options

    def __call__(self, part: Iterable[Numbered]) -> Iterator[tuple[int, str, str, str]]:
        path = self._path
        if self._sent:
            from pyspark import SparkFiles

            path = SparkFiles.get(path)
        kb = opened(path, self._sealed)
        for position, (asked, rows) in part:
            (page,) = briefs(kb, [asked], **self._options, bearing=None if rows is None else [rows])
            yield position, page.question.slug, page.digest, text_of(page, self._form)
