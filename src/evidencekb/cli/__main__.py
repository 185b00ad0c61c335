"""``python -m evidencekb.cli``."""

from evidencekb.cli import main

main()
