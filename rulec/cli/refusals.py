"""What stops a command: a code of the catalogue and its values, and as text what a person reads on standard error."""

from collections.abc import Iterable

from rulec.diagnostics import catalogue
from rulec.diagnostics.screen import harmless
from rulec.source import Language

FINE, ERRORS, WRONG_USE, INTERNAL, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141  # exit statuses
ERROR = {"fr": "Erreur {code} : {message}", "en": "Error {code}: {message}"}


class Refusal(Exception):  # noqa: N818 - "error" is kept for what a user sees
    """The command cannot go on. `status`: the exit status. `language`: None for that of the command line."""

    def __init__(self, code: str, status: int = WRONG_USE, language: Language | None = None, **values: str) -> None:
        super().__init__(code, values)
        self.code, self.status, self.language, self.values = code, status, language, values

    def text(self, language: Language) -> str:
        """The message and the help, in one line each."""
        shown = {key: harmless(value) for key, value in self.values.items()}
        message = catalogue.message(self.code, language, shown)
        help_ = catalogue.fill_if_known(catalogue.entry(self.code).help.get(language, ""), shown)
        return "\n".join(filter(None, [error_line(self.code, message, language), help_]))


class Stopped(Exception):  # noqa: N818 - it is no defect
    """The command ends here and has said why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def error_line(code: str, message: str, language: Language) -> str:
    """« Erreur E911 : … »."""
    return ERROR[language].format(code=code, message=message)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like a word, "" where none is."""
    from difflib import get_close_matches  # only a mistake needs it

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.5)), "")
