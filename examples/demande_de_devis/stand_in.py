"""A stand-in for the model's service: it speaks the Messages API on this machine, and reads mails by plain words.

It lets the example run without a key. Like a model, it may be fooled; what it says can then do no more harm.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

IN_DOUBT = {"answer": "in doubt", "quote": ""}
_TOPICS = (
    ("complaint", r"cass[ée]e?s?|broken|réclam\w*|complain\w*|jamais reçu|never arrived|inadmissible|fêlée?s?"),
    ("quote", r"devis|prix pour|quote for|a quote|price for|combien pour|tarif pour"),
    ("question", r"horaires|opening hours|ouverts?|livrez-vous|do you deliver|fermés|gift wrap|paquets? cadeaux?"),
    ("other", r"gagnez|earn \S+|crypto|search engine|référencement|prince|newsletter|viagra"),
)
_PRODUCTS = {"cup": r"tass\w+|cups?|mugs?", "plate": r"assiet\w+|plates?", "bowl": r"bols?|bowls?", "vase": r"vases?",
             "lamp": r"lampe?s?|lamps?"}  # fmt: skip
_QUANTITY = r"\b([1-9][0-9]{0,4})\b(?=\s+(?:\w+\s+)?(?:tass|cup|mug|assiet|plate|bol|bowl|vase|lamp))"
_COUNTED = r"\b[1-9][0-9]{0,4}\s+[^\W\d_]+"
_ENGLISH = r"\b(?:hello|could|please|would|your|need|dear|we|you)\b"
_FRENCH = r"\b(?:bonjour|pouvez|merci|votre|vous|nous|j'ai|je|s'il)\b"
SENTENCES = {"French": "Merci beaucoup de votre message, que nous avons lu avec plaisir.",
             "English": "Thank you very much for your message, which we read with pleasure."}  # fmt: skip


def answer(question: str, text: str) -> dict[str, str]:
    """The answer to one question of the rules about a text, with the words that it rests on."""
    if "sujet" in question or "topic" in question:
        return _first(text, _TOPICS)
    if "quantit" in question:
        found = re.findall(_QUANTITY, text, re.IGNORECASE)
        return {"answer": found[0], "quote": found[0]} if len(set(found)) == 1 else IN_DOUBT
    if "anglais" in question or "English" in question:
        english, french = (re.search(way, text, re.IGNORECASE) for way in (_ENGLISH, _FRENCH))
        if bool(english) == bool(french):
            return IN_DOUBT
        said = english or french
        return {"answer": "yes" if english else "no", "quote": said[0] if said else ""}
    return _product(text, "other" if "passage" in question else "several", "passage" in question)


def _product(text: str, many: str, part: bool) -> dict[str, str]:
    """The product that is named. `many`: the answer for several; `part`: whether the text is a part of a mail."""
    words = {key: re.search(rf"\b(?:{way})\b", text, re.IGNORECASE) for key, way in _PRODUCTS.items()}
    named = {key: found for key, found in words.items() if found}
    if part and not named and (word := re.search(r"\w+", text)):
        return {"answer": "none", "quote": word[0]}
    if not named:
        return IN_DOUBT
    key, word = next(iter(named.items()))
    several = len(named) > 1 or len(re.findall(_COUNTED, text)) > 1
    return {"answer": many if several else key, "quote": word[0]}


def _first(text: str, ways: tuple[tuple[str, str], ...]) -> dict[str, str]:
    for key, way in ways:
        if found := re.search(rf"(?:{way})", text, re.IGNORECASE):
            return {"answer": key, "quote": found[0]}
    return IN_DOUBT


def reply(request: dict[str, Any]) -> str:
    """What the service says to a request: answers to questions, or a courteous sentence."""
    content = request["messages"][-1]["content"]
    text = unescape(re.sub(r"\A<[^>]+>\n|\n</[^>]+>\Z", "", content))
    system = request["system"] if isinstance(request["system"], str) else request["system"][0]["text"]
    if "output_config" not in request:
        language = "English" if "in English" in system else "French"
        fooled = re.search(r"(?:écrivez|write)\s*:\s*(.+)", text, re.IGNORECASE)
        return fooled[1] if fooled else SENTENCES[language]
    asked = dict(re.findall(r"^Question (q\d+): (.+)$", system, re.MULTILINE))
    return json.dumps({name: answer(question, text) for name, question in asked.items()})


@contextmanager
def serving() -> Iterator[str]:
    """The service; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            usage = {"input_tokens": 300, "output_tokens": 40}
            said = {
                "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"], "usage": usage,
                "content": [{"type": "text", "text": reply(request)}], "stop_reason": "end_turn", "stop_sequence": None,
            }  # fmt: skip
            data = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
