"""What the words of quantities mean: numbers, fractions, scales, units, bounds and names with digits."""

from __future__ import annotations

from evidencekb import units
from evidencekb.vocab import Qualifier

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9, "trillion": 1e12,
    "trillions": 1e12, "dozen": 12.0,
}  # fmt: skip
SUFFIXES = {
    "k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "B": 1e9, "tn": 1e12,
    "T": 1e12,
}  # fmt: skip
"""Letters glued to a number."""

PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9,
    "tenth": 10, "tenths": 10, "twentieth": 20, "twentieths": 20, "hundredth": 100, "hundredths": 100,
}  # fmt: skip
"""What a part of a whole is named, by how many make the whole."""

FACTORS = {
    "twice": 2.0, "thrice": 3.0, "doubled": 2.0, "doubles": 2.0, "double": 2.0, "doubling": 2.0, "tripled": 3.0,
    "triples": 3.0, "triple": 3.0, "tripling": 3.0, "trebled": 3.0, "quadrupled": 4.0, "quadruple": 4.0,
    "quadruples": 4.0, "halved": 0.5, "halves": 0.5, "halve": 0.5, "halving": 0.5,
}  # fmt: skip
FOLDS = {
    "twofold": 2.0, "threefold": 3.0, "fourfold": 4.0, "fivefold": 5.0, "sixfold": 6.0, "sevenfold": 7.0,
    "eightfold": 8.0, "ninefold": 9.0, "tenfold": 10.0,
}  # fmt: skip
TIMES = frozenset({"times", "fold"})

PERCENTS = frozenset({"percent", "pct"})
POINTS = frozenset({"points", "point", "pp", "pps", "ppt", "ppts"})
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD"})
"""Currencies that a text may call dollars; ``$`` stands for one that it does not name."""

SYMBOLS = {"$": "$", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR"}
CURRENCIES = {
    "dollar": "$", "dollars": "$", "usd": "USD", "euro": "EUR", "euros": "EUR", "eur": "EUR", "gbp": "GBP",
    "sterling": "GBP", "yen": "JPY", "cad": "CAD", "aud": "AUD", "chf": "CHF", "francs": "CHF", "kroner": "DKK",
    "kronor": "SEK", "dkk": "DKK", "sek": "SEK", "nok": "NOK", "rupees": "INR", "yuan": "CNY",
}  # fmt: skip
CODES_BEHIND = units.CURRENCIES - {"ALL", "TOP", "TRY"}
"""Codes of currencies behind a number; those left out are words in capitals far more often."""

CODES_BEFORE = CODES_BEHIND - {"BAM", "COP", "CUP", "GEL", "MAD", "MOP", "PEN", "RON", "SOS"}
"""Codes of currencies before a number: COP 28 is a conference, RON 95 a fuel."""

NATIONS = {"canadian": "CAD", "australian": "AUD", "us": "USD", "american": "USD", "hong": "HKD", "singapore": "SGD"}
"""Whose dollars they are."""

SPANS = {
    "second": "s", "seconds": "s", "sec": "s", "secs": "s", "minute": "min", "minutes": "min", "min": "min", "mins": "min",
    "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "wk", "weeks": "wk", "month": "mo", "months": "mo",
    "year": "a", "years": "a", "decade": "decade", "decades": "decade",
}  # fmt: skip
"""Words for spans of time, by their UCUM code."""

MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep"
    " sept oct nov dec".split()
)

