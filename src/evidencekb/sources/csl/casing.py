"""Capitals: the values of ``text-case``.

References:
    Citation Style Language 1.0.2, "Text-case", "Title case conversion", "Sentence case conversion".
"""

from __future__ import annotations

import re

from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, leaves

# The specification's list, without "down", which titles mostly have as an adverb ("Breaking Down Barriers"), and with
# the particles of names and the "v." between the parties of a case.
_STOP_WORDS = frozenset(
    """
    a an and as at but by d de for from in into nor of on onto or over so the till to up v van via von vs with yet
""".split()
)
# What begins a family name when the name goes on with a capital: "Simone de Beauvoir", "Jan van der Berg".
_PARTICLES = frozenset("af da das de del della den der des di dos du el la le ter zu zum zur".split())
_WORD = re.compile(r"[^\s/\-\u2010-\u2015]+")
_BETWEEN_NUMBERS = re.compile(r"[0-9][-:\u2011]\w+[-:\u2011][0-9]")
_BEFORE_NUMBERS = re.compile(r"[a-z]{1,3}(?:[-:\u2011][0-9]+){2,}")
_HYPHENS = "-\u2010\u2011"
_NEW_PART = re.compile(r"[:?!.\u2014][\"'\u2019\u201d)\]]*\s*[\u2014-]*\s*$")


def cased(pieces: Pieces, case: str, *, english: bool = True) -> Pieces:
    """The pieces in the capitals that a style asks for. Changes the leaves; text in a nocase span stays as it is.

    Args:
        pieces: The text.
        case: A value of ``text-case``.
        english: Whether the text is English; nothing else has title case.
    """
    found = _cased_leaves(pieces, False)
    whole = "".join(leaf.text for leaf, _ in found)
    fixed = [kept for leaf, kept in found for _ in leaf.text]
    letters = _converted(whole, fixed, case, english)
    place = 0
    for leaf, _ in found:
        size = len(leaf.text)
        leaf.text = "".join(letters[place : place + size])
        place += size
    return pieces


def _cased_leaves(pieces: Pieces, kept: bool) -> list[tuple[Leaf, bool]]:
    found: list[tuple[Leaf, bool]] = []
    for piece in pieces:
        if isinstance(piece, Leaf):
            found.append((piece, kept))
        else:
            marks = (Mark.NOCASE, Mark.SUPER, Mark.SUB, Mark.SMALL_CAPS)
            found += _cased_leaves(piece.kids, kept or (piece.flips and piece.mark in marks))
    return found


def _converted(whole: str, fixed: list[bool], case: str, english: bool) -> list[str]:
    letters = list(whole)
    if case in ("lowercase", "uppercase"):
        change = str.lower if case == "lowercase" else str.upper
        return [letter if kept else change(letter) for letter, kept in zip(letters, fixed, strict=True)]
    shouted = whole.isupper() and len(re.findall(r"[^\W\d_]+", whole)) > 1
    if case == "title" and not english:
        return letters
    if case in ("title", "sentence") and shouted:
        letters = [letter if kept else letter.lower() for letter, kept in zip(letters, fixed, strict=True)]
    if case == "sentence" and not shouted:
        _lower_titled(letters, fixed)
    if case in ("sentence", "capitalize-first"):
        _raise_first(letters, fixed)
    elif case == "capitalize-all":
        for word in re.finditer(r"\S+", whole):
            if word[0].islower():
                _raise(letters, fixed, word.start())
    elif case == "title":
        _title(letters, fixed)
    return letters


def _raise(letters: list[str], fixed: list[bool], place: int) -> None:
    if not fixed[place]:
        letters[place] = letters[place].upper()


def _raise_first(letters: list[str], fixed: list[bool]) -> None:
    """Raise the first letter, unless the first word has capitals of its own: "arXiv"."""
    word = re.search(r"[^\W_]+", "".join(letters))
    if word and word[0].islower():
        _raise(letters, fixed, word.start())


def _title(letters: list[str], fixed: list[bool]) -> None:
    text = "".join(letters)
    words = list(_WORD.finditer(text))
    for number, match in enumerate(words):
        inside = [place for place in range(match.start(), match.end()) if text[place].isalnum()]
        if not inside or fixed[inside[0]]:
            continue
        word = text[inside[0] : inside[-1] + 1]
        opens = number == 0 or bool(_NEW_PART.search(text[max(0, match.start() - 8) : match.start()]))
        opens = opens or words[number - 1][0] in ("v", "v.", "vs", "vs.")  # the second party's name begins
        stop = word.lower() in _STOP_WORDS and (word.islower() or (len(word) > 1 and word[1:].islower()))
        after = text[match.end() : match.end() + 1]
        if after == "/" and len(word) == 1:
            continue  # "r/webdev"
        if _BETWEEN_NUMBERS.fullmatch(text[max(0, match.start() - 2) : match.end() + 2]):
            continue  # "23-cv-00770"
        if _BEFORE_NUMBERS.match(text, match.start()):
            continue  # "cv-23-00770"
        if number and _is_et_al(words, number):
            letters[inside[0]] = letters[inside[0]].lower()
            continue
        if number and word.islower() and _is_particle(words, number):
            continue
        # The first half of a compound has its capital: "Over-Educated", but "State-of-the-Art".
        opens = opens or (after in _HYPHENS and after != "" and text[match.start() - 1] not in _HYPHENS)
        if stop and not opens and number < len(words) - 1:
            letters[inside[0]] = letters[inside[0]].lower()
        elif word.islower() and not (len(word) == 1 and word > "\u036f"):  # "\u03b2-carotene"
            _raise(letters, fixed, inside[0])


def _is_et_al(words: list[re.Match[str]], number: int) -> bool:
    """Whether a word is one of the two of "et al."."""
    bare = [match[0].strip(".,;:()[]").lower() for match in words[number - 1 : number + 2]]
    return bare[:2] == ["et", "al"] or bare[1:] == ["et", "al"]


def _is_particle(words: list[re.Match[str]], number: int) -> bool:
    """Whether a word is a particle, and the name that it begins goes on behind it."""
    while number < len(words) and words[number][0] in _PARTICLES:
        number += 1
        if number < len(words) and words[number][0][:1].isupper():
            return True
    return False


def _lower_titled(letters: list[str], fixed: list[bool]) -> None:
    """Lower words such as "Pencil"; those with more capitals (GPT, McKinsey) stay."""
    for match in list(re.finditer(r"[^\W\d_]+", "".join(letters)))[1:]:
        word, start = match[0], match.start()
        if word[1:].islower() and word[0].isupper() and not fixed[start]:
            letters[start] = letters[start].lower()


def without_stops(pieces: Pieces) -> Pieces:
    """Take every full stop out. Changes the leaves."""
    for leaf in leaves(pieces):
        leaf.text = leaf.text.replace(".", "")
    return pieces
