"""Examples: what they mean in both languages, what passes and fails and why, what they reach."""

import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from pathlib import Path

import pytest
from junitparser import JUnitXml

from rulec.cli import main
from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Plan
from rulec.semantics import model
from rulec.source import Language
from rulec.trial import run as running
from rulec.trial.coverage import Coverage, coverage_of
from rulec.trial.run import Result, run_examples
from rulec.trial.tell import Teller

GOLDEN = Path(__file__).parent / "golden"
VOCABULARY: dict[Language, str] = {
    "fr": (GOLDEN / "vocabulary.regles").read_text(encoding="utf-8"),
    "en": (GOLDEN / "vocabulary.rules").read_text(encoding="utf-8"),
}

LABEL = re.compile(r"label='[^']*'")  # how each language calls a value of a list

# Examples that mean the same: French, English.
PAIRS = [
    (
        "étant donné une commande de 620 € et un client fidèle alors la remise est de 10 %",
        "given an order of €620 and a loyal customer then the discount is 10%",
    ),
    (
        "étant donné, le 3 mars 2026, le client n'est pas fidèle, le pays est la France alors aucune remise",
        "given, on 3 March 2026, the customer is not loyal, the country is France then no discount",
    ),
    (
        "étant donné le code promo n'est pas renseigné alors la remise ne s'applique pas et aucune action",
        "given the promo code is missing then the discount does not apply and no action",
    ),
    (
        "étant donné le code promo est « VIP » alors il manque le pays et le poids",
        'given the promo code is "VIP" then the country is missing and the weight is missing',
    ),
    (
        "alors la remise est en conflit, les frais de port sont en erreur et le score n'est pas décidé",
        "then the discount is in conflict, the shipping fee is in error and the score is not decided",
    ),
    (
        "alors transmettre au gérant avec le motif « x » et ne pas refuser",
        'then refer to the manager with the reason "x" and not decline',
    ),
    (
        "étant donné la date de livraison est le 5 mars 2026 alors les frais de port sont offerts",
        "given the delivery date is 5 March 2026 then the shipping fee is free",
    ),
    (
        "étant donné :\n    - un client fidèle\n    - canal web\n  alors :\n    - le score est de 3\n    - accepter",
        "given:\n    - a loyal customer\n    - web channel\n  then:\n    - the score is 3\n    - accept",
    ),
    (
        "étant donné aujourd'hui est le 3 mars 2026, 3 articles et sans code promo alors le client n'a pas de remise",
        "given today is 3 March 2026, 3 items and without a promo code then the customer has no discount",
    ),
    (
        "étant donné dans tous les cas alors accepter",
        "given in all cases then accept",
    ),
]
TABLES = [
    (
        "| commande | client fidèle | pays | date | code promo || remise | actions | refuser | il manque |\n"
        "  |---|---|---|---|---||---|---|---|---|\n"
        "  | 620 € | oui | France | 3 mars 2026 | « VIP » || 10 % | aucune | non | poids |\n"
        "  | - | non | n'est pas renseigné | | manque || aucune | accepter | oui | pays et poids |\n"
        "  | - | aucun | - | - | - || conflit | transmettre au gérant avec le motif « a | b » | - | - |",
        "| order | loyal customer | country | date | promo code || discount | actions | decline | missing |\n"
        "  |---|---|---|---|---||---|---|---|---|\n"
        '  | €620 | yes | France | 3 March 2026 | "VIP" || 10% | none | no | weight |\n'
        "  | - | no | is missing | | missing || none | accept | yes | country and weight |\n"
        '  | - | none | - | - | - || conflict | refer to the manager with the reason "a | b" | - | - |',
    ),
]


def compiled(text: str, language: Language = "fr") -> Compiled:
    found = compile_text(text, "r.regles" if language == "fr" else "r.rules", language)
    assert found.plan is not None, [(each.code, each.values) for each in found.diagnostics]
    return found


def meant(french: str, english: str, title: tuple[str, str]) -> tuple[list[object], list[object]]:
    """What the examples of both sides mean."""
    one = compiled(f"{VOCABULARY['fr']}\n{title[0]}\n  {french}\n")
    other = compiled(f"{VOCABULARY['en']}\n{title[1]}\n  {english}\n", "en")
    sides = [
        [LABEL.sub("", repr((e.row, e.supposed, e.at, e.expected))) for e in side.examples] for side in (one, other)
    ]
    return [*sides[0]], [*sides[1]]


