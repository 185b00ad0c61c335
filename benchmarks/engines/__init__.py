"""The same work done by evidencekb, by what one would pick instead, and by floors: ``python -m benchmarks.engines``.

Each contender does each piece of work in a fresh process. ``packs`` makes what all of them read, a module a contender does the
work, ``child`` runs one piece and measures it, ``running`` starts the children in interleaved rounds and keeps what they
measured, ``rendering`` and ``plotting`` write the page.
"""
