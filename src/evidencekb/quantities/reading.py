"""Read the quantities of an English text.

The time taken grows with the length of the text and no faster, whatever stands in it: every look forward or back is short.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from evidencekb.quantities import words
from evidencekb.quantities.naming import Naming
from evidencekb.quantities.quantity import Kind, Quantity
from evidencekb.quantities.spelling import Spelled, factor, part, spelled
from evidencekb.quantities.tokens import ends_clause, tokens_of
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
_NEAR = 9
_COMPARED = frozenset({"more", "fewer", "less"})
_WHOLES = frozenset({10.0, 100.0, 1e3, 1e4, 1e5, 1e6})
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
    return _Reading(tokens_of(text), text).quantities()


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
    lent: bool = False


@dataclass(slots=True)
class _Reading(Naming):
    text: str
    atoms: list[_Atom] = field(default_factory=list)

    def quantities(self) -> tuple[Quantity, ...]:
        at = 0
        while at < len(self.tokens):
            at = self._step(at)
        self._join_spans()
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

    def _signed(self, at: int) -> int:
        """A plus or minus, or a currency sign, before a number."""
        token, after = self.tokens[at], self.token(at + 1)
        if after is None:
            return at + 1
        if token.text in words.SYMBOLS and after.kind == "number":
            begin = at - 1 if token.glued and self.low(at - 1) in _DOLLARS else at
            code = (
                _DOLLARS.get(self.low(at - 1), words.SYMBOLS[token.text]) if begin < at else words.SYMBOLS[token.text]
            )
            return self._money(begin, at + 1, code)
        if token.text in (*_MINUS, "+") and after.glued and self._opens(at):
            sign = 1 if token.text == "+" else -1
            if after.kind == "number":
                return self._number(at, at + 1, sign)
            if after.text in words.SYMBOLS and (self.token(at + 2) or token).kind == "number":
                return self._money(at, at + 2, words.SYMBOLS[after.text], sign)
        return at + 1

    def _opens(self, at: int) -> bool:
        """True if the sign stands before its number, not between two."""
        token, before = self.tokens[at], self.token(at - 1)
        return before is None or not token.glued or (before.kind == "sign" and before.text not in ")]%")

    def _money(self, begin: int, at: int, code: str, sign: int = 0) -> int:
        value, step, to = self.scaled(at)
        self.atoms.append(
            _Atom(begin, to, Kind.MONEY, value * (sign or 1), unit=code, step=step, sign=sign, united=True)
        )
        return to

    def _digits(self, at: int) -> int:
        """A number in digits that begins here: a date, part of a name, or a number."""
        if to := self.name_end(at):
            return to
        if dated := self.date_at(at):
            if dated.first:
                first, last = float(dated.first), float(dated.last)
                self.atoms.append(_Atom(dated.at, dated.to, Kind.DATE, first, last, unit=dated.iso, united=True))
            return dated.to
        return self._number(at, at)

    # Numbers.

    def _number(self, begin: int, at: int, sign: int = 0) -> int:
        value, step, to = self.scaled(at)
        if found := self._one_in(begin, value, to):
            return found
        if value < _MOST_PARTS and (found := self._noun_in(begin, value, to)):
            return found
        self.atoms.append(self._united(begin, to, value * (sign or 1), step, sign=sign))
        return self.atoms[-1].to

    def _united(
        self, begin: int, to: int, value: float, step: float, *, is_spelled: bool = False, sign: int = 0
    ) -> _Atom:
        """A number with the unit behind it."""
        unit = unit_behind(self.tokens, to)
        if self.low(to) == "us" and self.low(to + 1) == "cents":
            to += 1
        if self.low(to) in _HUNDREDTHS:
            return _Atom(
                begin, to + 1, Kind.MONEY, value / 100, unit=_HUNDREDTHS[self.low(to)], step=step / 100, spelled=is_spelled,
                sign=sign, united=True,
            )  # fmt: skip
        if unit is None:
            nouns = self._nouns(to)
            aged = nouns[2:3] in (("old",), ("olds",))  # 4,000 four-year-olds
            span = words.SPANS.get(nouns[1], "") if len(nouns) > 1 and nouns[0] not in words.SPANS and not aged else ""
            kind = Kind.SPAN if span else Kind.NUMBER  # two email hours
            return _Atom(begin, to, kind, value, unit=span, step=step, spelled=is_spelled, sign=sign, nouns=nouns)
        of = unit_behind(self.tokens, unit.to) if unit.kind is Kind.PERCENT else None
        if of is not None and of.kind is Kind.SD:  # 2% of a standard deviation
            unit, value, step = of, value / 100, step / 100
        return self._with(begin, unit, value, step, is_spelled=is_spelled, sign=sign)

    def _with(self, begin: int, unit: Unit, value: float, step: float, *, is_spelled: bool, sign: int) -> _Atom:
        nouns = self._nouns(unit.to)
        return _Atom(
            begin, unit.to, unit.kind, value, unit=unit.code, step=step, spelled=is_spelled, sign=sign, united=True, nouns=nouns
        )  # fmt: skip

    def _one_in(self, begin: int, value: float, to: int) -> int:
        """Where to go on behind 'one in five' or '9 out of 10'; else 0."""
        to += self.low(to) == "times" and self.low(to + 1) in ("in", "out")  # nine times in ten
        every = self.low(to) == "of" and self.low(to + 1) == "every"
        out_of = every or (self.low(to) == "out" and self.low(to + 1) == "of")
        if not (out_of or self.low(to) == "in"):
            return self._for_every(begin, value, to)
        if out_of and (value % 1 or self.low(begin - 1) == "to"):
            return 0  # 4.4 out of 6, or from 11 to 14 out of 20: a grade
        at = to + (2 if out_of else 1)
        at += self.low(at) == "every"
        whole = self._whole(at)
        if whole is None or not 0 < value < whole[0]:
            return 0
        number, end = whole
        if not out_of and (unit_behind(self.tokens, end) is not None or self.is_year(at) or value >= 20):
            return 0
        self.atoms.append(_Atom(begin, end, Kind.SHARE, value / number, step=1 / number, spelled=True, united=True,
                                nouns=self._nouns(end)))  # fmt: skip
        return end

    def _for_every(self, begin: int, value: float, to: int) -> int:
        """Where to go on behind '27 callbacks for every 100'; else 0."""
        at = to + len(self._nouns(to))
        if not (at > to and self.low(at) == "for" and self.low(at + 1) == "every"):
            return 0
        whole = self._whole(at + 2)
        if whole is None or whole[0] not in _WHOLES or value >= whole[0]:
            return 0
        self.atoms.append(
            _Atom(begin, whole[1], Kind.PERCENT, value / whole[0] * 100, step=100 / whole[0], united=True)
        )
        return whole[1]

    def _whole(self, at: int) -> tuple[float, int] | None:
        token = self.token(at)
        if token is None:
            return None
        if token.kind == "number":
            value, _, to = self.scaled(at)
            return value, to
        found = spelled(self.tokens, at)
        return (found.value, found.to) if found else None

    def _word(self, at: int) -> int:
        """A number in words that begins here."""
        if found := factor(self.tokens, at):
            self.atoms.append(_Atom(at, found.to, Kind.TIMES, found.value, spelled=True, united=True))
            return found.to
        if found := part(self.tokens, at):
            return self._part(at, found)
        if (
            (code := self.tokens[at].text) in words.CODES_BEFORE
            and (after := self.token(at + 1))
            and after.kind == "number"
        ):
            return self._money(at, at + 1, code)
        found = spelled(self.tokens, at)
        if found is None:
            return at + 1
        if found.value < _MOST_PARTS and (to := self._noun_in(at, found.value, found.to)):
            return to
        if to := self._one_in(at, found.value, found.to):
            return to
        if found.value == 1 and found.to == at + 1 and not self._is_counted_one(found.to):
            return at + 1  # 'one' is a pronoun more often than a number
        if self.low(found.to) in _ORDINALS or self._is_hyphened_name(at):
            return found.to
        self.atoms.append(self._united(at, found.to, found.value, found.step, is_spelled=True))
        return self.atoms[-1].to

    def _noun_in(self, at: int, value: float, to: int) -> int:
        """Where to go on behind 'one firm in six', 'four verdicts in five'; else 0."""
        nouns = self._nouns(to)
        if not 0 < len(nouns) < 3 or nouns[0] in words.SPANS or self.low(to + len(nouns)) != "in":
            return 0
        found = self._one_in(at, value, to + len(nouns))
        if found:
            self.atoms[-1] = replace(self.atoms[-1], nouns=nouns)
        return found

    def _is_counted_one(self, to: int) -> bool:
        """True for one percent, and for one or two points."""
        if unit_behind(self.tokens, to) is not None:
            return True
        return self.low(to) in ("or", "to") and self.low(to + 1) in words.ONES

    def _is_hyphened_name(self, at: int) -> bool:
        before = self.token(at - 1)
        return before is not None and before.text == "-" and self.tokens[at].glued and before.glued

    def _part(self, at: int, found: Spelled) -> int:
        unit = unit_behind(self.tokens, found.to)
        if self.low(found.to) in ("a", "an") and unit is None:
            unit = unit_behind(self.tokens, found.to + 1)
            if unit is not None and unit.kind is Kind.SPAN:
                if self.low(at) == "half":  # half an hour; but a third a year
                    self.atoms.append(self._with(at, unit, found.value, 0.1, is_spelled=True, sign=0))
                    return unit.to
                unit = None
            scale = words.SCALES.get(self.low(found.to + 1))
            if unit is None and scale:
                value = found.value * scale
                self.atoms.append(self._united(at, found.to + 2, value, scale / 10, is_spelled=True))
                return self.atoms[-1].to
            if unit is None and self.low(at) == "half":  # half a degree
                self.atoms.append(self._united(at, found.to + 1, found.value, 0.1, is_spelled=True))
                return self.atoms[-1].to
        if self.low(found.to) == "of" and self.low(found.to + 1) in ("a", "an"):  # a third of a standard deviation
            unit = unit_behind(self.tokens, found.to + 2) or unit_behind(self.tokens, found.to + 3)
            if scale := words.SCALES.get(self.low(found.to + 2)):  # a quarter of a million
                self.atoms.append(self._united(at, found.to + 3, found.value * scale, scale / 10, is_spelled=True))
                return self.atoms[-1].to
        if unit is not None and unit.kind in (Kind.SD, Kind.POINTS, Kind.PERCENT):
            self.atoms.append(self._with(at, unit, found.value, 0.1, is_spelled=True, sign=0))
            return unit.to
        kind = Kind.TIMES if self.low(found.to) == "as" else Kind.SHARE
        self.atoms.append(_Atom(at, found.to, kind, found.value, step=0.05, spelled=True, united=True,
                                nouns=self._nouns(found.to)))  # fmt: skip
        return found.to

    def _nouns(self, at: int) -> tuple[str, ...]:
        """The words behind a number, up to a function word or a sign."""
        found: list[str] = []
        hyphen = self.token(at)
        if hyphen and hyphen.text in _DASHES and hyphen.glued:
            at += 1
        while len(found) < _MOST_NOUNS and (token := self.token(at)) is not None:
            if token.text == "-" and token.glued:
                at += 1
                continue
            if token.kind != "word" or (token.low in words.STOPS and not (token.low in _COMPARED and not found)):
                break
            found.append(token.low)
            at += 1
        return tuple(found)

    # Neighbours.

    def _between(self, one: _Atom, other: _Atom) -> list[str]:
        return [token.low for token in self.tokens[one.to : min(other.at, one.to + 5)]]

    def _join_spans(self) -> None:
        """6 hours 50 minutes, or 7 hours 24, is one span."""
        joined: list[_Atom] = []
        for atom in self.atoms:
            one = joined[-1] if joined else None
            parts = _SMALLER.get(one.unit) if one is not None and one.kind is Kind.SPAN else None
            if one is not None and parts and atom.at - one.to == 0 and self._is_rest(atom, parts[0]):
                joined[-1] = replace(
                    one, to=atom.to, value=one.value * parts[1] + atom.value, unit=parts[0], nouns=atom.nouns
                )
            else:
                joined.append(atom)
        self.atoms = joined

    def _is_rest(self, atom: _Atom, unit: str) -> bool:
        return (atom.kind is Kind.SPAN and atom.unit == unit) or (
            atom.kind is Kind.NUMBER and not atom.nouns and atom.value < 60
        )

    def _share_units(self) -> None:
        """Give numbers of a list the unit behind its last: 10 and 12 percent."""
        lent: set[int] = set()
        for position in range(len(self.atoms) - 2, -1, -1):
            one, other = self.atoms[position], self.atoms[position + 1]
            if one.united or one.nouns or not other.united or other.at - one.to > 4 or other.kind not in _LENT:
                continue
            between = [word for word in self._between(one, other) if (word,) not in words.BOUNDS]
            if between[:1] == [","] and len(between) > 1 and (earlier := self._compared_with(position)):
                one.kind, one.unit, one.united, one.lent = earlier.kind, earlier.unit, True, True
                continue
            listed = between == [","] and id(other) not in lent
            restated = between == [",", "or"]  # 28, or 65%
            linked = (
                bool(between)
                and not listed
                and not restated
                and all(word in _LINKS or word in _DASHES for word in between)
            )
            signed = not between and one.to == other.at and other.sign != 0
            if (linked or signed) and (one.step < _SCALED or other.kind is Kind.MONEY):
                one.kind, one.unit, one.united, one.lent = other.kind, other.unit, True, True
                if self.low(other.to - 1) in _HUNDREDTHS:  # between 3 and 5 cents
                    one.value, one.step = one.value / 100, one.step / 100
                lent.add(id(one))

    def _compared_with(self, position: int) -> _Atom | None:
        """The number with a unit that this one is set against: 3.9 minutes instead of 4.76, or less."""
        earlier = self.atoms[position - 1] if position else None
        if earlier is None or not earlier.united or earlier.kind not in _LENT:
            return None
        between = self._between(earlier, self.atoms[position])
        return (
            earlier if between and all(word in _LINKS and word not in ("and", ",", "or") for word in between) else None
        )

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
                    nouns=atom.nouns, step=max(one.step * scale, atom.step), united=atom.united,
                    change=kind == "from", lent=False,
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
        between, before = self._between(one, other), [self.low(at) for at in range(max(0, one.at - 4), one.at)]
        between = [word for word in between if word not in ("about", "around", "nearly", "almost", "+", "roughly")]
        if len(between) != 1:
            return ""
        if between[0] == "to":
            return "from" if "from" in before else "to"
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
        if (after := self.token(atom.to)) and after.text in "+=°":
            return False
        before = self.token(atom.at - 1)
        if before is None or (after is not None and after.kind == "word"):
            return False
        if before.kind == "sign":
            return before.text in "(,#/" and not self._lists(atom)
        return before.kind == "word" and before.low not in words.LEADING and not self._counts_before(atom, before.low)

    def _counts_before(self, atom: _Atom, before: str) -> bool:
        """True for the number of an ellipsis: 22 days, mothers 158; the pair together 2."""
        position = self.atoms.index(atom)
        earlier = self.atoms[position - 1] if position else None
        if earlier is None or earlier.kind is Kind.DATE or atom.at - earlier.to > _NEAR:
            return False
        return before not in words.NAMED and not any(ends_clause(token) for token in self.tokens[earlier.to : atom.at])

    def _lists(self, atom: _Atom) -> bool:
        """True if a number stands before the comma: it is one of a list."""
        before = self.token(atom.at - 2)
        return before is not None and before.kind == "number"

    def _quantity(self, atom: _Atom) -> Quantity:
        at, bound, near = self._bound(atom)
        if bound is None:
            bound, atom = self._bound_behind(atom)
        start, end = self.tokens[at].start, self.tokens[atom.to - 1].end
        return Quantity(
            start, end, self.text[start:end], atom.kind, atom.value, atom.value if atom.last is None else atom.last,
            unit=atom.unit, nouns=atom.nouns, bound=bound, sign=atom.sign, step=atom.step, spelled=atom.spelled, near=near,
            change=atom.change, lent=atom.lent,
        )  # fmt: skip

    def _bound(self, atom: _Atom) -> tuple[int, Qualifier | None, bool]:
        """The words before a number that limit it: where they begin, what they say, whether it is close."""
        at = atom.at
        if atom.kind is Kind.DATE:
            return at, None, False
        article = self.low(at - 1) in ("a", "an")
        if article or self.low(at - 1) in ("the", "-", "only"):
            at -= 1
        for length in (3, 2, 1):
            begin = at - length
            if begin < 0:
                continue
            said = tuple(token.low for token in self.tokens[begin:at])
            if said in words.BOUNDS and said[-1] == "than" and begin and self._is_measured(begin - 1):
                return atom.at, None, False  # 10% more than twelve months earlier
            if said in words.BOUNDS and self.low(at) == "the" and said[0] in ("over", "under", "above", "below"):
                return atom.at, None, False  # below the 19.1 of others
            if said in words.BOUNDS and not (
                article and length == 1 and said[0] in ("over", "under", "above", "below")
            ):
                return begin, words.BOUNDS[said], not words.NEAR.isdisjoint(said)
        return atom.at, None, False

    def _is_measured(self, at: int) -> bool:
        """True if a number or its unit ends at a token."""
        token = self.tokens[at]
        if token.kind == "number":
            return not self.is_year(at)
        return token.low in ("%", "percent", "cent", "points", "point", "times")

    def _bound_behind(self, atom: _Atom) -> tuple[Qualifier | None, _Atom]:
        plus = self.token(atom.to)
        if plus and plus.glued and plus.text == "+" and atom.kind is not Kind.DATE:
            return Qualifier.AT_LEAST, replace(atom, to=atom.to + 1)
        for to in (atom.to, atom.to + len(atom.nouns)):
            said = (self.low(to), self.low(to + 1))
            if said in words.AFTER:
                return words.AFTER[said], replace(atom, to=to + 2)
        return None, atom


_SMALLER = {"h": ("min", 60.0), "min": ("s", 60.0), "a": ("mo", 12.0)}
_MOST_PARTS = 20
_DOLLARS = {"us": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD", "hk": "HKD", "r": "BRL"}
_HUNDREDTHS = {"cents": "$", "pence": "GBP"}
_ORDINALS = frozenset({"first", "second", "third"})
