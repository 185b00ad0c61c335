"""What titles say, and what they only seem to say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidencekb.sources.standing.titles import flag_in
from evidencekb.vocab import StandingState

RETRACTED, CONCERN, CORRECTED = StandingState.RETRACTED, StandingState.CONCERN, StandingState.CORRECTED


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Retracted: Replies to applications", RETRACTED),
        ("RETRACTED ARTICLE: Replies to applications", RETRACTED),
        ("RETRACTED CHAPTER: Replies", RETRACTED),
        ("WITHDRAWN: Replies to applications", RETRACTED),
        ("[Retracted] Replies to applications", RETRACTED),
        ("(Withdrawn) Replies", RETRACTED),
        ("<b>RETRACTED</b>: Replies to applications", RETRACTED),
        ("Retraction", RETRACTED),
        ("Retraction: Replies to applications", RETRACTED),
        ("Retraction of \u201cReplies to applications\u201d", RETRACTED),
        ("Retraction Note to: Replies to applications", RETRACTED),
        ("Retraction\u2014Replies to applications", RETRACTED),
        ("Notice of Retraction and Replacement. Replies to applications", RETRACTED),
        ("Statement of Retraction: Replies", RETRACTED),
        ("Replies to applications (Retracted article. See vol. 3, pg. 9, 2021)", RETRACTED),
        ("Replies to applications: Retraction", RETRACTED),
        ("TEMPORARY REMOVAL: Replies", RETRACTED),
        ("Expression of Concern: Replies to applications", CONCERN),
        ("Editorial Expression of Concern: Replies", CONCERN),
        ("Erratum", CORRECTED),
        ("Erratum to \u201cReplies to applications\u201d", CORRECTED),
        ("Corrigendum: Replies", CORRECTED),
        ("Publisher Correction: Replies", CORRECTED),
        ("Correction to: Replies to applications", CORRECTED),
        ("Addendum: Replies", CORRECTED),
        ("Replies to applications: Erratum", CORRECTED),
    ],
)
def test_a_title_that_speaks_of_a_change(title: str, status: StandingState) -> None:
    flag = flag_in(title)
    assert flag is not None
    assert flag.status is status


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Evidence for nonlinear processes in fostering a North Pacific jet retraction",
        "Gingival retraction cords: a review",
        "Retracted spacers in made-up bridges",
        "Retractions in made-up journals, 1970 to 2020",
        "Withdrawal from benzodiazepines",
        "Removal of batch effects",
        "Removed from the rolls: a history",
        "Correction of refractive errors in children",
        "Correction to the Debye model",
        "Corrections for multiple testing",
        "Automated error correction",
        "A matter of concern: expression in yeast",
        "The effect of retracted papers on later work",
    ],
)
def test_a_title_that_only_uses_the_words(title: str) -> None:
    assert flag_in(title) is None


@pytest.mark.shared
def test_in_the_crossref_corpus_notices_are_flagged_and_nothing_else(shared: Path) -> None:
    """Each title with a flag is a notice or a withdrawn work; each work whose record updates another has one.

    Judged by eye: two errata, one retraction and nine corrections. What is called a jet retraction is none.
    """
    flagged, unflagged = [], []
    for line in (shared / "corpora/05-scholarly-apis/crossref-works.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        title = next(iter(row["message"].get("title") or [""]))
        updates = any(str(entry["DOI"]).lower() != row["doi"] for entry in row["message"].get("update-to") or ())
        if flag_in(title):
            flagged.append(title)
            assert updates or "title-notice" in row["features"], title
        elif updates or "title-notice" in row["features"]:
            unflagged.append(title)
    assert len(flagged) == 12
    assert unflagged == ["Evidence for nonlinear processes in fostering a North Pacific jet retraction"]
