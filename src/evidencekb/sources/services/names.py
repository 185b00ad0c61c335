"""Names that a service gives as one text, given names first.

>>> person("Ludwig van der Berg Jr.")
{'family': 'van der Berg', 'given': 'Ludwig', 'suffix': 'Jr.'}
>>> person("Carberry, Josiah S."), person("The OLYMPUS Collaboration")
({'family': 'Carberry', 'given': 'Josiah S.'}, {'literal': 'The OLYMPUS Collaboration'})
"""

from __future__ import annotations

import re

AS_PRINTED = "in capitals, kept as printed; is this how the work spells it?"
GUESSED = "the service gives the name as one text; the last word was taken for the family name"
"""What is said of names that were split."""

_SUFFIX = re.compile(r"(?:jr|sr)\.?|ii|iii|iv", re.IGNORECASE)
_PARTICLES = frozenset(
    "van von der den de del della di da dos das du la le lo los ten ter tot und zu zum zur af av bin ibn al el".split()
)
_BODY = re.compile(
    r"\b(?:collaboration|consortium|group|team|university|institute|institut|agency|department|ministry|office|bureau|"
    r"association|society|organi[sz]ation|committee|council|company|corporation|inc|ltd|llc|gmbh|foundation|center|"
    r"centre|laborator(?:y|ies)|bank|press|commission|federation|union|network|initiative|project|staff)\b\.?",
    re.IGNORECASE,
)


def person(text: str) -> dict[str, str]:
    """A name as CSL has it; what does not look like a person's stays whole."""
    text = " ".join(text.split())
    if _BODY.search(text) or re.search(r"[0-9&/()]|\bof\b|\bfor\b|\bthe\b", text, re.IGNORECASE):
        return {"literal": text}
    if text.count(",") == 1:
        family, given = (part.strip() for part in text.split(","))
        if _SUFFIX.fullmatch(given):
            return person(family) | {"suffix": given}
        return {"family": family, "given": given} if family and given else {"literal": text.strip(", ")}
    words = text.split()
    suffix = {"suffix": words.pop()} if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else {}
    if len(words) < 2 or "," in text:
        return {"literal": text}
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return {"family": " ".join(words[start:]), "given": " ".join(words[:start])} | suffix
