"""What is served in, what describes it out, as JSON data."""

from rulec.agent.answers import Json
from rulec.artefacts.json_schema import json_schema
from rulec.service.sets import Served, Sets
from rulec.service.watch import Watch
from rulec.source import Language
from rulec.terms import terms_as_json


def vocabulary(served: Served, language: Language) -> Json:
    """The names of a set: key, name and type of each."""
    return {"rules": served.digest, **terms_as_json(served.rules.vocabulary, language)}


def schema(served: Served, language: Language) -> Json:
    """Its facts as a JSON Schema."""
    return json_schema(served.rules.plan.facts, language)


def sets(served: Sets) -> Json:
    """The sets in force, and the versions before them that are still answered."""
    in_force = {each.digest for each in served.current.values()}
    return {
        "rules": [_told(each) for each in served.current.values()],
        "versions": [_told(each) for each in served.versions if each.digest not in in_force],
    }


def health(watch: Watch) -> Json:
    """Whether all is as its files say: "ok", or "stale" where new rules were refused, with the reason."""
    refused = {each.origin.name: each.refused for each in watch.watched if each.refused}
    told = []
    for name, served in watch.sets.current.items():
        found = refused.get(name)
        why = {"refused": {"at": found.at.isoformat(), "why": found.why}} if found else {}
        told.append({**_told(served), **why})
    return {"status": "stale" if refused else "ok", "rules": told}


def _told(served: Served) -> Json:
    files = [source.name for source in served.rules.sources if not source.library]
    return {
        "name": served.name, "digest": served.digest, "language": served.rules.language,
        "since": served.since.isoformat(), "files": files,
    }  # fmt: skip
