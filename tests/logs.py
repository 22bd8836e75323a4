"""Rules, and decisions to be logged, for the tests of the log."""

from rulec import RuleSet, loads
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


def rules() -> RuleSet:
    return loads(RULES)


def decision(rules: RuleSet, name: str = "Zoé", amount: str = "620", loyal: bool = True) -> Entry:
    """The entry of a decision, not yet written."""
    lines = [{"product": "vis", "price": "3"}, {"product": "clou", "price": "2"}]
    facts = {"customer": {"name": name, "loyal": loyal}, "order": {"amount": amount, "lines": lines}}
    return decided(rules, facts, rules.decide(facts, at="2026-03-01"), "remises")
