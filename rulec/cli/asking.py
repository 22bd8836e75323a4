"""What a model is asked for the author of rules: nothing without a key; what went wrong is told on standard error."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rulec.cli.command import Texts
from rulec.cli.output import complain
from rulec.cli.refusals import ERRORS, Refusal
from rulec.diagnostics import Diagnostic
from rulec.diagnostics.screen import harmless
from rulec.judgement.answers import REASONS
from rulec.pipeline import Compiled
from rulec.settings import SettingsError
from rulec.source import Language, Source
from rulec.tree import Span

if TYPE_CHECKING:  # slow to import, and only a key makes use of it
    from rulec.clarify.doubts import Propose
    from rulec.judgement.asker import Asker

_NOTHING: Texts = {
    "fr": "{file}, ligne {line} : le modèle ne propose rien : {reason}.",
    "en": "{file}, line {line}: the model proposes nothing: {reason}.",
}
_COST: Texts = {
    "fr": "Demandé au modèle {model} : {calls}, coût {cost:.6f} $.",
    "en": "Asked of the model {model}: {calls}, cost ${cost:.6f}.",
}


@contextmanager
def asking() -> "Iterator[Asker | None]":
    """Who asks for the author of the current folder; None without a key. Refuses settings that cannot be used."""
    from rulec.judgement.asker import asker_in

    try:
        asker = asker_in(Path.cwd())
        try:
            yield asker
        finally:
            if asker is not None:
                asker.close()
    except (SettingsError, sqlite3.Error) as error:
        raise Refusal("E954", ERRORS, detail=str(error)) from None


def tell_cost(asker: "Asker", language: Language) -> None:
    """Say what was asked, and what it cost; nothing where all was answered before."""
    if asker.calls:
        told = _COST[language].format(model=asker.settings.model, calls=asker.calls, cost=asker.spent)
        complain(harmless(told))


def proposing(asker: "Asker", rules: Compiled, language: Language) -> "Propose":
    """What the model proposes for statements of these rules."""
    from rulec.clarify.proposals import proposals

    def propose(source: Source, span: Span, errors: Sequence[Diagnostic]) -> tuple[str, ...]:
        texts, reason = proposals(asker, source.cut(span), errors, rules, source.language)
        if reason and reason != "key":
            line = source.place(span.start)[0]
            said = _NOTHING[language].format(file=source.name, line=line, reason=REASONS[reason][language])
            complain(harmless(said))
        return texts

    return propose
