"""Who approves: whose approval the rules ask for, compared with who answers, by name or by the name of a key."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from clusters import cluster
from logs import Run, running
from services import Local, local, serving

from rulec import loads
from rulec.log.approvals import answer, as_done, proposal
from rulec.log.approvers import NAMED, Approvers, approvers_in
from rulec.log.entry import AGREEMENT, REVIEW, Entry
from rulec.log.errors import LogError
from rulec.log.recording import decided
from rulec.log.store import DecisionLog
from rulec.log.verify import verify
from rulec.service.keeping import Keeper
from rulec.settings import SettingsError
from rulec.source import Language

URL = "sqlite:///decisions.db"
TEXT = """
On connaît :
  - un montant (en €) [amount]
On décide :
  - le geste (en €), le plus élevé l'emporte, 0 € par défaut [gesture]
Si le montant dépasse 10 € alors le geste est de 5 €.
Autonomie : exécuter si le montant ne dépasse pas 10 €, sinon proposer.
Demander l'accord du gérant [manager] si le montant dépasse 100 €.
Demander l'accord de la comptable si le montant dépasse 1 000 €.
"""
ENGLISH = """
We know:
  - an amount (in €)
We decide:
  - the gesture (in €), the highest wins, €0 by default
If the amount exceeds €10 then the gesture is €5.
Autonomy: act if the amount does not exceed €10, otherwise propose.
Ask for the manager's approval if the amount exceeds €100.
The accountant's approval is needed if the amount exceeds €1,000.
"""
RULES = loads(TEXT)
SETTINGS = '[approvers]\n"gérant" = ["Léa Martin"]\ncomptable = ["Ana"]\n'
FREE, MANAGED, SHARED = "50", "500", "5000"  # amounts that ask for anybody's approval, the manager's, two people's


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return running(tmp_path, monkeypatch, capsys, gestes=TEXT)


@pytest.fixture
def log(run: Run) -> Iterator[DecisionLog]:
    log = DecisionLog(URL)
    yield log
    log.close()


def asked(log: DecisionLog, amount: str, text: str = TEXT, language: Language = "fr") -> Entry:
    rules = loads(text, language=language)
    facts = {"amount": amount}
    return log.append(decided(rules, facts, rules.decide(facts, at="2026-03-01"), "gestes"))


def refused(log: DecisionLog, entry: Entry, verdict: str, by: str, people: Approvers = NAMED) -> str:
    with pytest.raises(LogError) as found:
        answer(log, entry.id, verdict, by, "parce que", approvers=people)
    assert proposal(log, entry.id).status == "waiting"
    return found.value.code


# ---- a name


@pytest.mark.parametrize("by", ["gérant", "Le Gérant", "GERANT", "du gérant", "manager", "the manager"])
def test_who_bears_the_name_or_the_key_of_a_role_approves(log: DecisionLog, by: str) -> None:
    entry = asked(log, MANAGED)
    written = answer(log, entry.id, "approve", by)
    assert (written.kind, written.by, written.content["for"]) == (REVIEW, by, ["manager"])


@pytest.mark.parametrize("by", ["manager", "The Manager", "manager's"])
def test_the_name_is_compared_in_english_too(log: DecisionLog, by: str) -> None:
    entry = asked(log, MANAGED, ENGLISH, "en")
    assert answer(log, entry.id, "refuse", by, "no").content["for"] == ["manager"]


@pytest.mark.parametrize("by", ["Léa Martin", "gérante", "gérant adjoint", "comptable", "ge rant", "agent", "le la"])
@pytest.mark.parametrize("verdict", ["approve", "edit", "refuse"])
def test_nobody_else_answers_for_a_role(log: DecisionLog, verdict: str, by: str) -> None:
    assert refused(log, asked(log, MANAGED), verdict, by) == "E738"


def test_anybody_answers_where_the_rules_name_nobody(log: DecisionLog) -> None:
    assert "for" not in answer(log, asked(log, FREE).id, "approve", "Zoé").content


def test_the_settings_say_who_else_speaks_for_a_role(log: DecisionLog, tmp_path: Path) -> None:
    (tmp_path / "rulec.toml").write_text(SETTINGS, encoding="utf-8")
    people = approvers_in(tmp_path)
    entry = asked(log, MANAGED)
    assert refused(log, entry, "approve", "Ana", people) == "E738"
    assert answer(log, entry.id, "approve", "léa martin", approvers=people).content["for"] == ["manager"]
    assert approvers_in(tmp_path / "absent") == people  # of the nearest file upwards


@pytest.mark.parametrize(
    "told",
    ['"x" = "Léa"', '"gérant" = [3]', '"gérant" = [" "]', '"gérant" = {}', "gérant = []", "[aprovers]"],
)
def test_settings_that_name_nobody_or_that_nothing_reads_are_refused(
    run: Run, log: DecisionLog, tmp_path: Path, told: str
) -> None:
    (tmp_path / "rulec.toml").write_text(f"[approvers]\n{told}\n", encoding="utf-8")
    with pytest.raises(SettingsError):
        approvers_in(tmp_path)
    entry = asked(log, MANAGED)
    for lang, said in (("fr", "Erreur E938"), ("en", "Error E938")):
        status, _, err = run("approvals", "approve", entry.id, "--by", "gérant", lang=lang)
        assert (status, said in err) == (1, True)


def test_the_command_compares_the_name(run: Run, log: DecisionLog, tmp_path: Path) -> None:
    entry = asked(log, MANAGED)
    for lang, said in (("fr", "attend un accord : du gérant. « Zoé »"), ("en", 'an approval: du gérant. "Zoé"')):
        status, _, err = run("approvals", "approve", entry.id, "--by", "Zoé", lang=lang)
        assert (status, "E738" in err, said in err) == (1, True, True)
    assert "du gérant" in run("approvals", "list")[1]
    (tmp_path / "rulec.toml").write_text(SETTINGS, encoding="utf-8")
    status, out, _ = run("approvals", "approve", entry.id, "--by", "Léa Martin")
    assert (status, out) == (0, f"{entry.id[:12]} : approuvé par Léa Martin.\n")


# ---- the approval of several


def test_the_approval_of_several_is_that_of_each(run: Run, log: DecisionLog) -> None:
    entry = asked(log, SHARED)
    first = answer(log, entry.id, "approve", "Comptable")
    assert (first.kind, as_done(entry, first)) == (AGREEMENT, {})
    found = proposal(log, entry.id)
    assert (found.status, [each.key for each in found.awaited]) == ("waiting", ["manager"])
    assert refused(log, entry, "approve", "comptable") == "E732"
    listed = run("approvals", "list")[1]
    assert ("du gérant" in listed, "comptable" in listed) == (True, False)
    last = answer(log, entry.id, "approve", "gérant")
    assert (last.kind, as_done(entry, last)["outcomes"]) == (REVIEW, {"gesture": "5"})
    told = proposal(log, entry.id).to_json()
    assert (told["status"], told["awaited"], [each["by"] for each in told["agreements"]]) == (
        "approve", [], ["Comptable"],
    )  # fmt: skip
    assert "accord donné" in run("approvals", "show", entry.id)[1]
    assert verify(log).damage == ()


def test_one_of_several_refuses_for_all_and_none_changes(log: DecisionLog) -> None:
    entry = asked(log, SHARED)
    assert refused(log, entry, "edit", "gérant") == "E744"
    answer(log, entry.id, "approve", "gérant")
    answer(log, entry.id, "refuse", "comptable", "trop cher")
    assert proposal(log, entry.id).status == "refuse"


def test_one_person_may_speak_for_all(log: DecisionLog) -> None:
    people = Approvers({"gérant": ["Ana"], "comptable": ["Ana"]})
    written = answer(log, asked(log, SHARED).id, "approve", "Ana", approvers=people)
    assert (written.kind, len(written.content["for"])) == (REVIEW, 2)


def at_once(url: str) -> None:
    """Of two who must both approve, and do so at once, one is the last."""
    log = DecisionLog(url)
    for _ in range(10):
        entry = asked(log, SHARED)
        others = [DecisionLog(url) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            people = zip(others, ("gérant", "comptable"), strict=True)
            asking = [pool.submit(answer, each, entry.id, "approve", by) for each, by in people]
            said = [each.result() for each in asking]
        assert sorted(each.kind for each in said) == [AGREEMENT, REVIEW]
        assert proposal(log, entry.id).status == "approve"
        for each in others:
            each.close()
    log.close()


def test_two_who_approve_at_once_are_both_heard(tmp_path: Path) -> None:
    at_once(f"sqlite:///{tmp_path}/decisions.db")


def test_two_who_approve_at_once_are_both_heard_in_postgresql() -> None:
    with cluster() as made:
        at_once(made.url)


# ---- the name of a key

KEYS = {"gérant": "cle-du-gerant-1234", "Léa": "cle-de-lea-12345678", "": "cle-sans-nom-123456"}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    monkeypatch.chdir(tmp_path)
    Path("gestes.regles").write_text(TEXT, encoding="utf-8")
    keeper = Keeper(DecisionLog(URL), approvers=Approvers({"comptable": ["Léa"]}))
    told = [f"{name}={key}" if name else key for name, key in KEYS.items()]
    yield local(Path("gestes.regles"), keys=told, keeper=keeper)
    keeper.close()


def sent(service: Local, path: str, body: Mapping[str, Any], whose: str, **headers: str) -> httpx2.Response:
    return service.post(path, body, x_api_key=KEYS[whose], **headers)


def decided_over_http(service: Local, amount: str) -> str:
    answered = sent(service, "/decide", {"facts": {"amount": amount}}, "")
    return f"/approvals/{answered.json()['id']}"


def test_who_approves_is_whose_key_it_is(service: Local) -> None:
    path = decided_over_http(service, MANAGED)
    told = sent(service, path, {"verdict": "approve"}, "gérant").json()
    assert (told["status"], told["answer"]["by"], told["answer"]["for"]) == ("approve", "gérant", ["manager"])


@pytest.mark.parametrize(
    ("whose", "by", "code"),
    [("Léa", None, "E738"), ("Léa", "léa", "E738"), ("Léa", "gérant", "E739"), ("gérant", "Léa", "E739"),
     ("", "gérant", "E745"), ("", None, "E745")],
)  # fmt: skip
def test_another_key_is_refused_in_both_languages(service: Local, whose: str, by: str | None, code: str) -> None:
    path = decided_over_http(service, MANAGED)
    body = {"verdict": "approve"} if by is None else {"verdict": "approve", "by": by}
    said = set()
    for language in ("fr", "en"):
        answered = sent(service, path, body, whose, accept_language=language)
        assert (answered.status_code, answered.headers["content-language"]) == (403, language)
        (problem,) = answered.json()["problems"]
        assert problem["code"] == code
        said.add(problem["message"])
    assert len(said) == 2
    assert sent(service, path, {"verdict": "approve", "by": "Gérant"}, "gérant").json()["status"] == "approve"


def test_keys_of_several_approve_together(service: Local) -> None:
    path = decided_over_http(service, SHARED)
    told = sent(service, path, {"verdict": "approve"}, "Léa").json()
    assert (told["status"], [each["who"] for each in told["awaited"]]) == ("waiting", ["manager"])
    assert sent(service, path, {"verdict": "approve"}, "Léa").json()["problems"][0]["code"] == "E732"
    assert sent(service, path, {"verdict": "approve"}, "gérant").json()["status"] == "approve"


def test_a_key_with_a_name_answers_where_nobody_is_named(service: Local) -> None:
    told = sent(service, decided_over_http(service, FREE), {"verdict": "approve"}, "Léa").json()
    assert told["answer"]["by"] == "Léa"


def test_the_command_serves_with_keys_that_have_names(tmp_path: Path) -> None:
    (tmp_path / "gestes.regles").write_text(TEXT, encoding="utf-8")
    (tmp_path / "rulec.toml").write_text(SETTINGS, encoding="utf-8")
    told = "Léa Martin = cle-de-lea-12345678\nagent=cle-de-l-agent-123\ncle-sans-nom-123456=\n"
    (tmp_path / "cles").write_text(told, encoding="utf-8")
    with serving("gestes.regles", "--log", URL, "--key-file", "cles", folder=tmp_path) as (url, _):
        with httpx2.Client(base_url=url, headers={"x-api-key": "cle-sans-nom-123456="}) as plain:
            id_ = plain.post("/decide", json={"facts": {"amount": MANAGED}}).json()["id"]
        said = {}
        for key in ("cle-de-l-agent-123", "cle-de-lea-12345678"):
            head = {"authorization": f"Bearer {key}"}
            said[key] = httpx2.post(f"{url}/approvals/{id_}", json={"verdict": "approve"}, headers=head)
    assert [each.status_code for each in said.values()] == [403, 200]
    assert json.loads(said["cle-de-lea-12345678"].text)["answer"]["by"] == "Léa Martin"


@pytest.mark.parametrize(
    ("told", "code"),
    [("gérant=cle-du-gerant-1234\ncomptable=cle-du-gerant-1234", "E939"), ("gérant=courte", "E976"),
     (f"{'x' * 101}=cle-du-gerant-1234", "E976"), ("gérant=cle du gerant 1234", "E976")],
)  # fmt: skip
def test_keys_that_name_nobody_surely_are_refused(run: Run, tmp_path: Path, told: str, code: str) -> None:
    (tmp_path / "cles").write_text(told, encoding="utf-8")
    for lang in ("fr", "en"):
        assert code in run("serve", "gestes.regles", "--http", "0", "--key-file", "cles", lang=lang)[2]
