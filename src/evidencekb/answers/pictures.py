"""Pictures of where figures come from: boxes in columns, arrows towards the evidence. Plain text in, plain text out."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from evidencekb.answers.origins import Arrow, Node, Origins

_WIDE, _GAP_X, _GAP_Y, _LINE, _PAD, _EDGE = 220, 70, 18, 16, 10, 20
_CHARACTERS, _LINES = 30, 3
_SHAPES = {
    # Told apart by outline and by word too, so that nothing hangs on colour; each colour has 7:1 against its text.
    "claim": ("#f5f5f5", "#1a1a1a", 3, ""),
    "finding": ("#ffffff", "#1a1a1a", 1.5, ""),
    "page": ("#ffffff", "#595959", 1.5, "6 3"),
    "origin": ("#e6f0fa", "#0b3d66", 2, ""),
    "study": ("#e8f3ea", "#14532d", 3, ""),
    "end": ("#fdf1e3", "#7a3e00", 2, "2 3"),
}
_MERMAID = {"claim": "[[{}]]", "finding": "[{}]", "page": "({})", "origin": "[/{}/]", "study": "([{}])", "end": ">{}]"}


def mermaid(origins: Origins) -> str:
    """See :meth:`Origins.to_mermaid`."""
    names = {node.id: f"n{number}" for number, node in enumerate(origins.nodes)}
    lines = ["flowchart LR", f"  accTitle: {_plain(origins.ref.label)}", f"  accDescr: {_plain(origins.sentence)}"]
    lines += [f"  {names[node.id]}{_MERMAID[node.kind].format(_quoted(node.label))}" for node in origins.nodes]
    for arrow in origins.arrows:
        line = "-->" if arrow.certain else "-.->"
        label = f"|{_quoted(arrow.label)}|" if arrow.label else ""
        lines.append(f"  {names[arrow.start]} {line}{label} {names[arrow.end]}")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """One line without what Mermaid reads as more than text."""
    return " ".join(text.replace(";", ",").replace("#", " ").replace("%%", "%").split())


def _quoted(text: str) -> str:
    inner = (
        " ".join(text.split()).replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    )
    return f'"{inner}"'


def svg(origins: Origins) -> str:
    """See :meth:`Origins.to_svg`."""
    columns = _columns(origins)
    places, height = _places(columns)
    back = any(places[arrow.end][0] <= places[arrow.start][0] for arrow in origins.arrows)
    width = 2 * _EDGE + len(columns) * _WIDE + (len(columns) - 1 + back) * _GAP_X
    name = "o" + sha256(f"{origins.ref.kind} {origins.ref.id}".encode()).hexdigest()[:8]
    steps = "; ".join(str(origins).splitlines()[1:])
    described = " ".join(f"{origins.sentence} {steps}".split())
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    font = 'style="max-width:100%;height:auto" font-family="system-ui, sans-serif" font-size="12"'
    tip = 'viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-t {name}-d" {size} {font}>',
        f'<title id="{name}-t">{escape(origins.ref.label)}</title>',
        f'<desc id="{name}-d">{escape(described)}</desc>',
        f'<defs><marker id="{name}-a" {tip}><path d="M0 0 8 4 0 8z" fill="#404040"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(_arrow(arrow, places, name) for arrow in origins.arrows),
        *(_box(node, places[node.id]) for node in origins.nodes),
        "</svg>",
    ]
    return "\n".join(parts)


def _columns(origins: Origins) -> list[list[Node]]:
    """Boxes by how many steps they stand from the first one at most; a circle is entered once."""
    onward: dict[str, list[str]] = defaultdict(list)
    for arrow in origins.arrows:
        onward[arrow.start].append(arrow.end)
    column = dict.fromkeys((node.id for node in origins.nodes), 0)
    forward = _without_circles(origins, onward)
    for start in _in_order(origins, forward):
        for end in forward[start]:
            column[end] = max(column[end], column[start] + 1)
    last = max(column.values())
    for node in origins.nodes:
        if node.kind in ("study", "end"):
            column[node.id] = max(column[node.id], last)
    held = [[node for node in origins.nodes if column[node.id] == at] for at in range(last + 1)]
    return [boxes for boxes in held if boxes]


def _without_circles(origins: Origins, onward: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The arrows without those that lead back to where one has come from."""
    forward: dict[str, list[str]] = defaultdict(list)
    done: set[str] = set()
    for root in origins.nodes:
        if root.id in done:
            continue
        done.add(root.id)
        walk, inside = [(root.id, iter(onward.get(root.id, ())))], {root.id}
        while walk:
            at, ends = walk[-1]
            for end in ends:
                if end in inside:
                    continue
                forward[at].append(end)
                if end not in done:
                    done.add(end)
                    inside.add(end)
                    walk.append((end, iter(onward.get(end, ()))))
                    break
            else:
                walk.pop()
                inside.discard(at)
    return forward


