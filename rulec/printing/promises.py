"""The promises of one statement in, its lines out."""

from collections.abc import Sequence
from dataclasses import replace

from rulec.printing.conditions import CLOSE, ITEM, OPEN, condition
from rulec.printing.declarations import capital
from rulec.printing.layout import lines_of
from rulec.printing.names import GLUE, Speech
from rulec.printing.rules import ends
from rulec.semantics import model
from rulec.source import Source
from rulec.syntax.promises import denies


def promises(speech: Speech, said: Sequence[model.Promise]) -> list[str]:
    """« Toujours : … », or a list below « Toujours : »."""
    affirmed = [_affirmed(speech, each) for each in said]
    heads, sentences = [_head(speech, each.kind) for each in affirmed], [_sentence(speech, each) for each in affirmed]
    if len(said) == 1 or len(set(heads)) > 1:
        alone = zip(heads, sentences, strict=True)
        return [line for head, sentence in alone for line in lines_of(f"{head} {sentence}", 0)]
    items = "".join(f"{ITEM}{sentence}" for sentence in sentences)
    return [*lines_of(heads[0], 0), *lines_of(f"{OPEN}{items}{CLOSE}", -2)]


def _affirmed(speech: Speech, said: model.Promise) -> model.Promise:
    """« Jamais : la remise ne dépasse pas 5 % » has two readings: what is meant is said as « Toujours : … »."""
    heard = Source(0, "", "", speech.language)
    several = isinstance(said.said, model.All | model.AnyOf | model.Count)
    if said.kind != "never" or several or not denies(heard, condition(speech, said.said)):
        return said
    return replace(said, kind="always", said=model.opposite(said.said))


def _head(speech: Speech, kind: str) -> str:
    return f"{capital(speech.word('promises', kind))}{speech.choose(f'{GLUE}:', ':')}"


def _sentence(speech: Speech, said: model.Promise) -> str:
    told = condition(speech, said.said)
    if said.when is not None:
        if_, then = speech.word("structure", "IF"), speech.word("structure", "THEN")
        told = f"{if_} {condition(speech, said.when)} {then} {told}"
    return " ".join([told, *ends(speech, said.unless, said.because)])
