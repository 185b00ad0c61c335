"""3xx as shapes: numbers, intervals, units and samples."""

from __future__ import annotations

from collections.abc import Iterator

from evidencekb import units
from evidencekb.model import ConfidenceInterval, Estimate, Finding, OperationalDefinition, Sample
from evidencekb.model.findings import SampleCount, ValueRange
from evidencekb.rdf.shaping.conditions import (
    Condition,
    absent,
    any_of,
    at,
    back,
    both,
    either,
    given,
    holds,
    iri,
    iris,
    one_of,
    pattern,
    quoted,
    some,
    way,
    when,
    within,
)
from evidencekb.rdf.shaping.judged import Judged
from evidencekb.rdf.shaping.paths import (
    CITATIONS,
    CITED_FOR,
    IS_PRIMARY,
    MEASURE,
    OF_FINDING,
    PRINTED_SOMEWHERE,
    PRINTS,
    READ_WHOLE,
    p,
)
from evidencekb.rules import findings as rules
from evidencekb.vocab import RATIOS, Absence, Design, Measure, Nature

_VALUE, _RANGE, _INTERVAL = p(Estimate, "value"), p(Estimate, "range"), p(Estimate, "interval")
_LOW, _HIGH = p(ValueRange, "low"), p(ValueRange, "high")
_LOWER, _UPPER = p(ConfidenceInterval, "lower"), p(ConfidenceInterval, "upper")
_UNIT, _WHY = p(Estimate, "unit"), p(Estimate, "no_interval")
_WHY_ALL = way(OF_FINDING, p(Finding, "no_interval"))
_NATURE, _DESIGN = p(Finding, "nature"), p(Finding, "design")
_NUMBERS = either(_VALUE, way(_RANGE, _LOW), way(_RANGE, _HIGH), way(_INTERVAL, _LOWER), way(_INTERVAL, _UPPER))
_NUMBER = any_of(given(_VALUE), given(_RANGE))
_WHOLE = r"^[-+]?[0-9]+(\.0*)?$|^[-+]?[0-9]+\.[0-9]*[eE][-+]?[0-9]+$"
_OTHER = "write the number in the unit named, and check the signs"


def judged() -> Iterator[Judged]:
    """What rules 301, 302, 304 and 306 ask."""
    yield from _limits()
    yield from _ends()
    yield from _intervals()
    yield from _units()
    yield from _samples()


def _bounds(low: float | None, high: float | None, *, above: bool = False) -> tuple[str, ...]:
    least = () if low is None else (f"sh:min{'Exclusive' if above else 'Inclusive'} {low:g}",)
    return (*least, *(() if high is None else (f"sh:maxInclusive {high:g}",)))


def _limits() -> Iterator[Judged]:
    for measure, (low, high) in sorted(rules.LIMITS.items()):
        path = either(*_NUMBER_PATHS, p(Estimate, "reference_value")) if measure is Measure.PROPORTION else _NUMBERS
        held = at(path, *_bounds(low, high, above=measure in RATIOS))
        is_measure = holds(MEASURE, iri(measure))
        if measure is Measure.CORRELATION:
            corrected = both(at(path, *_bounds(low, 1.5)), _CORRECTED)
            yield Judged(
                "EKB301",
                "corrected",
                Estimate,
                when(both(is_measure, corrected), held),
                f"{measure}: {low:g} to {high:g}",
            )
            held = any_of(held, corrected)
        spoken = rules.spoken(low, high)
        yield Judged("EKB301", "range", Estimate, when(is_measure, held), f"{measure} is outside {spoken}: {_OTHER}")
    for name, floor, ceiling in rules.OTHER_LIMITS:
        held = at(p(Estimate, name), *_bounds(floor, ceiling))
        yield Judged("EKB301", "range", Estimate, held, f"{name} is outside {rules.spoken(floor, ceiling)}: {_OTHER}")
    level = at(p(ConfidenceInterval, "level"), *_bounds(*rules.LEVELS))
    yield Judged(
        "EKB301", "range", ConfidenceInterval, level, f"level is outside {rules.spoken(*rules.LEVELS)}: 95 % is 0.95"
    )
    yield Judged("EKB301", "range", Estimate, at(p(Estimate, "n"), pattern(_WHOLE)), "n is no whole number")
    above = both(
        at(p(Estimate, "numerator"), "sh:minInclusive 0"),
        at(p(Estimate, "numerator"), f"sh:lessThanOrEquals {p(Estimate, 'denominator')}"),
    )
    yield Judged("EKB301", "range", Estimate, above, "numerator is below 0 or above the denominator: check both")
    counted = at(p(SampleCount, "n"), "sh:minExclusive 0", pattern(_WHOLE))
    yield Judged(
        "EKB301", "count", SampleCount, counted, "a sample is a whole number above zero; else write none_because"
    )


_NUMBER_PATHS = (_VALUE, way(_RANGE, _LOW), way(_RANGE, _HIGH), way(_INTERVAL, _LOWER), way(_INTERVAL, _UPPER))
_CORRECTED: Condition = some(
    either(
        p(Estimate, "label"), p(Estimate, "how"), way(p(Estimate, "definition"), p(OperationalDefinition, "procedure"))
    ),
    pattern("correct", fold=True),
)


