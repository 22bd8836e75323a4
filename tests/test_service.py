"""`rulec serve`: what is decided over HTTP is what the rules decide, and what is wrong is said."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families
from services import ENGLISH, REMISES, URL, Local, local, serving

import rulec
from rulec.cli import main
from rulec.service.limits import Limits
from rulec.source import Language

FACTS: dict[str, Any] = json.loads(REMISES.with_name("order.json").read_text(encoding="utf-8"))
KEY = "une-cle-assez-longue"
PERIODS = """\
On connaît :
  - le poids (en kg) [weight]
On décide :
  - les frais (en €), 0 € par défaut [fee]
À partir du 1er mars 2026 :
  Si le poids dépasse 10 kg alors les frais sont de 20 €.
"""


@pytest.fixture(scope="module")
def shop() -> Local:
    """The example's rules in both languages."""
    return local(remises=REMISES, discounts=ENGLISH)


def codes(answer: httpx2.Response) -> list[str]:
    """The codes of the problems of an answer."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:rulec:problem:{body['problems'][0]['code']}"
    return [each["code"] for each in body["problems"]]


# ---- what is asked


def test_a_decision_is_that_of_the_rules(shop: Local) -> None:
    rules = rulec.load(REMISES)
    for facts in (FACTS, {"commande": "620 €"}, {}, {**FACTS, "sale": True}):
        answer = shop.post("/decide", {"facts": facts, "at": "2026-03-01"})
        assert (answer.status_code, answer.json()) == (200, rules.decide(facts, "2026-03-01").to_json())


def test_numbers_are_exact(shop: Local) -> None:
    """A binary number would not tell these two from each other."""
    facts = json.dumps(FACTS).replace('"3.2"', "{weight}")
    for weight, gift in (("9.99999999999999999999", True), ("10.00000000000000000000", False)):
        body = f'{{"facts": {facts.replace("{weight}", weight)}}}'
        answer = shop.call("POST", "/decide", content=body, headers={"content-type": "application/json"})
        assert answer.json()["outcomes"]["gift"]["value"] is gift


def test_many_decisions_stand_in_order_and_a_bad_one_spoils_no_other(shop: Local) -> None:
    rows = [FACTS, {"commande": "beaucoup"}, {**FACTS, "sale": True}, 7]
    found = shop.post("/decide-many", {"facts": rows, "at": "2026-03-01"}).json()["decisions"]
    rules = rulec.load(REMISES)
    assert found[0] == rules.decide(FACTS, "2026-03-01").to_json()
    assert found[2] == rules.decide(rows[2], "2026-03-01").to_json()
    assert [(row["status"], [each["code"] for each in row["problems"]]) for row in (found[1], found[3])] == [
        ("rejected", ["E505"]),
        ("rejected", ["E520"]),
    ]


def test_why_and_the_questions_are_those_of_the_rules(shop: Local) -> None:
    rules = rulec.load(REMISES)
    facts = {"commande": "620 €", "client fidèle": True}
    why = shop.post("/why", {"facts": facts, "at": "2026-03-01"}).json()
    told = rules.why(facts, "2026-03-01")
    assert why["text"] == str(told)
    assert why["decision"] == told.decision.to_json()
    asked = shop.post("/questions", {"facts": facts}).json()
    assert [each["text"] for each in asked["questions"]] == [each.text for each in rules.questions(facts)]
    assert asked["status"] == "undetermined"


def test_what_would_have_to_change(shop: Local) -> None:
    body = {"facts": {**FACTS, "order": {"net_amount": "400"}}, "goal": "remise ≥ 10 %", "change": ["montant HT"]}
    found = shop.post("/what-if", body).json()
    assert (found["status"], [each["path"] for each in found["changes"]]) == ("found", ["order.net_amount"])
    assert found["decision"]["outcomes"]["discount"]["value"] == "0.1"
    assert codes(shop.post("/what-if", {**body, "change": ["panier"]})) == ["E981"]
    assert codes(shop.post("/what-if", {**body, "goal": "commande dépasse"})) != []


def test_the_date_of_the_decision_is_that_of_the_request(tmp_path: Path) -> None:
    path = tmp_path / "frais.regles"
    path.write_text(PERIODS, encoding="utf-8")
    service = local(path)
    fees = {
        at: service.post("/decide", {"facts": {"weight": "12"}, "at": at}).json()["outcomes"]["fee"]["value"]
        for at in ("2026-02-28", "2026-03-01", "2026-02-28T23:30:00+00:00")
    }
    assert fees == {"2026-02-28": "0", "2026-03-01": "20", "2026-02-28T23:30:00+00:00": "20"}
    assert codes(service.post("/decide", {"facts": {}, "at": "hier"})) == ["E923"]


# ---- sets and versions


def test_sets_are_asked_by_name_and_by_digest(shop: Local) -> None:
    french, english = (shop.watch.sets.current[name] for name in ("remises", "discounts"))
    body = {"facts": FACTS, "at": "2026-03-01"}
    for reference, digest in (
        ("remises", french.digest), ("discounts", english.digest), (french.digest, french.digest),
        (english.digest[:8], english.digest),
    ):  # fmt: skip
        assert shop.post(f"/rules/{reference}/decide", body).json()["rules"] == digest
    assert shop.post("/decide", body).json()["rules"] == french.digest
    for reference in (french.digest[:7], "remise", "0" * 64):
        answer = shop.post(f"/rules/{reference}/decide", body)
        assert (answer.status_code, codes(answer)) == (404, ["E991"])


def test_what_is_served_is_described(shop: Local) -> None:
    listed = shop.get("/rules").json()["rules"]
    assert [(each["name"], each["language"], each["files"]) for each in listed] == [
        ("remises", "fr", ["remises.regles"]),
        ("discounts", "en", ["discounts.rules"]),
    ]
    assert shop.get("/health").json()["status"] == "ok"
    assert shop.get("/schema").json() == rulec.load(REMISES).schema()
    for path, language, said in (
        ("/vocabulary", "", "montant en €\u00a0HT"),
        ("/rules/remises/vocabulary", "en", "amount in € excl. VAT"),
    ):
        facts = {each["key"]: each["type"] for each in shop.get(path, accept_language=language).json()["facts"]}
        assert facts["order.net_amount"] == said


# ---- what is wrong


WRONG = [
    (b"", 400, "E525"),
    (b"{", 400, "E525"),
    (b'{"facts": {}, "facts": {}}', 400, "E526"),
    (b"[" * 5_000 + b"]" * 5_000, 400, "E527"),
    (b'{"facts": {"commande": 1e99999999999999999999}}', 400, "E527"),
    (b'{"facts": {"commande": NaN}}', 422, "E507"),
    (b"\xff\xfe{\x00}\x00", 400, "E989"),
    ('{"facts": {"commande": "620 €"}}'.encode("latin-1", "replace"), 422, "E505"),
    ('{"facts": {"client fidèle": true}}'.encode("latin-1"), 400, "E989"),
    (b"[]", 422, "E985"),
    (b"null", 422, "E985"),
    (b"{}", 422, "E984"),
    (b'{"fact": {}}', 422, "E983"),
    (b'{"facts": {}, "at": 20260301}', 422, "E985"),
    (b'{"facts": [], "at": "2026-03-01"}', 422, "E985"),
    (b'{"facts": {"comande": "620"}}', 422, "E501"),
    (b'{"facts": {"sale": "peut-\\ud83d"}}', 422, "E523"),
    (b'{"facts": {"\\ud83d": 1}}', 422, "E502"),
]


@pytest.mark.parametrize(("body", "status", "code"), WRONG, ids=lambda each: str(each)[:30])
@pytest.mark.parametrize("operation", ["decide", "why", "questions"])
def test_a_wrong_request_is_told_what_is_wrong(
    shop: Local, operation: str, body: bytes, status: int, code: str
) -> None:
    answer = shop.call("POST", f"/{operation}", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, codes(answer)[0]) == (status, code)


def test_a_bom_is_no_text(shop: Local) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"facts": FACTS}).encode()
    answer = shop.call("POST", "/decide", content=body, headers={"content-type": "application/json; charset=utf-8"})
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/json; charset=latin1"])
def test_only_json_is_read(shop: Local, kind: str) -> None:
    answer = shop.call("POST", "/decide", content=b'{"facts": {}}', headers={"content-type": kind})
    assert (answer.status_code, codes(answer)) == (415, ["E994"])


def test_other_paths_and_methods_are_refused(shop: Local) -> None:
    assert (shop.get("/decision").status_code, codes(shop.get("/decision"))) == (404, ["E988"])
    wrong = shop.get("/decide")
    assert (wrong.status_code, codes(wrong), wrong.headers["allow"]) == (405, ["E992"], "POST")
    assert codes(shop.call("DELETE", "/health")) == ["E992"]


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [("", "fr"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("de, en;q=0.5, fr;q=0.4", "en"), ("fr;q=0.9, en;q=0.1", "fr"),
     ("de", "fr"), ("en;q=0", "fr"), ("en;q=x", "fr")],
)  # fmt: skip
def test_errors_are_told_in_the_language_asked_for(shop: Local, accepted: str, spoken: Language) -> None:
    """Without one that is known, in that of the rules."""
    answer = shop.post("/decide", {"facts": {"commande": "beaucoup"}}, accept_language=accepted)
    with pytest.raises(rulec.FactsError) as refused:
        rulec.load(REMISES).decide({"commande": "beaucoup"})
    assert answer.headers["content-language"] == spoken
    assert answer.json()["detail"] == refused.value.problems[0].message(spoken)
    if accepted in ("de", ""):
        english = shop.post("/rules/discounts/decide", {"facts": {"order": "much"}}, accept_language=accepted)
        assert english.headers["content-language"] == "en"


# ---- keys and hosts


def test_no_key_no_answer() -> None:
    service = local(REMISES, keys=[KEY, "une-autre-cle-longue"])
    paths = [
        ("POST", "/decide"),
        ("GET", "/health"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/nothing"),
    ]
    for method, path in paths:
        for headers in ({}, {"x-api-key": KEY[:-1]}, {"authorization": f"Basic {KEY}"}, {"x-api-key": "é" * 9}):
            sent = {name: value.encode("latin-1") for name, value in headers.items()}
            answer = service.call(method, path, headers=sent)
            assert (answer.status_code, codes(answer), answer.headers["www-authenticate"]) == (401, ["E990"], "Bearer")
    for headers in ({"x-api-key": KEY}, {"authorization": f"Bearer {KEY}"}, {"x-api-key": "une-autre-cle-longue"}):
        assert service.call("GET", "/health", headers=headers).status_code == 200


def test_without_a_key_only_this_machine_is_answered(shop: Local) -> None:
    """A page that a browser believes to be this service (DNS rebinding) bears another name."""
    for host in ("evil.example", "127.0.0.1.evil.example", "[::2]", ""):
        assert codes(shop.get("/health", host=host)) == ["E999"]
    for host in ("localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST"):
        assert shop.get("/health", host=host).status_code == 200


# ---- limits


def test_a_long_request_is_refused() -> None:
    service = local(REMISES, limits=Limits(body=200))
    body = {"facts": {"promo_code": "x" * 300}}
    assert codes(service.post("/decide", body)) == ["E993"]
    streamed = service.call(
        "POST", "/decide", content=chunks(json.dumps(body).encode()), headers={"content-type": "application/json"}
    )
    assert (streamed.status_code, codes(streamed)) == (413, ["E993"])
    assert service.post("/decide", {"facts": {}}).status_code == 200


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 50):
        yield data[start : start + 50]


def test_a_request_that_does_not_come_is_given_up() -> None:
    service = local(REMISES, limits=Limits(seconds=1))

    async def slow() -> AsyncIterator[bytes]:
        yield b'{"facts": '
        await asyncio.sleep(5)
        yield b"{}}"

    answer = service.call("POST", "/decide", content=slow(), headers={"content-type": "application/json"})
    assert (answer.status_code, codes(answer)) == (408, ["E995"])


def test_beyond_the_limit_requests_are_refused_at_once_and_nothing_fails() -> None:
    """Two may be answered at a time; of many that come together, each is answered or told to come again."""
    service = local(REMISES, limits=Limits(waiting=2))

    async def together() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=service.app)
        async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
            asking = [client.post("/decide-many", json={"facts": [FACTS] * 300}) for _ in range(12)]
            return list(await asyncio.gather(*asking, client.get("/health")))

    *answers, health = asyncio.run(together())
    assert health.status_code == 200
    assert {each.status_code for each in answers} == {200, 503}
    for each in answers:
        if each.status_code == 503:
            assert (codes(each), each.headers["retry-after"]) == (["E996"], "1")
    assert service.post("/decide", {"facts": FACTS}).status_code == 200


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    service = local(REMISES, limits=Limits(seconds=1))
    rows = [{"order": {"net_amount": number}} for number in range(10_000)]
    answer = service.post("/decide-many", {"facts": rows})
    assert (answer.status_code, codes(answer)) == (503, ["E998"])


# ---- metrics and OpenAPI


def test_metrics_count_what_was_done() -> None:
    service = local(REMISES)
    service.post("/decide", {"facts": FACTS})
    service.post("/decide", {"facts": {}})
    service.post("/decide", {"fact": {}})
    service.post("/decide-many", {"facts": [FACTS, {"sale": "?"}]})
    service.get("/nothing")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(service.get("/metrics").text)
        for sample in family.samples
    }
    assert found["rulec_requests_total", "decide", "200"] == 2
    assert found["rulec_requests_total", "decide", "422"] == 1
    assert found["rulec_requests_total", "other", "404"] == 1
    assert found["rulec_decisions_total", "remises", "decided"] == 2
    assert found["rulec_decisions_total", "remises", "undetermined"] == 1
    assert found["rulec_decisions_total", "remises", "rejected"] == 1
    assert found["rulec_request_seconds_count", "decide"] == 3
    assert found["rulec_request_seconds_bucket", "decide", "+Inf"] == 3
    assert found["rulec_requests_waiting",] == 0
    assert found["rulec_rules_info", "remises", rulec.load(REMISES).plan.digest] == 1


def test_answers_are_as_openapi_describes_them(shop: Local) -> None:
    described = shop.get("/openapi.json").json()
    registry = {"components": described["components"]}
    rows = [FACTS, {**FACTS, "sale": True}, {"order": {"net_amount": 9000}}, {"channel": "web"}, {"sale": "?"}]
    for name in ("remises", "discounts"):
        path = f"/rules/{name}/decide-many"
        asked = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        answered = described["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        body = {"facts": rows, "at": "2026-03-01"}
        jsonschema.validate({**body, "facts": rows[:-1]}, {**asked, **registry})
        jsonschema.validate(shop.post(path, body).json(), {**answered, **registry})
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"facts": [{"comande": 1}]}, {**asked, **registry})


# ---- the command


def test_the_command_serves_and_stops() -> None:
    started = time.monotonic()
    with serving(REMISES, f"english={ENGLISH}") as (url, said):
        seconds = time.monotonic() - started
        answer = httpx2.post(f"{url}/rules/english/decide", json={"facts": FACTS, "at": "2026-03-01"})
        assert answer.json() == rulec.load(ENGLISH).decide(FACTS, "2026-03-01").to_json()
    print(f"{seconds:.2f} s to start")
    assert f"rulec répond sur {url} (remises {rulec.load(REMISES).plan.digest[:12]}, english" in said[0]


def test_the_command_takes_its_keys_from_a_file_or_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "cles"
    path.write_text(f"\n{KEY}\n", encoding="utf-8")
    with serving(REMISES, "--key-file", path, "--host", "0.0.0.0") as (url, _):
        assert_closed(url.replace("0.0.0.0", "127.0.0.1"))
    with serving(REMISES, RULEC_API_KEY=KEY) as (url, _):
        assert_closed(url)


def assert_closed(url: str) -> None:
    assert httpx2.get(f"{url}/health").status_code == 401
    assert httpx2.get(f"{url}/health", headers={"x-api-key": KEY}).status_code == 200


BAD = "Si commande > 1.500 € alors remise 10 %\n"
UNTRUE = """\
Si commande > 500 € alors remise 10 %
Exemple « faux » : étant donné une commande de 600 € alors la remise est de 5 %
"""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["r.regles"], "E912"),
        (["r.regles", "--http", "0", "--host", "0.0.0.0"], "E986"),
        (["r.regles", "--http", "0", "--host", "nulle.part.invalid"], "E986"),
        (["r.regles", "--http", "0", "--key-file", "vide"], "E976"),
        (["r.regles", "--http", "0", "--key-file", "absent"], "E902"),
        (["r.regles", "a/r.regles", "--http", "0"], "E977"),
        (["r.regles", "--http", "0", "--limit", "memory=1"], "E978"),
        (["r.regles", "--http", "0", "--limit", "body=0"], "E978"),
        (["r.regles", "--http", "{taken}"], "E987"),
        (["absent.regles", "--http", "0"], "E901"),
        (["mauvais.regles", "--http", "0"], "E110"),
        (["faux.regles", "--http", "0"], "faux (faux.regles:2)"),
    ],
)
def test_the_command_refuses_what_it_cannot_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").mkdir()
    for name, text in (
        ("r.regles", "Si commande > 500 € alors remise 10 %\n"), ("a/r.regles", "Si poids > 5 kg alors port 5 €\n"),
        ("mauvais.regles", BAD), ("faux.regles", UNTRUE), ("vide", "court\n"),
    ):  # fmt: skip
        Path(name).write_text(text, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        given = [each.format(taken=taken.getsockname()[1]) for each in arguments]
        for language in ("fr", "en"):
            assert main(["serve", *given, "--lang", language]) in (1, 2)
            said = capsys.readouterr().err
            assert told in said
            assert "Traceback" not in said
