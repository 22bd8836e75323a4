"""What would meet a goal: the smallest change, against all the facts there are; what is said of it."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

import pytest

from rulec import CompileError, FactsError, loads
from rulec.cli import main
from rulec.ruleset import RuleSet

AT = date(2026, 3, 1)
SMALL = """On connaît :
  - un nombre (nombre entier), de 0 à 6
  - un membre (oui/non)
  - un canal parmi web, boutique, salon
On décide :
  - le score (nombre), {policy}, 0 par défaut
{rules}
"""
EVERYTHING = [
    {"nombre": Decimal(number), "membre": member, "canal": canal}
    for number, member, canal in product(range(7), (True, False), ("web", "boutique", "salon"))
]


def small(random: Random) -> RuleSet:
    """A few rules on three facts."""
    policy = random.choice([
        "la plus élevée l'emporte", "la plus faible l'emporte", "la première règle l'emporte", "s'additionnent",
    ])  # fmt: skip
    parts = [f"le nombre {sign} {limit}" for sign in (">", "≤", "=") for limit in range(6)]
    parts += ["le membre", "le canal est web", "le canal n'est pas salon", "le canal est boutique ou salon"]
    rules = [
        f"Si {' et '.join(random.sample(parts, random.randint(1, 2)))} alors le score est de {random.randint(1, 5)}"
        for _ in range(random.randint(1, 4))
    ]
    return loads(SMALL.format(policy=policy, rules="\n".join(rules)))


def cost(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[int, Decimal]:
    """How many facts differ, and by how much."""
    number, new = one["nombre"], other["nombre"]
    assert isinstance(number, Decimal)
    assert isinstance(new, Decimal)
    return sum(one[key] != other[key] for key in one), abs(new - number) / max(number, Decimal(1))


@pytest.mark.parametrize("seed", range(12))
def test_the_change_is_the_smallest_there_is(seed: int) -> None:
    random = Random(seed)
    rules, limit = small(random), random.randint(1, 7)
    facts = random.choice(EVERYTHING)
    reaching = [each for each in EVERYTHING if rules.decide(each, AT)["score"] >= limit]  # type: ignore[operator]  # a number
    found = rules.what_if(facts, f"score ≥ {limit}", AT)
    if not reaching:
        assert (found.status, found.changes, found.decision) == ("impossible", (), None)
    elif facts in reaching:
        assert (found.status, found.changes) == ("already", ())
    else:
        assert found.status == "found"
        assert cost(facts, found.facts) == min(cost(facts, each) for each in reaching)
        assert {each.path for each in found.changes} == {key for key in facts if facts[key] != found.facts[key]}
        assert found.decision == rules.decide(found.facts, AT)


RULES = """On connaît :
  - une commande (en €)
  - un client fidèle (oui/non)
  - une date de livraison (date)
  - un code (texte), facultatif
  - un taux (pourcentage)
  - des notes (liste de nombre)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut
  - le score (nombre), facultatif
Règle « Fidélité » : si le client fidèle alors la remise est de 10 %
Si la commande dépasse 500 € et le taux dépasse 3 % alors la remise est de 20 %
Si le code est renseigné et le code commence par « VIP » alors la remise est de 30 %
Si la date de livraison est après le 1er mai 2026 alors la remise est de 5 %
Si la somme des notes dépasse 10 alors le score est de 2
Toujours : la remise est d'au plus 25 % si la commande est de moins de 100 €
On suppose : la commande est d'au plus 10 000 €
"""
FACTS = {
    "commande": "420 €", "client fidèle": False, "date de livraison": "2026-03-05", "taux": "5 %", "notes": ["1"],
}  # fmt: skip


def changed(goal: str, facts: Mapping[str, object] | None = None, change: list[str] | None = None) -> tuple[str, ...]:
    """What would change, or the status."""
    found = loads(RULES).what_if(FACTS | dict(facts or {}), goal, AT, change)
    return tuple(f"{each.path}={each.after}" for each in found.changes) or (found.status,)


def test_the_facts_that_may_change() -> None:
    assert changed("remise ≥ 10 %", change=["commande"]) == ("commande=500,01\u00a0€",)
    two = changed("remise ≥ 20 %", {"taux": "1 %"}, ["commande", "taux"])
    assert two[0] == "commande=500,01\u00a0€"
    assert two[1] in ("taux=3,01\u00a0%", "taux=3,1\u00a0%")
    assert changed("remise ≥ 10 %", change=["taux"]) == ("impossible",)
    assert changed("remise ≥ 30 %") == ("code=VIP",)
    assert changed("remise ≥ 30 %", {"commande": "50 €"}) == ("commande=100\u00a0€", "code=VIP")  # the promise is kept
    assert changed("remise ≥ 50 %") == ("impossible",)
    assert changed("remise = 5 %", change=["date_de_livraison"]) == ("date_de_livraison=2 mai 2026",)
    assert changed("remise ≥ 5 % et taux > 90 %", change=["date_de_livraison"]) == ("impossible",)
    with pytest.raises(ValueError, match="panier"):
        changed("remise ≥ 10 %", change=["panier"])


def test_what_lacks_may_be_given() -> None:
    rules = loads(RULES)
    found = rules.what_if({"commande": "600 €", "client fidèle": False}, "remise ≥ 20 %", AT, ["commande"])
    assert [(each.path, each.before) for each in found.changes] == [("taux", "")]
    gone = rules.what_if(FACTS | {"code": "VIP1"}, "remise < 30 %", AT)
    assert [(each.path, each.after) for each in gone.changes] in ([("code", "")], [("code", gone.changes[0].after)])
    assert gone.decision is not None
    assert gone.decision["remise"] == 0


def test_what_cannot_be_settled_is_said() -> None:
    assert changed("score ≥ 3") == ("unsettled",)
    assert changed("score ≥ 2", change=["commande"]) == ("unsettled",)
    found = loads(RULES).what_if(FACTS, "remise ≥ 20 %", AT, budget=0)
    assert (found.status, found.changes) == ("unsettled", ())


LISTS = """Une ligne a :
  - un prix (en €)
  - une quantité (nombre entier), de 1 à 9
  - peut être fragile
