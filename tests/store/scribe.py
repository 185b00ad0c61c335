"""Data that is hard to write, and a careless hand that writes it."""

from __future__ import annotations

import json
import random
import string

from hypothesis import strategies as st

from tests.store.canonical import escaped

NASTY = [
    "", "#", "# x", "a #b", "a: b", ": ", "a:", " lead", "trail ", "two\nlines", "three\n\n\n", "\n", " \n x", "a \n b", "no",
    "0123", "1.10", "~", "null", "- x", "-", "--- x", "...", "%", "@", "`", "😀", "\u00a0x", "x\u2028y", "x\u0085", "\ufeff",
    "\t", "a\tb", "'", '"', "\\", "'\"\\", "[", "]", "{a}", "a, b", "?", "? x", "!", "&a", "*a", "|", ">-", "<<", "=", "x" * 130,
    "word " * 30 + "end", "word  " * 30 + "end", "long: # word " * 12 + "end", "1e3", "0x1F", ".5", "+1", "c17", "é" * 61,
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.sampled_from(string.printable + "é\u00a0\u2028\u0085\ufeff😀\x00\x1b"), max_size=12),
    st.lists(st.sampled_from(["word", "#", "a:", "-", "  ", "x" * 30, "\n"]), max_size=40).map(" ".join),
)
LEAVES = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(-(10**16), 10**16),
    st.floats(allow_nan=False, allow_infinity=False),
)
KEYS = st.one_of(st.sampled_from(["id", "label", "kind", "sources", "codes", "rule", "record", "prints"]), TEXTS)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
RECORDS = st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=4)
FILES = st.one_of(
    VALUES,
    st.dictionaries(KEYS, VALUES, max_size=5),
    st.dictionaries(st.sampled_from(["sources", "findings", "waivers", "concepts", "other"]), RECORDS, max_size=4),
)


class Scribe:
    """Writes data as YAML in a careless hand: odd indents, brackets over several lines, comments everywhere."""

    def __init__(self, draw: random.Random, comments: bool) -> None:
        self._draw = draw
        self._rate = 0.3 if comments else 0.0
        self.comments: list[str] = []

    def write(self, data: object) -> str:
        return "\n".join([*self.notes(), *self.block(data, 0), *self.notes(), ""])

    def note(self) -> str:
        self.comments.append(f"# note {len(self.comments)} [{{'\": |")
        return self.comments[-1]

    def notes(self) -> list[str]:
        lines: list[str] = []
        while self._draw.random() < self._rate:
            lines.append(" " * self._draw.randrange(9) + self.note())
            lines += [""] * self._draw.randrange(2)
        return lines

    def end(self) -> str:
        return " " * self._draw.randrange(1, 4) + self.note() if self._draw.random() < self._rate else ""

    def scalar(self, data: object, indent: int) -> list[str]:
        simple = isinstance(data, str) and data.isascii() and data.isprintable() and data == data.strip() != ""
        if isinstance(data, str) and simple and self._draw.random() < 0.5:
            pad = " " * (indent + 1)
            if "  " not in data and self._draw.random() < 0.5:
                return [">-" + self.end(), *(pad + word for word in data.split(" "))]
            return ["|-" + self.end(), pad + data]
        return [self.plain_line(data)]

    def block(self, data: object, indent: int) -> list[str]:
        """Lines, the first of which is to be put behind a dash or a key."""
        lines: list[str] = []
        if not isinstance(data, (dict, list)):
            *lines, last = self.scalar(data, indent)
            return [*lines, last] if lines else [last + self.end()]
        if not data or self._draw.random() < 0.3:
            *lines, last = self.flow(data, indent)
            return [*lines, last + self.end()]
        pad = " " * indent
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            sign = "-" if isinstance(data, list) else self.plain_line(key) + ":"
            step = indent + self._draw.randrange(1, 5)
            body = self.block(value, step)
            if isinstance(value, (dict, list)) and not body[0].startswith(("[", "{")):
                if sign == "-" and step > indent + 1 and self._draw.random() < 0.5:
                    lines += [pad + "-" + body[0][indent + 1 :], *body[1:]]
                else:
                    lines += [pad + sign + self.end(), *body]
            else:
                lines += [f"{pad}{sign} {body[0]}", *body[1:]]
            lines += self.notes() if not (isinstance(value, str) and len(body) > 1) else []
        return lines

    @staticmethod
    def plain_line(key: object) -> str:
        return escaped(key) if isinstance(key, str) else json.dumps(key)

    def flow(self, data: object, indent: int) -> list[str]:
        if not isinstance(data, (dict, list)):
            return [self.plain_line(data)]
        pad = " " * (indent + 1)
        lines = ["[" if isinstance(data, list) else "{"]
        for number, (key, value) in enumerate(data.items() if isinstance(data, dict) else enumerate(data)):
            lines[-1] += self.end()
            lines += self.notes()
            body = self.flow(value, indent + 1)
            lines += [pad + (self.plain_line(key) + ": " if isinstance(data, dict) else "") + body[0], *body[1:]]
            if number + 1 < len(data):
                lines[-1] += ","
        return [*lines, pad + ("]" if isinstance(data, list) else "}")]