@pytest.mark.parametrize(("french", "english"), PAIRS)
def test_both_languages_mean_the_same(french: str, english: str) -> None:
    one, other = meant(french, english, ("Exemple « a » :", 'Example "a":'))
    assert one == other
    assert len(one) == 1


@pytest.mark.parametrize(("french", "english"), TABLES)
def test_tables_of_both_languages_mean_the_same(french: str, english: str) -> None:
    one, other = meant(french, english, ("Exemples « a » :", 'Examples "a":'))
    assert one == other
    assert len(one) == 3


def test_a_cell_means_what_a_sentence_means() -> None:
    said = compiled(
        f"{VOCABULARY['fr']}\nExemple « a » : étant donné un client fidèle, le 3 mars 2026 alors aucune remise"
    )
    row = compiled(
        f"{VOCABULARY['fr']}\nExemples « a » :\n| client fidèle | date || remise |\n| oui | 3 mars 2026 || aucune |"
    )
    one, other = said.examples[0], row.examples[0]
    assert (one.supposed, one.expected) == (other.supposed, other.expected)
    assert isinstance(one.at, model.Literal)
    assert isinstance(other.at, model.Literal)
    assert one.at.value == other.at.value == date(2026, 3, 3)


def test_a_table_of_examples_is_drawn_again(tmp_path: Path) -> None:
    path, text = tmp_path / "r.regles", f"{VOCABULARY['fr']}\nExemples « a » :\n  {TABLES[0][0]}\n"
    path.write_text(text, encoding="utf-8")
    assert main(["format", str(path)]) == 0
    drawn = path.read_text(encoding="utf-8")
    assert "  | 620 €    | oui           | France | 3 mars 2026 | « VIP »    || 10 %    | aucune " in drawn
    assert [each.expected for each in compiled(drawn).examples] == [each.expected for each in compiled(text).examples]


# ---- running

RULES = """\
On connaît :
  - un montant (en €)
  - un pays parmi France, Suisse
  - le client fidèle (oui/non)
On décide :
  - la remise (pourcentage)
  - les frais (en €)
  - les avis (texte), en liste
  - le cadeau (oui/non)
  - le rapport (nombre)
On peut :
  - prévenir, avec un motif (texte)
  - accepter ou refuser (un seul)
Règle « Grand » : si le montant dépasse 500 € alors la remise est de 10 %
Règle « Fidèle » : si le client fidèle est oui alors la remise est de 5 %
Si le pays est la France alors les frais sont de 4 €
Si le montant dépasse 500 € alors les avis sont « grand »
Si le client fidèle est oui alors les avis sont « fidèle »
Si le montant dépasse 500 € alors prévenir avec le motif « grand »
Si le montant dépasse 900 € alors accepter
Si le client fidèle est oui alors refuser
Si le client fidèle est oui alors le cadeau est oui
Si le pays est la Suisse alors le rapport est 100 € / montant
"""


def results(example: str) -> tuple[tuple[Result, ...], Teller]:
    rules = compiled(f"{RULES}{example}")
    assert rules.plan is not None
    return run_examples(rules.plan, rules.examples), Teller(rules.plan, rules.sources, "fr")


def told(example: str) -> list[str]:
    """What is not as expected, in words."""
    found, teller = results(example)
    assert all(result.agree for result in found)
    return [teller.difference(failure, result.decision) for result in found for failure in result.failures]


@pytest.mark.parametrize(
    "example",
    [
        "étant donné un montant de 600 €, le client fidèle est non alors la remise est de 10 %",
        "étant donné un montant de 600 €, le client fidèle est oui alors la remise est en conflit",
        "étant donné un montant de 100 €, le client fidèle est non alors aucune remise et pas de cadeau",
        "étant donné un montant de 100 €, le client fidèle est non alors la remise ne s'applique pas",
        "étant donné un montant de 600 € alors il manque le pays et le client fidèle et la remise est indéterminée",
        "étant donné un montant de 600 €, le client fidèle est non alors les avis sont « grand »",
        "étant donné un montant de 600 €, le client fidèle est oui\n"
        "  alors les avis sont « grand » et « fidèle » et la remise est en conflit",
        "étant donné un montant de 600 € alors prévenir",
        "étant donné un montant de 600 € alors prévenir avec le motif « grand »",
        "étant donné un montant de 100 €, le client fidèle est non alors aucune action",
        "étant donné un montant de 950 €, le client fidèle est oui\n"
        "  alors accepter est en conflit et refuser est en conflit et la remise est en conflit",
        "étant donné un montant de 0 €, le pays est la Suisse alors le rapport est en erreur",
    ],
)
def test_what_is_expected_passes(example: str) -> None:
    assert told(f"Exemple « a » : {example}\n") == []


