"""The closed vocabularies: every term with what it means and an IRI.

A term is a string (``SourceKind.PREPRINT == "preprint"``) that also knows its ``meaning`` and ``iri``. A vocabulary ends
where its class ends; a new term needs a decision page.

>>> Design.FIELD_EXPERIMENT.sms
5
>>> VendorFlag("independent").meaning
'looked, and found neither a seller nor another stake'
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

NAMESPACE = "https://w3id.org/evidencekb/ns#"
_FABIO = "http://purl.org/spar/fabio/"

DIMENSIONS = ("role", "skill", "cohort", "topic", "outcome", "product", "instrument")
"""What a question may name, in the order of its slug."""

TRACEABLE = ("finding", "claim", "untraced")
"""Kinds of record that say something, and so share one space of ids."""


class Term(StrEnum):
    """A word of a closed vocabulary."""

    meaning: str
    iri: str
    facts: tuple[Any, ...]

    def __new__(cls, value: str, meaning: str = "", iri: str = "", *facts: Any) -> Self:
        """A term; ``facts`` is what a vocabulary knows beyond meaning and IRI, read through its properties."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.meaning = meaning
        term.iri = iri or f"{NAMESPACE}{cls.__name__}-{value}"
        term.facts = facts
        return term

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """A term is a text: written as such, without a look at its value."""
        schema = handler(source)
        schema["serialization"] = {"type": "to-string", "when_used": "json"}
        return schema

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """The terms with their meanings, which an editor shows beside each."""
        described: dict[str, Any] = handler(schema)
        handler.resolve_ref_schema(described)["enumDescriptions"] = [term.meaning for term in cls]
        return described


class SourceKind(Term):
    """What sort of document a source is; says nothing of quality or of who sells."""

    JOURNAL_ARTICLE = "journal_article", "in a journal, reviewed by peers", _FABIO + "JournalArticle"
    CONFERENCE_PAPER = "conference_paper", "in reviewed proceedings", _FABIO + "ConferencePaper"
    PREPRINT = "preprint", "public, not reviewed", _FABIO + "Preprint"
    WORKING_PAPER = "working_paper", "issued by a series or institution, not reviewed", _FABIO + "WorkingPaper"
    BOOK = "book", "a book or a chapter of one", _FABIO + "Book"
    THESIS = "thesis", "submitted for a degree", _FABIO + "Thesis"
    REPORT = "report", "published by an organisation on its own authority", _FABIO + "Report"
    OFFICIAL_STATISTICS = "official_statistics", "a statistical agency's release or handbook page", ""
    LEGAL_DECISION = "legal_decision", "order, judgment, decree or tribunal ruling", ""
    LEGAL_FILING = "legal_filing", "complaint, charge or brief", ""
    LEGISLATION = "legislation", "statute or rule", ""
    DATASET = "dataset", "data or code as published", _FABIO + "DataFile"
    PRESS_RELEASE = "press_release", "an organisation announcing", _FABIO + "PressRelease"
    NEWS_ARTICLE = "news_article", "journalism, own work or relay", _FABIO + "NewspaperArticle"
    BLOG_POST = "blog_post", "a dated post", _FABIO + "BlogPost"
    WEB_PAGE = "web_page", "anything else on the web", _FABIO + "WebPage"


class VendorFlag(Term):
    """Whether somebody who stands behind a source gains from its figure."""

    VENDOR = "vendor", "a seller with something to gain stands behind it"
    INTERESTED = "interested", "somebody with a stake that is not a sale stands behind it"
    INDEPENDENT = "independent", "looked, and found neither a seller nor another stake"
    UNKNOWN = "unknown", "nobody has looked"

    @property
    def rank(self) -> int:
        """Place in the order least to most tied; unknown comes last."""
        return ("independent", "interested", "vendor", "unknown").index(self.value)


