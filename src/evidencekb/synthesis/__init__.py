"""Pooling estimates: arithmetic on values and variances, which knows nothing of findings.

Needs the extra ``pool``: ``pip install 'evidencekb[pool]'``. Whether estimates may be pooled at all, being comparable and
independent, is for those to say who know what they are.

>>> from evidencekb.synthesis import pool_values
>>> print(pool_values([0.1, 0.3, 0.9], [0.04, 0.02, 0.05], method="common"))
0.3737 (SE 0.1026), 0.95 interval 0.1726 to 0.5748; common effect; Wald (normal) interval; k = 3
"""

from evidencekb.extras import needed

for _module in ("numpy", "scipy"):
    needed(_module, "pool")

from evidencekb.synthesis.asymmetry import Asymmetry, Filled, fill_funnel, rank_funnel, regress_funnel  # noqa: E402
from evidencekb.synthesis.grouping import PooledGroups, pool_groups  # noqa: E402
from evidencekb.synthesis.pooling import leave_one_out, pool_cumulatively, pool_values, regress_values  # noqa: E402
from evidencekb.synthesis.records import (  # noqa: E402
    INTERVALS,
    METHODS,
    Coefficient,
    Heterogeneity,
    Pooled,
    Regression,
)
from evidencekb.synthesis.rows import PooledRows, pool_rows  # noqa: E402
from evidencekb.synthesis.tables import TABLE_MEASURES, PooledTables, pool_tables  # noqa: E402

__all__ = [
    "INTERVALS",
    "METHODS",
    "TABLE_MEASURES",
    "Asymmetry",
    "Coefficient",
    "Filled",
    "Heterogeneity",
    "Pooled",
    "PooledGroups",
    "PooledRows",
    "PooledTables",
    "Regression",
    "fill_funnel",
    "leave_one_out",
    "pool_cumulatively",
    "pool_groups",
    "pool_rows",
    "pool_tables",
    "pool_values",
    "rank_funnel",
    "regress_funnel",
    "regress_values",
]
