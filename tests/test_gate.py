"""A gate: allow, deny or ask before a tool is called, why in one sentence, and closed whatever goes wrong."""

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anthropic
import pytest
from anthropic.types import ToolUseBlock
from hypothesis import given, settings
from hypothesis import strategies as st
from talking import calls, results, said, says, talking

import rulec
from rulec.log.approvals import answer, proposals
from rulec.log.errors import LogError
from rulec.log.store import DecisionLog
from rulec.log.verify import verify
from rulec.source import Language

TEXTS: Mapping[Language, str] = {
    "fr": """\
Utiliser garde
On connaît :
  - un outil parmi rembourser [refund], écrire [write], chercher [search] [tool]
Un remboursement [refund] a :
  - un montant (en €) [amount]
Un client [customer] a :
  - il peut être fidèle [loyal]
Si l'outil est rembourser et le montant est d'au plus 200 € alors autoriser.
Règle « Fidélité » : si l'outil est rembourser, le montant est d'au plus 500 € et le client est fidèle alors autoriser.
Si l'outil est rembourser et le montant dépasse 1 000 €
  alors refuser avec le motif « au-delà de 1 000 €, un gérant rembourse ».
Si l'outil est écrire alors autoriser avec le motif « écrire ne coûte rien ».
Autonomie : exécuter si l'outil n'est pas rembourser, exécuter si le montant ne dépasse pas 50 €, sinon proposer.
Demander l'accord du gérant si l'outil est rembourser et le montant dépasse 100 €.
""",
    "en": """\
Use gate
We know:
  - a tool among refund, write, search
A refund has:
  - an amount (in €)
A customer has:
  - can be loyal
If the tool is refund and the amount is at most €200 then allow.
Rule "Loyalty": if the tool is refund and the amount is at most €500 and the customer is loyal then allow.
If the tool is refund and the amount exceeds €1,000 then deny with the reason "beyond €1,000, a manager refunds".
If the tool is write then allow with the reason "writing costs nothing".
Autonomy: act if the tool is not refund, act if the amount does not exceed €50, otherwise propose.
Ask for the manager's approval if the tool is refund and the amount exceeds €100.
""",
}
RULES = {language: rulec.loads(text, language) for language, text in TEXTS.items()}
SAID = [  # tool, arguments, facts beside them → verdict, why in both languages
    ("refund", {"amount": 40}, {}, "allow", "Autorisé : règle de regles, ligne 8.", "Allowed: rule of rules, line 8."),
    ("refund", {"amount": "80"}, {}, "ask", "Accord à obtenir (d'une personne) : règle de regles, ligne 8.",
     "Approval needed (a person): rule of rules, line 8."),
    ("refund", {"amount": "150.00"}, {}, "ask", "Accord à obtenir (du gérant) : règle de regles, ligne 8.",
     "Approval needed (the manager): rule of rules, line 8."),
    ("refund", {"amount": "400"}, {"customer": {"loyal": True}}, "ask",
     "Accord à obtenir (du gérant) : règle « Fidélité » (regles, ligne 9).",
     'Approval needed (the manager): rule "Loyalty" (rules, line 9).'),
    ("refund", {"amount": "400"}, {}, "ask", "Avant d'agir, il manque : fidèle (client).",
     "Before acting, this is missing: loyal (customer)."),
    ("refund", {}, {"customer": {"loyal": False}}, "ask", "Avant d'agir, il manque : montant (remboursement).",
     "Before acting, this is missing: amount (refund)."),
    ("refund", {"amount": "400"}, {"customer": {"loyal": False}}, "deny",
     "Refusé : aucune règle n'autorise « refund ».", 'Denied: no rule allows "refund".'),
    ("refund", {"amount": "1500"}, {}, "deny", "Refusé : au-delà de 1 000 €, un gérant rembourse.",
     "Denied: beyond €1,000, a manager refunds."),
    ("write", {}, {}, "allow", "Autorisé : écrire ne coûte rien.", "Allowed: writing costs nothing."),
    ("search", {}, {}, "deny", "Refusé : aucune règle n'autorise « search ».", 'Denied: no rule allows "search".'),
    ("write", {"text": "x"}, {}, "deny", "Refusé : les règles ne connaissent pas « write ».",
     'Denied: the rules do not know "write".'),
    ("refund", {"amount": "1"}, {"tool": "write"}, "deny", "Refusé : « refund » est donné deux fois.",
     'Denied: "refund" is given twice.'),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "arguments", "facts", "verdict", "french", "english"), SAID)
