"""A place in the tokens of a text: what stands there, and what a number there comes to."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.quantities import words
from evidencekb.quantities.tokens import Token, number_of, step_of
from evidencekb.quantities.units import unit_behind


@dataclass(slots=True)
class Walk:
    """The tokens of a text, with short looks around each."""

    tokens: list[Token]

    def token(self, at: int) -> Token | None:
        """The token at a place, if there is one."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def low(self, at: int) -> str:
        """The token at a place in small letters; empty where there is none."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def scaled(self, at: int) -> tuple[float, float, int]:
        """The number at a token, with a multiplier behind it: its value, its step, where to go on."""
        token = self.tokens[at]
        value, step, to = number_of(token.text), step_of(token.text), at + 1
        after = self.token(to)
        if after and after.text == "-" and after.glued and self.low(to + 1) in words.SCALES:
            return value * words.SCALES[self.low(to + 1)], step * words.SCALES[self.low(to + 1)], to + 2
        if after and after.kind == "word":
            scale = words.SUFFIXES.get(after.text) if after.glued else words.SCALES.get(after.low)
            if scale is None and after.low in ("mn", "bn", "mln"):
                scale = words.SUFFIXES[after.low]
            if scale:
                return value * scale, step * scale, to + 1
        return value, step, to

    def is_united(self, at: int) -> bool:
        """True if the number at a place has a unit or a multiplier behind it."""
        return unit_behind(self.tokens, self.scaled(at)[2]) is not None or self.scaled(at)[2] > at + 1
