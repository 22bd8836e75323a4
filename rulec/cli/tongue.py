"""Arguments and environment in, the language to speak out: `--lang` first, else the rules', else the environment's."""

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rulec.runtime.plain import Plain, plain
from rulec.source import LANGUAGES, Language


@plain
class Tongue(Plain):
    """`asked`: the language of `--lang`, None without it. `usual`: that of the environment."""

    asked: Language | None
    usual: Language

    @property
    def own(self) -> Language:
        """The language where no rules are read: help, wrong use."""
        return self.asked or self.usual

    def about(self, rules: Language) -> Language:
        """The language of messages about rules."""
        return self.asked or rules


def tongue_of(args: Sequence[str], environment: Mapping[str, str] = os.environ) -> Tongue:
    """The language asked for anywhere in the arguments, and that of the environment."""
    return Tongue(_asked(args), _usual(environment))


def _asked(args: Sequence[str]) -> Language | None:
    given = [after for before, after in pairwise(args) if before == "--lang"]
    given += [arg.removeprefix("--lang=") for arg in args if arg.startswith("--lang=")]
    return next((language for language in LANGUAGES if language in given), None)


def _usual(environment: Mapping[str, str]) -> Language:
    """French if the locale starts with fr; LC_ALL counts before LC_MESSAGES, LC_MESSAGES before LANG (POSIX)."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return "fr" if locale.lower().startswith("fr") else "en"
