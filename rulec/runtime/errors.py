"""What can go wrong while deciding: problems by code, with their sentences in both languages.

The sentences are those of `diagnostics/catalogue/decisions.toml` (a test compares them).
"""

import re
from dataclasses import dataclass

Details = tuple[tuple[str, str], ...]  # name of a placeholder → its text

PROBLEM_MESSAGES: dict[str, dict[str, str]] = {
    "E551": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) divise {text} par zéro.",
        "en": 'Rule "{rule}" ({file}, line {line}) divides {text} by zero.',
    },
    "E552": {
        "fr": "Un calcul de la règle « {rule} » ({file}, ligne {line}) donne un nombre trop grand.",
        "en": 'A calculation of rule "{rule}" ({file}, line {line}) gives a number that is too large.',
    },
    "E553": {
        "fr": "Le résultat « {outcome} » vaut {value}, hors de ses bornes ({bounds}).",
        "en": 'The outcome "{outcome}" is {value}, outside its bounds ({bounds}).',
    },
    "E554": {
        "fr": "Les jours fériés du {date} ne sont pas connus : le calendrier va de {first} à {last} "
        "(règle « {rule} », {file}, ligne {line}).",
        "en": "The public holidays of {date} are not known: the calendar goes from {first} to {last} "
        '(rule "{rule}", {file}, line {line}).',
    },
    "E555": {
        "fr": "Un calcul de la règle « {rule} » ({file}, ligne {line}) donne une date hors des années 1 à 9999.",
        "en": 'A calculation of rule "{rule}" ({file}, line {line}) gives a date outside the years 1 to 9999.',
    },
    "E556": {
        "fr": "Les valeurs du résultat « {outcome} » s'additionnent en un nombre trop grand.",
        "en": 'The values of the outcome "{outcome}" add up to a number that is too large.',
    },
    "E557": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) décale une date de {value} : il faut un nombre entier.",
        "en": 'Rule "{rule}" ({file}, line {line}) shifts a date by {value}: a whole number is needed.',
    },
    "E558": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) lit le résultat « {outcome} », où des règles s'opposent.",
        "en": 'Rule "{rule}" ({file}, line {line}) reads the outcome "{outcome}", on which rules conflict.',
    },
    "E559": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) lit le résultat « {outcome} », qu'aucune règle ne donne ici.",
        "en": 'Rule "{rule}" ({file}, line {line}) reads the outcome "{outcome}", which no rule gives here.',
    },
    "E560": {
        "fr": "Des lignes du tableau « {table} » s'opposent pour « {outcome} » ({file}, lignes {lines}).",
        "en": 'Rows of table "{table}" conflict on "{outcome}" ({file}, lines {lines}).',
    },
    "E565": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) cherche une valeur dans une liste vide.",
        "en": 'Rule "{rule}" ({file}, line {line}) looks for a value in an empty list.',
    },
    "E566": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) cherche un élément d'une liste, et aucun n'est le bon.",
        "en": 'Rule "{rule}" ({file}, line {line}) looks for an element of a list, and none is the right one.',
    },
    "E567": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) cherche le seul élément d'une liste, et en trouve plusieurs.",
        "en": 'Rule "{rule}" ({file}, line {line}) looks for the only element of a list, and finds several.',
    },
    "E570": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) lit « {term} », qui n'a pas de valeur ici.",
        "en": 'Rule "{rule}" ({file}, line {line}) reads "{term}", which has no value here.',
    },
    "E572": {
        "fr": "Promesse rompue ({file}, ligne {line}) : « {text} ».",
        "en": 'Broken promise ({file}, line {line}): "{text}".',
    },
    "E571": {
        "fr": "La règle « {rule} » ({file}, ligne {line}) calcule {text}, qui n'existe pas.",
        "en": 'Rule "{rule}" ({file}, line {line}) calculates {text}, which does not exist.',
    },
}
# A problem of a definition: what is said of a rule is said of it.
_DEFINING = (
    ("règle « {rule} »", "définition de « {rule} »"),
    ('Rule "{rule}"', 'The definition of "{rule}"'),
    ('rule "{rule}"', 'the definition of "{rule}"'),
)

_NOT_DECIDED = {
    "fr": "« {key} » n'a pas de valeur : {status}.",
    "en": '"{key}" has no value: {status}.',
}
_NO_OUTCOME = {
    "fr": "Les règles ne décident rien de la clé « {key} » ; elles décident : {known}.",
    "en": 'The rules decide nothing under the key "{key}"; they decide: {known}.',
}
_STATUS_NAMES = {
    "fr": {
        "not_applicable": "aucune règle ne s'applique",
        "undetermined": "il manque {missing}",
        "in_doubt": "une appréciation est dans le doute",
        "conflict": "des règles s'opposent",
        "error": "une erreur est survenue",
    },
    "en": {
        "not_applicable": "no rule applies",
        "undetermined": "{missing} is missing",
        "in_doubt": "a judgement is in doubt",
        "conflict": "rules conflict",
        "error": "an error occurred",
    },
}


class CalculationError(ArithmeticError):
    """A calculation without a result. `code` is one of PROBLEM_MESSAGES; `details` fill its sentence."""

    def __init__(self, code: str, details: Details = ()) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


class OutcomeError(KeyError):
    """An outcome was asked for that is not decided, or that the rules do not know."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong met while deciding: a code of PROBLEM_MESSAGES and the texts that fill its sentence."""

    code: str
    details: Details = ()

    def message(self, language: str) -> str:
        """The sentence in "fr" or "en"."""
        template, details = PROBLEM_MESSAGES[self.code][language], dict(self.details)
        for rule, definition in _DEFINING if "defining" in details else ():
            template = template.replace(rule, definition)
        return _filled(template, details)


def place_of(rule: str, file: str, line: int) -> Details:
    """The details that say in which rule a problem arose."""
    return (("rule", rule), ("file", file), ("line", str(line)))


def place_of_definition(name: str, file: str, line: int) -> Details:
    """The details that say in which definition a problem arose."""
    return (*place_of(name, file, line), ("defining", name))


def no_outcome(key: str, known: tuple[str, ...], language: str) -> OutcomeError:
    """The error for a key that names no outcome."""
    return OutcomeError(_filled(_NO_OUTCOME[language], {"key": key, "known": ", ".join(known)}))


def not_decided(key: str, status: str, missing: tuple[str, ...], language: str) -> OutcomeError:
    """The error for an outcome without a value."""
    reason = _filled(_STATUS_NAMES[language][status], {"missing": ", ".join(missing) or "?"})
    return OutcomeError(_filled(_NOT_DECIDED[language], {"key": key, "status": reason}))


def _filled(template: str, values: dict[str, str]) -> str:
    """The template with its {names} replaced once: braces inside the values stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], "…"), template)