@pytest.mark.parametrize(
    ("example", "difference"),
    [
        ("étant donné un montant de 600 €, le client fidèle est non alors la remise est de 5 %",
         ["remise : attendu 5 %, obtenu 10 %"]),
        ("étant donné un montant de 600 €, le client fidèle est non alors aucune remise",
         ["remise : attendu aucune valeur, obtenu 10 %"]),
        ("étant donné un montant de 600 € alors la remise est de 10 %",
         ["remise : attendu 10 %, obtenu il manque client fidèle"]),
        ("étant donné un montant de 600 € alors il manque le montant",
         ["fait manquant : attendu montant, obtenu il manque client fidèle, pays"]),
        ("étant donné un montant de 100 €, le client fidèle est non, le pays est la France alors il manque le pays",
         ["fait manquant : attendu pays, obtenu aucun fait ne manque"]),
        ("étant donné un montant de 600 €, le client fidèle est oui alors le cadeau est oui",
         ["remise : des règles se contredisent"]),
        ("étant donné un montant de 600 €, le client fidèle est non alors prévenir avec le motif « petit »",
         ["prévenir : attendu demandé (motif : petit), obtenu demandé (motif : grand)"]),
        ("étant donné un montant de 600 €, le client fidèle est non alors aucune action",
         ["actions : attendu aucune action, obtenu prévenir (motif : grand)"]),
        ("étant donné un montant de 600 €, le client fidèle est non alors ne pas prévenir",
         ["prévenir : attendu non demandé, obtenu demandé (motif : grand)"]),
        ("étant donné un montant de 100 €, le client fidèle est non alors accepter",
         ["accepter : attendu demandé, obtenu non demandé"]),
        ("étant donné un montant de 600 €, le client fidèle est non alors les avis sont « fidèle »",
         ["avis : attendu fidèle, obtenu grand"]),
        ("étant donné un montant de 600 €, le client fidèle est non alors la remise est en conflit",
         ["remise : attendu des règles se contredisent, obtenu 10 %"]),
    ],
)  # fmt: skip
def test_what_is_not_expected_is_told(example: str, difference: list[str]) -> None:
    found = told(f"Exemple « a » : {example}\n")
    assert [line[: len(each)] for line, each in zip(found, difference, strict=True)] == difference


def test_a_failure_tells_what_was_given_and_the_rule_that_decided() -> None:
    (result,), teller = results(
        "Exemple « a » : étant donné un montant de 600 €, le client fidèle est non alors aucune remise\n"
    )
    text = teller.failure(result)
    assert "étant donné : montant = 600 €, client fidèle = non" in text
    assert "✓ la règle « Grand »" in text
    assert "Fidèle" not in text  # a rule that does not apply explains nothing here


def test_a_difference_of_backends_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "compile_plan", lambda plan: lambda facts, at: None)
    (result,), teller = results("Exemple « a » : alors aucune action\n")
    assert not result.passed
    assert "défaut de rulec" in teller.failure(result)


def test_the_date_of_an_example_is_that_of_its_decision() -> None:
    rules = compiled(
        "On connaît :\n  - une échéance (date)\nOn décide :\n  - le retard (oui/non)\n"
        "Si l'échéance est avant aujourd'hui alors le retard est oui\n"
        "Exemples « a » :\n| échéance | date || retard |\n"
        "| 3 mars 2026 | 4 mars 2026 || oui |\n| 3 mars 2026 | 3 mars 2026 || aucun |\n"
    )
    assert rules.plan is not None
    assert [result.passed for result in run_examples(rules.plan, rules.examples)] == [True, True]


def test_a_date_may_be_given_as_the_day_of_the_decision() -> None:
    rules = compiled(
        "On connaît :\n  - une échéance (date)\nOn décide :\n  - le retard (oui/non)\n"
        "Si l'échéance est avant le 4 mars 2026 alors le retard est oui\n"
        "Exemple « avant » : étant donné, le 3 mars 2026, l'échéance est aujourd'hui alors le retard est oui\n"
        "Exemple « ce jour » : étant donné, le 4 mars 2026, l'échéance est aujourd'hui alors le retard est oui\n"
    )
    assert rules.plan is not None
    assert [result.passed for result in run_examples(rules.plan, rules.examples)] == [True, False]


def digest(plan: Plan | None) -> str:
    assert plan is not None
    return plan.digest


