"""Small changes of rules: which are made, which examples notice them, how those that none notices are told."""

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import Case, cases

from rulec.cli import main
from rulec.pipeline import compile_text
from rulec.plan.verify import verify
from rulec.runtime import types as t
from rulec.source import Language
from rulec.trial.changes import changes_of
from rulec.trial.mutation import Mutation, mutation_of
from rulec.trial.run import run_examples
from rulec.trial.steps import beside
from rulec.trial.table_changes import table_changes_of
from rulec.trial.tell import Teller
from rulec.trial.tell_changes import change_text, place_of


def mutated(text: str, language: Language = "fr") -> tuple[Mutation, list[str]]:
    """The changes tried, and what is said of those that no example notices."""
    found = compile_text(text, "r.regles" if language == "fr" else "r.rules", language)
    assert found.plan is not None, [each.code for each in found.diagnostics]
    results = run_examples(found.plan, found.examples)
    assert all(result.passed for result in results)
    mutation, teller = mutation_of(found.plan, results), Teller(found.plan, found.sources, language)
    told = [(place_of(each, teller), change_text(each.told, language)) for each in mutation.unnoticed]
    return mutation, [f"{line} {text}: {change}".replace("\u00a0", " ") for (_, line, text), change in told]


RULE = "Si commande > 500 € et client fidèle alors remise 10 %\n"
CASE = "Exemples « a » :\n| commande | client fidèle || remise |\n"
CHANGES = [
    "1 commande > 500 €: le contraire", "1 commande > 500 €: ≥ au lieu de >",
    "1 commande > 500 €: 500,01 € au lieu de 500 €", "1 client fidèle: le contraire",
    "1 commande > 500 € et client fidèle: « ou » au lieu de « et »", "1 remise 10 %: 10,1 % au lieu de 10 %",
    f"1 {RULE.strip()}: ne plus jamais s'appliquer",
]  # fmt: skip


def test_without_examples_no_change_is_noticed() -> None:
    mutation, told = mutated(RULE)
    assert sorted(told) == sorted(CHANGES)
    assert (mutation.tried, mutation.percentage) == (7, 0)


def test_examples_at_the_threshold_notice_all() -> None:
    assert mutated(RULE + CASE + "| 600 € | oui || 10 % |\n")[1] == [
        "1 commande > 500 € et client fidèle: « ou » au lieu de « et »",
        "1 commande > 500 €: ≥ au lieu de >", "1 commande > 500 €: 500,01 € au lieu de 500 €",
    ]  # fmt: skip
    rows = "| 500,01 € | oui || 10 % |\n| 500 € | oui || aucune |\n| 501 € | non || aucune |\n"
    assert mutated(RULE + CASE + rows)[1] == []


@pytest.mark.parametrize(
    ("language", "rules", "changes"),
    [
        (
            "en", "If at least two of the following:\n  - loyal customer\n  - sale\n  - gift\nthen discount 10%\n",
            ["3 to 3 conditions instead of 2 to 3", "2 to 2 conditions instead of 2 to 3"],
        ),
        (
            "fr", "Si commande > 500 € ou soldes alors remise 10 % sauf si retard\n",
            ["« et » au lieu de « ou »", "sans son « sauf si »", "le contraire"],
        ),
        (
            "fr", "Règle « Base » : si commande > 500 € alors remise 10 %\n"
            "Par exception à la règle « Base » : si soldes alors remise 5 %\n",
            ["sans l'exception « Base (exception) »"],
        ),
        ("en", "If order < €500 then discount 1% else discount 2%\n", ["€499.99 instead of €500",
          "case 2 never applies again"]),
        ("en", "If weight is between 5 and 10 kg then fee €1\n", ["4.9 kg instead of 5 kg",
          "> instead of ≥", "10.1 kg instead of 10 kg"]),
        (
            "fr", "On connaît :\n  - un pays parmi France, Suisse, Italie\nOn décide :\n"
            "  - le statut parmi Or, Argent\nSi le pays est la France ou la Suisse alors le statut est Or\n",
            ["sans « Suisse »", "Argent au lieu de Or"],
        ),
        (
            "fr", "On connaît :\n  - un poids (en kg)\nOn décide :\n  - les frais (en €)\nTable « Port » :\n"
            "| poids || frais |\n| jusqu'à 5 kg || 4 € |\n| plus de 5 kg || 9 € |\n",
            ["5 kg non compris", "5 kg compris", "4,01 € au lieu de 4 €", "9,01 € au lieu de 9 €"],
        ),
        (
            "fr", "Un client a :\n  - un âge (nombre entier)\nOn décide :\n  - la remise (pourcentage)\n"
            "Un client est senior si son âge dépasse 60.\nSi client senior alors remise 5 %\n",
            ["61 au lieu de 60", "≥ au lieu de >"],
        ),
        ("en", "We know:\n  - an amount (in €)\nWe decide:\n  - the credit (in €)\n"
            "If amount > €5 then the credit is 10% of the amount, rounded to the cent\n", ["0.11 instead of 0.1"]),
    ],
)  # fmt: skip
def test_changes_are_told_at_their_place(language: Language, rules: str, changes: list[str]) -> None:
    told = [each.rpartition(": ")[2] for each in mutated(rules, language)[1]]
    assert [change for change in changes if change not in told] == [], told


