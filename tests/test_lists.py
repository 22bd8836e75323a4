"""Lists from the declarations to the decision, in both languages."""

import os
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from test_pairs import GOLDEN, pairs, told

from rulec.backends.interpreter import interpret
from rulec.backends.python import compile_plan
from rulec.cli.terms import terms
from rulec.pipeline import Compiled, compile_text
from rulec.plan.alike import without_words
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


# ---- sentences

PAIRS = pairs("lists.tsv")


@cache
def compiled(sentence: str, language: Language) -> Compiled:
    """What comes of a sentence below the declarations of lists."""
    ending = "regles" if language == "fr" else "rules"
    declared = (GOLDEN / f"lists.{ending}").read_text(encoding="utf-8")
    return compile_text(declared + sentence.replace("\\n", "\n") + "\n", language=language)


@pytest.mark.parametrize(("verdict", "french", "english"), PAIRS, ids=[pair[1][:60] for pair in PAIRS])
def test_both_say_the_same(verdict: str, french: str, english: str) -> None:
    fr, en = compiled(french, "fr"), compiled(english, "en")
    codes = [] if verdict in ("clear", "stated") else [verdict]
    assert [each.code for each in fr.diagnostics] == codes, fr.diagnostics
    assert [each.code for each in en.diagnostics] == codes, en.diagnostics
    if fr.plan and en.plan:
        assert told(fr.plan) == told(en.plan)


def test_the_meaning_of_every_pair_is_the_one_kept() -> None:
    plans = [(each, compiled(each[1], "fr").plan) for each in PAIRS]
    meaning = "\n".join(f"# {fr} | {en}\n{told(plan) if plan else verdict}\n" for (verdict, fr, en), plan in plans)
    kept = GOLDEN / "lists.plan.txt"
    if os.environ.get("RULEC_KEEP"):
        kept.write_text(meaning, encoding="utf-8")
    assert meaning == kept.read_text(encoding="utf-8")


ITEMS: list[dict[str, Any]] = [
    {"price": 12, "quantity": 2, "product": "A", "state": "in_stock", "fragile": True},
    {"price": 5, "quantity": 1, "product": "B", "state": "in_stock", "fragile": False},
    {"price": 30, "quantity": 4, "product": "A", "state": "out_of_stock", "fragile": True},
]
ORDERS = [
    {"amount": 300, "date": "2026-01-10", "paid": True, "lines": [{"mass": 3, "heavy": True}]},
    {"amount": 250, "date": "2025-03-01", "paid": False, "lines": []},
]
FACTS = {
    "items": ITEMS, "codes": ["A", "B", "A"], "countries": ["france"], "amounts": [10, 70, 40],
    "customer": {"orders": ORDERS, "complaints": [{"filed_on": "2026-02-20", "closed": False}], "code": "A"},
}  # fmt: skip
HOLD = {
    "au moins un article est fragile": True, "tous les articles sont en stock": False,
    "aucun article n'est en rupture": False, "au moins 2 articles sont fragiles": True,
    "au moins 3 articles sont fragiles": False, "plus de 3 articles": False, "3 articles et plus": True,
    "le client a plus de 500 € de commandes": True, "le client a plus de 550 € de commandes": False,
    "le client a une commande payée de plus de 250 €": True, "la plus ancienne commande est payée": False,
    "la commande la plus récente est payée": True, "le montant de la plus ancienne commande dépasse 260 €": False,
    "la somme des (quantité × prix) des articles dépasse 148 €": True,
    "la somme des (quantité × prix) des articles dépasse 149 €": False,
    "la somme des deux montants les plus élevés est de 110 €": True, "la moyenne des montants est de 40 €": True,
    "la liste des pays contient la France": True, "la liste des pays contient la Suisse": False,
    "« C » figure parmi les codes": False, "le code du client figure parmi les codes": True,
    "le nombre de codes distincts est de 2": True, "le nombre de codes est de 3": True,
    "le nombre d'articles de plus de 10 € est de 2": True,
    "au moins une commande dont au moins une ligne est lourde est payée": True,
    "toutes les commandes dont au moins une ligne est lourde sont payées": True,
    "le nombre de ses réclamations de moins de 30 jours est de 1": True,
    "le prix de l'article dont la quantité est la plus élevée est de 30 €": True,
    "le client n'a aucune réclamation": False,
}  # fmt: skip