def test_examples_do_not_change_the_rules() -> None:
    plain = compiled(RULES).plan
    for example in ("Exemple « a » : alors aucune action", "\nExemple « a » :\n  alors aucune action.\n\n"):
        with_example = compiled(f"{RULES}{example}").plan
        before = compiled(f"{example}\n\n{RULES}".lstrip("\n")).plan
        assert plain == with_example
        assert digest(plain) == digest(with_example) == digest(before)
    assert digest(compiled(RULES.replace("5 %", "6 %")).plan) != digest(plain)


# ---- coverage


def covered(text: str) -> Coverage:
    rules = compiled(text)
    assert rules.plan is not None
    return coverage_of(rules.plan, run_examples(rules.plan, rules.examples))


BOTH = (
    "Si client fidèle et commande > 500 € alors remise 10 %\nExemples « a » :\n| client fidèle | commande || remise |\n"
)


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        (["oui | 600 €"], [False, False]),
        (["oui | 600 €", "non | 600 €"], [True, False]),
        (["oui | 600 €", "non | 600 €", "oui | 80 €"], [True, True]),
        (["oui | 600 €", "non | 80 €"], [False, False]),  # which of the two made the difference?
        (["non | 600 €", "oui | 80 €"], [False, False]),
    ],
)
def test_a_condition_is_shown_by_a_pair_where_it_alone_decides(rows: list[str], shown: list[bool]) -> None:
    cover = covered(BOTH + "".join(f"| {row} || - |\n" for row in rows))
    assert [each.shown for rule in cover.rules for case in rule.cases for each in case.conditions] == shown


def test_rules_and_cases_never_reached_are_named() -> None:
    cover = covered(
        "Frais de 5 € si client fidèle, de 10 € si commande > 500 €, sinon de 20 €\nSi client fidèle alors bonus 1\n"
        "Exemple « a » : étant donné le client fidèle est non, une commande de 600 € alors les frais sont de 10 €\n"
    )
    assert [[case.reached for case in rule.cases] for rule in cover.rules] == [[False, True, False], [False]]
    assert [rule.reached for rule in cover.rules] == [True, False]
    assert [share.percentage for share in cover.shares] == [50, 25, 0, 100, 100]


DEFINED = """Un client a :
  - un nombre de commandes (nombre entier)
On décide :
  - les frais (en €)
  - la remise (pourcentage)
Un client est fidèle si son nombre de commandes dépasse 3.
Le forfait est de 5 € si client fidèle, sinon de 6 €.
Le double est le forfait × 2.
Si client fidèle alors remise 5 %
Les frais sont le double.
"""


def test_definitions_that_no_example_calculates_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "d.regles"
    example = "Exemple « a » : étant donné 2 commandes alors les frais sont de 12 €"
    path.write_text(f"{DEFINED}{example}\n", encoding="utf-8")
    assert main(["test", str(path), "--coverage"]) == 0
    told = capsys.readouterr().out
    assert "définitions 60 % (3 sur 5)" in told
    assert told.endswith(
        "Définitions qu'aucun exemple ne calcule :\n  « fidèle » (d.regles:6), jamais oui\n"
        "  « forfait » (d.regles:7), cas n° 1\n"
    )
    assert main(["test", str(path), "--coverage", "--format", "json"]) == 0
    by_name = {each["name"]: each for each in json.loads(capsys.readouterr().out)["coverage"]["by_definition"]}
    assert by_name["forfait"]["ways"] == [{"way": "1", "reached": False}, {"way": "2", "reached": True}]
    assert by_name["double"]["ways"] == [{"way": None, "reached": True}]


def test_definitions_without_a_value_are_not_calculated() -> None:
    cover = covered(f"{DEFINED}Exemple « a » : alors il manque le nombre de commandes\n")
    assert not any(way.reached for each in cover.definitions for way in each.ways)
    example = "Exemple « a » : étant donné 4 commandes alors remise 5 %"
    cover = covered(f"{DEFINED.replace(', sinon de 6 €', '')}{example}\n")
    assert [[way.name for way in each.ways] for each in cover.definitions] == [["yes", "no"], ["1"], [""]]
    assert [[way.reached for way in each.ways] for each in cover.definitions] == [[True, False], [True], [True]]


