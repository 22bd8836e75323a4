"""Shadow mode: new rules decide beside those in force, in the log alone; what they would change is told."""

import asyncio
import json
import re
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from clusters import cluster
from logs import Run, running
from services import local, serving, watch_over

from rulec.log.entry import DECISION, SHADOW, Entry
from rulec.log.store import DecisionLog
from rulec.log.verify import verify
from rulec.service.keeping import Keeper

OLD = """
Une commande [order] a :
  - un montant (en €), principal [amount]
On connaît :
  - un client fidèle (oui/non) [loyal]
On décide :
  - la remise (pourcentage), la plus élevée l'emporte, 0 % par défaut [discount]
  - les frais de port (en €) [shipping]
Si client fidèle alors remise 10 %
Les frais de port sont de 5 €
"""
NEW = OLD.replace("10 %", "12 %").replace("de 5 €", "de 4 €")
ENGLISH = """
We know:
  - a loyal customer (yes/no) [loyal]
We decide:
  - the discount (percentage) [discount], 0% by default
If loyal customer then discount 10%
"""
URL = "sqlite:///decisions.db"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return running(tmp_path, monkeypatch, capsys, remises=OLD, nouvelles=NEW)


def kept(kind: str, count: int) -> list[Entry]:
    """The entries of a kind, once there are so many: a shadow is written after the answer."""
    found = list[Entry]()
    for _ in range(200):
        with closing(DecisionLog(URL)) as log:
            found = list(log.entries(kind))
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{len(found)} of {count}")


def test_new_rules_decide_beside_and_only_the_log_says_so(run: Run, tmp_path: Path) -> None:
    facts = [{"order": {"amount": "620"}, "loyal": True}, {"order": {"amount": "30"}, "loyal": False}]
    with serving("remises.regles", "--shadow", "nouvelles.regles", "--log", URL, folder=tmp_path) as (address, _):
        answers = [httpx2.post(f"{address}/decide", json={"facts": each}).json() for each in facts]
        answers += httpx2.post(f"{address}/decide-many", json={"facts": facts}).json()["decisions"]
        shadows = kept(SHADOW, 4)
        assert 'rulec_shadows_total{rules="remises",result="differ"} 4' in httpx2.get(f"{address}/metrics").text
    assert [each["outcomes"]["discount"]["value"] for each in answers] == ["0.1", "0", "0.1", "0"]
    assert [each.about for each in shadows] == [each["id"] for each in answers]
    assert [each.content["differs"] for each in shadows] == [["discount", "shipping"], ["shipping"]] * 2
    with closing(DecisionLog(URL)) as log:
        assert verify(log).damage == ()
    status, out, _ = run("log", "shadow", "nouvelles.regles", "--log", URL)
    first = answers[0]["id"][:12]
    assert (status, out.splitlines()[:5]) == (1, [
        "Sur 4 cas de sqlite:///decisions.db, 4 changent (100 %).",
        "remise : 2 changent (50 %)",
        "  10 % → 12 % : 2",
        f"      par exemple 1 ({first}) : montant (commande) : 620 €, client fidèle : oui",
        out.splitlines()[4],
    ])  # fmt: skip
    assert "frais de port : 4 changent (100 %) ; somme 20 € → 16 € (-4 €)" in out
    told = json.loads(run("log", "shadow", "nouvelles.regles", "--format", "json")[1])
    assert (told["changed"], told["uncompared"], told["cases"][0]["decisions"][0]) == (4, 0, answers[0]["id"])
    assert "620 €" not in run("log", "shadow", "nouvelles.regles", "--mask", "order.amount")[1]
    assert "à blanc" in run("log", "show")[1]


def test_the_past_is_decided_again_by_new_rules(run: Run, tmp_path: Path) -> None:
    with serving("remises.regles", "--log", URL, folder=tmp_path) as (address, _):
        httpx2.post(f"{address}/decide", json={"facts": {"order": {"amount": "620"}, "loyal": True}})
    status, _, err = run("log", "shadow", "nouvelles.regles")
    assert (status, "E742" in err) == (1, True)
    status, out, _ = run("log", "shadow", "nouvelles.regles", "--again")
    assert (status, "10 % → 12 % : 1" in out) == (1, True)
    Path("new.rules").write_text(ENGLISH, encoding="utf-8")
    status, out, _ = run("log", "shadow", "new.rules", "--again", lang="en")
    assert (status, "discount: none changes" in out) == (1, True)
    assert run("log", "shadow", "remises.regles", "--again")[0] == 0


