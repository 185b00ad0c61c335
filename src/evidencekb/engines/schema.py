"""The tables of a sealed file, as data: what each column holds, and the statements that make them.

Base tables hold what the records say, one row a link, so that a rule or a question is plain SQL. Derived tables hold
what the build works out. Some tables and columns are read by no question of this library: they are there for the SQL of
auditors and of a pack's own rules. Every column is TEXT or INTEGER, absence is '' or NULL as said, flags are 0 or 1: the same
texts then run on other engines.
"""

from __future__ import annotations

from dataclasses import dataclass

APPLICATION_ID = 0x454B4231
FORMAT_VERSION = 6
PAGE_SIZE = 16384


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in order, its key, and whether the build derives it.

    A unique index that is no key is made after the load, over rows that may come in any order.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    derived: bool = False
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Column names without their types."""
        return tuple(column.split(" ")[0] for column in self.columns)

    @property
    def integers(self) -> frozenset[str]:
        """Names of the columns that hold numbers; the others hold texts."""
        return frozenset(column.split(" ")[0] for column in self.columns if " INTEGER" in column)

    @property
    def create(self) -> str:
        """The CREATE TABLE statement."""
        key = f", PRIMARY KEY({', '.join(self.key)})" if self.key else ""
        tail = " WITHOUT ROWID" if self.key else ""
        return f"CREATE TABLE {self.name}({', '.join(_typed(c) for c in self.columns)}{key}){tail}"

    @property
    def create_indexes(self) -> tuple[str, ...]:
        """Statements for the indexes, run after the load."""
        return tuple(
            f"CREATE {word} {self.name}_{'_'.join(columns)} ON {self.name}({', '.join(columns)})"
            for word, listed in (("UNIQUE INDEX", self.unique), ("INDEX", self.indexes))
            for columns in listed
        )


def _typed(column: str) -> str:
    return column if " " in column else f"{column} TEXT NOT NULL DEFAULT ''"


VOCABULARY = Table("vocabulary", ("term", "position INTEGER NOT NULL"), key=("term",))
META = Table("meta", ("name TEXT", "value TEXT NOT NULL"), key=("name",))

BASE = (
    # Not keyed: bodies are long, and come in any order. The index holds the digests, so that two files are compared without
    # a look at bodies; that no id stands twice is held by "known".
    Table("record", ("kind", "id", "digest", "pack", "body"), unique=(("kind", "id", "digest"),)),
    Table("place", ("kind", "id", "file", "line INTEGER NOT NULL"), key=("kind", "id")),
    # Every id that may be referred to, also of records that could not be represented and so have no other row.
    Table("known", ("kind", "id"), key=("kind", "id")),
    # Ids that records other than findings and sources refer to, and the field each stands in.
    Table("pointer", ("kind", "id", "path", "target_kind", "target"), indexes=(("target_kind", "target"),)),
    Table(
        "source",
        ("id", "kind", "title_key", "version_key", "work", "vendor", "reason_key", "reason", "publisher_key",
         "located INTEGER NOT NULL", "standing", "withdrawn INTEGER NOT NULL", "checked_on", "since", "until", "authors_key"),
        key=("id",), indexes=(("work",),),
    ),
    Table("identifier", ("source", "scheme", "value"), indexes=(("scheme", "value"), ("source",))),
    # part is the place of the finding among those that the event or tie touches.
    Table("standing", ("source", "position INTEGER NOT NULL", "status", "since", "by", "finding", "part INTEGER NOT NULL"),
          indexes=(("source",),)),
    Table("interest", ("source", "position INTEGER NOT NULL", "organization", "tie", "sells", "finding", "part INTEGER NOT NULL"),
          indexes=(("source",),)),
    Table("organization", ("id", "name", "part_of"), key=("id",)),
    Table("sells", ("organization", "concept"), key=("organization", "concept")),
    Table("concept", ("id", "kind", "label", "plural"), key=("id",)),
    Table("concept_link", ("concept", "position INTEGER NOT NULL", "relation", "target", "source"), key=("concept", "position"),
          indexes=(("target",),)),
    Table("cohort", ("id", "label", "unit", "on_pages INTEGER NOT NULL"), key=("id",)),
    Table("cohort_overlap", ("cohort", "other"), key=("cohort", "other")),
    # Cohorts that share no member. That no row joins two says nothing of them.
    Table("cohort_disjoint", ("cohort", "other"), key=("cohort", "other")),
    Table("broader", ("kind", "narrow", "broad"), key=("kind", "narrow", "broad")),
    Table("definition", ("id", "subject", "label", "procedure", "higher"), key=("id",)),
    # What a definition says it may be compared with, and what it must not be.
    Table("comparable", ("definition", "other"), key=("definition", "other")),
    Table("incomparable", ("definition", "other"), key=("definition", "other")),
    Table(
        "finding",
        ("id", "headline", "nature", "design", "since", "until", "counts INTEGER NOT NULL", "no_counts", "place_key",
         "sample_key"),
        key=("id",),
    ),
    Table(
        "estimate",
        ("finding", "estimate", "position INTEGER NOT NULL", "main INTEGER NOT NULL", "outcome", "definition", "measure",
         "valued INTEGER NOT NULL", "unit", "has_interval INTEGER NOT NULL", "absence", "grp", "comparator", "since", "until",
         "place", "wanted", "sign INTEGER NOT NULL", "scale", "low", "high"),
        key=("finding", "estimate"), indexes=(("outcome",), ("definition", "grp", "comparator", "scale", "sign", "low", "high")),
    ),
    # Estimates of experiments, audits and surveys that are weak, or of which nobody can tell: why is unclear, few or unknown.
    Table("weak", ("finding", "estimate", "path", "why", "found"), key=("finding", "estimate")),
    Table(
        "citation",
        ("finding", "position INTEGER NOT NULL", "source", "role", "basis", "names", "taken_from", "read", "locator",
         "lists INTEGER NOT NULL", "seen INTEGER NOT NULL"),
        key=("finding", "position"), indexes=(("source",),),
    ),
    Table("prints", ("finding", "position INTEGER NOT NULL", "item", "printed"), key=("finding", "position", "item")),
    # position is -1 for a product that was tested and is not among what the finding is about.
    Table("finding_concept", ("finding", "concept", "how", "position INTEGER NOT NULL"), key=("finding", "concept"),
          indexes=(("concept",),)),
    Table("finding_product", ("finding", "position INTEGER NOT NULL", "product"), key=("finding", "position")),
    Table("finding_cohort", ("finding", "cohort", "fit", "position INTEGER NOT NULL"), key=("finding", "cohort"),
          indexes=(("cohort",),)),
    Table("finding_definition", ("finding", "definition", "position INTEGER NOT NULL"), key=("finding", "definition"),
          indexes=(("definition",),)),
    Table(
        "finding_link", ("finding", "position INTEGER NOT NULL", "type", "target", "extent", "outcome", "asserted_by"),
        key=("finding", "position"), indexes=(("target",),),
    ),
    # Links that may say why two findings differ, once for each estimate they are about; estimate is empty for all.
    Table("acknowledges", ("finding", "target", "estimate", "position INTEGER NOT NULL", "reasoned INTEGER NOT NULL"),
          key=("finding", "target", "estimate", "position")),
    Table("claim", ("id", "strong INTEGER NOT NULL", "supports INTEGER NOT NULL"), key=("id",)),
    Table("claim_about", ("claim", "subject"), key=("claim", "subject"), indexes=(("subject",),)),
    Table("support", ("claim", "position INTEGER NOT NULL", "finding", "estimate", "stance"), indexes=(("claim",), ("finding",))),
    Table("legal", ("finding", "act", "body", "suit", "merits"), key=("finding",)),
    Table("untraced", ("id", "status"), key=("id",)),
    Table("untraced_about", ("untraced", "kind", "subject"), key=("untraced", "kind", "subject"),
          indexes=(("kind", "subject"),)),
    Table("untraced_near", ("untraced", "finding"), key=("untraced", "finding"), indexes=(("finding",),)),
    Table("gap", ("id", "kind", "aspect"), key=("id",)),
    Table("gap_about", ("gap", "subject"), key=("gap", "subject"), indexes=(("subject",),)),
    Table("aspect", ("id", "label", "unanswered"), key=("id",)),
    Table("aspect_question", ("aspect", "shape", "template"), key=("aspect", "shape")),
    Table("aspect_outcome", ("aspect", "outcome"), key=("aspect", "outcome")),
    Table("aspect_wanted", ("aspect", "wanted", "position INTEGER NOT NULL"), key=("aspect", "wanted")),
    Table("bears_on", ("exclusion", "finding"), key=("exclusion", "finding"), indexes=(("finding",),)),
)  # fmt: skip

DERIVED = (
    # What leads where, and all that is reached from it in up to 33 steps: relays towards what they took (kind 'chain', a
    # scope of one finding), narrow towards broad (cohort, concept), parts towards owners (organization).
    Table("edge", ("kind", "scope", "origin", "target"), derived=True, indexes=(("kind", "scope", "origin"),)),
    Table("reach", ("kind", "scope", "origin", "target", "steps INTEGER NOT NULL"), key=("kind", "scope", "origin", "target"),
          derived=True),
    # broad holds narrow at the fewest steps; every node holds itself at 0.
    Table("closure", ("kind", "broad", "narrow", "steps INTEGER NOT NULL"), key=("kind", "broad", "narrow"),
          derived=True, indexes=(("kind", "narrow"),)),
    # Ids that are referred to and that no record has.
    Table("dangling", ("target_kind", "target"), key=("target_kind", "target"), derived=True),
    # The primary citations of each estimate; hops is 0 when the primary was read, else the steps from the nearest relay
    # that was read, and -1 when nothing was read that leads to it.
    Table("carried", ("finding", "estimate", "source", "basis", "vendor", "hops INTEGER NOT NULL", "read", "standing"),
          key=("finding", "estimate", "source"), derived=True, indexes=(("source",),)),
    Table("vendors", ("finding", "flag", "sources INTEGER NOT NULL"), key=("finding", "flag"), derived=True),
    Table("measured", ("finding", "since", "until"), key=("finding",), derived=True),
    # Links that make two findings one study; certain is 0 when only some of the data, or nobody knows how much, is shared.
    Table("joined", ("finding", "position INTEGER NOT NULL", "target", "kind", "extent", "certain INTEGER NOT NULL"),
          key=("finding", "position"), derived=True, indexes=(("target",),)),
    # The primaries, and what these were taken from, of findings that a claim lists, that a link joins to another, or that try
    # another again.
    Table("behind", ("finding", "source"), key=("finding", "source"), derived=True, indexes=(("source",),)),
    # What such a finding has in common with every other of the same kind and mark.
    Table("bond", ("finding", "kind", "mark", "certain INTEGER NOT NULL"), key=("finding", "kind", "mark"), derived=True,
          indexes=(("kind", "mark"),)),
    # Which of them are one study, each class named by its first finding: strict by certain bonds, lenient by all.
    Table("study", ("finding", "strict", "lenient"), key=("finding",), derived=True, indexes=(("strict",), ("lenient",))),
    # Links by which a finding (other) tries another again. Rows of one strict class are one study; of one lenient class they may
    # be, and it is the original where the two may share data. because says why one is not counted: withdrawn, own_work (of the
    # original) or same_data; empty when it counts.
    Table("replicating", ("finding", "other", "position INTEGER NOT NULL", "type", "outcome", "work", "strict", "lenient",
                          "because"),
          key=("finding", "other", "position"), derived=True),
    # Studies that replicate a finding, each once.
    Table("replication", ("finding", "successful INTEGER NOT NULL", "failed INTEGER NOT NULL", "other INTEGER NOT NULL"),
          key=("finding",), derived=True),
    # Why a finding is not alone: another work (other) replicates it or is replicated by it, or a pool (other) includes it.
    Table("tried", ("finding", "other"), key=("finding", "other"), derived=True),
    # Definitions that may be compared, both ways round; turn is -1 when more is better in one and worse in the other.
    Table("alike", ("definition", "other", "turn INTEGER NOT NULL"), key=("definition", "other"), derived=True),
    # Estimates that are named alike and do not all say the same: of two signs, or, on a scale, with intervals that do not all
    # meet. many is 1 where they are too many to set each beside each; held is how many they are.
    Table("contest", ("definition", "other", "grp", "comparator", "scale", "turn INTEGER NOT NULL", "many INTEGER NOT NULL",
                      "held INTEGER NOT NULL"),
          key=("definition", "other", "grp", "comparator", "scale"), derived=True),
    # The estimates of those that are not too many, with what decides whether two of them can be set side by side.
    Table("contender", ("definition", "other", "grp", "comparator", "scale", "turn INTEGER NOT NULL", "finding", "estimate",
                        "nature", "outcome", "measure", "sign INTEGER NOT NULL", "low", "high", "wanted", "place",
                        "unsure INTEGER NOT NULL", "since", "until"),
          key=("definition", "other", "grp", "comparator", "scale", "finding", "estimate"), derived=True),
    # Estimates of two findings that say different things of the same, both ways round. how is opposite (signs) or apart
    # (intervals); said is 2 when a link says why, 1 when a link does not, 0 when there is none.
    Table("conflict", ("finding", "estimate", "other", "against", "how", "said INTEGER NOT NULL"),
          key=("finding", "estimate", "other", "against"), derived=True),
    # The standing of each primary source, for each finding that rests on it.
    Table("state", ("finding", "source", "state"), key=("finding", "source"), derived=True),
    Table("withdrawn", ("finding", "source", "status"), key=("finding", "source"), derived=True),
    # The strength order without a question, and the criteria that made it, each smaller is stronger. vendor is 1 when a
    # primary source is flagged vendor.
    Table("ranked", ("finding", "rank INTEGER NOT NULL", "standing INTEGER NOT NULL", "seen INTEGER NOT NULL",
                     "design INTEGER NOT NULL", "independence INTEGER NOT NULL", "replications INTEGER NOT NULL",
                     "precision INTEGER NOT NULL", "vendor INTEGER NOT NULL"),
          key=("finding",), derived=True, indexes=(("rank",),)),
    # because is the newer version or the reversal; empty for a withdrawn source.
    Table("left_out", ("finding", "because"), key=("finding", "because"), derived=True),
    # Estimates whose outcome, and whose sort of number, answer an aspect; wanted is the place of that sort in its list.
    Table("answering", ("aspect", "finding", "estimate", "wanted INTEGER NOT NULL"), key=("aspect", "finding", "estimate"),
          derived=True, indexes=(("finding",),)),
    # Findings filed under a subject itself, strongest first; kind is concept (tags), outcome (of estimates) or cohort. weight
    # is 0 exact, 1 narrower, 2 broader, 3 proxy, 4 mentioned; gone 1 for what pages leave out, 2 for what was withdrawn.
    Table("single", ("kind", "subject", "rank INTEGER NOT NULL", "weight INTEGER NOT NULL", "vendor INTEGER NOT NULL",
                     "gone INTEGER NOT NULL", "finding"),
          key=("kind", "subject", "rank"), derived=True),
    # Findings with more than 64 mixes of a role and a skill: they stand in single alone.
    Table("wide", ("finding",), key=("finding",), derived=True),
    # Findings filed under a role and a skill, one row for each of their cohorts; withdrawn ones excepted.
    Table("pair", ("role", "skill", "rank INTEGER NOT NULL", "cohort", "vendor INTEGER NOT NULL", "finding"),
          key=("role", "skill", "rank", "cohort"), derived=True),
    Table("card", ("finding", "body"), key=("finding",), derived=True),
    Table("listed", ("source", "body"), key=("source",), derived=True),
    # The citation styles that the pack names; text is empty for one that ships.
    Table("style", ("name", "digest", "text"), key=("name",), derived=True),
    # References as a set of one prints them, U+FFFC where a number comes; filled by 'build' alone. reads and people tell
    # whether a larger set prints them otherwise.
    Table("printed", ("style", "source", "text", "html", "markdown", "short", "reads", "people"), key=("style", "source"),
          derived=True),
)  # fmt: skip

VIEWS = (
    # Every id that a record refers to, and the field it stands in.
    Table("reference", ("kind", "id", "path", "target_kind", "target"), derived=True),
    # Studies that pool others, by their names in study; of those that a claim counts, only what is pooled counts.
    Table("pooled", ("study", "held"), derived=True),
    # The flag against the money, step by step: ties with the findings they touch, what the tied bodies sell, what lies in the
    # market of that, which lines of the flag table fit, and the first of them beside the flag that was set.
    Table("tied", ("source", "position INTEGER NOT NULL", "organization", "tie", "sells", "finding"), derived=True),
    Table("offer", ("source", "position INTEGER NOT NULL", "seller", "concept", "declared INTEGER NOT NULL"), derived=True),
    Table("market", ("sold", "thing", "near INTEGER NOT NULL"), derived=True),
    Table("voice", ("organization", "kind", "subject", "thing"), derived=True),
    Table("fits", ("source", "line INTEGER NOT NULL", "near INTEGER NOT NULL", "sure INTEGER NOT NULL",
                   "position INTEGER NOT NULL", "organization", "seller", "tie", "sold", "thing", "finding"), derived=True),
    Table("verdict", ("source", "flag", "gives", "line INTEGER NOT NULL", "words", "near INTEGER NOT NULL",
                      "sure INTEGER NOT NULL", "position INTEGER NOT NULL", "organization", "seller", "tie", "sold", "thing",
                      "finding", "findings INTEGER NOT NULL", "ties INTEGER NOT NULL", "who", "variant"), derived=True),
)  # fmt: skip
"""What a packaged text of the same name gives whenever it is asked; no rows are kept. A later one may read those before it."""

WORDS = "CREATE VIRTUAL TABLE words USING fts5(kind UNINDEXED, id UNINDEXED, headline, text, labels, tokenize='porter unicode61')"

# What the texts under ask/ read: whoever runs them fills asked, and keeps the rows of ask/bearing as bearing. A question is one
# row for each subject it asks about, and one of the dimension 'vendors' with the subject 'left_out' when those are unwanted.
ASKING = (
    Table("asked", ("question", "dimension", "subject"), key=("question", "dimension")),
    Table("bearing", ("question", "dimension", "finding", "rank INTEGER NOT NULL", "weight INTEGER NOT NULL"),
          key=("question", "dimension", "rank")),
)  # fmt: skip

TABLES = (META, VOCABULARY, *BASE, *DERIVED)
BY_NAME = {table.name: table for table in TABLES}