class Tie(Term):
    """How an organisation is tied to a source."""

    PUBLISHER = "publisher", "publishes it, alone or with others"
    AUTHOR_EMPLOYER = "author_employer", "employs one or more of the authors"
    OWNER = "owner", "owns the publisher or the instrument"
    COMMISSIONER = "commissioner", "ordered the work"
    FUNDER = "funder", "paid for it"
    HOST = "host", "the trial ran on its premises or platform"
    DATA_PROVIDER = "data_provider", "supplied the data"
    PARTY = "party", "a party to the case"
    ADVOCATE = "advocate", "campaigns on the matter"
    MEMBER_BODY = "member_body", "an association of those measured"
    COMPETITOR = "competitor", "sells a rival or an antidote"


class StandingState(Term):
    """What happened to a source after it came out."""

    CORRECTED = "corrected", "a correction was published"
    CONCERN = "concern", "an expression of concern was published"
    SUPERSEDED = "superseded", "a later version replaces it"
    RETRACTED = "retracted", "withdrawn by its publisher or authors"
    DISAVOWED = "disavowed", "an institution behind it no longer stands by it"
    REINSTATED = "reinstated", "an earlier withdrawal was undone"
    OVERTURNED = "overturned", "a higher court or panel set it aside"


WITHDRAWN = frozenset({StandingState.RETRACTED, StandingState.DISAVOWED, StandingState.OVERTURNED})
"""Standings under which a figure must not be shown without saying so."""


class Nature(Term):
    """What sort of statement a finding is; a page's verb must fit it."""

    OBSERVED = "observed", "measured on outcomes, people, documents or systems", "", "found", "found"
    MODELLED = "modelled", "worked out from ratings, assumptions or scenarios", "", "estimates", "estimated"
    REPORTED = "reported", "what people or firms say of themselves or think", "", "say", "reported"
    FORECAST = "forecast", "about a time after publication", "", "expects", "expected"
    ALLEGED = "alleged", "said in a case, untested", "", "alleges", "alleged"
    DECIDED = "decided", "an act of a court, an agency or the parties", "", "ordered or agreed", "ordered or agreed"

    @property
    def verb(self) -> str:
        """The verb a page may use."""
        return str(self.facts[0])

    @property
    def told(self) -> str:
        """The same verb in the past tense, which fits one who says it and several."""
        return str(self.facts[1])


class Design(Term):
    """How a comparison was made.

    ``sms`` is the level on the Maryland Scientific Methods Scale (5 is best), or None outside the scale.
    ``badge`` is the one word a card shows.

    References:
        Sherman et al. (1998), Preventing Crime: What Works, What Doesn't, What's Promising.
        Madaleno and Waights (2016), Guide to scoring methods using the Maryland Scientific Methods Scale, What Works Centre for
        Local Economic Growth, which names the methods of each level.
        OCEBM Levels of Evidence Working Group (2011), The Oxford 2011 Levels of Evidence, for :func:`evidencekb.rank_findings`.
    """

    FIELD_EXPERIMENT = "field_experiment", "random assignment in real work", "", 5, "experiment"
    LAB_EXPERIMENT = "lab_experiment", "random assignment on set tasks or of own tasks", "", 5, "experiment"
    CORRESPONDENCE_AUDIT = "correspondence_audit", "random signals in applications", "", 5, "audit"
    SURVEY_EXPERIMENT = "survey_experiment", "random wording or vignette", "", 5, "experiment"
    REGRESSION_DISCONTINUITY = "regression_discontinuity", "a cut-off decides treatment", "", 4, ""
    INSTRUMENTAL_VARIABLE = "instrumental_variable", "an outside nudge as instrument", "", 4, ""
    DIFFERENCE_IN_DIFFERENCES = (
        "difference_in_differences", "before and after, against untreated; includes staggered roll-out", "", 3,
        "",
    )  # fmt: skip
    MATCHED_PANEL = "matched_panel", "matched groups followed over time", "", 3, ""
    ADJUSTED_CROSS_SECTION = "adjusted_cross_section", "a gap at one time, with controls", "", 2, ""
    BEFORE_AFTER = "before_after", "one group at two times", "", 1, ""
    RAW_COMPARISON = "raw_comparison", "a gap without controls", "", 1, ""
    PROBABILITY_SURVEY = "probability_survey", "a random sample was asked", "", None, "survey"
    CONVENIENCE_SURVEY = "convenience_survey", "whoever answered", "", None, "survey"
    EXPERT_SURVEY = "expert_survey", "people asked to judge the future", "", None, "survey"
    OFFICIAL_COUNT = "official_count", "a register, census or administrative total", "", None, "count"
    DESCRIPTIVE_COUNT = "descriptive_count", "counts from logs, postings or repositories", "", None, "count"
    EXPOSURE_RATING = "exposure_rating", "people or models rate tasks", "", None, "rating"
    PROJECTION = "projection", "an agency or a model extrapolates", "", None, ""
    COMPUTATIONAL_AUDIT = "computational_audit", "inputs varied and fed to a system", "", None, "audit"
    LAB_OBSERVATION = "lab_observation", "watched under set conditions, no comparison", "", None, ""
    META_ANALYSIS = "meta_analysis", "studies pooled", "", None, "pooled"
    QUALITATIVE = "qualitative", "interviews or cases", "", None, ""
    LEGAL_DOCUMENT = "legal_document", "case papers", "", None, "case"
    SELF_STATEMENT = "self_statement", "an organisation about itself, method unpublished", "", None, "statement"
    NOT_RECORDED = "not_recorded", "nobody has recorded how the comparison was made", "", None, ""

    @property
    def sms(self) -> int | None:
        """Level on the Maryland scale."""
        level: int | None = self.facts[0]
        return level

    @property
    def badge(self) -> str:
        """The word a card shows; empty where none of the few fits."""
        return str(self.facts[1])

    @property
    def order(self) -> int:
        """Place in the order of strength, 0 first: SMS 5 to 1, then what the scale leaves out, in an order of our own.

        A meta-analysis stands with level 3: its design alone does not say what it pools.
        """
        if self is Design.META_ANALYSIS:
            return 2
        return 5 - self.sms if self.sms else 5 + _OUTSIDE_THE_SCALE.index(self.value)


