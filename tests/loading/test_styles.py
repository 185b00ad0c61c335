"""The citation styles of a pack: named in its manifest, printed by a build, and refused with a place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.engines.verifying import verify
from evidencekb.rules import base_pack
from tests.packs import TODAY, write_pack

HOUSE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>House</title></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout prefix="House: "><text variable="title"/></layout></bibliography></style>"""
PRINTED = "SELECT style, source FROM printed ORDER BY style, source"


def pack(folder: Path, styles: str, **files: str) -> Path:
    manifest = f"name: example\nversion: 1.0.0\n{styles}"
    return write_pack(folder, {"pack.yaml": manifest, "base.yaml": base_pack(), **files})


def built(folder: Path, styles: str, **files: str) -> ekb.KnowledgeBase:
    ekb.build(pack(folder / "pack", styles, **files), folder / "pack.ekb", today=TODAY)
    return ekb.load(folder / "pack.ekb")


def problems(folder: Path, styles: str, **files: str) -> list[str]:
    found = ekb.check(pack(folder, styles, **files), today=TODAY)
    return [f"{violation.place}: {violation.code} {violation.message}" for violation in found.errors]


def test_a_build_prints_every_source_in_every_style_that_the_pack_names(tmp_path: Path) -> None:
    with built(tmp_path, "styles: [apa, house.csl]\n", **{"house.csl": HOUSE}) as kb:
        keys = kb.ids("source")
        assert kb.rows(PRINTED) == [(style, key) for style in ("apa", "house.csl") for key in keys]
        assert verify(kb.path)["pack"] == "example"


def test_a_pack_that_names_no_style_is_printed_when_it_is_asked(tmp_path: Path) -> None:
    with built(tmp_path, "") as kb:
        assert kb.rows(PRINTED) == []
        (reference,) = ekb.references(kb, "audit2024", style="apa")
        assert "Journal of Made-up Studies" in reference.text


def test_a_style_of_its_own_goes_with_the_sealed_file(tmp_path: Path) -> None:
    with built(tmp_path, "styles: own/house.csl\n", **{"own/house.csl": HOUSE}) as kb:
        (tmp_path / "pack/own/house.csl").unlink()
        (reference,) = ekb.references(kb, "audit2024", style="own/house.csl")
        assert reference.text.startswith("House: ")
        (other,) = ekb.references(kb, "audit2024", style="own/house.csl", locale="de-DE")
        assert other == reference


def test_a_folder_is_opened_without_printing_and_reads_the_same(tmp_path: Path) -> None:
    with (
        built(tmp_path, "styles: [apa, house.csl]\n", **{"house.csl": HOUSE}) as sealed,
        ekb.load(tmp_path / "pack") as kb,
    ):
        assert kb.rows(PRINTED) == []
        assert kb.digest == sealed.digest
        for style in ("apa", "house.csl"):
            assert ekb.references(kb, style=style) == ekb.references(sealed, style=style)


def test_styles_change_the_tables_and_not_the_digest_of_the_records(tmp_path: Path) -> None:
    with built(tmp_path / "with", "styles: apa\n") as one, built(tmp_path / "without", "") as other:
        assert one.digest == other.digest
        assert verify(one.path)["sealed"] != verify(other.path)["sealed"]


def test_a_pack_prints_what_it_extends_in_its_own_styles_alone(tmp_path: Path) -> None:
    pack(tmp_path / "base", "styles: apa\n")
    second = write_pack(
        tmp_path / "second",
        {"pack.yaml": "name: second\nversion: 1.0.0\nextends: ../base\nstyles: nature\n"},
    )
    ekb.build(second, tmp_path / "second.ekb", today=TODAY)
    with ekb.load(tmp_path / "second.ekb") as kb:
        assert kb.rows(PRINTED) == [("nature", key) for key in kb.ids("source")]
        assert kb.ids("source")


@pytest.mark.parametrize(
    ("styles", "said"),
    [
        ("styles: aap\n", "pack.yaml:3:1: EKB502 style 'aap': no style is called that; did you mean 'apa'?"),
        ("styles: [apa, apa]\n", "pack.yaml:3:15: EKB502 the style 'apa' stands twice; name it once"),
        ("styles: [apa, no.csl]\n", "pack.yaml:3:15: EKB502 style 'no.csl': it cannot be read: No such file"),
        (
            "styles: ../out.csl\n",
            "pack.yaml:3:1: EKB502 style '../out.csl': it lies outside of the pack's folder; copy it",
        ),
        ("styles: /etc/out.csl\n", "pack.yaml:3:1: EKB502 style '/etc/out.csl': it lies outside of the pack's folder"),
        ("styles: linked.csl\n", "pack.yaml:3:1: EKB502 style 'linked.csl': it lies outside of the pack's folder"),
        ("styles: loop.csl\n", "pack.yaml:3:1: EKB502 style 'loop.csl': it "),
        ("styles: broken.csl\n", "pack.yaml:3:1: EKB502 style 'broken.csl': it is not well-formed XML"),
        (
            "styles: latin.csl\n",
            "pack.yaml:3:1: EKB502 style 'latin.csl': it is not UTF-8 text; save the file as UTF-8",
        ),
        ("styles: listless.csl\n", "pack.yaml:3:1: EKB502 style 'listless.csl': it has no 'bibliography'"),
        ("styles: [3]\n", "pack.yaml:3:10: EKB502 styles.0 is the number 3, and numbers lose zeros; quote it"),
    ],
)
def test_a_style_that_cannot_be_used_is_refused_at_its_line(tmp_path: Path, styles: str, said: str) -> None:
    folder = tmp_path / "pack"
    listless = HOUSE[: HOUSE.index("<bibliography>")] + "</style>"
    pack(folder, "", **{"broken.csl": HOUSE[:-3], "listless.csl": listless})
    (tmp_path / "out.csl").write_text(HOUSE, encoding="utf-8")
    (folder / "latin.csl").write_bytes(HOUSE.replace("House", "Haus für").encode("latin-1"))
    (folder / "linked.csl").symlink_to(tmp_path / "out.csl")
    (folder / "loop.csl").symlink_to(folder / "loop.csl")
    (problem,) = problems(folder, styles)
    assert problem.startswith(said)


def test_a_folder_with_a_bad_style_opens_without_it(tmp_path: Path) -> None:
    folder = pack(tmp_path, "styles: [broken.csl, apa]\n", **{"broken.csl": "<style"})
    with ekb.load(folder, check=False) as kb:
        assert kb.rows("SELECT name FROM style") == [("apa",)]
        assert [violation.code for violation in kb.report.errors] == ["EKB502"]