@pytest.mark.parametrize(("condition", "holds"), HOLD.items())
def test_what_holds(condition: str, holds: bool) -> None:
    found = compiled(f"Si {condition} alors remise 10 %, sinon 5 %", "fr")
    assert found.plan is not None, found.diagnostics
    rules = RuleSet(found.plan, "fr", found.vocabulary, found.sources)
    decision = rules.decide(FACTS, date(2026, 3, 1))
    assert decision.outcomes["discount"].value == Decimal("0.1" if holds else "0.05")
    assert decision == interpret(found.plan, rules._read(FACTS), date(2026, 3, 1))
    assert str(rules.why(FACTS, date(2026, 3, 1)))


def test_all_of_an_empty_list_holds() -> None:
    found = compiled("Si tous les articles sont en stock alors remise 10 %", "fr")
    assert found.plan is not None
    rules = RuleSet(found.plan, "fr", found.vocabulary, found.sources)
    assert rules.decide({"items": []}).outcomes["discount"].value == Decimal("0.1")
    unknown = rules.decide({"items": [{"price": 1}]}).outcomes["discount"]
    assert unknown.missing == ("items[1].state",)
    asked = rules.questions({"items": [{"price": 1}]})
    assert [each.name for each in asked] == ["état (article n° 1)"]
    one = [{"price": 1}, {"state": "ordered"}, {"state": "out_of_stock"}]
    assert rules.decide({"items": one[:1] + one[2:]}).outcomes["discount"].status == "not_applicable"


def test_the_element_of_a_key_is_the_only_one() -> None:
    found = compiled("Les frais sont le tarif du fournisseur dont le code fourni est « A »", "fr")
    assert found.plan is not None
    rules = RuleSet(found.plan, "fr", found.vocabulary, found.sources)
    one, other = {"supplied": "A", "fare": 3}, {"supplied": "B", "fare": 4}
    assert rules.decide({"suppliers": [other, one]})["fee"] == 3
    assert rules.decide({"suppliers": [one, {"fare": 4}]}).outcomes["fee"].missing == ("suppliers[2].supplied",)
    for suppliers, code in (([one, one], "E567"), ([other], "E566")):
        fee = rules.decide({"suppliers": suppliers}).outcomes["fee"]
        assert (fee.status, [each.code for each in fee.problems]) == ("error", [code])


# ---- each element

