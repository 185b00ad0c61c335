"""Two states of one record, compared in words: what changed of its figures, of what they may be trusted for, and the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evidencekb.answers.base import Json
from evidencekb.answers.differences import Change, changed
from evidencekb.answers.numbers import spoken, spoken_period
from evidencekb.answers.wording import display, phrase_of
from evidencekb.model import Estimate

Path = tuple[str, ...]

_LABELS = ("headline", "text", "label", "name", "thread", "question", "title", "procedure")
# What names an item of a list: two items with the same name are one that changed.
_NAMED_BY: dict[str, tuple[str, ...]] = {
    "estimates": ("id",), "citations": ("source", "role"), "cohorts": ("cohort",), "about": ("concept",),
    "products": ("product",), "supports": ("finding",), "interests": ("organization", "tie"), "counts": ("of", "level", "group"),
    "events": ("status", "on"), "drift": ("kind",), "corrections": ("on", "field"), "caveats": ("kind",),
    "nearest": ("finding",), "searched": ("where", "query"), "comparable_with": ("definition",),
    "not_comparable_with": ("definition",), "codes": ("scheme", "version"),
}  # fmt: skip
_PROSE = frozenset({
    "headline", "statement", "text", "label", "plural", "note", "because", "vendor_reason", "meaning", "say", "why", "reason",
    "thread", "question", "questions", "unanswered", "differs", "how", "definition", "mentions", "chosen", "criterion",
})  # fmt: skip
_NUMBER = frozenset({"value", "range", "direction", "qualifier", "unit", "measure", "per"})
_PRECISION = frozenset({"interval", "no_interval", "se", "p_value", "scale"})
_SIZE = frozenset({"n", "numerator", "denominator"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One place that differs.

    Attributes:
        path: Where; an item of a list by its name.
        old: What stood there; None when nothing did.
        new: What stands there; None when nothing does.
    """

    path: Path
    old: Any
    new: Any

    def has(self, *steps: str) -> bool:
        """True if its path begins with some steps; ``*`` is any one."""
        return len(self.path) >= len(steps) and all(
            step in ("*", here) for step, here in zip(steps, self.path, strict=False)
        )


def leaves(old: Any, new: Any, path: Path = ()) -> Iterator[Leaf]:
    """Every place in which two pieces of plain data differ.

    Examples:
        >>> [leaf.path for leaf in leaves({"a": 1, "about": [{"concept": "x", "how": "proxy"}]}, {"about": []})]
        [('a',), ('about', 'x')]
    """
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from leaves(old.get(name), new.get(name), (*path, name))
        return
    named = _NAMED_BY.get(path[-1]) if path else None
    lists = [value or [] for value in (old, new)]
    if path and (path[-1] == "links" or named) and all(map(_of_records, lists)):
        by_name = named or ("type", "target", "relation", "to")  # links of findings, or of concepts
        before, after = (_by_name(items, by_name) for items in lists)
        for name in dict.fromkeys((*before, *after)):
            yield from leaves(before.get(name), after.get(name), (*path, name))
        return
    yield Leaf(path, old, new)


def _of_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _by_name(items: list[Json], named_by: tuple[str, ...]) -> dict[str, Json]:
    """Items of a list by what names them; those of one name are told apart by their turn."""
    found: dict[str, Json] = {}
    for item in items:
        name = " ".join(str(item[key]) for key in named_by if item.get(key) is not None)
        turn, first = 2, name
        while name in found:
            name, turn = f"{first} {turn}", turn + 1
        found[name] = item
    return found


def label_of(record: Json) -> str:
    """What a record is called, as far as it says."""
    return next((str(record[name]) for name in _LABELS if isinstance(record.get(name), str)), "")


def changes_of(kind: str, id: str, old: Json, new: Json) -> Iterator[Change]:
    """What differs between two states of one record, without what it concerns.

    Args:
        kind: The kind of record.
        id: Its id.
        old: The record before, as plain data.
        new: The record after.
    """
    told: set[tuple[str, Path]] = set()
    for leaf in leaves(old, new):
        if leaf.path == ("id",):
            continue
        what, words = _classified(kind, leaf)
        if what in ("figure_added", "figure_removed") and (name := _called_otherwise(leaf, old, new)):
            told.add((what, leaf.path))
            if leaf.new is None:
                text = f"{kind} {id}: the figure {leaf.path[1]} is called {name} now"
                yield changed("renamed", kind, id, ".".join(leaf.path), leaf.path[1], name, text)
            continue
        spot = (what, leaf.path[: _TOGETHER.get(what)])
        if spot in told:
            continue
        told.add(spot)
        before, after, text = words(leaf, old, new)
        yield changed(what, kind, id, ".".join(leaf.path), before, after, f"{kind} {id}{text}")
    if not told:
        yield changed("details_changed", kind, id, "", None, None, f"{kind} {id}: its items stand in another order")


