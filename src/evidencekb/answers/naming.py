"""Names of subjects inside a sentence, and counts with their nouns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from evidencekb.answers.records import Question, Ref

_PLAIN = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:[ -][A-Za-z\u00c0-\u024f]+)*")
_MASS = ("s", "ing", "men", "people", "staff", "crew", "personnel")
_NOUNS = {
    "official_statistics": "official statistics",
    "thesis": "theses",
    "legal_decision": "legal decisions",
}


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun.

    Examples:
        >>> counted(1, "finding"), counted(3, "finding"), counted(2, "study", "studies")
        ('1 finding', '3 findings', '2 studies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def kinds_of(kind: str, number: int) -> str:
    """Documents of a kind: ``3 journal articles``.

    Examples:
        >>> kinds_of("journal_article", 1), kinds_of("official_statistics", 2)
        ('1 journal article', '2 official statistics')
    """
    noun = "law" if kind == "legislation" else kind.replace("_", " ")
    return f"{number:,} {noun if number == 1 else _NOUNS.get(kind, noun + 's')}"


@lru_cache(4_000)
def lowered(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins a name or an abbreviation.

    Examples:
        >>> lowered("Older workers"), lowered("US nurses"), lowered("R programmers"), lowered("Non-native writers")
        ('older workers', 'US nurses', 'R programmers', 'non-native writers')
    """
    first = label.split(" ", maxsplit=1)[0]
    symbol = first != "A" and not first[1:2].isalpha()
    if symbol or any(sign.isupper() or sign.isdigit() for sign in first[1:]):
        return label
    return label[:1].lower() + label[1:]


def plural_of(label: str) -> str:
    """Several people of a role whose record gives no plural: of a plain noun the regular one, else ``people in the role …``.

    Examples:
        >>> plural_of("Nurse"), plural_of("Data secretary"), plural_of("Director of sales")
        ('nurses', 'data secretaries', 'people in the role Director of sales')
        >>> plural_of("Registered Nurses")
        'people in the role Registered Nurses'
    """
    words = label.split(" ")
    last = words[-1].lower()
    regular = _PLAIN.fullmatch(label) and not {"of", "in", "at", "for", "and", "to", "or"} & set(words)
    if not regular or last.endswith(_MASS) or len(last) < 3:
        return f"people in the role {label}"
    if last.endswith("man"):
        return lowered(label[:-3] + "men")
    if last.endswith("y") and last[-2] not in "aeiou":
        return lowered(label[:-1] + "ies")
    return lowered(label + ("es" if last.endswith(("x", "z", "ch", "sh")) else "s"))


def joined(parts: Iterable[str], *, last: str = "and") -> str:
    """Parts of a sentence: ``a``, ``a and b``, ``a, b and c``.

    Examples:
        >>> joined(["a", "b", "c"]), joined(["a", "b"], last="or")
        ('a, b and c', 'a or b')
    """
    held = list(parts)
    return " ".join(filter(None, (", ".join(held[:-1]), last if len(held) > 1 else "", held[-1] if held else "")))


def page_label(question: Question, names: dict[str, str]) -> str:
    """What a page about the question is called: ``PyTorch for machine learning engineers``."""
    if question.shape == "role+skill" and question.skill:
        return f"{question.skill.label} for {names['role']}"
    return str(question)


def question_ref(question: Question, names: dict[str, str]) -> Ref:
    """A single subject's own reference; kind ``question`` for a mix."""
    ref = question.ref
    return Ref(ref.kind, ref.id, page_label(question, names)) if ref.kind == "question" else ref
