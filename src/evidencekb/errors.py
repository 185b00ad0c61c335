"""Exceptions that callers may catch.

The tree::

    EvidenceError
    ├── PackError            (ValueError)   a pack breaks a rule; carries the whole report
    ├── UnknownIdError       (KeyError)     an id that nothing in the knowledge base has
    ├── SealedFileError      (OSError)      a sealed file that cannot be trusted or opened
    ├── SignatureError       (OSError)      a sealed file that is not signed as asked, or a key that cannot be used
    ├── EngineError          (RuntimeError) an engine that is absent, cannot be reached or cannot read the tables it is given
    ├── QuestionError        (ValueError)   a question that cannot be asked
    │   └── PoolError                       estimates that cannot be pooled; names the pairs and why
    ├── IdentifierError      (ValueError)   a text that is no identifier, or a faulty one
    ├── ChangedMeanwhileError (OSError)     a file changed while its new text was worked out; nothing is written
    ├── FormatLossError      (ValueError)   formatting a file would lose something; it is left alone
    ├── EntryError           (ValueError)   an entry of a .bib file that cannot be edited; the file is left alone
    ├── LookupFailed         (OSError)      a service or a page gave no answer that can be used
    ├── NotPublic            (OSError)      an address outside of the public web, in ``evidencekb.sources.transport``
    ├── StyleError           (ValueError)   a citation style that cannot be used, in ``evidencekb.sources.csl.style``
    ├── FormatError          (ValueError)   a source that a citation style cannot print, in ``evidencekb.sources.formatting``
    ├── CurationError        (ValueError)   a pack cannot be added to as asked; nothing was written
    ├── InterchangeError     (ValueError)   a file of another form that cannot be read, or a pack that cannot be written in it
    ├── ParquetProblem       (ValueError)   a Parquet file that cannot be read as records, in ``evidencekb.store.parquet``
    └── YamlProblem                         a text that is refused, in ``evidencekb.store.nodes``; check reports it

Everything else (a missing path, a wrong type) is Python's own exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidencekb.report import Report


class EvidenceError(Exception):
    """What every exception of this library descends from."""


class PackError(EvidenceError, ValueError):
    """A pack has errors, so it is neither loaded nor built.

    Attributes:
        report: Every violation, each with its place.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return str(self.report)


class UnknownIdError(EvidenceError, KeyError):
    """No record of this kind has this id.

    Attributes:
        kind: What was looked for, for example ``"finding"``.
        id: The id that was asked for.
        nearest: Known ids that look like it, best first.
    """

    def __init__(self, kind: str, id: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(kind, id, nearest)
        self.kind = kind
        self.id = id
        self.nearest = nearest

    def __str__(self) -> str:
        hint = f" Did you mean {' or '.join(map(repr, self.nearest))}?" if self.nearest else ""
        return f"no {self.kind} has the id {self.id!r}.{hint}"


class SealedFileError(EvidenceError, OSError):
    """A sealed file is cut, foreign, newer than this library, or was changed.

    Attributes:
        path: The file.
        problem: What is wrong with it and what to do.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


class SignatureError(EvidenceError, OSError):
    """A sealed file is not signed by whom it should be, or a key or signature cannot be used.

    Attributes:
        path: The file.
        problem: What is wrong with it and what to do.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


class EngineError(EvidenceError, RuntimeError):
    """An engine is not installed, cannot be reached, or cannot read the tables it is given.

    Attributes:
        engine: Which one: ``"duckdb"``, ``"postgres"``, ``"spark"``.
        problem: What is wrong and what to do.
    """

    def __init__(self, engine: str, problem: str) -> None:
        super().__init__(engine, problem)
        self.engine = engine
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.engine}: {self.problem}"


class FormatLossError(EvidenceError, ValueError):
    """The canonical form of a file would not hold what the file holds, so the file is left alone.

    Attributes:
        file: Name of the file.
        problem: What would be lost or changed.
    """

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file or 'the text'}: {self.problem}; it is left as it is. Please report this fault of `format`"


class ChangedMeanwhileError(EvidenceError, OSError):
    """A file is no longer what it was when the change was worked out, so nothing is written.

    Attributes:
        file: The file.
    """

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file} was changed by somebody else in the meantime; nothing was written. Do it again"


class QuestionError(EvidenceError, ValueError):
    """A question names nothing, or something that cannot be asked."""


