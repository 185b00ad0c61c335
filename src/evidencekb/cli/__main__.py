"""``python -m evidencekb.cli``."""

from evidencekb.cli.app import main

main()
