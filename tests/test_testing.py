"""What tests of rules are made of: examples collected by pytest, and facts made by hypothesis."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample

import rulec
from rulec import RuleSet
from rulec.testing import facts, moments

pytest_plugins = ["pytester"]

EXAMPLES = Path(__file__).parents[1] / "examples"
RULES = """\
Si commande > 500 € alors remise 10 %
Exemple « dessus » : étant donné une commande de 501 € alors la remise est de 10 %
Exemples « autour » :
  | commande || remise |
  | 500 €    || aucune |
  | 502 €    || 5 %    |
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\n")
    return pytester


def test_each_example_is_a_test(run: pytest.Pytester) -> None:
    run.makefile(".regles", remises=RULES)
    done = run.runpytest("-v")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["*remises.regles::dessus PASSED*", "*autour, ligne n° 2 FAILED*"])
    done.stdout.fnmatch_lines(["*remise : attendu 5 %, obtenu 10 %*", "*Si commande > 500 € alors remise 10 %*"])


def test_a_file_may_be_given(run: pytest.Pytester) -> None:
    rules = 'If order > €500 then discount 10%\nExample "a": given an order of €80 then no discount\n'
    run.makefile(".rules", discounts=rules)
    run.runpytest("discounts.rules").assert_outcomes(passed=1)


def test_files_without_examples_are_left_alone(run: pytest.Pytester) -> None:
    run.makefile(".regles", plain="Si commande > 500 € alors remise 10 %\n", wrong="Si commande > alors\n")
    run.runpytest().assert_outcomes()


def test_rules_with_errors_are_reported(run: pytest.Pytester) -> None:
    run.makefile(".regles", wrong="Si commande > alors\nExemple « a » : alors aucune remise\n")
    done = run.runpytest()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*-- ERREUR E122 -*"])
    assert "Traceback" not in done.stdout.str()


def test_the_examples_of_a_used_file_are_tested_once(run: pytest.Pytester) -> None:
    run.makefile(".regles", remises=RULES.split("Exemples")[0])
    run.makefile(
        ".regles", cas="Utiliser remises\nExemple « dessous » : étant donné une commande de 80 € alors aucune remise\n"
    )
    run.runpytest().assert_outcomes(passed=2)


# ---- facts for properties


VOCABULARY = """\
Un client [customer] a :
  - un âge (nombre entier, de 0 à 120) [age]
  - il peut être fidèle [loyal]
  - un segment parmi particulier, revendeur [segment]
Une commande [order] a :
  - un montant (en €) [amount]
  - un taux (pourcentage, de 10 % à 20 %) [rate]
  - un poids (en kg), facultatif [weight]
  - un code promo (texte), facultatif [promo_code]
  - une date de livraison (date) [delivery_date]
  - une heure (heure) [hour]
  - un délai (en jours) [delay]
On décide :
  - la remise (pourcentage), 0 % par défaut [discount]
"""
LINES = """\
Une commande a :
  - des lignes (liste de lignes)
Une ligne a :
  - un prix (en €) [price]
  - une remise (pourcentage), facultative [off]
On décide :
  - les frais (en €)
Si au moins une ligne dont le prix dépasse 37 € alors frais 5 €
"""


SOME = settings(max_examples=200, database=None)


def all_rules() -> list[RuleSet]:
    """Rule sets with facts of every type."""
    files = [path for name in ("regles", "rules", "md") for path in sorted(EXAMPLES.glob(f"*/*.{name}"))]
    read = [rulec.load(path) for path in files if path.name != "README.md"]
    return [*read, rulec.loads(VOCABULARY + "Si commande > 500 € alors remise 10 %\n"), rulec.loads(LINES)]


@pytest.mark.parametrize("rules", all_rules(), ids=lambda rules: rules.sources[-1].name)
def test_facts_are_read_as_they_are_and_all_that_is_needed_is_there(rules: RuleSet) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(facts(rules), moments(rules))
    def decided(found: dict[str, object], at: date) -> None:
        decision = rules.decide(found, at)
        needed = {slot.path for slot in rules.plan.facts if not slot.optional and slot.default is None}
        assert needed <= set(found)
        assert not needed & set(decision.missing)

    decided()


def test_facts_may_be_missing() -> None:
    rules = rulec.loads("Si commande > 500 € et client fidèle alors remise 10 %\n")
    assert find(facts(rules, missing=True), lambda each: not each) == {}
    with pytest.raises(NoSuchExample):
        find(facts(rules), lambda each: len(each) < 2, settings=SOME)


@pytest.mark.parametrize("value", ["732.19", "732.20", "732.21"])
def test_thresholds_and_what_lies_beside_them_are_favoured(value: str) -> None:
    """Among a hundred million amounts, each of the three is found in a hundred."""
    rules = rulec.loads("Si commande > 732,20 € alors remise 10 %\n")
    some = settings(max_examples=100, phases=[Phase.generate], derandomize=True, database=None)
    assert find(facts(rules), lambda each: each["commande"] == Decimal(value), settings=some)


def test_thresholds_of_elements_are_favoured() -> None:
    rules = rulec.loads(LINES)
    (slot,) = rules.plan.facts
    some = settings(max_examples=300, phases=[Phase.generate], derandomize=True, database=None)

    def holds(found: dict[str, Any]) -> bool:
        return any(line["price"] == Decimal("37.01") for line in found[slot.path])

    assert find(facts(rules), holds, settings=some)


def test_bounds_are_kept() -> None:
    rules = rulec.loads(VOCABULARY + "Si commande > 500 € alors remise 10 %\n")
    with pytest.raises(NoSuchExample):
        find(facts(rules), lambda each: not 0.1 <= float(str(each["order.rate"])) <= 0.2, settings=SOME)


def test_a_property_that_does_not_hold_is_refuted() -> None:
    rules = rulec.loads("Si commande > 500 € alors remise 10 %\n")
    found = find(facts(rules), lambda each: rules.decide(each).outcomes["remise"].status == "decided", settings=SOME)
    assert Decimal(str(found["commande"])) > 500


def test_the_plugin_does_not_need_hypothesis() -> None:
    code = "import sys; sys.modules['hypothesis'] = None; import rulec.testing"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
