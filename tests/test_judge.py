"""A judge that asks a model, through the real client, of a local server that speaks its protocol."""

import asyncio
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from messages_server import FAULTS, Service, mixed, serving, text_of

import rulec
from rulec.judgement.answers import REASONS, SETTLED, Answer, NoJudge, Question, questions_of
from rulec.judgement.claude import Claude
from rulec.judgement.judge import ModelJudge, judge_in
from rulec.judgement.pace import Pace
from rulec.judgement.settings import Settings, settings_in
from rulec.judgement.store import Store
from rulec.judgement.texts import cleaned, stands_in
from rulec.settings import SettingsError

AT = date(2026, 3, 1)
DECISIONS = int(os.environ.get("RULEC_JUDGED", "150"))
RULES = """\
A customer has:
  - a message (text)
  - a note (text)
  - an amount (in €)
  - can be loyal
We decide:
  - the discount (percentage), the highest wins, 0% by default
  - the score (number)
We can:
  - refer to the manager [refer], with a reason (text)
Judgement: a customer is unhappy, from their message
  "they complain or threaten to leave"
  yes: "I am leaving."
  no: "Thank you."
  when in doubt: refer to the manager with the reason "unhappy?"
Judgement: a topic among delivery, invoice, other, from the customer's message
  "what the message is mostly about"
  when in doubt: refer to the manager with the reason "topic?"
Judgement: a customer is rude, from their note
  "they insult somebody"
  when in doubt: refer to the manager with the reason "rude?"
If the customer seems unhappy and the amount exceeds €100 then the discount is 10%
If the topic seems delivery and the customer is loyal then the score is 3
If the customer seems rude and the amount exceeds €1,000 then the discount is 5%
"""
MAIL = "My parcel never came. I am leaving you!"
FACTS: dict[str, Any] = {"customer": {"message": MAIL, "note": "fine", "amount": "200", "loyal": True}}


@pytest.fixture(scope="module")
def rules() -> rulec.RuleSet:
    return rulec.loads(RULES, language="en")


def by_words(text: str, questions: list[str]) -> dict[str, dict[str, str]]:
    """Unhappy where they leave, about delivery where a parcel is named; in doubt where neither word stands."""
    first = " ".join(text.split()[:2])
    unhappy = {"answer": "yes", "quote": "leaving"} if "leaving" in text else {"answer": "no", "quote": first}
    topic = {"answer": "delivery", "quote": "parcel"} if "parcel" in text else {"answer": "other", "quote": first}
    return dict(zip(questions, [unhappy, topic, topic], strict=False))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key of the tests")
    with serving(Service(by_words)) as running:
        yield running


MADE: list[ModelJudge] = []