def whole(kind: str, id: str, record: Json, *, added: bool) -> Change:
    """The change that a record is new, or gone."""
    what = "added" if added else "removed"
    named = f"{kind}_{what}" if kind in ("finding", "claim") else what
    if kind == "waiver":
        named = "waiver_changed"
    label = label_of(record)
    figures = (
        ", ".join(_shown(estimate) for estimate in record.get("estimates", [])[:_MOST]) if kind == "finding" else ""
    )
    said = f"{label} [{figures}]" if figures else label
    text = f"{kind} {id} was {what}" + (f": {said}" if said else "")
    return changed(named, kind, id, "", None if added else said, said if added else None, text)


_MOST = 4
_DANGLING = re.compile(" (?:for|in)$")


_TOGETHER = {"figure_changed": 2, "read_changed": 3}
"""So many steps of a path make one change: value and unit of one figure, what was read and when."""


def _called_otherwise(leaf: Leaf, old: Json, new: Json) -> str | None:
    """What an estimate is called on the other side, when all of it but its name is there, once on each side."""
    sides = [[_nameless(estimate) for estimate in record["estimates"]] for record in (old, new)]
    sought = _nameless(leaf.old if leaf.new is None else leaf.new)
    if any(side.count(sought) != 1 for side in sides):
        return None
    there = new if leaf.new is None else old
    name: str = next(e["id"] for e in there["estimates"] if _nameless(e) == sought)
    return name


def _nameless(estimate: Json) -> Json:
    return {field: value for field, value in estimate.items() if field != "id"}


# What a place means.

Words = Callable[[Leaf, Json, Json], tuple[str | None, str | None, str]]


def _classified(kind: str, leaf: Leaf) -> tuple[str, Words]:
    """The sort of change, and how it is put into words."""
    if kind == "finding" and (found := _of_finding(leaf)):
        return found
    if kind == "source" and (found := _of_source(leaf)):
        return found
    for kinds, steps, what in _OTHERS:
        if kind in kinds and leaf.has(*steps):
            return what, _support if what == "support_changed" and leaf.has("supports", "*") else _plain
    return ("reworded" if leaf.path[-1] in _PROSE or leaf.path[0] in _PROSE else "details_changed"), _plain


_OTHERS: tuple[tuple[tuple[str, ...], Path, str], ...] = (
    (("claim",), ("supports", "*", "note"), "reworded"),
    (("claim",), ("supports",), "support_changed"),
    (("claim",), ("filed_as",), "support_changed"),
    (("definition",), ("label",), "reworded"),
    (("definition",), (), "definition_changed"),
    (("organization",), ("part_of",), "tie_changed"),
    (("organization",), ("sells",), "tie_changed"),
    (("organization",), ("advocates",), "tie_changed"),
    (("untraced",), ("status",), "untraced_changed"),
    (("untraced",), ("attributed_to",), "untraced_changed"),
    (("waiver",), (), "waiver_changed"),
)


def _of_finding(leaf: Leaf) -> tuple[str, Words] | None:
    first, last = leaf.path[0], leaf.path[-1]
    if first == "estimates":
        return _of_estimate(leaf)
    if leaf.has("sample", "counts", "*") or leaf.path in (("sample",), ("sample", "none_because")):
        return "size_changed", _count
    if first in ("sample", "cohorts", "about", "products", "definitions"):
        return ("reworded" if last in _PROSE and leaf.path != ("definitions",) else "scope_changed"), _plain
    if first == "no_interval":
        return "interval_changed", _plain
    if first in ("nature", "design", "preregistered", "legal"):
        return "nature_changed", _plain
    if first == "links":
        return ("reworded" if last in _PROSE else "link_changed"), _plain
    if first == "caveats":
        return "caveat_changed", _plain
    if first == "citations" and len(leaf.path) > 1:
        return _of_citation(leaf)
    return None


def _of_estimate(leaf: Leaf) -> tuple[str, Words]:
    if len(leaf.path) == 2:
        return ("figure_added" if leaf.old is None else "figure_removed"), _figure_whole
    step = leaf.path[2]
    if step in _NUMBER:
        return "figure_changed", _figure
    if step in _PRECISION:
        return "interval_changed", _of_figure
    if step in _SIZE:
        return "size_changed", _of_figure
    if step in ("label", "how"):
        return "reworded", _of_figure
    return ("details_changed" if step in ("main", "origin") else "scope_changed"), _of_figure


