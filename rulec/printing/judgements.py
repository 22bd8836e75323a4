"""A judgement in, its lines out: what is judged and from which text, what it means, examples, what doubt asks for."""

from collections.abc import Iterator

from rulec.printing.declarations import Block, capital, item_text
from rulec.printing.effects import effects
from rulec.printing.layout import lines_of
from rulec.printing.names import GLUE, Speech, elides
from rulec.printing.values import quoted
from rulec.runtime import types as t
from rulec.runtime.shown import show_value
from rulec.semantics import model
from rulec.source import Source
from rulec.syntax import ast


def judgement(speech: Speech, told: str, said: ast.Judgement, meant: model.Judgement) -> Iterator[Block]:
    """The blocks of a judgement. `told`: what is judged, as `declared` says it."""
    colon = speech.choose(f"{GLUE}:", ":")
    accord, text = speech.word("judgements", "ACCORDING"), _text(speech, meant)
    yield Block(said.span.start, tuple(lines_of(f"{told}, {accord} {text}", 0)))
    if said.means is not None:
        yield Block(said.means.span.start, tuple(lines_of(quoted(meant.means, speech.french), 2)))
    for each, (answer, texts) in zip(said.answers, meant.answers, strict=True):
        shown = ", ".join(quoted(one, speech.french) for one in texts)
        line = f"{_answer(speech, meant, answer)}{colon} {shown}"
        yield Block(each.span.start, tuple(lines_of(line, 2)))
    if said.doubt is not None:
        line = f"{speech.word('judgements', 'IN_DOUBT')}{colon} {effects(speech, meant.doubt)}"
        yield Block(said.doubt.span.start, tuple(lines_of(line, 2)))


def declared(speech: Speech, source: Source, said: ast.Declaration) -> str:
    """« À l'appréciation : un client est mécontent »."""
    (item,) = said.items
    text = item_text(speech, source, item)
    if not said.name:
        return opened(speech, _indefinite(speech, item.name, text))
    return opened(speech, f"{_indefinite(speech, said.name, said.name)} {speech.is_(said.name)} {text}")


def opened(speech: Speech, text: str) -> str:
    """With the words that open a judgement."""
    return f"{capital(speech.word('judgements', 'JUDGEMENT'))}{speech.choose(f'{GLUE}:', ':')} {text}"


def _indefinite(speech: Speech, name: str, text: str) -> str:
    """« un client », « une commande »."""
    agreement = speech.agreement(name)
    if agreement.plural:
        return f"{speech.choose('des ', '')}{text}"
    if not speech.french:
        return f"{'an' if elides(text) and text[:1] not in 'hu' else 'a'} {text}"
    return f"{'une' if agreement.gender == 'f' else 'un'} {text}"


def _text(speech: Speech, meant: model.Judgement) -> str:
    """« son message », where what is judged has it; « le message du client »."""
    owner, _, _ = meant.path.rpartition(".")
    name = speech.facts[meant.text].slot.names[-1]
    if not owner or owner != meant.text.rpartition(".")[0]:
        return speech.fact(meant.text)
    if not speech.french:
        return f"their {name}"
    agreement = speech.agreement(name)
    their = "ses" if agreement.plural else "sa" if agreement.gender == "f" and not elides(name) else "son"
    return f"{their} {name}"


def _answer(speech: Speech, meant: model.Judgement, answer: object) -> str:
    kind = speech.facts[meant.path].slot.type
    if isinstance(kind, t.YesNo):
        return speech.declared("YES" if answer else "NO")
    if isinstance(kind, t.Choice):
        return speech.label(kind, str(answer))
    return show_value(kind, answer, speech.language)
