# ruff: noqa: E501  # one place a line reads as a table
"""Countries and parts of the world in a text: one that nothing recorded of the finding names."""

from __future__ import annotations

import re
from collections.abc import Iterator

# One line a place: its name, what is of it, and after a slash the parts of the world and the cities that go with it.
_PLACES = """
united states|america|american|americans|u.s.|us|usa / north america; new york, los angeles, chicago, boston, houston, san francisco, seattle, washington, philadelphia, atlanta, miami, dallas, austin, texas, california, florida, massachusetts, alabama, alaska, arizona, arkansas, colorado, connecticut, delaware, hawaii, idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maryland, michigan, minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island, south carolina, south dakota, tennessee, utah, vermont, virginia, wisconsin, wyoming
canada|canadian|canadians / north america; toronto, montreal, vancouver, ottawa, ontario, quebec
mexico|mexican|mexicans / north america, latin america; mexico city
united kingdom|britain|british|britons|u.k.|uk|great britain / europe; england, scotland, scottish, wales, welsh, northern ireland, london, manchester, birmingham, glasgow, edinburgh, leeds, bristol
ireland|irish / europe; dublin
france|french / europe; paris, lyon, marseille
germany|german|germans / europe; berlin, munich, hamburg, frankfurt, cologne
netherlands|dutch / europe; amsterdam, rotterdam
belgium|belgian|belgians / europe; brussels, antwerp, flanders, flemish, ghent
switzerland|swiss / europe; zurich, geneva
austria|austrian|austrians / europe; vienna
spain|spanish|spaniards / europe; madrid, barcelona
portugal|portuguese / europe; lisbon
italy|italian|italians / europe; rome, milan, turin
greece|greek|greeks / europe; athens
poland|polish|poles / europe; warsaw
czech republic|czech|czechs|czechia / europe; prague
hungary|hungarian|hungarians / europe; budapest
sweden|swedish|swedes / europe; stockholm, gothenburg, malmö
norway|norwegian|norwegians / europe; oslo, bergen
denmark|danish|danes / europe; copenhagen
finland|finnish|finns / europe; helsinki
russia|russian|russians / europe, asia; moscow
turkey|turkish / europe, asia; istanbul
israel|israeli|israelis / asia; tel aviv
china|chinese / asia; beijing, shanghai, hong kong
japan|japanese / asia; tokyo
south korea|korea|korean|koreans / asia; seoul
india|indian|indians / asia; delhi, mumbai, bangalore, hyderabad, chennai, kolkata, gujarat, punjab, bihar, kerala, rajasthan, tamil nadu, assam, maharashtra, karnataka, uttar pradesh, odisha, andhra pradesh, west bengal
pakistan|pakistani|pakistanis / asia; karachi
indonesia|indonesian / asia; jakarta
australia|australian|australians / oceania; sydney, melbourne
new zealand|new zealander|new zealanders / oceania; auckland
bangladesh|bangladeshi|bangladeshis / asia; dhaka
nepal|nepali / asia; kathmandu
sri lanka|sri lankan / asia; colombo
vietnam|vietnamese / asia; hanoi
thailand|thai / asia; bangkok
philippines|filipino|filipinos / asia; manila
malaysia|malaysian|malaysians / asia; kuala lumpur
singapore|singaporean|singaporeans / asia
taiwan|taiwanese / asia; taipei
iran|iranian|iranians / asia; tehran
saudi arabia|saudi / asia; riyadh
ukraine|ukrainian|ukrainians / europe; kyiv
romania|romanian|romanians / europe; bucharest
bulgaria|bulgarian|bulgarians / europe; sofia
croatia|croatian|croatians / europe; zagreb
iceland|icelandic / europe; reykjavik
estonia|estonian|estonians / europe; tallinn
latvia|latvian|latvians / europe; riga
lithuania|lithuanian|lithuanians / europe; vilnius
ethiopia|ethiopian|ethiopians / africa; addis ababa
tanzania|tanzanian|tanzanians / africa
rwanda|rwandan|rwandans / africa; kigali
malawi|malawian|malawians / africa
zambia|zambian|zambians / africa; lusaka
morocco|moroccan|moroccans / africa; rabat
peru|peruvian|peruvians / latin america; lima
ecuador|ecuadorian|ecuadorians / latin america; quito
kenya|kenyan|kenyans / africa; nairobi
nigeria|nigerian|nigerians / africa; lagos
south africa|south african|south africans / africa; johannesburg, cape town
ghana|ghanaian|ghanaians / africa; accra
uganda|ugandan|ugandans / africa; kampala
egypt|egyptian|egyptians / africa; cairo
brazil|brazilian|brazilians / latin america; são paulo, rio
argentina|argentine|argentines / latin america; buenos aires
chile|chilean|chileans / latin america; santiago
colombia|colombian|colombians / latin america; bogotá
botswana / africa
mozambique / africa; maputo
senegal|senegalese / africa; dakar
ivory coast|ivorian / africa; abidjan
burkina faso / africa
mali|malian / africa; bamako
niger|nigerien / africa
liberia|liberian|liberians / africa
sierra leone / africa
zimbabwe|zimbabwean / africa; harare
namibia / africa
tunisia|tunisian|tunisians / africa; tunis
algeria|algerian|algerians / africa; algiers
jordan|jordanian|jordanians / asia; amman
lebanon|lebanese / asia; beirut
iraq|iraqi|iraqis / asia; baghdad
afghanistan|afghan|afghans / asia; kabul
kazakhstan|kazakh / asia
cambodia|cambodian|cambodians / asia
myanmar / asia
mongolia|mongolian / asia
uruguay|uruguayan|uruguayans / latin america; montevideo
bolivia|bolivian|bolivians / latin america; la paz
paraguay / latin america
venezuela|venezuelan|venezuelans / latin america; caracas
guatemala|guatemalan / latin america
honduras|honduran / latin america
costa rica|costa rican / latin america
dominican republic / latin america
jamaica|jamaican / latin america
slovakia|slovak|slovaks / europe; bratislava
slovenia|slovene|slovenian / europe; ljubljana
serbia|serbian|serbs / europe; belgrade
luxembourg / europe
cyprus|cypriot / europe
malta|maltese / europe
""".strip().splitlines()
_REGIONS = {
    "europe": "europe european europeans", "asia": "asia", "africa": "africa", "oceania": "oceania",
    "north america": "north_america north_american", "latin america": "latin_america latin_american",
}  # fmt: skip
_WORLD = re.compile(
    r"\b(?:worldwide|world-wide|globally|around the world|across the (?:globe|world)|throughout the world|the world over"
    r"|(?:in|for|of) the world(?!['’]s))\b"
)
_WIDE = re.compile(r"\b(?:world|global|international|worldwide|countries|nations|economies|planet|everywhere)")

