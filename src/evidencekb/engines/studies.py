"""Findings put into studies: a class holds all that bonds lead to, over as many steps as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Bond = tuple[str, str, str, int]
"""Finding, kind, mark, and whether it is certain: findings of the same kind and mark belong together."""

POOL = "pool"
"""The kind that joins a pool to what it includes. No class is made of it: trials are not one because somebody pools them."""


def studies(bonds: Iterable[Bond]) -> Iterator[tuple[str, str, str]]:
    """Each finding with its class by certain bonds and its class by all, both named by the first finding in them.

    Examples:
        Two versions of one work, and a paper that may share some of their data.

        >>> for row in studies([("a", "work", "w", 1), ("b", "work", "w", 1), ("b", "link", "x", 0), ("c", "link", "x", 0)]):
        ...     print(*row)
        a a a
        b a a
        c c a
    """
    strict, lenient = Classes(), Classes()
    for finding, kind, mark, certain in bonds:
        strict.add(finding)
        if kind == POOL:
            lenient.add(finding)
            continue
        lenient.join(finding, (kind, mark))
        if certain:
            strict.join(finding, (kind, mark))
    by_strict, by_lenient = strict.named(), lenient.named()
    for finding in sorted(by_strict):
        yield finding, by_strict[finding], by_lenient[finding]


class Classes:
    """Union-find over names, joined by what they have in common."""

    def __init__(self) -> None:
        self._parents: dict[object, object] = {}

    def add(self, name: str) -> None:
        """Take up a name that may stand alone."""
        self._parents.setdefault(name, name)

    def join(self, name: str, mark: tuple[str, ...]) -> None:
        """Put a name into the class of all that have the mark."""
        one, other = self._root(name), self._root(mark)
        if one != other:
            self._parents[other] = one

    def named(self) -> dict[str, str]:
        """Each name with the first name of its class."""
        names = sorted(name for name in self._parents if isinstance(name, str))
        first: dict[object, str] = {}
        for name in names:
            first.setdefault(self._root(name), name)
        return {name: first[self._root(name)] for name in names}

    def _root(self, node: object) -> object:
        parents = self._parents
        parents.setdefault(node, node)
        while parents[node] != node:
            parents[node] = parents[parents[node]]  # halved, so that a long chain is walked once
            node = parents[node]
        return node
