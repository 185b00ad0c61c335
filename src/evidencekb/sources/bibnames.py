"""Names of people and bodies, between BibTeX and CSL.

>>> read_names("van der Berg, Jan and {OpenAI} and others")[0]
[{'family': 'Berg', 'given': 'Jan', 'non-dropping-particle': 'van der'}, {'literal': 'OpenAI'}, {'literal': 'others'}]
>>> write_names([{"family": "King", "given": "Martin Luther", "suffix": "Jr."}, {"literal": "Barnes and Noble"}])
'King, Jr., Martin Luther and {Barnes and Noble}'

References:
    Markey, N., Tame the BeaST, section 4, for how BibTeX splits a name. Kime, P., Wemheuer, M. and Lehman, P.,
    The biblatex Package, section 2.3 (dates and names), for names given part by part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from evidencekb.sources.items import OTHERS
from evidencekb.sources.latex import decode, encode, letters

Name = dict[str, str]

_AND = re.compile(r"\sand\s", re.IGNORECASE)
_BREAK = re.compile(r"\\.|[{}]|\sand(?=\s)", re.IGNORECASE | re.DOTALL)
_COMMA = re.compile(r"\\.|[{}]|,", re.DOTALL)
_SPACE = re.compile(r"\\.|[{}]|\s", re.DOTALL)
_SEMICOLON = re.compile(r"\\.|[{}]|;", re.DOTALL)
_PART = re.compile(r"(family|given|prefix|suffix|useprefix|[a-z]+-i)\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)
_SUFFIX = re.compile(r"(?:jr|sr|[ivx]{2,4}|esq|ph\.?\s?d|m\.?d)\.?", re.IGNORECASE)
_PARTS = ("family", "given", "suffix", "non-dropping-particle", "dropping-particle")


def read_names(text: str) -> tuple[list[Name], list[str]]:
    """The names of a field, and for each that cannot be split its text and why.

    A name in braces of its own is a body, and stands under ``literal``; so does what cannot be split.

    Examples:
        >>> read_names("Noy, S.; Zhang, W.")
        ([{'literal': 'Noy, S.; Zhang, W.'}], ["'Noy, S.; Zhang, W.' cannot be split (it holds a ';')"])
    """
    text = " ".join(letters(text).replace("~", " ").split())
    bare = not _has_latex(text)
    if bare:
        pieces = text.split(" and ")
        if " AND " in text or " And " in text:
            pieces = _AND.split(text)
    else:
        pieces = _split(text.replace("\\ ", " "), _BREAK)
    names: list[Name] = []
    problems: list[str] = []
    ordinary = bare and ";" not in text and "=" not in text
    for piece in pieces:
        if ordinary:
            # Nearly all names of a large file are so: a family name without particle, a comma, a given name.
            family, comma, given = piece.partition(", ")
            if comma and given and "," not in given and (family[:1].isupper() or family.isalpha()):
                names.append({"family": family, "given": given})
                continue
        written = piece.strip()
        if not written:
            continue
        if written == "others":
            names.append(dict(OTHERS))
        elif name := (_bare if bare else _braced)(written, problems):
            names.append(name)
    return names, problems


def write_names(names: Iterable[Mapping[str, str]], *, long: bool = True) -> str:
    """The value of a field for so many names.

    Every name is read back before it is written; one that BibTeX cannot hold is written as far as it can.

    Args:
        names: The names, as CSL has them.
        long: Whether biblatex's ``family=..., given=...`` may be used where nothing else holds a name.
    """
    written = []
    for name in names:
        held = {part: str(value) for part, value in name.items() if part in (*_PARTS, "literal") and value}
        ways = [way for way in _spellings(held, long=long) if way]
        if ways:
            written.append(next((way for way in ways if read_names(way)[0] == [held]), ways[0]))
    return " and ".join(written)


def _spellings(name: Mapping[str, str], *, long: bool) -> Iterator[str]:
    """Ways to write a name, the plainest first."""
    if (literal := name.get("literal")) is not None:
        yield literal if name == OTHERS else f"{{{encode(literal, tags=False)}}}"
        return
    family, given, suffix, particle, dropped = (encode(name.get(part, ""), tags=False) for part in _PARTS)
    if not family:
        yield f"{{{given}}}" if given else ""
        return
    for mark in ("{}", "{{{}}}"):
        last = f"{particle or dropped} {mark.format(family)}".strip()
        for inner in ("{}", "{{{}}}"):
            yield ", ".join([last, *(inner.format(part) for part in (suffix, given) if part)])
        yield f"{last},"
    if long:
        parts = {"family": family, "given": given, "suffix": suffix, "prefix": particle or dropped}
        spelt = ", ".join(f"{part}={{{value}}}" for part, value in parts.items() if value)
        yield spelt + (", useprefix=false" if dropped else "")


def _bare(written: str, problems: list[str]) -> Name:
    """A name without braces."""
    if ";" in written:
        return _unsplit(written, "it holds a ';'", problems)
    if "," not in written:
        words = written.split(" ")
        return {"family": words[0]} if len(words) == 1 else _in_order(words)
    if "=" in written and _PART.match(written):
        return _by_parts(written.split(","))
    return _inverted([part.strip() for part in written.split(",")], written, problems)


def _braced(written: str, problems: list[str]) -> Name:
    """A name with braces or commands in it, which hold together what is in them."""
    if written[0] == "{" and written[-1] == "}" and len(_split(written, _SPACE, groups=True)) == 1:
        literal = decode(written)
        return {"literal": literal} if literal else {}
    if len(_split(written, _SEMICOLON)) > 1:
        return _unsplit(written, "it holds a ';'", problems)
    parts = [part.strip() for part in _split(written, _COMMA)]
    if len(parts) > 1 or _PART.match(written):
        if _PART.match(written):
            return _by_parts(parts)
        return _inverted(parts, written, problems)
    words = [word for word in _split(written, _SPACE) if word]
    return _in_order(words) if len(words) > 1 else _name("", decode(written))


def _unsplit(written: str, reason: str, problems: list[str]) -> Name:
    problems.append(f"{written[:80]!r} cannot be split ({reason})")
    literal = decode(written)
    return {"literal": literal} if literal else {}


def _inverted(parts: list[str], written: str, problems: list[str]) -> Name:
    """``von Last, First`` or ``von Last, Jr, First``."""
    if len(parts) > 3 and any(parts[3:]):
        return _unsplit(written, "too many commas", problems)
    last, given = parts[0], parts[1]
    suffix = ""
    if len(parts) > 2 and parts[2]:
        suffix, given = given, parts[2]
        if _SUFFIX.fullmatch(given) and not _SUFFIX.fullmatch(suffix):
            suffix, given = given, suffix
    particle = ""
    if last and (last[0].islower() or not last[0].isalpha()) and " " in last:
        words = [word for word in _split(last, _SPACE) if word]
        count = 0
        if words and _is_lower(words[0]):
            count = max(place + 1 for place, word in enumerate(words[:-1] or [""]) if place == 0 or _is_lower(word))
        particle, last = " ".join(words[:count]), " ".join(words[count:])
    if _has_latex(written):
        last, given, particle, suffix = decode(last), decode(given), decode(particle), decode(suffix)
    return _name(particle, last, given, suffix)


def _in_order(words: list[str]) -> Name:
    """``First von Last``; the particle is of words that start with a small letter."""
    lower = [place for place, word in enumerate(words[:-1]) if _is_lower(word)]
    start, end = (lower[0], lower[-1] + 1) if lower else (len(words) - 1, len(words) - 1)
    suffix = ""
    given, particle, family = (" ".join(part) for part in (words[:start], words[start:end], words[end:]))
    if any(map(_has_latex, words)):
        given, particle, family = decode(given), decode(particle), decode(family)
    return _name(particle, family, given, suffix)


def _has_latex(text: str) -> bool:
    return "{" in text or "\\" in text or "}" in text or "$" in text


def _is_lower(word: str) -> bool:
    """True if a word starts with a small letter outside braces."""
    for character in word:
        if character == "{" or character == "\\":
            return False
        if character.isalpha():
            return character.islower()
    return False


def _name(particle: str, family: str, given: str = "", suffix: str = "") -> Name:
    if not family:
        family, given = given, ""
    if not family:
        return {}
    name = {"family": family}
    if given:
        name["given"] = given
    if suffix:
        name["suffix"] = suffix
    if particle:
        name["non-dropping-particle"] = particle
    return name


def _by_parts(pieces: list[str]) -> Name:
    """A name in biblatex's long form, ``family=Beethoven, given=Ludwig, prefix=van, useprefix=true``."""
    found = (_PART.match(piece.strip()) for piece in pieces)
    parts = {match[1].lower(): decode(match[2].strip('" ')) for match in found if match}
    name = _name(parts.get("prefix", ""), parts.get("family", ""), parts.get("given", ""), parts.get("suffix", ""))
    if parts.get("useprefix", "").lower() == "false" and "non-dropping-particle" in name:
        name["dropping-particle"] = name.pop("non-dropping-particle")
    return name


def _split(text: str, separator: re.Pattern[str], *, groups: bool = False) -> list[str]:
    """The pieces of a text between what a pattern finds outside braces.

    With ``groups``, between the groups themselves: a text in one pair of braces is one piece.
    """
    pieces: list[str] = []
    depth, start = 0, 0
    for match in separator.finditer(text):
        mark = match[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(depth - 1, 0)
            if groups and depth == 0:
                pieces.append(text[start : match.end()])
                start = match.end()
        elif depth == 0 and mark[0] != "\\" and not groups:
            pieces.append(text[start : match.start()])
            start = match.end()
    if not groups or text[start:].strip():
        pieces.append(text[start:])
    return pieces
