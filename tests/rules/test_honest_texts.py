# ruff: noqa: E501  # one case a line reads as a table
"""Rule 303: turns of phrase by which an honest text says what its record says, and the slip beside each that is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.test_wording import found

SMALL = {"id": "small", "outcome": "scores", "measure": "smd", "value": 0.21, "unit": "SD"}
BEFORE = {"id": "before", "outcome": "deaths", "measure": "proportion", "value": 0.015, "unit": "1", "group": "before"}
AFTER = {**BEFORE, "id": "after", "value": 0.008, "group": "after"}
PEAK = {"id": "peak", "outcome": "jobless", "measure": "proportion", "value": 0.56, "unit": "1", "period": "2013"}
NOW = {**PEAK, "id": "now", "value": 0.266, "period": "2024"}
POINTS = {
    "id": "gap",
    "outcome": "dropout",
    "measure": "percentage_points",
    "value": -1.8,
    "unit": "pp",
    "reference_value": 9.4,
}
SIGNED = {"id": "signed", "outcome": "days", "measure": "median", "value": 17, "unit": "d", "group": "signed reviews"}
UNSIGNED = {**SIGNED, "id": "unsigned", "value": 16, "group": "unsigned reviews"}
JOBS = {"id": "jobs", "outcome": "jobs", "measure": "mean_difference", "value": 2.8, "unit": "FTE"}
RISE = {"id": "rise", "outcome": "jobs", "measure": "percent_change", "value": 13, "unit": "%"}
ODDS = {"id": "odds", "outcome": "survival", "measure": "odds_ratio", "value": 1.5, "unit": "1"}
SLEEP = {"id": "sleep", "outcome": "sleep", "measure": "median", "value": 410, "unit": "min"}
ADULTS = {
    "id": "adults",
    "outcome": "smoking",
    "measure": "percent_change",
    "value": -4,
    "unit": "%",
    "group": "adults",
    "per": "rise in price",
}
TEENS = {**ADULTS, "id": "teens", "value": -7.5, "group": "teens"}
CAP = {
    "id": "cap",
    "outcome": "price",
    "measure": "threshold",
    "value": 35,
    "unit": "USD",
    "qualifier": "at_most",
    "per": "month",
}
BLACK = {
    "id": "black",
    "outcome": "flagged",
    "measure": "proportion",
    "value": 0.449,
    "unit": "1",
    "group": "Black defendants",
}
WHITE = {**BLACK, "id": "white", "value": 0.235, "group": "white defendants"}
GUESS = {"id": "guess", "outcome": "guess", "measure": "percent_change", "value": -14, "unit": "%"}
GAP = {"id": "gap", "outcome": "pay-gap", "measure": "percentage_points", "value": -2, "unit": "pp"}
GAIN = {"id": "gain", "outcome": "weight-gain", "measure": "mean_difference", "value": -0.3, "unit": "g"}
DOCTOR = {"id": "doctor", "outcome": "verdicts", "measure": "proportion", "value": 0.8, "unit": "1"}
MONTHS = {"id": "months", "outcome": "building", "measure": "mean", "value": 7.8, "unit": "mo", "group": "modular"}
USUAL = {**MONTHS, "id": "usual", "value": 13.0, "group": "usual"}
RATE = {"id": "rate", "outcome": "expelled", "measure": "other", "value": 11, "unit": "cases per 10,000 pupils"}
EXPELLED = {"id": "n", "outcome": "expelled", "measure": "count", "value": 9376, "unit": "pupils"}
MALE = {"id": "male", "outcome": "growth", "measure": "percentage_points", "value": -1.7, "unit": "pp", "group": "men"}


@pytest.mark.parametrize(
    ("text", "estimates", "slip", "variant"),
    [
        ("A fifth of a standard deviation", [SMALL], "Half of a standard deviation", "stray"),
        ("Scores rose 21% of a standard deviation", [SMALL], "Scores rose 31% of a standard deviation", "stray"),
        ("It cut deaths nearly in half", [BEFORE, AFTER], "It raised deaths nearly by half", "stray"),
        ("Less than half its 2013 peak of 56%", [NOW, PEAK], "Less than a quarter of its 2013 peak of 56%", "bound"),
        ("A cut of 1.8 points from a base of 9.4%", [POINTS], "A cut of 1.8% from a base of 9.4%", "unit"),
        ("17 days signed and 16 unsigned", [SIGNED, UNSIGNED], "17 days signed and 15 unsigned", "stray"),
        ("A gain of 2.8 or about 13%", [JOBS, RISE], "A gain of 2.9 or about 13%", "stray"),
        ("Survival was half as high again", [ODDS], "Survival was twice as high again", "stray"),
        ("They slept 6 hours 50 minutes", [SLEEP], "They slept 6 hours 30 minutes", "stray"),
        ("4% less among adults and close to twice that among teens", [ADULTS, TEENS], "5% less among adults and close to twice that among teens", "stray"),
        ("$35 a month at most", [CAP], "$35 a month", "bound"),
        ("Black defendants twice as likely to be flagged", [BLACK, WHITE], "White defendants twice as likely to be flagged", "whose"),
        ("Guesses were 14% too low", [GUESS], "Guesses were 14% too high", "sign"),
        ("The pay gap narrowed by 2 points", [GAP], "The pay gap widened by 2 points", "sign"),
        ("Weight gain was 0.3 grams a day lower", [GAIN], "Weight gain was 0.3 grams a day higher", "sign"),
        ("Four verdicts in five", [DOCTOR], "Three verdicts in five", "stray"),
        ("8 of every 10", [DOCTOR], "6 of every 10", "stray"),
        ("It was built in 60 per cent of the time", [MONTHS, USUAL], "It was built in 40 per cent of the time", "stray"),
        ("11 in every 10,000 pupils", [RATE], "21 in every 10,000 pupils", "stray"),
        ("9,400 pupils were expelled", [EXPELLED], "9,500 pupils were expelled", "stray"),
        ("Over 17 days, 10% more than twelve months earlier", [SIGNED, {**RISE, "value": 10}], "Over 17 days, 10% fewer than twelve months earlier", "sign"),
        ("Down 14%; ten years earlier nobody asked", [GUESS], "Up 14%; ten years earlier nobody asked", "sign"),
        ("Do they halve it? Guesses were 14% lower", [GUESS], "They halve it. Guesses were 14% lower", "stray"),
        ("A four-day week left jobs 13% up", [RISE], "A four-day week left jobs 13% down", "sign"),
        ("In eight hospitals, jobs rose 13%", [RISE], "In 8 hospitals, jobs rose 13%", "stray"),
        ("Men's pay grew 1.7 points more slowly", [MALE], "Women's pay grew 1.7 points more slowly", "whose"),
    ],
)  # fmt: skip
def test_an_honest_text_is_silent_and_its_slip_is_told(
    text: str, estimates: list[dict[str, Any]], slip: str, variant: str
) -> None:
    assert found(text, *estimates) == []
    assert variant in found(slip, *estimates)
