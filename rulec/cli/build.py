"""`rulec build`: rules in, a file for another program out."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from rulec.cli.command import Command, OneOf, Texts, option, paths_argument
from rulec.cli.output import complain, paint_for
from rulec.cli.refusals import ERRORS, FINE, Refusal, Stopped
from rulec.cli.rules import STDIN, compiled, plan_of
from rulec.cli.tongue import Tongue
from rulec.cli.writing import write_whole
from rulec.diagnostics.render import render
from rulec.diagnostics.report import Diagnostic
from rulec.pipeline import Compiled
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
  sql           une requête qui décide pour chaque ligne d'une table

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
  sql           a query that decides for each row of a table

The file is replaced in one step, or not at all.
""",
}
_TARGET: Texts = {"fr": "Ce qu'il faut écrire.", "en": "What to write."}
_OUTPUT: Texts = {"fr": "Où l'écrire ; « - » : la sortie standard.", "en": 'Where to write it; "-": standard output.'}
DIALECTS = ["duckdb", "postgres", "spark"]
_DIALECT: Texts = {"fr": "Pour quelle base écrire le SQL.", "en": "The database to write SQL for."}
_TABLE: Texts = {"fr": "La table des faits, pour le SQL.", "en": "The table of facts, for SQL."}
_NAME: Texts = {"fr": "NOM", "en": "NAME"}
_FILE: Texts = {"fr": "FICHIER", "en": "FILE"}


def command(tongue: Tongue) -> Command:
    """The command, in the language of the command line."""
    own = tongue.own
    params: list[click.Parameter] = [
        paths_argument(own),
        option("--target", _TARGET[own], type=OneOf([*TARGETS, "sql"]), required=True),
        click.Option(
            ["-o", "--output"], type=click.Path(path_type=Path), required=True, metavar=_FILE[own], help=_OUTPUT[own]
        ),
        option("--dialect", _DIALECT[own], type=OneOf(DIALECTS), default="duckdb", show_default=True),
        option("--table", _TABLE[own], metavar=_NAME[own], default="facts", show_default=True),
    ]
    return Command("build", own, HELP[own], partial(build, tongue), params)


def build(tongue: Tongue, paths: Sequence[Path], target: str, output: Path, dialect: str, table: str) -> int:
    """Write the file; the exit status."""
    rules = compiled(paths, tongue)
    plan = plan_of(rules, tongue)
    text = _sql(rules, plan, tongue, dialect, table) if target == "sql" else TARGETS[target](plan)
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


def _sql(rules: Compiled, plan: Plan, tongue: Tongue, dialect: str, table: str) -> str:
    """The query; what it cannot say is shown where it stands, and `Stopped` raised."""
    from rulec.backends.sql import query_of
    from rulec.backends.sql_text import NotInSqlError

    try:
        return query_of(plan, table, dialect)
    except NotInSqlError as error:
        if not error.span.end:  # a name, such as that of the table
            raise Refusal("E953", ERRORS, detail=error.rule) from None
        found = [Diagnostic("E953", error.span, (("detail", error.rule),))]
        complain(render(found, rules.sources, tongue.asked, paint_for(sys.stderr)))
        raise Stopped(ERRORS) from None


TARGETS: Mapping[str, Callable[[Plan], str]] = {"python": _python, "json-schema": _json_schema, "pydantic": _pydantic}
