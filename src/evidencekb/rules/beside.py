"""303: a number that stands beside the words of another estimate, so that two figures of one finding have changed places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from evidencekb.quantities import Kind, Quantity
from evidencekb.quantities.tokens import tokens_of
from evidencekb.rules.attaching import reach_of
from evidencekb.rules.carriers import SIGNED, Carrier
from evidencekb.rules.groups import ages_in, groups_in
from evidencekb.rules.places import places_in
from evidencekb.vocab import RATIOS, Measure

Matched = Sequence[tuple[Quantity, Sequence[Carrier]]]
"""The numbers of a text in order, each with the carriers that it is sound by."""

_JOINT = re.compile(
    r"[;:()\[\]—]|,(?!\d)| [-–] |(?<!\d)\.|\.(?!\d)|[!?]"
    r"|\b(?:and|but|while|whereas|against|compared|versus|vs|v|instead|than|or|as|when|where|with(?= a \d)|that(?= in \d{4}))\b"
)
_SENTENCE = re.compile(r"[;!?]|\.(?=\s|$)")
_PLAIN = frozenset(
    "a about above after all also an are as at be been before both by came can did do does each for from get gets got had has"
    " have her his how if in into is it its just less more most nearly of on one only or other our out over own per percent point"
    " rate same share she so some than that the their them then there these they this those to two under up us was were what"
    " when which while who whose with"
    " countries country economies people persons workers jobs job firms firm companies groups group users adults employees staff"
    " participants respondents work works use used cases".split()
)
_BRACKET = re.compile(r"[^,;.()]{0,16}\(([A-Za-z ]+)\)")
_NOTHING = frozenset({"no", "not", "without", "nothing", "none", "non", "never", "nobody", "untreated"})
_SIZE = 5
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PAUSE = re.compile(r"[;:()!?]|,(?!\d)|\.(?=\s|$)|\b(?:and|but|while|than|against|compared|that|which|when|to)\b")
_MONTHS = "january february march april may june july august september october november december".split()
_OF_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])(?:-\d\d)?")
_LISTED = re.compile(r"(?: ?%| percent)? (?:and|or) ")
_TURNING = {"before": "<", "after": ">"}
_AGED = re.compile(r"(?<![\d.,])(\d\d)(?: to |-|–| and )(\d\d)(?![\d%]|[.,]\d)")


@lru_cache(maxsize=4096)
def words_in(text: str) -> frozenset[str]:
    """What the words of a text come to: their first letters, classes of people, years, and whether something is denied.

    Examples:
        >>> sorted(words_in("Pakistani names in 2019, none with a grant"))
        ['+', '2019', '@pakistan', 'grant', 'name', 'pakis', '¬']
    """
    found = {f"={named.group}" for named in groups_in(text)} | {f"={age}" for age in ages_in(text)}
    found |= {f"@{place}" for place, _ in places_in(text)} | {f"#{one}-{two}" for one, two in _AGED.findall(text)}
    for token in tokens_of(text):
        if token.low in _NOTHING:
            found.add("¬")
        elif token.low == "with":
            found.add("+")
        elif token.low in _TURNING:
            found.add(_TURNING[token.low])
        elif token.kind == "number":
            if len(token.text) == 4 and token.text.isdigit():
                found.add(token.text)
        elif token.kind == "word" and token.low not in _PLAIN:
            word = token.low.replace("’s", "").replace("'s", "").replace("n't", "")
            found.add(_stem(word))
    return frozenset(found)


def _stem(word: str) -> str:
    """The first letters of a word, without the ending of a plural or a past: miss for missed."""
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    elif word.endswith("ed") and len(word) > 5:
        word = word[:-2]
    return word[:_SIZE]


def _years(text: str) -> frozenset[str]:
    """The years up to the end of a clause."""
    return frozenset(_YEAR.findall(_PAUSE.split(text)[0]))


class _Words(NamedTuple):
    """The words of a carrier: of its subject, and of all that it is set against too."""

    subject: frozenset[str]
    all: frozenset[str]
    label: frozenset[str] = frozenset()


def _words_of(carrier: Carrier) -> _Words:
    e = carrier.estimate
    if e is None:
        whose = words_in(carrier.whose)
        return _Words(whose, whose)
    month = _MONTHS[int(dated.group(1)) - 1] if (dated := _OF_MONTH.fullmatch(e.period or "")) else ""
    subject = words_in(
        " ".join(
            filter(None, (e.group, e.label, e.outcome.replace("-", " "), e.place, e.period, month, e.follow_up, e.unit))
        )
    )
    others = words_in(" ".join(filter(None, (e.comparator, e.per, e.how, e.id.replace("-", " ").replace("_", " ")))))
    label = words_in(e.label or "")
    rest = words_in(" ".join(filter(None, (e.group, e.outcome.replace("-", " "), e.place, e.period, e.follow_up))))
    return _Words(subject, subject | others, label - rest)


class Beside:
    """The words that tell the numbers of a finding apart.

    Args:
        carriers: What the finding gives.
    """

    def __init__(self, carriers: Sequence[Carrier]) -> None:
        self._all = [(c, _words_of(c)) for c in carriers if c.main or c.estimate is None]
        self._known = {id(carrier): words for carrier, words in self._all}

    def misplaced(self, text: str, matched: Matched) -> Iterator[tuple[Quantity, str]]:
        """Numbers beside the words of another estimate and none of their own, each with what that one is."""
        printed = [q for q, _ in matched]
        for at, (q, carriers) in enumerate(matched):
            own = [self._known[id(carrier)] for carrier in carriers if id(carrier) in self._known]
            if not own or len(own) < len(carriers) or q.is_range or _is_listed(text, printed, at):
                continue
            rivals = [
                (carrier, words)
                for carrier, words in self._all
                if words not in own and any(_are_alike(carrier, one) for one in carriers)
            ]
            begin = matched[at - 1][0].end if at else 0
            end = reach_of(text, printed, at)
            if (found := self._counted(q, carriers, own)) or (
                rivals and (found := self._other(text, q, carriers, own, rivals, begin, end))
            ):
                yield q, found

    def crossed(self, text: str, matched: Matched) -> Iterator[str]:
        """Two numbers of which each stands beside the words of the other, and of its own beside none."""
        told = [(q, words) for q, carriers in matched if (words := self._subjects(carriers)) is not None]
        for at, ((one, mine), (other, theirs)) in enumerate(pairwise(told)):
            begin = told[at - 1][0].end if at else 0
            end = told[at + 2][0].start if at + 2 < len(told) else len(text)
            first = _near(text, begin, one, other.start)
            second = _near(text, one.end, other, end)
            own, rival = mine - theirs, theirs - mine
            if rival & first and own & second and not own & first and not rival & second:
                yield f"{one.text}, {other.text}"

    def _subjects(self, carriers: Sequence[Carrier]) -> frozenset[str] | None:
        """The words of whom and what a number is, if it is of estimates alone."""
        if not carriers or not all(c.main and c.estimate for c in carriers):
            return None
        return frozenset().union(*(self._known[id(c)].subject for c in carriers if id(c) in self._known))

    def repeated(self, matched: Matched) -> Iterator[tuple[Quantity, str]]:
        """Numbers printed twice, where a figure of the same outcome is not printed: 12% of one, and 12% of the other."""
        printed = {id(carrier) for _, carriers in matched for carrier in carriers}
        for at, (q, carriers) in enumerate(matched):
            if q.spelled or q.is_range or not carriers or not all(c.main and c.estimate for c in carriers):
                continue
            if not any(_is_again(q, earlier) and list(which) == list(carriers) for earlier, which in matched[:at]):
                continue
            for other, _ in self._all:
                if id(other) not in printed and any(_may_be_meant(other, one) for one in carriers):
                    yield q, _spoken(other)
                    break

    def _counted(self, q: Quantity, carriers: Sequence[Carrier], own: Sequence[_Words]) -> str:
        """What was counted, if a number that counts none of it stands before the word for it: 0.42 studies."""
        if q.kind is not Kind.NUMBER or not q.nouns:
            return ""
        if all(c.estimate is None for c in carriers):
            return self._miscounted(q, carriers)
        if any(c.counts for c in carriers):
            return ""
        said = words_in(" ".join(q.nouns[:2])) - frozenset().union(*(words.all for words in own))
        return next((_spoken(c) for c, words in self._all if c.counts and words.all & said), "")

    def _miscounted(self, q: Quantity, carriers: Sequence[Carrier]) -> str:
        """What has the noun behind a number, where another number is of it: 105 people in 1,993 countries."""
        noun = _stem(q.nouns[0])
        if any(noun in map(_stem, c.whose.lower().split()) for c in carriers):
            return ""
        others = (c for c, _ in self._all if c.estimate is None and c.whose)
        return next((c.whose.strip() for c in others if _stem(c.whose.lower().split()[0]) == noun), "")

    def _other(
        self,
        text: str,
        q: Quantity,
        carriers: Sequence[Carrier],
        own: Sequence[_Words],
        rivals: Sequence[tuple[Carrier, _Words]],
        begin: int,
        end: int,
    ) -> str:
        if any(c.estimate is None and not c.counts for c in carriers):
            bracket = _BRACKET.match(text, q.end, end)
            near = words_in(bracket.group(1)) if bracket else frozenset()
        elif carriers[0].counts:
            near = words_in(" ".join(q.nouns[:2])) | (SIGNS & words_in(" ".join(text[q.end : end].split()[:4])))
        else:
            near = _near(text, begin, q, end) | _years(text[q.end : end])
        near_all = words_in(_SENTENCE.split(text[begin : q.start])[-1]) | words_in(
            _SENTENCE.split(text[q.end : end])[0]
        )
        mine = frozenset().union(*(words.all for words in own))
        for carrier, words in rivals:
            theirs = words.subject - mine
            if not all(one.label for one in own) and _is_same_outcome(
                carrier, carriers
            ):  # nobody said as closely what the number is
                theirs -= words.label
            shown = theirs & near
            if not shown or (shown <= SIGNS and ("¬" in mine) is ("¬" in words.subject)):
                continue
            if (mine - words.subject) & near_all:
                continue
            return _spoken(carrier)
        return ""


SIGNS = frozenset({"+", "¬"})
"""With and without: what words say that tell nothing alone."""


def _is_listed(text: str, printed: Sequence[Quantity], at: int) -> bool:
    """True for either of '14.2 and 6.9': what they are of stands before both."""
    return any(
        _LISTED.fullmatch(text, printed[first].end, printed[first + 1].start)
        for first in (at - 1, at)
        if 0 <= first < len(printed) - 1
    )


def _is_same_outcome(one: Carrier, others: Sequence[Carrier]) -> bool:
    return one.estimate is not None and all(c.estimate and c.estimate.outcome == one.estimate.outcome for c in others)


def _is_again(q: Quantity, earlier: Quantity) -> bool:
    return not earlier.spelled and (q.kind, q.first, q.unit) == (earlier.kind, earlier.first, earlier.unit)


def _may_be_meant(one: Carrier, other: Carrier) -> bool:
    if one.estimate is None or other.estimate is None or one.estimate is other.estimate:
        return False
    return one.main and _are_alike(one, other)


def _are_alike(one: Carrier, other: Carrier) -> bool:
    """True if the numbers of two carriers could stand for each other: the same unit, both changes or both levels."""
    return (one.kinds, one.unit, _family(one)) == (other.kinds, other.unit, _family(other))


def _family(carrier: Carrier) -> str:
    measure = carrier.estimate.measure if carrier.estimate else None
    if measure in SIGNED or measure in RATIOS:
        return "change" if measure in SIGNED else "ratio"
    if carrier.estimate is None and not carrier.counts:
        return "mention"
    return "count" if carrier.counts or measure is Measure.COUNT else ""


def _behind(text: str, begin: int, end: int) -> str:
    joint = _JOINT.search(text, begin, end)
    return text[begin : joint.start() if joint else end]


def _ahead(text: str, begin: int, end: int) -> str:
    last = begin
    for joint in _JOINT.finditer(text, begin, end):
        last = joint.end()
    if text[last:end].endswith(" to "):
        return ""  # in 2024 to 945: the words are of the number before
    return text[last:end]


def _near(text: str, begin: int, q: Quantity, end: int) -> frozenset[str]:
    """The words of a number's own clause."""
    return words_in(_ahead(text, begin, q.start)) | words_in(_behind(text, q.end, end))


def _spoken(carrier: Carrier) -> str:
    return carrier.estimate.id if carrier.estimate else carrier.whose.strip()
