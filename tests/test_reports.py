"""The review of what was executed without a person, and the report that an owner reads."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from logs import Run, running

from rulec import RuleSet, loads
from rulec.log.approvals import answer
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


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return running(tmp_path, monkeypatch, capsys, remises=RULES)


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


START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def month(log: DecisionLog) -> DecisionLog:
    """Decisions of March: 40 executed, 8 proposed and 2 that lack a fact; answers of people, after 1 to 5 minutes."""
    rules = loads(RULES)
    facts = [order(100 + n, n % 2 == 0) for n in range(40)] + [order(600 + n) for n in range(8)] + [order(None)] * 2
    made = [decided(rules, each, rules.decide(each, at="2026-03-01"), "remises") for each in facts]
    entries = log.append_many(
        [replace(each, time=at(n * 600).isoformat(timespec="microseconds")) for n, each in enumerate(made)]
    )
    for n, verdict in enumerate(("approve", "approve", "approve", "edit", "refuse")):
        given = {"outcomes": {"discount": "0.05"}} if verdict == "edit" else None
        reason = "" if verdict == "approve" else "<script>alert(1)</script> & litige"
        answer(log, entries[40 + n].id, verdict, "Léa", reason, given, at((40 + n) * 600 + n + 1))
    return log


def test_an_owner_reads_what_was_decided_and_corrected(run: Run, month: DecisionLog) -> None:
    entry = next(month.entries())
    run("review", "wrong", entry.id, "--by", "Ana", "--reason", "prix faux")
    status, out, _ = run("report", "remises.regles", "--minutes", "remises=4,5")
    assert status == 0
    for line in (
        "Du 2026-03-02 au 2026-03-22",
        "Décisions : 50.",
        "Exécutées sans personne : 40 (80 %).",
        "Proposées à une personne : 10 (20 %).",
        "Réponses aux propositions : approuvé : 3, modifié : 1, refusé : 1.",
        "Relectures de ce qui a été exécuté : faux : 1.",
        "Délai de réponse : 3 min pour la moitié, 5 min pour 99 %.",
        "soit 39 × 4,5 min (remises)",
        "Temps gagné : 2,9 h",
        "arrêtées avant d'être exécutées : 1 (refusé : 1)",
        "10 %",
        "prix faux",
    ):
        assert line in out, line
    english = run("report", "--minutes", "4.5", lang="en")[1]
    assert "Executed without a person: 40 (80%)." in english
    assert "39 × 4.5 min (remises)" in english
    assert "Outcome: discount" in english
    assert run("report", "--since", "2090-01-01")[1].endswith("Aucune décision.\n")
    assert "E913" in run("report", "--minutes", "beaucoup")[2]


def test_programs_read_the_same_numbers(run: Run, month: DecisionLog) -> None:
    told = json.loads(run("report", "--format", "json", "--minutes", "4.5")[1])
    assert (told["decisions"], told["levels"]) == (50, {"act": 40, "propose": 10})
    assert told["outcomes"] == {"discount": {"0.1": 30, "0": 20}}
    assert told["minutes_saved"] == {"remises": "180.0"}
    assert told["seconds_to_answer"] == {"p50": 180.0, "p99": 300.0}
    assert [each["verdict"] for each in told["corrections"]] == ["edit", "refuse"]
    part = json.loads(run("report", "--format", "json", "--since", "2026-03-02", "--until", "2026-03-02")[1])
    assert part["decisions"] == 2
    assert json.loads(run("report", "--format", "json", "--name", "autres")[1])["decisions"] == 0


def test_minutes_are_declared_once_for_all(run: Run, month: DecisionLog, tmp_path: Path) -> None:
    """An approved proposal counts where it is declared how long approving takes: 40 × 4 + 3 × (4 - 1.5) minutes."""
    path = tmp_path / "rulec.toml"
    path.write_text("[minutes]\nremises = { decision = 4, approval = 1.5 }\n", encoding="utf-8")
    out = run("report")[1]
    assert "Temps gagné : 2,8 h, soit 40 × 4 min (remises) + 3 × 2,5 min (remises, approuvées)" in out
    assert "les propositions approuvées sans changement, par ce qu'il faut de plus" in out
    assert "3 × 2.5 min (remises, approved)" in run("report", lang="en")[1]
    assert json.loads(run("report", "--format", "json")[1])["minutes_saved"] == {"remises": "167.5"}
    assert "approuvées" in run("report", "--format", "html")[1]
    path.write_text("[minutes]\nremises = 4\nautres = 9\n", encoding="utf-8")
    assert json.loads(run("report", "--format", "json")[1])["minutes_saved"] == {"remises": "160"}
    told = json.loads(run("report", "--format", "json", "--minutes", "remises=5")[1])
    assert told["minutes_saved"] == {"remises": "200"}


@pytest.mark.parametrize(
    "told", ['"4"', "-1", "true", "inf", "{ approval = 1 }", "{ decision = 4, x = 1 }", "[4]", "{ decision = '' }"]
)
def test_minutes_that_are_none_are_refused(run: Run, log: DecisionLog, tmp_path: Path, told: str) -> None:
    (tmp_path / "rulec.toml").write_text(f"[minutes]\nremises = {told}\n", encoding="utf-8")
    for lang in ("fr", "en"):
        status, _, err = run("report", lang=lang)
        assert (status, "E938" in err, "minutes.remises" in err) == (1, True, True)


class Page(HTMLParser):
    """What a page holds: its elements, all closed in their order, and their addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.seen, self.addresses = list[str](), list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_stands_alone_and_is_read_without_seeing_it(run: Run, month: DecisionLog, lang: str) -> None:
    status, out, _ = run("report", "--format", "html", lang=lang)
    page = Page(out)
    assert (status, page.open, page.addresses) == (0, [], [])
    assert "script" not in page.seen
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; litige" in out
    assert f'<html lang="{lang}">' in out
    drawn = page.seen.count("svg")
    assert drawn == 4
    assert page.seen.count("desc") == drawn <= page.seen.count("table")
    assert "http" not in out
