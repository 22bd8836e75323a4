"""Arguments in, exit status out: whatever happens ends in a sentence and a status, never in a traceback."""

import gc
import os
import sys
from collections.abc import Sequence

import click

from rulec.cli.group import COMMANDS, Group
from rulec.cli.output import complain, speak_utf8
from rulec.cli.refusals import FINE, INTERNAL, INTERRUPTED, PIPE_CLOSED, WRONG_USE, Refusal, Stopped, nearest
from rulec.cli.tongue import Tongue, tongue_of
from rulec.source import Language

COMPLETE = "_RULEC_COMPLETE"
SELDOM = 100_000  # objects between two collections: a compiler makes many and drops few, and a start is a tenth faster
_HELP = {"fr": "Aide : {command} --help", "en": "Help: {command} --help"}


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    gc.set_threshold(SELDOM)
    given = list(sys.argv[1:] if args is None else args)
    tongue = tongue_of(given)
    speak_utf8()
    try:
        return _run(given, tongue)
    except Refusal as refusal:
        return _refuse(refusal, given, tongue)
    except Stopped as stopped:
        return stopped.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return PIPE_CLOSED
    except Exception as error:  # the last resort: a defect must not show its inside
        return _apologise(error, tongue.own)


def _run(args: list[str], tongue: Tongue) -> int:
    group = Group(tongue)
    if instruction := os.environ.get(COMPLETE):
        from click.shell_completion import shell_complete  # only the Tab key needs it

        return shell_complete(group, {}, "rulec", COMPLETE, instruction)
    try:
        with group.make_context("rulec", args) as ctx:
            status = group.invoke(ctx)
    except click.exceptions.Exit as end:
        status = end.exit_code
    except click.UsageError as error:
        raise refusal_of(error, tongue.own) from None
    sys.stdout.flush()
    return status if isinstance(status, int) else FINE


def refusal_of(error: click.UsageError, language: Language) -> Refusal:
    """What click refuses, in the words of the catalogue."""
    match error:
        case click.NoSuchOption():
            known = [name for param in (error.ctx.command.params if error.ctx else []) for name in param.opts]
            return Refusal("E911", detail=error.option_name, closest=nearest(error.option_name, known))
        case click.MissingParameter(param=click.Parameter() as param):
            return Refusal("E912", detail=param.opts[-1] if isinstance(param, click.Option) else param.metavar or "")
        case click.BadOptionUsage():
            return Refusal("E914", detail=error.option_name)
        case _:
            return Refusal("E914", detail=error.format_message())


def _refuse(refusal: Refusal, args: Sequence[str], tongue: Tongue) -> int:
    language = tongue.asked or refusal.language or tongue.usual
    complain(refusal.text(language))
    if refusal.status == WRONG_USE:
        command = next((arg for arg in args if arg in COMMANDS), "")
        complain(_HELP[language].format(command=f"rulec {command}".strip()))
    return refusal.status


def _apologise(error: Exception, language: Language) -> int:
    complain(Refusal("E930", detail=type(error).__name__).text(language))
    if os.environ.get("RULEC_DEBUG"):
        import traceback  # only a defect needs it

        complain("".join(traceback.format_exception(error)))
    return INTERNAL


def _forget_output() -> None:
    """Let the interpreter flush into nothing when it ends: nobody reads any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
