"""Words for groups of people in a text: which group they name, and which groups they set themselves off from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evidencekb.quantities.tokens import Token, tokens_of


class Named(NamedTuple):
    """A word for a group: its place, its dimension, and its class within that dimension."""

    start: int
    end: int
    text: str
    dimension: str
    group: str


# One line a class: dimension, class, the words that name it.
_CLASSES = """
sex women: woman women female females girl girls mother mothers
sex men: man men male males boy boys father fathers
age older: older elderly elder elders seniors retirees pensioners
age younger: younger young youth youths youngsters teenagers adolescents
race black: black blacks
race white: white whites caucasian caucasians
race hispanic: hispanic hispanics latino latina latinos latinas latinx
race asian: asian asians
race indigenous: indigenous aboriginal
condition disabled: disabled disability disabilities
condition autistic: autistic autism asperger asperger's asperger’s neurodivergent neurodivergence
condition neurotypical: neurotypical neurotypicals
condition adhd: adhd
condition dyslexic: dyslexia dyslexic
condition deaf: deaf
origin immigrant: immigrant immigrants migrant migrants refugee refugees
origin native-born: native-born
faith muslim: muslim muslims
faith christian: christian christians
faith jewish: jewish jews
orientation gay: gay lesbian lgbt lgbtq
skill novice: novice novices beginner beginners inexperienced
skill expert: experienced veteran veterans
schooling graduate: graduate graduates
schooling doctoral: doctorate doctorates phd
trade developer: developers programmers coders
trade engineer: engineers
trade nurse: nurses
trade doctor: doctors physicians surgeons
trade teacher: teachers
trade pupil: pupils eighth-graders
trade student: students
trade lawyer: lawyers attorneys
trade consultant: consultants
trade manager: managers
trade executive: executives ceos
trade recruiter: recruiters
trade economist: economists
trade scientist: scientists
trade researcher: researchers
trade accountant: accountants
trade writer: writers novelists
trade freelancer: freelancers
trade designer: designers
trade analyst: analysts
trade journalist: journalists
trade entrepreneur: entrepreneurs
trade jobseeker: jobseekers
trade radiologist: radiologists
trade cashier: cashiers
trade waiter: waiters waitresses
trade electrician: electricians
trade plumber: plumbers
trade carpenter: carpenters
trade soldier: soldiers
trade police: policemen
trade farmer: farmers
trade miner: miners
trade librarian: librarians
trade pharmacist: pharmacists
trade dentist: dentists
trade apprentice: apprentices
trade teller: tellers
trade paralegal: paralegals
trade parent: parents
"""

GROUPS: dict[str, tuple[str, str]] = {
    word: (dimension, group)
    for line in _CLASSES.strip().splitlines()
    for dimension, group in [line.partition(":")[0].split()]
    for word in line.partition(":")[2].split()
}
"""Each word with its dimension and its class. Classes of one dimension are different people, except trades."""

EXCLUSIVE = frozenset({"sex", "age", "race", "origin", "trade", "faith"})

_ALSO = {
    "graduate": ("degree", "graduat", "bachelor", "stem", "university", "college", "educated"),
    "developer": ("engineer", "maintainer", "software", "code", "coding", "program"),
    "engineer": ("develop", "software", "google", "program", "engineer"),
    "executive": ("leader", "decision", "manage"),
    "researcher": ("scien", "research", "author", "academic", "economist"),
    "scientist": ("research", "science", "laborator"),
    "consultant": ("advis", "consult"),
    "older": (
        "older", "elder", "near retire", "late in", "with age", "age line", "age disc", "age-disc", "by age", "forties",
        "aged 4", "aged 5", "aged 6", "aged 7", "40+", "55+", "over 40", "40 or", "40 and", "50 or", "55 or",
        "over 50", "over 55", "over 60", "over 65", "over 70", "over 75", "retirees", "pensioner", "pension age",
    ),
    "younger": (
        "young", "junior", "early in", "starter", "with age", "by age", "age line", "22 to 25", "18 to", "under 25", "under 30",
        "apprentice", "pupil", "teen", "under-", "youth","child", "infant", "under five",
    ),
    "autistic": ("autis", "neuro"),
    "adhd": ("adhd", "neurodiv"),
    "dyslexic": ("dyslex", "neurodiv"),
    "disabled": ("disab", "condition", "autis", "spinal"),
    "immigrant": (
        "immigra", "migra", "foreign-born", "foreign-cred", "foreign-train", "foreign qual", "foreign school", "foreign name",
        "foreign degree", "abroad",
    ),
    "native-born": ("native", "born"),
    "asian": ("asia", "chinese", "indian", "pakistani", "hmong", "japanese", "korean"),
    "hispanic": ("hispanic", "latin", "spanish"),
    "black": ("black", "african"),
    "novice": ("novice", "beginner", "new", "less skilled", "inexperienced", "entry-level", "starter", "less experienced"),
    "expert": ("experience", "expert", "seasoned", "long-standing", "skilled", "veteran", "maintainer"),
    "student": ("student", "grader", "pupil", "school", "college", "learner", "universit"),
    "pupil": ("student", "grader", "pupil", "school"),
    "jobseeker": ("jobseek", "applic", "look for", "seek", "newcomer"),
    "entrepreneur": ("entrepreneur", "business", "owner"),
    "agent": ("agent", "support"),
    "freelancer": ("freelanc", "upwork", "platform", "hired for single"),
    "writer": ("writ", "author", "learner"),
    "women": ("gender",),
    "men": ("gender",),
    "doctor": ("doctor", "physician", "surgeon", "practitioner", "gp", "clinician", "medic"),
    "doctoral": ("doctor", "phd"),
    "teacher": ("teach", "school"),
    "manager": ("manag", "leader", "superv", "executive"),
    "recruiter": ("recruit", "hr ", "hiring", "hr-"),
    "analyst": ("analy",),
    "parent": ("parent", "mother", "father"),
}  # fmt: skip
"""Beginnings of words that name a class too."""


def _stem(trade: str) -> str:
    """What a trade shares with its work: account for accountant."""
    return trade[: max(4, len(trade) - 3)]


_WHOLE = frozenset({"new", "code", "phd", "with age", "by age", *(f"over {age}" for age in range(50, 80, 5))})
_ALSO |= {group: (_stem(group),) for dimension, group in GROUPS.values() if dimension == "trade" and group not in _ALSO}
_AKIN = {
    group: re.compile("|".join(rf"\b{re.escape(piece)}{chr(92) + 'b' if piece in _WHOLE else ''}" for piece in pieces))
    for group, pieces in _ALSO.items()
}


_NO_GROUP = frozenset(
    tuple(pair.split())
    for pair in (
        "elder care; "
        "black box; black boxes; black friday; black market; black swan; gray white; older data; older firms; older model; "
        "older models; older papers; older studies; older version; older versions; white collar; white house; white label; "
        "white noise; white paper; white papers; young companies; young firms"
    ).split("; ")
)


def groups_in(text: str) -> list[Named]:
    """The words of a text that name a group, in order; 'non-native' is not 'native', and 'African American' is one word.

    Examples:
        >>> [(named.dimension, named.group) for named in groups_in("Older women got fewer calls than white men")]
        [('age', 'older'), ('sex', 'women'), ('race', 'white'), ('sex', 'men')]
    """
    return list(_named(tokens_of(text)))


def _named(tokens: list[Token]) -> Iterator[Named]:
    for at, token in enumerate(tokens):
        if token.kind != "word":
            continue
        after = tokens[at + 1].low if at + 1 < len(tokens) else ""
        third = tokens[at + 2].low if at + 2 < len(tokens) else ""
        if token.low == "african" and (after in _AMERICANS or (after == "-" and third in _AMERICANS)):
            yield Named(token.start, token.end, token.text, "race", "black")
        elif token.low == "native" and after == "-" and third == "born":
            yield Named(token.start, tokens[at + 2].end, token.text, "origin", "native-born")
        elif token.low == "foreign" and after == "-" and third == "born":
            yield Named(token.start, tokens[at + 2].end, token.text, "origin", "immigrant")
        elif found := GROUPS.get(token.low.removesuffix("'s").removesuffix("’s")):
            if token.low in ("older", "younger") and _bounds_age(tokens, at):
                continue
            if (after == "than" and token.low in ("older", "younger")) or (token.low, after) in _NO_GROUP:
                continue
            if after == "-" and (token.low, third) in _NO_GROUP:
                continue
            if at > 1 and tokens[at - 1].text == "-" and tokens[at - 2].low == "non":
                continue
            yield Named(token.start, token.end, token.text, *found)


def _bounds_age(tokens: list[Token], at: int) -> bool:
    """True for the word of a limit: 40 or older."""
    return at > 1 and tokens[at - 1].low in ("or", "and") and tokens[at - 2].kind == "number"


_AMERICANS = frozenset({"american", "americans"})

REPORTERS = frozenset(
    "researcher scientist economist analyst writer journalist lawyer consultant manager executive recruiter".split()
)
"""Trades of people who tell of a finding, or are told of it, as often as it is about them."""

AROUND = frozenset({*REPORTERS, "parent", "pupil", "student"})
"""These, and people who take part in much that is measured on others."""

_AGES = re.compile(
    r"\b(?:aged?|ages|of|men|women|workers|adults|people|applicants|over|from) (?:between )?"
    r"(\d\d)(?: to |-|–| and )(\d\d)(?!\d|[%.,]\d)(?! (?:minutes|hours|percent|per cent|points))"
    r"|(?<!\d)(\d\d)(?:\+| or (?:older|over)| and (?:over|older))"
)


def ages_in(text: str) -> set[str]:
    """Older or younger, as ages in digits say it.

    Examples:
        >>> ages_in("workers aged 22 to 25"), ages_in("women aged 55+")
        ({'younger'}, {'older'})
    """
    found = set()
    for match in _AGES.finditer(text):
        low, high, least = match.groups()
        if high and 14 <= int(low) < int(high) <= 35:
            found.add("younger")
        elif least and int(least) >= 40:
            found.add("older")
    return found


def is_known(named: Named, words: str, classes: Iterable[str]) -> bool:
    """True if the words of a finding's own fields, in small letters, name the group too.

    Args:
        named: A group that a text names.
        words: The words.
        classes: The classes that they name.
    """
    return named.group in classes or is_akin(named.group, words) or (named.dimension == "age" and bool(ages_in(words)))


def is_akin(group: str, words: str) -> bool:
    """True if words, in small letters, hold a piece of a word that names the class too."""
    pieces = _AKIN.get(group)
    return pieces is not None and pieces.search(words) is not None
