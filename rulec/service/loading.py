"""A path in, a version ready to be served out: compiled, its examples held, its code made; or why it is not."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rulec.diagnostics.render import render
from rulec.files import rule_files
from rulec.pipeline import Compiled
from rulec.rule_sets import compile_sets, set_in
from rulec.ruleset import from_compiled
from rulec.runtime.facts import FactsError
from rulec.service.sets import Served, now
from rulec.service.words import told
from rulec.source import Language
from rulec.trial.run import run_examples


@dataclass(frozen=True)
class Origin:
    """Where the rules of a name stand. `language`: which of those in two languages."""

    name: str
    path: Path
    language: Language | None = None


class UnfitError(Exception):
    """Rules that are not served. `str()` is why; `paths`: the files that were read."""

    def __init__(self, text: str, paths: Sequence[Path]) -> None:
        super().__init__(text)
        self.paths = tuple(paths)


def loaded(origin: Origin, language: Language) -> Served:
    """The version that stands there now. Raises `UnfitError`, told in a language where the rules have none."""
    files = rule_files([origin.path])
    compiled = set_in(sets := compile_sets(files), origin.language)
    paths = [*files, *(Path(source.path) for each in sets for source in each.sources if source.path)]
    if compiled is None:
        raise UnfitError(told("two languages", language, path=origin.path), paths)
    if compiled.plan is None:
        raise UnfitError(render(compiled.diagnostics, compiled.sources), paths)
    if not (compiled.plan.rules or compiled.plan.tables):
        raise UnfitError(told("nothing", compiled.language, path=origin.path), paths)
    failed = _failing(compiled)
    if failed:
        raise UnfitError(told("examples", compiled.language, titles=", ".join(failed)), paths)
    rules = from_compiled(compiled)
    with suppress(FactsError):
        rules.decide({})  # the code is written at the first decision
    return Served(origin.name, rules, tuple(dict.fromkeys(paths)), now())


def _failing(compiled: Compiled) -> list[str]:
    """The examples that do not hold, as « titre (fichier:ligne) »."""
    assert compiled.plan is not None
    failed = [each.example for each in run_examples(compiled.plan, compiled.examples) if not each.passed]
    return [f"{each.title} ({each.file}:{each.line})".strip() for each in failed]