Une commande a :
  - des lignes (liste de ligne)
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut
  - les frais (en €), 5 € par défaut
  - le score (nombre), 0 par défaut
Si la somme des prix des lignes dépasse 500 € alors la remise est de 10 %
Si la commande a au moins 3 lignes alors les frais sont de 2 €
Si aucune ligne n'est fragile alors le score est de 4
"""
LINES = {
    "lignes": [
        {"prix": "100 €", "quantité": 1, "fragile": False}, {"prix": "200 €", "quantité": 2, "fragile": True},
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "path", "after"),
    [
        ("remise ≥ 10 %", "commande.lignes[1].prix", "400,01 €"),
        ("score ≥ 4", "commande.lignes[1].fragile", "non"),
    ],
)  # fmt: skip
def test_one_element_of_a_list_may_change(goal: str, path: str, after: str) -> None:
    found = loads(LISTS).what_if(LINES, goal, AT)
    assert (found.status, [(each.path, each.after) for each in found.changes]) == ("found", [(path, after)])
    assert found.decision is not None
    assert found.decision == loads(LISTS).decide(found.facts, AT)


def test_there_may_be_more_elements_or_less() -> None:
    rules = loads(LISTS)
    more = rules.what_if(LINES, "frais ≤ 2 €", AT)
    assert [each.path for each in more.changes] == ["commande.lignes"]
    assert more.decision is not None
    assert more.decision["frais"] == 2
    assert rules.what_if(LINES, "frais ≤ 1 €", AT).status in ("impossible", "unsettled")


def test_numbers_of_a_list_may_change() -> None:
    found = loads(RULES).what_if(FACTS, "score ≥ 2", AT)
    assert [(each.path, each.before, each.after) for each in found.changes] == [("notes", "1", "10,1")]


def test_what_is_no_goal_is_refused() -> None:
    for goal, code in [
        ("remize ≥ 10 %", "E201"), ("commande > 5 €", "E380"), ("remise ≥ 10 % si client fidèle", "E982"),
        ("remise ≥ 5 kg", "E302"), ("remise dépasse", "E122"), ("", "E982"),
        ("# remise", "E982"), (".", "E982"),
    ]:  # fmt: skip
        with pytest.raises(CompileError) as refused:
            loads(RULES).what_if(FACTS, goal, AT)
        assert code in [each.code for each in refused.value.diagnostics], goal
    with pytest.raises(FactsError):
        loads(RULES).what_if({"panier": 3}, "remise ≥ 10 %", AT)


# ---- the command line


def test_the_command_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(RULES, encoding="utf-8")
    told = ["run", str(path), "--fact", "commande=420 €", "--fact", "client fidèle=non", "--fact", "taux=5 %"]
    asked = ["--what-if", "remise >= 20 %", "--change", "commande", "--at", "2026-03-01"]
    assert main([*told, *asked]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "« remise >= 20 % » serait atteint avec :\n  commande = 500,01 € (au lieu de 420 €)\n"
        "On aurait alors :\n  remise : 20 %\nAvec les faits donnés :\n"
    )
    assert "      ✗ la commande dépasse 500 €   [commande = 420 €]\n" in said
    assert main([*told, *asked, "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith('"remise >= 20 %" would be met with:\n')
    assert main([*told, *asked, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["status"], data["changes"][0]["path"], len(data["why_not"])) == ("found", "commande", 4)
    assert main([*told, "--what-if", "remise >= 50 %"]) == 0
    assert capsys.readouterr().out.startswith("Aucun changement ne donne « remise >= 50 % » : c'est prouvé.\n")
    assert main([*told, "--fact", "date de livraison=2026-03-05", "--what-if", "remise >= 0 %"]) == 0
    assert capsys.readouterr().out == "« remise >= 0 % » est déjà atteint.\n"


def test_the_command_refuses_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(RULES, encoding="utf-8")
    assert main(["run", str(path), "--change", "commande"]) == 2
    assert main(["run", str(path), "--what-if", "remise >= 20 %", "--change", "panier"]) == 2
    assert "E981" in capsys.readouterr().err
    assert main(["run", str(path), "--what-if", "remize >= 20 %"]) == 1
    assert "E201" in capsys.readouterr().err


def test_without_z3_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.regles"
    path.write_text(RULES, encoding="utf-8")
    monkeypatch.setattr("rulec.cli.supposing.find_spec", lambda name: None)
    assert main(["run", str(path), "--what-if", "remise >= 20 %"]) == 1
    assert 'pip install "rulec[analysis]"' in capsys.readouterr().err