def test_a_gate_says_whether_a_call_may_go_on_and_why(
    tool: str, arguments: dict[str, Any], facts: dict[str, Any], verdict: str, french: str, english: str
) -> None:
    for language, why in (("fr", french), ("en", english)):
        said = rulec.gate(RULES["fr" if language == "fr" else "en"])(
            {"name": tool, "input": arguments}, facts, "2026-03-01"
        )
        assert (said.verdict, said.why.replace("\u00a0", " "), bool(said)) == (verdict, why, verdict == "allow")
    spoken = rulec.gate(RULES["en"], language="fr")({"name": tool, "input": arguments}, facts)
    assert spoken.why.split(" ")[0] == french.split(" ")[0]


def test_what_is_asked_can_be_answered() -> None:
    """Missing facts come as questions, an agreement as who must agree."""
    ask = rulec.gate(RULES["fr"])
    missing = ask({"name": "refund", "input": {"amount": "400"}})
    assert [(each.path, each.text) for each in missing.questions] == [
        ("customer.loyal", "Fidèle (client) : oui ou non ?")
    ]
    assert (missing.approvals, ask({"name": "refund", "input": {"amount": "150"}}).approvals) == ((), ("du gérant",))
    assert ask({"name": "refund", "input": {"amount": "80"}}).approvals == ()
    decision = missing.decision
    assert decision is not None
    assert decision.status == "undetermined"


@dataclass
class Call:
    name: str
    arguments: str


@pytest.mark.parametrize(
    "call",
    [
        {"name": "refund", "input": {"amount": 40}},
        {"name": "refund", "arguments": '{"amount": 40}'},
        {"name": "refund", "args": {"amount": 40.0}},
        Call("refund", '{"amount": "40"}'),
        ToolUseBlock(id="x", name="refund", input={"amount": "40 €"}, type="tool_use"),
        SimpleNamespace(name="refund", input={"amount": "40"}),
    ],
    ids=lambda call: type(call).__name__,
)
def test_calls_are_read_as_programs_hold_them(call: object) -> None:
    assert rulec.gate(RULES["fr"])(call).verdict == "allow"


class Trap:
    @property
    def name(self) -> str:
        raise RuntimeError("gone")


@pytest.mark.parametrize(
    "call",
    [None, 7, "refund", {}, {"name": "refund", "input": 7}, {"name": "", "input": {}}, {"name": 3}, Trap(),
     {"name": "refund", "arguments": "{"}, {"name": "refund", "input": {1: 2}}, {"name": "refund", "args": "[" * 9_999},
     {"name": "refund", "input": {"amount": 0.1 + 0.2}}, {"name": "refund", "input": {"amount": "-"}},
     {"name": "refund", "input": {"amount": "40", "tool": "write"}}, {"name": "Refund!", "input": {"amount": [40]}}],
)  # fmt: skip
def test_what_cannot_be_read_is_denied(call: object) -> None:
    said = rulec.gate(RULES["fr"])(call)
    assert said.verdict == "deny"
    assert said.why.startswith("Refusé : ")


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["amount", "x", ""]), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["refund", "write", "search", "x", ""]) | values,
    values,
    st.none() | st.dictionaries(st.text(max_size=4), values, max_size=2),
)
def test_a_gate_never_raises_and_allows_only_what_rules_allow(name: object, told: object, facts: Any) -> None:
    said = rulec.gate(RULES["fr"])({"name": name, "input": told}, facts)
    assert said.verdict in ("allow", "deny", "ask")
    if said:
        assert name == "write" or (isinstance(told, dict) and set(told) == {"amount"})
        assert said.decision is not None
        assert [each.key for each in said.decision.actions if each.status == "decided"] == ["allow"]


