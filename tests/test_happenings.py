"""Rules that wait for events: what they wait for, the same in both languages, said back, formatted and translated."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from test_pairs import pairs

from rulec import load, loads
from rulec.cli import main
from rulec.pipeline import Compiled, compile_text
from rulec.plan.tree import Watch
from rulec.runtime.facts import FactsError
from rulec.source import Language

FRENCH = """
Un client [customer] (en anglais « customer ») a :
  - il peut être fidèle [loyal] (en anglais « loyal »)
Une facture [invoice] (en anglais « invoice ») a :
  - une échéance (date) [due] (en anglais « due date »)
  - un montant (en €) [amount] (en anglais « amount »)
Un devis [quote] (en anglais « quote ») a :
  - un total (en €) [total] (en anglais « total »)
On peut :
  - prévenir le gérant [tell] (en anglais « tell the manager »)
Il arrive :
  - un client fait une réclamation [complaint] (en anglais « a customer files a complaint »)
  - une facture est payée [paid] (en anglais « an invoice is paid »)
  - un devis est envoyé [quote_sent] (en anglais « a quote is sent »)
  - un devis est signé [signed] (en anglais « a quote is signed »)
  - une réponse arrive (pour un devis) [answer] (en anglais « an answer arrives »)
"""
ENGLISH = """
A customer has:
  - can be loyal
An invoice has:
  - a due date (date) [due]
  - an amount (in €)
A quote has:
  - a total (in €)
We can:
  - tell the manager [tell]
What happens:
  - a customer files a complaint [complaint]
  - an invoice is paid [paid]
  - a quote is sent [quote_sent]
  - a quote is signed [signed]
  - an answer arrives [answer] (about a quote)