_OUTSIDE_THE_SCALE = (
    "official_count", "probability_survey", "computational_audit", "descriptive_count", "exposure_rating", "projection",
    "expert_survey", "lab_observation", "convenience_survey", "qualitative", "legal_document", "self_statement",
    "not_recorded",
)  # fmt: skip


class Measure(Term):
    """The kind of number an estimate is."""

    PERCENT_CHANGE = "percent_change", "change relative to a comparator or to before, in percent"
    PERCENTAGE_POINTS = "percentage_points", "difference of two shares, in points"
    PROPORTION = "proportion", "a share of a whole, from 0 to 1"
    RISK_RATIO = "risk_ratio", "ratio of two shares"
    RATE_RATIO = "rate_ratio", "ratio of two rates"
    ODDS_RATIO = "odds_ratio", "ratio of two odds"
    HAZARD_RATIO = "hazard_ratio", "ratio of two hazards"
    SMD = "smd", "difference of means in standard deviations"
    CORRELATION = "correlation", "strength of a linear relation, from -1 to 1"
    RELIABILITY = "reliability", "agreement or consistency; the definition says which coefficient"
    MEAN = "mean", "arithmetic mean"
    MEDIAN = "median", "middle value"
    MEAN_DIFFERENCE = "mean_difference", "difference of two means in the unit measured"
    TOTAL = "total", "a sum in the unit measured"
    COUNT = "count", "how many"
    THRESHOLD = "threshold", "a limit that decides"
    SUM_OF_MONEY = "sum_of_money", "an amount paid or ordered"
    OTHER = "other", "a number of another kind, which its unit names; never converted, compared or pooled"


RATIOS = frozenset({Measure.RISK_RATIO, Measure.RATE_RATIO, Measure.ODDS_RATIO, Measure.HAZARD_RATIO})
"""Measures whose no-effect value is 1."""


class Direction(Term):
    """A sign that was reported without a size."""

    INCREASE = "increase", "more than the comparator"
    DECREASE = "decrease", "less than the comparator"
    NONE_DETECTED = "none_detected", "no difference was detected"
    MIXED = "mixed", "some one way, some the other"


class Qualifier(Term):
    """How a printed number is limited."""

    EXACTLY = "exactly", "as printed"
    ABOUT = "about", "rounded or approximate in the source"
    MORE_THAN = "more_than", "a lower bound that is not included"
    AT_LEAST = "at_least", "a lower bound that is included"
    LESS_THAN = "less_than", "an upper bound that is not included"
    AT_MOST = "at_most", "an upper bound that is included"


