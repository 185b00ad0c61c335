"""Quantities in English text: numbers, ranges, bounds, units and words of direction, each with its place.

>>> from evidencekb.quantities import read_quantities
>>> [q.text for q in read_quantities("ChatGPT cut writing time 40% and raised graded quality by a fifth")]
['40%', 'a fifth']
"""

from __future__ import annotations

from evidencekb.quantities.directions import Direction, directions_of, read_directions
from evidencekb.quantities.quantity import Kind, Quantity
from evidencekb.quantities.reading import read_quantities

__all__ = ["Direction", "Kind", "Quantity", "directions_of", "read_directions", "read_quantities"]
