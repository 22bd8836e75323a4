"""What was spent in, whether the budget allows another call out."""

from datetime import UTC, datetime

from rulec.judgement.settings import Settings
from rulec.judgement.store import Store


def is_spent(settings: Settings, store: Store, spent: float) -> bool:
    """Whether the budget of this run (`spent`: US dollars) or of this day (UTC) is spent."""
    if settings.per_run and spent >= settings.per_run:
        return True
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    return bool(settings.per_day) and store.spent_since(today) >= settings.per_day