def judge_at(url: str, **settings: Any) -> ModelJudge:
    """A judge that asks that address, and forgets with the test."""
    told = replace(Settings(base_url=url, deadline=5.0), **settings)
    MADE.append(ModelJudge(told, Store(":memory:"), Claude(told)))
    return MADE[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Judges are closed after each test."""
    yield
    while MADE:
        MADE.pop().close()


# ---- what is asked, and when


def test_what_is_open_on_a_text_is_one_call(rules: rulec.RuleSet, service: Service) -> None:
    judge = judge_at(service.url)
    decision = rules.decide(FACTS, at=AT, judge=judge)
    assert (decision.status, str(decision["discount"]), decision["score"]) == ("decided", "0.1", 3)
    (request,) = service.asked
    assert sorted(request["output_config"]["format"]["schema"]["properties"]) == ["q1", "q2"]
    assert text_of(request) == MAIL
    assert [(each.path, each.answer, each.quote) for each in decision.judgements] == [
        ("customer.unhappy", True, "leaving"), ("topic", "delivery", "parcel"),
    ]  # fmt: skip


def test_nothing_is_asked_that_the_decision_does_not_depend_on(rules: rulec.RuleSet, service: Service) -> None:
    facts = {"customer": {**FACTS["customer"], "amount": "50", "loyal": False}}
    decision = rules.decide(facts, at=AT, judge=judge_at(service.url))
    assert (decision.status, service.asked, decision.judgements) == ("decided", [], ())
    given = {**FACTS, "topic": "invoice"} | {"customer": {**FACTS["customer"], "unhappy": False}}
    rules.decide(given, at=AT, judge=judge_at(service.url))
    assert service.asked == []  # answers that are given are not asked for


def test_of_two_texts_the_second_is_asked_about_only_if_it_still_matters(
    rules: rulec.RuleSet, service: Service
) -> None:
    rude = {"customer": {**FACTS["customer"], "amount": "2000"}}
    rules.decide(rude, at=AT, judge=judge_at(service.url))
    assert [text_of(each) for each in service.asked] == [MAIL]  # 10 % wins over the 5 % of who is rude
    calm = {"customer": {**rude["customer"], "message": "Thank you"}}
    rules.decide(calm, at=AT, judge=judge_at(service.url))
    assert [text_of(each) for each in service.asked[1:]] == ["Thank you", "fine"]


def test_a_text_that_is_not_given_is_not_asked_about(rules: rulec.RuleSet, service: Service) -> None:
    facts = {"customer": {"amount": "200", "loyal": False}}
    decision = rules.decide(facts, at=AT, judge=judge_at(service.url))
    assert (decision.status, decision.missing, service.asked) == ("undetermined", ("customer.unhappy",), [])


def test_the_fixed_part_comes_first_and_is_kept_by_the_service(rules: rulec.RuleSet, service: Service) -> None:
    judge = judge_at(service.url)
    rules.decide(FACTS, at=AT, judge=judge)
    rules.decide({"customer": {**FACTS["customer"], "message": "Where is my parcel?"}}, at=AT, judge=judge)
    one, other = (request["system"] for request in service.asked)
    assert one == other
    assert one[0]["cache_control"] == {"type": "ephemeral"}
    assert all(said in one[0]["text"] for said in ("they complain or threaten to leave", "I am leaving.", "delivery"))
    assert "temperature" not in service.asked[0]


def test_asked_again_nothing_is_asked_of_the_model(rules: rulec.RuleSet, service: Service) -> None:
    judge = judge_at(service.url)
    first, second = (rules.decide(FACTS, at=AT, judge=judge) for _ in range(2))
    assert (first, len(service.asked), judge.calls) == (second, 1, 1)
    assert [each.cached for each in (*first.judgements, *second.judgements)] == [False, False, True, True]
    kept = list(judge.store.all())
    assert [(each.path, each.value, each.quote, each.reason, each.model) for each in kept] == [
        ("customer.unhappy", "true", "leaving", "", "claude-haiku-5-5"),
        ("topic", '"delivery"', "parcel", "", "claude-haiku-5-5"),
    ]
    assert all(each.seconds > 0 and each.cost > 0 and each.at > 0 and each.prompt == 1 for each in kept)
    replay = ModelJudge(judge.settings, judge.store, Claude(Settings(base_url="http://127.0.0.1:9")), replay=True)
    assert rules.decide(FACTS, at=AT, judge=replay) == first
    elsewhere = rules.decide({"customer": {**FACTS["customer"], "message": "Hm"}}, at=AT, judge=replay)
    assert {each.reason for each in elsewhere.judgements} == {"not_kept"}


def test_both_forms_decide_the_same(rules: rulec.RuleSet, service: Service) -> None:
    judge = judge_at(service.url)

    async def several() -> list[object]:
        return list(await asyncio.gather(*(rules.adecide(FACTS, at=AT, judge=judge) for _ in range(3))))

    assert asyncio.run(several()) == [rules.decide(FACTS, at=AT, judge=judge)] * 3
    assert asyncio.run(rules.adecide(FACTS, at=AT)) == rules.decide(FACTS, at=AT)


def test_the_decision_says_what_was_judged(rules: rulec.RuleSet, service: Service) -> None:
    told = rules.decide(FACTS, at=AT, judge=judge_at(service.url)).to_json()
    assert told["judgements"] == [
        {"key": "customer.unhappy", "question": "customer unhappy", "status": "decided", "answer": True,
         "quote": "leaving", "model": "claude-haiku-5-5", "cached": False, "cost": "0.000015"},
        {"key": "topic", "question": "topic", "status": "decided", "answer": "delivery", "quote": "parcel",
         "model": "claude-haiku-5-5", "cached": False, "cost": "0.000015"},
    ]  # fmt: skip
    doubt = rules.decide(FACTS, at=AT, judge=NoJudge()).to_json()
    assert "judgements" not in rules.decide(FACTS, at=AT).to_json()
    assert doubt["judgements"][0] == {  # type: ignore[index]  # a list
        "key": "customer.unhappy", "question": "customer unhappy", "status": "in_doubt", "reason": "no_judge",
        "model": "", "cached": False,
    }  # fmt: skip
    assert doubt["status"] == "in_doubt"


# ---- what goes wrong

REASON = {
    "refusal": "refusal", "malformed": "malformed", "truncated": "malformed", "429": "busy", "500": "server",
    "529": "busy", "hanging": "late", "wrong enum": "malformed", "other quote": "quote", "no quote": "quote",
    "unsure": "unsure", "closed": "offline", "slow": "",
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_is_in_doubt_with_the_reason(rules: rulec.RuleSet, service: Service, fault: str) -> None:
    service.fault = lambda: fault
    judge = judge_at(service.url, deadline=1.0, retries=1)
    start = time.monotonic()
    decision = rules.decide(FACTS, at=AT, judge=judge)
    assert time.monotonic() - start < 10 * judge.settings.deadline
    assert {each.reason for each in decision.judgements} == {REASON[fault]}
    assert decision.status == ("in_doubt" if REASON[fault] else "decided")
    assert len(service.asked) == (2 if REASON[fault] in ("busy", "server", "offline") else 1)
    asked = [dict(action.parameters) for action in decision.actions]
    assert asked == ([{"reason": "unhappy?"}, {"reason": "topic?"}] if REASON[fault] else [])
    assert {each.reason for each in judge.store.all()} == {REASON[fault]}
    unread = fault in ("429", "500", "529", "hanging", "closed")  # no tokens were told
    assert {each.cost > 0 for each in judge.store.all()} == {not unread}
    service.fault = lambda: "normal"
    again = rules.decide(FACTS, at=AT, judge=judge)
    assert again.status == ("decided" if REASON[fault] not in SETTLED - {""} else "in_doubt")


def test_no_key_no_network_no_file_is_in_doubt_too(
    rules: rulec.RuleSet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    told = rules.decide(FACTS, at=AT, judge=judge_at("http://127.0.0.1:9", retries=0))
    assert {each.reason for each in told.judgements} <= {"key", "offline", "failed"}
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    told = rules.decide(FACTS, at=AT, judge=judge_at("http://127.0.0.1:9", retries=0))
    assert {each.reason for each in told.judgements} == {"offline"}
    judge = judge_at("http://127.0.0.1:9")
    judge.store.close()
    assert {each.reason for each in rules.decide(FACTS, at=AT, judge=judge).judgements} == {"failed"}
    told = rules.decide(FACTS, at=AT, judge=judge_at("not a url"))
    assert {each.reason for each in told.judgements} <= {"offline", "failed"}


def test_the_limits_are_kept(rules: rulec.RuleSet, service: Service) -> None:
    spent = judge_at(service.url, per_run=0.00001, input_price=1000.0)
    first = rules.decide(FACTS, at=AT, judge=spent)
    other = {"customer": {**FACTS["customer"], "message": "Another parcel"}}
    assert {each.reason for each in rules.decide(other, at=AT, judge=spent).judgements} == {"budget"}
    assert rules.decide(FACTS, at=AT, judge=spent) == first  # what is kept costs nothing
    limited = replace(spent.settings, per_run=0.0, per_day=0.00001)
    today = ModelJudge(limited, spent.store, spent.service)
    assert {each.reason for each in rules.decide(other, at=AT, judge=today).judgements} == {"budget"}
    for text, reason in (("x" * 20_001, "long"), (" \u200b\u202e ", "empty"), ("é" * 1_000_000, "long")):
        long = {"customer": {**FACTS["customer"], "message": text}}
        assert {each.reason for each in rules.decide(long, at=AT, judge=judge_at(service.url)).judgements} == {reason}
    assert len(service.asked) == 1


def test_answers_that_must_agree_are_asked_for_each_on_its_own(rules: rulec.RuleSet, service: Service) -> None:
    judge = judge_at(service.url, agree=3)
    decision = rules.decide(FACTS, at=AT, judge=judge)
    assert (str(decision["discount"]), decision["score"], len(service.asked)) == ("0.1", 3, 3)
    assert len(list(judge.store.all())) == 2 * (3 + 1)  # each answer, and what they agree on
    assert rules.decide(FACTS, at=AT, judge=judge) == decision
    assert len(service.asked) == 3
    alone = ModelJudge(replace(judge.settings, agree=1), judge.store, judge.service)
    rules.decide(FACTS, at=AT, judge=alone)  # one answer is another question than three
    assert len(service.asked) == 4


@pytest.mark.parametrize(("fault", "reason"), [("unsure", "disagree"), ("refusal", "disagree"), ("500", "server")])
def test_one_answer_that_differs_is_a_doubt(rules: rulec.RuleSet, service: Service, fault: str, reason: str) -> None:
    faults = iter(["normal", fault, "normal"])
    service.fault = lambda: next(faults)
    judge = judge_at(service.url, agree=3, retries=0)
    decision = rules.decide(FACTS, at=AT, judge=judge)
    assert {each.reason for each in decision.judgements} == {reason}
    assert {(each.answer, each.quote) for each in decision.judgements} == {(None, "")}
    service.fault = lambda: "normal"
    again = {each.reason for each in rules.decide(FACTS, at=AT, judge=judge).judgements}
    assert again == ({"disagree"} if reason == "disagree" else {""})  # a failure is no answer: it is asked again


def test_no_more_is_asked_in_a_minute_than_allowed(
    rules: rulec.RuleSet, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("rulec.judgement.pace.time.monotonic", lambda: clock[0])
    judge = judge_at(service.url, per_minute=2, deadline=5.0)

    def reasons(number: int) -> set[str]:
        message = f"My parcel {number} never came. I am leaving you!"
        facts = {"customer": {**FACTS["customer"], "message": message}}
        return {each.reason for each in rules.decide(facts, at=AT, judge=judge).judgements}

    assert [reasons(1), reasons(2), reasons(3)] == [{""}, {""}, {"rate"}]
    clock[0] += 60
    assert reasons(3) == {""}  # what was too much is asked later
    assert len(service.asked) == 3


def test_a_turn_that_comes_soon_is_waited_for() -> None:
    pace = Pace(2)
    assert (pace.wait(5.0), pace.wait(5.0), pace.wait(5.0)) == (0.0, 0.0, None)
    waited = pace.wait(61.0)
    assert waited is not None
    assert 59 < waited <= 60
    assert pace.wait(61.0) is not None
    assert pace.wait(61.0) is None  # two turns are taken in that minute
    assert [Pace(0).wait(0.1) for _ in range(100)] == [0.0] * 100


class Wild:
    """A judge that does what it should not."""

    def __init__(self, *answers: Answer, error: bool = False) -> None:
        self._answers, self._error = answers, error

    async def answers(self, text: str, questions: list[Question]) -> list[Answer]:
        if self._error:
            raise ZeroDivisionError
        return list(self._answers)


def test_a_judge_of_somebody_else_is_held_to_the_answers(rules: rulec.RuleSet) -> None:
    for judge in (Wild(error=True), Wild(), Wild(Answer("customer.discount", True))):
        told = rules.decide(FACTS, at=AT, judge=judge)  # type: ignore[arg-type]  # close enough
        assert {each.reason for each in told.judgements} == {"failed"}
    wild = Wild(Answer("customer.unhappy", "definitely"), Answer("topic", "a free holiday"))
    assert {each.reason for each in rules.decide(FACTS, at=AT, judge=wild).judgements} == {"value"}  # type: ignore[arg-type]  # close enough
    right = Wild(Answer("customer.unhappy", False, "x"), Answer("topic", "other", "y"))
    assert rules.decide(FACTS, at=AT, judge=right).status == "decided"  # type: ignore[arg-type]  # close enough


# ---- many decisions


def expected(rules: rulec.RuleSet, facts: dict[str, object]) -> rulec.Decision:
    """The decision if every judgement is answered as the server would."""
    message = str(facts["message"])
    told = by_words(message, ["q1", "q2"])
    return rules.decide(
        {**facts, "unhappy": told["q1"]["answer"], "topic": told["q2"]["answer"], "rude": False}, at=AT
    )  # fmt: skip


def test_no_fault_ever_gives_a_wrong_outcome(rules: rulec.RuleSet, service: Service) -> None:
    service.fault, service.hang = mixed(7, 0.5), 0.4
    judge, random = judge_at(service.url, deadline=0.3, retries=1), Random(8)
    statuses, took, judged = set[str](), list[float](), list[tuple[str, str, str]]()
    for number in range(DECISIONS):
        words = random.sample(["my parcel", "I am leaving", "thank you", "the invoice", "<b>", "quick"], 3)
        message = f"{' '.join(words)} {number % (DECISIONS // 2 + 1)}"
        facts = {"message": message, "note": f"fine {number}", "amount": random.choice([50, 200, 2000])}
        facts["loyal"] = random.random() < 0.5
        start = time.monotonic()
        decision = rules.decide(facts, at=AT, judge=judge)
        took.append(time.monotonic() - start)
        judged += [(each.path, each.quote, each.reason) for each in decision.judgements if not each.cached]
        right = expected(rules, facts)
        for key, outcome in decision.outcomes.items():
            if outcome.status in ("decided", "not_applicable"):
                assert (outcome.status, outcome.value) == (right.outcomes[key].status, right.outcomes[key].value)
            else:
                assert outcome.status == "in_doubt"
        assert all(each.reason in REASONS for each in decision.judgements if each.reason)
        statuses.add(decision.status)
    assert statuses == {"decided", "in_doubt"}
    assert sorted(took)[len(took) * 95 // 100] < 2 * 0.3 + 1.0  # two texts, each within its deadline
    fresh = sum(len(request["output_config"]["format"]["schema"]["properties"]) for request in service.asked)
    kept = list(judge.store.all())
    assert Counter(judged) == Counter((each.path, each.quote, each.reason) for each in kept)
    assert len(kept) <= fresh  # an answer a question that was asked, its further attempts aside
    assert {each.reason for each in kept} >= {"", "quote", "refusal", "malformed", "unsure"}


# ---- the text


def test_what_nobody_sees_is_taken_out() -> None:
    assert cleaned("I\u200b am\u202e le\u2060aving\U000e0041 \ufe0fyou\x00\ud800 ") == "I am leaving you?"
    assert cleaned("line\n\tline") == "line\n\tline"


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("I am leaving", True), ("i AM\n leaving", True), ("« leaving you »", True), ("don’t", True), ("do", False),
        ("leav", False), ("", False), ("!", False), ("…", False), ("not there", False),
    ],
)  # fmt: skip
def test_a_quote_is_made_of_whole_words_of_the_text(quote: str, stands: bool) -> None:
    assert stands_in(quote, "Well, I am leaving you: don't call!") == stands


def test_a_quote_of_what_was_escaped_stands_in_the_text(rules: rulec.RuleSet, service: Service) -> None:
    text = "the parcel <b>never</b> came & I am leaving"
    service.answers = lambda _, questions: {
        each: {"answer": "yes" if each == "q1" else "other", "quote": "&lt;b&gt;never&lt;/b&gt; came &amp; I"}
        for each in questions
    }
    decision = rules.decide({"customer": {**FACTS["customer"], "message": text}}, at=AT, judge=judge_at(service.url))
    assert {each.quote for each in decision.judgements} == {"<b>never</b> came & I"}


# ---- settings


def test_settings_come_from_the_file_then_the_environment(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert settings_in(below, {}) is None
    (tmp_path / "rulec.toml").write_text('[judgement]\nmodel = "m"\ndeadline = 3\nstore = "x.sqlite"\n', "utf-8")
    told = settings_in(below, {"RULEC_JUDGEMENT_DEADLINE": "2.5", "RULEC_JUDGEMENT_RETRIES": "0"})
    assert told is not None
    assert (told.model, told.deadline, told.retries) == ("m", 2.5, 0)
    assert told.store == str(tmp_path / "x.sqlite")
    alone = settings_in(Path("/"), {"RULEC_JUDGEMENT_MODEL": "n", "RULEC_JUDGEMENT_STORE": ":memory:"})
    assert (alone and alone.model, alone and alone.store) == ("n", ":memory:")


@pytest.mark.parametrize(
    "text",
    [
        "[judgement]\nmodell = 'x'", "[judgement]\ndeadline = true", "judgement = 3", "[judgement",
        "[judgement]\nretries = 'two'", "[judgement]\nper_day = -1", "[judgement]\nmodel = []",
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "rulec.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError):
        settings_in(tmp_path, {})


def test_a_judge_is_made_where_one_is_configured(tmp_path: Path) -> None:
    assert judge_in(tmp_path) is None or "RULEC_JUDGEMENT_MODEL" in os.environ
    (tmp_path / "rulec.toml").write_text('[judgement]\nmodel = "m"\n', "utf-8")
    judge = judge_in(tmp_path)
    assert judge is not None
    assert (tmp_path / "judgements.sqlite").exists()
    judge.close()
    (tmp_path / "rulec.toml").write_text('[judgement]\nstore = "no/such/folder.sqlite"\n', "utf-8")
    with pytest.raises(sqlite3.Error):
        judge_in(tmp_path)


def test_questions_are_those_of_the_plan(rules: rulec.RuleSet) -> None:
    assert [each.title for each in questions_of(rules.plan)] == ["customer unhappy", "topic", "customer rude"]
