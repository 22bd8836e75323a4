"""Decisions that wait for a person: listed, approved, changed, refused, expired, once, whoever answers at once."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from clusters import cluster
from logs import RULES, Run, decision, running
from services import Local, local, serving

from rulec import loads
from rulec.log.approvals import answer, as_done, expire, proposal, proposals
from rulec.log.changes import changes
from rulec.log.entry import REVIEW, Entry
from rulec.log.errors import LogError
from rulec.log.recording import decided
from rulec.log.store import DecisionLog
from rulec.log.verify import verify
from rulec.service.keeping import Keeper

URL = "sqlite:///decisions.db"
SUPERVISED = f"{RULES}Autonomie : exécuter si la commande ne dépasse pas 500 €, sinon proposer.\n"
NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return running(tmp_path, monkeypatch, capsys, x=SUPERVISED)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DecisionLog]:
    monkeypatch.chdir(tmp_path)
    log = DecisionLog(URL)
    yield log
    log.close()


ASKED = loads(SUPERVISED)


def kept(log: DecisionLog) -> tuple[Entry, Entry]:
    """One that an agent may do by itself, and one that waits."""
    return log.append(decision(ASKED, "Bob", "100")), log.append(decision(ASKED, "Zoé", "9000"))


def waiting(log: DecisionLog) -> list[str]:
    return [each.decision.id for each in proposals(log)]


# ---- the queue


def test_what_is_proposed_waits_and_what_is_done_does_not(log: DecisionLog) -> None:
    _, asked = kept(log)
    assert waiting(log) == [asked.id]
    answer(log, asked.id, "approve", "Léa", at=NOON)
    assert waiting(log) == []
    (known,) = proposals(log, answered=True)
    assert (known.status, known.answer and known.answer.by) == ("approve", "Léa")


NOTHING_SAID = """
On connaît :
  - un montant (en €) [amount]
On décide :
  - la remise (pourcentage) [discount]
