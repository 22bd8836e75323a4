"""Examples that tell a history: the same in both languages, run by the replay, said back, told where they fail."""

from datetime import date
from pathlib import Path

import pytest

from rulec.cli import main
from rulec.events.replay import replay
from rulec.pipeline import Compiled, compile_text
from rulec.plan.alike import cases_without_words
from rulec.source import Language
from rulec.trial.coverage import coverage_of
from rulec.trial.mutation import mutation_of
from rulec.trial.run import Result, run_examples

FRENCH = """
Un client [customer] (en anglais « customer ») a :
  - il peut être fidèle [loyal] (en anglais « loyal »)
Une facture [invoice] (en anglais « invoice ») a :
  - une échéance (date) [due] (en anglais « due date »)
Un devis [quote] (en anglais « quote ») a :
  - un total (en €) [total] (en anglais « total »)
On décide :
  - une priorité (nombre), facultative [priority] (en anglais « priority »)
On peut :
  - prévenir le gérant [tell] (en anglais « tell the manager »)
  - relancer le client [chase] (en anglais « chase the customer »)
Il arrive :
  - un client fait une réclamation [complaint] (en anglais « a customer files a complaint »)
  - une facture est payée [paid] (en anglais « an invoice is paid »)
  - un devis est envoyé [quote_sent] (en anglais « a quote is sent »)
  - une réponse arrive (pour un devis) [answer] (en anglais « an answer arrives »)
Quand un client fait 3 réclamations en 30 jours et que le client est fidèle alors prévenir le gérant.
Quand un client fait une réclamation alors la priorité est 2.
Quand une facture reste impayée 15 jours après son échéance alors relancer le client.
Quand un devis est envoyé et qu'aucune réponse n'arrive sous 7 jours et que le total dépasse 100 €
  alors relancer le client.
"""
ENGLISH = """
A customer has:
  - can be loyal
An invoice has:
  - a due date (date) [due]
A quote has:
  - a total (in €)
We decide:
  - a priority (number), optional
We can:
  - tell the manager [tell]
  - chase the customer [chase]
What happens:
  - a customer files a complaint [complaint]
  - an invoice is paid [paid]
  - a quote is sent [quote_sent]
  - an answer arrives (about a quote) [answer]
When a customer files 3 complaints in 30 days and the customer is loyal then tell the manager.
When a customer files a complaint then the priority is 2.
When an invoice remains unpaid 15 days after its due date then chase the customer.
When a quote is sent and no answer arrives within 7 days and the total exceeds €100 then chase the customer.
"""
HEADS: dict[Language, str] = {"fr": FRENCH, "en": ENGLISH}
# What is given and expected in French, in English; whether the rules do so.
CASES = [
    (
        "étant donné : un client fidèle ; le 1er mars, une réclamation ; le 5 mars, une réclamation ; "
        "le 12 mars, une réclamation ; alors prévenir le gérant",
        "given: a loyal customer; on 1 March, a complaint; on 5 March, a complaint; on 12 March, a complaint; "
        "then tell the manager",
        True,
    ),
    (
        "étant donné un client fidèle, le 1er mars, une réclamation, le 5 mars, une réclamation et le 12 mars 2026, "
        "une réclamation alors prévenir le gérant",
        "given a loyal customer, on March 1, a complaint, on March 5, a complaint and on March 12, 2026, "
        "a complaint then tell the manager",
        True,
    ),
    (
        "étant donné : le client est fidèle ; le 1er mars 2026, un client fait une réclamation ; le 5 mars 2026, "
        "le client fait une réclamation ; le 12 mai 2026, une réclamation alors ne pas prévenir le gérant",
        "given: the customer is loyal; on 1 March 2026, a customer files a complaint; on 5 March 2026, "
        "the customer files a complaint; on 12 May 2026, a complaint then not tell the manager",
        True,
    ),
    (
        "étant donné : le 1er mars 2026, une réclamation ; le 5 mars, une réclamation ; le 12 mars, une réclamation "
        "alors il manque fidèle et la priorité est 2",
        "given: on 1 March 2026, a complaint; on 5 March, a complaint; on 12 March, a complaint "
        "then loyal is missing and the priority is 2",
        True,
    ),
    (
        "étant donné une échéance le 10 mars 2026 ; jusqu'au 25 mars 2026 alors relancer le client",
        "given a due date of 10 March 2026; until 25 March 2026 then chase the customer",
        True,
    ),
    (
        "étant donné une échéance le 10 mars 2026 ; jusqu'au 24 mars 2026 alors aucune action",
        "given a due date of 10 March 2026; until 24 March 2026 then no action",
        True,
    ),
    (
        "étant donné une échéance le 10 mars 2026 ; le 25 mars 2026 à 23 h, la facture est payée alors aucune action",
        "given a due date of 10 March 2026; on 25 March 2026 at 11 pm, the invoice is paid then no action",
        True,
    ),
    (
        "étant donné : le 1er mars 2026 à 10 h, un devis est envoyé avec un total de 200 € ; le 8 mars à 9h59, rien "
        "alors aucune action",
        "given: on 1 March 2026 at 10:00, a quote is sent with a total of €200; on 8 March at 9:59 am, nothing "
        "then no action",
        True,
    ),
    (
        "étant donné : le 1er mars 2026 à 10 h, un devis envoyé, un total de 200 € ; le 8 mars à 10 h "
        "alors relancer le client",
        "given: on 1 March 2026 at 10:00, a quote sent, a total of €200; on 8 March at 10:00 then chase the customer",
        True,
    ),
    (
        "étant donné : le 1er mars 2026 à 10 h, un devis est envoyé et un total de 200 € ; le 8 mars à 10 h, "
        "une réponse ; jusqu'au 1er mai 2026 alors aucune action",
        "given: on 1 March 2026 at 10:00, a quote is sent and a total of €200; on 8 March at 10:00, an answer; "
        "until 1 May 2026 then no action",
        True,
    ),
    (
        "étant donné : le 1er mars, une réclamation ; le 5 mars, une réclamation alors prévenir le gérant",
        "given: on 1 March, a complaint; on 5 March, a complaint then tell the manager",
        False,
    ),
    (
        "étant donné : le 28 février 2026, un devis est envoyé avec un total de 100 € ; le 30 mai "
        "alors relancer le client",
        "given: on 28 February 2026, a quote is sent with a total of €100; on 30 May then chase the customer",
        False,
    ),
]
each_case = pytest.mark.parametrize(("french", "english", "holds"), CASES)


