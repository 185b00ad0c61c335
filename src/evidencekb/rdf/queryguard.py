"""What a SPARQL text may hold: it is looked over before any engine sees it.

Refused are updates, SERVICE (it would reach into the network), FROM (there is one pack, and it is the default graph), texts that
are too long, too deep or not closed, prefixes that nobody declared, and what an engine could read in another way than we do.
Words in comments, in quotes and within IRIs are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, NoReturn

from evidencekb.errors import QuestionError
from evidencekb.names import nearest

LONGEST = 100_000
"""Characters of a text."""
MOST_TOKENS = 20_000
DEEPEST = 64
"""Brackets within brackets."""
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

_UPDATES = frozenset("ADD CLEAR COPY CREATE DELETE DROP INSERT LOAD MOVE USING WITH".split())
_OPEN, _CLOSE = "{([", {"}": "{", ")": "(", "]": "["}
_LOCAL = r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
    | (?P<text>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:\w(?:[\w.-]*[\w-])?)
    | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:{_LOCAL}(?:\.*{_LOCAL})*)?)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<sign>\^\^|&&|\|\||[!<>]=|[{{}}()\[\].,;|/^*+?!=<>&-])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPERANDS = ("variable", "text", "number", "iri", "name", "word", "language", "blank")
_BEGUN = re.compile(r"<[A-Za-z][\w+.-]*://")
_SHOWN = 40


class Token(NamedTuple):
    """A piece of a text.

    Attributes:
        kind: comment, iri, text, variable, language, blank, name, number, word or sign.
        text: As written.
        start: Where it begins, in characters from 0.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def place(text: str, at: int) -> str:
    r"""Line and column of a character, for a message.

    Examples:
        >>> place("SELECT *\n  {", 11)
        'line 2, column 3'
    """
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def shown(given: object) -> str:
    """What was given, for a message: quoted, and not too long."""
    if isinstance(given, str):
        return repr(given if len(given) <= _SHOWN else f"{given[:_SHOWN]}…")
    try:
        said = repr(given)
    except ValueError:  # a number of too many digits
        return f"a large {type(given).__name__}"
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a text, comments included.

    Raises:
        QuestionError: If something is none; it names line and column.
    """
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            _no_token(text, at)
        if found.group() == "<" and _BEGUN.match(text, at):
            raise QuestionError(f"{place(text, at)}: an IRI begins here that holds a space or a sign that no IRI has")
        if found.lastgroup != "space":
            yield Token(str(found.lastgroup), found.group(), at)
        at = found.end()


def guarded(text: str, prefixes: Collection[str]) -> tuple[str, list[Token]]:
    """A query that an engine may be given, with its pieces, comments left out.

    Args:
        text: What a person wrote.
        prefixes: Prefixes that need not be declared.

    Raises:
        QuestionError: If it is no query, or one that is refused; it says where and what to do.
    """
    if not isinstance(text, str):
        raise QuestionError(f"a query is a text, not {type(text).__name__}")
    if len(text) > LONGEST:
        raise QuestionError(f"the text has {len(text):,} characters; at most {LONGEST:,} are read")
    text = _without_escapes(text.removeprefix("\ufeff"))
    held: list[Token] = []
    for token in tokens(text):
        if token.kind == "comment":
            continue
        held.append(token)
        if len(held) > MOST_TOKENS:
            raise QuestionError(f"the text has more than {MOST_TOKENS:,} words and signs; ask for less at once")
    if not held:
        raise QuestionError(
            f"the text is empty; a query begins with {_listed(FORMS)}, or give the name of a published one"
        )
    _begun(text, held)
    _nested(text, held)
    for token in held:
        _allowed(text, token)
    if "service" in text.lower():
        _read_in_one_way(text, held)
    _declared(text, held, prefixes)
    return text, held


def _no_token(text: str, at: int) -> NoReturn:
    sign, where = text[at], place(text, at)
    if sign in "\"'":
        raise QuestionError(
            f"{where}: a text in quotes begins here and is never closed: {shown(text[at : at + _SHOWN])}"
        )
    if sign == "\\":
        raise QuestionError(f"{where}: a backslash stands outside of quotes; write the character itself")
    known = "an invisible sign" if not sign.isprintable() else "a sign"
    raise QuestionError(f"{where}: found {sign!r}, {known} that no query has")


def _without_escapes(text: str) -> str:
    r"""The text with ``\u00e9`` as é. Engines differ in whether they resolve these before they read the text or afterwards.

    Raises:
        QuestionError: If one stands for a character that could change how the text is read.
    """

    def resolved(found: re.Match[str]) -> str:
        if found[0] == r"\\":
            return found[0]  # a backslash in a text, whatever comes behind it
        code = int(found[1] or found[2], 16)
        if code < 0xA0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF or not chr(code).isprintable():
            raise QuestionError(f"{place(text, found.start())}: {found[0]} is not read; write the character itself")
        return chr(code)

    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise QuestionError("the text holds half a character (a lone surrogate), which nobody can read")
    return _ESCAPE.sub(resolved, text) if "\\" in text else text


def _begun(text: str, held: Sequence[Token]) -> None:
    """Whether it begins as a query, after its prologue."""
    at = 0
    while at < len(held) and held[at].kind == "word" and held[at].text.upper() in ("PREFIX", "BASE"):
        at += 3 if held[at].text.upper() == "PREFIX" else 2
    if at >= len(held):
        raise QuestionError(f"the text declares prefixes and then ends; a query goes on with {_listed(FORMS)}")
    first = held[at]
    if first.kind == "word" and first.text.upper() in _UPDATES:
        _update(text, first)
    if first.kind != "word" or first.text.upper() not in FORMS:
        hint = nearest(first.text.upper(), FORMS)
        raise QuestionError(
            f"{place(text, first.start)}: found {shown(first.text)}; a query begins with {_listed(FORMS)}{hint}"
        )


def _update(text: str, token: Token) -> NoReturn:
    raise QuestionError(
        f"{place(text, token.start)}: {token.text} is part of an update; a pack is asked here and never changed. "
        "Change its files, and load it again"
    )


def _allowed(text: str, token: Token) -> None:
    word = _keyword(token)
    if not word:
        return
    where = place(text, token.start)
    if "SERVICE" in word and token.kind != "word":
        raise QuestionError(
            f"{where}: {shown(token.text)} holds the word SERVICE, which an engine may read by itself; call it otherwise"
        )
    if "SERVICE" in word:  # also 'trueSERVICE', which an engine may read as two words
        raise QuestionError(
            f"{where}: SERVICE would ask another server; nothing is asked over the network. To join a pack with what others "
            "hold, load its RDF into a store of your own"
        )
    if token.kind == "word" and word == "FROM":
        raise QuestionError(
            f"{where}: FROM is refused: no file or address is read. The pack itself is asked, all of its graphs at once; "
            "GRAPH ?g { … } tells them apart"
        )
    if token.kind == "word" and word in _UPDATES:
        _update(text, token)


def _keyword(token: Token) -> str:
    """What of a piece may be a word of the language: all of a word, and what stands before the colon of a name."""
    if token.kind in ("word", "language", "blank"):
        return token.text.upper()
    return token.text.partition(":")[0].upper() if token.kind == "name" else ""


def _nested(text: str, held: Sequence[Token]) -> None:
    waiting: list[Token] = []
    for token in held:
        if token.kind != "sign":
            continue
        if token.text in _OPEN:
            waiting.append(token)
            if len(waiting) > DEEPEST:
                raise QuestionError(
                    f"{place(text, token.start)}: more than {DEEPEST} brackets stand within each other; nest less"
                )
        elif token.text in _CLOSE:
            if not waiting or waiting[-1].text != _CLOSE[token.text]:
                opened = (
                    f", where {waiting[-1].text!r} from {place(text, waiting[-1].start)} is open" if waiting else ""
                )
                raise QuestionError(f"{place(text, token.start)}: {token.text!r} closes nothing{opened}")
            waiting.pop()
    if waiting:
        raise QuestionError(f"{place(text, waiting[-1].start)}: {waiting[-1].text!r} is never closed")


def _read_in_one_way(text: str, held: Sequence[Token]) -> None:
    """Refuse what could be an IRI or a comparison where the word SERVICE may hide behind it.

    In ``FILTER(?a<b:c)SERVICE#>`` an engine may see a comparison where we see an IRI.
    """
    waiting: list[str] = []
    for before, token in zip((Token("sign", "", 0), *held), held, strict=False):
        doubtful = token.text == "<" and before.text == "<" and before.end == token.start
        operand = before.kind in _OPERANDS or before.text in (")", "]")
        if doubtful or (token.kind == "iri" and operand and waiting[-1:] == ["("]):
            raise QuestionError(
                f"{place(text, token.start)}: {shown(token.text)} can be read as an IRI and as a comparison, and the text holds "
                "the word SERVICE: put a space behind '<', or leave the word out of comments and quotes"
            )
        if token.kind == "sign" and token.text in _OPEN:
            waiting.append(token.text)
        elif token.kind == "sign" and token.text in _CLOSE:
            waiting.pop()


def _declared(text: str, held: Sequence[Token], prefixes: Collection[str]) -> None:
    known = set(prefixes)
    for before, token in zip((Token("sign", "", 0), *held), held, strict=False):
        if token.kind != "name":
            continue
        prefix = token.text.partition(":")[0]
        if before.kind == "word" and before.text.upper() == "PREFIX":
            known.add(prefix)
        elif prefix not in known:
            hint = nearest(prefix, known) or f"; known are {', '.join(sorted(known))}"
            raise QuestionError(
                f"{place(text, token.start)}: {shown(token.text)} has the prefix {prefix!r}, which is not declared{hint}"
            )


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
