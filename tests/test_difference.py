"""`rulec diff`: what is said of two versions of rules, each case of which `rulec run` replays on both sides."""

import json
import re
import shlex
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rulec.cli import main
from rulec.difference import compare as comparing

Captured = pytest.CaptureFixture[str]
Said = Callable[..., tuple[int, str]]
SHOP = """Une commande a :
  - un montant (en €), principal
  - un poids (en kg)
Un client a :
  - un pays parmi France, Belgique, Suisse
  - il peut être fidèle
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
  - les frais (en €), facultatif [fee]
On peut :
  - prévenir le gérant [warn], avec un motif (texte)
"""
FRENCH = (
    SHOP
    + """Si la commande dépasse 500 € et le client est fidèle alors remise 5 %
Si la commande dépasse 1 000 € alors remise 5 %
Les frais sont de 1 % du montant, arrondi au centime si le pays est la Suisse.
Si la commande dépasse 5 000 € alors prévenir le gérant avec le motif « gros »
"""
)
ENGLISH = """An order has:
  - an amount (in €), main
A customer has:
  - can be loyal
We decide:
  - the discount (percentage), the highest wins, 0% by default
If the order exceeds €500 and the customer is loyal then discount 5%
"""


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Said:
    """The exit status and report for two texts, each case replayed."""
    monkeypatch.chdir(tmp_path)

    def run(old: str, new: str, *options: str, ending: str = ".regles") -> tuple[int, str]:
        for name, text in (("old", old), ("new", new)):
            Path(f"{name}{ending}").write_text(text, encoding="utf-8")
        status = main(["diff", f"old{ending}", f"new{ending}", *options])
        out = capsys.readouterr().out
        replay(out, capsys)
        return status, out

    return run


def replay(report: str, capsys: Captured) -> None:
    """Each change: `rulec run` gives on each side what is told."""
    change = ""
    for line in report.splitlines():
        if line.startswith("  - ") and " → " in line:
            change = line
        if line.startswith("      rulec run"):
            assert main(shlex.split(line)[1:]) == 0, line
            told = capsys.readouterr().out
            before, after = re.split(r" ?: (?=[^:]* → )", change)[-1].rsplit(" → ", 1)
            value = (after if "new." in line else before).removeprefix("par exemple ").removeprefix("for example ")
            if re.fullmatch(r"[\d,. ]+ ?[%€]", value):
                assert value in told, (line, told)


def test_the_same_rules_said_otherwise_are_equal(said: Said) -> None:
    other = FRENCH.replace("dépasse 1 000 €", "est de plus de 1 000 €").replace(
        "Si la commande dépasse 500 € et le client est fidèle alors remise 5 %",
        "Règle « Fidèles » : si le client est fidèle et non (la commande ne dépasse pas 500 €) alors remise 5 %",
    )
    assert said(FRENCH, other) == (0, "Égal : pour tous les faits, les deux décident la même chose.\n")


def test_a_change_is_told_region_by_region(said: Said) -> None:
    other = FRENCH.replace("le client est fidèle alors remise 5 %", "le client est fidèle alors remise 10 %")
    status, out = said(FRENCH, other)
    assert status == 1
    assert "1 décision change." in out
    assert "  - si la commande dépasse 500 € et le client est fidèle : " in out
    assert re.findall(r"[05] % → 10 %", out) == ["5 % → 10 %"] or "0 % → 10 %" not in out
    assert "Inchangé : frais, prévenir le gérant." in out


def test_regions_of_amounts_end_at_the_cent(said: Said) -> None:
    _, out = said(FRENCH, FRENCH.replace("dépasse 1 000 €", "dépasse 2 000 €"))
    assert "la commande est entre 1 000,01 € et 2 000 € et le client n'est pas fidèle : 5 % → 0 %" in out


FEW = """On connaît :
  - un poids (nombre entier), de 0 à 100
On décide :
  - le score (nombre), 0 par défaut
Si le poids dépasse 50 alors le score est de 5
"""


