"""Examples proposed for what none shows: at thresholds and beside them, for each condition; they pass, and suffice."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import Case, cases

from rulec.backends.interpreter import interpret
from rulec.cli import main
from rulec.diagnostics import Diagnostics
from rulec.pipeline import Compiled, compile_paths, compile_sources, compile_text, rule_sources
from rulec.runtime.types import Amount, Date, Duration, Number, Percentage, Type
from rulec.source import Language, Source
from rulec.trial.candidates import candidates_of
from rulec.trial.coverage import Seen, coverage_of
from rulec.trial.goals import Goals
from rulec.trial.mutation import mutation_of
from rulec.trial.reaching import told
from rulec.trial.run import run_examples
from rulec.trial.search import Lacking, lacking
from rulec.trial.steps import halved
from rulec.trial.tell import Teller
from rulec.trial.written import examples_text

EXAMPLES = Path(__file__).parents[1] / "examples"
RULE = "Si commande > 500 € et client fidèle alors remise 10 %\n"


def proposed(compiled: Compiled, *, anew: bool = False) -> tuple[str, Lacking]:
    """The text of the examples that are proposed. `anew`: as if there were none."""
    assert compiled.plan is not None, [each.code for each in compiled.diagnostics]
    found = lacking(compiled.plan, () if anew else run_examples(compiled.plan, compiled.examples))
    text, unsaid = examples_text(compiled, found.found, Teller(compiled.plan, compiled.sources, compiled.language))
    assert unsaid == 0
    return text.replace("\u00a0", " ").replace("\u202f", " "), found


def text_of(rules: str, language: Language = "fr") -> str:
    return proposed(compile_text(rules, "r.regles" if language == "fr" else "r.rules", language))[0]


def with_examples(compiled: Compiled, text: str) -> Compiled:
    """The rules with these examples alone."""
    number = max(source.number for source in compiled.sources) + 1
    return compile_sources([*rule_sources(compiled), Source(number, "?", text, compiled.language)], Diagnostics())


def test_a_threshold_is_met_just_under_and_just_above_and_each_condition_matters() -> None:
    assert text_of(RULE) == (
        "Exemple « commande > 500 € : 499,99 € » :\n"
        "  étant donné que commande est de 499,99 € et client fidèle\n  alors pas de remise\n\n"
        "Exemple « commande > 500 € : 500 € » :\n"
        "  étant donné que commande est de 500 € et client fidèle\n  alors pas de remise\n\n"
        "Exemple « commande > 500 € : 500,01 € » :\n"
        "  étant donné que commande est de 500,01 € et client fidèle\n  alors remise est de 10 %\n\n"
        "Exemple « client fidèle : non » :\n"
        "  étant donné que commande est de 500,01 € et client fidèle est non\n  alors pas de remise\n"
    )


def test_what_examples_show_already_is_not_proposed() -> None:
    rows = "| commande | client fidèle || remise |\n| 500 € | oui || aucune |\n| 500,01 € | oui || 10 % |\n"
    text = text_of(f"{RULE}Exemples « a » :\n{rows}")
    assert [line for line in text.splitlines() if line.startswith("Exemple")] == [
        "Exemple « commande > 500 € : 499,99 € » :", "Exemple « client fidèle : non » :",
    ]  # fmt: skip
    assert text_of(RULE + text_of(RULE)) == ""


ENGLISH = """\
A customer has:
  - an age (whole number)
  - can be loyal
An order has:
  - an amount (in €)
  - a delivery date (date)
  - a promo code (text), optional
  - a country among France, Belgium, Italy
We decide:
  - the discount (percentage), the highest wins, 0% by default
  - the fee (in €)
  - the credit (in €)
We can:
  - refer to the manager [refer], with a reason (text)
