"""`rulec events run --engine spark`: a folder of events taken by a Spark cluster, what fires written to files."""

from collections import Counter
from pathlib import Path

from rulec.cli.command import Texts
from rulec.cli.event_told import TellingIn
from rulec.cli.output import complain
from rulec.cli.refusals import ERRORS, FINE, Refusal
from rulec.diagnostics.screen import harmless
from rulec.pipeline import Compiled
from rulec.plan.tree import Plan
from rulec.source import Language

_SUMMARY: Texts = {
    "fr": "Événements pris : {taken} ; répétitions ignorées : {repeated} ; mis de côté : {aside} ; "
    "déclenchements : {told} ({path}).",
    "en": "Events taken: {taken}; repeats ignored: {repeated}; set aside: {aside}; firings: {told} ({path}).",
}


def run_on_spark(
    rules: Compiled, plan: Plan, language: Language, given: Path, output: Path, checkpoint: Path | None, master: str,
    until: int | None, live: bool,
) -> int:  # fmt: skip
    """Take what is given; the exit status."""
    try:
        from rulec.cluster import SparkError
        from rulec.streaming.query import OtherWorkError, Streaming, stream
    except ModuleNotFoundError as error:
        raise Refusal("E972", detail=str(error.name), extra="spark") from None
    if not given.exists():
        raise Refusal("E901", language=language, path=str(given))
    if output.absolute() == given.absolute():
        raise Refusal("E914", detail=f"--in {given} -o {output}")
    counts = Counter[str]()
    work = Streaming(plan, TellingIn, (rules.sources, language), given, output, checkpoint)
    try:
        stream(work, master, until, live, counts)
    except SparkError as error:
        raise Refusal(error.code, ERRORS, language, master=master, detail=error.detail) from None
    except OtherWorkError as error:
        raise Refusal("E750", ERRORS, language, path=str(error)) from None
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refusal("E902", ERRORS, language, path=str(error.filename or output), detail=detail) from None
    finally:
        said = {kind: str(counts[kind]) for kind in ("taken", "repeated", "aside", "told")}
        complain(harmless(_SUMMARY[language].format(**said, path=output)))
    return ERRORS if counts["aside"] else FINE
