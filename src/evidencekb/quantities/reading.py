"""Read the quantities of an English text.

The time taken grows with the length of the text and no faster, whatever stands in it: every look forward or back is short.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from evidencekb.quantities import words
from evidencekb.quantities.quantity import Kind, Quantity
from evidencekb.quantities.spelling import Spelled, factor, part, spelled
from evidencekb.quantities.tokens import Token, number_of, step_of, tokens_of
from evidencekb.quantities.units import Unit, unit_behind
from evidencekb.vocab import Qualifier

MOST = 100_000
"""Characters of a text that are read."""

_DASHES = frozenset("-–—")
_MINUS = frozenset("-−–")
_LINKS = frozenset({"and", "or", "to", "against", "versus", "vs", "v", ",", "/", "&", "but", "then", "compared", "with",
                    "instead", "of", "rather", "than"})  # fmt: skip
_LENT = frozenset({Kind.PERCENT, Kind.POINTS, Kind.MONEY, Kind.SD, Kind.SPAN})
_MOST_NOUNS = 4
_SCALED = 100.0


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity that a text gives, in order; digits in names, ordinals and numbers of sections are none.

    Args:
        text: English prose; of more than 100,000 characters the first are read.

    Examples:
        >>> [(q.text, str(q.kind), q.low, q.high) for q in read_quantities("GPT-4 took 17-20% of 1.3 billion ads")]
        [('17-20%', 'percent', 17.0, 20.0), ('1.3 billion', 'number', 1300000000.0, 1300000000.0)]
        >>> [(q.text, str(q.kind), q.first) for q in read_quantities("Two fifths less time; one in five doubled it")]
        [('Two fifths', 'share', 0.4), ('one in five', 'share', 0.2), ('doubled', 'times', 2.0)]
        >>> read_quantities("more than 200 people in May 2024")[0].bound
        <Qualifier.MORE_THAN: 'more_than'>
    """
    text = text[:MOST]
    return _Reading(text, tokens_of(text)).quantities()


@dataclass(slots=True)
class _Atom:
    """A number with its unit, before ranges are joined: tokens from ``at`` to ``to``."""

    at: int
    to: int
    kind: Kind
    value: float
    last: float | None = None
    unit: str = ""
    step: float = 1.0
    spelled: bool = False
    sign: int = 0
    united: bool = False
    nouns: tuple[str, ...] = ()
    change: bool = False


