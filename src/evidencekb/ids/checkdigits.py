"""Check digits: what the last characters of an identifier must be, given the others.

Each function takes the characters that are checked, in the form the scheme counts with, and trusts that form.

References:
    ISO 2108 (ISBN), ISO 3297 (ISSN). ISO/IEC 7064, MOD 11-2 as ORCID and MOD 97-10 as ROR use it.
"""

from __future__ import annotations

_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


def weighted_11(digits: str) -> str:
    """The last character of an ISBN-10 or ISSN: weights count down to 2, the sum of all is a multiple of 11, X is ten.

    Examples:
        0·10 + 3·9 + 0·8 + 6·7 + 4·6 + 0·5 + 6·4 + 1·3 + 5·2 = 130, and 130 + 2 = 12 · 11.

        >>> weighted_11("030640615"), weighted_11("2049363")
        ('2', '0')
    """
    rest = -sum(weight * int(digit) for weight, digit in zip(range(len(digits) + 1, 1, -1), digits, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def weighted_10(digits: str) -> str:
    """The last digit of an ISBN-13: weights 1 and 3 in turn, the sum of all is a multiple of 10.

    It notices every wrong digit, and two neighbours that are swapped unless they differ by 5.

    Examples:
        9 + 21 + 8 + 0 + 3 + 0 + 6 + 12 + 0 + 18 + 1 + 15 = 93, and 93 + 7 = 100.

        >>> weighted_10("978030640615")
        '7'
    """
    return str(-(sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))) % 10)


def mod_11_2(digits: str) -> str:
    """The last character of an ORCID: the others and it, as powers of 2, make 1 more than a multiple of 11; X is ten.

    It notices every wrong digit and every two digits that are swapped.

    Examples:
        >>> mod_11_2("000000021825009"), mod_11_2("000000021694233")
        ('7', 'X')
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    rest = (12 - total) % 11
    return "X" if rest == 10 else str(rest)


def mod_97_10(characters: str) -> str:
    """The last two digits of a ROR id: with them the number, read in base 32 and then 100, is 1 more than a multiple of 97.

    Examples:
        >>> mod_97_10("3yrm5c")
        '26'
    """
    number = 0
    for character in characters:
        number = number * 32 + _BASE_32.index(character)
    return f"{98 - number * 100 % 97:02d}"