def compiled(said: str, language: Language) -> Compiled:
    head = 'Exemple « x »' if language == "fr" else 'Example "x"'
    made = compile_text(f"{HEADS[language]}{head} : {said}\n", language=language)
    assert made.plan is not None, [(each.code, each.values) for each in made.diagnostics]
    return made


def run(said: str, language: Language) -> Result:
    made = compiled(said, language)
    assert made.plan is not None
    (result,) = run_examples(made.plan, made.examples)
    return result


@each_case
def test_both_languages_tell_the_same_history(french: str, english: str, holds: bool) -> None:
    fr, en = compiled(french, "fr"), compiled(english, "en")
    assert cases_without_words(fr.examples) == cases_without_words(en.examples)
    assert run(french, "fr").passed is run(english, "en").passed is holds
    assert run(french, "fr").agree


@each_case
def test_it_is_said_back_and_translated(french: str, english: str, holds: bool, tmp_path: Path) -> None:
    file, other, again = tmp_path / "a.regles", tmp_path / "b.rules", tmp_path / "c.regles"
    file.write_text(f"{FRENCH}Exemple « x » : {french}\n", encoding="utf-8")
    meant = compiled(french, "fr").examples
    assert main(["format", str(file)]) == 0
    once = file.read_text(encoding="utf-8")
    assert f"Exemple « x » : {french}" not in once
    assert cases_without_words(compile_text(once).examples) == cases_without_words(meant)
    assert main(["format", str(file), "--check"]) == 0
    assert main(["translate", str(file), "--to", "en", "-o", str(other)]) == 0
    assert main(["translate", str(other), "--to", "fr", "-o", str(again)]) == 0
    back = compile_text(again.read_text(encoding="utf-8"))
    assert cases_without_words(back.examples) == cases_without_words(meant)