def test_a_row_is_changed_alone() -> None:
    text = (
        "On connaît :\n  - un poids (en kg)\nOn décide :\n  - les frais (en €)\nTable « Port » :\n"
        "| poids || frais |\n| jusqu'à 5 kg || 4 € |\n| plus de 5 kg || 9 € |\n"
        "Exemple : étant donné un poids de 5 kg alors les frais sont de 4 €\n"
    )
    assert mutated(text)[1] == ["8 | plus de 5 kg || 9 € |: 9,01 € au lieu de 9 €"]


# ---- steps


@pytest.mark.parametrize(
    ("kind", "value", "under", "above"),
    [
        (t.Amount("EUR"), Decimal(500), Decimal("499.99"), Decimal("500.01")),
        (t.Amount("JPY"), Decimal(500), Decimal(499), Decimal(501)),
        (t.Number(True), Decimal(3), Decimal(2), Decimal(4)),
        (t.Number(), Decimal("2.50"), Decimal("2.49"), Decimal("2.51")),
        (t.Quantity("kg"), Decimal(10), Decimal("9.9"), Decimal("10.1")),
        (t.Percentage(), Decimal("0.1"), Decimal("0.099"), Decimal("0.101")),
        (t.Duration("month"), Decimal(12), Decimal(11), Decimal(13)),
        (t.Date(), date(2026, 3, 1), date(2026, 2, 28), date(2026, 3, 2)),
        (t.Date(), date.max, date(9999, 12, 30), None),
        (t.Time(), time(0, 0), None, time(0, 1)),
        (t.YesNo(), True, None, None),
        (t.Text(), "a", None, None),
    ],
)
def test_the_values_beside_a_threshold(kind: t.Type, value: object, under: object, above: object) -> None:
    assert (beside(kind, value, -1), beside(kind, value, 1)) == (under, above)


# ---- any plan


@given(cases())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_change_of_a_random_plan_is_one_and_sound(case: Case) -> None:
    for change in (*changes_of(case.plan), *table_changes_of(case.plan)):
        assert change.plan != case.plan, change.told
        verify(change.plan)


# ---- the command line


def test_the_status_tells_whether_all_changes_are_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text("Si commande > 500 € alors remise 10 %\n", encoding="utf-8")
    assert main(["test", str(path)]) == 0
    assert main(["test", str(path), "--mutate"]) == 1
    assert capsys.readouterr().out.endswith("Changements remarqués : 0 sur 5 (0 %)\n")
    with path.open("a", encoding="utf-8") as more:
        more.write("Exemples « a » :\n| commande || remise |\n| 500,01 € || 10 % |\n| 500 € || aucune |\n")
    assert main(["test", str(path), "--mutate", "--lang", "en"]) == 0
    assert capsys.readouterr().out.endswith("r.regles: 2 examples, all passed\n\nChanges noticed: 5 of 5\n")
    assert main(["test", str(path), "--mutate", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["mutation"] == {"tried": 5, "noticed": 5, "unnoticed": []}
    assert main(["test", str(path), "--mutate", "--format", "junit"]) == 2
    with path.open("a", encoding="utf-8") as more:
        more.write("Exemple « faux » : étant donné une commande de 500 € alors la remise est de 10 %\n")
    assert main(["test", str(path), "--mutate"]) == 1
    assert "Changements" not in capsys.readouterr().out