class Absence(Term):
    """Why something is not there."""

    NOT_PRINTED = "not_printed", "the full text was read and does not give it"
    NOT_SEEN = "not_seen", "only an abstract or a relay was read"
    NOT_APPLICABLE = "not_applicable", "it could not exist"


class RangeOver(Term):
    """What a range of values runs over."""

    PERIODS = "periods", "several times"
    GROUPS = "groups", "several groups"
    MODELS = "models", "several systems or specifications"
    OUTCOMES = "outcomes", "several outcomes"
    PLACES = "places", "several places"
    STUDIES = "studies", "several studies"
    SCENARIOS = "scenarios", "several assumptions"


class Scale(Term):
    """The scale on which an estimate's interval is symmetric."""

    LINEAR = "linear", "as printed"
    LOG = "log", "after taking logarithms"


class Origin(Term):
    """Where the number itself comes from."""

    PRINTED = "printed", "the source prints it"
    COMPUTED = "computed", "worked out by the curator from printed numbers"
    READ_AS = "read_as", "printed ambiguously; read one way for a stated reason"


class SampleLevel(Term):
    """What a sample count counts."""

    DRAWN = "drawn", "asked, mailed or drawn"
    ANSWERED = "answered", "responded"
    ANALYSED = "analysed", "in the analysis"
    OBSERVATIONS = "observations", "rows, applications or repeated measurements"
    CLUSTERS = "clusters", "firms, schools or other groups"
    STUDIES = "studies", "studies pooled"
    EFFECTS = "effects", "effect sizes pooled"


class CohortUnit(Term):
    """What a cohort is made of."""

    PEOPLE = "people", "people"
    FIRMS = "firms", "firms or establishments"
    JOBS = "jobs", "jobs or occupations"
    POSTINGS = "postings", "job postings"
    TASKS = "tasks", "tasks"
    DOCUMENTS = "documents", "documents"
    SYSTEMS = "systems", "models, tools or systems"


class CohortFit(Term):
    """How those measured stand to the cohort a finding is filed under."""

    EXACT = "exact", "the same group"
    NARROWER = "narrower", "a part of the group"
    BROADER = "broader", "a larger group that holds it"
    SIMULATED = "simulated", "made-up members of the group"
    ANALOGOUS = "analogous", "another group that is like it"


class Bearing(Term):
    """How a finding bears on a concept."""

    MEASURED = "measured", "the finding measures it"
    INCLUDES = "includes", "measured as part of something larger"
    PROXY = "proxy", "something that stands for it was measured"
    MENTIONED = "mentioned", "a tag of relevance; nothing was measured"


class ConceptKind(Term):
    """What a concept is."""

    ROLE = "role", "a job people ask about"
    SKILL = "skill", "something a person can do"
    TOPIC = "topic", "a theme"
    OUTCOME = "outcome", "what a number is about"
    PRODUCT = "product", "something sold or given away, or a kind of it"
    INSTRUMENT = "instrument", "a way of measuring or selecting"
    OCCUPATION = "occupation", "a class of an official scheme"


class ConceptRelation(Term):
    """How two concepts are related."""

    BROADER = "broader", "the target is the wider one", "http://www.w3.org/2004/02/skos/core#broader"
    RELATED = "related", "associated", "http://www.w3.org/2004/02/skos/core#related"
    ALTERNATIVE_TO = "alternative_to", "used in place of the target"
    APPLIED_IN = "applied_in", "used in the target"
    REQUIRES = "requires", "cannot do without the target"


