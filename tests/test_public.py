"""The public names: what they are, where they live, and how little an import costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import evidencekb as ekb

NAMES = """
Addition Allowed Answer Attempt Brief Card Caveat Change ClaimCard Client Cluster CohortRelation CohortStep
ComparableGroup Comparison Conflict Credit CurationError Difference Disagreement DriftHint EffectCheck EffectPair
EngineError EstimateTrail EvidenceError Exclusion Explanation FaqItem Figure FilledFunnel Fit FlagExplanation
FormatError Formatted Funnel FunnelPoint FunnelTest Gap GapCell GapMap Grouping Hit Hop Impact ImportReport
IndependentSupport Join KnowledgeBase LeftOut LinkReport LookupFailed NearFinding Neighbour NotCounted Origins PackError
Place PoolError PooledFinding PooledOver PooledPart PooledSelection PooledSpread Power Question QuestionError Ranked
Reason Ref Reference ReplicationCount ReplicationImport ReplicationStudy ReplicationsOf Report SealedFileError
SeedReport SeedResult Selection Severity SignatureError Skipped StanceSupport StandingReport Study StyleError Subject
Support Trail TrailReport UnknownIdError UntracedCard VendorSummary Verification Violation WorkerError __version__
add_from_file add_source answer answer_schema audit brief briefs build check claim_card claims_about compare
conflicts_of dependence_of diff explain explain_flag finding_card findings_frame gap_map group_comparable how_to_cite
impact import_file import_replications independent_support links load neighbours origins_of pool pool_by power_of
primary_sources questions rank_findings references relate_cohorts replications_of report_schema search select_figures
select_findings select_strongest selftest sign sparql standing suggest_drift trace trail_report untraced_about untraced_card
vendor_summary verify
""".split()
HEAVY = (
    "pydantic",
    "networkx",
    "rdflib",
    "requests",
    "pandas",
    "yaml",
    "bibtexparser",
    "typer",
    "rich",
    "edtf",
    "numpy",
    "scipy",
    "matplotlib",
    "polars",
)


def test_the_list_of_public_names_is_held() -> None:
    assert sorted(ekb.__all__) == sorted(NAMES)
    assert {name for name in dir(ekb) if not name.startswith("_")} >= {n for n in NAMES if not n.startswith("_")}


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("_")])
def test_each_name_has_one_home_and_says_what_it_is(name: str) -> None:
    value = getattr(ekb, name)
    assert value.__module__.startswith("evidencekb.")
    assert value.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        ekb.lod  # noqa: B018  # it must not exist


def _imported(program: str) -> set[str]:
    """Which heavy packages a program has imported at its end."""
    program += f"\nimport sys\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(run.stdout.split("\n")[-2].split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert _imported("import evidencekb") == set()


def test_asking_a_sealed_file_imports_nothing_heavy(sealed_data: Path) -> None:
    ask = (
        f"import evidencekb as ekb\nkb = ekb.load({str(sealed_data)!r})\n"
        "page = ekb.brief(kb, role='machine-learning-engineer', skill='pytorch')\nstr(page), page.to_json()\n"
        "ekb.trace(kb, page.headline[0].ref.id), ekb.search(kb, 'pytorch'), ekb.references(kb), ekb.vendor_summary(kb)"
    )
    assert _imported(ask) == set()


def test_errors_are_what_a_caller_would_expect_and_survive_pickling() -> None:
    import pickle

    errors = [
        ekb.PackError(ekb.Report("p")),
        ekb.UnknownIdError("finding", "x", ("y",)),
        ekb.SealedFileError("f.ekb", "cut"),
        ekb.QuestionError("why"),
    ]
    for error, builtin in zip(errors, (ValueError, KeyError, OSError, ValueError), strict=True):
        assert isinstance(error, ekb.EvidenceError)
        assert isinstance(error, builtin)
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))
