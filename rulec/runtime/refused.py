"""What a refused value carries: its code, what was given, the type that was expected."""

from collections.abc import Mapping
from decimal import Decimal

from rulec.runtime.messages import fill_message
from rulec.runtime.shown import expected
from rulec.runtime.types import Type

LONGEST_GIVEN = 60  # characters of a given text that a message repeats
_NUMBER_SHOWN = 10**40


class ValueProblem(ValueError):  # noqa: N818 - "error" is kept for what a user sees
    """A value that its type refuses. `code` is one of MESSAGES; `values` fill its sentence.

    `type`: what was expected at `place`: "" for the value itself, "#2" for the second item of a list.
    """

    def __init__(self, code: str, type_: Type, place: str = "", **values: str) -> None:
        super().__init__(code, values)
        self.code, self.type, self.place, self.values = code, type_, place, values

    def message(self, language: str, key: str) -> str:
        """The sentence in "fr" or "en" about the value given under a key."""
        return problem_text(self.code, language, f"{key} {self.place}".strip(), self.type, self.values)


def problem_text(code: str, language: str, key: str, type_: Type | None, values: Mapping[str, str]) -> str:
    """The sentence of a code in "fr" or "en", with what the type expects."""
    wanted = expected(type_, language) if type_ is not None else ""
    return fill_message(code, language, {"key": key, "expected": wanted, **values})


def given_text(raw: object) -> str:
    """What was given, in one short line; never fails, whatever it is."""
    if raw is None or isinstance(raw, bool):
        return {None: "null", True: "true", False: "false"}[raw]
    if isinstance(raw, str):
        return _short(str.__str__(raw))
    if isinstance(raw, int):
        huge = "10^40 …" if raw > 0 else "-10^40 …"
        return huge if abs(raw) > _NUMBER_SHOWN else int.__repr__(raw)
    if isinstance(raw, float | Decimal):
        return _short(str(raw))
    if isinstance(raw, list | tuple):
        return "[…]" if raw else "[]"
    if isinstance(raw, dict):
        return "{…}" if raw else "{}"
    return _short(type(raw).__name__)


def _short(text: str) -> str:
    """One line of at most LONGEST_GIVEN characters, half characters replaced."""
    if len(text) <= LONGEST_GIVEN and text.isprintable():
        return text
    cut = text if len(text) <= LONGEST_GIVEN else text[: LONGEST_GIVEN - 1] + "…"
    plain = cut.encode("utf-8", "replace").decode("utf-8")
    return "".join(char if char.isprintable() or char == "\u00a0" else " " for char in plain)


def is_text(raw: str) -> bool:
    """Whether the text can be written: half characters (lone surrogates) cannot."""
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