class DefinitionBasis(Term):
    """What material turned a concept into a number."""

    POSTED_JOB_TITLE = "posted_job_title", "the title in an advertisement"
    POSTING_TEXT = "posting_text", "the text of an advertisement"
    OCCUPATIONAL_CODE = "occupational_code", "a class of an official scheme"
    SELF_IDENTIFICATION = "self_identification", "what a person says they are"
    RESUME_SIGNAL = "resume_signal", "a name, school or line in an application"
    TEST_SCORE = "test_score", "a score on a test"
    TRAIT_PERCENTILE = "trait_percentile", "a place in the distribution of a trait"
    ADMINISTRATIVE_RECORD = "administrative_record", "a register"
    PAYROLL_RECORD = "payroll_record", "pay data"
    PLATFORM_LOG = "platform_log", "logs of a platform or a task environment"
    REPOSITORY_RECORD = "repository_record", "code or paper repositories"
    RATING_BY_PEOPLE = "rating_by_people", "people's ratings"
    RATING_BY_MODEL = "rating_by_model", "a model's ratings"
    SURVEY_ANSWER = "survey_answer", "an answer in a survey"
    SYSTEM_OUTPUT = "system_output", "what a system returned"
    LEGAL_TEXT = "legal_text", "the words of a law or a case paper"
    DIAGNOSIS = "diagnosis", "a clinical diagnosis"
    NOT_RECORDED = "not_recorded", "nobody has recorded what material was used"


class HigherIs(Term):
    """Whether more of an outcome is good."""

    BETTER = "better", "a larger number is better"
    WORSE = "worse", "a larger number is worse"
    NEUTRAL = "neutral", "neither"


class Role(Term):
    """What a source does for a finding."""

    PRIMARY = "primary", "gives it from its own data, analysis, act or statement"
    SECONDARY = "secondary", "repeats or interprets it"


class Basis(Term):
    """Why a source is primary for a finding."""

    OWN_DATA = "own_data", "it collected the data"
    OWN_ANALYSIS = "own_analysis", "it analysed data of others"
    OWN_ACT = "own_act", "it is the act itself"
    OWN_STATEMENT = "own_statement", "it speaks for itself"


class ReadWhat(Term):
    """How much of a source was read."""

    FULL_TEXT = "full_text", "all of it"
    ABSTRACT = "abstract", "the abstract, as published or as copied"
    DATA = "data", "the data or the replication output"
    EXTRACT = "extract", "some pages"
    SECONDARY_PAGE = "secondary_page", "only another page about it"
    NOTHING = "nothing", "not read"

    @property
    def closeness(self) -> int:
        """How closely the source itself was read: 2 whole or as data, 1 in part, 0 not at all."""
        return _CLOSENESS.get(self, 0)


_CLOSENESS = {"full_text": 2, "data": 2, "abstract": 1, "extract": 1}


class DriftKind(Term):
    """What changed when a figure was passed on."""

    NUMBER_CHANGED = "number_changed", "a digit, a rounding or another value"
    UNIT_CHANGED = "unit_changed", "points, percent, standard deviations; a level for a difference"
    SIGN_OR_INVERSE = "sign_or_inverse", "sign flipped or ratio inverted"
    SCOPE_WIDENED = "scope_widened", "a part told as the whole"
    SCOPE_NARROWED = "scope_narrowed", "the whole told as a part"
    GROUP_SWAPPED = "group_swapped", "other people"
    CONDITION_DROPPED = "condition_dropped", "a base, threshold or limit lost"
    DEFINITION_SWAPPED = "definition_swapped", "another concept"
    CERTAINTY_RAISED = "certainty_raised", "could became will; alleged became observed"
    CAUSE_ADDED = "cause_added", "an association told as an effect"
    VERSION_MIXED = "version_mixed", "figures of two versions"
    ATTRIBUTION_WRONG = "attribution_wrong", "credited to another source or kind"
    DATE_SHIFTED = "date_shifted", "year or horizon moved"


class LinkType(Term):
    """How one finding stands to another."""

    REPLICATES = "replicates", "new data, same question"
    REANALYSES = "reanalyses", "same data, new analysis"
    CONTRADICTS = "contradicts", "points the other way"
    QUALIFIES = "qualifies", "limits or refines"
    SHARES_DATA = "shares_data", "rests on the same data"
    INCLUDES = "includes", "pools or contains the target"
    SUPERSEDES = "supersedes", "replaces the target"
    REVERSES = "reverses", "undoes the target"
    FOLLOWS = "follows", "comes after the target in one story"


class Extent(Term):
    """How much of the data is shared."""

    ALL = "all", "all of it"
    PART = "part", "some of it"
    UNKNOWN = "unknown", "not known"


