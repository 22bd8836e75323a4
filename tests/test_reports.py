"""The review of what was executed without a person, and the report that an owner reads."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from rulec import RuleSet, loads
from rulec.cli import main
from rulec.log.entry import Entry
from rulec.log.recording import decided
from rulec.log.review import is_sampled
from rulec.log.store import DecisionLog
from rulec.log.verify import verify

RULES = """
Une commande [order] a :
  - un montant (en €), principal [amount]
On connaît :
  - un client fidèle (oui/non) [loyal]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
Si client fidèle alors remise 10 %
Autonomie : exécuter si la commande ne dépasse pas 500 €, sinon proposer.
"""
URL = "sqlite:///decisions.db"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RULEC_LOG", raising=False)
    Path("remises.regles").write_text(RULES, encoding="utf-8")

    def ran(*args: str, lang: str = "fr") -> tuple[int, str, str]:
        status = main([*args, "--lang", lang])
        told = capsys.readouterr()
        return status, told.out, told.err

    return ran


@pytest.fixture
def log(run: Run) -> Iterator[DecisionLog]:
    with closing(DecisionLog(URL)) as found:
        yield found


def written(log: DecisionLog, *facts: dict[str, object]) -> list[Entry]:
    """Decisions of the log on these facts."""
    rules: RuleSet = loads(RULES)
    made = [decided(rules, each, rules.decide(each, at="2026-03-01"), "remises") for each in facts]
    return log.append_many(made)


def order(amount: int | None, loyal: bool = True) -> dict[str, object]:
    return {"loyal": loyal} if amount is None else {"order.amount": str(amount), "loyal": loyal}


def test_the_part_to_review_is_told_by_the_hash_alone(run: Run, log: DecisionLog) -> None:
    made = written(log, *(order(amount) for amount in range(300, 700)))
    acting = [each for each in made if each.supervision["level"] == "act"]
    part = [each.id for each in acting if is_sampled(each, Decimal("0.25"))]
    assert len(acting) == 201
    assert 25 < len(part) < 80
    told = [
        json.loads(line)["id"] for line in run("review", "list", "--share", "25 %", "--format", "json")[1].splitlines()
    ]
    assert told == part
    assert run("review", "list", "--share", "25%", "--format", "json", lang="en")[1].count("\n") == len(part)
    small = run("review", "list", "--share", "10%", "--format", "json")[1].splitlines()
    assert {json.loads(line)["id"] for line in small} < set(part)
    assert len(run("review", "list", "--share", "100%")[1].splitlines()) == 201
    for wrong in ("0%", "120%", "peu"):
        assert "E913" in run("review", "list", "--share", wrong)[2]


def test_a_person_says_once_whether_it_was_right(run: Run, log: DecisionLog) -> None:
    small, other, large = written(log, order(100), order(200), order(900))
    assert run("review", "right", small.id[:12], "--by", "Léa") == (0, f"{small.id[:12]} : juste par Léa.\n", "")
    assert "E732" in run("review", "wrong", small.id, "--by", "Ana", "--reason", "trop")[2]
    assert "E735" in run("review", "wrong", other.id, "--by", "Ana")[2]
    assert run("review", "wrong", other.id, "--by", "Ana", "--reason", "litige", lang="en")[1].endswith(
        "wrong by Ana.\n"
    )
    assert "E743" in run("review", "right", large.id, "--by", "Ana", lang="en")[2]
    assert "E730" in run("review", "right", "zzz", "--by", "Ana")[2]
    assert run("review", "list", "--share", "100%")[1] == "Rien n'est à relire.\n"
    assert [line.split()[-1] for line in run("review", "list", "--share", "100%", "--all")[1].splitlines()] == [
        "juste", "faux",
    ]  # fmt: skip
    assert "litige" in run("log", "show", other.id)[1]
    assert verify(log).damage == ()
