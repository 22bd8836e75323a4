"""What happened in, an entry of the log out: what it says, what can be erased of it, and the hash that chains it.

The hash of an entry is SHA-256 over the canonical JSON of [number, hash of the entry before, body]. Facts, and what may
repeat them (values, texts quoted, reasons), stand in the body only as a digest each: SHA-256 over a random salt and the
canonical JSON of the value. Salt and value are kept beside the body: without them the chain still holds.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

Json = Any  # plain data: what `json.loads` gives
Steps = tuple[str, ...]  # where a value stands: keys, and places in lists from 0
START = "0" * 64  # the hash before the first entry
SALT = 16  # bytes
DECISION, REVIEW, AGREEMENT = "decision", "review", "agreement"  # kinds of entries
ERASURE, SHADOW = "erasure", "shadow"
_SEALED_WHOLE = ("facts", "given", "reason")  # members of which every value can be erased


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log says of one thing that happened.

    `kind`: of the kinds above. `content`: plain data, its members by kind (see `decided`). `time`: when, ISO, UTC.
    `number`, `before`, `hash`: its place in the chain, once written. `erased`: where values were, as `path_of` says.
    """

    kind: str
    content: Mapping[str, Json]
    id: str = field(default_factory=lambda: uuid4().hex)
    time: str = field(default_factory=lambda: now().isoformat(timespec="microseconds"))
    number: int = 0
    before: str = ""
    hash: str = ""
    erased: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """The id of the decision that a review, an agreement or a shadow is about; of any other entry, its own."""
        return str(self.content.get("about", self.id))

    @property
    def name(self) -> str:
        """The name under which the rules are served."""
        return str(self.content.get("name", ""))

    @property
    def facts(self) -> Mapping[str, Json]:
        """The facts by path, as `RuleSet.decide` takes them."""
        return self.content.get("facts", {})  # type: ignore[no-any-return]  # plain data

    @property
    def decision(self) -> Mapping[str, Json]:
        """The decision, as `Decision.to_json` gives it."""
        return self.content.get("decision", {})  # type: ignore[no-any-return]  # plain data

    @property
    def rules(self) -> str:
        """The digest of the rules that decided."""
        return str(self.decision.get("rules", ""))

    @property
    def status(self) -> str:
        """The status of the decision."""
        return str(self.decision.get("status", ""))

    @property
    def judgements(self) -> list[Json]:
        """The judgements that were asked for."""
        return list(self.decision.get("judgements", ()))

    @property
    def supervision(self) -> Mapping[str, Json]:
        """How far the rules let go, and whose agreement they ask for."""
        return self.decision.get("supervision", {})  # type: ignore[no-any-return]  # plain data

    @property
    def by(self) -> str:
        """Who reviewed, agreed, or erased."""
        return str(self.content.get("by", ""))

    def to_json(self) -> dict[str, Json]:
        """Plain data: what it says, and its place in the chain."""
        erased = {"erased": list(self.erased)} if self.erased else {}
        head = {"number": self.number, "id": self.id, "time": self.time, "kind": self.kind}
        return {**head, **self.content, **erased, "before": self.before, "hash": self.hash}

    def placed(self, number: int, before: str, own: str) -> "Entry":
        """The entry at its place in the chain."""
        return replace(self, number=number, before=before, hash=own)


def now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def canonical(value: Json) -> str:
    """JSON of one form: keys sorted, no space, ASCII alone."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def hash_of(number: int, before: str, body: str) -> str:
    """The hash of an entry."""
    return sha256(f'[{number},"{before}",{body}]'.encode()).hexdigest()


# ---- values that can be erased


def sealed(entry: Entry) -> tuple[str, str]:
    """The body, which is chained, and as JSON by path the salt and value of all that can be erased."""
    kept, digests = dict[str, Json](), dict[str, str]()
    content = json.loads(canonical(entry.content))
    places = list(erasable(content))
    salts = os.urandom(SALT * len(places))
    for at, steps in enumerate(places):
        holder, step = _holder(content, steps)
        salt, value, path = salts[at * SALT : (at + 1) * SALT].hex(), holder[step], path_of(steps)
        digests[path], kept[path] = digest_of(salt, value), [salt, value]
        holder[step] = None
    head = {"id": entry.id, "time": entry.time, "kind": entry.kind}
    return canonical({**head, "content": content, "sealed": digests}), canonical(kept)


def opened(number: int, before: str, own: str, body: str, kept: str) -> Entry:
    """The entry of what is stored. What was erased is None, and named."""
    told, values = json.loads(body), json.loads(kept)
    erased = []
    for path in told["sealed"]:
        if path in values:
            put(told["content"], path, values[path][1])
        else:
            erased.append(path)
    return Entry(
        told["kind"], told["content"], told["id"], told["time"], number, before, own, tuple(sorted(erased))
    )  # fmt: skip


def digest_of(salt: str, value: Json) -> str:
    """What the chain holds of a value that can be erased."""
    return sha256(bytes.fromhex(salt) + canonical(value).encode()).hexdigest()


def path_of(steps: Steps) -> str:
    """Where a value stands, as a JSON Pointer (RFC 6901)."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def steps_of(path: str) -> Steps:
    """The steps of a path."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:])


def erasable(content: Mapping[str, Json]) -> Iterator[Steps]:
    """Where the values stand that can be erased."""
    for member in _SEALED_WHOLE:
        if member in content:
            yield from _leaves((member,), content[member])
    decision = content.get("decision", {})
    for key, outcome in decision.get("outcomes", {}).items():
        yield from _values(("decision", "outcomes", key), outcome)
    for at, action in enumerate(decision.get("actions", ())):
        yield from _leaves(("decision", "actions", str(at), "parameters"), action.get("parameters", {}))
    for at, judged in enumerate(decision.get("judgements", ())):
        yield from (("decision", "judgements", str(at), name) for name in ("answer", "quote") if name in judged)


def _values(steps: Steps, outcome: Mapping[str, Json]) -> Iterator[Steps]:
    """The value of an outcome, and those of its elements."""
    if "value" in outcome:
        yield from _leaves((*steps, "value"), outcome["value"])
    for at, element in enumerate(outcome.get("elements", ())):
        yield from _values((*steps, "elements", str(at)), element)


def _leaves(steps: Steps, value: Json) -> Iterator[Steps]:
    if not isinstance(value, dict | list) or not value:
        yield steps
        return
    for step, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _leaves((*steps, str(step)), each)


def held(content: Json, steps: Steps) -> Json:
    """The value at these steps."""
    holder, step = _holder(content, steps)
    return holder[step]


def put(content: Json, path: str, value: Json) -> None:
    """Put a value at a path."""
    holder, step = _holder(content, steps_of(path))
    holder[step] = value


def _holder(content: Json, steps: Steps) -> tuple[Json, str | int]:
    """What holds the value at these steps, and under which key or place."""
    for step in steps[:-1]:
        content = content[int(step) if isinstance(content, list) else step]
    return content, int(steps[-1]) if isinstance(content, list) else steps[-1]
