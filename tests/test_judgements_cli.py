"""`rulec run` with a judge, and `rulec judgements`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from messages_server import Service, serving
from test_judge import RULES, by_words

from rulec.cli import main
from rulec.judgement.client import Told
from rulec.judgement.store import Store

Run = Callable[..., tuple[int, str, str]]
FACTS = {"customer": {"message": "My parcel never came. I am leaving you!", "amount": "200", "loyal": True}}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key of the tests")
    with serving(Service(by_words)) as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("MODEL", "STORE", "BASE_URL", "DEADLINE"):
        monkeypatch.delenv(f"RULEC_JUDGEMENT_{name}", raising=False)
    (tmp_path / "x.rules").write_text(RULES, encoding="utf-8")
    (tmp_path / "facts.json").write_text(json.dumps(FACTS), encoding="utf-8")

    def ran(*args: str) -> tuple[int, str, str]:
        status = main([*args, "--lang", "en"])
        told = capsys.readouterr()
        return status, told.out, told.err

    return ran


def configure(service: Service) -> None:
    Path("rulec.toml").write_text(f'[judgement]\nbase_url = "{service.url}"\n', encoding="utf-8")


def test_without_a_judge_what_is_open_is_in_doubt(run: Run) -> None:
    status, out, _ = run("run", "x.rules", "--facts", "facts.json")
    assert status == 0
    assert "discount: in doubt: unhappy (customer)" in out
    assert "judged, customer unhappy: in doubt (no model is configured)" in out
    assert "reason: unhappy?" in out.replace("“", "").replace('"', "")


def test_a_judge_that_is_configured_is_asked(run: Run, service: Service) -> None:
    configure(service)
    status, out, _ = run("run", "x.rules", "--facts", "facts.json")
    assert status == 0
    assert out.splitlines()[0] == "discount: 10%"
    assert any("judged, customer unhappy: yes" in line and "leaving" in line for line in out.splitlines())
    told = json.loads(run("run", "x.rules", "--facts", "facts.json", "--format", "json", "--only", "discount")[1])
    assert [each["cached"] for each in told["judgements"]] == [True, True]
    assert list(told["outcomes"]) == ["discount"]
    assert "✓ the customer seems unhappy" in run("run", "x.rules", "--facts", "facts.json", "--why")[1]
    assert len(service.asked) == 1


def test_answers_are_shown_and_written_out(run: Run, service: Service) -> None:
    configure(service)
    assert run("judgements", "show")[0] == 2  # nothing was ever asked
    run("run", "x.rules", "--facts", "facts.json")
    status, out, _ = run("judgements", "show")
    assert status == 0
    assert ["customer.unhappy  true « leaving »" in line for line in out.splitlines()] == [True, False]
    told = [json.loads(line) for line in run("judgements", "export")[1].splitlines()]
    assert [(each["path"], each["value"], each["quote"], each["prompt"]) for each in told] == [
        ("customer.unhappy", "true", "leaving", 1), ("topic", '"delivery"', "parcel", 1),
    ]  # fmt: skip
    service.fault = lambda: "refusal"
    other = {"customer": {**FACTS["customer"], "message": "hm"}}
    Path("facts.json").write_text(json.dumps(other), encoding="utf-8")
    run("run", "x.rules", "--facts", "facts.json")
    assert "in doubt (the model refused to answer)" in run("judgements", "show")[1]
    assert "No answer is kept." in run("judgements", "show", "--store", str(_empty()))[1]


def test_what_an_author_asked_is_shown_with_its_cost(run: Run) -> None:
    store = Store("asked.sqlite")
    store.keep_asked("k", "Large orders get 10% off.", "m", Told(None, "refusal", 1.5, 0.25))
    store.close()
    (line,) = run("judgements", "show", "--store", "asked.sqlite")[1].splitlines()
    assert "asked by the author, cost $0.2500  in doubt (the model refused to answer)  Large orders" in line
    assert json.loads(run("judgements", "export", "--store", "asked.sqlite")[1])["cost"] == 0.25


def test_a_file_of_answers_that_is_none_is_named(run: Run) -> None:
    assert "facts.json: file is not a database" in run("judgements", "show", "--store", "facts.json")[2]


def _empty() -> Path:
    Store("empty.sqlite").close()
    return Path("empty.sqlite")


def test_judgements_are_tried_on_what_is_known(run: Run, service: Service) -> None:
    configure(service)
    cases = [
        {"judgement": "unhappy", "text": "I am leaving for good", "answer": "yes"},
        {"judgement": "customer.unhappy", "text": "A nice parcel", "answer": "no"},
        {"judgement": "topic", "text": "A nice parcel", "answer": "delivery"},
    ]
    Path("cases.jsonl").write_text("\n\n".join(map(json.dumps, cases)), encoding="utf-8")
    status, out, _ = run("judgements", "test", "x.rules", "--cases", "cases.jsonl")
    assert status == 0
    assert [line.partition(", cost")[0] for line in out.splitlines()] == [
        "customer unhappy: 4 of 4 (100%), in doubt 0", "topic: 1 of 1 (100%), in doubt 0",
    ]  # fmt: skip
    assert len(service.asked) == 4  # two examples, two texts
    wrong = {"judgement": "topic", "text": "An invoice", "answer": "invoice"}
    doubt = {"judgement": "topic", "text": "A nice parcel", "answer": "in doubt"}
    calm = {"judgement": "unhappy", "text": "An invoice", "answer": "no"}
    Path("cases.jsonl").write_text("\n".join(map(json.dumps, (calm, wrong, doubt))), encoding="utf-8")
    status, out, _ = run("judgements", "test", "x.rules", "--cases", "cases.jsonl", "--threshold", "60")
    assert (status, "✗ An invoice — other" in out) == (1, True)
    data = run("judgements", "test", "x.rules", "--cases", "cases.jsonl", "--format", "json")[1].splitlines()
    assert [(each["judgement"], each["accuracy"]) for each in map(json.loads, data)] == [
        ("customer.unhappy", 100), ("topic", 0),
    ]  # fmt: skip
    service.fault = lambda: "unsure"
    Path("cases.jsonl").write_text(json.dumps({**doubt, "text": "Well"}), encoding="utf-8")
    assert "topic: 1 of 1" in run("judgements", "test", "x.rules", "--cases", "cases.jsonl")[1]


@pytest.mark.parametrize(
    ("args", "toml", "code"),
    [
        (["judgements", "test", "x.rules"], "", "E955"),
        (["judgements", "test"], "", "E912"),
        (["judgements", "show", "x.rules"], "", "E914"),
        (["judgements", "burn"], "", "E913"),
        (["judgements", "show"], "[judgement]\ndeadline = -1", "E954"),
        (["run", "x.rules"], "[judgement]\nmodell = 'x'", "E954"),
        (["judgements", "test", "x.rules", "--cases", "facts.json"], "", "E956"),
        (["judgements", "test", "x.rules", "--cases", "none.jsonl"], "", "E902"),
        (["judgements", "show", "--store", "facts.json"], "", "E954"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, args: list[str], toml: str, code: str) -> None:
    Path("rulec.toml").write_text(toml, encoding="utf-8")
    status, out, err = run(*args)
    assert (status in (1, 2), out, code in err) == (True, "", True)