class PoolError(QuestionError):
    """Estimates that cannot be pooled.

    Attributes:
        problem: Which, and why.
        pairs: The pairs of estimates, as ``finding#estimate``, each with the aspects that forbid it.
        left_out: The estimates that cannot be pooled beside any other, each with why.
    """

    def __init__(
        self,
        problem: str,
        pairs: tuple[tuple[str, str, tuple[str, ...]], ...] = (),
        left_out: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(problem, pairs, left_out)
        self.problem = problem
        self.pairs = pairs
        self.left_out = left_out

    def __str__(self) -> str:
        return self.problem


class IdentifierError(EvidenceError, ValueError):
    """A text is no identifier of a known scheme, or a faulty one."""


class EntryError(EvidenceError, ValueError):
    """An entry of a .bib file cannot be edited as asked, so nothing is.

    Attributes:
        key: Its citation key.
        line: Where it stands, from 1; 0 if it stands nowhere.
        problem: What is wrong and what to do.
    """

    def __init__(self, key: str, line: int, problem: str) -> None:
        super().__init__(key, line, problem)
        self.key = key
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        at = f" at line {self.line}" if self.line else ""
        return f"the entry {self.key!r}{at}: {self.problem}"


class LookupFailed(EvidenceError, OSError):
    """A service or a page gave no answer that can be used. It never means that there is no such work, except by its reason.

    Attributes:
        service: The service that was asked, for example ``"crossref"``; ``"web"`` for a page.
        url: The address that was asked for.
        reason: ``"offline"`` (nothing is kept and the network may not be used), ``"not_found"`` (404 or 410), ``"refused"``
            (any other answer that is no success), ``"busy"`` (429 or 5xx, also after asking again), ``"unreachable"`` (no
            connection, no answer in time, too many redirects), ``"too_large"``, ``"not_public"`` (the address, or one
            that it leads to, is not of the public web) or ``"unreadable"`` (an answer that is not what was asked for).
        detail: What was found, and what to do.
    """

    def __init__(self, service: str, url: str, reason: str, detail: str) -> None:
        super().__init__(service, url, reason, detail)
        self.service = service
        self.url = url
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[LookupFailed], tuple[str, str, str, str]]:
        # OSError keeps only two of its arguments.
        return type(self), (self.service, self.url, self.reason, self.detail)

    def __str__(self) -> str:
        return f"{self.service} has no answer for {self.url} ({self.reason.replace('_', ' ')}): {self.detail}"


class CurationError(EvidenceError, ValueError):
    """A pack cannot be added to as asked; nothing was written."""


class InterchangeError(EvidenceError, ValueError):
    """A file of another form (RDF, a nanopublication and so on) cannot be read, or a pack cannot be written in that form.

    Attributes:
        file: The file.
        problem: What was found there and what to do.
        line: Where, from 1; 0 when that is not known.
    """

    def __init__(self, file: str, problem: str, line: int = 0) -> None:
        super().__init__(file, problem, line)
        self.file = file
        self.problem = problem
        self.line = line

    def __str__(self) -> str:
        at = f", line {self.line}" if self.line else ""
        return f"{self.file}{at}: {self.problem}"


class StyleError(EvidenceError, ValueError):
    """A style that cannot be used.

    Attributes:
        style: Its name or path.
        problem: Why, and what to do.
    """

    def __init__(self, style: str, problem: str) -> None:
        super().__init__(style, problem)
        self.style = style
        self.problem = problem

    def __str__(self) -> str:
        return f"style {self.style!r}: {self.problem}"


class FormatError(EvidenceError, ValueError):
    """An item that cannot be printed.

    Attributes:
        style: The style.
        id: The item's id.
        problem: What is wrong with it and what to do.
    """

    def __init__(self, style: str, id: str, problem: str) -> None:
        super().__init__(style, id, problem)
        self.style = style
        self.id = id
        self.problem = problem

    def __str__(self) -> str:
        return f"item {self.id!r} in style {self.style!r}: {self.problem}"


class WorkerError(EvidenceError, RuntimeError):
    """A worker process ended before its work was done; nothing of it is kept.

    Args:
        what: What it was doing.
        begun: False if it ended before it could do anything.
    """

    def __init__(self, what: str, begun: bool = True) -> None:
        super().__init__(what, begun)
        self.what = what
        self.begun = begun

    def __str__(self) -> str:
        if self.begun:
            why = "was there too little memory? Fewer workers take less: workers=1 takes none"
        else:
            why = (
                "it could not begin, since it reads the program again. Put what the program does below "
                '`if __name__ == "__main__":`, or take workers=1'
            )
        return f"a worker process ended while {self.what}; {why}"
