"""The version of the library, in its one place; data has a version of its own, in ``data/pack.yaml``."""

__version__ = "0.1.0"