def _in_order(origins: Origins, forward: Mapping[str, list[str]]) -> list[str]:
    """Boxes so that each comes before those it leads to."""
    waiting: dict[str, int] = defaultdict(int)
    for ends in forward.values():
        for end in ends:
            waiting[end] += 1
    ready = [node.id for node in origins.nodes if not waiting[node.id]]
    order: list[str] = []
    while ready:
        order.append(at := ready.pop())
        for end in forward.get(at, ()):
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    return order


Place = tuple[float, float, float]
"""Left edge, upper edge and height of a box."""


def _places(columns: list[list[Node]]) -> tuple[dict[str, Place], int]:
    heights = [sum(_height(node) for node in boxes) + _GAP_Y * (len(boxes) - 1) for boxes in columns]
    tallest = max(heights)
    places: dict[str, Place] = {}
    for at, boxes in enumerate(columns):
        top: float = _EDGE + (tallest - heights[at]) / 2
        for node in boxes:
            places[node.id] = (_EDGE + at * (_WIDE + _GAP_X), top, _height(node))
            top += _height(node) + _GAP_Y
    return places, round(tallest) + 2 * _EDGE


def _lines(node: Node) -> list[str]:
    return textwrap.wrap(node.label, _CHARACTERS, max_lines=_LINES, placeholder=" …") or [""]


def _height(node: Node) -> float:
    return 2 * _PAD + _LINE * (len(_lines(node)) + 1)


def _box(node: Node, place: Place) -> str:
    fill, line, stroke, dashes = _SHAPES[node.kind]
    left, top, height = place
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    corner = 14 if node.kind == "study" else 3
    words = "".join(f'<tspan x="{left + _PAD:g}" dy="{_LINE}">{escape(text)}</tspan>' for text in _lines(node))
    return (
        f"<g><title>{escape(node.label)}</title>"
        f'<rect x="{left:g}" y="{top:g}" width="{_WIDE}" height="{height:g}" rx="{corner}" fill="{fill}" stroke="{line}" '
        f'stroke-width="{stroke}"{dashed}/>'
        f'<text x="{left + _PAD:g}" y="{top + _PAD + 10:g}" fill="{line}">'
        f'<tspan font-weight="bold">{node.kind}</tspan>{words}</text></g>'
    )


def _arrow(arrow: Arrow, places: Mapping[str, Place], name: str) -> str:
    left, top, height = places[arrow.start]
    to_left, to_top, to_height = places[arrow.end]
    dashed = "" if arrow.certain else ' stroke-dasharray="5 4"'
    if to_left > left:
        start, end = (left + _WIDE, top + height / 2), (to_left, to_top + to_height / 2)
        bend = (end[0] - start[0]) / 2
        path = f"M{start[0]:g} {start[1]:g}C{start[0] + bend:g} {start[1]:g} {end[0] - bend:g} {end[1]:g} {end[0]:g} {end[1]:g}"
        middle = (
            start[0] + min(bend, _GAP_X / 2),
            start[1] + (end[1] - start[1]) * min(1, _GAP_X / 2 / max(bend, 1)) / 2,
        )
    else:  # back, or beside: around the right edge
        start, end = (left + _WIDE, top + height / 2), (to_left + _WIDE, to_top + to_height / 2)
        out = max(start[0], end[0]) + _GAP_X * 0.6
        path = f"M{start[0]:g} {start[1]:g}C{out:g} {start[1]:g} {out:g} {end[1]:g} {end[0]:g} {end[1]:g}"
        middle = (out - 10, (start[1] + end[1]) / 2)
    words = (
        f'<text x="{middle[0]:g}" y="{middle[1] - 3:g}" font-size="10" text-anchor="middle" fill="#404040" '
        f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(arrow.label)}</text>'
        if arrow.label
        else ""
    )
    return f'<path d="{path}" fill="none" stroke="#404040"{dashed} marker-end="url(#{name}-a)"/>{words}'
