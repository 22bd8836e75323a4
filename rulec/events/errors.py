"""What a store of events cannot do: a code of the catalogue and its values."""

from rulec.diagnostics import catalogue
from rulec.source import Language


class StoreError(Exception):
    """The store cannot be used. `str()` says it in English."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values

    def message(self, language: Language) -> str:
        """The sentence."""
        return catalogue.message(self.code, language, self.values)

    def __str__(self) -> str:
        return self.message("en")
