r"""LaTeX in bibliographic fields, as plain Unicode text.

Only what titles and names need: accents, symbols, sub- and superscripts, quotes and dashes. Formatting goes, its text
stays; a command that is not known stays visible instead of vanishing. No LaTeX is run, nothing is nested, and the work
grows with the length of the text alone.

>>> decode(r"{\"O}zg{\"u}r \v{S}im\'{\i}k: {AI} in {H$_2$O}, 50\% --- done")
'Özgür Šimík: AI in H₂O, 50% — done'
"""

# ruff: noqa: RUF001 - the look-alikes are what this module is for
from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328", "t": "\u0361", "textcommabelow": "\u0326",
}  # fmt: skip
_SYMBOLS = {
    "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "ss": "ß", "SS": "ẞ", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "ng": "ŋ", "NG": "Ŋ", "textendash": "–", "textemdash": "—", "dash": "–", "Dash": "—", "ldots": "…", "dots": "…",
    "textellipsis": "…", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”",
    "textquotesingle": "'", "textquotedbl": '"', "lq": "‘", "rq": "’", "quotesinglbase": "‚", "quotedblbase": "„",
    "guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›", "S": "§", "P": "¶",
    "textsection": "§", "textparagraph": "¶", "dag": "†", "ddag": "‡", "copyright": "©", "textcopyright": "©",
    "texttrademark": "™", "textregistered": "®", "pounds": "£", "textsterling": "£", "euro": "€", "texteuro": "€",
    "textyen": "¥", "textcent": "¢", "textdollar": "$", "textpercent": "%", "textdegree": "°", "degree": "°",
    "textordfeminine": "ª", "textordmasculine": "º", "textonehalf": "½", "textonequarter": "¼",
    "textthreequarters": "¾", "textmu": "µ", "textbullet": "•", "textperiodcentered": "·", "textasciitilde": "~",
    "textasciicircum": "^", "textbackslash": "\\", "textunderscore": "_", "textless": "<", "textgreater": ">",
    "textbar": "|", "textbraceleft": "{", "textbraceright": "}", "slash": "/", "space": " ", "thinspace": " ",
    "nobreakspace": " ", "quad": " ", "qquad": " ", "times": "×", "div": "÷", "pm": "±", "cdot": "·", "le": "≤",
    "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼", "equiv": "≡", "infty": "∞",
    "to": "→", "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "textrightarrow": "→", "in": "∈",
    "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "sqrt": "√", "cup": "∪", "cap": "∩",
    "subset": "⊂", "forall": "∀", "exists": "∃", "ell": "ℓ", "star": "⋆", "ast": "∗", "circ": "∘", "langle": "⟨",
    "rangle": "⟩", "prime": "′", "textpm": "±", "texttimes": "×", "sharp": "♯",
    "aleph": "ℵ", "log": "log", "ln": "ln", "exp": "exp", "sin": "sin", "cos": "cos", "min": "min", "max": "max",
}  # fmt: skip
_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)  # fmt: skip
for _name in _GREEK:
    _letter = f"LETTER {_name.upper().replace('LAMBDA', 'LAMDA')}"
    _SYMBOLS[_name] = _SYMBOLS[f"var{_name}"] = unicodedata.lookup(f"GREEK SMALL {_letter}")
    _SYMBOLS[_name.capitalize()] = unicodedata.lookup(f"GREEK CAPITAL {_letter}")
_FORMATTING = frozenset({
    "textit", "textbf", "texttt", "textsc", "textrm", "textsf", "textsl", "textup", "textmd", "textnormal", "text",
    "emph", "em", "it", "bf", "tt", "sl", "sc", "rm", "sf", "upshape", "itshape", "slshape", "scshape", "bfseries",
    "mdseries", "rmfamily", "sffamily", "ttfamily", "normalfont", "mathrm", "mathbf", "mathit", "mathsf", "mathtt",
    "mathcal", "mathbb", "mathfrak", "boldsymbol", "ensuremath", "mbox", "hbox", "url", "path", "protect", "relax",
    "left", "right", "tiny", "small", "large", "Large", "footnotesize", "normalsize", "displaystyle", "textstyle",
    "mkbibemph", "mkbibquote", "enquote", "bgroup", "egroup", "string",
})  # fmt: skip
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SIGNS = {" ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", "\\": " ", "~": "~", "^": "^"} | dict.fromkeys(
    "!/-@()[]\"'`=.", ""
)

