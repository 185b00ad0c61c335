"""Pictures of evidence, drawn with matplotlib: readable in grey, told in words too, the same bytes for the same records.

Needs the extra ``plots``: ``pip install 'evidencekb[plots]'``; chains are drawn without it. A picture shows itself in a notebook;
``save`` writes it as SVG or PNG.

>>> from evidencekb import load
>>> picture = draw_chain(load(), "noy-zhang-2023-writing-speed-quality")
>>> picture.to_svg().startswith("<svg")
True
"""

from evidencekb.plots.chains import draw_chain
from evidencekb.plots.forests import draw_forest
from evidencekb.plots.funnels import draw_funnel
from evidencekb.plots.gapmaps import draw_gap_map
from evidencekb.plots.pictures import Picture
from evidencekb.plots.rows import Row, row_of, rows_of
from evidencekb.plots.timelines import draw_timeline

__all__ = [
    "Picture",
    "Row",
    "draw_chain",
    "draw_forest",
    "draw_funnel",
    "draw_gap_map",
    "draw_timeline",
    "row_of",
    "rows_of",
]
