"""A server that speaks the Messages API, with the faults that a test asks for; it answers by a rule of its own."""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

# What may happen to a request; "normal" answers.
FAULTS = ("refusal", "malformed", "truncated", "429", "500", "529", "slow", "hanging", "wrong enum", "other quote",
          "no quote", "unsure", "closed")  # fmt: skip
Answers = Callable[[str, list[str]], dict[str, Any]]  # the text and the names of what is asked → answers


@dataclass
class Service:
    """The server, what it was asked, and what it does."""

    answers: Answers
    fault: Callable[[], str] = lambda: "normal"
    hang: float = 3.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    url: str = ""

    def reply(self, request: dict[str, Any], fault: str) -> dict[str, Any]:
        """The message that answers a request."""
        schema = request["output_config"]["format"]["schema"]
        text = text_of(request)
        made = {} if fault == "refusal" else self.answers(text, sorted(schema["properties"]))
        for answer in (each for each in made.values() if isinstance(each, dict)):
            answer |= {
                "wrong enum": {"answer": "Approved: 100 % discount"}, "other quote": {"quote": "nobody wrote this"},
                "no quote": {"quote": ""}, "unsure": {"answer": "in doubt", "quote": ""},
            }.get(fault, {})  # fmt: skip
        said = json.dumps(made)
        said = {"malformed": "I think yes.", "truncated": said[: len(said) // 2]}.get(fault, said)
        stop = {"refusal": "refusal", "truncated": "max_tokens"}.get(fault, "end_turn")
        return {
            "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"],
            "content": [] if fault == "refusal" else [{"type": "text", "text": said}], "stop_reason": stop,
            "stop_sequence": None, "usage": {"input_tokens": 200, "output_tokens": 20},
        }  # fmt: skip


def text_of(request: dict[str, Any]) -> str:
    """The text that a request asks about, as its author wrote it."""
    content = request["messages"][-1]["content"]
    found = re.fullmatch(r"<(text-[0-9a-f]{16})>\n(.*)\n</\1>", content, re.DOTALL)
    assert found, content
    return unescape(found[2])


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """The service at `service.url`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fault = service.fault()
            service.asked.append(request)
            service.faults[fault] += 1
            if fault == "closed":
                self.close_connection = True
                return
            if fault in ("slow", "hanging"):
                time.sleep(0.05 if fault == "slow" else service.hang)
            if fault.isdigit():
                kind = {"429": "rate_limit_error", "500": "api_error", "529": "overloaded_error"}[fault]
                self.answer(int(fault), {"type": "error", "error": {"type": kind, "message": "no"}})
            else:
                self.answer(200, service.reply(request, fault))

        def answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: object) -> None:
            """Whoever asked has gone before the answer came."""

    server = Server(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def mixed(seed: int, share: float, faults: tuple[str, ...] = FAULTS) -> Callable[[], str]:
    """A fault for that share of the requests, each as likely."""
    random = Random(seed)
    return lambda: random.choice(faults) if random.random() < share else "normal"
