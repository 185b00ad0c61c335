"""Changing a pack's files: sources from identifiers and bibliographies, with everything known filled in.

The vendor flag is never guessed. What is known of money stands beside it as hints, and ``check`` refuses the source
until a person has decided.
"""

from __future__ import annotations

from evidencekb.curating.adding import add_from_file, add_source
from evidencekb.curating.additions import Addition
from evidencekb.curating.importing import ImportReport, import_file
from evidencekb.curating.others.importing import import_candidates
from evidencekb.curating.others.report import CandidateImport
from evidencekb.curating.replicationreport import ReplicationImport
from evidencekb.curating.replications import import_replications

__all__ = [
    "Addition",
    "CandidateImport",
    "ImportReport",
    "ReplicationImport",
    "add_from_file",
    "add_source",
    "import_candidates",
    "import_file",
    "import_replications",
]