@dataclass(slots=True)
class _Reading:
    text: str
    tokens: list[Token]
    atoms: list[_Atom] = field(default_factory=list)

    def quantities(self) -> tuple[Quantity, ...]:
        at = 0
        while at < len(self.tokens):
            at = self._step(at)
        self._share_units()
        self._join_ranges()
        return tuple(self._quantity(atom) for atom in self.atoms if not self._is_label(atom))

    # One token after another.

    def _step(self, at: int) -> int:
        """Read what begins at a token; where to go on."""
        token = self.tokens[at]
        if token.kind == "number":
            return self._digits(at)
        if token.kind == "word":
            return self._word(at)
        return self._signed(at)

    def _token(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def _low(self, at: int) -> str:
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def _signed(self, at: int) -> int:
        """A plus or minus, or a currency sign, before a number."""
        token, after = self.tokens[at], self._token(at + 1)
        if after is None:
            return at + 1
        if token.text in words.SYMBOLS and after.kind == "number":
            begin = at - 1 if token.glued and self._low(at - 1) in _DOLLARS else at
            code = (
                _DOLLARS.get(self._low(at - 1), words.SYMBOLS[token.text]) if begin < at else words.SYMBOLS[token.text]
            )
            return self._money(begin, at + 1, code)
        if token.text in (*_MINUS, "+") and after.glued and self._opens(at):
            sign = 1 if token.text == "+" else -1
            if after.kind == "number":
                return self._number(at, at + 1, sign)
            if after.text in words.SYMBOLS and (self._token(at + 2) or token).kind == "number":
                return self._money(at, at + 2, words.SYMBOLS[after.text], sign)
        return at + 1

    def _opens(self, at: int) -> bool:
        """True if the sign stands before its number, not between two."""
        token, before = self.tokens[at], self._token(at - 1)
        return before is None or not token.glued or (before.kind == "sign" and before.text not in ")]%")

    def _money(self, begin: int, at: int, code: str, sign: int = 0) -> int:
        value, step, to = self._scaled(at)
        self.atoms.append(
            _Atom(begin, to, Kind.MONEY, value * (sign or 1), unit=code, step=step, sign=sign, united=True)
        )
        return to

    def _scaled(self, at: int) -> tuple[float, float, int]:
        """The number at a token, with a multiplier behind it: its value, its step, where to go on."""
        token = self.tokens[at]
        value, step, to = number_of(token.text), step_of(token.text), at + 1
        after = self._token(to)
        if after and after.text == "-" and after.glued and self._low(to + 1) in words.SCALES:
            return value * words.SCALES[self._low(to + 1)], step * words.SCALES[self._low(to + 1)], to + 2
        if after and after.kind == "word":
            scale = words.SUFFIXES.get(after.text) if after.glued else words.SCALES.get(after.low)
            if scale is None and after.low in ("mn", "bn", "mln"):
                scale = words.SUFFIXES[after.low]
            if scale:
                return value * scale, step * scale, to + 1
        return value, step, to

    def _digits(self, at: int) -> int:
        """A number in digits that begins here: a date, part of a name, or a number."""
        if to := self._name(at):
            return to
        if to := self._date(at):
            return to
        return self._number(at, at)

    def _name(self, at: int) -> int:
        """Where to go on if the digits belong to a name, an ordinal, a version or an address; else 0."""
        token, before, after = self.tokens[at], self._token(at - 1), self._token(at + 1)
        if after and after.glued and after.kind == "word":
            if after.low in _ORDINAL_ENDS or (after.low == "s" and len(token.text) == 4):
                return at + 2  # 22nd, the 1990s
            if after.text not in words.SUFFIXES and after.low not in _GLUED_UNITS and after.low not in words.SUFFIXES:
                return at + 2
        if after and after.glued and after.text in "./:" and (third := self._token(at + 2)) and third.glued:
            if after.text == ":" or (after.text == "." and third.kind == "number"):
                return self._glued_end(at)
            if third.kind == "word" and len(token.text) > 3 and "." in token.text:
                return self._glued_end(at)  # an address or a DOI
        if before is None or before.kind == "number":
            return 0
        if token.glued and before.kind == "word":
            return at + 1
        if token.glued and before.text in "-–./_#":
            first = self._token(at - 2)
            if before.text == "#" or (before.glued and first and first.kind == "word" and first.text != first.low):
                return at + 1 if not self._is_united(at) or before.text == "-" else 0
            return 0
        return self._past_name(at) if self._is_named(at) else 0

    def _past_name(self, at: int) -> int:
        """Where to go on behind the number of a name, and behind a size glued to it, as in Llama 3-70b."""
        rest = self.tokens[at + 1 : at + 4]
        glued = len(rest) == 3 and rest[0].text == "-" and all(token.glued for token in rest)
        return at + 4 if glued and (rest[1].kind, rest[2].kind) == ("number", "word") else at + 1

    def _is_named(self, at: int) -> bool:
        """True if the word before makes the number part of a name: Fortune 500, Table 3, Claude 3.5."""
        before = self.tokens[at - 1]
        if before.text == "." and at > 1 and self.tokens[at - 2].low in _ABBREVIATED:
            return True
        if before.kind != "word" or self._is_united(at) or "," in self.tokens[at].text:
            return False
        return before.low in words.NAMED and not self._date(at, keep=False) and self._may_be_name(at)

    def _may_be_name(self, at: int) -> bool:
        before = self.tokens[at - 1]
        if before.low in _ONLY_CAPITAL:
            return before.text != before.low
        return True

    def _is_united(self, at: int) -> bool:
        return unit_behind(self.tokens, self._scaled(at)[2]) is not None or self._scaled(at)[2] > at + 1

    def _glued_end(self, at: int) -> int:
        while (after := self._token(at + 1)) and after.glued:
            at += 1
        return at + 1

    # Dates.

    def _date(self, at: int, *, keep: bool = True) -> int:
        """Where to go on if a date begins at this number; else 0."""
        token = self.tokens[at]
        if self._low(at + 1) in words.MONTHS and _is_day(token):
            year = at + 2 if self._is_year(at + 2) else 0
            if year or self._low(at + 1) not in ("may", "march", "mar", "jan", "sept", "dec"):
                return self._dated(at, (year or at + 1) + 1, year, self._low(at + 1), token.text, keep=keep)
        if self._low(at - 1) in words.MONTHS and _is_day(token) and not self._is_united(at):
            year = next((at + gap for gap in (1, 2) if self._is_year(at + gap)), 0)
            if year or self.tokens[at - 1].text != self._low(at - 1):
                return self._dated(at - 1, (year or at) + 1, year, self._low(at - 1), token.text, keep=keep)
        if not self._is_year(at):
            dated = self._low(at - 1) in words.MONTHS or self._low(at - 1) in _SEASONS
            if dated and len(token.text) == 4 and token.text.isdigit() and not self._is_united(at):
                return self._add_date(at, at + 1, token.text, "", keep=keep)
            return 0
        after, third = self._token(at + 1), self._token(at + 2)
        if after and third and after.text in "-–/" and after.glued and third.glued and third.text.isdigit():
            fourth, fifth = self._token(at + 3), self._token(at + 4)
            if fourth and fifth and fourth.glued and fourth.text == after.text and fifth.glued and fifth.text.isdigit():
                return self._add_date(at, at + 5, token.text, f"{token.text}-{third.text}-{fifth.text}", keep=keep)
            if len(third.text) in (2, 4):
                last = third.text if len(third.text) == 4 else token.text[:2] + third.text
                return self._add_date(at, at + 3, token.text, "", last, keep=keep)
        month = self._low(at - 1)
        day = f"-{_MONTH_NUMBERS[month]:02}" if month in words.MONTHS else ""
        return self._add_date(at, at + 1, token.text, token.text + day if day else "", keep=keep)

    def _is_year(self, at: int) -> bool:
        token = self._token(at)
        if token is None or len(token.text) != 4 or not token.text.isdigit() or not 1900 <= int(token.text) <= 2100:
            return False
        after = self._token(at + 1)
        return unit_behind(self.tokens, at + 1) is None and not (
            after is not None and (after.low in words.SCALES or (after.glued and after.kind == "word"))
        )

    def _dated(self, at: int, to: int, year: int, month: str, day: str, *, keep: bool) -> int:
        number = self.tokens[year].text if year else "0"
        iso = f"{number}-{_MONTH_NUMBERS[month]:02}-{int(day):02}"
        return self._add_date(at, to, number, iso, keep=keep)

    def _add_date(self, at: int, to: int, year: str, iso: str, last: str = "", *, keep: bool) -> int:
        if keep and int(year):
            value, end = float(year), float(last or year)
            self.atoms.append(_Atom(at, to, Kind.DATE, value, end, unit=iso, united=True))
        return to

    # Numbers.

    def _number(self, begin: int, at: int, sign: int = 0) -> int:
        value, step, to = self._scaled(at)
        if found := self._one_in(begin, value, to):
            return found
        self.atoms.append(self._united(begin, to, value * (sign or 1), step, sign=sign))
        return self.atoms[-1].to

    def _united(
        self, begin: int, to: int, value: float, step: float, *, is_spelled: bool = False, sign: int = 0
    ) -> _Atom:
        """A number with the unit behind it."""
        unit = unit_behind(self.tokens, to)
        if unit is None:
            nouns = self._nouns(to)
            span = words.SPANS.get(nouns[1], "") if len(nouns) > 1 and nouns[0] not in words.SPANS else ""
            kind = Kind.SPAN if span else Kind.NUMBER  # two email hours
            return _Atom(begin, to, kind, value, unit=span, step=step, spelled=is_spelled, sign=sign, nouns=nouns)
        return self._with(begin, unit, value, step, is_spelled=is_spelled, sign=sign)

    def _with(self, begin: int, unit: Unit, value: float, step: float, *, is_spelled: bool, sign: int) -> _Atom:
        nouns = self._nouns(unit.to)
        return _Atom(
            begin, unit.to, unit.kind, value, unit=unit.code, step=step, spelled=is_spelled, sign=sign, united=True, nouns=nouns
        )  # fmt: skip

    def _one_in(self, begin: int, value: float, to: int) -> int:
        """Where to go on behind 'one in five' or '9 out of 10'; else 0."""
        out_of = self._low(to) == "out" and self._low(to + 1) == "of"
        if not (out_of or self._low(to) == "in"):
            return 0
        at = to + (2 if out_of else 1)
        at += self._low(at) == "every"
        whole = self._whole(at)
        if whole is None or not 0 < value < whole[0]:
            return 0
        number, end = whole
        if not out_of and (unit_behind(self.tokens, end) is not None or self._is_year(at) or value >= 20):
            return 0
        self.atoms.append(_Atom(begin, end, Kind.SHARE, value / number, step=1 / number, spelled=True, united=True,
                                nouns=self._nouns(end)))  # fmt: skip
        return end

    def _whole(self, at: int) -> tuple[float, int] | None:
        token = self._token(at)
        if token is None:
            return None
        if token.kind == "number":
            value, _, to = self._scaled(at)
            return value, to
        found = spelled(self.tokens, at)
        return (found.value, found.to) if found else None

    def _word(self, at: int) -> int:
        """A number in words that begins here."""
        if found := part(self.tokens, at):
            return self._part(at, found)
        if found := factor(self.tokens, at):
            self.atoms.append(_Atom(at, found.to, Kind.TIMES, found.value, spelled=True, united=True))
            return found.to
        found = spelled(self.tokens, at)
        if found is None:
            return at + 1
        if to := self._one_in(at, found.value, found.to):
            return to
        if found.value == 1 and found.to == at + 1 and not self._is_counted_one(found.to):
            return at + 1  # 'one' is a pronoun more often than a number
        if self._low(found.to) in _ORDINALS or self._is_hyphened_name(at):
            return found.to
        self.atoms.append(self._united(at, found.to, found.value, found.step, is_spelled=True))
        return self.atoms[-1].to

    def _is_counted_one(self, to: int) -> bool:
        """True for one percent, and for one or two points."""
        if unit_behind(self.tokens, to) is not None:
            return True
        return self._low(to) in ("or", "to") and self._low(to + 1) in words.ONES

    def _is_hyphened_name(self, at: int) -> bool:
        before = self._token(at - 1)
        return before is not None and before.text == "-" and self.tokens[at].glued and before.glued

    def _part(self, at: int, found: Spelled) -> int:
        unit = unit_behind(self.tokens, found.to)
        if self._low(found.to) in ("a", "an") and unit is None:
            unit = unit_behind(self.tokens, found.to + 1)
            if unit is not None and unit.kind is Kind.SPAN:
                unit = None
            scale = words.SCALES.get(self._low(found.to + 1))
            if unit is None and scale:
                value = found.value * scale
                self.atoms.append(self._united(at, found.to + 2, value, scale, is_spelled=True))
                return self.atoms[-1].to
        if unit is not None and unit.kind in (Kind.SD, Kind.POINTS, Kind.PERCENT):
            self.atoms.append(self._with(at, unit, found.value, 0.1, is_spelled=True, sign=0))
            return unit.to
        kind = Kind.TIMES if self._low(found.to) == "as" else Kind.SHARE
        self.atoms.append(_Atom(at, found.to, kind, found.value, step=0.05, spelled=True, united=True,
                                nouns=self._nouns(found.to)))  # fmt: skip
        return found.to

    def _nouns(self, at: int) -> tuple[str, ...]:
        """The words behind a number, up to a function word or a sign."""
        found: list[str] = []
        hyphen = self._token(at)
        if hyphen and hyphen.text in _DASHES and hyphen.glued:
            at += 1
        while len(found) < _MOST_NOUNS and (token := self._token(at)) is not None:
            if token.text == "-" and token.glued:
                at += 1
                continue
            if token.kind != "word" or (token.low in words.STOPS and not (token.low == "more" and not found)):
                break
            found.append(token.low)
            at += 1
        return tuple(found)

    # Neighbours.

    def _between(self, one: _Atom, other: _Atom) -> list[str]:
        return [token.low for token in self.tokens[one.to : min(other.at, one.to + 5)]]

    def _share_units(self) -> None:
        """Give numbers of a list the unit behind its last: 10 and 12 percent."""
        lent: set[int] = set()
        for position in range(len(self.atoms) - 2, -1, -1):
            one, other = self.atoms[position], self.atoms[position + 1]
            if one.united or one.nouns or not other.united or other.at - one.to > 4 or other.kind not in _LENT:
                continue
            between = [word for word in self._between(one, other) if (word,) not in words.BOUNDS]
            listed = between == [","] and id(other) not in lent
            linked = bool(between) and not listed and all(word in _LINKS or word in _DASHES for word in between)
            signed = not between and one.to == other.at and other.sign != 0
            if (linked or signed) and (one.step < _SCALED or other.kind is Kind.MONEY):
                one.kind, one.unit, one.united = other.kind, other.unit, True
                lent.add(id(one))

    def _scale_of(self, atom: _Atom) -> float:
        return next((words.SCALES[t.low] for t in self.tokens[atom.at : atom.to] if t.low in words.SCALES), 1.0)

    def _join_ranges(self) -> None:
        joined: list[_Atom] = []
        for atom in self.atoms:
            if joined and (kind := self._joins(joined[-1], atom)):
                one = joined[-1]
                scale = self._shared_scale(one, atom)
                joined[-1] = replace(
                    one, to=atom.to, kind=atom.kind, value=one.value * scale, last=atom.value, unit=atom.unit or one.unit,
                    nouns=atom.nouns, step=max(one.step * scale, atom.step), united=atom.united, change=kind == "from",
                )  # fmt: skip
            else:
                joined.append(atom)
        self.atoms = joined

    def _shared_scale(self, one: _Atom, other: _Atom) -> float:
        """2 to 3 million is 2 million to 3 million."""
        scale = self._scale_of(other)
        return scale if scale > 1 and self._scale_of(one) == 1 and one.value * scale <= other.value else 1.0

    def _joins(self, one: _Atom, other: _Atom) -> str:
        """How two numbers make a range: by a dash, from … to, between … and; empty if they do not."""
        if one.last is not None or other.last is not None or not 0 < other.at - one.to < 3:
            return ""
        if one.kind is not other.kind and not (one.kind is Kind.NUMBER and not one.united and not one.nouns):
            return ""
        if one.kind is Kind.MONEY and one.unit != other.unit:
            return ""
        if Kind.TIMES in (one.kind, other.kind) and not (one.united and other.united):
            return ""
        between, before = self._between(one, other), [self._low(at) for at in range(max(0, one.at - 4), one.at)]
        between = [word for word in between if word not in ("about", "around", "nearly", "almost", "+", "roughly")]
        if len(between) != 1:
            return ""
        if between[0] == "to":
            return "from" if "from" in before[-2:] else "to"
        if between[0] in _DASHES:
            return "to" if other.value > one.value or one.kind is not Kind.NUMBER else ""
        if between[0] == "and" and "between" in before:
            return "between"
        return ""

    # What comes of it.

    def _is_label(self, atom: _Atom) -> bool:
        """True for a whole number that names its noun, as in 'outcome 3', and for one alone in brackets."""
        if atom.kind is not Kind.NUMBER or atom.united or atom.nouns or atom.last is not None or atom.sign:
            return False
        if (
            atom.spelled
            or atom.to - atom.at > 1
            or "." in self.tokens[atom.at].text
            or "," in self.tokens[atom.at].text
        ):
            return False
        if (after := self._token(atom.to)) and after.text in "+=":
            return False
        before = self._token(atom.at - 1)
        if before is None or (after is not None and after.kind == "word"):
            return False
        if before.kind == "sign":
            return before.text in "(,#/" and not self._lists(atom)
        return before.kind == "word" and before.low not in words.LEADING

    def _lists(self, atom: _Atom) -> bool:
        """True if a number stands before the comma: it is one of a list."""
        before = self._token(atom.at - 2)
        return before is not None and before.kind == "number"

    def _quantity(self, atom: _Atom) -> Quantity:
        at, bound, near = self._bound(atom)
        if bound is None:
            bound, atom = self._bound_behind(atom)
        start, end = self.tokens[at].start, self.tokens[atom.to - 1].end
        return Quantity(
            start, end, self.text[start:end], atom.kind, atom.value, atom.value if atom.last is None else atom.last,
            unit=atom.unit, nouns=atom.nouns, bound=bound, sign=atom.sign, step=atom.step, spelled=atom.spelled, near=near,
            change=atom.change,
        )  # fmt: skip

    def _bound(self, atom: _Atom) -> tuple[int, Qualifier | None, bool]:
        """The words before a number that limit it: where they begin, what they say, whether it is close."""
        at = atom.at
        if atom.kind is Kind.DATE:
            return at, None, False
        article = self._low(at - 1) in ("a", "an")
        if article or self._low(at - 1) in ("the", "-", "only"):
            at -= 1
        for length in (3, 2, 1):
            begin = at - length
            if begin < 0:
                continue
            said = tuple(token.low for token in self.tokens[begin:at])
            if said in words.BOUNDS and not (
                article and length == 1 and said[0] in ("over", "under", "above", "below")
            ):
                return begin, words.BOUNDS[said], not words.NEAR.isdisjoint(said)
        return atom.at, None, False

    def _bound_behind(self, atom: _Atom) -> tuple[Qualifier | None, _Atom]:
        plus = self._token(atom.to)
        if plus and plus.glued and plus.text == "+" and atom.kind is not Kind.DATE:
            return Qualifier.AT_LEAST, replace(atom, to=atom.to + 1)
        for to in (atom.to, atom.to + len(atom.nouns)):
            said = (self._low(to), self._low(to + 1))
            if said in words.AFTER:
                return words.AFTER[said], replace(atom, to=to + 2)
        return None, atom


def _is_day(token: Token) -> bool:
    return token.text.isdigit() and len(token.text) <= 2 and 1 <= int(token.text) <= 31


_DOLLARS = {"us": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD", "hk": "HKD", "r": "BRL"}
_SEASONS = frozenset(
    {"early", "late", "mid", "spring", "summer", "autumn", "winter", "fiscal", "year", "since", "until"}
)
_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
_ORDINALS = frozenset({"first", "second", "third"})
_GLUED_UNITS = frozenset({"x", "s", "h", "min", "pp", "ppt", "pct", "sd", "k", "year", "usd", "eur", "gbp", "percent"})
_ABBREVIATED = frozenset({"p", "pp", "no", "fig", "sec", "art", "vol", "ch", "para", "nr", "v", "tab"})
_ONLY_CAPITAL = frozenset(
    "part no net act law group round panel wave series page model version stage level class type item case highway rule p pp"
    " q v phase question experiment study claim outcome number grade category schedule route room article articles".split()
) - frozenset(
    "page p pp version stage level phase class type item question experiment study claim outcome group category".split()
)
_MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
