"""The judge of a command line: the one that `rulec.toml` and the environment configure."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from rulec.cli.refusals import ERRORS, Refusal
from rulec.settings import SettingsError

if TYPE_CHECKING:  # slow to import, and only judgements need it
    from rulec.judgement.judge import ModelJudge


def configured() -> "ModelJudge | None":
    """The judge configured for the current folder; None where none is. Refuses settings that cannot be used."""
    from rulec.judgement.judge import judge_in

    try:
        return judge_in(Path.cwd())
    except (SettingsError, sqlite3.Error) as error:
        raise Refusal("E954", ERRORS, detail=str(error)) from None