def _ends() -> Iterator[Judged]:
    one = one_of(given(_VALUE), given(_RANGE), given(p(Estimate, "direction")))
    yield Judged("EKB301", "one", Estimate, one, "write exactly one of value, range and direction")
    for model, low, high in ((ConfidenceInterval, _LOWER, _UPPER), (ValueRange, _LOW, _HIGH)):
        yield Judged("EKB301", "order", model, at(low, f"sh:lessThanOrEquals {high}"), "the lower number comes first")
    inside = at(way(_INTERVAL, _LOWER), f"sh:lessThanOrEquals {_VALUE}")
    says = "the value lies outside its own interval: check the digits and the signs"
    yield Judged("EKB301", "inside", Estimate, inside, says)
    inside = at(way(back(_INTERVAL), _VALUE), f"sh:lessThanOrEquals {_UPPER}")
    yield Judged("EKB301", "inside", ConfidenceInterval, inside, says)


def _says(absence: Absence) -> Condition:
    """The estimate, or the finding where the estimate says nothing, gives this reason for having no interval."""
    return both(
        absent(_INTERVAL),
        any_of(holds(_WHY, iri(absence)), both(absent(_WHY), holds(_WHY_ALL, iri(absence)))),
    )


def _intervals() -> Iterator[Judged]:
    yield Judged("EKB302", "missing", Estimate, any_of(given(_INTERVAL), given(_WHY), given(_WHY_ALL)))
    yield Judged(
        "EKB302", "both", Estimate, any_of(absent(_INTERVAL), absent(_WHY)), "an interval and a no_interval: keep one"
    )
    carried = any_of(
        some(CITED_FOR, both(IS_PRIMARY, READ_WHOLE, absent(PRINTS))),
        both(some(CITED_FOR, both(IS_PRIMARY, READ_WHOLE)), PRINTED_SOMEWHERE),
    )
    yield Judged("EKB302", "printed", Estimate, when(_says(Absence.NOT_PRINTED), carried),
        "not_printed, but no primary was read as full_text or data: write not_seen, or read it")  # fmt: skip
    whole = iris({Design.LEGAL_DOCUMENT, Design.PROJECTION, *rules.WHOLE_POPULATION})
    natures = iris({Nature.FORECAST, *rules.LEGAL_NATURES})
    beyond = any_of(
        within(way(OF_FINDING, _DESIGN), whole),
        within(way(OF_FINDING, _NATURE), natures),
        within(MEASURE, iris(rules.WITHOUT_ERROR)),
    )
    yield Judged("EKB302", "applicable", Estimate, when(_says(Absence.NOT_APPLICABLE), beyond),
        "not_applicable is for legal acts, sums, thresholds, whole-population counts and forecasts: "
        "write not_seen or not_printed")  # fmt: skip


def _units() -> Iterator[Judged]:
    yield Judged(
        "EKB304",
        "measure",
        Estimate,
        when(_NUMBER, given(MEASURE)),
        "a number and no measure: say what kind of number it is",
    )
    yield Judged(
        "EKB304", "unitless", Estimate, when(both(_NUMBER, given(MEASURE)), given(_UNIT)), "a number without a unit"
    )
    for measure in sorted(Measure):
        if measure in units.FIXED:
            fits = at(_UNIT, f"sh:in ( {quoted(units.FIXED[measure])} )")
        elif measure in units.NAMED:
            reserved = " ".join(map(quoted, sorted(units.RESERVED)))
            fits = at(_UNIT, pattern(r"^[^\W\d_][\w '’/&.,()-]*$"), f"sh:not [ sh:in ( {reserved} ) ]")
        elif measure is Measure.SUM_OF_MONEY:
            fits = at(_UNIT, f"sh:in ( {' '.join(map(quoted, sorted(units.CURRENCIES)))} )")
        else:
            continue
        yield Judged(
            "EKB304",
            "unit",
            Estimate,
            when(holds(MEASURE, iri(measure)), fits),
            f"the unit of {measure} is {units.wanted(measure)}",
        )


def _samples() -> Iterator[Judged]:
    sample, counts, why = p(Finding, "sample"), p(Sample, "counts"), p(Sample, "none_because")
    counted, reason = way(sample, counts), way(sample, why)
    yield Judged("EKB306", "missing", Finding, any_of(given(counted), given(reason)))
    yield Judged(
        "EKB306", "both", Finding, any_of(absent(counted), absent(reason)), "sample counts and none_because: keep one"
    )
    uncounted = absent(counted)
    read = some(CITATIONS, both(IS_PRIMARY, READ_WHOLE))
    not_printed = both(uncounted, holds(reason, iri(Absence.NOT_PRINTED)))
    yield Judged("EKB306", "printed", Finding, when(not_printed, read),
        "not_printed, but no primary was read as full_text or data: write not_seen, or read it")  # fmt: skip
    without = any_of(
        within(_NATURE, iris(rules.LEGAL_NATURES)),
        within(_DESIGN, iris(rules.WITHOUT_SAMPLE)),
    )
    not_applicable = both(uncounted, holds(reason, iri(Absence.NOT_APPLICABLE)))
    yield Judged("EKB306", "applicable", Finding, when(not_applicable, without),
        "not_applicable is for alleged, decided, projections, exposure ratings and official counts")  # fmt: skip
