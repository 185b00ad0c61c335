"""Where all that a record lists comes from: many hands, and what they lead to."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from evidencekb.answers.origins import Arrow, Node, Origins
from evidencekb.answers.records import Ref
from evidencekb.errors import QuestionError
from evidencekb.queries.desk import desk_of
from evidencekb.queries.independence import independent_support, studies_of
from evidencekb.queries.subjects import one
from evidencekb.vocab import TRACEABLE

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_RELAYS = 6
_PAGES = 24
_ENDS = {"none_named": "names no origin", "unknown": "nobody looked where it is from"}
_BASES = {
    "own_data": "own data",
    "own_analysis": "others' data",
    "own_act": "an act",
    "own_statement": "a statement",
}
_PROBLEMS = ("one_study", "circle", "dead_end", "no_data")


def origins_of(kb: KnowledgeBase, id: str) -> Origins:
    """Where all that a record lists comes from, as a sentence and a picture.

    Many citers may have one origin, pages may take a figure from each other, and a chain may end before any data.

    Args:
        kb: The knowledge base.
        id: A claim, with the findings that support it; a finding, with the pages that repeat it; or an untraced claim, with the
            pages on which it was seen.

    Raises:
        UnknownIdError: If no record has the id.
        QuestionError: If the record is neither a finding, a claim nor an untraced claim.

    Examples:
        >>> from evidencekb import load
        >>> found = origins_of(load(), "unresolved-dol-bad-hire-30pct")
        >>> found.problems
        ('dead_end', 'no_data')
        >>> found.to_mermaid().splitlines()[0]
        'flowchart LR'
    """
    kind = kb.kind_of(one("id", id), among=TRACEABLE)
    if kind not in TRACEABLE:
        raise QuestionError(f"{id!r} is a {kind}; only findings, claims and untraced claims have origins")
    picture = _Picture(kb)
    draw = {"claim": _of_claim, "finding": _of_finding, "untraced": _of_untraced}[kind]
    label, sentence = draw(picture, kb.record(kind, id))
    return Origins(
        ref=Ref(kind, id, label),
        sentence=sentence,
        problems=tuple(problem for problem in _PROBLEMS if problem in picture.problems),
        nodes=tuple(picture.nodes.values()),
        arrows=tuple(picture.arrows),
    )


class _Picture:
    """Boxes and arrows as they are found."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.nodes: dict[str, Node] = {}
        self.arrows: dict[Arrow, None] = {}
        self.problems: set[str] = set()

    def box(self, kind: str, name: str, label: str, record: str | None = None) -> str:
        """A box; of a page that turns out to be an origin, the origin's."""
        id = f"{'source' if kind in ('page', 'origin') else kind} {name}"
        if id not in self.nodes or kind == "origin":
            self.nodes[id] = Node(id, kind, label, record)
        return id

    def lead(self, start: str, end: str, label: str = "", *, certain: bool = True) -> None:
        """An arrow."""
        self.arrows[Arrow(start, end, label, certain)] = None

    def end(self, start: str, name: str, problem: str = "", *, label: str = "") -> None:
        """Where nothing leads on."""
        self.lead(start, self.box("end", name, name), label)
        if problem:
            self.problems.add(problem)


def _of_claim(picture: _Picture, claim: dict[str, Any]) -> tuple[str, str]:
    kb = picture.kb
    listed = [entry["finding"] for entry in claim.get("supports", ()) if entry["stance"] == "supports"]
    findings = tuple(dict.fromkeys(listed))
    top = picture.box("claim", claim["id"], claim["text"], claim["id"])
    records = {finding: kb.record("finding", finding) for finding in findings}
    origins = {
        c["source"] for record in records.values() for c in record.get("citations", ()) if c["role"] == "primary"
    }
    classes = studies_of(kb, findings)
    numbers = {strict: number for number, strict in enumerate(dict.fromkeys(c for c, _ in classes.values()), start=1)}
    shown: dict[str, str] = {}
    for finding in findings:
        record = records[finding]
        box = picture.box("finding", finding, record["headline"], finding)
        picture.lead(top, box, "supports")
        number = numbers[classes[finding][0]]
        shown[finding] = picture.box("study", str(number), f"study {number}")
        _draw_chains(picture, record, box, shown[finding], origins)
    support = independent_support(kb, claim["id"])
    for held in support.stances:
        if held.stance == "supports":
            for join in held.perhaps:
                if (one_study := shown.get(join.finding)) and (other := shown.get(join.other)) and one_study != other:
                    picture.lead(
                        one_study, other, f"{join.reason.replace('_', ' ')}, {join.extent or 'unknown'}", certain=False
                    )
            if held.findings > 1 and held.strict == 1:
                picture.problems.add("one_study")
    return claim["text"], support.sentence


def _of_finding(picture: _Picture, finding: dict[str, Any]) -> tuple[str, str]:
    citations = finding.get("citations", ())
    primaries = {c["source"] for c in citations if c["role"] == "primary"}
    relays = {c["source"] for c in citations if c["role"] == "secondary"} - primaries
    box = picture.box("finding", finding["id"], finding["headline"], finding["id"])
    _draw_chains(picture, finding, box, None)
    lost = len({c["source"] for c in citations if c.get("taken_from") in _ENDS} - primaries)
    given = f"what {_many(len(primaries), 'source')} {'gives' if len(primaries) == 1 else 'give'}"
    parts = [f"{_many(len(relays), 'page')} {'repeats' if len(relays) == 1 else 'repeat'} {given}"]
    if lost:
        parts.append(f"{lost} of them {'leads' if lost == 1 else 'lead'} to no origin that is known")
    if "circle" in picture.problems:
        parts.append("some took it from each other")
    if "no_data" in picture.problems:
        parts.append("a statement shows no data")
    return finding["headline"], "; ".join(parts) + "."


