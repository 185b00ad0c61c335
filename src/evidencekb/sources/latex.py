r"""LaTeX in bibliographic fields, as Unicode text, and Unicode text as LaTeX.

Only what titles and names need: accents, symbols, sub- and superscripts, quotes and dashes. Formatting goes, or becomes
the inline tags of CSL; its text stays. A command that is not known stays visible instead of vanishing. No LaTeX is run,
and the work grows with the length of the text alone.

>>> decode(r"{\"O}zg{\"u}r \v{S}im\'{\i}k: {AI} in {H$_2$O}, 50\% --- done")
'Özgür Šimík: AI in H₂O, 50% — done'
>>> rich(r"Growth of \emph{E. coli} in the 19\textsuperscript{th} century")
'Growth of <i>E. coli</i> in the 19<sup>th</sup> century'
>>> encode("R&D at 50% <i>speed</i>")
'R\\&D at 50\\% \\emph{speed}'
"""

# ruff: noqa: RUF001 - the look-alikes are what this module is for
from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328", "t": "\u0361", "textcommabelow": "\u0326", "ocirc": "\u030a", "polhk": "\u0328",
    "textogonekcentered": "\u0328",
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
    "rangle": "⟩", "prime": "′", "cprime": "ʹ", "textpm": "±", "texttimes": "×", "sharp": "♯",
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
    "mkbibemph", "mkbibbold", "mkbibitalic", "bgroup", "egroup", "string", "textsuperscript", "textsubscript",
    "enquote", "mkbibquote", "nolinkurl", "bibstring", "relsize",
})  # fmt: skip
# Sorting very many accents on one letter would take the square of their number.
_MOST_ACCENTS = 8
# What a command puts before and after its argument: in plain text, and with the tags of CSL.
_AROUND = dict.fromkeys(("enquote", "mkbibquote"), (("“", "”"), ("“", "”")))
_AROUND |= dict.fromkeys(("emph", "textit", "textsl", "mkbibemph", "mkbibitalic"), (("", ""), ("<i>", "</i>")))
_AROUND |= dict.fromkeys(("textbf", "mkbibbold"), (("", ""), ("<b>", "</b>")))
_AROUND |= {"textsuperscript": (("", ""), ("<sup>", "</sup>")), "textsubscript": (("", ""), ("<sub>", "</sub>"))}
# The same for those that hold until their group ends.
_SWITCHES = dict.fromkeys(("em", "it", "sl", "itshape", "slshape"), ("<i>", "</i>"))
_SWITCHES |= dict.fromkeys(("bf", "bfseries"), ("<b>", "</b>"))
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SIGNS = {" ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", "\\": " ", "~": "~", "^": "^"} | dict.fromkeys(
    "!/-@()[]\"'`=.", ""
)
_ACCENTED = (
    r"""(?:["'`^~=.]\s*+|(?:[uvHcdbrkt](?![A-Za-z])|textcommabelow|ocirc|polhk|textogonekcentered)(?:\s++|(?=[{\\])))"""
)
_LETTERS = r"(?:ae|AE|oe|OE|aa|AA|ss|dh|DH|th|TH|dj|DJ|ng|NG|o|O|l|L|i|j)(?![A-Za-z])"
# One accented or foreign letter with the braces it may stand in, as names have them.
_LETTER = re.compile(
    rf"\\{_ACCENTED}(?:\{{(?:\\[ij]\s*|[A-Za-z])\}}|\\[ij](?![A-Za-z])\s*|[A-Za-z])|\\{_LETTERS}(?:\{{\}}|\s+(?!\s)|)"
)
_BRACED_LETTER = re.compile(rf"\{{(?:{_LETTER.pattern})\}}|{_LETTER.pattern}")
# Braces that a command stands before are its own, and are no longer those of the letter in them.
_COMMAND_BEFORE = re.compile(r"""\\(?:[A-Za-z]+|["'`^~=.])\s*+\{\s*+\\(?![ij](?![A-Za-z]))""")
# A dollar sign opens mathematics only before a character and closes it only after one: "$5 to $10" is money.
_MATHEMATICS = re.compile(
    r"(?<!\\)\$(?=[^\s$])(?:[-+=<>/*|]{1,3}\$|[^$\\^_]{0,200}(?:[\\^_][^$]{0,300}(?<=[^\s\\])\$|(?<=\S)\$(?!\d)))"
)
_INVISIBLE = re.compile(
    r"\\(?:[hv]?phantom|noopsort|[hv]space|label|color|textcolor|href)\*?\s*\{(?:[^{}\\]|\\.)*\}(?:\s*(?=\{))?"
)
_TOKEN = re.compile(
    rf"""\\(?P<accent>{_ACCENTED})(?=[{{\s]*(?:\\|[^\W\d_]))"""
    r"""|\\text(?P<raised>sub|super)script\s*\{(?P<small>[^{}\\]*)\}"""
    r"""|\\(?:url|path|nolinkurl)\s*\{(?P<address>[^{}]*)\}"""
    r"""|\\(?P<word>[A-Za-z]+)(?P<space>\s*)(?P<argument>\{(?!\}))?"""
    r"""|\\(?P<sign>[^A-Za-z])|(?P<brace>[{}])|(?P<plain>---?|``|''|~)"""
    r"""|(?P<dollar>\$)|(?P<degree>\^\s*(?:\\circ(?![A-Za-z])|\{\s*\\circ\s*\}))"""
    r"""|(?P<script>[_^])(?:\{(?P<group>[^{}\\$]*)\}|(?P<one>[^\s{}\\$])|(?P<open>\{))?""",
)
_PLAIN = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " "}
_ESCAPED = re.compile(r"\\([_%&#$~{}])(?:\{\})?|(\\)textbackslash(?:\{\}|\s*)|[{}]")
_WRAPPED_TILDE = re.compile(r"\\textasciitilde(?:\{\}|\s*)|\$\\sim\$|\\~(?:\{\})?")
_ADDRESS = re.compile(r"\\(?:url|path|href)\b\s*")
_SPECIAL = re.compile(r"[\\{}~^&%#_$<]|--|``|''")
_WRITTEN = {
    "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}", "&": "\\&", "%": "\\%", "#": "\\#", "_": "\\_", "$": "\\$", "<": "<",
    "--": "-{}-", "``": "`{}`", "''": "'{}'",
}  # fmt: skip
_TAGGED = re.compile(r"<(/?)(i|b|sup|sub)>|<span class=\"(nocase)\">|<(/)(span)>")
_COMMANDS = {"i": "\\emph{", "b": "\\textbf{", "sup": "\\textsuperscript{", "sub": "\\textsubscript{", "nocase": "{{"}


