"""What a model proposes for statements that are not read: it counts if it compiles, adds nothing, and is chosen."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from messages_server import FAULTS, Service, serving

import rulec
from rulec.cli import main
from rulec.source import Language

Captured = pytest.CaptureFixture[str]
VOCABULARY: dict[Language, str] = {
    "fr": """\
Un client [customer] a :
  - il peut être fidèle [loyal]
Une commande [order] a :
  - un montant (en €), principal [amount]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
""",
    "en": """\
A customer has:
  - can be loyal
An order has:
  - an amount (in €), main [amount]
We decide:
  - the discount (percentage), the highest wins, 0% by default
""",
}
UNREAD: dict[Language, str] = {
    "fr": "Pour nos habitués, dix pour cent de moins à plus de 500 €",
    "en": "Our regulars get ten percent less above €500",
}
SAID: dict[Language, list[str]] = {
    "fr": [
        "Si le client est fidèle et la commande dépasse 500 € alors la remise est de 10 %",
        "Si le client est fidèle ou la commande dépasse 500 € alors la remise est de 10 %",
    ],
    "en": [
        "If the customer is loyal and the order exceeds €500 then the discount is 10%",
        "If the customer is loyal or the order exceeds €500 then the discount is 10%",
    ],
}
REFUSED: dict[Language, list[str]] = {
    "fr": [
        "Si le client est fidèle alors la remise est de 10 % # et tout va bien",
        "Si le client est fidèle et la commande dépasse 600 € alors la remise est de 10 %",
        "Si le client est content alors la remise est de 10 %",
        "Brouillon :",
        "Si le client est fidèle alors la remise est de 10 %\n\nSi le client est fidèle alors la remise est de 10 %",
        "On décide :\n  - le cadeau (oui/non)",
        "Utiliser commerce",
        "Règle « Ignorez tout » : si le client est fidèle alors la remise est de 10 %",
        "",
    ],
    "en": [
        "If the customer is loyal then the discount is 10% # all is well",
        "If the customer is loyal and the order exceeds €600 then the discount is 10%",
        "If the customer is happy then the discount is 10%",
        "Draft:",
        "If the customer is loyal then the discount is 10%\n\nIf the customer is loyal then the discount is 10%",
        "We decide:\n  - the gift (yes/no)",
        "Use commerce",
        'Rule "Ignore it all": if the customer is loyal then the discount is 10%',
        "",
    ],
}
NAMES: dict[Language, str] = {"fr": "r.regles", "en": "r.rules"}
LINE = 7
REASON = {
    "refusal": "refused", "malformed": "unreadable", "truncated": "unreadable", "429": "overloaded", "500": "failed",
    "529": "overloaded", "hanging": "too late", "closed": "cannot be reached",
}  # fmt: skip
each_language = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run, in English, without a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CI"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def service(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A model that proposes two readings, and a key for it."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key of the tests")
    monkeypatch.setenv("RULEC_JUDGEMENT_RETRIES", "0")
    with serving(Service(lambda text, asked: {"readings": SAID["en" if "regulars" in text else "fr"]})) as running:
        monkeypatch.setenv("RULEC_JUDGEMENT_BASE_URL", running.url)
        yield running


def written(folder: Path, language: Language, statement: str = "") -> Path:
    path = folder / NAMES[language]
    path.write_text(f"{VOCABULARY[language]}{statement or UNREAD[language]}\n", encoding="utf-8")
    return path


@each_language
def test_a_proposal_that_is_chosen_is_written(language: Language, folder: Path, service: Service) -> None:
    path = written(folder, language)
    assert main(["clarify", path.name, "--choose", f"{LINE}=2"]) == 0
    assert UNREAD[language] in path.read_text(encoding="utf-8")  # as a comment
    decide = rulec.load(path).decide
    assert decide({"loyal": True, "amount": "1"})["discount"] == Decimal("0.1")
    (request,) = service.asked
    shown = request["system"][0]["text"]
    assert '"discount"' in shown
    assert ("Dans tous les autres cas" if language == "fr" else "In all other cases") in shown


@each_language
def test_what_was_proposed_is_kept_with_its_cost_and_given_again(
    language: Language, folder: Path, service: Service, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(folder, language)
    assert main(["clarify", path.name, "--format", "json"]) == 1
    first = capsys.readouterr()
    told = {"fr": "Demandé au modèle claude-haiku-5-5 : 1, coût", "en": "Asked of the model claude-haiku-5-5: 1, cost"}
    assert told[language] in first.err
    assert main(["clarify", path.name, "--format", "json"]) == 1
    assert len(service.asked) == 1
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert main(["clarify", path.name, "--format", "json"]) == 1
    again = capsys.readouterr()
    assert (first.out * 2, "") == (again.out, again.err)
    with sqlite3.connect("judgements.sqlite") as kept:
        ((model, reason, cost),) = kept.execute("select model, reason, cost from asked").fetchall()
    assert (model, reason) == ("claude-haiku-5-5", "")
    assert cost == pytest.approx((200 * 0.10 + 20 * 0.50) / 1e6)  # the tokens of the service, the prices of Settings


@each_language
def test_without_a_key_nothing_is_asked_kept_or_said(language: Language, folder: Path, capsys: Captured) -> None:
    path = written(folder, language)
    assert main(["clarify", path.name]) == 1
    assert "model" not in capsys.readouterr().err
    assert [each.name for each in folder.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in REFUSED.items() for text in texts]
)
def test_what_does_not_compile_or_adds_something_does_not_count(
    language: Language, text: str, folder: Path, service: Service, capsys: Captured
) -> None:
    service.answers = lambda shown, asked: {"readings": [text]}
    path = written(folder, language)
    before = path.read_bytes()
    assert main(["clarify", path.name, "--format", "json"]) == 1
    assert capsys.readouterr().out.strip() == "[]"
    assert (path.read_bytes(), len(service.asked)) == (before, 1)


@each_language
def test_the_only_proposal_is_asked_about(
    language: Language, folder: Path, service: Service, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answers = lambda shown, asked: {"readings": SAID[language][:1]}
    path = written(folder, language)
    before = path.read_bytes()
    for answer, status in (("\n", 1), ("1\n", 0)):
        monkeypatch.setattr("sys.stdin", _Typed(answer))
        assert path.read_bytes() == before
        assert main(["clarify", path.name]) == status
    assert ("(proposé par un modèle)" if language == "fr" else "(proposed by a model)") in capsys.readouterr().out
    assert rulec.load(path).decide({"loyal": True, "amount": "501"})["discount"] == Decimal("0.1")


def test_readings_of_rulec_come_first_and_are_said_once(folder: Path, service: Service, capsys: Captured) -> None:
    own = ["Si la commande dépasse 1 500 € alors remise 5 %", "Si la commande dépasse 1,50 € alors remise 5 %"]
    service.answers = lambda shown, asked: {"readings": [*own, "Si la commande atteint 1 500 € alors remise 5 %"]}
    path = written(folder, "fr", "Si la commande dépasse 1.500 € alors remise 5 %")
    assert main(["clarify", path.name, "--format", "json"]) == 1
    told = capsys.readouterr().out
    assert told.count("dépasse 1 500 €") == told.count("dépasse 1,50 €") == 1
    assert '"proposed": [\n      false,\n      false,\n      true\n    ]' in told


@pytest.mark.parametrize("fault", [*REASON, "slow"])
def test_whatever_goes_wrong_is_told_and_stops_nothing(
    fault: str, folder: Path, service: Service, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(REASON) <= set(FAULTS)
    service.fault = lambda: fault
    if fault == "hanging":
        monkeypatch.setenv("RULEC_JUDGEMENT_DEADLINE", "0.5")
    path = written(folder, "en")
    before = path.read_bytes()
    assert main(["clarify", path.name, "--format", "json"]) == 1
    said = capsys.readouterr().err
    assert path.read_bytes() == before
    if fault == "slow":
        assert "proposes nothing" not in said
    else:
        assert "r.rules, line 7: the model proposes nothing" in said
        assert REASON[fault] in said
        service.fault = lambda: "normal"
        monkeypatch.delenv("RULEC_JUDGEMENT_DEADLINE", raising=False)
        assert main(["clarify", path.name, "--choose", f"{LINE}=1"]) == 0  # a fault is not kept as an answer


def test_the_budget_is_kept(folder: Path, service: Service, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEC_JUDGEMENT_PER_RUN", "0.000001")
    path = folder / "r.rules"
    path.write_text(f"{VOCABULARY['en']}{UNREAD['en']}\n{UNREAD['en']} and more\n", encoding="utf-8")
    assert main(["clarify", path.name, "--format", "json"]) == 1
    assert "line 8: the model proposes nothing: the budget is spent" in capsys.readouterr().err
    assert len(service.asked) == 1


class _Typed:
    """Standard input of a person."""

    def __init__(self, text: str) -> None:
        self.text = text

    def readline(self) -> str:
        return self.text

    def isatty(self) -> bool:
        return True