def _draw_chains(
    picture: _Picture, finding: dict[str, Any], box: str, study: str | None, origins: Collection[str] = ()
) -> None:
    """The citations of a finding: pages towards what they took, primaries towards what they rest on.

    What is an origin of another finding in the picture has its end there.
    """
    citations = finding.get("citations", ())
    primaries = [c for c in citations if c["role"] == "primary"]
    of_primaries = {c["source"] for c in primaries}
    relays = [c for c in citations if c["role"] == "secondary" and c["source"] not in of_primaries]
    desk = desk_of(picture.kb)
    keys = tuple(dict.fromkeys(c["source"] for c in (*primaries, *relays)))
    labels = {reference.key: reference.label for reference in desk.references(keys)}
    took = {c["source"]: c.get("taken_from") for c in relays}
    if _circles(took):
        picture.problems.add("circle")
    for primary in primaries:
        here = picture.box("origin", primary["source"], labels[primary["source"]], primary["source"])
        basis = primary.get("basis")
        if basis == "own_statement":
            picture.end(here, "no data shown", "no_data", label=_BASES[basis])
        if (onward := primary.get("taken_from")) in labels:
            picture.lead(here, picture.box("page", onward, labels[onward], onward), "took it from")
        if study:
            picture.lead(here, study, _BASES.get(basis or "", ""))
        elif basis and basis != "own_statement":
            picture.end(here, _BASES[basis])
    shown = relays[:_RELAYS]
    taken = {took[c["source"]] for c in shown} | {c.get("taken_from") for c in primaries}
    for relay in shown:
        here = picture.box("page", relay["source"], labels[relay["source"]], relay["source"])
        onward = relay.get("taken_from")
        if onward in _ENDS and relay["source"] not in origins:
            picture.end(here, _ENDS[onward], "dead_end")
        elif onward in labels:
            picture.lead(here, picture.box("page", onward, labels[onward], onward), "took it from")
        if relay["source"] not in taken or _circles(took):
            picture.lead(box, here)
    for primary in primaries:
        if primary["source"] not in taken or not shown:
            picture.lead(box, f"source {primary['source']}")
    if len(relays) > len(shown):
        picture.lead(
            box, picture.box("end", f"more {finding['id']}", f"and {_many(len(relays) - len(shown), 'more page')}")
        )


def _of_untraced(picture: _Picture, untraced: dict[str, Any]) -> tuple[str, str]:
    top = picture.box("claim", untraced["id"], untraced["headline"], untraced["id"])
    oldest = untraced.get("earliest_seen")
    pages = untraced.get("repeated_at", ())
    shown = pages[:_PAGES]
    took = {page["where"]: page.get("taken_from") for page in (*pages, *((oldest,) if oldest else ()))}
    if _circles(took):
        picture.problems.add("circle")
    picture.problems.add("no_data")
    for page in (*shown, *((oldest,) if oldest else ())):
        kind = "origin" if page is oldest else "page"
        here = picture.box(kind, page["where"], _short(page["where"]), page["where"])
        picture.lead(top, here, "oldest trace" if page is oldest else "repeated at")
        onward = page.get("taken_from")
        if page is oldest and not onward:
            picture.end(here, "no data shown")
        elif not onward or onward in _ENDS:
            picture.end(here, _ENDS[onward or "unknown"], "dead_end")
        else:
            there = picture.box("page", onward, _short(onward), onward)
            picture.lead(here, there, "took it from")
            if onward not in took:
                picture.end(there, "no data shown")
    if len(pages) > len(shown):
        picture.lead(top, picture.box("end", "more", f"and {_many(len(pages) - len(shown), 'more page')}"))
    return untraced["headline"], _sentence(untraced, took, "circle" in picture.problems)


def _sentence(untraced: dict[str, Any], took: dict[str, str | None], circle: bool) -> str:
    pages = untraced.get("repeated_at", ())
    named = sum(1 for page in pages if page.get("taken_from") and page["taken_from"] not in _ENDS)
    parts = [f"{_many(len(pages), 'page')} {'repeats' if len(pages) == 1 else 'repeat'} it, none with data"]
    if pages:
        parts.append(f"of {f'{named} of them' if named else 'none'} it is known which page they took it from")
    if circle:
        parts.append("some took it from each other")
    if oldest := untraced.get("earliest_seen"):
        parts.append(f"the oldest trace is {_short(oldest['where'])}, which shows none")
    return "; ".join(parts) + "."


def _circles(took: dict[str, str | None]) -> bool:
    """Whether pages lead back to themselves."""
    for page in took:
        seen = {page}
        at = took.get(page)
        while at is not None and at not in seen:
            seen.add(at)
            at = took.get(at)
        if at is not None:
            return True
    return False


def _short(where: str) -> str:
    bare = where.partition("://")[2] if where.startswith(("http://", "https://")) else where
    return bare.removeprefix("www.").rstrip("/")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
