"""Rules, and decisions to be logged, for the tests of the log."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rulec import RuleSet, loads
from rulec.cli import main
from rulec.log.entry import Entry
from rulec.log.recording import decided

RULES = """
Un client [customer] a :
  - un nom (texte) [name]
  - il peut être fidèle [loyal]
Une commande [order] a :
  - un montant (en €), principal [amount]
  - des lignes (liste de ligne) [lines]
Une ligne [line] a :
  - un produit (texte) [product]
  - un prix (en €) [price]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
  - le mot (texte), facultatif [word]
On peut :
  - transmettre au gérant, avec un motif (texte) [reason]
Si le client est fidèle et la commande dépasse 500 € alors la remise est de 10 %
Si le client est fidèle alors le mot est le nom du client
Si la commande dépasse 5 000 € alors transmettre au gérant avec le motif « grosse commande »
"""


Run = Callable[..., tuple[int, str, str]]  # a command and its options → exit status, output, complaints


def running(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **files: str
) -> Run:  # fmt: skip
    """The command line in a folder with these rule files, and no log configured."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("RULEC_LOG", raising=False)
    for name, text in files.items():
        (folder / f"{name}.regles").write_text(text, encoding="utf-8")

    def ran(*args: str, lang: str = "fr") -> tuple[int, str, str]:
        status = main([*args, "--lang", lang])
        told = capsys.readouterr()
        return status, told.out, told.err

    return ran


def rules() -> RuleSet:
    return loads(RULES)


def decision(rules: RuleSet, name: str = "Zoé", amount: str = "620", loyal: bool = True) -> Entry:
    """The entry of a decision, not yet written."""
    lines = [{"product": "vis", "price": "3"}, {"product": "clou", "price": "2"}]
    facts = {"customer": {"name": name, "loyal": loyal}, "order": {"amount": amount, "lines": lines}}
    return decided(rules, facts, rules.decide(facts, at="2026-03-01"), "remises")
