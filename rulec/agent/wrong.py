"""What is wrong with a request in, the problems as JSON data out: code, key, message."""

from collections.abc import Mapping

from rulec.diagnostics import catalogue
from rulec.diagnostics.as_json import as_json
from rulec.moment import MomentError
from rulec.ruleset import CompileError
from rulec.runtime.facts import FactsError
from rulec.source import Language

Problem = dict[str, str]
MOST_ROWS = 10_000
OBJECT, LIST, TEXT, TEXTS = "object", "list", "text", "texts"
SHAPES: Mapping[str, Mapping[Language, str]] = {
    OBJECT: {"fr": "un objet (des clés et leurs valeurs)", "en": "an object (keys and their values)"},
    LIST: {"fr": f"une liste d'au plus {MOST_ROWS} objets", "en": f"a list of at most {MOST_ROWS} objects"},
    TEXT: {"fr": "un texte court", "en": "a short text"},
    TEXTS: {"fr": "une liste de textes", "en": "a list of texts"},
    "number": {"fr": "un nombre entier", "en": "a whole number"},
    "events": {"fr": "un événement, ou une liste d'au plus 1000", "en": "an event, or a list of at most 1000"},
    "flag": {"fr": "true ou false", "en": "true or false"},
    "verdict": {"fr": "approve, edit ou refuse", "en": "approve, edit or refuse"},
}


class RequestError(ValueError):
    """A request that cannot be answered. `code`: of the catalogue; `key`: what it is about; `values` fill the sentence.

    `shape`: of SHAPES, what is expected.
    """

    def __init__(self, code: str, key: str = "", shape: str = "", **values: str) -> None:
        super().__init__(code, key, values)
        self.code, self.key, self.shape, self.values = code, key, shape, {"key": key, **values}


REFUSED = (RequestError, FactsError, MomentError, CompileError)  # what a request may be refused for


def problems_of(error: Exception, language: Language) -> list[Problem]:
    """All that is wrong; `error` is one of REFUSED."""
    match error:
        case FactsError(problems=problems):
            return [_problem(each.code, each.key, each.message(language)) for each in problems]
        case MomentError():
            return [_problem(error.code, "at", said(error.code, language, {"detail": error.detail}))]
        case CompileError():
            found = as_json(error.diagnostics, error.sources, language)
            return [_problem(each["code"], "goal", each["message"]) for each in found]
        case RequestError():
            expected = {"expected": SHAPES[error.shape][language]} if error.shape else {}
            return [_problem(error.code, error.key, said(error.code, language, {**error.values, **expected}))]
        case _:
            raise error


def said(code: str, language: Language, values: Mapping[str, str]) -> str:
    """The sentence of a code, and what to do instead where the catalogue says it."""
    message = catalogue.message(code, language, dict(values))
    help_ = catalogue.fill_if_known(catalogue.entry(code).help.get(language, ""), dict(values))
    return f"{message} {help_}".strip()


def _problem(code: str, key: str, message: str) -> Problem:
    return {"code": code, "key": key, "message": message}
