"""A language's terms, dates and marks: the locale files beside this module, and what a style says otherwise.

References:
    Citation Style Language 1.0.2, "Locale Files" and "Locale Fallback". The files are those of the CSL project,
    unchanged, under CC BY-SA 3.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from evidencekb.sources.csl.texts import QuoteMarks

NS = "{http://purl.org/net/xbiblio/csl}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FOLDER = Path(__file__).parent / "locales"
_DIALECTS = {
    "af": "af-ZA", "bg": "bg-BG", "ca": "ca-AD", "cs": "cs-CZ", "cy": "cy-GB", "da": "da-DK", "de": "de-DE",
    "el": "el-GR", "en": "en-US", "es": "es-ES", "et": "et-EE", "fa": "fa-IR", "fi": "fi-FI", "fr": "fr-FR",
    "gl": "gl-ES", "he": "he-IL", "hi": "hi-IN", "hr": "hr-HR", "hu": "hu-HU", "hy": "hy-AM", "id": "id-ID",
    "is": "is-IS", "it": "it-IT", "ja": "ja-JP", "km": "km-KH", "ko": "ko-KR", "lt": "lt-LT", "lv": "lv-LV",
    "mn": "mn-MN", "ms": "ms-MY", "nb": "nb-NO", "nl": "nl-NL", "nn": "nn-NO", "pa": "pa-PK", "pl": "pl-PL",
    "pt": "pt-PT", "ro": "ro-RO", "ru": "ru-RU", "sk": "sk-SK", "sl": "sl-SI", "sr": "sr-Cyrl-RS", "sv": "sv-SE",
    "th": "th-TH", "tl": "tl-PH", "tr": "tr-TR", "uk": "uk-UA", "vi": "vi-VN", "zh": "zh-CN",
}  # fmt: skip
_FALLBACKS = {"verb-short": "verb", "symbol": "short", "verb": "long", "short": "long"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,8}){0,2}")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a language.

    Attributes:
        single: The word for one.
        multiple: The word for many.
        gender: The gender of the noun; "" where there is none.
        match: Which numbers an ordinal ending is for: "last-digit", "last-two-digits" or "whole-number".
    """

    single: str
    multiple: str
    gender: str = ""
    match: str = ""


@dataclass(slots=True)
class Locale:
    """Terms, date forms and options.

    Attributes:
        lang: The language, such as "en-GB".
        terms: Each term under its name, form and gender form.
        dates: The parts of the forms "text" and "numeric".
        options: Style options such as "punctuation-in-quote".
    """

    lang: str
    terms: dict[tuple[str, str, str], Term] = field(default_factory=dict)
    dates: dict[str, ET.Element] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)

    def overlay(self, element: ET.Element) -> None:
        """Let an element ``locale`` say otherwise."""
        found = list(element.iter(f"{NS}term"))
        if any(term.get("name", "").startswith("ordinal") for term in found):
            # Endings belong together: a language that lists its own takes none of another.
            self.terms = {key: term for key, term in self.terms.items() if not key[0].startswith("ordinal")}
        for term in found:
            single, multiple = term.find(f"{NS}single"), term.find(f"{NS}multiple")
            text = term.text or ""
            one = (single.text or "") if single is not None else text
            many = (multiple.text or "") if multiple is not None else one
            key = (term.get("name", ""), term.get("form", "long"), term.get("gender-form", ""))
            number = key[0].rpartition("-")[2]
            default = "last-two-digits" if number.isdigit() and int(number) >= 10 else "last-digit"
            self.terms[key] = Term(
                one.strip("\n"), many.strip("\n"), term.get("gender", ""), term.get("match", default)
            )
        for date in element.iter(f"{NS}date"):
            self.dates[date.get("form", "text")] = date
        for options in element.iter(f"{NS}style-options"):
            self.options.update(options.attrib)

    def find(self, name: str, form: str = "long", gender: str = "") -> Term | None:
        """The term in this form, or in the one it falls back to."""
        looked: str | None = form
        while looked:
            for kind in (gender, "") if gender else ("",):
                if (term := self.terms.get((name, looked, kind))) is not None:
                    return term
            looked = _FALLBACKS.get(looked)
        return None

    def term(self, name: str, form: str = "long", *, plural: bool = False) -> str:
        """A word; "" when the language has none."""
        found = self.find(name, form)
        return "" if found is None else found.multiple if plural else found.single

    def quote_marks(self) -> QuoteMarks:
        """The quotation marks."""
        return QuoteMarks(
            self.term("open-quote") or "\u201c",
            self.term("close-quote") or "\u201d",
            self.term("open-inner-quote") or "\u2018",
            self.term("close-inner-quote") or "\u2019",
            self.options.get("punctuation-in-quote") == "true",
        )

    def ordinal(self, number: int, gender: str = "") -> str:
        """A number with its ending: "2nd"."""
        endings = (
            (f"ordinal-{number:02d}", "whole-number") if number < 100 else ("", ""),
            (f"ordinal-{number % 100:02d}", "last-two-digits"),
            (f"ordinal-{number % 10:02d}", "last-digit"),
        )
        for name, match in endings:
            found = self.find(name, "long", gender) if name else None
            if found and (found.match == match or match == "whole-number"):
                return f"{number}{found.single}"
        default = self.find("ordinal", "long", gender)
        return f"{number}{default.single if default else ''}"


def language(text: str) -> str:
    """A language tag in its usual capitals; "" when it is none.

    Examples:
        >>> language("en_us"), language("DE")
        ('en-US', 'de')
    """
    if not _LANGUAGE.fullmatch(text):
        return ""
    first, *rest = re.split("[-_]", text)
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])


def dialect(lang: str) -> str:
    """The file that a language reads: its own, or that of its first dialect; "en-US" when there is none."""
    for name in (lang, _DIALECTS.get(lang, ""), _DIALECTS.get(lang.split("-", maxsplit=1)[0], "")):
        if name and (_FOLDER / f"locales-{name}.xml").is_file():
            return name
    return "en-US"


@lru_cache(maxsize=16)
def _file(name: str) -> ET.Element:
    return ET.parse(_FOLDER / f"locales-{name}.xml").getroot()


def load(lang: str, overlays: tuple[ET.Element, ...] = ()) -> Locale:
    """A language's locale, with what a style's ``locale`` elements say of it.

    What a language has no word for, it says in American English.
    """
    lang = language(lang) or "en-US"
    locale = Locale(lang)
    base = lang.split("-")[0]
    for name in dict.fromkeys(("en-US", dialect(base), dialect(lang))):
        locale.overlay(_file(name))
    for wanted in ("", base, lang):
        for element in overlays:
            if language(element.get(_LANG, "")) == wanted and (wanted != lang or base != lang or wanted == base):
                locale.overlay(element)
        if base == lang and wanted == base:
            break
    return locale