"""
HEADS: dict[Language, str] = {"fr": FRENCH, "en": ENGLISH}
THEN: dict[Language, str] = {"fr": "alors prévenir le gérant", "en": "then tell the manager"}
PAIRS = pairs("happenings.tsv")
each_pair = pytest.mark.parametrize(("expected", "french", "english"), PAIRS, ids=[pair[1] for pair in PAIRS])


def compiled(said: str, language: Language) -> Compiled:
    return compile_text(f"{HEADS[language]}{said} {THEN[language]}\n", language=language)


def watches(said: str, language: Language) -> tuple[Watch, ...]:
    made = compiled(said, language)
    assert made.plan is not None, [each.code for each in made.diagnostics]
    return made.plan.watches


def told(watch: Watch) -> str:
    parts = [watch.how, watch.event, watch.after, watch.date]
    parts += [str(watch.count)] if watch.how == "count" else []
    parts += [f"{watch.amount} {watch.unit}"] if watch.how != "each" else []
    return " ".join(part for part in parts if part)


@each_pair
def test_both_languages_wait_for_the_same(expected: str, french: str, english: str) -> None:
    (fr,), (en,) = watches(french, "fr"), watches(english, "en")
    assert told(fr) == told(en) == expected
    assert fr == en


def test_the_verb_of_a_subject_that_is_no_declared_thing_stands_before_what_is_done() -> None:
    plan = loads(
        "A quote has:\n  - a total (in €)\n"
        "What happens:\n  - a sales rep files a remark (for a quote) [remark]\n"
        "We can:\n  - tell the manager [tell]\n"
        "When a sales rep files 3 remarks in 30 days then tell the manager.\n",
        language="en",
    ).plan
    assert [told(watch) for watch in plan.watches] == ["count remark 3 30 day"]


@each_pair
def test_what_is_waited_for_is_false_until_it_comes_about(expected: str, french: str, english: str) -> None:
    rules = loads(f"{FRENCH}{french} {THEN['fr']}")
    (watch,) = rules.plan.watches
    assert rules.decide({}, date(2026, 3, 1)).actions == ()
    (done,) = rules.decide({watch.path: True}, date(2026, 3, 1)).actions
    assert (done.key, done.status) == ("tell", "decided")


def written() -> Iterator[tuple[Language, str]]:
    for language, column in (("fr", 1), ("en", 2)):
        for pair in PAIRS:
            yield ("fr" if language == "fr" else "en"), pair[column]


@pytest.mark.parametrize(("language", "said"), list(written()))
def test_the_canonical_text_waits_for_the_same(language: Language, said: str, tmp_path: Path) -> None:
    file = tmp_path / ("a.regles" if language == "fr" else "a.rules")
    file.write_text(f"{HEADS[language]}{said} {THEN[language]}\n", encoding="utf-8")
    before = load(file).plan.watches
    assert main(["format", str(file)]) == 0
    once = file.read_text(encoding="utf-8")
    assert load(file).plan.watches == before
    assert main(["format", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == once


@each_pair
def test_it_is_translated_there_and_back(
    expected: str, french: str, english: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = tmp_path / "a.regles", tmp_path / "b.rules"
    file.write_text(f"{FRENCH}{french} {THEN['fr']}\n", encoding="utf-8")
    assert main(["translate", str(file), "--to", "en", "-o", str(other)]) == 0
    assert told(load(other).plan.watches[0]) == expected
    again = tmp_path / "c.regles"
    assert main(["translate", str(other), "--to", "fr", "-o", str(again)]) == 0
    assert load(again).plan.watches == load(file).plan.watches
    assert capsys.readouterr().err == ""


def test_other_conditions_and_exceptions_stand_beside() -> None:
    said = "Quand une facture est payée et que le montant dépasse 500 €"
    rules = loads(f"{FRENCH}{said} {THEN['fr']} sauf si le client est fidèle\n")
    at = date(2026, 3, 1)
    facts = {"when_paid": True, "customer": {"loyal": False}, "invoice": {"amount": "600 €"}}
    assert [each.key for each in rules.decide(facts, at).actions] == ["tell"]
    assert rules.decide({**facts, "customer": {"loyal": True}}, at).actions == ()
    assert rules.decide({**facts, "invoice": {"amount": "400 €"}}, at).actions == ()
    missing = rules.decide({"when_paid": True, "customer": {"loyal": False}}, at)
    assert missing.missing == ("invoice.amount",)


@pytest.mark.parametrize(
    ("said", "lateness"),
    [("", (0, "second")), ("Retard toléré : 2 jours\n", (2, "day")), ("Retard toléré : 3 h\n", (10800, "second"))],
)
def test_the_allowed_delay_is_a_setting(said: str, lateness: tuple[int, str]) -> None:
    assert loads(f"{FRENCH}{said}Quand une facture est payée {THEN['fr']}\n").plan.lateness == lateness


def test_the_allowed_delay_is_formatted_and_translated(tmp_path: Path) -> None:
    file, other = tmp_path / "a.regles", tmp_path / "b.rules"
    file.write_text(f"{FRENCH}retard toléré: 2 jours.\nQuand une facture est payée {THEN['fr']}\n", encoding="utf-8")
    assert main(["format", str(file)]) == 0
    assert "Retard toléré : 2 jours\n" in file.read_text(encoding="utf-8")
    assert main(["translate", str(file), "--to", "en", "-o", str(other)]) == 0
    assert "Allowed delay: 2 days\n" in other.read_text(encoding="utf-8")


def test_when_is_if_where_no_event_follows() -> None:
    made = compile_text(f"{FRENCH}Quand le client est fidèle {THEN['fr']}\n")
    assert made.plan is not None
    assert made.plan.watches == ()


def test_a_condition_beside_what_happens_waits_for_nothing() -> None:
    rules = loads(f"{FRENCH}Si le montant de la facture dépasse 500 € {THEN['fr']}\n")
    assert rules.plan.watches == ()
    assert [each.key for each in rules.decide({"invoice": {"amount": "600 €"}}, date(2026, 3, 1)).actions] == ["tell"]


@pytest.mark.parametrize(
    ("language", "event", "said"),
    [
        ("fr", "un client rappelle dès que possible", "Quand un client rappelle dès que possible"),
        ("en", "a customer calls as soon as possible", "When a customer calls as soon as possible"),
        ("fr", "une échéance est passée (pour un devis)", "Quand une échéance est passée"),
        ("en", "a deadline is over (about a quote)", "When a deadline is over"),
    ],
)
def test_an_event_may_say_when_itself_or_be_about_another_thing(language: Language, event: str, said: str) -> None:
    text = f"{HEADS[language]}  - {event} [it]\n{said} {THEN[language]}\n"
    made = compile_text(text, language=language)
    assert made.plan is not None, [each.code for each in made.diagnostics]
    assert [told(watch) for watch in made.plan.watches] == ["each it"]


def test_what_happens_is_no_fact_that_a_caller_gives() -> None:
    """Schemas, forms and tools leave it out; nobody is asked for it; no change of the facts makes it happen."""
    rules = loads(f"{FRENCH}Quand une facture est payée {THEN['fr']}\n")
    assert set(rules.schema()["properties"]) == {"customer", "invoice", "quote"}
    assert set(rules.model().model_fields) == {"customer", "invoice", "quote"}
    assert rules.questions({}, date(2026, 3, 1)) == ()
    said = "On décide :\n  - le geste (en €)\nQuand une facture est payée alors le geste est de 5 €\n"
    decided = loads(FRENCH + said)
    assert decided.what_if({}, "geste = 5 €", date(2026, 3, 1)).status == "impossible"


def test_one_thing_comes_about_at_a_time() -> None:
    """Rules that wait for different things never meet: no conflict is told of them, and such facts are refused."""
    head = f"{FRENCH}On décide :\n  - la priorité (nombre), facultatif\n"
    said = "Quand une facture est payée alors la priorité est 1.\nQuand un devis est signé alors la priorité est {}.\n"
    rules = loads(head + said.format(5))
    assert [each.code for each in rules.prove() if each.code == "E601"] == []
    with pytest.raises(FactsError) as refused:
        rules.decide({"when_paid": True, "when_signed": True}, date(2026, 3, 1))
    assert [each.code for each in refused.value.problems] == ["E532"]
    again = loads(head + said.format(5) + "Quand une facture est payée alors la priorité est 2.\n")
    assert [each.code for each in again.prove() if each.code == "E601"] == ["E601"]


def test_what_waits_for_the_same_event_comes_about_together() -> None:
    """A third complaint is a complaint too: both rules fire, and may contradict each other."""
    head = f"{FRENCH}On décide :\n  - la priorité (nombre), facultatif\n"
    said = (
        "Quand un client fait une réclamation alors la priorité est 1.\n"
        "Quand un client fait 3 réclamations en 30 jours alors la priorité est {}.\n"
    )
    both = {"when_complaint": True, "when_complaint_3_in_30_days": True}
    assert loads(head + said.format(1)).decide(both, date(2026, 3, 1))["priorite"] == 1
    assert [each.code for each in loads(head + said.format(2)).prove() if each.code == "E601"] == ["E601"]


def test_a_sentence_that_lacks_the_other_language_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.regles"
    lacking = FRENCH.replace(" (en anglais « an invoice is paid »)", "")
    file.write_text(f"{lacking}Quand une facture est payée {THEN['fr']}\n", encoding="utf-8")
    assert main(["translate", str(file), "--to", "en"]) == 1
    err = capsys.readouterr().err
    line = next(at for at, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "est payée" in text)
    assert f"E752 : Il manque la phrase en anglais d'événements de {file}, ligne {line}." in err
    assert "une facture est payée (en anglais « … »)" in err
    file.write_text(f"{FRENCH}Quand une facture est payée {THEN['fr']}\n", encoding="utf-8")
    assert main(["translate", str(file), "--to", "en"]) == 0