_WHERE = r"\b(?:in|across|throughout|around|of|for)(?: the)? "

_OF: dict[str, str] = {}
_WITHIN: dict[str, frozenset[str]] = {}
for _line in _PLACES:
    _names, _, _rest = _line.partition(" / ")
    _parts, _, _cities = _rest.partition("; ")
    _country = _names.partition("|")[0]
    _WITHIN[_country] = frozenset(_parts.split(", "))
    for _name in _names.split("|"):
        _OF[_name] = _country
    for _city in filter(None, _cities.split(", ")):
        _OF[_city] = _city
        _WITHIN[_city] = frozenset({_country})
for _region, _said in _REGIONS.items():
    _WITHIN[_region] = frozenset()
    for _name in _said.split():
        _OF[_name.replace("_", " ")] = _region
for _state, _cities in {
    "california": "los angeles, san francisco",
    "illinois": "chicago",
    "massachusetts": "boston",
    "texas": "houston, dallas, austin",
    "pennsylvania": "philadelphia",
    "florida": "miami",
    "ontario": "toronto, ottawa",
    "quebec": "montreal",
    "england": "london, manchester, birmingham, leeds, bristol",
    "scotland": "glasgow, edinburgh",
    "flanders": "antwerp, ghent",
}.items():
    for _city in _cities.split(", "):
        _WITHIN[_city] |= {_state}
_OF |= {"scottish": "scotland", "welsh": "wales", "flemish": "flanders"}

PLACE_WORDS = frozenset(word for name in _OF for word in name.split()) | {"worldwide", "globally", "world", "globe"}
"""The words that a place may be named by, in small letters."""

_KEEP_CASE = {"us": "US"}
_SAID = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(
        re.escape(
            _KEEP_CASE.get(n, n if "." not in n else n.upper()).title()
            if n not in ("us", "uk", "usa") and "." not in n
            else n.upper()
        )
        for n in sorted(_OF, key=len, reverse=True)
    )
    + r")(?!\w)"
)
_LANGUAGES = frozenset(
    {
        "english",
        "french",
        "german",
        "spanish",
        "dutch",
        "chinese",
        "italian",
        "portuguese",
        "polish",
        "russian",
        "czech",
    }
)
_SPOKEN = re.compile(r"\b(?:in|not|speak\w*|spoken|writ\w*|native|into|and|or)[ -]$", re.IGNORECASE)
_SPEAKS = re.compile(r"[ -](?:speak|spok|language|essay|test|text|word|name|accent)")


def places_in(text: str) -> list[tuple[str, str]]:
    """The places that a text names, each with the word for it; a language is none.

    Examples:
        >>> places_in("Danish firms, and some in London and the US")
        [('denmark', 'Danish'), ('london', 'London'), ('united states', 'US')]
    """
    found = []
    for match in _SAID.finditer(text):
        word = match.group()
        if word.lower() in _LANGUAGES and (
            _SPOKEN.search(text[max(0, match.start() - 14) : match.start()]) or _SPEAKS.match(text, match.end())
        ):
            continue
        found.append((_OF[word.lower()], word))
    return found


def elsewhere(text: str, fields: str) -> Iterator[str]:
    """The words of a text for a place that is none of those recorded, and lies in none of them.

    Args:
        text: The text.
        fields: The words of the record; if they name no place, nothing is told.
    """
    said = places_in(text)
    world = _WORLD.search(text)
    if not said and not world:
        return
    held = {place for place, _ in places_in(fields)}
    if not held:
        return
    around = frozenset().union(*map(_around, held))
    if any(place in held for place, _ in said):  # whence and whither, but not where
        said = [(place, word) for place, word in said if re.search(_WHERE + re.escape(word), text)]
    wide = held & around if not held <= around else frozenset[str]()
    for place, word in said:
        if word in fields:
            continue
        if _around(place) & held <= wide and place not in around and place not in held:
            yield word  # another city than the one on record, of the same country
        elif place not in held and not _around(place) & held and not (place in around and _is_one_of(place, held)):
            yield word
    if world and not _WIDE.search(fields.lower()):
        yield world.group()


def _around(place: str) -> frozenset[str]:
    """What a place lies in: its country and the part of the world."""
    near = _WITHIN.get(place, frozenset())
    return near.union(*(_WITHIN.get(one, frozenset()) for one in near))


def _is_one_of(place: str, held: set[str]) -> bool:
    """True if a wider place holds all of those recorded and they are more than one, or cities of it."""
    inside = [one for one in held if place in _around(one)]
    return len(inside) == len(held) and (len(held) > 1 or place not in _REGIONS)
