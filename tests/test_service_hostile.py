"""Hostile HTTP: whatever comes, the service answers with a status of its description, never 500, and goes on.

RULEC_HOSTILE: how many requests are made for each operation, fitting its description, and not.
"""

import json
import os
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from services import ENGLISH, KEPT_WAITING, REMISES, answering, call, local

from rulec.log.store import DecisionLog
from rulec.service.keeping import Keeper
from rulec.service.limits import Limits

REQUESTS = int(os.environ.get("RULEC_HOSTILE", "3"))
LISTS = """\
Une commande a :
  - des lignes (liste de ligne) [lines]
Une ligne a :
  - un prix (en €) [price]
  - une quantité (nombre entier) [quantity]
  - une date (date) [day]
On connaît :
  - la durée (en jours) [delay]
  - la taille (nombre), de 0 à 120 [size]
  - l'heure (heure) [hour]
  - le moment (date et heure), facultatif [moment]
On décide :
  - le total (en €) [total]
  - le palier parmi haut [high], bas [low] [level]
On décide pour chaque ligne :
  - la remise de ligne (pourcentage) [line_discount]
On peut :
  - transmettre au gérant [refer], avec un motif (texte) [reason]
Pour chaque ligne : si la quantité dépasse 10 alors la remise de ligne est de 5 %.
Le total est la somme des prix des lignes.
Si la taille dépasse 100 alors le palier est haut.
Si la durée dépasse 30 jours et l'heure est après 18 h alors transmettre au gérant avec le motif « tard ».
"""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SECONDS = 5


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Rules with every type of fact, and those of an example in both languages."""
    path = tmp_path_factory.mktemp("rules") / "lists.regles"
    path.write_text(LISTS, encoding="utf-8")
    keeper = Keeper(DecisionLog(f"sqlite:///{path.parent}/decisions.db"))
    limits = Limits(body=20_000, seconds=SECONDS)
    with answering(local(path, REMISES, ENGLISH, limits=limits, keeper=keeper)) as port:
        yield port


def test_requests_made_from_the_description_are_answered_as_it_says(port: int) -> None:
    schema = schemathesis.openapi.from_dict(call(port, "GET", "/openapi.json")[1])
    seen = Counter[int]()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        modes = list(GenerationMode) if operation.method == "post" else [GenerationMode.POSITIVE]
        for mode in modes:
            quiet = settings(
                max_examples=REQUESTS, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
            )

            @quiet
            @given(case=operation.as_strategy(generation_mode=mode))
            def asked(case: Case[Any]) -> None:
                response = case.call(base_url=f"http://127.0.0.1:{port}")
                seen[response.status_code] += 1
                case.validate_response(response, checks=CHECKS)

            asked()
    print(dict(seen))
    assert seen[200]
    assert seen[422]


# ---- bytes


def exchange(port: int, data: bytes, whole: bool = True) -> bytes:
    """What the service sends back before it closes. `whole`: it has no reason to wait for more."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=KEPT_WAITING)) as connection:
        connection.sendall(data)
        if not whole:
            connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(65536):
            found += part
    return found


def posted(body: bytes, path: bytes = b"/decide", kind: bytes = b"application/json") -> bytes:
    head = b"POST %s HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: %s\r\n" % (path, kind)
    return head + b"content-length: %d\r\n\r\n" % len(body) + body


def test_any_bytes_are_answered_or_refused(port: int) -> None:
    head = b"POST /decide HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n"
    sent = [
        b"", b"\0" * 100, b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01" * 50, b"GET /" + b"a" * 100_000,
        posted(b"[" * 10_000), posted(b'{"facts": {"x": ' + b"9" * 15_000 + b"}}"), posted(b'{"facts":' * 2_000),
        posted(b'{"facts": {' + b'"commande": 1,' * 900 + b'"z": 1}}'), posted(b"\xc3\x28"), posted(b"{}" * 30_000),
        posted(b"{}", b"/rules/%2e%2e%2f%00/decide"), posted(b"{}", b"/rules/" + b"%ff" * 50 + b"/decide"),
        posted(b'{"facts": {}}', kind=b"application/json; charset=\xff"), posted(b"{}", b"/decide?" + b"a=" * 900),
        head + b"content-length: -1\r\n\r\n", head + b"content-length: 99999999999999999999\r\n\r\n{}",
        head + b"content-length: 5\r\n\r\n{}", head + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        head + b"accept-language: " + b"fr;q=0.1," * 900 + b"\r\n\r\n",
        head + b"transfer-encoding: chunked\r\n\r\nzz\r\n",
        head + b"transfer-encoding: chunked\r\n\r\n" + (b"1000\r\n" + b" " * 4096 + b"\r\n") * 9,
    ]  # fmt: skip
    for data in sent:
        answer = exchange(port, data, whole=False)
        assert not answer or 400 <= int(answer.split(b" ")[1]) < 500, (data[:80], answer)
        assert b"Traceback" not in answer
        assert b'File "' not in answer
    assert call(port, "POST", "/decide", {"facts": {"size": 101}})[1]["outcomes"]["level"]["value"] == "high"


KEYS = ["facts", "at", "goal", "change", "size", "order", "lines", "é", "x"]
any_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=REQUESTS * 30, deadline=None)
@given(any_json, st.sampled_from(["decide", "decide-many", "why", "what-if", "questions"]))
def test_any_json_is_answered_or_refused(port: int, given_: object, operation: str) -> None:
    for body in (given_, {"facts": given_}, {"facts": {}, "goal": given_, "at": given_}):
        answer = exchange(port, posted(json.dumps(body).encode(), f"/{operation}".encode()))
        assert int(answer.split(b" ")[1]) in (200, 400, 422), answer


def test_what_a_model_file_holds_never_leaves_the_service(port: int, tmp_path: Path) -> None:
    """Paths are names of sets, never of files."""
    for path in ("/rules/../../../etc/passwd/schema", "/rules/..%2f..%2fetc%2fpasswd/schema", f"/{tmp_path}"):
        assert call(port, "GET", path)[0] == 404
