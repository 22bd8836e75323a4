"""Options in, what makes `rulec check` fail out: `--strict`, `--deny`, `--allow`, and a baseline of what is known."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from rulec.cli.command import Texts, option
from rulec.cli.explain import entry_of
from rulec.cli.refusals import Refusal
from rulec.cli.writing import write_whole
from rulec.diagnostics import Diagnostic, Severity
from rulec.diagnostics.screen import harmless
from rulec.pipeline import Compiled
from rulec.proof import BUDGET
from rulec.review.baseline import Known, NoBaselineError, baseline_text, read_baseline
from rulec.review.policy import Policy, Reviewed, is_error, review
from rulec.runtime.plain import Plain, plain
from rulec.source import Language

_STRICT: Texts = {"fr": "Les avertissements font échouer aussi.", "en": "Warnings fail too."}
_DENY: Texts = {
    "fr": "Ce code fait échouer (plusieurs : W421,W422, ou l'option répétée).",
    "en": "This code fails (several: W421,W422, or the option again).",
}
_ALLOW: Texts = {
    "fr": "Ce code n'est pas montré, seulement compté ; une erreur ne peut pas être admise.",
    "en": "This code is not shown, only counted; an error cannot be allowed.",
}
_BASELINE: Texts = {
    "fr": "Liste de constats connus : ils sont comptés, les autres sont nouveaux.",
    "en": "List of known findings: they are counted, the others are new.",
}
_WRITE: Texts = {
    "fr": "Écrire dans cette liste tous les constats d'aujourd'hui, sauf les erreurs.",
    "en": "Write all the findings of today into this list, except errors.",
}
_BUDGET: Texts = {
    "fr": "Secondes pour prouver que rien ne se contredit ni ne manque ; 0 : ne rien prouver.",
    "en": "Seconds to prove that nothing contradicts or is missing; 0: prove nothing.",
}
_SECONDS: Texts = {"fr": "SECONDES", "en": "SECONDS"}
FILE: Texts = {"fr": "FICHIER", "en": "FILE"}
_LONGEST = 60  # characters of a statement that a line quotes
_SAID: dict[Language, dict[str, str]] = {
    "fr": {
        "failing": "Font échouer ({why}) : {found}", "allowed": "Admis, non montrés : {found}",
        "known": "Connus de {file}, non montrés : {found}", "written": "Écrits dans {file} : {found}",
        "stale": "{file} connaît ce qui ne se trouve plus ({found}) : « {text} »",
    },
    "en": {
        "failing": "Failing ({why}): {found}", "allowed": "Allowed, not shown: {found}",
        "known": "Known from {file}, not shown: {found}", "written": "Written to {file}: {found}",
        "stale": "{file} knows what is no longer found ({found}): \"{text}\"",
    },
}  # fmt: skip


@plain
class Asked(Plain):
    """The options, as given."""

    strict: bool
    deny: tuple[str, ...]
    allow: tuple[str, ...]
    baseline: Path | None
    write_baseline: bool
    budget: float

    def policy(self) -> Policy:
        """Which codes fail and which are left out. Refuses unknown codes, and what cannot be."""
        denied, allowed = _codes(self.deny), _codes(self.allow)
        for code in sorted(allowed):
            if entry_of(code).severity is Severity.ERROR:
                raise Refusal("E950", detail=code)
            if code in denied:
                raise Refusal("E951", detail=code)
        return Policy(self.strict, denied, allowed)

    def known(self) -> Known:
        """The findings that the baseline knows; none where it is about to be written."""
        if self.baseline is None and self.write_baseline:
            raise Refusal("E912", detail="--baseline")
        if self.baseline is None or self.write_baseline:
            return Known(Counter())
        try:
            return read_baseline(self.baseline.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise Refusal("E901", path=str(self.baseline)) from None
        except OSError as error:
            raise Refusal("E902", path=str(self.baseline), detail=error.strerror or str(error)) from None
        except (UnicodeDecodeError, NoBaselineError):
            raise Refusal("E952", path=str(self.baseline)) from None


def options(language: Language) -> list[click.Parameter]:
    """The options of this file."""
    return [
        option("--strict", _STRICT[language], is_flag=True),
        option("--deny", _DENY[language], multiple=True, metavar="CODE"),
        option("--allow", _ALLOW[language], multiple=True, metavar="CODE"),
        option("--baseline", _BASELINE[language], type=click.Path(path_type=Path), metavar=FILE[language]),
        option("--write-baseline", _WRITE[language], is_flag=True),
        option(
            "--budget", _BUDGET[language], type=click.FloatRange(min=0), default=BUDGET, metavar=_SECONDS[language]
        ),
    ]


def _codes(given: Sequence[str]) -> frozenset[str]:
    words = [word for each in given for word in each.replace(",", " ").split()]
    return frozenset(entry_of(word).code for word in words)


# ---- what comes of it


@plain
class Outcome(Plain):
    """The rule sets, their findings parted, and what is left of the baseline."""

    asked: Asked
    sets: tuple[Reviewed, ...]
    known: Known

    @property
    def failing(self) -> bool:
        """Whether the check fails."""
        return any(each.failing for each in self.sets)

    def as_json(self) -> dict[str, object]:
        """How many findings fail, are allowed and known, and what the baseline holds for nothing."""
        stale = [{"code": key.code, "text": key.text, "count": count} for key, count in self.known.stale]
        counts = {name: sum(len(getattr(each, name)) for each in self.sets) for name in ("failing", "allowed", "known")}
        return {**counts, "stale": stale}

    def lines(self, language: Language) -> Iterator[str]:
        """What is to say beside the findings: why warnings fail, what is not shown, what the baseline is for."""
        said, file = _SAID[language], harmless(str(self.asked.baseline))
        warned = [found for each in self.sets for found in each.failing if not is_error(found)]
        if warned:
            denied = any(found.code in self.asked.policy().denied for found in warned)
            yield said["failing"].format(found=_counted(warned), why="--deny" if denied else "--strict")
        if allowed := [found for each in self.sets for found in each.allowed]:
            yield said["allowed"].format(found=_counted(allowed))
        if known := [found for each in self.sets for found in each.known]:
            yield said["written" if self.asked.write_baseline else "known"].format(found=_counted(known), file=file)
        for key, count in self.known.stale:
            yield said["stale"].format(file=file, found=f"{key.code} × {count}", text=harmless(_cut(key.text)))


def outcome(asked: Asked, sets: Sequence[Compiled]) -> Outcome:
    """The findings of rule sets as the options want them; a new baseline is written first."""
    policy, known = asked.policy(), asked.known()
    if asked.write_baseline and asked.baseline:
        first = [review(rules, policy, known) for rules in sets]
        keys = [key for each in first for found, key in zip(each.shown, each.keys, strict=True) if not is_error(found)]
        write_whole(asked.baseline, baseline_text(keys).encode())
        known = Known(Counter(keys))
    return Outcome(asked, tuple(review(rules, policy, known) for rules in sets), known)


def _counted(found: Sequence[Diagnostic]) -> str:
    """« W421 × 2, W422 × 1 »."""
    return ", ".join(f"{code} × {count}" for code, count in sorted(Counter(each.code for each in found).items()))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
