"""How far mails have come in, what happened out: a line of JSON each, as `rulec events` takes them."""

import json
from collections.abc import Iterator
from pathlib import Path

import shop
from journal import DONE, SENT, Journal
from sqlalchemy import Engine

ZONE_HOUR = "T09:00:00"  # mails are handled in the morning, in the zone of the rules


def write_events(journal: Journal, stock: Engine, path: Path) -> None:
    """Write what happened, always the same for the same journal: what was told before is told again, and ignored."""
    lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in _events(journal, stock)]
    path.write_text("".join(lines), encoding="utf-8")


def _events(journal: Journal, stock: Engine) -> Iterator[dict[str, object]]:
    """Complaints of customers, quotes that were sent, answers to them, in the order of time."""
    known = sorted(journal.all(), key=lambda each: str(each[2].get("sent", each[2].get("at", ""))))
    for id_, state, told in known:
        time = f"{told.get('sent', told.get('at'))}{ZONE_HOUR}"
        if told.get("kind") == "complaint" and state == DONE:
            facts = {"customer": {"disputed": shop.customer(stock, told["sender"]).disputed}}
            yield {"id": id_, "event": "complaint", "time": time, "key": told["sender"], "facts": facts}
        if told.get("kind") == "quote" and state == SENT:
            facts = {"quote": {"total": told["total"]}}
            yield {"id": id_, "event": "quote_sent", "time": time, "key": f"D-{id_[:8]}", "facts": facts}
        if told.get("answers"):
            yield {"id": f"{id_}a", "event": "answer", "time": time, "key": f"D-{told['answers'][:8]}"}