def test_rules_that_fail_deny() -> None:
    """A conflict, a division by zero, a judgement in doubt, and rules that only observe."""
    head = "Utiliser garde\nOn connaît :\n  - un outil parmi agir [act] [tool]\n  - un nombre (nombre) [count]\n"
    cases = {
        "Si 10 divisé par le nombre dépasse 1 alors autoriser.\nAutonomie : exécuter.": "un calcul est impossible",
        "Si l'outil est agir alors autoriser.\nAutonomie : observer.": "les règles ne font qu'observer",
    }
    for text, why in cases.items():
        said = rulec.gate(rulec.loads(head + text))({"name": "act"}, {"count": 0})
        assert (said.verdict, said.why) == ("deny", f"Refusé : {why}.")
    unsupervised = rulec.gate(rulec.loads(head + "Si l'outil est agir alors autoriser."))({"name": "act"})
    assert unsupervised.verdict == "ask"


def test_each_verdict_is_in_the_log_before_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "outils.regles"
    path.write_text(TEXTS["fr"], encoding="utf-8")
    url = f"sqlite:///{tmp_path}/decisions.db"
    check = rulec.gate(path, log=url)
    said = [check({"name": "refund", "input": {"amount": amount}}) for amount in ("40", "80", "1500")]
    assert check({"name": "delete"}).id == ""
    with closing(DecisionLog(url)) as log:
        entries = list(log.entries())
        assert verify(log).damage == ()
        assert [(each.id, each.facts["refund.amount"]) for each in entries] == [
            (verdict.id, amount) for verdict, amount in zip(said, ("40", "80", "1500"), strict=True)
        ]
        with log.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE rulec_entries RENAME TO elsewhere")
    closed = check({"name": "refund", "input": {"amount": "40"}})
    assert (closed.verdict, closed.why) == ("deny", "Refusé : la décision n'a pas pu être prise (LogError).")


# ---- a person is waited for


def wanted(amount: str) -> dict[str, Any]:
    return {"name": "refund", "input": {"amount": amount}}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[DecisionLog]:
    with closing(DecisionLog(f"sqlite:///{tmp_path}/decisions.db")) as log:
        yield log


def test_a_call_waits_until_a_person_answers(log: DecisionLog) -> None:
    gate, reader = rulec.gate(RULES["fr"], log), rulec.gate(RULES["en"], log)
    asked = {verdict: gate(wanted("150")) for verdict in ("approve", "refuse", "edit")}
    for each in asked.values():
        waiting = gate.poll(wanted("150"), each.id)
        assert (waiting.verdict, waiting.why, bool(waiting)) == ("ask", "En attente d'un accord (du gérant).", False)
    answer(log, asked["approve"].id, "approve", "gérant")
    answer(log, asked["refuse"].id, "refuse", "gérant", "client en litige")
    answer(log, asked["edit"].id, "edit", "gérant", "100 € suffisent", {"actions": {"allow": {"reason": "x"}}})
    said = {verdict: gate.poll(wanted("150"), each.id) for verdict, each in asked.items()}
    assert {verdict: (each.verdict, each.why) for verdict, each in said.items()} == {
        "approve": ("allow", "Autorisé : accord de gérant."),
        "refuse": ("deny", "Refusé : gérant refuse : client en litige."),
        "edit": ("deny", "Refusé : gérant veut autre chose : 100 € suffisent."),
    }
    assert reader.poll(wanted("150"), asked["refuse"].id).why == "Denied: gérant refuses: client en litige."
    assert verify(log).damage == ()


