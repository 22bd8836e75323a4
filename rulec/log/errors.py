"""What the log cannot do: a code of the catalogue and its values."""

from rulec.diagnostics import catalogue
from rulec.source import Language


class LogError(Exception):
    """The log cannot be used, or refuses what is asked of it. `str()` says it in English."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values

    def message(self, language: Language) -> str:
        """The sentence, and what to do where the catalogue says it."""
        help_ = catalogue.fill_if_known(catalogue.entry(self.code).help.get(language, ""), self.values)
        return f"{catalogue.message(self.code, language, self.values)} {help_}".strip()

    def __str__(self) -> str:
        return self.message("en")
