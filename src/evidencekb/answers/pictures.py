"""Pictures of where figures come from: boxes in columns, arrows towards the evidence. Plain text in, plain text out."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import pairwise

from evidencekb.answers.origins import Arrow, Node, Origins
from evidencekb.escaping import escaped

_WIDE, _GAP_X, _GAP_Y, _LINE, _PAD, _EDGE = 220, 70, 18, 16, 10, 20
_BESIDE = 160
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


def svg(origins: Origins, *, styled: bool = True) -> str:
    """See :meth:`Origins.to_svg`. A page with a style of its own says itself how wide a picture may be."""
    columns, lanes = _columns(origins)
    places, height = _places(columns)
    beside = any(_beside(arrow, places) for arrow in origins.arrows)
    width = 2 * _EDGE + len(columns) * _WIDE + (len(columns) - 1) * _GAP_X + beside * _BESIDE
    name = "o" + sha256(f"{origins.ref.kind} {origins.ref.id}".encode()).hexdigest()[:8]
    steps = "; ".join(str(origins).splitlines()[1:])
    described = " ".join(f"{origins.sentence} {steps}".split())
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    fitted = ' style="max-width:100%;height:auto"' if styled else ""
    font = 'font-family="system-ui, sans-serif" font-size="12"'
    tip = 'viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-t {name}-d" {size} {font}{fitted}>',
        f'<title id="{name}-t">{escaped(origins.ref.label)}</title>',
        f'<desc id="{name}-d">{escaped(described)}</desc>',
        f'<defs><marker id="{name}-a" {tip}><path d="M0 0 8 4 0 8z" fill="#404040"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(_arrow(arrow, lanes[arrow], places, name) for arrow in origins.arrows),
        *(_box(node, places[node.id]) for node in origins.nodes),
        "</svg>",
    ]
    return "\n".join(parts)


Lanes = dict[Arrow, tuple[str, ...]]
"""What each arrow passes through: room left for it in the columns between its ends."""


def _columns(origins: Origins) -> tuple[list[list[Node]], Lanes]:
    """Boxes by how many steps they stand from the first one at most; a circle is entered once.

    Origins stand in one column, with studies and ends in one behind them.
    """
    onward: dict[str, list[str]] = defaultdict(list)
    for arrow in origins.arrows:
        if arrow.certain:
            onward[arrow.start].append(arrow.end)
    column = dict.fromkeys((node.id for node in origins.nodes), 0)
    forward = _without_circles(origins, onward)
    order = _in_order(origins, forward)
    for kinds in (("origin",), ("study", "end")):
        for start in order:
            for end in forward[start]:
                column[end] = max(column[end], column[start] + 1)
        these = [node.id for node in origins.nodes if node.kind in kinds]
        column |= dict.fromkeys(these, max((column[id] for id in these), default=0))
    columns: list[list[Node]] = [[] for _ in range(max(column.values()) + 1)]
    for node in origins.nodes:
        columns[column[node.id]].append(node)
    lanes: Lanes = {}
    for number, arrow in enumerate(origins.arrows):
        between = range(column[arrow.start] + 1, column[arrow.end])
        lanes[arrow] = tuple(f"lane {number} {at}" for at in between)
        for at, lane in zip(between, lanes[arrow], strict=True):
            columns[at].append(Node(lane, "lane", "", None))
    _straighten(origins, columns, lanes)
    return columns, lanes


def _straighten(origins: Origins, columns: list[list[Node]], lanes: Lanes) -> None:
    """Put what stands in a column into the order of what leads there, so that few arrows cross."""
    before: dict[str, list[str]] = defaultdict(list)
    for arrow in origins.arrows:
        for start, end in pairwise((arrow.start, *lanes[arrow], arrow.end)):
            before[end].append(start)
    rank: dict[str, float] = {}
    for nodes in columns:
        middle: dict[str, float] = {}
        for node in nodes:
            ranks = [rank[id] for id in before[node.id] if id in rank]
            middle[node.id] = sum(ranks) / len(ranks) if ranks else 0
        nodes.sort(key=lambda node, middle=middle: middle[node.id])  # type: ignore[misc]  # bound to this column
        rank |= {node.id: at / len(nodes) for at, node in enumerate(nodes)}


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
    return 6 if node.kind == "lane" else 2 * _PAD + _LINE * (len(_lines(node)) + 1)


def _box(node: Node, place: Place) -> str:
    fill, line, stroke, dashes = _SHAPES[node.kind]
    left, top, height = place
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    corner = 14 if node.kind == "study" else 3
    words = "".join(f'<tspan x="{left + _PAD:g}" dy="{_LINE}">{escaped(text)}</tspan>' for text in _lines(node))
    return (
        f"<g><title>{escaped(node.label)}</title>"
        f'<rect x="{left:g}" y="{top:g}" width="{_WIDE}" height="{height:g}" rx="{corner}" fill="{fill}" stroke="{line}" '
        f'stroke-width="{stroke}"{dashed}/>'
        f'<text x="{left + _PAD:g}" y="{top + _PAD + 10:g}" fill="{line}">'
        f'<tspan font-weight="bold">{node.kind}</tspan>{words}</text></g>'
    )


def _beside(arrow: Arrow, places: Mapping[str, Place]) -> bool:
    """Whether an arrow leads back, or to a box of the same column."""
    return places[arrow.end][0] <= places[arrow.start][0]


def _arrow(arrow: Arrow, lanes: Iterable[str], places: Mapping[str, Place], name: str) -> str:
    left, top, height = places[arrow.start]
    to_left, to_top, to_height = places[arrow.end]
    x, y, to_y = left + _WIDE, top + height / 2, to_top + to_height / 2
    if to_left < left:  # back, under what stands between
        x, y, to_x, to_y = left + _WIDE / 2, top + height, to_left + _WIDE / 2, to_top + to_height
        under = max(y, to_y) + _EDGE
        path = f"M{x:g} {y:g}C{x:g} {under:g} {to_x:g} {under:g} {to_x:g} {to_y:g}"
        word_x, word_y, anchor = (x + to_x) / 2, under - 3, "middle"
    elif _beside(arrow, places):
        out = max(x, to_left + _WIDE) + _GAP_X / 2
        path = f"M{x:g} {y:g}C{out:g} {y:g} {out:g} {to_y:g} {to_left + _WIDE:g} {to_y:g}"
        word_x, word_y, anchor = out - 4, (y + to_y) / 2, "start"
    else:
        stops = [(places[lane][0], places[lane][1] + 3) for lane in lanes] + [(to_left, to_y)]
        word_x, word_y, anchor = x + _GAP_X / 2, (y + stops[0][1]) / 2, "middle"
        path = f"M{x:g} {y:g}"
        for stop_x, stop_y in stops:
            bend = (x + stop_x) / 2
            path += f"C{bend:g} {y:g} {bend:g} {stop_y:g} {stop_x:g} {stop_y:g}"
            x, y = stop_x + _WIDE, stop_y
            path += f"H{x:g}" if stop_x < to_left else ""
    dashed = "" if arrow.certain else ' stroke-dasharray="5 4"'
    words = (
        f'<text x="{word_x:g}" y="{word_y - 3:g}" font-size="10" text-anchor="{anchor}" fill="#404040" '
        f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escaped(arrow.label)}</text>'
        if arrow.label
        else ""
    )
    return f'<path d="{path}" fill="none" stroke="#404040"{dashed} marker-end="url(#{name}-a)"/>{words}'
