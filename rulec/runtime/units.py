"""The names of units, currencies, months and numbers, as each language writes them.

Mass, length, area, volume, energy: the SI and the units accepted for use with it (BIPM, The International System of
Units, 9th edition). Currencies: ISO 4217.
"""

from decimal import Decimal

# Unit key → its dimension, and how many of the dimension's base unit it is.
UNITS: dict[str, tuple[str, Decimal]] = {
    "mg": ("mass", Decimal("0.001")), "g": ("mass", Decimal(1)), "kg": ("mass", Decimal(1000)),
    "t": ("mass", Decimal(1_000_000)),
    "mm": ("length", Decimal(1)), "cm": ("length", Decimal(10)), "m": ("length", Decimal(1000)),
    "km": ("length", Decimal(1_000_000)),
    "cm²": ("area", Decimal("0.0001")), "m²": ("area", Decimal(1)), "ha": ("area", Decimal(10_000)),
    "km²": ("area", Decimal(1_000_000)),
    "ml": ("volume", Decimal(1)), "cl": ("volume", Decimal(10)), "dl": ("volume", Decimal(100)),
    "l": ("volume", Decimal(1000)), "hl": ("volume", Decimal(100_000)), "m³": ("volume", Decimal(1_000_000)),
    "Wh": ("energy", Decimal(1)), "kWh": ("energy", Decimal(1000)), "MWh": ("energy", Decimal(1_000_000)),
    "W": ("power", Decimal(1)), "kW": ("power", Decimal(1000)),
}  # fmt: skip

# What is written after a number → unit key; symbols keep their case, words are folded.
UNIT_SYMBOLS = {
    **{unit: unit for unit in UNITS}, "L": "l", "mL": "ml", "cL": "cl", "m2": "m²", "m3": "m³", "cm2": "cm²",
    "km2": "km²", "KG": "kg", "Kg": "kg", "KM": "km", "Km": "km", "kwh": "kWh", "T": "t",
}  # fmt: skip
UNIT_WORDS = {
    "fr": {
        "gramme": "g", "grammes": "g", "kilo": "kg", "kilos": "kg", "kilogramme": "kg", "kilogrammes": "kg",
        "tonne": "t", "tonnes": "t", "metre": "m", "metres": "m", "centimetre": "cm", "centimetres": "cm",
        "millimetre": "mm", "millimetres": "mm", "kilometre": "km", "kilometres": "km", "litre": "l", "litres": "l",
        "hectare": "ha", "hectares": "ha", "metre carre": "m²", "metres carres": "m²", "metre cube": "m³",
        "metres cubes": "m³",
    },
    "en": {
        "gram": "g", "grams": "g", "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg", "tonne": "t",
        "tonnes": "t", "metre": "m", "metres": "m", "meter": "m", "meters": "m", "centimetre": "cm",
        "centimetres": "cm", "centimeter": "cm", "centimeters": "cm", "millimetre": "mm", "millimetres": "mm",
        "kilometre": "km", "kilometres": "km", "kilometer": "km", "kilometers": "km", "litre": "l", "litres": "l",
        "liter": "l", "liters": "l", "hectare": "ha", "hectares": "ha", "square metre": "m²", "square metres": "m²",
        "square meters": "m²", "cubic metre": "m³", "cubic metres": "m³", "cubic meters": "m³",
    },
}  # fmt: skip

CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
CURRENCY_CODES = frozenset({
    "EUR", "USD", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN",
    "CNY", "HKD", "SGD", "INR", "BRL", "MXN", "ZAR", "MAD", "TND", "DZD", "XOF", "XAF", "XPF", "AED", "ILS", "TRY",
    "KRW",
})  # fmt: skip
_OTHER_DECIMALS = {"JPY": 0, "KRW": 0, "XOF": 0, "XAF": 0, "XPF": 0, "TND": 3}  # minor units; all others have 2
CURRENCY_WORDS = {
    "fr": {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "francs suisses": "CHF",
           "livres sterling": "GBP", "livre sterling": "GBP", "franc suisse": "CHF"},
    "en": {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pounds sterling": "GBP",
           "swiss francs": "CHF", "swiss franc": "CHF"},
}  # fmt: skip
# Hundredths of a currency; "cents" alone are those of two currencies.
CENT_WORDS = {
    "fr": {"centime": "EUR", "centimes": "EUR", "centime d'euro": "EUR", "centimes d'euro": "EUR", "pence": "GBP"},
    "en": {"euro cent": "EUR", "euro cents": "EUR", "eurocent": "EUR", "eurocents": "EUR", "pence": "GBP",
           "penny": "GBP", "us cent": "USD", "us cents": "USD", "cent": "", "cents": ""},
}  # fmt: skip
# What multiplies a number before it; the French « billion » is a thousand times the English one, and is not read.
MULTIPLE_WORDS = {
    "fr": {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9},
    "en": {"thousand": 10**3, "million": 10**6, "billion": 10**9},
}
TAX_WORDS = {
    "fr": {"ht": "net", "hors taxes": "net", "hors taxe": "net", "hors tva": "net", "ttc": "gross",
           "toutes taxes comprises": "gross", "tva comprise": "gross"},
    "en": {"excl. vat": "net", "excl vat": "net", "excluding vat": "net", "ex vat": "net", "before vat": "net",
           "incl. vat": "gross", "incl vat": "gross", "including vat": "gross", "inc vat": "gross",
           "ht": "net", "ttc": "gross"},
}  # fmt: skip
PERCENT_WORDS = {"fr": ("pour cent", "pourcent"), "en": ("percent", "per cent")}
POINT_WORDS = {
    "fr": ("points de pourcentage", "point de pourcentage", "points", "point"),
    "en": ("percentage points", "percentage point", "points", "point"),
}
PER_WORDS = {"fr": ("/", "par"), "en": ("/", "per")}
# What a rate may be per, beside the units above.
TIME_UNITS = {
    "fr": {"h": "h", "heure": "h", "jour": "day", "mois": "month", "an": "year"},
    "en": {"h": "h", "hour": "h", "day": "day", "month": "month", "year": "year"},
}