def decode(text: str) -> str:
    r"""Plain text of a field: LaTeX decoded, protecting braces dropped, white space made single.

    Examples:
        >>> decode(r"The {\LaTeX} {Companion}, \emph{2nd} ed., costs $40 to $50")
        'The LaTeX Companion, 2nd ed., costs $40 to $50'
        >>> decode(r"a \foo b")
        'a \\foo b'
    """
    return _decoded(text, tags=False)


def rich(text: str) -> str:
    r"""The same with italics, bold type, and what stands higher or lower, as the inline tags of CSL.

    Figures that Unicode has small forms of need no tag.

    Examples:
        >>> rich(r"\textbf{Bold} and {\em slanted}: CO\textsubscript{2}, x$^{ab}$")
        '<b>Bold</b> and <i>slanted</i>: CO₂, x<sup>ab</sup>'
    """
    return _decoded(text, tags=True)


def mathematics(text: str, *, tags: bool = True) -> str:
    r"""The text with what stands between dollar signs decoded, and everything else as it was.

    Args:
        text: A text that is no LaTeX otherwise.
        tags: True gives the inline tags of CSL, as :func:`rich`.

    Examples:
        >>> mathematics(r"{Work} at $10^{12}$ eV, $5 to $10, $x_{ij}$")
        '{Work} at 10¹² eV, $5 to $10, x<sub>ij</sub>'
    """

    def read(match: re.Match[str]) -> str:
        # A tag of another markup between two amounts of money is none of mathematics.
        found = match[0] if re.search(r"</?[A-Za-z]", match[0]) else _decoded(match[0], tags=tags)
        return match[0] if "$" in found else found

    return _MATHEMATICS.sub(read, text) if "$" in text else text


