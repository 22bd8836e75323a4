"""rulec: business rules in plain French or English, compiled into decisions that explain themselves.

    import rulec

    rules = rulec.load("remises.regles")
    decision = rules.decide({"commande": "620 €", "client fidèle": "oui"})
    print(rules.why({"commande": "620 €", "client fidèle": "oui"}))

Everything is imported when it is first used: `import rulec` alone costs nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulec.agent.gate import Gate, Verdict, gate
    from rulec.explanation import Explanation
    from rulec.ruleset import CompileError, RuleSet, load, loads
    from rulec.runtime.decision import Decision
    from rulec.runtime.facts import FactsError

__version__ = "0.1.0"
__all__ = [
    "CompileError", "Decision", "Explanation", "FactsError", "Gate", "RuleSet", "Verdict", "__version__", "gate",
    "load", "loads",
]  # fmt: skip

_HOME = {
    "CompileError": "rulec.ruleset",
    "Decision": "rulec.runtime.decision",
    "Explanation": "rulec.explanation",
    "FactsError": "rulec.runtime.facts",
    "Gate": "rulec.agent.gate",
    "RuleSet": "rulec.ruleset",
    "Verdict": "rulec.agent.gate",
    "gate": "rulec.agent.gate",
    "load": "rulec.ruleset",
    "loads": "rulec.ruleset",
}


def __getattr__(name: str) -> object:
    """The public name, from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
