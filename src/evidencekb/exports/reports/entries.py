"""An entry of a report as HTML: the sentence, its figures, their chains, the money, conflicts, and what is not established."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from evidencekb.answers import Card, Caveat, EstimateTrail, Figure, Hop, Origins, TrailEntry, TrailPart, UntracedCard
from evidencekb.answers.base import Json
from evidencekb.answers.figures import ties_text
from evidencekb.answers.naming import counted
from evidencekb.answers.numbers import spoken_period
from evidencekb.answers.pictures import svg
from evidencekb.answers.reports import STATES
from evidencekb.answers.shapes import Sighting
from evidencekb.exports.reports.elements import Child, Html, el, link, listed, together

_STANCES = {"supports": "speaks for it", "disputes": "speaks against it", "qualifies": "limits it"}
_KINDS = {"claim": "Claim", "finding": "Finding", "untraced": "In circulation"}
NAMES = {
    "error": "error",
    "withdrawn": "withdrawn",
    "unread": "primary never read",
    "warning": "warned of",
    "relayed": "read elsewhere only",
    "interested": "nobody independent",
    "clear": "nothing found",
    "untraced": "untraced",
}
"""States as a reader is told them."""


def entry_html(entry: TrailEntry) -> Html:
    """An entry: its sentence and how it stands, and its trail below, folded until it is asked for or printed."""
    id = f"{entry.ref.kind}-{entry.ref.id}"
    flags = {source for part in entry.parts for source in _flags(part)}
    head = el("h3", entry.text, id=f"{id}-title")
    marks = [_mark(NAMES[entry.state], f"state {entry.state}"), *(_mark(badge) for badge in entry.badges)]
    figures = sum(len(part.trail.estimates) for part in entry.parts)
    many = [counted(len(entry.parts), "finding"), counted(figures, "figure")] if entry.parts else []
    unseen = el("span", f" of {entry.ref.kind} {entry.ref.id}", class_="unseen")
    summary = el("summary", "Trail", unseen, f": {', '.join(many)}" if many else "")
    untraced = _untraced(entry.circulating) if entry.circulating else None
    return el(
        "article",
        el("p", marks, class_="marks"),
        head,
        el("p", f"{_KINDS[entry.ref.kind]} ", el("code", entry.ref.id), _where(entry.place), class_="byline"),
        el("p", STATES[entry.state], class_="why"),
        _caveats(entry.caveats),
        el(
            "details",
            summary,
            untraced,
            [_part(part, alone=entry.ref.kind == "finding") for part in entry.parts],
            _remarks("Who gains, over all of them", entry.money, level="h4") if entry.ref.kind == "claim" else None,
            _independence(entry),
            _origins(entry.origins),
            _violations("What the check found in the record", entry.violations, "h4"),
            el("p", el("button", "Print this trail", unseen, type="button", class_="print"), class_="tools"),
            class_="trail",
        ),
        id=id,
        class_="entry",
        aria_labelledby=f"{id}-title",
        data_state=entry.state,
        data_kind=entry.ref.kind,
        data_flags=" ".join(sorted(flags)),
    )


def _flags(part: TrailPart) -> Iterator[str]:
    for reference in part.card.references:
        yield reference.vendor["flag"]


def _mark(word: str, sort: str = "") -> Html:
    return el("span", word, class_=f"mark {sort or word.replace(' ', '-')}")


def _where(place: str | None) -> Html | None:
    return None if place is None else together([" · ", el("code", place)])


def _part(part: TrailPart, *, alone: bool) -> Html:
    """A finding: its figures with their chains, and the remarks beside them. Below its own title it needs no other."""
    card = part.card
    marks = [_mark(badge) for badge in card.badges]
    stance = _mark(_STANCES[part.stance], part.stance) if part.stance else None
    title, level = (None, "h4") if alone else (el("h4", card.title), "h5")
    own = [figure for figure in card.figures if figure.estimate in {e.estimate for e in part.trail.estimates}]
    where = None if alone else together([el("code", card.ref.id), _where(part.place), " · "])
    return el(
        "section",
        None if alone else el("p", stance, marks, class_="marks"),
        title,
        el("p", where, card.byline, class_="byline"),
        _caveats(caveat for caveat in card.caveats if caveat.severity == "stop"),
        el("p", card.statement),
        el("p", el("b", "In this claim: "), part.note) if part.note else None,
        list(_chains(part, own)),
        _remarks("Who gains", part.money, "No primary source is recorded.", level),
        _remarks("Against it", part.conflicts, "No finding of this pack is recorded as contradicting it.", level),
        _remarks("Changed on the way", part.drift, f"No {'change' if _relays(part) else 'relay'} is recorded.", level),
        _remarks("Not established", part.unestablished, "Nothing that the pack could tell is missing.", level),
        _limits(card, level),
        _violations("What the check found in it and its sources", part.violations, level),
        class_="part",
    )


def _relays(part: TrailPart) -> bool:
    return any(hop.role == "secondary" for hop in part.hops)


def _chains(part: TrailPart, figures: Sequence[Figure]) -> Iterator[Html]:
    """Figures with the chain that they share; those of one finding mostly share one."""
    by_name = {figure.estimate: figure for figure in figures}
    if not part.trail.estimates:
        yield el("p", "It gives no figure. " + ("Its sources:" if part.sources else "No source is recorded for it."))
        yield el("ol", [_hop(hop, ()) for hop in part.sources], class_="chain")
    for _, group in groupby(part.trail.estimates, key=_chain):
        estimates = list(group)
        yield el("div", [_figure(by_name[estimate.estimate]) for estimate in estimates], class_="figures")
        yield el("ol", [_hop(hop, estimates) for hop in _hops(estimates[0])], class_="chain")
        if not _hops(estimates[0]):
            yield el("p", "No source is recorded for it.", class_="stop")


def _hops(estimate: EstimateTrail) -> tuple[Hop, ...]:
    return (*estimate.primaries, *estimate.relays)


def _chain(estimate: EstimateTrail) -> tuple[object, ...]:
    """What figures share that are told together."""
    return tuple((hop.source, hop.locator) for hop in _hops(estimate))


def _figure(figure: Figure) -> Html:
    """A number with all that stands beside it: its flags, groups, interval or why there is none, and its place in the source."""
    rest = figure.line.removeprefix(figure.said)
    number = el("data", figure.display, value=_value(figure), data_figure=figure.id)
    before, shown, after = figure.said.partition(figure.display)
    absent = [a["text"] for a in (figure.no_interval, figure.no_n) if a]
    details = [
        figure.period and f"period: {spoken_period(figure.period)}",
        *absent,
        *(c.text for c in figure.caveats if c.severity != "note"),
    ]
    told = [before, number, after] if shown else [number, " ", figure.phrase]
    return el(
        "p",
        told,
        rest,
        el("span", el("b", "cited as "), figure.cite["text"], "".join(f"; {d}" for d in details if d), class_="detail"),
        class_="figure",
    )


def _value(figure: Figure) -> str:
    if figure.range is not None:
        return f"{figure.range['low']}/{figure.range['high']}"
    return str(figure.direction if figure.value is None else figure.value)


def _hop(hop: Hop, estimates: Sequence[EstimateTrail]) -> Html:
    """One hand that the figures passed through: who, what was read of it and where, who gains, and what it prints."""
    same = [other for estimate in estimates for other in _hops(estimate) if other.source == hop.source]
    prints = dict.fromkeys(f"“{other.prints}”" for other in same if other.prints)
    role = (
        f"primary source ({hop.basis.replace('_', ' ')})"
        if hop.basis
        else hop.role.replace("secondary", "passed on by")
    )
    rows = [
        ("read", _read(hop)),
        ("where in it", hop.locator),
        ("prints", ", ".join(prints)),
        ("credits", _named(hop.names) if hop.role == "secondary" else None),
        ("took it from", _named(hop.taken_from) if hop.role == "secondary" else None),
        ("standing", _standing(hop)),
        ("tied to it", ties_text(hop.vendor)),
    ]
    return el(
        "li",
        el("p", f"{role}: ", el("cite", link(hop.url, hop.label)), " ", _mark(hop.vendor["flag"]), class_="hand"),
        el("dl", [el("div", el("dt", name), el("dd", value)) for name, value in rows if value]),
        class_=f"{hop.role} {'seen' if hop.read and hop.read['what'] != 'nothing' else 'unseen-by-anyone'}",
    )


def _named(source: str | None) -> str:
    return {"none_named": "nobody", "unknown": "not known", None: "not recorded"}.get(source, source or "")


def _read(hop: Hop) -> Child:
    """The link that was read, and how much of it."""
    if hop.read is None or hop.read["what"] == "nothing":
        return "nobody has read it"
    what, where, on = hop.read["what"].replace("_", " "), hop.read["where"], hop.read["on"]
    return [what, [" at ", link(where, where)] if where else None, f" on {on}" if on else None]


def _standing(hop: Hop) -> str:
    state, checked = hop.standing["state"].replace("_", " "), hop.standing["checked_on"]
    return f"{state}, looked up on {checked}" if checked else "nobody has looked it up"


def _remarks(title: str, remarks: Sequence[str], otherwise: str = "", level: str = "h5") -> Html | None:
    """Remarks of one sort; where there are none, what that means."""
    if not remarks and not otherwise:
        return None
    return together([_title(title, level), listed(remarks, class_="remarks") or el("p", otherwise, class_="none")])


def _title(title: str, level: str) -> Html:
    return el(level, title, class_="topic")


def _independence(entry: TrailEntry) -> Html | None:
    if len(entry.parts) < 2:
        return None
    silent = "No shared data, sample or source is recorded. That leaves open whether they are independent."
    return _remarks("Do they count more than once?", entry.independence, silent, "h4")


def _origins(origins: Origins | None) -> Html | None:
    """The picture of many hands that come down to little; its steps in words are its description."""
    if origins is None:
        return None
    picture = Html(svg(origins, styled=False))
    return together(
        [
            _title("Where all of it comes from", "h4"),
            el("p", origins.sentence),
            el(
                "div",
                picture,
                class_="picture",
                tabindex="0",
                role="group",
                aria_label="Picture of where all of it comes from",
            ),
        ]
    )


def _limits(card: Card, level: str) -> Html | None:
    held = [caveat for caveat in card.caveats if caveat.severity != "stop"]
    return together([_title("Limits", level), _caveats(held)]) if held else None


def _caveats(caveats: Iterable[Caveat]) -> Html | None:
    return listed((el("span", c.text, class_=c.severity, data_code=c.code) for c in caveats), class_="limits")


def _violations(title: str, violations: Sequence[Json], level: str) -> Html | None:
    if not violations:
        return None
    return together([_title(title, level), el("ul", [violation_html(v) for v in violations], class_="violations")])


def violation_html(violation: Json) -> Html:
    """One broken rule: its severity and code, what is wrong, where, and the waiver's reason."""
    where = ":".join(str(violation[key]) for key in ("file", "line", "column") if violation[key])
    waived = violation["waived"]
    return el(
        "li",
        _mark("waived" if waived is not None else violation["severity"]),
        " ",
        el("b", violation["code"]),
        f" {violation['message']} ",
        el("code", where) if where else None,
        el("span", f" Waived: {waived}", class_="reason") if waived is not None else None,
    )


