"""`rulec.toml` in, the minutes that a person takes for each task out: of deciding by hand, of approving a proposal.

    [minutes]
    remises = 4
    gestes = { decision = 4, approval = 1 }
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rulec.settings import SettingsError, file_from, table_in

TABLE = "minutes"
_DECISION, _APPROVAL = _PARTS = ("decision", "approval")


@dataclass(frozen=True, slots=True)
class Task:
    """Minutes for one decision: `decision` to make it by hand; `approval` to approve it, None where nobody says."""

    decision: Decimal
    approval: Decimal | None = None


Minutes = Mapping[str, Task]  # by the name under which the rules are served; "" for all others


def minutes_in(folder: Path) -> dict[str, Task]:
    """What the nearest `rulec.toml` from a folder up declares. Raises SettingsError."""
    return {name: _task(name, told) for name, told in table_in(file_from(folder), TABLE).items()}


def _task(name: str, told: object) -> Task:
    parts = told if isinstance(told, dict) else {_DECISION: told}
    read = {key: _number(value) for key, value in parts.items() if key in _PARTS}
    decision = read.get(_DECISION)
    if decision is None or len(read) < len(parts) or None in read.values():
        raise SettingsError(f"{TABLE}.{name} = {told!r}")
    return Task(decision, read.get(_APPROVAL))


def _number(value: object) -> Decimal | None:
    """Minutes; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    read = Decimal(str(value))
    return read if read.is_finite() and read >= 0 else None
