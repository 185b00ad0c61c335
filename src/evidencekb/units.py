"""Which unit fits which measure (rule 304), and which units convert without loss.

Units are UCUM codes, ISO 4217 currencies, ``pp`` (percentage points), ``SD`` (standard deviations), or a plain noun for
what was counted.

References:
    Regenstrief Institute, The Unified Code for Units of Measure.
    ISO 4217:2015, Codes for the representation of currencies; active codes.
"""

from __future__ import annotations

import re

from evidencekb.vocab import RATIOS, Measure

CURRENCIES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES
    VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split()
)
_NOUN = re.compile(r"[^\W\d_][\w '’/&.,()-]*")
RESERVED = CURRENCIES | {"pp", "SD", "%", "1"}
FIXED = {
    Measure.PERCENT_CHANGE: "%",
    Measure.PERCENTAGE_POINTS: "pp",
    Measure.PROPORTION: "1",
    Measure.CORRELATION: "1",
    Measure.RELIABILITY: "1",
    Measure.SMD: "SD",
    **dict.fromkeys(RATIOS, "1"),
}

SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0, "wk": 604_800.0}
"""Units of time of a fixed length. A month and a year have none."""


def conversion(unit: str, into: str) -> str:
    """The name of the conversion from one unit into another; empty where there is none.

    Examples:
        >>> conversion("min", "h"), conversion("mo", "h"), conversion("USD", "EUR")
        ('min_to_h', '', '')
    """
    return f"{unit}_to_{into}" if unit != into and unit in SECONDS and into in SECONDS else ""


NAMED = frozenset({Measure.COUNT, Measure.OTHER})


def fits(unit: str, measure: Measure) -> bool:
    """True if a measure may be given in this unit.

    Examples:
        >>> fits("%", Measure.PERCENT_CHANGE), fits("pp", Measure.PERCENT_CHANGE)
        (True, False)
        >>> fits("people", Measure.COUNT), fits("USD", Measure.SUM_OF_MONEY)
        (True, True)
    """
    if measure in FIXED:
        return unit == FIXED[measure]
    if measure in NAMED:
        return _NOUN.fullmatch(unit) is not None and unit not in RESERVED
    if measure is Measure.SUM_OF_MONEY:
        return unit in CURRENCIES
    return True


def spoken_unit(unit: str | None) -> str:
    """A unit as a text says it behind a number: nothing for ``1``, which no text says.

    Examples:
        >>> spoken_unit("min"), spoken_unit("1"), spoken_unit(None)
        ('min', '', '')
    """
    return "" if unit in (None, "1") else str(unit)


def wanted(measure: Measure) -> str:
    """The units a measure may have, in words.

    Examples:
        >>> wanted(Measure.PROPORTION)
        '"1"'
    """
    if measure in FIXED:
        return f'"{FIXED[measure]}"' if FIXED[measure] in ("1", "%") else FIXED[measure]
    if measure in NAMED:
        return (
            "the name of the number in plain words" if measure is Measure.OTHER else "a plain noun for what was counted"
        )
    if measure is Measure.SUM_OF_MONEY:
        return "an ISO 4217 currency such as USD"
    return "UCUM, a currency, or a plain noun"