def _untraced(card: UntracedCard) -> Html:
    """A claim in circulation: what may be said of it, where it was seen, where its origin was looked for."""
    sighted = [s for s in (card.earliest_seen,) if s]
    topics: list[tuple[str, list[Child]]] = [
        ("Attributed to", [card.attributed_to] if card.attributed_to else []),
        ("Also told as", list(card.variants)),
        ("Earliest seen", [_sighting(s) for s in sighted]),
        ("Repeated at", [_sighting(s) for s in card.repeated_at]),
        ("Traced by", [_sighting(s) for s in card.traced_by]),
        (
            "Searched",
            [
                f"{s['where']}" + (f": {s['query']}" if s["query"] else "") + f" ({s['by']}, {s['on']})"
                for s in card.searched
            ],
        ),
        ("Nearest findings", [f"{n.finding.label}: {n.differs}" for n in card.nearest]),
    ]
    return el(
        "section",
        el("p", card.text),
        [[_title(title, "h4"), listed(items)] for title, items in topics if items],
        el("p", "Not established: any primary source.", class_="none"),
        class_="part",
    )


def _sighting(seen: Sighting) -> Html:
    told = [
        seen["on"],
        seen["vendor"] and f"vendor flag: {seen['vendor']}",
        seen["prints"] and f"prints {seen['prints']}",
        seen["note"],
    ]
    return together([link(seen["where"], seen["where"]), "".join(f"; {part}" for part in told if part)])