def test_new_rules_that_cannot_decide_harm_nobody(run: Run) -> None:
    Path("nouvelles.regles").write_text(NEW.replace("(en €), principal", "(en €) de 0 à 100, principal"), "utf-8")
    watch = watch_over(remises=Path("nouvelles.regles"))
    service = local(Path("remises.regles"), keeper=Keeper(DecisionLog(URL)), beside=watch)
    answer = service.post("/decide", {"facts": {"order": {"amount": "620"}, "loyal": True}})
    assert (answer.status_code, answer.json()["status"]) == (200, "decided")
    asyncio.run(service.service.answering.close())
    (shadow,) = kept(SHADOW, 1)
    assert (shadow.status, [each["key"] for each in shadow.content["problems"]]) == ("rejected", ["order.amount"])
    status, out, _ = run("log", "shadow", "nouvelles.regles")
    assert (status, "accepté" in out, "order.amount" in out) == (1, True, True)
    assert len(kept(DECISION, 1)) == 1
    assert "faits refusés" in run("log", "show", answer.json()["id"])[1]


def test_rules_in_shadow_are_read_again_when_they_change(run: Run, tmp_path: Path) -> None:
    facts, values = {"order": {"amount": "620"}, "loyal": True}, [""]
    with serving("remises.regles", "--shadow", "remises=nouvelles.regles", "--log", URL, folder=tmp_path) as (at, said):
        httpx2.post(f"{at}/decide", json={"facts": facts})
        kept(SHADOW, 1)
        Path("nouvelles.regles").write_text(NEW.replace("12 %", "15 %"), encoding="utf-8")
        for count in range(2, 100):
            httpx2.post(f"{at}/decide", json={"facts": facts})
            values = [each.decision["outcomes"]["discount"]["value"] for each in kept(SHADOW, count)]
            if values[-1] == "0.15":
                break
            time.sleep(0.1)
    assert (values[0], values[-1]) == ("0.12", "0.15")
    assert any("essayées à blanc" in line for line in said)
    out = run("log", "shadow", "nouvelles.regles")[1]
    assert "10 % → 15 % : 1" in out
    assert "autres versions" in out


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_cannot_be_compared_is_refused(run: Run, lang: str) -> None:
    at = ["--http", "0"]
    assert "E740" in run("serve", "remises.regles", "--shadow", "nouvelles.regles", "--log", "none", *at, lang=lang)[2]
    assert "E741" in run("serve", "remises.regles", "--shadow", "x=nouvelles.regles", *at, lang=lang)[2]
    two = ["serve", "remises.regles", "a=remises.regles", "--shadow", "nouvelles.regles", *at]
    assert "E741" in run(*two, lang=lang)[2]
    assert run("serve", "remises.regles", "--shadow", "nowhere.regles", *at, lang=lang)[0] != 0


def test_a_log_in_postgresql_tells_the_same(run: Run, tmp_path: Path) -> None:
    facts = [{"order": {"amount": str(amount)}, "loyal": amount > 100} for amount in (30, 620)]
    told = []
    with cluster("-c fsync=off") as postgres:
        for url in (URL, postgres.url):
            with serving("remises.regles", "--shadow", "nouvelles.regles", "--log", url, folder=tmp_path) as (at, _):
                httpx2.post(f"{at}/decide-many", json={"facts": facts})
            shadow = run("log", "shadow", "nouvelles.regles", "--log", url, "--mask", "loyal")[1]
            report = run("report", "remises.regles", "--log", url, "--minutes", "3")[1]
            review = run("review", "list", "--share", "100%", "--log", url)[1]
            told.append(
                [re.sub(r"[0-9a-f]{12}|de (sqlite|postgresql)\S+", "…", each) for each in (shadow, report, review)]
            )
    assert told[0] == told[1]
    assert "Sur 2 cas … 2 changent" in told[0][0]
    assert "•••" in told[0][0]


def test_what_was_erased_is_neither_shown_nor_decided_again(run: Run, tmp_path: Path) -> None:
    named = OLD.replace("On décide :", "  - un nom (texte) [name]\nOn décide :\n  - le mot (texte), facultatif [word]")
    for path, text in (("remises.regles", named), ("nouvelles.regles", named.replace("10 %", "12 %"))):
        Path(path).write_text(text + "Si client fidèle alors le mot est le nom\n", encoding="utf-8")
    facts = [{"loyal": True, "name": "Zoé Martin"}, {"loyal": True, "name": "Ana Roy"}]
    with serving("remises.regles", "--shadow", "nouvelles.regles", "--log", URL, folder=tmp_path) as (at, _):
        httpx2.post(f"{at}/decide-many", json={"facts": facts})
    assert run("log", "erase", "--fact", "name", "--where", "name=Zoé Martin", "--by", "Ana")[0] == 0
    out = run("log", "shadow", "nouvelles.regles")[1]
    assert ("10 % → 12 % : 2" in out, "mot : aucun ne change" in out, "Zoé" in out) == (True, True, False)
    out = run("log", "shadow", "nouvelles.regles", "--again")[1]
    assert ("10 % → 12 % : 1" in out, "Décisions qui n'ont pas été comparées : 1." in out) == (True, True)
    out = run("report", "remises.regles")[1]
    assert ("•••" in out, "Ana Roy" in out, "Zoé" in out) == (True, True, False)