class ReplicationOutcome(Term):
    """How a replication came out."""

    SUCCESSFUL = "successful", "met its criterion"
    FAILED = "failed", "did not meet its criterion"
    MIXED = "mixed", "met it in part"
    FLAWED = "flawed", "cannot be judged because of a fault"
    DESCRIPTIVE = "descriptive", "no criterion was set"
    UNINFORMATIVE = "uninformative", "too imprecise to tell"


class Stance(Term):
    """How a finding bears on a claim."""

    SUPPORTS = "supports", "speaks for it"
    DISPUTES = "disputes", "speaks against it"
    QUALIFIES = "qualifies", "limits it"


class LegalAct(Term):
    """What sort of act a case paper is."""

    COMPLAINT = "complaint", "a party's claim that opens a case"
    CHARGE = "charge", "a charge filed with an agency"
    ORDER = "order", "a ruling on the way"
    CERTIFICATION = "certification", "a group of plaintiffs may proceed together"
    JUDGMENT = "judgment", "a court's decision"
    AWARD = "award", "a tribunal's grant"
    SETTLEMENT = "settlement", "the parties agree"
    DECREE = "decree", "the parties agree and a court orders it"
    REVERSAL = "reversal", "a higher body undoes a decision"


class Merits(Term):
    """Whether the substance was decided."""

    DECIDED = "decided", "yes"
    NOT_DECIDED = "not_decided", "no"


class Admission(Term):
    """Whether a party admitted anything."""

    NONE = "none", "no admission"
    YES = "yes", "admitted"
    NOT_APPLICABLE = "not_applicable", "could not arise"


class YesNo(Term):
    """A question with an honest third answer."""

    YES = "yes", "yes"
    NO = "no", "no"
    UNKNOWN = "unknown", "not known"


class UntracedStatus(Term):
    """Why no primary source stands behind a claim in circulation."""

    NO_SOURCE_FOUND = "no_source_found", "searched, nothing found"
    DEAD_END = "dead_end", "the trail stops before any data"
    UNPUBLISHED = "unpublished", "work that was never published"
    MISATTRIBUTED = "misattributed", "the source named does not say it"
    CIRCULAR = "circular", "pages cite each other"


class CaveatKind(Term):
    """A limit that a person recorded."""

    ARTIFICIAL_SETTING = "artificial_setting", "set tasks, not work"
    DATED_PRODUCT = "dated_product", "the product has changed since"
    SHORT_HORIZON = "short_horizon", "later effects unseen"
    SMALL_SAMPLE = "small_sample", "few people, firms or items"
    SELF_REPORT = "self_report", "what people say of themselves"
    RATER_IS_PRODUCT = "rater_is_product", "the thing judged is the judge"
    PROXY_OUTCOME = "proxy_outcome", "something else stands for the outcome"
    POTENTIAL_NOT_ACTUAL = "potential_not_actual", "what could be, not what is"
    OTHER_DRIVERS = "other_drivers", "other causes are mixed in"
    METHOD_UNPUBLISHED = "method_unpublished", "nobody can see how it was done"
    METHOD_CONTESTED = "method_contested", "the method is disputed in print"
    CONFOUNDED_GROUPS = "confounded_groups", "the groups differ in more than one way"
    UNTESTED_ALLEGATION = "untested_allegation", "no court examined it"
    NOT_FINAL = "not_final", "may still change"
    AUTHORS_WARN = "authors_warn", "the authors themselves warn"
    AGAINST_INTEREST = "against_interest", "goes against the publisher's interest"
    SCOPE_NARROW = "scope_narrow", "covers less than it seems to"


class Wanted(Term):
    """What sort of estimate answers a question."""

    EFFECT = "effect", "a comparison or a relation"
    LEVEL = "level", "a share, mean, median, count or total"
    DESCRIPTION = "description", "the rest"


class GapKind(Term):
    """What sort of hole a gap is."""

    NOT_IN_PACK = "not_in_pack", "worked out: nothing in this pack"
    SEARCHED_NONE_FOUND = "searched_none_found", "a recorded search found nothing"
    NOT_ACCESSIBLE = "not_accessible", "something exists that could not be read"
    NOT_SEEN = "not_seen", "a study may hold it; the part was not read"