# Words of a duration → its unit, how many of it, how it was stated. The longest match first.
DURATION_WORDS: dict[str, dict[str, tuple[str, int, str]]] = {
    "fr": {
        "jours ouvres": ("working_day", 1, "working_day"), "jour ouvre": ("working_day", 1, "working_day"),
        "jours ouvrables": ("business_day", 1, "business_day"), "jour ouvrable": ("business_day", 1, "business_day"),
        "jours calendaires": ("day", 1, "day"), "jour calendaire": ("day", 1, "day"),
        "jours": ("day", 1, "day"), "jour": ("day", 1, "day"), "j": ("day", 1, "day"),
        "semaines": ("day", 7, "week"), "semaine": ("day", 7, "week"), "mois": ("month", 1, "month"),
        "trimestres": ("month", 3, "quarter"), "trimestre": ("month", 3, "quarter"),
        "ans revolus": ("month", 12, "year"), "ans accomplis": ("month", 12, "year"),
        "ans": ("month", 12, "year"), "an": ("month", 12, "year"), "annees": ("month", 12, "year"),
        "annee": ("month", 12, "year"), "heures": ("second", 3600, "hour"), "heure": ("second", 3600, "hour"),
        "minutes": ("second", 60, "minute"), "minute": ("second", 60, "minute"), "min": ("second", 60, "minute"),
        "secondes": ("second", 1, "second"), "seconde": ("second", 1, "second"),
    },
    "en": {
        "working days including saturdays": ("business_day", 1, "business_day"),
        "working day including saturdays": ("business_day", 1, "business_day"),
        "working days": ("working_day", 1, "working_day"), "working day": ("working_day", 1, "working_day"),
        "calendar days": ("day", 1, "day"), "calendar day": ("day", 1, "day"),
        "days": ("day", 1, "day"), "day": ("day", 1, "day"), "weeks": ("day", 7, "week"), "week": ("day", 7, "week"),
        "months": ("month", 1, "month"), "month": ("month", 1, "month"), "quarters": ("month", 3, "quarter"),
        "years old": ("month", 12, "year"), "years of age": ("month", 12, "year"),
        "years": ("month", 12, "year"), "year": ("month", 12, "year"), "hours": ("second", 3600, "hour"),
        "hour": ("second", 3600, "hour"), "minutes": ("second", 60, "minute"), "minute": ("second", 60, "minute"),
        "min": ("second", 60, "minute"), "seconds": ("second", 1, "second"), "second": ("second", 1, "second"),
    },
}  # fmt: skip
# « un jour férié » is no duration.
NOT_DURATIONS = {"fr": ("ferie", "feries", "de semaine", "de l", "du", "d'"), "en": ("of", "off")}

MONTHS = {
    "fr": {"janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "aout": 8,
           "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12},
    "en": {"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
           "september": 9, "october": 10, "november": 11, "december": 12},
}  # fmt: skip
MONTH_NAMES = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def convert_factor(one: str, other: str) -> Decimal | None:
    """How many of the unit `other` one of the unit `one` is; None where they do not convert."""
    if one == other:
        return Decimal(1)
    if one in UNITS and other in UNITS and UNITS[one][0] == UNITS[other][0]:
        return UNITS[one][1] / UNITS[other][1]
    return None


_FRENCH = (
    "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_FRENCH_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "quatre-vingt": 80}
_ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _french_numbers() -> dict[str, int]:
    found = {name: number for number, name in enumerate(_FRENCH)}
    found |= {"une": 1, "cent": 100, "mille": 1000, "quatre-vingts": 80}
    for word, ten in _FRENCH_TENS.items():
        found[word] = ten
        for number, name in enumerate(_FRENCH[1 : 20 if ten in (60, 80) else 10], 1):
            found[f"{word}-{name}"] = ten + number
            if number in (1, 11):
                found[f"{word} et {name}"] = found[f"{word}-et-{name}"] = ten + number
    return found | {f"{name} cents": number * 100 for number, name in enumerate(_FRENCH[2:10], 2)}


def _english_numbers() -> dict[str, int]:
    found = {name: number for number, name in enumerate(_ENGLISH)}
    for tens, word in enumerate(_ENGLISH_TENS, 2):
        found[word] = tens * 10
        found |= {f"{word}-{name}": tens * 10 + number for number, name in enumerate(_ENGLISH[1:10], 1)}
    found |= {f"{name} hundred": number * 100 for number, name in enumerate(_ENGLISH[1:10], 1)}
    return found | {"hundred": 100, "a hundred": 100, "thousand": 1000}


# Folded words → the number; only before a unit are they numbers.
NUMBER_WORDS = {"fr": _french_numbers(), "en": _english_numbers()}


def decimals_of(currency: str) -> int:
    """How many decimals an amount that is paid in a currency has."""
    return _OTHER_DECIMALS.get(currency, 2)