"""


@pytest.mark.parametrize(
    ("rules", "lines"),
    [
        (
            "If the customer's age is between 18 and 25 then the discount is 5%\n",
            ["an age of 17", "an age of 18", "an age of 19", "an age of 24", "an age of 25", "an age of 26"],
        ),
        (
            "If the promo code is given and the promo code starts with \"VIP\" then the discount is 5%\n",
            ["the promo code is not given", 'the promo code is "VIP"'],
        ),
        (
            "If the delivery date is in less than 5 days then the fee is €9\n",
            [
                "given, on 15 January 2026, a delivery date of 19 January 2026 then the fee is €9",
                "given, on 15 January 2026, a delivery date of 20 January 2026 then no fee",
            ],
        ),
        (
            "If the country is France or Belgium then the fee is €4 else the fee is €9\n",
            ["the country is France then the fee is €4", "the country is Italy then the fee is €9"],
        ),
        (
            "If the amount exceeds €1,000 then refer to the manager with the reason \"large\"\n",
            ['refer to the manager with the reason "large"', "not refer to the manager"],
        ),
        (
            "The credit is 10% of the amount, rounded to the cent\n"
            "If the credit exceeds €50 then refer to the manager with the reason \"x\"\n",
            ["an amount of €500.04", "an amount of €500.05"],
        ),
        (
            "If the customer is loyal then the discount is 10% unless the country is Italy\n",
            ["the country is Italy", "the discount is 10%", "the discount is 0%"],
        ),
        (
            'Table "Fees":\n| country | amount || fee |\n| France | up to €50 || €4 |\n| France | over €50 || €0 |\n'
            "| Belgium | - || €9 |\n",
            ["€49.99", "an amount of €50 ", "€50.01"],
        ),
    ],
)  # fmt: skip
def test_values_come_from_the_rules(rules: str, lines: list[str]) -> None:
    text = " ".join(text_of(ENGLISH + rules, "en").split()) + " "
    assert [line for line in lines if line not in text] == [], text


@pytest.mark.parametrize(
    ("path", "noticed"),
    [("remises/remises.regles", 95), ("conges/holidays.rules", 90), ("commissions/commissions.regles", 80)],
)
def test_what_is_proposed_for_real_rules_reaches_all_of_them(path: str, noticed: int) -> None:
    """Every rule, case and condition is shown; most small changes of the rules are noticed."""
    compiled = compile_paths([EXAMPLES / path])
    text, _ = proposed(compiled, anew=True)
    again = with_examples(compiled, text)
    assert again.plan is not None
    mine = [each for each in again.examples if each.file == "?"]
    results = run_examples(again.plan, mine)
    assert results
    assert all(result.passed for result in results)
    assert [share.percentage for share in coverage_of(again.plan, results).shares[:3]] == [100, 100, 100]
    assert mutation_of(again.plan, results).percentage >= noticed


def test_the_same_rules_give_the_same_examples() -> None:
    assert text_of(ENGLISH + "If the customer is loyal then the discount is 10%\n", "en") == text_of(
        ENGLISH + "If the customer is loyal then the discount is 10%\n", "en"
    )


@given(cases())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_case_found_for_a_random_plan_shows_something_of_its_rule(case: Case) -> None:
    values = candidates_of(case.plan)
    for each in lacking(case.plan, ()).found:
        goals = Goals(case.plan, each.step, values)
        probes = goals.probes()
        seen = Seen(probes, interpret(probes.added_to(case.plan), *told(each.facts)))
        planned = [goal for goal in each.goals if goal in goals.all()]
        assert set(planned) <= set(goals.shown_by(seen, each.facts))


DECIMALS = st.decimals(-50, 50, places=4)


@given(
    st.sampled_from([Amount("EUR"), Percentage(), Number(), Number(whole=True), Duration("day")]),
    DECIMALS, DECIMALS, DECIMALS, st.integers(0, 4),
)  # fmt: skip
def test_what_is_found_between_two_values_holds(
    kind: Type, one: Decimal, other: Decimal, threshold: Decimal, places: int
) -> None:
    """Of numbers, to whatever decimal they are written: the first end holds, the second does not."""
    low, high = sorted(round(each, places) for each in (one, other))
    if not low < threshold <= high:
        return
    ends = halved(kind, high, low, lambda value: isinstance(value, Decimal) and value >= threshold)
    if ends is not None:
        holding, not_holding = ends
        assert isinstance(holding, Decimal)
        assert isinstance(not_holding, Decimal)
        assert low <= not_holding < threshold <= holding <= high


@given(st.dates(), st.dates(), st.dates())
def test_the_days_found_on_both_sides_of_a_day_are_next_to_each_other(one: date, other: date, day: date) -> None:
    low, high = sorted([one, other])
    if low < day <= high:
        ends = halved(Date(), high, low, lambda value: isinstance(value, date) and value >= day)
        assert ends is not None
        assert ends[0] == day
        assert isinstance(ends[1], date)
        assert (day - ends[1]).days == 1


# ---- the command line


def test_examples_go_out_with_a_word_to_their_owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(RULE, encoding="utf-8")
    assert main(["test", str(path), "--generate"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("# Exemples proposés par rulec : ce qui est attendu est ce que les règles décident")
    assert said.err == ""
    path.write_text(RULE + said.out, encoding="utf-8")
    assert main(["test", str(path)]) == 0
    assert capsys.readouterr().out == "r.regles : 4 exemples, tous vérifiés\n"
    assert main(["test", str(path), "--generate", "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "", "Nothing to propose: the examples show every threshold and every condition already.\n",
    )  # fmt: skip


def test_what_no_case_shows_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text("Si commande > 500 € et commande > 100 € alors remise 10 %\n", encoding="utf-8")
    assert main(["test", str(path), "--generate"]) == 0
    assert capsys.readouterr().err == "Aucun cas n'a été trouvé pour montrer :\n  r.regles:1  commande > 100 €\n"


def test_rules_about_elements_that_none_shows_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.rules"
    example = 'Example "dear":\n  given the lines:\n    | price |\n    | €150  |\n  then the rebate is 3%\n'
    rules = (
        "A line has:\n  - a price (in €), main\nAn order has:\n  - lines (list of line)\n"
        "For each line we decide:\n  - the rebate (percentage), the highest wins, 0% by default\n"
        "For each line: if its price exceeds €100 then the rebate is 3%\n"
        "For each line: if its price exceeds €900 then the rebate is 5%\n"
    )
    path.write_text(rules + example, encoding="utf-8")
    assert main(["test", str(path), "--generate"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "No case was found to show:",
        "  r.rules:8  For each line: if its price exceeds €900 then the rebate is 5%",
    ]


@pytest.mark.parametrize("options", [["--coverage"], ["--mutate"], ["--format", "json"]])
def test_generation_stands_alone(tmp_path: Path, options: list[str]) -> None:
    path = tmp_path / "r.regles"
    path.write_text(RULE, encoding="utf-8")
    assert main(["test", str(path), "--generate", *options]) == 2