EACH = {
    "fr": """Une ligne [line] a :
  - un prix (en €) [price]
Une commande [order] a :
  - des lignes (liste de ligne) [lines]
  - il peut être urgente [urgent]
On décide :
  - le total (en €) [total]
On décide pour chaque ligne :
  - la remise de ligne (en €), 0 € par défaut [line_discount]
Pour chaque ligne : si son prix dépasse 10 € et la commande est urgente
  alors la remise de ligne est de 10 % du prix, arrondi au centime.
Le total est la somme des remises de ligne.
""",
    "en": """A line has:
  - a price (in €)
An order has:
  - lines (list of line)
  - can be urgent
We decide:
  - the total (in €)
For each line we decide:
  - the line discount (in €), 0 € by default
For each line: if its price exceeds €10 and the order is urgent
  then the line discount is 10% of the price, rounded to the cent.
The total is the sum of the line discounts.
""",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_decided_for_each_element(language: Language) -> None:
    rules = loads(EACH[language], language)
    facts = {"order": {"urgent": True, "lines": [{"price": 20}, {"price": 5}]}}
    decision = rules.decide(facts)
    assert decision.outcomes["line_discount"].value == (Decimal(2), Decimal(0))
    assert decision.outcomes["total"].value == Decimal(2)
    assert "(1 ✓, 2 ✗)" in str(rules.why(facts))
    assert rules.decide({"order": {"urgent": True, "lines": [{}]}}).outcomes["total"].missing == (
        "order.lines[1].price",
    )
    wrong = EACH[language].replace("Pour chaque ligne : si", "Pour chaque commande : si")
    wrong = wrong.replace("For each line: if", "For each order: if")
    assert [each.code for each in compile_text(wrong, language=language).diagnostics] == ["E372"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_both_languages_decide_alike_for_each_element(language: Language) -> None:
    plans = [compile_text(EACH[each], language=each).plan for each in ("fr", "en")]
    assert [plan and told(plan) for plan in plans] == [plans[0] and told(plans[0])] * 2


READING = """\
Une ligne [line] a :
  - un prix (en €), principal [price]
  - il peut être fragile [fragile]
Une commande [order] a :
  - des lignes (liste de ligne) [lines]
On décide :
  - les frais (en €) [fee]
  - le score (nombre) [score]
On décide pour chaque ligne :
  - le taux (pourcentage) [rate]
  - la prime (en €) [bonus]
  - le rang (nombre) [rank]
Pour chaque ligne : si la ligne est fragile alors le taux est de 10 %.
Le net d'une ligne est 0 € si son taux n'est pas renseigné, sinon son prix × son taux.
Pour chaque ligne : la prime est le net de la ligne, arrondi au centime.
Pour chaque ligne : le rang est le nombre d'autres lignes dont le prix est de 20 €.
Les frais sont la somme des primes des lignes.
Si la prime de la ligne dont le prix est le plus élevé dépasse 1 € alors le score est 1, sinon 0.
"""


def test_what_is_decided_for_elements_is_read() -> None:
    rules = loads(READING, "fr")
    lines = [{"price": 20, "fragile": True}, {"price": 20, "fragile": True}, {"price": 30, "fragile": False}]
    decision = rules.decide({"order": {"lines": lines}}, date(2026, 3, 1))
    assert decision == interpret(rules.plan, rules._read({"order": {"lines": lines}}), date(2026, 3, 1))
    assert decision.outcomes["rate"].status == "not_applicable"
    assert decision["bonus"] == (2, 2, 0)
    assert decision["rank"] == (1, 1, 2)  # the first two are alike, and two nonetheless
    assert (decision["fee"], decision["score"]) == (4, 0)
    unknown = rules.decide({}, date(2026, 3, 1))
    assert unknown.outcomes["fee"].missing == unknown.outcomes["score"].missing == ("order.lines",)


TABLE = {
    "fr": """Une ligne [line] a :
  - un prix (en €) [price]
  - une note (texte), facultatif [note]
Une commande [order] a :
  - des lignes (liste de ligne) [lines]
  - il peut être urgente [urgent]
On décide :
  - le total (pourcentage) [total]
On décide pour chaque ligne :
  - le rabais (pourcentage), s'additionnent [rebate]
Table « Rabais » (la première ligne l'emporte) :
| prix     | note                | commande urgente || rabais |
| > 10 €   | commence par « b »  | oui              || 5 %    |
| ≤ 10 €   | -                   | -                || 1 %    |
| sinon    | -                   | -                || 2 %    |
sauf si la ligne dépasse 100 €
Pour chaque ligne dont la note est renseignée : le rabais est de 3 %
Le total est la somme des rabais
""",
    "en": """A line has:
  - a price (in €)
  - a note (text), optional
An order has:
  - lines (list of line)
  - can be urgent
We decide:
  - the total (percentage)
For each line we decide:
  - the rebate (percentage), add up
Table "Rebates" (the first row wins):
| price     | note             | urgent order || rebate |
| > €10     | starts with "b"  | yes          || 5%     |
| ≤ €10     | -                | -            || 1%     |
| otherwise | -                | -            || 2%     |
unless the line exceeds €100
For each line whose note is given: the rebate is 3%
The total is the sum of the rebates
""",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_table_decides_for_each_element(language: Language) -> None:
    rules = loads(TABLE[language], language)
    lines = [{"price": 20, "note": "ba"}, {"price": 5}, {"price": 20}, {"price": 200, "note": "ba"}]
    facts = {"order": {"urgent": True, "lines": lines}}
    decision = rules.decide(facts, date(2026, 3, 1))
    assert decision == interpret(rules.plan, rules._read(facts), date(2026, 3, 1))
    assert decision["rebate"] == (Decimal("0.08"), Decimal("0.01"), Decimal("0.02"), Decimal("0.03"))
    assert decision["total"] == Decimal("0.14")
    assert str(rules.why(facts))
    unknown = rules.decide({"order": {"lines": [{}]}}).outcomes["rebate"]
    assert unknown.missing == ("order.lines[1].price",)


# ---- what is defined of elements

DEFINED = """\
Une ligne a :
  - un prix (en €), principal [price]
  - une quantité (nombre entier) [quantity]
  - il peut être fragile [fragile]
Une commande [order] a :
  - des lignes (liste de ligne) [lines]
On décide :
  - les frais (en €) [fee]
  - le score (nombre) [score]
On décide pour chaque ligne :
  - la prime (en €) [bonus]
"""
NAMED = """\
Le total d'une ligne est son prix × sa quantité.
Le coût d'une ligne est 12,5 % de son total, arrondi au centime.
Une ligne est chère si son coût dépasse 1 € et elle n'est pas fragile.
Le rang d'une ligne est le nombre de lignes + sa quantité.
Les frais sont la somme des coûts des lignes.
Si le rang de la ligne dont le coût est le plus élevé est de 6 alors le score est de 4, sinon il est de 0.
Pour chaque ligne : si la ligne est chère alors la prime est son coût, sinon elle est de 0 €.
"""


def test_definitions_of_elements_hold_wherever_an_element_is_named() -> None:
    rules = loads(DEFINED + NAMED, "fr")
    lines = [
        {"price": "4 €", "quantity": 3, "fragile": False},
        {"price": "10 €", "quantity": 1, "fragile": True},
        {"price": "2,20 €", "quantity": 4, "fragile": False},
    ]
    decision = rules.decide({"order": {"lines": lines}}, date(2026, 3, 1))
    assert decision == interpret(rules.plan, rules._read({"order": {"lines": lines}}), date(2026, 3, 1))
    assert decision.outcomes["fee"].value == Decimal("3.85")
    assert decision.outcomes["score"].value == Decimal(4)
    assert decision.outcomes["bonus"].value == (Decimal("1.5"), Decimal(0), Decimal("1.1"))


def test_a_missing_attribute_is_that_of_the_definition() -> None:
    rules = loads(DEFINED + NAMED, "fr")
    lines = [{"price": "100 €", "quantity": 1, "fragile": False}, {"price": "10 €", "fragile": True}]
    decision = rules.decide({"order": {"lines": lines}}, date(2026, 3, 1))
    assert decision.outcomes["fee"].missing == ("order.lines[2].quantity",)
    assert [each.value for each in decision.outcomes["bonus"].elements] == [Decimal("12.5"), Decimal(0)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "Une commande [order] a :\n  - des lignes (liste de ligne) [lines]\n"
            "Une ligne [line] a :\n  - une quantité (nombre entier) [quantity]\n  - il peut être fragile [fragile]\n"
            "On décide pour chaque ligne :\n  - le soin (nombre) [care]\n"
            "Pour chaque ligne : si le nombre de lignes fragiles est d'au moins 2 alors le soin est 3.",
        ),
        (
            "en",
            "An order has:\n  - lines (list of line)\n"
            "A line has:\n  - a quantity (whole number)\n  - can be fragile\n"
            "For each line we decide:\n  - the care (number)\n"
            "For each line: if the number of fragile lines is at least 2 then the care is 3.",
        ),
    ],
)
def test_a_list_and_a_trait_are_the_whole_list_where_an_element_is_spoken_of(language: Language, text: str) -> None:
    lines = [{"quantity": 1, "fragile": True}, {"quantity": 2, "fragile": True}, {"quantity": 3, "fragile": False}]
    decide = loads(text, language).decide
    assert decide({"lines": lines})["care"] == (3, 3, 3)
    assert decide({"lines": lines[1:]}).outcomes["care"].status == "not_applicable"


def test_what_no_rule_gives_an_element_is_not_applicable() -> None:
    plan = compiled("Si aucun article dont le rabais dépasse 5 % n'est fragile alors remise 10 %", "fr").plan
    assert plan is not None
    for items in ((), ({"fragile": True, "price": Decimal(3)},)):
        decision = interpret(plan, {"items": items}, date(2026, 3, 1))
        assert compile_plan(plan)({"items": items}, date(2026, 3, 1)) == decision
        assert len(decision.outcomes["rebate"].elements) == len(items)
        assert decision.outcomes["discount"].status == ("error" if items else "decided")


def test_a_list_that_is_named_within_and_around_is_told_apart() -> None:
    """The charge of a supplier sums all the items, of which the rule asks one after the other."""
    text = (
        "La charge d'un fournisseur est la somme des prix des articles.\\n"
        "Pour chaque article : la prime est la charge du fournisseur dont le code fourni est le produit de l'article"
    )
    plan = compiled(text, "fr").plan
    assert plan is not None
    items = tuple({"price": Decimal(price), "product": "A"} for price in (3, 4))
    facts = {"items": items, "suppliers": ({"supplied": "A"},)}
    decision = interpret(plan, facts, date(2026, 3, 1))
    assert compile_plan(plan)(facts, date(2026, 3, 1)) == decision
    assert decision.outcomes["bonus"].value == (Decimal(7), Decimal(7))


def test_the_plans_of_both_languages_differ_by_words_alone() -> None:
    french = compiled("Si au moins un article est fragile alors remise 10 %", "fr").plan
    english = compiled("If at least one item is fragile then discount 10%", "en").plan
    assert french is not None
    assert english is not None
    assert french.facts != english.facts
    assert without_words(french) == without_words(english)
