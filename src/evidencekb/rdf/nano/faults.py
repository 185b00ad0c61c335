"""What is wrong with a nanopublication, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        message: What is wrong, what was found, what to do.
        line: Where, from 1; 0 where no line is known.
    """

    message: str
    line: int = 0

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class Unreadable(Exception):
    """A text that cannot be read; it never leaves this package.

    Attributes:
        fault: What is wrong, and where.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message, line)
        self.fault = Fault(message, line)
