"""`rulec events`: rules that wait for events, on events as they come or on a whole history; what is known of a key."""

from collections.abc import Mapping

from rulec.cli.command import Texts
from rulec.cli.tongue import Tongue
from rulec.cli.verbs import Verbs

HELP: Texts = {
    "fr": """
Les règles qui attendent des événements : « Quand un client fait 3 réclamations en 30 jours … ».

  rulec events run regles/ --in evenements.jsonl      dire ce que des événements déclenchent
  rulec events run regles/ --in - --follow            les prendre au fil de l'eau
  rulec events replay regles/ --in evenements.jsonl   rejouer une histoire, sans rien garder
  rulec events state C-12                             ce qu'on sait d'un client, d'une facture

Un événement est un objet JSON par ligne : {"id": "e1", "event": "complaint",
"time": "2026-03-01T09:30:00+01:00", "key": "C-12", "facts": {"fidèle": true}}
""",
    "en": """
Rules that wait for events: "When a customer files 3 complaints in 30 days …".

  rulec events run rules/ --in events.jsonl      take events, tell what fires
  rulec events run rules/ --in - --follow        take them as they come
  rulec events replay rules/ --in events.jsonl   replay a whole history, keeping nothing
  rulec events state C-12                        what is known of a customer, an invoice …

An event is a JSON object a line: {"id": "e1", "event": "complaint",
"time": "2026-03-01T09:30:00+01:00", "key": "C-12", "facts": {"loyal": true}}
""",
}
VERBS: Mapping[str, Texts] = {
    "run": {"fr": "Prendre des événements, et dire ce qui se déclenche.", "en": "Take events, and tell what fires."},
    "replay": {"fr": "Rejouer toute une histoire.", "en": "Replay a whole history."},
    "state": {"fr": "Montrer ce qu'on sait d'une clé.", "en": "Show what is known of a key."},
}


def command(tongue: Tongue) -> Verbs:
    """The command, in the language of the command line."""
    return Verbs("events", tongue, HELP, VERBS)
