"""A finding to be filled in: every field that a reader must see, empty, with the words it may hold beside it.

``check`` refuses it field by field until it is filled; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable

from evidencekb.store.scalars import quoted
from evidencekb.store.writing import format_text
from evidencekb.vocab import Absence, Basis, Bearing, CohortFit, Design, Measure, Nature, ReadWhat, SampleLevel


def finding_text(id: str, source: str, *, today: str) -> str:
    """A YAML file with one finding that rests on a source.

    Args:
        id: The finding's id.
        source: Key of its primary source.
        today: Day of the curator's reading, YYYY-MM-DD.
    """
    return format_text(f"""\
# Fill in what the source prints, and take out what does not apply. An empty field is refused by `evidencekb check`.
# One finding is one source version, one sample, one design, one nature and one moment; see docs/how-to/add-a-finding.md.

findings:
  - id: {quoted(id, False)}
    # What was found, in own words, with the figure.
    headline:
    statement:
    # {_words(Nature)}
    nature:
    # {_words(Design)}
    design:
    sample:
      # How many of what; level: {_words(SampleLevel)}.
      counts:
        - {{n: , of: , level: analysed}}
      place:
      period:
      chosen:
    # fit: {_words(CohortFit)}
    cohorts:
      - {{cohort: , fit: exact}}
    # how: {_words(Bearing)}
    about:
      - {{concept: , how: measured}}
    estimates:
      - id: main
        main: true
        outcome:
        definition:
        # {_words(Measure)}
        measure:
        value:
        unit:
        # An interval as printed, {{lower: , upper: , level: 0.95}}; or why there is none: {_words(Absence)}
        no_interval:
    citations:
      - source: {quoted(source, False)}
        role: primary
        # {_words(Basis)}
        basis:
        # The page, table or figure that holds the number.
        locator:
        # what: {_words(ReadWhat)}
        read: {{what: , on: {today}}}
        prints: {{main: }}
""")


def _words(vocabulary: Iterable[object]) -> str:
    return ", ".join(map(str, vocabulary))