_ESCAPING = re.compile(r"[\\$~]|--|``|''")
# A dollar sign opens mathematics only before a character and closes it only after one: "$5 to $10" is money.
_MATHEMATICS = re.compile(r"(?<!\\)\$(?=[^\s$])([^$]{0,500}?)(?<=[^\s\\])\$(?!\d)")
_RAISED = re.compile(r"([_^])(?:\{([^{}]*)\}|([^\s{}\\]))")
_TEXT_RAISED = re.compile(r"\\text(sub|super)script\s*\{([^{}]*)\}")
_INVISIBLE = re.compile(r"\\(?:[hv]?phantom|noopsort|[hv]space|label|color|href)\*?\s*\{(?:[^{}\\]|\\.)*\}")
_COMMAND = re.compile(
    r"""\\(?P<accent>["'`^~=.])\s*\{*\s*(?P<base>\\[A-Za-z]{1,2}(?![A-Za-z])|[^\W\d_])"""
    r"""|\\(?P<mark>[uvHcdbrkt](?![A-Za-z])|textcommabelow)(?:\s+|(?=[{\\]))\{*\s*(?P<under>\\[A-Za-z]{1,2}(?![A-Za-z])|[^\W\d_])"""
    r"""|\\(?P<word>[A-Za-z]+)(?P<space>\s*)(?P<argument>\{(?!\}))?"""
    r"""|\\(?P<sign>[^A-Za-z])|(?P<plain>---?|``|''|~|[{}])""",
)
_PLAIN = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " ", "{": "", "}": ""}
_VERBATIM = re.compile(r"\\([_%&#$~{}])(?:\{\})?|[{}]")
_WRAPPED_TILDE = re.compile(r"\\textasciitilde(?:\{\}|\s*)|\$\\sim\$|\\~(?:\{\})?")


def decode(text: str) -> str:
    r"""Plain text of a field: LaTeX decoded, protecting braces dropped, white space made single.

    Examples:
        >>> decode(r"The {\LaTeX} {Companion}, \emph{2nd} ed., costs $40 to $50")
        'The LaTeX Companion, 2nd ed., costs $40 to $50'
        >>> decode(r"a \foo b")
        'a \\foo b'
    """
    text = " ".join(text.split())
    if _ESCAPING.search(text):
        text = _MATHEMATICS.sub(lambda m: _RAISED.sub(_raise, m[1]), text)
        text = _TEXT_RAISED.sub(lambda m: _raised(m[2], sub=m[1] == "sub"), _INVISIBLE.sub("", text))
        text = unicodedata.normalize("NFC", _COMMAND.sub(_command, text))
    else:
        text = text.replace("{", "").replace("}", "")
    return " ".join(text.split())


def verbatim(text: str) -> str:
    r"""An address or identifier: only escapes and braces are undone, so that ``--`` and ``~`` stay what they are.

    Examples:
        >>> verbatim(r"\url{https://example.org/~ann/a\_b--c}")
        'https://example.org/~ann/a_b--c'
    """
    text = _WRAPPED_TILDE.sub("~", re.sub(r"\\(?:url|path|href)\b\s*", "", text))
    return " ".join(_VERBATIM.sub(lambda m: m[1] or "", text).split())


def _command(match: re.Match[str]) -> str:
    if plain := match["plain"]:
        return _PLAIN[plain]
    if sign := match["sign"]:
        return _SIGNS.get(sign, sign)
    if accent := match["accent"] or match["mark"]:
        return _accented(match["base"] or match["under"], _ACCENTS[accent])
    word, space = match["word"], match["space"]
    if (symbol := _SYMBOLS.get(word)) is not None:
        return symbol if symbol.isalpha() and symbol != word else symbol + space
    if word in _FORMATTING or match["argument"]:
        return ""
    # An unknown command without text of its own: logos such as \TeX are their names, the rest is left to be seen.
    return (word if word != word.lower() else f"\\{word}") + space


def _accented(base: str, accent: str) -> str:
    letter = _SYMBOLS.get(base[1:], base[1:]) if base.startswith("\\") else base
    return {"ı": "i", "ȷ": "j"}.get(letter, letter) + accent


def _raise(match: re.Match[str]) -> str:
    return _raised(match[2] if match[2] is not None else match[3], sub=match[1] == "_", otherwise=match[1])


def _raised(text: str, *, sub: bool, otherwise: str = "") -> str:
    """The text as small figures when Unicode has all of them, else as it is behind its sign."""
    small = text.translate(_SUBSCRIPT if sub else _SUPERSCRIPT)
    return small if text and all(a != b for a, b in zip(text, small, strict=True)) else otherwise + text
