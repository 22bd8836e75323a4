"""A JSON text in, facts as given out: numbers exact, no key twice in one object."""

import json
from decimal import Decimal, InvalidOperation

from rulec.runtime.facts import FactsError, InputProblem
from rulec.runtime.refused import given_text


class _TwiceError(ValueError):
    """A key that one object gives twice."""


def parse_facts(text: str, language: str) -> object:
    """What a JSON text says, numbers as Decimal. Raises FactsError where it is not JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        details = (("line", str(error.lineno)), ("column", str(error.colno)))
        problem = InputProblem("E525", "", details)
    except _TwiceError as error:
        problem = InputProblem("E526", given_text(str(error)))
    except (RecursionError, InvalidOperation):
        problem = InputProblem("E527", "")
    raise FactsError([problem], language)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key)
        found[key] = value
    return found
