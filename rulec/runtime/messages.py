"""The sentences of what can be wrong with the facts given, by code, in both languages.

They are those of `diagnostics/catalogue/facts.toml` (a test compares them). `{key}` is where, `{given}` what was given,
`{expected}` what is expected.
"""

import re
from collections.abc import Mapping

MESSAGES: dict[str, dict[str, str]] = {
    "E501": {
        "fr": "Ces règles ne lisent aucun fait « {key} ». Vouliez-vous dire « {closest} » ?",
        "en": 'These rules read no fact "{key}". Did you mean "{closest}"?',
    },
    "E502": {
        "fr": "Ces règles ne lisent aucun fait « {key} ». Elles lisent : {known}.",
        "en": 'These rules read no fact "{key}". They read: {known}.',
    },
    "E503": {
        "fr": "« {key} » peut désigner plusieurs faits. Dites lequel : {choices}.",
        "en": '"{key}" may stand for several facts. Say which one: {choices}.',
    },
    "E504": {
        "fr": "Le fait « {key} » est donné deux fois, avec des valeurs différentes : « {first} » (sous « {first_key} »)"
        " et « {given} » (sous « {given_key} »). N'en gardez qu'une.",
        "en": 'The fact "{key}" is given twice, with different values: "{first}" (as "{first_key}") and "{given}" '
        '(as "{given_key}"). Keep one of them.',
    },
    "E528": {
        "fr": "« {key} » est calculé par les règles : ne le donnez pas.",
        "en": '"{key}" is calculated by the rules: do not give it.',
    },
    "E529": {
        "fr": "« {key} » reçoit « {given} » : un montant de cette monnaie a au plus {count} décimales ; "
        "arrondissez-le avant de le donner.",
        "en": '"{key}" is given "{given}": an amount of this currency has at most {count} decimals; '
        "round it before giving it.",
    },
    "E530": {
        "fr": "La colonne « {key} » contient des nombres binaires ({given}), qui ne sont pas exacts. "
        "Donnez des décimaux, des entiers ou des textes.",
        "en": 'The column "{key}" holds binary numbers ({given}), which are not exact. '
        "Give decimals, integers or texts.",
    },
    "E531": {
        "fr": "La colonne « {key} » a le nom d'une colonne de résultat. Renommez-la.",
        "en": 'The column "{key}" has the name of a column of results. Rename it.',
    },
    "E505": {
        "fr": "« {key} » reçoit « {given} » ; il faut {expected}.",
        "en": '"{key}" is given "{given}"; it needs {expected}.',
    },
    "E506": {
        "fr": "« {key} » reçoit le nombre binaire {given}, qui n'est pas exact. "
        'Donnez un Decimal, un entier ou un texte : "{given}".',
        "en": '"{key}" is given the binary number {given}, which is not exact. Give a Decimal, an integer or a text: '
        '"{given}".',
    },
    "E507": {
        "fr": "« {key} » reçoit {given}, qui n'est pas un nombre fini ; il faut {expected}.",
        "en": '"{key}" is given {given}, which is no finite number; it needs {expected}.',
    },
    "E508": {
        "fr": "« {key} » reçoit {given} sans signe %. Écrivez « {low} » ou, "
        "si c'est ce que vous voulez dire, « {high} ».",
        "en": '"{key}" is given {given} without a % sign. Write "{low}" or, if that is what you mean, "{high}".',
    },
    "E509": {
        "fr": "« {key} » reçoit « {given} », qui n'est pas une de ses valeurs. Vouliez-vous dire {closest} ? "
        "Il faut {expected}.",
        "en": '"{key}" is given "{given}", which is not one of its values. Did you mean {closest}? '
        "It needs {expected}.",
    },
    "E510": {
        "fr": "« {key} » reçoit « {given} », qui peut désigner plusieurs de ses valeurs. Dites laquelle : {choices}.",
        "en": '"{key}" is given "{given}", which may stand for several of its values. Say which one: {choices}.',
    },
    "E511": {
        "fr": "« {key} » reçoit « {given} », en {given_unit} ; il faut {expected}. Convertissez d'abord le montant.",
        "en": '"{key}" is given "{given}", in {given_unit}; it needs {expected}. Convert the amount first.',
    },
    "E512": {
        "fr": "« {key} » reçoit « {given} » ; il faut {expected}. HT et TTC ne se mélangent pas.",
        "en": '"{key}" is given "{given}"; it needs {expected}. Amounts with and without VAT do not mix.',
    },
    "E513": {
        "fr": "« {key} » reçoit « {given} », qui ne se convertit pas ; il faut {expected}.",
        "en": '"{key}" is given "{given}", which does not convert; it needs {expected}.',
    },
    "E514": {
        "fr": "« {key} » reçoit {given}, qui n'est pas entier ; il faut {expected}.",
        "en": '"{key}" is given {given}, which is not whole; it needs {expected}.',
    },
    "E515": {
        "fr": "« {key} » reçoit {given} : un nombre a au plus 34 chiffres avant la virgule, après elle, et en tout.",
        "en": '"{key}" is given {given}: a number has at most 34 digits before the point, after it, and in all.',
    },
    "E516": {
        "fr": "« {key} » reçoit « {given} », qui laisse un doute. Écrivez par exemple : {readings}.",
        "en": '"{key}" is given "{given}", which leaves a doubt. Write for example: {readings}.',
    },
    "E517": {
        "fr": "« {key} » reçoit « {given} », qui n'existe pas ; il faut {expected}.",
        "en": '"{key}" is given "{given}", which does not exist; it needs {expected}.',
    },
    "E518": {
        "fr": "« {key} » reçoit « {given} » sans fuseau horaire ; il faut {expected}. Ajoutez par exemple « +01:00 ».",
        "en": '"{key}" is given "{given}" without a time zone; it needs {expected}. Add for example "+01:00".',
    },
    "E519": {
        "fr": "« {key} » reçoit « {given} », hors de ses bornes ({bounds}).",
        "en": '"{key}" is given "{given}", outside its bounds ({bounds}).',
    },
    "E520": {
        "fr": "Les faits donnés sont « {given} » ; il faut un objet : des clés et leurs valeurs.",
        "en": 'The facts given are "{given}"; they need to be an object: keys and their values.',
    },
    "E521": {
        "fr": "« {key} » reçoit « {given} », mais regroupe plusieurs faits. Dites lequel : {choices}.",
        "en": '"{key}" is given "{given}", but groups several facts. Say which one: {choices}.',
    },
    "E522": {
        "fr": "La clé {given} n'est pas un texte. Les faits se donnent sous des clés comme « {closest} ».",
        "en": 'The key {given} is not a text. Facts are given under keys such as "{closest}".',
    },
    "E523": {
        "fr": "« {key} » reçoit un texte illisible, « {given} » : il contient une moitié de caractère. "
        "Vérifiez l'encodage de ce que vous donnez.",
        "en": '"{key}" is given an unreadable text, "{given}": it holds half a character. '
        "Check the encoding of what you give.",
    },
    "E524": {
        "fr": "Les faits donnés sous « {key} » ne se lisent pas ({given}). Donnez un dictionnaire de valeurs simples.",
        "en": 'The facts given as "{key}" cannot be read ({given}). Give a dictionary of simple values.',
    },
    "E525": {
        "fr": "Les faits ne sont pas du JSON (ligne {line}, colonne {column}). "
        "Vérifiez guillemets, virgules et accolades.",
        "en": "The facts are not JSON (line {line}, column {column}). Check quotes, commas and braces.",
    },
    "E526": {
        "fr": "Les faits en JSON donnent deux fois la clé « {key} » dans le même objet. Gardez-en une.",
        "en": 'The facts in JSON give the key "{key}" twice in one object. Keep one of them.',
    },
    "E532": {
        "fr": "Ces faits ne sont pas de ceux que les règles supposent ({file}, ligne {line}) : « {text} ».",
        "en": 'These facts are not among those that the rules assume ({file}, line {line}): "{text}".',
    },
    "E527": {
        "fr": "Les faits en JSON sont imbriqués trop profondément, ou un de leurs nombres est trop long.",
        "en": "The facts in JSON are nested too deeply, or one of their numbers is too long.",
    },
}


def fill_message(code: str, language: str, values: Mapping[str, str]) -> str:
    """The sentence of a code with its {names} replaced once: braces inside the values stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], "…"), MESSAGES[code][language])