def test_it_is_the_replay_that_runs_it() -> None:
    """Just what `rulec events replay` fires, and when."""
    result = run(CASES[0][0], "fr")
    assert result.story is not None
    made = compiled(CASES[0][0], "fr")
    assert made.plan is not None
    told = result.story.recorded
    fired = replay(made.plan, told.records, told.until)
    assert [each.id for each in fired] == [each.id for each in result.story.firings]
    assert len(result.story.firings) == 4


def test_a_history_without_a_year_is_of_this_year_or_the_last_one_with_all_its_days() -> None:
    days = "étant donné : le 29 février, une réclamation alors la priorité est 2"
    result = run(days, "fr")
    assert result.passed
    assert result.story is not None
    year = result.story.moments[-1][1].year
    assert (year % 4, date.today().year - year < 8) == (0, True)
    plain = run("étant donné : le 28 février, une réclamation alors la priorité est 2", "fr")
    assert plain.story is not None
    assert abs(plain.story.moments[-1][1].year - date.today().year) <= 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("étant donné, le 3 mars 2026, un client fidèle alors aucune action", 0),
        ("étant donné le 3 mars 2026 et un client fidèle alors aucune action", 0),
        ("étant donné une échéance le 10 mars 2026 alors aucune action", 0),
        ("étant donné le 3 mars 2026, une réclamation alors la priorité est 2", 1),
    ],
)
def test_a_date_alone_is_that_of_the_decision(said: str, expected: int) -> None:
    (example,) = compiled(said, "fr").examples
    assert len(example.history) == expected
    assert run(said, "fr").passed


def test_a_failure_tells_what_happened_and_what_fired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.regles"
    file.write_text(f"{FRENCH}Exemple « deux » : {CASES[10][0]}\n", encoding="utf-8")
    assert main(["test", str(file)]) == 1
    out = capsys.readouterr().out
    assert "1er mars 2026 : un client fait une réclamation" in out.replace(f"{date.today().year}", "2026")
    assert "se déclenche" in out
    assert "prévenir le gérant : attendu demandé, obtenu non demandé" in out
    assert "✗ un client fait 3 réclamations en 30 jours" in out
    assert main(["check", str(file)]) == 1
    assert "E751" in capsys.readouterr().out


def test_missing_facts_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.rules"
    said = "given: on 1 March 2026, a quote is sent; until 9 March 2026 then no action"
    file.write_text(f'{ENGLISH}Example "x": {said}\n', encoding="utf-8")
    assert main(["test", str(file)]) == 1
    out = capsys.readouterr().out
    assert "8 March 2026: it is not known whether rule" in out
    assert "expected no action, got chase the customer (missing total (quote))" in out


def test_histories_count_in_the_coverage_and_notice_changes() -> None:
    examples = "".join(
        f"Exemple « {at} » : {french}\n" for at, (french, _, holds) in enumerate(CASES) if holds
    )  # fmt: skip
    made = compile_text(FRENCH + examples)
    assert made.plan is not None
    results = run_examples(made.plan, made.examples)
    covered = coverage_of(made.plan, results)
    assert covered.shares[0].percentage == 100
    (case,) = covered.rules[0].cases
    assert [(each.held, each.failed) for each in case.conditions] == [(True, True), (True, False)]
    mutation = mutation_of(made.plan, results)
    assert 0 < len(mutation.unnoticed) < mutation.tried
