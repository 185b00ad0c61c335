"""Who does which work, with which packages, up to which size unless asked for by name, and what is not like for like."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any

CHECK, YAML, ASK, FIGURES, ALONE = "check", "yaml", "ask", "figures", "alone"


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do a piece of work.

    Attributes:
        work: Which work.
        name: Short, for the command line and files.
        label: For the table.
        function: ``module:function`` below this folder.
        needs: Distributions, as pip names them.
        most: Findings up to which it is run when it is not asked for by name.
        reads: What is made beforehand and not timed: ``triples`` or ``yaml``.
        note: What is not like for like.
    """

    work: str
    name: str
    label: str
    function: str
    needs: tuple[str, ...] = ()
    most: int = 1_000_000
    reads: str = ""
    note: str = ""

    def missing(self) -> tuple[str, ...]:
        """Distributions that are not installed."""
        return tuple(name for name in self.needs if not _installed(name))

    def call(self) -> Any:
        """The function that does the work; imports what it needs."""
        module, _, function = self.function.partition(":")
        return getattr(import_module(f"benchmarks.engines.{module}"), function)


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


OURS = "evidencekb"
SMALL, MIDDLE = 10_000, 100_000
_TRIPLES = "from triples written beforehand"
_NO_RULES = "no rules"

CONTENDERS = (
    Contender(CHECK, OURS, "evidencekb, check and build", "ours:build", note="all rules, and the sealed file written"),
    Contender(CHECK, "evidencekb-check", "evidencekb, check alone", "ours:check", note="all rules"),
    Contender(CHECK, "models", "evidencekb's models alone", "ours:models", note="no rules; one process"),
    Contender(
        CHECK, "rows", "evidencekb's rows alone into SQLite", "ours:rows", (), MIDDLE, note="no reading, no rules; one process"
    ),
    Contender(CHECK, "bytes", "read bytes, count lines", "dicts:read_bytes", ("msgspec",), note=_NO_RULES),
    Contender(CHECK, "decode", "msgspec, decode alone", "dicts:decode_only", ("msgspec",), note=_NO_RULES),
    Contender(CHECK, "json", "standard library's json alone", "dicts:parse_only", ("msgspec",), note=_NO_RULES),
    Contender(CHECK, "msgspec", "msgspec + dicts", "dicts:check", ("msgspec",)),
    Contender(CHECK, "msgspec-uncollected", "msgspec + dicts, collector off", "dicts:check_uncollected", ("msgspec",)),
    Contender(CHECK, "duckdb", "DuckDB, SQL", "duck:check", ("duckdb",), note="fields are not checked; all cores"),
    Contender(CHECK, "sqlite", "SQLite in memory, SQL", "plain_sqlite:check", note="fields are not checked"),
    Contender(CHECK, "networkx", "pydantic + networkx", "graphs:check", ("networkx", "pydantic"), MIDDLE),
    Contender(CHECK, "ladybug", "ladybug, Cypher", "lbug:check", ("ladybug",), MIDDLE, note="fields are not checked"),
    Contender(CHECK, "shacl", "shacl (Rust)", "rdf:check_shacl", ("shacl",), MIDDLE, "triples", _TRIPLES),
    Contender(
        CHECK, "pyoxigraph", "pyoxigraph, SPARQL", "rdf:check_oxigraph", ("pyoxigraph",), MIDDLE, "triples",
        f"{_TRIPLES}; fields are not checked",
    ),
    Contender(
        CHECK, "rdflib", "rdflib, SPARQL", "rdf:check_rdflib", ("rdflib",), SMALL, "triples",
        f"{_TRIPLES}; fields are not checked",
    ),
    Contender(CHECK, "pyshacl", "rdflib + pySHACL", "rdf:check_pyshacl", ("rdflib", "pyshacl"), SMALL, "triples", _TRIPLES),
    Contender(YAML, OURS, "evidencekb, check", "ours:check_yaml", (), SMALL, "yaml", "all rules"),
    Contender(YAML, "pyyaml", "PyYAML's loader in C", "ours:load_yaml", ("PyYAML",), SMALL, "yaml", _NO_RULES),
    Contender(ASK, OURS, "evidencekb, sealed file", "ours:prepare"),
    Contender(ASK, "lists", "dict lists by role and skill", "dicts:precomputed", ("msgspec",), note="answers precomputed"),
    Contender(
        ASK, "sqlite-lists", "SQLite, the same lists as tables", "plain_sqlite:prepare_pairs", (), MIDDLE,
        note="answers precomputed",
    ),
    Contender(ASK, "postings", "dicts, a list for each subject", "dicts:postings", ("msgspec",)),
    Contender(ASK, "sqlite", "SQLite, indexed", "plain_sqlite:prepare"),
    Contender(ASK, "networkx", "networkx", "graphs:prepare", ("networkx", "pydantic"), MIDDLE),
    Contender(ASK, "duckdb", "DuckDB", "duck:prepare", ("duckdb",), MIDDLE),
    Contender(ASK, "ladybug", "ladybug", "lbug:prepare", ("ladybug",), MIDDLE),
    Contender(ASK, "pyoxigraph", "pyoxigraph", "rdf:prepare_oxigraph", ("pyoxigraph",), MIDDLE),
    Contender(ASK, "rdflib", "rdflib, prepared", "rdf:prepare_rdflib", ("rdflib",), SMALL),
    Contender(FIGURES, OURS, "first asked", "ours:prepare_figures"),
    Contender(FIGURES, "evidencekb-again", "asked before", "ours:prepare_figures_again"),
    Contender(ALONE, "open", "open a sealed file", "ours:opening"),
    Contender(ALONE, "briefs", "full briefs", "ours:briefs"),
    Contender(ALONE, "audit", "audit of chains", "ours:audit"),
)  # fmt: skip


def find(work: str, name: str) -> Contender:
    """The contender of that name.

    Raises:
        KeyError: If there is none.
    """
    for contender in CONTENDERS:
        if (contender.work, contender.name) == (work, name):
            return contender
    raise KeyError(f"no contender {name!r} for {work!r}")