def test_an_approval_is_for_the_call_that_was_asked_about(log: DecisionLog) -> None:
    gate = rulec.gate(RULES["fr"], log)
    asked, other = gate(wanted("150")), gate(wanted("40"))
    answer(log, asked.id, "approve", "gérant")
    assert gate.poll(wanted("150,00 €"), asked.id).verdict == "allow"
    for call, facts in (
        (wanted("151"), {}), (wanted("150"), {"customer": {"loyal": True}}), ({"name": "write"}, {}), (None, {}),
        (wanted("much"), {}),
    ):  # fmt: skip
        assert gate.poll(call, asked.id, facts).verdict == "deny"
    for id_ in (other.id, "nothing", "", asked.id[:8]):
        assert gate.poll(wanted("150"), id_).verdict == "deny"
    assert rulec.gate(RULES["fr"]).poll(wanted("150"), asked.id).why == "Refusé : sans journal, rien n'attend."


def test_a_call_that_nobody_answers_in_time_is_denied(log: DecisionLog) -> None:
    gate = rulec.gate(RULES["fr"], log, patience=timedelta(seconds=0.2))
    asked = gate(wanted("150"))
    assert gate.poll(wanted("150"), asked.id).verdict == "ask"
    time.sleep(0.3)
    said = gate.poll(wanted("150"), asked.id)
    assert (said.verdict, said.why) == ("deny", "Refusé : personne n'a répondu à temps.")
    with pytest.raises(LogError):
        answer(log, asked.id, "approve", "gérant")


def test_only_what_a_person_must_approve_waits(log: DecisionLog) -> None:
    gate = rulec.gate(RULES["fr"], log)
    verdicts = [gate(wanted(amount)) for amount in ("40", "150", "400", "1500")]
    assert [each.verdict for each in verdicts] == ["allow", "ask", "ask", "deny"]
    assert [each.decision.id for each in proposals(log, answered=True)] == [verdicts[1].id]
    with pytest.raises(LogError) as refused:
        answer(log, verdicts[3].id, "approve", "gérant")
    assert refused.value.code == "E731"


# ---- in a loop


def test_an_agent_is_stopped_asked_and_let_go_in_a_loop_of_tools() -> None:
    """The model wants to refund; the gate lets small ones pass, asks a person for others, and says why to the model."""
    refunded, messages = list[str](), list[Any]()
    person = iter([True, False])

    def step(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = results(messages)
        if found:
            return [says(found[0]["content"])]
        return [calls("refund", {"amount": said(messages)[-1]}, len(messages))]

    def refund(amount: str) -> str:
        refunded.append(amount)
        return f"{amount} € remboursés"

    gate, tools = (
        rulec.gate(RULES["fr"]),
        [{"name": "refund", "description": "Rembourse", "input_schema": {"type": "object"}}],
    )
    told: Any = tools
    with talking(step) as model, anthropic.Anthropic(base_url=model.url, api_key="test") as client:
        for turn in ("40", "150", "160", "1500"):
            messages.append({"role": "user", "content": turn})
            while True:
                answer = client.messages.create(model="test", max_tokens=100, messages=messages, tools=told)
                messages.append({"role": "assistant", "content": answer.content})
                uses = [block for block in answer.content if block.type == "tool_use"]
                if not uses:
                    break
                content = []
                for use in uses:
                    verdict = gate(use)
                    may = verdict or (verdict.verdict == "ask" and not verdict.questions and next(person))
                    result = refund(str(use.input["amount"])) if may else verdict.why
                    content.append({"type": "tool_result", "tool_use_id": use.id, "content": result})
                messages.append({"role": "user", "content": content})
    replies = [
        message["content"][0].text
        for message in messages
        if message["role"] == "assistant" and message["content"][0].type == "text"
    ]
    assert refunded == ["40", "150"]
    assert replies[:2] == ["40 € remboursés", "150 € remboursés"]
    assert replies[2] == "Accord à obtenir (du gérant) : règle de regles, ligne 8."
    assert replies[3] == "Refusé : au-delà de 1 000 €, un gérant rembourse."