def letters(text: str) -> str:
    r"""The text with accented and foreign letters as Unicode, and everything else as it was.

    Examples:
        >>> letters(r"{\'E}tienne {van M{\"u}ller} and S{\o}ren")
        'Étienne {van Müller} and Søren'
    """
    if "\\" not in text:
        return text
    return (_LETTER if _COMMAND_BEFORE.search(text) else _BRACED_LETTER).sub(_letter_of, text)


def verbatim(text: str) -> str:
    r"""An address or identifier: only escapes and braces are undone, so that ``--`` and ``~`` stay what they are.

    Examples:
        >>> verbatim(r"\url{https://example.org/~ann/a\_b--c}")
        'https://example.org/~ann/a_b--c'
    """
    if "\\" in text or "{" in text or "}" in text:
        text = _ESCAPED.sub(lambda m: m[1] or m[2] or "", _WRAPPED_TILDE.sub("~", _ADDRESS.sub("", text)))
    return " ".join(text.split())


def encode(text: str, *, tags: bool = True) -> str:
    r"""A text as a value of a field: what LaTeX gives a meaning is escaped, the tags of CSL become commands.

    Args:
        text: Any text on one line.
        tags: False where tags are read as text.

    Examples:
        >>> encode("#1 of {a_b} <sup>th</sup> <i>not closed")
        '\\#1 of \\textbraceleft{}a\\_b\\textbraceright{} \\textsuperscript{th} <i>not closed'
    """
    if not _SPECIAL.search(text):
        return text
    opened: list[tuple[str, int]] = []
    parts: list[str] = []
    position = 0
    for match in _TAGGED.finditer(text) if tags else ():
        parts.append(_SPECIAL.sub(_written, text[position : match.start()]))
        position = match.end()
        name = match[2] or match[3] or match[5]
        if not (match[1] or match[4]):
            opened.append((name, len(parts)))
            parts.append(match[0])
        elif opened and (opened[-1][0] == name or (name == "span" and opened[-1][0] == "nocase")):
            name, start = opened.pop()
            inside = "".join(parts[start + 1 :])
            # Figures with small forms are read back as these unless a brace keeps them apart.
            keep = name in ("sup", "sub") and _small(inside, sub=name == "sub") is not None
            parts[start] = _COMMANDS[name] + ("{" if keep else "")
            parts.append("}}" if keep or name == "nocase" else "}")
        else:
            opened.clear()
            parts.append(match[0])
    parts.append(_SPECIAL.sub(_written, text[position:]))
    return "".join(parts)


def _decoded(text: str, *, tags: bool) -> str:
    if "\\" in text:
        text = letters(text)
    if "\\" in text or "$" in text or "~" in text or "--" in text or "``" in text or "''" in text:
        text = _Decoder(text, tags).run()
    elif "{" in text or "}" in text:
        text = text.replace("{", "").replace("}", "")
    return " ".join(text.split())


