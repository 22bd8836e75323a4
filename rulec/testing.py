"""For tests of rules: a pytest plugin, and hypothesis strategies for facts.

Every example of a rule file that is given, or found under the test paths, is a test: the plugin is loaded by itself
where rulec is installed; `-p no:rulec` switches it off. `facts` and `moments` make facts for properties of rules.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rulec.diagnostics.render import render
from rulec.files import RULE_FILES
from rulec.pipeline import compile_paths
from rulec.trial.run import Result, run_examples
from rulec.trial.tell import Teller

if TYPE_CHECKING:  # only tests that ask for facts need hypothesis
    from hypothesis.strategies import SearchStrategy

    from rulec.ruleset import RuleSet

_HOLDS = re.compile(r"^\s*(?:exemples?|examples?)\b", re.IGNORECASE | re.MULTILINE)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "RuleFile | None":
    """Collect the rule files that hold examples."""
    if file_path.suffix not in RULE_FILES:
        return None
    text = file_path.read_text(encoding="utf-8", errors="replace")
    return RuleFile.from_parent(parent, path=file_path) if _HOLDS.search(text) else None


class RulesError(Exception):
    """The rules have errors; the report of `rulec check`."""


class RuleFile(pytest.File):
    """A rule file, compiled with the files that it uses."""

    def collect(self) -> Iterator["ExampleItem"]:
        """Its examples, those of the files that it uses left out."""
        compiled = compile_paths([self.path])
        if compiled.plan is None:
            raise RulesError(render(compiled.diagnostics, compiled.sources))
        teller = Teller(compiled.plan, compiled.sources, compiled.language)
        own = compiled.sources[-1].name  # the files that it uses come first
        mine = [example for example in compiled.examples if example.file == own]
        for result in run_examples(compiled.plan, mine):
            yield ExampleItem.from_parent(self, name=teller.name(result.example), result=result, teller=teller)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str | object:  # type: ignore[override]  # pytest takes any text
        """The report of what is wrong in the rules."""
        return str(excinfo.value) if isinstance(excinfo.value, RulesError) else super().repr_failure(excinfo)


class ExampleError(AssertionError):
    """An example whose decision is not as expected; the difference and why."""


class ExampleItem(pytest.Item):
    """An example as a test."""

    def __init__(self, *, result: Result, teller: Teller, **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # name and parent, as pytest gives them
        self.result, self.teller = result, teller

    def runtest(self) -> None:
        """Fail where something is not as expected."""
        if not self.result.passed:
            raise ExampleError(self.teller.failure(self.result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str | object:  # type: ignore[override]  # pytest takes any text
        """What was given, expected and got, and why."""
        return str(excinfo.value) if isinstance(excinfo.value, ExampleError) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line from 0 and the name."""
        return self.path, self.result.example.line - 1, self.name


def facts(rules: "RuleSet", *, missing: bool = False) -> "SearchStrategy[dict[str, object]]":
    """Facts for `rules.decide`, by path: within bounds, the thresholds of the rules and their neighbours favoured.

    Optional facts, and those with a default, are given or not. `missing`: any other fact may be left out too.
    """
    from rulec.strategies import facts_of

    return facts_of(rules.plan, missing=missing)


def moments(rules: "RuleSet") -> "SearchStrategy[date]":
    """Dates of the decision for `rules.decide(facts, at)`, those that the rules look at favoured."""
    from rulec.strategies import moments_of

    return moments_of(rules.plan)