def _of_citation(leaf: Leaf) -> tuple[str, Words]:
    role = "primary" if leaf.path[1].endswith(" primary") else "relay"
    if len(leaf.path) == 2:
        return f"{role}_changed", _citation_whole
    step = leaf.path[2]
    named = {
        "prints": "drift_changed", "drift": "drift_changed", "read": "read_changed", "corrections": "correction_changed",
        "locator": "details_changed",
    }  # fmt: skip
    return named.get(step, f"{role}_changed"), _read if step == "read" else _plain


def _of_source(leaf: Leaf) -> tuple[str, Words] | None:
    if leaf.path == ("vendor",):
        return "flag_changed", _flag
    if leaf.has("standing", "events") or (leaf.path == ("standing",) and _events(leaf)):
        return "standing_changed", _standing
    if leaf.path[0] == "interests":
        return ("reworded" if leaf.path[-1] in _PROSE else "tie_changed"), _plain
    if leaf.path[0] == "corrections":
        return "correction_changed", _plain
    return None


def _events(leaf: Leaf) -> bool:
    return any(isinstance(side, dict) and side.get("events") for side in (leaf.old, leaf.new))


# How it is said.


def short(value: Any, most: int = 120) -> str:
    """A value in a few words.

    Examples:
        >>> short({"lower": -3, "upper": 2}), short(["a", "b"]), short("x" * 130)[-3:]
        ('lower -3, upper 2', 'a, b', 'xx…')
    """
    if isinstance(value, Mapping):
        text = ", ".join(f"{name.replace('_', ' ')} {short(held)}" for name, held in value.items())
    elif isinstance(value, list):
        text = ", ".join(map(short, value))
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    else:
        text = str(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _sides(leaf: Leaf) -> tuple[str | None, str | None]:
    quoted = leaf.path[-1] in _PROSE and all(isinstance(side, str | None) for side in (leaf.old, leaf.new))
    old, new = (
        None if side is None else f"'{short(side)}'" if quoted else short(side) for side in (leaf.old, leaf.new)
    )
    return old, new


def _arrow(name: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{name} is given: {new}"
    if new is None:
        return f"{name} is gone: {old}"
    return f"{name} {old} → {new}"


def _name(path: Path) -> str:
    """What stands at a place: the field, and the item of a list by its name."""
    if len(path) == 1 or not (path[0] in _NAMED_BY or path[0] == "links"):
        return _field(path)
    if len(path) == 2:
        return f"{path[1]} among its {_field(path[:1])}"
    item = path[1].rpartition(" ")[0] if path[0] == "citations" else path[1]  # behind a source stands its role
    if path[2] == "prints" and len(path) > 3:
        return f"what {item} prints of {path[3]}"
    return f"{_field(path[2:])} of {item}"


def _field(path: Path) -> str:
    return " of ".join(step.replace("_", " ") for step in reversed(path))


def _plain(leaf: Leaf, _: Json, __: Json) -> tuple[str | None, str | None, str]:
    old, new = _sides(leaf)
    return old, new, f": {_arrow(_name(leaf.path), old, new)}"


def _shown(estimate: Json) -> str:
    """A figure as a page prints it, with what it is of."""
    held = Estimate.model_validate(estimate)
    phrase = phrase_of(held, held.outcome.replace("-", " "))
    return f"{display(held, phrase)} {phrase}"


def _phrase(estimate: Json) -> str:
    held = Estimate.model_validate(estimate)
    return phrase_of(held, held.outcome.replace("-", " "))


def _number(estimate: Json) -> str:
    held = Estimate.model_validate(estimate)
    return _DANGLING.sub("", display(held, ""))  # "no figure", not "no figure for", where nothing follows


def _estimate(record: Json, name: str) -> Json:
    return next(estimate for estimate in record["estimates"] if estimate["id"] == name)


def _figure(leaf: Leaf, old: Json, new: Json) -> tuple[str | None, str | None, str]:
    before, after = _estimate(old, leaf.path[1]), _estimate(new, leaf.path[1])
    first, second = _number(before), _number(after)
    if first == second:  # another unit or measure of the same number
        first, second = (f"{said} {' '.join(filter(None, (e.get('measure'), e.get('unit'), e.get('per'))))}"
                         for said, e in ((first, before), (second, after)))  # fmt: skip
    return first, second, f", {_phrase(after)}: {first} → {second}"


def _figure_whole(leaf: Leaf, _: Json, __: Json) -> tuple[str | None, str | None, str]:
    if leaf.old is None:
        said = _shown(leaf.new)
        return None, said, f": a figure was added: {said}"
    said = _shown(leaf.old)
    return said, None, f": a figure was removed: {said}"


def _of_figure(leaf: Leaf, _: Json, new: Json) -> tuple[str | None, str | None, str]:
    before, after = _sides(leaf)
    if leaf.path[2] == "period":
        before, after = (None if side is None else spoken_period(str(side)) for side in (leaf.old, leaf.new))
    name = _field(leaf.path[2:])
    return before, after, f", {_phrase(_estimate(new, leaf.path[1]))}: {_arrow(name, before, after)}"


def _count(leaf: Leaf, _: Json, new: Json) -> tuple[str | None, str | None, str]:
    """A sample size: ``n 444 → 453``."""
    if leaf.path[-1] != "n" or leaf.old is None or leaf.new is None:
        before, after = _sides(leaf)
        if len(leaf.path) == 3:
            before, after = (None if side is None else _counted(side) for side in (leaf.old, leaf.new))
        return before, after, f": {_arrow(f'sample {leaf.path[-1]}' if len(leaf.path) > 3 else 'n', before, after)}"
    before, after = (spoken(Decimal(str(side))) for side in (leaf.old, leaf.new))
    of, level = next((c["of"], c["level"]) for c in new["sample"]["counts"] if c["n"] == leaf.new)
    return before, after, f": n {before} → {after} ({of}, {level})"


def _counted(count: Json) -> str:
    return f"{spoken(Decimal(str(count['n'])))} ({count['of']}, {count['level']})"


def _citation_whole(leaf: Leaf, _: Json, __: Json) -> tuple[str | None, str | None, str]:
    held = leaf.old if leaf.new is None else leaf.new
    role = "primary source" if held["role"] == "primary" else "relay"
    done = "is no longer its" if leaf.new is None else "is now its"
    sides = (held["source"], None) if leaf.new is None else (None, held["source"])
    return *sides, f": {held['source']} {done} {role}"


def _read(leaf: Leaf, old: Json, new: Json) -> tuple[str | None, str | None, str]:
    """What somebody opened of a source: how much of it, where, and when."""
    cited = (_by_name(record["citations"], _NAMED_BY["citations"])[leaf.path[1]] for record in (old, new))
    before, after = (_opened(citation["read"]) if citation.get("read") else None for citation in cited)
    source = leaf.path[1].rpartition(" ")[0]
    return before, after, f": {_arrow(f'what was read of {source}', before, after)}"


def _opened(read: Json) -> str:
    parts = (("at", read.get("where")), ("on", read.get("on")))
    return " ".join([read["what"].replace("_", " "), *(f"{word} {said}" for word, said in parts if said)])


def _flag(leaf: Leaf, _: Json, new: Json) -> tuple[str | None, str | None, str]:
    old, now = _sides(leaf)
    reason = f", because: {short(new['vendor_reason'])}" if new.get("vendor_reason") else ""
    return old, now, f": {_arrow('flag', old, now)}{reason}"


def _standing(leaf: Leaf, _: Json, __: Json) -> tuple[str | None, str | None, str]:
    old, new = _sides(leaf)
    held = leaf.new if isinstance(leaf.new, dict) else leaf.old if isinstance(leaf.old, dict) else {}
    events = held.get("events", [held] if "status" in held else [])
    if not events:
        return old, new, f": {_arrow(_name(leaf.path), old, new)}"
    said = "; ".join(_event(event) for event in events)
    return (
        old,
        new,
        f" was {said}" if leaf.old is None or leaf.path == ("standing",) else f": no longer recorded as {said}",
    )


def _event(event: Json) -> str:
    parts = [f"on {event['on']}" if event.get("on") else "", f"by {event['by']}" if event.get("by") else ""]
    only = f", for {', '.join(event['affects'])} only" if event.get("affects") else ""
    status = _SAID.get(event["status"], str(event["status"]))
    return " ".join(filter(None, (status, *parts))) + only


_SAID = {"concern": "put under an expression of concern"}


def _support(leaf: Leaf, _: Json, __: Json) -> tuple[str | None, str | None, str]:
    finding = leaf.path[1]
    if len(leaf.path) == 2:
        held = leaf.old if leaf.new is None else leaf.new
        which = f"{finding} ({held['stance']}{': ' + ', '.join(held['estimates']) if held.get('estimates') else ''})"
        if leaf.new is None:
            return which, None, f" no longer rests on {which}"
        return None, which, f" now rests on {which}"
    old, new = _sides(leaf)
    return old, new, f": {_arrow(f'{_field(leaf.path[2:])} of {finding}', old, new)}"
