"""What a caller gives as the date of the decision in, a date or a moment with its zone out."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from rulec.diagnostics import catalogue
from rulec.source import Language

Moment = date | datetime


class MomentError(ValueError):
    """The date of the decision is none, or a moment whose zone is not said. `code`: of the catalogue."""

    def __init__(self, code: str, detail: str, language: Language) -> None:
        super().__init__(code, detail, language)
        self.code, self.detail, self.language = code, detail, language

    def __str__(self) -> str:
        return f"{catalogue.message(self.code, self.language, {'detail': self.detail})} {self.help}"

    @property
    def help(self) -> str:
        """What to write instead."""
        return catalogue.entry(self.code).help[self.language]


def read_moment(at: Moment | str | None, zone: str, language: Language) -> Moment:
    """A date, an aware date-time or their ISO text; None is today in `zone`. Anything else is a `MomentError`."""
    if at is None:
        return datetime.now(ZoneInfo(zone)).date()
    moment = _from_text(at.strip(), language) if isinstance(at, str) else at
    if isinstance(moment, datetime):
        if moment.utcoffset() is None:
            raise MomentError("E924", str(at), language)
        return moment
    if isinstance(moment, date):
        return moment
    raise MomentError("E923", str(at), language)


def _from_text(text: str, language: Language) -> Moment:
    try:
        return date.fromisoformat(text) if len(text) <= len("2026-03-01") else datetime.fromisoformat(text)
    except ValueError:
        raise MomentError("E923", text, language) from None
