"""Digits that count nothing: of names, ordinals, versions and addresses."""

from __future__ import annotations

from evidencekb.quantities import words
from evidencekb.quantities.dating import Dating


class Naming(Dating):
    """Finds the digits of names."""

    __slots__ = ()

    def name_end(self, at: int) -> int:
        """Where to go on if the digits belong to a name, an ordinal, a version or an address; else 0."""
        token, before, after = self.tokens[at], self.token(at - 1), self.token(at + 1)
        if after and after.glued and after.kind == "word":
            if after.low in _ORDINAL_ENDS or (after.low == "s" and len(token.text) == 4):
                return at + 2  # 22nd, the 1990s
            if after.text not in words.SUFFIXES and after.low not in _GLUED_UNITS and after.low not in words.SUFFIXES:
                return at + 2
        if after and after.glued and after.text in "./:" and (third := self.token(at + 2)) and third.glued:
            if after.text == ":" or (after.text == "." and third.kind == "number"):
                return self._glued_end(at)
            if third.kind == "word" and len(token.text) > 3 and "." in token.text:
                return self._glued_end(at)  # an address or a DOI
        if before is None or before.kind == "number":
            return 0
        if token.glued and before.kind == "word":
            return at + 1
        if token.glued and before.text in "-–./_#":
            first = self.token(at - 2)
            if before.text == "#" or (before.glued and first and first.kind == "word" and first.text != first.low):
                return at + 1 if not self.is_united(at) or before.text == "-" else 0
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
        if before.kind != "word" or self.is_united(at) or "," in self.tokens[at].text:
            return False
        return before.low in words.NAMED and not self.date_at(at) and self._may_be_name(at)

    def _may_be_name(self, at: int) -> bool:
        before = self.tokens[at - 1]
        if before.low in _ONLY_CAPITAL:
            return before.text != before.low
        return True

    def _glued_end(self, at: int) -> int:
        while (after := self.token(at + 1)) and after.glued:
            at += 1
        return at + 1


_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
_GLUED_UNITS = frozenset({"x", "s", "h", "min", "pp", "ppt", "pct", "sd", "k", "year", "usd", "eur", "gbp", "percent"})
_ABBREVIATED = frozenset({"p", "pp", "no", "fig", "sec", "art", "vol", "ch", "para", "nr", "v", "tab"})
_ONLY_CAPITAL = frozenset(
    "part no net act law group round panel wave series page model version stage level class type item case highway rule p pp"
    " q v phase question experiment study claim outcome number grade category schedule route room article articles".split()
) - frozenset(
    "page p pp version stage level phase class type item question experiment study claim outcome group category".split()
)