def test_a_promise_that_changes_no_decision_is_told(said: Said) -> None:
    promise = "Toujours : le score est d'au plus 5"
    equal = "Égal : pour tous les faits, les deux décident la même chose.\n\nPromesses et autonomie :\n"
    assert said(FEW, FEW + promise) == (0, f"{equal}  - promesse « {promise} » : nouvelle\n")
    assert said(FEW + promise, FEW) == (0, f"{equal}  - promesse « {promise} » : retirée\n")
    assert said(FEW + promise, FEW + promise.replace("d'au plus", "inférieur ou égal à"))[0] == 0


def test_a_promise_that_is_broken_changes_decisions(said: Said) -> None:
    status, out = said(FEW, FEW + "Toujours : le score est d'au plus 4")
    assert status == 1
    assert "  - si le poids dépasse 50 : 5 → calcul impossible\n" in out


def test_a_promise_about_an_outcome_without_a_value_hides_no_change_of_another(said: Said) -> None:
    rank = "  - le rang (nombre), facultatif\nSi le poids dépasse 90 alors le rang est de 1\n"
    promise = "Toujours : si le score est de 5 alors le rang est d'au plus 3\n"
    two = FEW.replace("Si le poids", rank + "Si le poids", 1) + promise
    status, out = said(two, two.replace("dépasse 50", "dépasse 40"))
    assert status == 1
    assert "  - si le poids est entre 41 et 50 : 0 → 5\n" in out
    assert "Inchangé : rang." in out
    assert "promesse" not in out
    assert "Non prouvé" not in out


def test_what_is_assumed_leaves_facts_out(said: Said) -> None:
    assumed = FEW + "On suppose : le poids est d'au plus 60"
    status, out = said(FEW, assumed)
    assert status == 1
    same = "Pour tous les faits que les deux acceptent, les décisions sont les mêmes.\n\nVocabulaire :\n"
    assert out.startswith(same)
    assert "  - supposition « On suppose : le poids est d'au plus 60 » : nouvelle\n" in out
    assert said(assumed, assumed.replace("50 alors", "50 et le poids ne dépasse pas 60 alors"))[0] == 0
    higher = assumed.replace("score est de 5", "score est de 6")
    assert "  - si le poids dépasse 50 : 5 → 6\n" in said(assumed, higher)[1]


def test_facts_that_are_assumed_not_to_come_are_refused_in_the_past(said: Said, tmp_path: Path) -> None:
    (tmp_path / "past.jsonl").write_text('{"poids": 70}\n{"poids": 55}\n', encoding="utf-8")
    status, out = said(FEW, FEW + "On suppose : le poids est d'au plus 60", "--on", "past.jsonl")
    assert status == 1
    assert "1 ne sont acceptés que d'un côté" in out


def test_supervision_said_otherwise_is_told(said: Said) -> None:
    status, out = said(FEW, FEW + "Autonomie : proposer.")
    assert status == 0
    assert "  - autonomie « Autonomie : proposer. » : nouvelle\n" in out


def test_in_english(said: Said) -> None:
    status, out = said(ENGLISH, ENGLISH.replace("5%", "10%"), ending=".rules")
    assert (status, out.splitlines()[0]) == (1, "1 decision changes.")
    assert "  - if the customer is loyal and the order exceeds €500: 5% → 10%\n" in out or (
        "  - if the order exceeds €500 and the customer is loyal: 5% → 10%\n" in out
    )


def test_what_is_calculated_is_told_by_an_example(said: Said) -> None:
    _, out = said(FRENCH, FRENCH.replace("1 % du montant", "2 % du montant"))
    assert re.search(r"si .*le pays du client est Suisse : par exemple .* € → par exemple .* €\n", out)


def test_a_cap_that_no_rule_compares_with_ends_a_region(said: Said) -> None:
    _, out = said(FRENCH, FRENCH.replace("du montant, arrondi", "du montant, plafonné à 50 €, arrondi"))
    assert "la commande est d'au moins 5 000,50 € et le pays du client est Suisse : par exemple" in out


