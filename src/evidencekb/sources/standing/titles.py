"""What a title says of the standing of its work, and how little that proves.

Publishers put "RETRACTED:" before the title of a withdrawn work, but some give the same title to the notice, and a title
may speak of the retraction of jets or of a lung. So a title never makes an event: it makes a question.

>>> flag_in("RETRACTED ARTICLE: Replies to applications")
Flag(word='RETRACTED ARTICLE:', status=<StandingState.RETRACTED: 'retracted'>)
>>> flag_in("Evidence for a jet retraction in the North Pacific") is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidencekb.sources.items import plain
from evidencekb.vocab import StandingState

_WORK = r"(?:ARTICLES?|PAPERS?|CHAPTERS?|BOOK|PREPRINT|MANUSCRIPT|ABSTRACT|PUBLICATION|STUDY|REVIEW|LETTER)"
_STOP = r"(?:\s*[:.]|\s+[-\u2013\u2014]|[\u2013\u2014])"
_NOTICE = r"(?:\s+(?:NOTICE|NOTE|STATEMENT|LETTER))?"
_QUOTE = "[\"'\u2018\u201c\u00ab\u201e]"
_OF = r"\s+(?:TO|OF|FOR|ON)"

# Words with a meaning of their own need a colon or a quoted title behind them.
_OPENINGS: tuple[tuple[re.Pattern[str], StandingState], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), status)
    for pattern, status in (
        (rf"(?:RETRACTED|WITHDRAWN|REMOVED)(?:\s+{_WORK})?{_STOP}", StandingState.RETRACTED),
        (rf"(?:PARTIALLY|TEMPORARILY)\s+(?:RETRACTED|REMOVED){_STOP}", StandingState.RETRACTED),
        (rf"(?:RETRACTED|WITHDRAWN)\s+{_WORK}$", StandingState.RETRACTED),
        (rf"[\[(](?:RETRACTED|WITHDRAWN|REMOVED)(?:\s+{_WORK})?[\])]", StandingState.RETRACTED),
        (r"(?:TEMPORARY\s+|PERMANENT\s+)REMOVAL" + _STOP, StandingState.RETRACTED),
        (r"(?:NOTICE|STATEMENT)\s+OF\s+(?:PARTIAL\s+)?(?:RETRACTION|WITHDRAWAL)\b", StandingState.RETRACTED),
        (rf"(?:PARTIAL\s+|EDITORIAL\s+)?RETRACTION{_NOTICE}(?:{_STOP}|$|\s*{_QUOTE})", StandingState.RETRACTED),
        (r"(?:PARTIAL\s+)?RETRACTION\s+(?:NOTICE|NOTE|STATEMENT)\b", StandingState.RETRACTED),
        (r"(?:PARTIAL\s+)?RETRACTION\s+(?:OF|TO|FOR)\b", StandingState.RETRACTED),
        (rf"WITHDRAWAL(?:\s+NOTICE)?(?:{_STOP}|$)", StandingState.RETRACTED),
        (r"(?:EDITORIAL\s+)?(?:NOTICE\s+OF\s+)?EXPRESSIONS?\s+OF\s+(?:EDITORIAL\s+)?CONCERN\b", StandingState.CONCERN),
        (r"EDITORIAL\s+NOTICE\s+OF\s+CONCERN\b", StandingState.CONCERN),
        (r"(?:AUTHOR\S*\s+|PUBLISHER\S*\s+)?(?:ERRATUM|ERRATA|CORRIGENDUM|CORRIGENDA)\b", StandingState.CORRECTED),
        (r"(?:AUTHOR|PUBLISHER)\S*\s+CORRECTION\b", StandingState.CORRECTED),
        (rf"(?:CORRECTIONS?|ADDENDUM)(?:{_OF})?(?:\s*:|\s*{_QUOTE})", StandingState.CORRECTED),
    )
)
_ENDINGS: tuple[tuple[re.Pattern[str], StandingState], ...] = (
    (re.compile(r"[\[(]\s*(?:RETRACTED|WITHDRAWN)\b[^\])]{0,200}[\])]\W*$", re.IGNORECASE), StandingState.RETRACTED),
    (re.compile(r":\s*(?:RETRACTED|RETRACTION)\W*$", re.IGNORECASE), StandingState.RETRACTED),
    (re.compile(r":\s*(?:ERRATUM|ERRATA|CORRIGENDUM)\W*$", re.IGNORECASE), StandingState.CORRECTED),
)


@dataclass(frozen=True, slots=True)
class Flag:
    """A word of a title that speaks of a change.

    Attributes:
        word: As it stands in the title.
        status: What it would mean.
    """

    word: str
    status: StandingState


def flag_in(title: str) -> Flag | None:
    """What a title says of the standing of its work; None for nearly all titles.

    Examples:
        >>> flag_in("Replies to applications (Retracted article. See vol. 3, pg. 9, 2021)").status
        <StandingState.RETRACTED: 'retracted'>
        >>> flag_in("Erratum to \u201cVisual outcomes\u201d").word, flag_in("Correction of refractive errors in children")
        ('Erratum', None)
    """
    text = plain(title[:2000]).lstrip("*_\u2020\u2021 ")
    for pattern, status in _OPENINGS:
        if match := pattern.match(text):
            return Flag(match[0].strip(" \"'\u2018\u201c\u00ab\u201e"), status)
    for pattern, status in _ENDINGS:
        if match := pattern.search(text):
            return Flag(match[0].lstrip(": "), status)
    return None
