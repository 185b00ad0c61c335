"""Pooling estimates: arithmetic on values and variances, which knows nothing of findings.

Needs the extra ``pool``: ``pip install 'evidencekb[pool]'``.
"""

from evidencekb.extras import needed

for _module in ("numpy", "scipy"):
    needed(_module, "pool")