def test_actions(said: Said) -> None:
    other = FRENCH.replace("Si la commande dépasse 5 000 €", "Si la commande dépasse 4 000 €")
    _, out = said(FRENCH, other)
    assert "la commande est entre 4 000,01 € et 5 000 € : pas demandé → demandé (motif : gros)" in out
    _, out = said(FRENCH, FRENCH.replace("« gros »", "« très gros »"))
    assert "si la commande dépasse 5 000 € : demandé (motif : gros) → demandé (motif : très gros)" in out


def test_changes_of_vocabulary_come_first(said: Said) -> None:
    other = FRENCH.replace("  - un poids (en kg)\n", "  - un canal parmi web, boutique\n")
    other = other.replace("Suisse\n", "Suisse, Italie\n", 1).replace(", facultatif [fee]", ", 0 € par défaut [fee]")
    other = other.replace("remise (pourcentage), la plus élevée l'emporte", "remise (pourcentage), s'additionnent")
    status, out = said(FRENCH, other)
    assert status == 1
    told = out[out.index("Vocabulaire :") :].partition("\n\n")[0]
    assert "- fait « poids (commande) » : retiré" in told
    assert "- fait « canal (commande) » : nouveau, une de ces valeurs : web, boutique" in told
    assert "- fait « pays (client) » : " in told
    assert "- résultat « frais », par défaut : aucun → 0 €" in told
    assert "si plusieurs règles : la plus élevée l'emporte → s'additionnent" in told
    assert "si la commande dépasse 1 000 € et le client est fidèle : 5 % → 10 %" in out.replace(
        "le client est fidèle et la commande dépasse 1 000 €", "la commande dépasse 1 000 € et le client est fidèle"
    )
    assert "pas de valeur → 0 €" in out


def test_a_fact_that_one_side_alone_knows_stands_in_its_region(said: Said) -> None:
    other = FRENCH.replace("peut être fidèle\n", "peut être fidèle\n  - il peut être VIP\n")
    other += "Si le client est VIP alors remise 20 %\n"
    _, out = said(FRENCH, other)
    assert "- fait « VIP (client) » : nouveau" in out
    assert re.search(r"si .*le client est VIP.* : 0 % → 20 %", out)


def test_what_has_another_type_is_not_compared(said: Said) -> None:
    status, out = said(FRENCH, FRENCH.replace("un montant (en €), principal", "un montant (en $), principal")
                       .replace("€ alors", "$ alors").replace("les frais (en €)", "les frais (en $)")
                       .replace("€ et le client", "$ et le client"))  # fmt: skip
    assert status == 1
    assert "Non prouvé pour « remise » : la valeur n'est plus du même type." in out