class _Decoder:
    """One pass over a text, with the groups that are open."""

    __slots__ = ("accents", "groups", "mathematics", "parts", "tags", "text")

    def __init__(self, text: str, tags: bool) -> None:
        self.text = _INVISIBLE.sub("", text) if "\\" in text else text
        self.tags = tags
        self.parts: list[str] = []
        self.groups: list[str] = []
        self.accents: list[str] = []
        self.mathematics: set[int] = set()
        if "$" in self.text:
            for match in _MATHEMATICS.finditer(self.text):
                self.mathematics |= {match.start(), match.end() - 1}

    def run(self) -> str:
        """The text decoded."""
        position, inside = 0, False
        while (match := _TOKEN.search(self.text, position)) is not None:
            start = match.start()
            if start > position:
                self.put(self.text[position:start])
            position, kind = match.end(), match.lastgroup
            if kind == "dollar" and start in self.mathematics:
                inside = not inside
            elif kind in ("script", "group", "one", "open", "degree"):
                if inside:
                    self.script(match)
                else:
                    self.put(match[0][0])
                    position = start + 1
            elif kind == "brace":
                self.brace(match[0])
            elif kind == "plain":
                self.put(_PLAIN[match[0]])
            else:
                self.command(match)
        self.put(self.text[position:])
        return "".join(self.parts + self.groups[::-1])

    def put(self, text: str) -> None:
        """Text, of which the first letter takes the accents that wait for one."""
        if self.accents and text and not text.isspace():
            first = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
            text = unicodedata.normalize("NFC", first + "".join(reversed(self.accents))) + text[1:]
            self.accents.clear()
        self.parts.append(text)

    def brace(self, mark: str) -> None:
        if mark == "{":
            self.groups.append("")
        elif self.groups:
            self.parts.append(self.groups.pop())
            self.accents.clear()

    def script(self, match: re.Match[str]) -> None:
        """What stands higher or lower in mathematics."""
        if match["degree"]:
            self.put("°")
            return
        sign, text = match["script"], match["group"] or match["one"]
        name = "sub" if sign == "_" else "sup"
        if match["open"]:
            self.parts.append(f"<{name}>" if self.tags else sign)
            self.groups.append(f"</{name}>" if self.tags else "")
        elif text is None or not text.strip():
            self.put("" if match[0][1:] else sign)
        elif small := _small(text, sub=sign == "_"):
            self.put(small)
        else:
            self.put(f"<{name}>{text}</{name}>" if self.tags else sign + text)

    def command(self, match: re.Match[str]) -> None:
        if accent := match["accent"]:
            if len(self.accents) < _MOST_ACCENTS:
                self.accents.append(_ACCENTS[accent.strip()])
        elif (raised := match["raised"]) is not None:
            name, text = raised[:3], match["small"]
            small = _small(text, sub=raised == "sub")
            self.put(small or (f"<{name}>{text}</{name}>" if self.tags and text.strip() else text))
        elif (address := match["address"]) is not None:
            self.put(address)
        elif sign := match["sign"]:
            self.put(_SIGNS.get(sign, sign))
        elif match["dollar"]:
            self.put("$")
        else:
            self.word(match["word"], match["space"], argument=bool(match["argument"]))

    def word(self, word: str, space: str, *, argument: bool) -> None:
        before, after = _AROUND[word][self.tags] if argument and word in _AROUND else ("", "")
        if (symbol := _SYMBOLS.get(word)) is not None:
            self.put(symbol if symbol.isalpha() and symbol != word else symbol + space)
        elif word in _SWITCHES and self.tags and not argument:
            before, ends = _SWITCHES[word]
            self.groups = self.groups or [""]
            self.groups[-1] = ends + self.groups[-1]
        elif word not in _FORMATTING and not argument:
            # Without text of its own: logos such as \TeX are their names, the rest is left to be seen.
            self.put((word if word != word.lower() else f"\\{word}") + space)
        if before:
            self.parts.append(before)
        if argument:
            self.groups.append(after)


def _letter_of(match: re.Match[str]) -> str:
    return _one_letter(match[0])


@lru_cache(maxsize=1024)
def _one_letter(written: str) -> str:
    return _Decoder(written, tags=False).run().strip()


def _small(text: str, *, sub: bool) -> str | None:
    """The text as small figures; None unless Unicode has all of them."""
    small = text.translate(_SUBSCRIPT if sub else _SUPERSCRIPT)
    return small if text and all(a != b for a, b in zip(text, small, strict=True)) else None


def _written(match: re.Match[str]) -> str:
    return _WRITTEN[match[0]]
