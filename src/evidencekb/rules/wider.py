"""303: a part told as everybody, and one side told as its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator

Sides = tuple[re.Pattern[str], ...]
"""Words that are opposites of each other, a pattern for each side."""


def sides_of(*opposed: str) -> tuple[Sides, ...]:
    """Opposites as patterns, written ``small / large|big``.

    Examples:
        >>> [(small, large)] = sides_of("small / large|big")
        >>> large.search("Big firms").group()
        'Big'
    """
    return tuple(
        tuple(re.compile(rf"\b(?:{side})\b", re.IGNORECASE) for side in sides.split(" / ")) for sides in opposed
    )


_OPPOSITES = sides_of(
    "small / large|big",
    "poor / rich|wealthy",
    "least (?:experienced|skilled|able|educated) / most (?:experienced|skilled|able|educated)",
    "low-(?:income|skill|skilled|wage|paid) / high-(?:income|skill|skilled|wage|paid)",
    "rural|villages? / urban|cities|city",
    "public / private",
    "junior / senior",
    "part-time / full-time",
    "unskilled / skilled",
    "unstructured / structured",
    "online / offline|in-person",
    "insured / uninsured",
    "unemployed|jobless / employed",
    "married / single|unmarried",
    "primary / secondary",
    "domestic / foreign",
    "before age / after age",
    "first-time|new / returning|long-standing",
    "maths?|mathematics / reading / science / writing|spelling",
    "drug|pill / placebo",
    r"teen\w*|adolescents?|children|pupils / adults?",
    "coal / wind / gas / solar / nuclear / oil",
    "hospitals? / clinics? / schools? / offices? / prisons?",
)
SIDES = frozenset(
    "small large big poor rich wealthy least most rural urban village villages city cities public private junior senior unskilled"
    " skilled unstructured structured online offline insured uninsured unemployed jobless employed married single unmarried"
    " primary secondary domestic foreign returning math maths mathematics reading science writing spelling drug pill placebo"
    " coal wind gas solar nuclear oil hospital hospitals clinic clinics school schools office offices prison prisons teens"
    " teenagers adolescents children pupils adult adults all everybody everyone mankind humanity humans persons".split()
)
"""Single words by which a text may name a side, or everybody."""

_EVERYBODY = re.compile(
    r"^ of (?:(?:all )?(people|everybody|everyone|adults|humans|mankind|humanity|persons)"
    r"|(all) (?!of\b|the\b|those\b|these\b|them\b|its\b|their\b)\w+)\b"
    r"(?! (?:who|with|in|aged|of|on|under|over|from|whose|that|at|given|without|between))"
)
_MANY = re.compile(
    r"\b(?:people|adults?|persons?|everybody|everyone|population|public|respondents|humans?)\b", re.IGNORECASE
)
_ALL = re.compile(r"\b(?:all|every|total|whole|entire)\b", re.IGNORECASE)


_BODIES = (
    r"firms?|compan(?:y|ies)|organi[sz]ations?|business(?:es)?|employers?",
    r"workers?|employees?|staff",
    r"leaders?|managers?|executives?",
)
_BODY = re.compile(rf"^ of (?:all )?(?:[A-Z][\w.]+ )?(?:({_BODIES[0]})|({_BODIES[1]})|({_BODIES[2]}))\b")
_AKIN = tuple(
    re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for words in (
        _BODIES[0]
        + "|enterprise|establishment|workplace|user|client|customer|plant|bank|hospital|agenc|corporat|recruit",
        _BODIES[1] + "|employed|labou?r|personnel|people|adult|job|work",
        _BODIES[2] + "|decision|boss|ceo|director|chief|superv|head|hr|recruit|official",
    )
)


def other_body(text: str, end: int, fields: str) -> str:
    """Firms, workers or leaders right behind a share that ends there, if the record is of another of them.

    Examples:
        >>> other_body("88% of employees use AI", 3, "of organisations use AI"), other_body("88% of firms", 3, "companies")
        ('employees', '')
    """
    found = _BODY.match(text[end : end + 60])
    if not found:
        return ""
    said = next(at for at, word in enumerate(found.groups()) if word)
    held = [at for at, akin in enumerate(_AKIN) if akin.search(fields)]
    return str(found.group(said + 1)) if held and said not in held else ""


def opposites(text: str, fields: str, compared: str = "", among: tuple[Sides, ...] = _OPPOSITES) -> Iterator[str]:
    """Words of a text whose opposite is on record, and they are not: large firms for small ones.

    Args:
        text: The text.
        fields: The words of the record.
        compared: Those of what is set against something; the opposite of one of them may be what it is set against.
        among: The opposites that are looked for.

    Examples:
        >>> list(opposites("38% of large firms", "small firms | lack staff"))
        ['large']
    """
    for sides in among:
        for side in sides:
            if (
                (found := side.search(text))
                and not side.search(fields)
                and any(_is_denied(other, text, fields, compared) for other in sides if other is not side)
            ):
                yield found.group()


def _is_denied(other: re.Pattern[str], text: str, fields: str, compared: str) -> bool:
    return bool(other.search(fields)) and not other.search(text) and not other.search(compared)


def everybody(text: str, end: int, fields: str, groups: str = "") -> str:
    """The word for everybody right behind a share that ends there, if the record is of fewer.

    'All firms' says more than the record where the share is of a group of firms, whose words are ``groups``.

    Examples:
        >>> everybody("Three quarters of people use it", 14, "teachers | use it weekly")
        'people'
    """
    found = _EVERYBODY.search(text[end : end + 60])
    if not found:
        return ""
    noun = found.group().split()[-1]
    if found.group(2) and (noun.lower() not in groups.lower() or _is_whole(noun, groups)):
        return ""
    known = _ALL if found.group(2) else _MANY
    return "" if known.search(fields) else str(found.group(1) or found.group(2))


def _is_whole(noun: str, groups: str) -> bool:
    """True if a group is all of these, and not some of them: 'firms in Norway', and not 'small firms'."""
    return re.search(rf"(?:^|\||\b(?:of|in|among|all|by|per))\s*{re.escape(noun)}\b", groups, re.IGNORECASE) is not None


_WILL = re.compile(r"\b[Ww]ill \w+")
_MAYBE = re.compile(
    r"\b(?:could|may|might|would|expect\w*|project\w*|forecast\w*|predict\w*|estimat\w*|potential\w*|think\w*|believe\w*|say|says"
    r"|said|hold|holds|reckon\w*|warn\w*|if|where|when|whether|not|no|scenario\w*|likel\w*|rat(?:es?|ed|ings?))\b",
    re.IGNORECASE,
)


def made_certain(text: str) -> Iterator[str]:
    """The word 'will' in a text on ratings of what could be, if nothing before it says so.

    Examples:
        >>> list(made_certain("AI will touch 30% of jobs")), list(made_certain("It could, and will touch 30%"))
        (['will touch'], [])
    """
    said = _WILL.search(text)
    if said and not _MAYBE.search(text, 0, said.start()):
        yield said.group()