def test_without_the_solver_facts_are_tried_and_nothing_is_proven(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(comparing, "find_spec", lambda name: None)
    other = FRENCH.replace("dépasse 1 000 €", "est de plus de 1 000 €")
    assert said(FRENCH, FRENCH)[0] == 0
    status, out = said(FRENCH, FRENCH.replace("le client est fidèle", "non (le client n'est pas fidèle)"))
    assert status == 3
    assert "Non prouvé pour « remise » : il manque le solveur" in out
    status, out = said(FRENCH, other.replace("alors remise 5 %", "alors remise 6 %"))
    assert status == 1
    assert re.search(r"dans ce cas : \d % → 6 %", out)


def test_without_time_nothing_is_proven(said: Said) -> None:
    status, out = said(FRENCH, FRENCH.replace("le client est fidèle", "non (le client n'est pas fidèle)"), "--budget=0")
    assert status == 3
    assert "Non prouvé pour « remise » : le temps donné (--budget) n'a pas suffi." in out


def test_rules_with_errors_are_not_compared(said: Said) -> None:
    assert said(FRENCH, FRENCH + "Si la comande dépasse 5 € alors remise 5 %\n") == (1, "")


def test_the_limit_is_told(said: Said) -> None:
    rows = "".join(f"Si la commande dépasse {at} € alors remise {at // 100} %\n" for at in range(6000, 8200, 100))
    _, out = said(FRENCH, FRENCH + rows, "--budget=300")
    assert "D'autres cas changent ; les 20 premiers sont montrés." in out
    assert out.count(" → ") == 20


LISTS = """Une commande a :
  - des lignes
Une ligne a :
  - un prix (en €)
  - elle peut être fragile
On décide :
  - le total (en €) [total]
  - pour chaque ligne : la taxe (en €) [tax]
  - les avis (texte), en liste [notes]
"""


def test_lists_are_tried_out(said: Said) -> None:
    rules = "Si au moins deux lignes sont fragiles alors l'avis est « fragile ».\n"
    old = f"{LISTS}{rules}"
    status, out = said(old, old.replace("au moins deux", "au moins trois"))
    assert status in (1, 3), out
    assert "Égal" not in out


# ---- forms


def test_json_tells_the_same(said: Said) -> None:
    other = FRENCH.replace("Si la commande dépasse 5 000 €", "Si la commande dépasse 4 000 €")
    other = other.replace("1 % du montant", "2 % du montant").replace("  - un poids (en kg)\n", "")
    told = json.loads(said(FRENCH, other, "--format=json")[1])
    assert (told["equal"], told["proven"]) == (False, True)
    assert told["vocabulary"] == [
        {"what": "fact gone", "key": "commande.poids", "text": "fait « poids (commande) » : retiré"}
    ]
    discount, fee, warn = told["decisions"]
    assert (discount["key"], discount["changes"], discount["proven"]) == ("discount", [], True)
    assert {change["before"]["same"] for change in fee["changes"]} == {False}
    change = warn["changes"][0]
    assert change["before"] == {"text": "pas demandé", "same": True, "status": "not_applicable", "actions": []}
    assert change["after"]["actions"][0]["parameters"] == {"motif": "gros"}
    assert Decimal("4000") < Decimal(change["case"]["facts"]["commande.montant"]) <= Decimal("5000")
    case = Path("case.json")
    case.write_text(json.dumps(change["case"]["facts"]), encoding="utf-8")
    assert main(["run", "new.regles", "--facts", "case.json", "--only", "warn"]) == 0


def test_markdown_has_a_table_for_each_decision(said: Said) -> None:
    other = FRENCH.replace("« gros »", "« a|b *c* »")
    _, out = said(FRENCH, other, "--format=markdown")
    assert "**1 décision change.**" in out
    assert r"| si la commande dépasse 5 000 € | demandé (motif : gros) | demandé (motif : a\|b \*c\*) |" in out
    assert "- Inchangé : remise, frais." in out
    _, out = said(FRENCH, other, "--format=markdown", "--lang=en")
    assert "### What this change of rules changes" in out


def test_html_stands_alone_and_is_well_formed(said: Said) -> None:
    other = FRENCH.replace("« gros »", "« <script> »").replace("  - un poids (en kg)\n", "")
    _, out = said(FRENCH, other, "--format=html")
    tags = Tags()
    tags.feed(out)
    assert tags.open == []
    assert "<script>" not in out
    assert not re.search(r"(src|href)=", out)
    assert "<td>si la commande dépasse 5 000 €</td>" in out.replace("\N{NO-BREAK SPACE}", " ")


class Tags(HTMLParser):
    """The tags that are open at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open += [tag] if tag != "meta" else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


DATED = """On connaît :
  - une livraison (date)
On décide :
  - la remise (pourcentage), 0 % par défaut
Si la livraison est dans moins de 5 jours alors remise 10 %
"""


def test_the_date_of_the_decision_is_any_or_that_of_at(said: Said) -> None:
    late = "la date du jour est après le 1er juin 2026 et la livraison est avant le 1er mai 2020"
    other = f"{DATED}Si {late} alors remise 10 %\n"
    assert said(DATED, other, "--at=2026-01-01")[0] == 0
    status, out = said(DATED, other)
    assert status == 1
    assert re.search(r'--fact "livraison=[^"]*" --at 20\d\d-\d\d-\d\d', out)