def test_rows_of_tables_that_no_example_rests_on_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.regles"
    path.write_text(
        "On connaît :\n  - un pays parmi France, Suisse\nOn décide :\n  - les frais (en €)\n"
        "Table « Port » :\n| pays || frais |\n| France || 4 € |\n| Suisse || 9 € |\n"
        "Exemples « port » :\n| pays || frais |\n| France || 4 € |\n",
        encoding="utf-8",
    )
    assert main(["test", str(path), "--coverage"]) == 0
    out = capsys.readouterr().out
    assert "lignes de tableaux 50 % (1 sur 2)" in out
    assert out.endswith("Lignes de tableaux sur lesquelles aucun exemple ne repose :\n  « Port » (t.regles:8)\n")


# ---- the command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "r.regles"
    path.write_text(
        "Si commande > 500 € alors remise 10 %\n"
        "Exemple « bon » : étant donné une commande de 501 € alors la remise est de 10 %\n",
        encoding="utf-8",
    )
    return path


def test_the_status_tells_whether_all_pass(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(file)]) == 0
    assert capsys.readouterr().out == "r.regles : 1 exemple, vérifié\n"
    with file.open("a", encoding="utf-8") as more:
        more.write("Exemple « mauvais » : étant donné une commande de 500 € alors la remise est de 10 %\n")
    assert main(["test", str(file), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert re.search("^-- FAILURE mauvais -+ r.regles:3$", out, re.MULTILINE)
    assert "remise: expected 10%, got not applicable" in out
    assert out.endswith("r.regles: 2 examples, 1 failed\n")
    with file.open("a", encoding="utf-8") as more:
        more.write("Exemple « faux » : étant donné une comande de 500 € alors aucune remise\n")
    assert main(["test", str(file)]) == 1
    assert "ERREUR" in capsys.readouterr().err
    assert main(["test", str(file), "--format", "xml"]) == 2


def test_coverage_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(file), "--coverage"]) == 0
    out = capsys.readouterr().out
    assert "Couverture : règles 100 % (1 sur 1), cas 100 % (1 sur 1), conditions 0 % (0 sur 1)" in out
    assert "commande > 500 € (jamais fausse dans un exemple)" in out


def test_json_tells_all(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(file), "--format", "json", "--coverage"]) == 0
    told_ = json.loads(capsys.readouterr().out)
    assert (told_["passed"], told_["failed"]) == (1, 0)
    assert told_["examples"][0]["title"] == "bon"
    assert told_["coverage"]["conditions"] == {"percentage": 0, "reached": 0, "total": 1}


# What the JUnit schema (github.com/windyroad/JUnit-Schema) asks of each element: attributes, children in their order.
SCHEMA = {
    "testsuites": (set(), ["testsuite"]),
    "testsuite": (
        {"name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "properties": (set(), []),
    "testcase": ({"name", "classname", "time"}, ["failure"]),
    "failure": ({"type", "message"}, []),
    "system-out": (set(), []),
    "system-err": (set(), []),
}


def test_junit_is_as_its_schema_says(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("Exemple « <mauvais> & \u0001 » : étant donné une commande de 500 € alors la remise est de 10 %\n")
    assert main(["test", str(file), "--format", "junit"]) == 1
    root = ElementTree.fromstring(capsys.readouterr().out.encode())
    for element in root.iter():
        attributes, children = SCHEMA[element.tag]
        assert set(element.attrib) == attributes
        places = [children.index(child.tag) for child in element]
        assert places == sorted(places)
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.find("failure") is not None for case in suite.iter("testcase")] == [False, True]


# What Jenkins reads (junit-10.xsd of its xUnit plugin): the attributes that an element must have, and may have.
JENKINS = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
    ),
    "testcase": ({"name"}, {"time", "classname", "group"}),
    "failure": (set(), {"type", "message"}),
    "properties": (set(), set()),
    "system-out": (set(), set()),
    "system-err": (set(), set()),
}


def test_junit_is_what_jenkins_and_its_readers_take(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("Exemple « mauvais » : étant donné une commande de 500 € alors la remise est de 10 %\n")
    assert main(["test", str(file), "--format", "junit"]) == 1
    written = capsys.readouterr().out.encode()
    for element in ElementTree.fromstring(written).iter():
        needed, allowed = JENKINS[element.tag]
        assert needed <= set(element.attrib) <= needed | allowed
        assert re.fullmatch(r"\d{0,3}(\.\d*)?", element.get("time", "0"))
        assert not (element.text or "").strip() or element.tag in ("failure", "system-out", "system-err")
    (suite,) = JUnitXml.fromstring(written)
    assert (suite.tests, suite.failures, suite.errors) == (2, 1, 0)
    (failed,) = [case for case in suite if case.result]
    assert (failed.name, failed.classname) == ("mauvais", file.name)
    assert "10 %" in failed.result[0].text.replace("\xa0", " ")
