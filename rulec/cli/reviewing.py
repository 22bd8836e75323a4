"""What a person says of a decision in, the review written and told; shared by `rulec review right` and `wrong`."""

import json

from rulec.cli.approving import TOLD
from rulec.cli.logged import opened
from rulec.cli.output import say
from rulec.cli.refusals import FINE
from rulec.cli.tongue import Tongue


def reviewed(tongue: Tongue, verdict: str, id: str, log: str | None, by: str, reason: str, form: str) -> int:
    """Write the review, and say so; the exit status."""
    with opened(log, tongue.own) as held:
        from rulec.log.review import review
        from rulec.log.telling import SHORT, verdict_said

        written = review(held, id, verdict, by, reason)
    if form == "json":
        say(json.dumps(written.to_json(), ensure_ascii=False))
    else:
        told = verdict_said(verdict, tongue.own)
        say(TOLD[tongue.own].format(id=written.about[:SHORT], verdict=told, by=written.by))
    return FINE