Si le montant dépasse 100 € alors la remise est de 10 %.
"""


@pytest.mark.parametrize(
    ("said", "amount", "waits"),
    [("", "500", True), ("", "50", False), ("", None, True), ("Autonomie : exécuter.", "500", False),
     ("Autonomie : exécuter.", None, True), ("Autonomie : observer.", "500", False),
     ("Autonomie : proposer.", "500", True), ("Autonomie : proposer.", "50", False),
     ("Autonomie : exécuter.\nDemander l'accord du gérant.", "50", True)],
)  # fmt: skip
def test_what_the_rules_only_propose_waits_and_nothing_else(
    log: DecisionLog, said: str, amount: str | None, waits: bool
) -> None:
    """Said nothing, propose; a missing fact, propose; where no rule applies, there is nothing to confirm."""
    rules = loads(f"{NOTHING_SAID}{said}\n")
    facts = {} if amount is None else {"amount": amount}
    entry = log.append(decided(rules, facts, rules.decide(facts, at=NOON.date())))
    assert (waiting(log) == [entry.id]) == waits
    if not waits:
        with pytest.raises(LogError) as refused:
            answer(log, entry.id, "approve", "Léa")
        assert refused.value.code == "E731"


def test_an_approved_decision_is_done_as_the_rules_say(log: DecisionLog) -> None:
    _, asked = kept(log)
    assert as_done(asked, None) == {}
    done = as_done(asked, answer(log, asked.id, "approve", "Léa"))
    assert done["outcomes"]["discount"] == "0.1"
    assert list(done["actions"].values()) == [{"reason": "grosse commande"}]


def test_a_changed_decision_is_done_as_the_person_says_and_keeps_what_the_rules_said(log: DecisionLog) -> None:
    _, asked = kept(log)
    given = changes(ASKED.plan, asked, [("remise", "5 %"), ("transmettre au gérant.motif", "à rappeler")], "fr")
    done = as_done(asked, answer(log, asked.id, "edit", "Léa", "litige", given))
    assert done["outcomes"]["discount"] == "0.05"
    assert list(done["actions"].values()) == [{"reason": "à rappeler"}]
    assert proposal(log, asked.id).decision.decision["outcomes"]["discount"]["value"] == "0.1"


def test_a_refused_decision_is_not_done(log: DecisionLog) -> None:
    _, asked = kept(log)
    assert as_done(asked, answer(log, asked.id, "refuse", "Léa", "plafond")) == {}


def test_a_decision_that_nobody_answers_in_its_time_expires_once(log: DecisionLog) -> None:
    entry = decision(ASKED, "Zoé", "9000")
    asked = log.append(replace(entry, content={**entry.content, "until": NOON.isoformat()}))
    assert expire(log, NOON - timedelta(seconds=1)) == []
    (expired,) = expire(log, NOON)
    assert expired.about == asked.id
    assert expire(log, NOON + timedelta(days=1)) == []
    assert [each.status for each in proposals(log, answered=True)] == ["expire"]


def test_an_answer_that_comes_too_late_is_refused_and_the_expiry_recorded(log: DecisionLog) -> None:
    entry = decision(ASKED, "Zoé", "9000")
    asked = log.append(replace(entry, content={**entry.content, "until": NOON.isoformat()}))
    with pytest.raises(LogError) as late:
        answer(log, asked.id, "approve", "Léa", at=NOON + timedelta(minutes=1))
    assert late.value.code == "E733"
    assert [each.status for each in proposals(log, answered=True)] == ["expire"]


def test_answers_are_in_the_chain(log: DecisionLog) -> None:
    _, asked = kept(log)
    written = answer(log, asked.id, "refuse", "Léa", "plafond")
    assert verify(log).damage == ()
    with closing(sqlite3.connect("decisions.db")) as base:
        base.execute("UPDATE rulec_entries SET body = replace(body, 'refuse', 'approve') WHERE kind = 'review'")
        base.commit()
    assert [(each.kind, each.number) for each in verify(log).damage] == [("changed", written.number)]


@pytest.mark.parametrize(
    ("verdict", "by", "reason", "code"),
    [("approve", " ", "", "E734"), ("edit", "Léa", "", "E735"), ("refuse", "Léa", " ", "E735"),
     ("refuse", "Léa", "x" * 3000, "E735"), ("approve", "x" * 200, "", "E734")],
)  # fmt: skip
def test_an_answer_says_who_and_why(log: DecisionLog, verdict: str, by: str, reason: str, code: str) -> None:
    _, asked = kept(log)
    with pytest.raises(LogError) as refused:
        answer(log, asked.id, verdict, by, reason)
    assert refused.value.code == code
    assert waiting(log) == [asked.id]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("remize", "5 %", "E736"), ("remise", "5 €", "E737"), ("remise", "beaucoup", "E737"),
     ("transmettre au gérant.raison", "x", "E736")],
)  # fmt: skip
def test_a_change_is_of_what_is_proposed_and_of_its_type(log: DecisionLog, name: str, value: str, code: str) -> None:
    _, asked = kept(log)
    with pytest.raises(LogError) as refused:
        changes(ASKED.plan, asked, [(name, value)], "fr")
    assert refused.value.code == code
    assert ("remise" if "remi" in name else "transmettre au gérant.motif") in refused.value.message("fr")


def of_many(url: str) -> None:
    """Of many who answer at once, one is heard, and all others are told."""
    log = DecisionLog(url)
    _, asked = kept(log)
    others = [DecisionLog(url) for _ in range(8)]

    def tried(number: int) -> str:
        try:
            answer(others[number], asked.id, "approve" if number % 2 else "refuse", f"P{number}", "parce que")
        except LogError as error:
            return error.code
        return "written"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(tried, range(8)))
    assert sorted(told) == ["E732"] * 7 + ["written"]
    assert len(list(log.entries(REVIEW))) == 1
    assert verify(log).damage == ()
    for each in (log, *others):
        each.close()


def test_of_many_who_answer_at_once_one_is_heard(tmp_path: Path) -> None:
    of_many(f"sqlite:///{tmp_path}/decisions.db")


def test_of_many_who_answer_at_once_one_is_heard_in_postgresql() -> None:
    with cluster() as made:
        of_many(made.url)


# ---- the command


def test_the_command_lists_approves_and_shows(run: Run, log: DecisionLog) -> None:
    free, asked = kept(log)
    status, out, _ = run("approvals", "list")
    assert (status, asked.id[:12] in out, free.id[:12] in out) == (0, True, False)
    assert "en attente" in out
    status, out, _ = run("approvals", "approve", asked.id[:8], "--by", "Léa")
    assert (status, out) == (0, f"{asked.id[:12]} : approuvé par Léa.\n")
    assert run("approvals", "list") == (0, "Rien n'attend.\n", "")
    assert run("approvals", "list", lang="en")[1] == "Nothing waits.\n"
    status, out, _ = run("approvals", "show", asked.id)
    assert status == 0
    assert "réponse : approuvé" in out
    assert "par Léa" in out
    assert "approved (Léa)" in run("log", "show", lang="en")[1]


def test_the_command_changes_with_the_types_of_the_rules(run: Run, log: DecisionLog) -> None:
    _, asked = kept(log)
    said = ("approvals", "edit", asked.id, "--by", "Léa", "--rules", "x.regles", "--reason", "litige")
    status, _, err = run(*said, "--set", "remise=5 €")
    assert status == 1
    assert "Erreur E737" in err
    status, out, _ = run(*said, "--set", "remise=5 %", "--format", "json")
    assert status == 0
    assert json.loads(out)["given"] == {"outcomes": {"discount": "0.05"}}


def test_the_command_refuses_with_a_reason(run: Run, log: DecisionLog) -> None:
    free, asked = kept(log)
    assert "Erreur E735" in run("approvals", "refuse", asked.id, "--by", "Léa")[2]
    assert run("approvals", "refuse", asked.id, "--by", "Léa", "--reason", "plafond")[0] == 0
    assert "Erreur E732" in run("approvals", "approve", asked.id, "--by", "Bob")[2]
    assert "Erreur E731" in run("approvals", "approve", free.id, "--by", "Bob")[2]
    assert "Error E730" in run("approvals", "approve", "zzz", "--by", "Bob", lang="en")[2]
    _, out, _ = run("approvals", "list", "--all", "--format", "json")
    assert [json.loads(line)["status"] for line in out.splitlines()] == ["refuse"]


# ---- over HTTP


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    monkeypatch.chdir(tmp_path)
    Path("remises.regles").write_text(SUPERVISED, encoding="utf-8")
    served = local(Path("remises.regles"), keeper=Keeper(DecisionLog(URL)))
    yield served
    assert served.service.answering.decider.keeper is not None
    served.service.answering.decider.keeper.close()


FACTS = {"customer": {"name": "Zoé", "loyal": True}, "order": {"amount": "9000", "lines": []}}


def asked_over_http(service: Local) -> str:
    return str(service.post("/decide", {"facts": FACTS}).json()["id"])


def test_what_waits_is_listed_shown_and_answered_over_http(service: Local) -> None:
    id_ = asked_over_http(service)
    assert [each["id"] for each in service.get("/approvals").json()["approvals"]] == [id_]
    shown = service.get(f"/approvals/{id_}").json()
    assert (shown["status"], shown["decision"]["outcomes"]["discount"]["value"]) == ("waiting", "0.1")
    answered = service.post(f"/approvals/{id_}", {"verdict": "approve", "by": "Léa"}).json()
    assert (answered["status"], answered["answer"]["by"]) == ("approve", "Léa")
    assert service.get("/approvals").json() == {"approvals": []}
    assert [each["status"] for each in service.get("/approvals?all=1").json()["approvals"]] == ["approve"]
    again = service.post(f"/approvals/{id_}", {"verdict": "refuse", "by": "Bob", "reason": "x"})
    assert (again.status_code, again.json()["problems"][0]["code"]) == (409, "E732")


def test_a_change_over_http_is_read_as_the_rules_type_it(service: Local) -> None:
    id_ = asked_over_http(service)
    said = {"verdict": "edit", "by": "Léa", "reason": "litige", "outcomes": {"discount": "5 €"}}
    assert service.post(f"/approvals/{id_}", said).json()["problems"][0]["code"] == "E737"
    said["outcomes"] = {"discount": "5 %"}
    assert service.post(f"/approvals/{id_}", said).json()["answer"]["given"] == {"outcomes": {"discount": "0.05"}}


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [([], 422, "E985"), ({}, 422, "E984"), ({"verdict": "approve"}, 422, "E984"),
     ({"verdict": "yes", "by": "Léa"}, 422, "E985"), ({"verdict": "approve", "by": 3}, 422, "E985"),
     ({"verdict": "approve", "by": "Léa", "bye": 1}, 422, "E983"), ({"verdict": "refuse", "by": "Léa"}, 422, "E735"),
     ({"verdict": "edit", "by": "Léa", "reason": "x", "actions": {"a": 1}}, 422, "E985"),
     ({"verdict": "edit", "by": "Léa", "reason": "x"}, 422, "E736")],
)  # fmt: skip
def test_a_wrong_answer_over_http_is_refused_and_the_decision_still_waits(
    service: Local, said: object, status: int, code: str
) -> None:
    id_ = asked_over_http(service)
    refused = service.post(f"/approvals/{id_}", said)
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (status, code)
    assert service.get(f"/approvals/{id_}").json()["status"] == "waiting"


def test_what_waits_for_nobody_is_not_found(service: Local) -> None:
    assert service.get("/approvals/none").status_code == 404
    free = service.post("/decide", {"facts": {**FACTS, "order": {"amount": "100", "lines": []}}}).json()["id"]
    assert service.get(f"/approvals/{free}").status_code == 409


def test_without_a_log_nothing_waits_and_the_description_says_so(tmp_path: Path, service: Local) -> None:
    (tmp_path / "x.regles").write_text(SUPERVISED, encoding="utf-8")
    alone = local(tmp_path / "x.regles")
    assert alone.get("/approvals").status_code == 404
    assert "/approvals" not in alone.get("/openapi.json").json()["paths"]
    assert "/approvals/{id}" in service.get("/openapi.json").json()["paths"]


def test_the_command_gives_what_is_proposed_a_time(tmp_path: Path) -> None:
    (tmp_path / "x.regles").write_text(SUPERVISED, encoding="utf-8")
    said = ("x.regles", "--log", URL, "--approval-timeout", "2d")
    with serving(*said, folder=tmp_path) as (address, _):
        id_ = httpx2.post(f"{address}/decide", json={"facts": FACTS}).json()["id"]
        shown = httpx2.get(f"{address}/approvals/{id_}").json()
    assert datetime.fromisoformat(shown["until"]) - datetime.fromisoformat(shown["time"]) >= timedelta(hours=47)


def test_a_time_that_is_none_is_refused(run: Run) -> None:
    status, _, err = run("serve", "x.regles", "--http", "0", "--approval-timeout", "soon")
    assert (status, "Erreur E913" in err, "30m, 4h, 2d" in err) == (2, True, True)
