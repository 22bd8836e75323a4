"""Lists from the declarations to the decision, in both languages."""

from decimal import Decimal

import pytest

from rulec.cli.terms import terms
from rulec.questions import named, slot_at
from rulec.ruleset import RuleSet, loads
from rulec.runtime.types import Amount, Choice, Date, ListOf, Number, Option, Percentage, Quantity, Text, record_of
from rulec.source import Language

FRENCH = """\
Une ligne [line] a :
  - un prix (en €), de 0 à 1 000 € [price]
  - une quantité (nombre entier), 1 par défaut [quantity]
  - il peut être fragile [fragile]
  - un produit (produit) [product]
  - une note (texte), facultatif [note]
  - des lots (liste de lot) [batches]
Un produit [product] a :
  - un code (texte) [code]
Un lot [batch] a :
  - un poids (en kg) [weight]
Une commande [order] a :
  - des lignes (liste de lignes) [lines]
  - des remises (liste de pourcentages) [discounts]
  - des montants (liste de montants en € HT) [amounts]
  - des jours (liste de dates) [days]
  - des poids (liste de poids en kg) [weights]
  - des notes (liste de nombres) [marks]
  - des étiquettes (liste de textes) [tags]
  - des pays (liste) parmi France [fr], Suisse [ch] [countries]
  - un acompte (en €) [deposit]
On décide :
  - les frais (en €) [fee]
Si l'acompte dépasse 3 € alors les frais sont de 1 €.
"""
ENGLISH = """\
A line has:
  - a price (in €), from 0 to 1,000 €
  - a quantity (whole number), 1 by default
  - can be fragile
  - a product (product)
  - a note (text), optional
  - batches (list of batch)
A product has:
  - a code (text)
A batch has:
  - a weight (in kg)
An order has:
  - lines (list of lines)
  - discounts (list of percentages)
  - amounts (list of amounts in € excl. VAT)
  - days (list of dates)
  - weights (list of weights in kg)
  - marks (list of numbers)
  - tags (list of texts)
  - countries (list) among France [fr], Switzerland [ch]
  - a deposit (in €)
We decide:
  - the fee (in €)
If the deposit exceeds 3 € then the fee is 1 €.
"""
BOTH: tuple[tuple[str, Language], ...] = ((FRENCH, "fr"), (ENGLISH, "en"))


@pytest.fixture(params=BOTH, ids=["fr", "en"])
def rules(request: pytest.FixtureRequest) -> RuleSet:
    text, language = request.param
    return loads(text, language)


def test_what_lists_hold(rules: RuleSet) -> None:
    kinds = {slot.path: slot.type for slot in rules.plan.facts}
    labels = ("France", "Suisse" if rules.language == "fr" else "Switzerland")
    assert {path: kind.item for path, kind in kinds.items() if isinstance(kind, ListOf)} == {
        "order.lines": record_of(kinds["order.lines"]),
        "order.discounts": Percentage(),
        "order.amounts": Amount("EUR", "net"),
        "order.days": Date(),
        "order.weights": Quantity("kg"),
        "order.marks": Number(),
        "order.tags": Text(),
        "order.countries": Choice((Option("fr", labels[0]), Option("ch", labels[1]))),
    }
    line = record_of(kinds["order.lines"])
    assert line is not None
    assert [slot.path for slot in line.attributes] == [
        "price", "quantity", "fragile", "product.code", "note", "batches",
    ]  # fmt: skip


def test_elements_are_read_by_key_or_term(rules: RuleSet) -> None:
    price = "prix" if rules.language == "fr" else "Price"
    given = {"order": {"lines": [{price: "3 €", "product": {"code": "A"}, "batches": [{"weight": "2 kg"}]}]}}
    held = {"price": Decimal(3), "quantity": Decimal(1), "product.code": "A", "batches": ({"weight": Decimal(2)},)}
    assert rules._read(given) == {"order.lines": (held,)}


def test_what_is_asked_of_an_element(rules: RuleSet) -> None:
    facts, language = rules.plan.facts, rules.language
    french = language == "fr"
    assert named(facts, "order.lines[2].price", language) == (
        "prix (ligne n° 2, commande)" if french else "price (line 2, order)"
    )
    assert named(facts, "order.lines[2].batches[10].weight", language) == (
        "poids (lot n° 10, ligne n° 2, commande)" if french else "weight (batch 10, line 2, order)"
    )
    assert slot_at(facts, "order.lines[2].zzz", language) is None
    assert named(facts, "order.zzz", language) == "order.zzz"


def test_the_table_of_terms_shows_what_elements_have(rules: RuleSet) -> None:
    table = terms(rules.vocabulary, rules.language)
    assert "[order.lines[].batches[].weight]" in table
    assert "[order.countries]" in table
