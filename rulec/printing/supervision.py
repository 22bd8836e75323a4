"""What is said of supervision in, its lines out."""

from rulec.printing.conditions import condition
from rulec.printing.declarations import capital
from rulec.printing.layout import lines_of
from rulec.printing.names import GLUE, Speech
from rulec.printing.rules import ends
from rulec.semantics import model
from rulec.semantics.naming import key_of
from rulec.syntax.supervision import name_of


def oversight(speech: Speech, said: model.Oversight, written: bool = True) -> list[str]:
    """« Autonomie : exécuter si …, sinon proposer ». `written`: it is said in the language that it is written in."""
    told = _approval(speech, said, written) if said.who else _autonomy(speech, said)
    return lines_of(" ".join([told, *ends(speech, None, said.because)]), 0)


def _autonomy(speech: Speech, said: model.Oversight) -> str:
    head = f"{capital(speech.word('supervision', 'AUTONOMY'))}{speech.choose(f'{GLUE}:', ':')}"
    otherwise = speech.word("supervision", said.otherwise.level)
    if not said.cases:
        return f"{head} {otherwise}"
    cases = [f"{speech.word('supervision', case.level)} {_where(speech, case)}" for case in said.cases]
    return f"{head} {', '.join(cases)}, {speech.word('supervision', 'OTHERWISE')} {otherwise}"


def _approval(speech: Speech, said: model.Oversight, written: bool) -> str:
    told = speech.word("supervision", "APPROVAL").replace("…", _who(speech, said, written))
    key = f"{GLUE}[{said.who}]" if not written or said.who != key_of(_name(speech, said)) else ""
    return " ".join([capital(told) + key, *(_where(speech, case) for case in said.cases)])


def _name(speech: Speech, said: model.Oversight) -> str:
    return name_of(said.said, speech.language)


def _who(speech: Speech, said: model.Oversight, written: bool) -> str:
    """« du gérant »; in the other language, where nothing says how it is called: « de manager », "the gérant"."""
    if written:
        return said.said
    name = name_of(said.said, "en" if speech.french else "fr")
    return f"de {name}" if speech.french else f"the {name}" if name[:1].islower() else name


def _where(speech: Speech, case: model.LevelCase) -> str:
    """« si … sauf si … »."""
    parts = [] if case.when is None else [f"{speech.word('structure', 'IF')} {condition(speech, case.when)}"]
    return " ".join([*parts, *ends(speech, case.unless, "")])
