"""`rulec build`: rules in, a file for another program out."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, OneOf, Texts, option, paths_argument
from rulec.cli.refusals import FINE
from rulec.cli.rules import STDIN, compiled, plan_of
from rulec.cli.tongue import Tongue
from rulec.cli.writing import write_whole
from rulec.plan.tree import Plan
from rulec.source import Language

HELP: Texts = {
    "fr": """
Écrit les règles, ou leurs faits, pour un autre programme.

  rulec build remises.regles --target python -o remises.py
  rulec build remises.regles --target json-schema -o faits.schema.json
  rulec build remises.regles --target pydantic -o faits.py

  python        un module Python qui décide, sans rien d'autre que Python
  json-schema   la forme des faits, en JSON Schema (2020-12)
  pydantic      les faits comme modèles pydantic

Le fichier est remplacé d'un coup, ou pas du tout.
""",
    "en": """
Writes the rules, or their facts, for another program.

  rulec build discounts.rules --target python -o discounts.py
  rulec build discounts.rules --target json-schema -o facts.schema.json
  rulec build discounts.rules --target pydantic -o facts.py

  python        a Python module that decides, with nothing but Python
  json-schema   the form of the facts, as a JSON Schema (2020-12)
  pydantic      the facts as pydantic models

The file is replaced in one step, or not at all.
""",
}
_TARGET: Texts = {"fr": "Ce qu'il faut écrire.", "en": "What to write."}
_OUTPUT: Texts = {"fr": "Où l'écrire ; « - » : la sortie standard.", "en": 'Where to write it; "-": standard output.'}
_FILE: Texts = {"fr": "FICHIER", "en": "FILE"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        paths_argument(own),
        option("--target", _TARGET[own], type=OneOf(list(TARGETS)), required=True),
        click.Option(
            ["-o", "--output"], type=click.Path(path_type=Path), required=True, metavar=_FILE[own], help=_OUTPUT[own]
        ),
    ]
    return Command("build", own, HELP[own], partial(build, tongue), params)


def build(tongue: Tongue, paths: Sequence[Path], target: str, output: Path) -> int:
    """Write the file; the exit status."""
    plan = plan_of(compiled(paths, tongue), tongue)
    text = TARGETS[target](plan)
    if output == STDIN:
        sys.stdout.write(text)
    else:
        write_whole(output, text.encode("utf-8", "backslashreplace"))
    return FINE


def _python(plan: Plan) -> str:
    from rulec.backends.python import module_source  # each target needs its own libraries

    return module_source(plan)


def _json_schema(plan: Plan) -> str:
    from rulec.artefacts.json_schema import json_schema

    language: Language = "en" if plan.language == "en" else "fr"
    return json.dumps(json_schema(plan.facts, language), ensure_ascii=False, indent=2) + "\n"


def _pydantic(plan: Plan) -> str:
    from rulec.artefacts.pydantic_source import source_for

    return source_for(plan.facts)


TARGETS: Mapping[str, Callable[[Plan], str]] = {"python": _python, "json-schema": _json_schema, "pydantic": _pydantic}
