"""Where figures come from, as a sentence and a picture that stands alone and can be heard."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import evidencekb as ekb
from tests.records import Fields, Records, base_records, built, edited
from tests.studied import linked, pack, page

SVG = "{http://www.w3.org/2000/svg}"
CLAIM = "a-score-brings-replies"
MYTH = "score-doubles-replies"
A, B, C = "https://a.example/x", "https://b.example/y", "https://c.example/z"


def drawn(folder: Path, records: Records, id: str) -> ekb.Origins:
    return ekb.origins_of(built(folder, records), id)


def steps(found: ekb.Origins) -> list[str]:
    return [line.strip() for line in str(found).splitlines()[1:]]


def relay(source: str, taken_from: str) -> Fields:
    return {"source": source, "role": "secondary", "names": taken_from, "taken_from": taken_from}


def blog(id: str) -> Fields:
    return {"id": id, "kind": "blog_post", "title": f"Post {id}", "url": f"https://{id}.example/", "vendor": "unknown",
            "vendor_reason": "Not looked into; it only relays."}  # fmt: skip


def test_two_papers_of_one_study_lead_to_one_box(tmp_path: Path) -> None:
    found = drawn(tmp_path, pack(**linked("shares_data", extent="all")), CLAIM)
    assert (found.sentence, found.problems) == ("2 papers, 1 study.", ("one_study",))
    assert [node.label for node in found.nodes if node.kind == "study"] == ["study 1"]
    assert sum(arrow.end == "study 1" for arrow in found.arrows) == 2


def test_what_may_be_one_study_is_dashed(tmp_path: Path) -> None:
    found = drawn(tmp_path, pack(**linked("shares_data", extent="part")), CLAIM)
    assert found.problems == ()
    assert [step for step in steps(found) if "-?" in step] == ["study 2 -? study 1 (shares data, part)"]
    assert found.to_mermaid().count("-.->") == 1
    assert len(re.findall(r'<path d="[^"]*" fill="none" stroke="#404040" stroke-dasharray', found.to_svg())) == 1


def test_many_citers_of_a_finding_lead_to_one_origin(tmp_path: Path) -> None:
    edits = {
        "sources.+": blog("blog-a"),
        "sources.3": blog("blog-b"),
        "findings.0.citations.+": relay("news2024", "audit2024"),
        "findings.0.citations.2": relay("blog-a", "news2024"),
        "findings.0.citations.3": {**relay("blog-b", "none_named"), "names": "none_named"},
    }
    found = drawn(tmp_path, edited(base_records(), edits), "audit-2024-replies")
    assert found.sentence == "3 pages repeat what 1 source gives; 1 of them leads to no origin that is known."
    assert found.problems == ("dead_end",)
    took = [(a.start, a.end) for a in found.arrows if a.label == "took it from"]
    assert took == [("source news2024", "source audit2024"), ("source blog-a", "source news2024")]
    assert {node.kind for node in found.nodes if node.record == "audit2024"} == {"origin"}


def test_pages_that_took_it_from_each_other_are_a_circle(tmp_path: Path) -> None:
    pages = [page(A, B), page(B, A), page(C)]
    found = drawn(
        tmp_path, edited(base_records(), {"untraced.0.status": "circular", "untraced.0.repeated_at": pages}), MYTH
    )
    assert found.problems == ("circle", "dead_end", "no_data")
    assert found.sentence == (
        "3 pages repeat it, none with data; of 2 of them it is known which page they took it from; some took it from each other."
    )
    assert "a.example/x -> b.example/y (took it from)" in steps(found)
    assert "b.example/y -> a.example/x (took it from)" in steps(found)
    ElementTree.fromstring(found.to_svg())


def test_pages_that_lead_to_the_oldest_trace_end_before_data(tmp_path: Path) -> None:
    edits = {
        "untraced.0.status": "dead_end",
        "untraced.0.earliest_seen": {"where": C},
        "untraced.0.repeated_at": [page(A, C), page(B, C)],
    }
    found = drawn(tmp_path, edited(base_records(), edits), MYTH)
    assert found.problems == ("no_data",)
    assert found.sentence.endswith("the oldest trace is c.example/z, which shows none.")
    assert [node.kind for node in found.nodes if node.record == C] == ["origin"]
    assert "c.example/z -> no data shown" in steps(found)


def test_a_source_has_no_origins_and_an_unknown_id_is_told(tmp_path: Path) -> None:
    kb = built(tmp_path, base_records())
    with pytest.raises(ekb.QuestionError, match="is a source"):
        ekb.origins_of(kb, "audit2024")
    with pytest.raises(ekb.UnknownIdError):
        ekb.origins_of(kb, "nothing-here")


HOSTILE = '</svg><script>alert(me)</script> "quoted" & <b>; click X "javascript:me" %% #quot; ]] | --> end'


def test_a_hostile_text_stays_text(tmp_path: Path) -> None:
    found = drawn(tmp_path, edited(base_records(), {"claims.0.text": HOSTILE}), CLAIM)
    root = ElementTree.fromstring(found.to_svg())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "defs", "marker", "path", "rect", "g", "text", "tspan",
    }  # fmt: skip
    assert root.findtext(f"{SVG}title") == HOSTILE
    (line,) = [line for line in found.to_mermaid().splitlines() if "[[" in line]
    assert line.count('"') == 2
    assert "<" not in line


def test_a_picture_stands_alone_and_can_be_heard(tmp_path: Path) -> None:
    found = drawn(tmp_path, pack(), CLAIM)
    svg = found.to_svg()
    root = ElementTree.fromstring(svg)
    named = [root.find(f"*[@id='{id}']") for id in root.attrib["aria-labelledby"].split()]
    assert root.attrib["role"] == "img"
    assert [element.tag for element in named if element is not None] == [f"{SVG}title", f"{SVG}desc"]
    description = named[1].text or ""  # type: ignore[union-attr]  # both were found, as the line above says
    assert found.sentence in description
    assert all(step in description for step in steps(found))
    assert re.findall(r"(?:href|src)=|url\((?!#)", svg) == []
    assert json.loads(found.to_json()) == found.to_dict()


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    root = ElementTree.fromstring(svg)
    rects = [rect for group in root.findall(f"{SVG}g") for rect in group.findall(f"{SVG}rect")]
    return [
        (float(r.attrib["x"]), float(r.attrib["y"]), float(r.attrib["width"]), float(r.attrib["height"])) for r in rects
    ]


@pytest.mark.parametrize("kind", ["claim", "untraced", "finding"])
def test_every_picture_of_the_shipped_pack_is_sound(kind: str) -> None:
    kb = ekb.load()
    for id in kb.ids(kind):
        found = ekb.origins_of(kb, id)
        names = {node.id for node in found.nodes}
        assert len(names) == len(found.nodes)
        assert {end for arrow in found.arrows for end in (arrow.start, arrow.end)} <= names
        assert names - {arrow.end for arrow in found.arrows} <= {found.nodes[0].id}, id
        svg = found.to_svg()
        root, placed = ElementTree.fromstring(svg), boxes(svg)
        assert len(placed) == len(found.nodes)
        assert all(
            x + w <= float(root.attrib["width"]) and y + h <= float(root.attrib["height"]) for x, y, w, h in placed
        )
        apart = [(a, b) for i, a in enumerate(placed) for b in placed[:i] if _overlap(a, b)]
        assert apart == [], id


def _overlap(a: Any, b: Any) -> bool:
    return bool(a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3])
