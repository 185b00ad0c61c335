#!/usr/bin/env python3
"""Build a small static site from a pack: ``python examples/site/build.py public``.

Every figure comes from a Brief or a Card. Addresses, layout and the few words around them are this folder's.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

import evidencekb as ekb

HERE, SHARDS = Path(__file__).resolve().parent, 8
ROUTES = {
    "finding": "research/stats/{}.html", "claim": "research/claims/{}.html", "untraced": "myths/{}.html",
    "role": "careers/{}.html", "skill": "skills/{}.html", "cohort": "cohorts/{}.html", "question": "q/{}.html",
}  # fmt: skip
ASPECTS = ("posting-language", "callbacks", "pay", "demand", "time-to-proficiency", "adoption", "exposure", "selection")
PINS = ("noy-zhang-2023-writing-speed-quality", "indeed-2025-jobs-highly-transformed")
FIRST = ("machine-learning-engineer", "pytorch")

Page = ekb.Brief | ekb.Card | ekb.ClaimCard | ekb.UntracedCard


def address(ref: ekb.Ref) -> str:
    """Where a record has its page, from the root of the site."""
    return ROUTES[ref.kind].format(ref.id)


@pass_context
def url(context: Context, ref: ekb.Ref) -> str:
    """The address as a link from the page at hand, so that the site also works in a subfolder or opened as files."""
    return f"{context['root']}{address(ref)}"


def filled(value: Any) -> Any:
    """Any value that a template prints; None is a hole, and stops the build."""
    if value is None:
        raise ValueError("a template prints None; ask for the value first, and say which absence it is")
    return value


web = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, finalize=filled,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
web.filters["url"] = url
LOOK = sha256(b"".join(path.read_bytes() for path in sorted(HERE.glob("templates/*")))).hexdigest()


class Site:
    """A folder of pages, and a ledger of what each said when it was last written."""

    def __init__(self, kb: ekb.KnowledgeBase, out: Path, ledger: str = ".ledger.json") -> None:
        """Read the ledger of the last run, if there was one."""
        self.kb, self.out, self.ledger = kb, out, out / ledger
        self.old: dict[str, Any] = json.loads(self.ledger.read_text()) if self.ledger.exists() else {}
        self.new: dict[str, Any] = {}
        self.wrote: list[str] = []

    def put(self, at: str, template: str, page: Page | None, **extra: Any) -> None:
        """Write one page, unless it says what it said before; the stamp does not count."""
        brief = page if isinstance(page, ekb.Brief) else None
        says = page.digest if page else ""
        mark = sha256(repr((LOOK, template, says, sorted(extra.items()))).encode()).hexdigest()
        self.new[at] = [mark, sorted(brief.depends_on) if brief else []]
        path = self.out / at
        if self.old.get(at, [None])[0] == mark and path.exists():
            return
        references = getattr(page, "references", ())
        html = web.get_template(template).render(
            page=page, root="../" * at.count("/"), stamp=brief.stamp if brief else self.kb.stamp,
            numbers={reference.key: number for number, reference in enumerate(references, start=1)}, **extra,
        )  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8")
        self.wrote.append(at)

    def copy(self, name: str) -> None:
        """Copy a file of this folder as it is."""
        self.out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / name, self.out / name)

    def close(self) -> list[str]:
        """Take away pages of the last run that this one did not ask for; tell which pages were written."""
        for gone in self.old.keys() - self.new.keys():
            (self.out / gone).unlink(missing_ok=True)
        self.out.mkdir(parents=True, exist_ok=True)
        self.ledger.write_text(json.dumps(self.new))
        return self.wrote


def had(kb: ekb.KnowledgeBase, kind: str, ids: Iterable[str]) -> list[str]:
    """Those of the ids that the pack has: one of your own need not hold all that this page would like to ask."""
    return [id for id in ids if id in kb.ids(kind)]


def definitions(kb: ekb.KnowledgeBase, cards: Iterable[ekb.Card]) -> dict[str, str]:
    """Texts of the definitions that cards name; a brief brings its own."""
    return {id: kb.definition(id).procedure for card in cards for id in card.definitions}


def skill_for_career(site: Site, role: str, skill: str, related: list[ekb.Neighbour]) -> ekb.Ref:
    """The page about a skill in a career."""
    aspects, pins = had(site.kb, "aspect", ASPECTS), had(site.kb, "finding", PINS)
    page = ekb.brief(site.kb, role=role, skill=skill, aspects=aspects or None, headlines=3, pin=pins)
    site.put(address(page.ref), "brief.html", page, related=related)
    return page.ref


def subject(site: Site, ref: ekb.Ref, related: list[ekb.Neighbour], pairs: list[ekb.Ref]) -> None:
    """The page about a role or a skill alone, with the pairs that have pages of their own."""
    (page,) = ekb.briefs(site.kb, [{ref.kind: ref.id}], headlines=3)
    site.put(address(ref), "brief.html", page, related=related, pairs=pairs)


def finding(site: Site, finding_id: str) -> None:
    """The page of a finding: its figures, its limits, and every hand they passed through."""
    card, kb = ekb.finding_card(site.kb, finding_id), site.kb
    against = sorted({id for figure in card.figures for id in figure.contradicted_by})
    site.put(
        address(card.ref), "finding.html", card, definitions=definitions(kb, [card]), trail=ekb.trace(kb, finding_id),
        claims=[ekb.Ref("claim", claim.id, claim.text) for claim in ekb.claims_about(kb, finding_id)],
        against=[ekb.Ref("finding", id, kb.finding(id).headline) for id in against],
    )  # fmt: skip


def claim(site: Site, claim_id: str) -> None:
    """The page of a claim: what speaks for it, and what against it."""
    card = ekb.claim_card(site.kb, claim_id)
    texts = definitions(site.kb, (support.card for support in card.supports))
    site.put(address(card.ref), "claim.html", card, definitions=texts)


def myth(site: Site, untraced_id: str) -> None:
    """The page of a claim that no source stands behind: no rating, and no figure, as there is none to give."""
    card = ekb.untraced_card(site.kb, untraced_id)
    site.put(address(card.ref), "myth.html", card)


def cohort(site: Site, cohort_id: str) -> ekb.Ref:
    """The page about a group of people or things; narrower and overlapping groups are included, and said."""
    page = ekb.brief(site.kb, cohort=cohort_id, headlines=3)
    myths = [ekb.Ref("untraced", myth.id, myth.headline) for myth in ekb.untraced_about(site.kb, cohort=cohort_id)]
    site.put(address(page.ref), "cohort.html", page, related=ekb.neighbours(site.kb, cohort_id), myths=myths)
    return page.ref


def pairs_of(kb: ekb.KnowledgeBase) -> Iterator[ekb.Question]:
    """Pairs of role and skill that deserve a page; the first page is made apart, with its pins."""
    for asked in ekb.questions(kb, of=("role", "skill"), at_least="partial"):
        if asked.slug != "-x-".join(FIRST):
            yield asked


def shard(pack: Path, out: Path, number: int) -> list[str]:
    """One process's part of the pairs, from a sealed file that all of them read.

    A pair is dealt out by its name: were it by its place in the list, one new pair would move all that come after it.
    """
    with ekb.load(pack) as kb:
        site = Site(kb, out, f".ledger-{number}.json")
        asked = (question for question in pairs_of(kb) if crc32(question.slug.encode()) % SHARDS == number)
        for page in ekb.briefs(kb, asked, aspects=had(kb, "aspect", ASPECTS) or None):  # lazily, in the order asked
            site.put(address(page.ref), "brief.html", page)
        return site.close()


def build(out: Path, pack: Path | None = None, *, pairs: bool = False) -> list[str]:
    """Write the site, all pages but those of :func:`shard`; ``pairs`` links these too. Tells which pages were written."""
    with ekb.load(pack) as kb:
        site = Site(kb, out)
        site.copy("style.css")
        subjects = [
            ref for kind in ("role", "skill")
            for asked in ekb.questions(kb, of=kind, at_least="near") for ref in asked.asked.values()
        ]  # fmt: skip
        ids = {ref.id for ref in subjects}
        beside = {id: [near for near in ekb.neighbours(kb, id) if near.ref.id in ids] for id in ids}
        made = [skill_for_career(site, *FIRST, related=beside[FIRST[1]])] if ids.issuperset(FIRST) else []
        asked = [FIRST] if made else []
        if pairs:
            listed = list(pairs_of(kb))
            made += [ekb.Ref("question", each.slug, str(each)) for each in listed]
            asked += [(each.asked["role"].id, each.asked["skill"].id) for each in listed]
        of = {id: [ref for ref, pair in zip(made, asked, strict=True) if id in pair] for id in ids}
        for ref in subjects:
            subject(site, ref, beside[ref.id], of[ref.id])
        groups = [cohort(site, id) for id in kb.ids("cohort")]
        for id in kb.ids("finding"):  # withdrawn ones too: a page that is linked from elsewhere has to say so
            finding(site, id)
        for id in kb.ids("claim"):
            claim(site, id)
        for id in kb.ids("untraced"):
            myth(site, id)
        site.put(
            "index.html", "index.html", None, pack=kb.name, first=made[:1], groups=groups,
            roles=[ref for ref in subjects if ref.kind == "role"], skills=[ref for ref in subjects if ref.kind == "skill"],
            claims=[ekb.Ref("claim", id, kb.claim(id).text) for id in kb.ids("claim")],
            findings=[ekb.Ref("finding", each.id, each.headline) for each in ekb.select_findings(kb)],
            myths=[ekb.Ref("untraced", each.id, each.headline) for each in ekb.untraced_about(kb)],
        )  # fmt: skip
        return site.close()


def main() -> None:
    """Build what the command line asks for, and say how many pages changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the site")
    parser.add_argument("--pack", type=Path, help="a pack, or a sealed file; the shipped pack when left out")
    parser.add_argument(
        "--pairs", action="store_true", help="also a page for each pair of role and skill that deserves one"
    )
    asked = parser.parse_args()
    wrote = len(build(asked.out, asked.pack, pairs=asked.pairs))
    if asked.pairs:
        with ekb.load(asked.pack) as kb, ProcessPoolExecutor(SHARDS) as pool:
            wrote += sum(map(len, pool.map(partial(shard, kb.path, asked.out), range(SHARDS))))
    sys.stdout.write(f"{wrote} pages changed in {asked.out}\n")


if __name__ == "__main__":
    main()
