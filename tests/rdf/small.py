"""A pack of a dozen records in which every published query finds something. All of it is made up."""

from __future__ import annotations

from pathlib import Path

import evidencekb as ekb
from tests.queries.small import below, cohort, concept, definition, estimate, finding, pack, share, source
from tests.records import built

_TIME = definition("minutes", "time", procedure="Minutes by a clock.", higher_is="worse")


def small_pack(folder: Path) -> ekb.KnowledgeBase:
    """The pack, sealed and opened."""
    trial = finding(
        "trial", estimate("time", -40, definition="minutes", n=120, interval={"lower": -45, "upper": -35}),
        about={"clerk": "measured", "typing": "measured", "work": "mentioned"}, on={"clerks": "exact"},
    )  # fmt: skip
    seller = finding(
        "seller", estimate("time", 20, definition="minutes"), about={"clerk": "measured", "software": "measured"},
        on={"clerks": "exact"},
    )  # fmt: skip
    again = finding(
        "again", share("use", 0.4), about={"typing": "includes", "time": "mentioned"},
        links=[{"type": "replicates", "target": "trial", "because": "Asked again.", "outcome": "failed", "criterion": "sign"}],
    )  # fmt: skip
    newer = finding(
        "newer", share("use", 0.5), links=[{"type": "supersedes", "target": "earlier", "because": "A later edition."}]
    )
    relayed = {
        "source": "relay",
        "role": "secondary",
        "names": "earlier",
        "taken_from": "earlier",
        "prints": {"x": "0.4"},
    }
    earlier = finding("earlier", share("use", 0.4))
    earlier["citations"].append(relayed)
    gone = finding("gone", share("use", 0.9), about={"work": "measured"})
    retracted = {"checked_on": "2026-01-15", "events": [{"status": "retracted", "on": 2024}]}
    records = pack(
        [trial, seller, again, newer, earlier, gone],
        sources=[
            source("seller", vendor="vendor", vendor_reason="Sells the software that it tested."),
            source("gone", standing=retracted),
            source("relay", kind="blog_post", vendor="unknown", vendor_reason="Not looked into; it only relays."),
        ],
        definitions=[_TIME],
        cohorts=[cohort("clerks", broader=["workers"])],
        concepts=[
            concept("role", "office-worker"), concept("role", "clerk", links=below("office-worker")),
            concept("skill", "writing"), concept("skill", "typing", links=below("writing")), concept("skill", "software"),
            concept("topic", "work"), concept("outcome", "duration"), concept("outcome", "time", links=below("duration")),
            concept("outcome", "use"),
        ],
        claims=[
            {
                "id": "typing-takes-less-time", "text": "In one trial, typing took less time.", "about": ["typing"],
                "supports": [
                    {"finding": "trial", "estimates": ["x"], "stance": "supports"},
                    {"finding": "seller", "estimates": ["x"], "stance": "disputes"},
                ],
            }
        ],
        untraced=[
            {
                "id": "half-of-typists", "headline": "Half of typists", "status": "no_source_found", "about": ["typing"],
                "cohorts": ["clerks"], "say": "Nobody has found where it comes from.",
                "searched": [{"where": "the web", "query": "typists", "on": "2026-01-15", "by": "curator"}],
            }
        ],
        exclusions=[{"id": "typewriters", "thread": "Typewriters", "reason": "Too long ago.", "bears_on": ["trial"]}],
    )  # fmt: skip
    return built(folder, records)