BOUNDS: dict[tuple[str, ...], Qualifier] = {
    ("more", "than"): Qualifier.MORE_THAN, ("over",): Qualifier.MORE_THAN, ("above",): Qualifier.MORE_THAN,
    ("exceeding",): Qualifier.MORE_THAN, ("exceeds",): Qualifier.MORE_THAN, ("beyond",): Qualifier.MORE_THAN,
    ("in", "excess", "of"): Qualifier.MORE_THAN,
    ("just", "over"): Qualifier.MORE_THAN, ("well", "over"): Qualifier.MORE_THAN, ("greater", "than"): Qualifier.MORE_THAN,
    ("at", "least"): Qualifier.AT_LEAST, ("no", "less", "than"): Qualifier.AT_LEAST, ("a", "minimum", "of"): Qualifier.AT_LEAST,
    ("no", "fewer", "than"): Qualifier.AT_LEAST, ("not", "less", "than"): Qualifier.AT_LEAST,
    ("less", "than"): Qualifier.LESS_THAN, ("fewer", "than"): Qualifier.LESS_THAN, ("under",): Qualifier.LESS_THAN,
    ("below",): Qualifier.LESS_THAN, ("lower", "than"): Qualifier.LESS_THAN, ("just", "under"): Qualifier.LESS_THAN,
    ("nearly",): Qualifier.LESS_THAN, ("almost",): Qualifier.LESS_THAN, ("close", "to"): Qualifier.ABOUT,
    ("up", "to"): Qualifier.AT_MOST, ("at", "most"): Qualifier.AT_MOST, ("no", "more", "than"): Qualifier.AT_MOST,
    ("as", "much", "as"): Qualifier.AT_MOST, ("as", "many", "as"): Qualifier.AT_MOST, ("not", "more", "than"): Qualifier.AT_MOST,
    ("as", "high", "as"): Qualifier.AT_MOST, ("a", "maximum", "of"): Qualifier.AT_MOST, ("within",): Qualifier.AT_MOST,
    ("about",): Qualifier.ABOUT, ("around",): Qualifier.ABOUT, ("roughly",): Qualifier.ABOUT, ("some",): Qualifier.ABOUT,
    ("approximately",): Qualifier.ABOUT, ("approx",): Qualifier.ABOUT, ("circa",): Qualifier.ABOUT,
    ("an", "estimated"): Qualifier.ABOUT, ("estimated",): Qualifier.ABOUT, ("~",): Qualifier.ABOUT, ("≈",): Qualifier.ABOUT,
    (">",): Qualifier.MORE_THAN, ("<",): Qualifier.LESS_THAN, ("≥",): Qualifier.AT_LEAST, ("≤",): Qualifier.AT_MOST,
}  # fmt: skip
"""Words before a number that limit it, longest match first."""

NEAR = frozenset({"nearly", "almost", "just"})
"""Bounds that also say that the number is close."""

AFTER: dict[tuple[str, ...], Qualifier] = {
    ("or", "more"): Qualifier.AT_LEAST, ("or", "older"): Qualifier.AT_LEAST, ("or", "over"): Qualifier.AT_LEAST,
    ("and", "over"): Qualifier.AT_LEAST, ("and", "older"): Qualifier.AT_LEAST, ("and", "above"): Qualifier.AT_LEAST,
    ("or", "above"): Qualifier.AT_LEAST, ("or", "higher"): Qualifier.AT_LEAST, ("or", "less"): Qualifier.AT_MOST,
    ("or", "fewer"): Qualifier.AT_MOST, ("or", "younger"): Qualifier.AT_MOST, ("or", "under"): Qualifier.AT_MOST,
    ("or", "lower"): Qualifier.AT_MOST,
}  # fmt: skip
"""Words after a number, or after the noun behind it, that limit it."""

NAMED = frozenset(
    "fortune law section sections table tables figure fig article articles art chapter part version v vol volume no number"
    " page p pp paragraph para appendix title act rule regulation regulations directive phase stage level grade wave round"
    " model series type class category study experiment panel claude llama gemini gpt opus sonnet stockfish windows iso"
    " net soc isco clause schedule item question q group outcome claim case docket room route highway nr s&p ftse dax".split()
)
"""Words whose next number is part of a name: Fortune 500, Local Law 144, O*NET 29.1, Table 3."""

LEADING = frozenset(
    "a an the to at of by from than about put is are was were in on for with and or between over under gave gives give"
    " has had have reached reaches only just put at spans against among after before as like that per out all these those"
    " its their his her our each every first last within into around roughly nearly almost some up down until since"
    " above below beyond d r n se ci versus vs minus plus equals but while when where which who than only one".split()
)
"""Words that may stand before a number without making it a label."""

SKIPPED_AFTER_PART = frozenset(
    {"time", "edition", "party", "parties", "report", "place", "world", "country", "language"}
)
"""After these an ordinal is no part: a third party, a third edition."""

ASIDE = frozenset(
    {"first", "second", "third", "last", "latter", "other", "top", "bottom", "stronger", "weaker", "better"}
)
"""Before 'half' these make it a section of a whole, not a share."""

STOPS = frozenset(
    (
        "a about after against all also although among an and any are as at be because been before between both but by can "
        "could did do does each even fewer for from had has have he here how if in instead into is it its just less may might "
        "more most no not of off on only or our out over per rather respectively she so some still such than that the their "
        "them then there these they this those to under us via was were what when where which while who whom whose why will "
        "with within without would yet v vs versus once until unless since whether"
    ).split()
)
"""Function words, which are no unit noun."""
