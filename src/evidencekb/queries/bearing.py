"""Which findings bear on a subject, as places in the strength order: small to keep, and quick to walk from the nearest on."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evidencekb.answers.sentences import FITS

OTHER = FITS.index("other")
_PROXY = FITS.index("proxy")


@dataclass(frozen=True, slots=True)
class Bearing:
    """Findings that bear on a subject.

    Attributes:
        places: By weight (0 exact, 1 narrower, 2 broader, 3 proxy, 4 mentioned), the places of findings in the strength order.
        left_out: Weights of findings that pages leave out, by their places.
    """

    places: tuple[array[int], ...]
    left_out: Mapping[int, int]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> Bearing:
        """From rows of place, weight, and whether pages leave the finding out, each place once, in order."""
        places, left_out = tuple(array("I") for _ in FITS), {}
        for place, weight, gone in rows:
            if gone:
                left_out[place] = weight
            else:
                places[weight].append(place)
        return cls(places, left_out)

    def __len__(self) -> int:
        return sum(map(len, self.places))

    def weight(self, place: int) -> int | None:
        """How the finding at a place stands to the subject; None when it does not bear on it, or is left out."""
        for weight, held in enumerate(self.places):
            if held and (at := bisect_left(held, place)) < len(held) and held[at] == place:
                return weight
        return None

    def by_place(self) -> dict[int, int]:
        """All weights by place."""
        return {place: weight for weight, held in enumerate(self.places) for place in held}
