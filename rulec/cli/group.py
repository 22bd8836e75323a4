"""The command `rulec` itself: its help, and its commands, each imported when it is used."""

from collections.abc import Mapping

import click

import rulec
from rulec.cli.command import Texts
from rulec.cli.tongue import Tongue
from rulec.cli.verbs import Verbs
from rulec.source import Language

COMMANDS: Mapping[str, Texts] = {
    "check": {"fr": "Relire des règles : erreurs, avertissements.", "en": "Review rules: errors, warnings."},
    "run": {"fr": "Décider, et dire pourquoi.", "en": "Decide, and say why."},
    "score": {"fr": "Décider pour chaque ligne d'un fichier.", "en": "Decide on each row of a file."},
    "test": {"fr": "Vérifier les exemples écrits dans les règles.", "en": "Check the examples written in the rules."},
    "diff": {
        "fr": "Dire quelles décisions changent, ou prouver qu'aucune ne change.",
        "en": "Tell which decisions change, or prove that none does.",
    },
    "clarify": {
        "fr": "Choisir entre les lectures d'une phrase, sur des cas concrets.",
        "en": "Choose between the readings of a sentence, through concrete cases.",
    },
    "draft": {
        "fr": "Écrire un brouillon de règles d'après un texte.",
        "en": "Write draft rules from a text.",
    },
    "vocabulary": {"fr": "Montrer les termes et leurs types.", "en": "Show the terms and their types."},
    "format": {"fr": "Réécrire des règles sous une seule forme.", "en": "Rewrite rules in one form."},
    "translate": {"fr": "Redire des règles dans l'autre langue.", "en": "Say rules again in the other language."},
    "explain": {"fr": "Expliquer un code d'erreur.", "en": "Explain an error code."},
    "build": {
        "fr": "Écrire les règles en Python, leurs faits en JSON Schema ou pydantic.",
        "en": "Write the rules as Python, their facts as JSON Schema or pydantic.",
    },
    "serve": {
        "fr": "Servir des règles à d'autres programmes.",
        "en": "Serve rules to other programs.",
    },
    "events": {
        "fr": "Prendre des événements, dire ce qu'ils déclenchent.",
        "en": "Take events, tell what they fire.",
    },
    "log": {
        "fr": "Relire, vérifier ou exporter le journal des décisions.",
        "en": "Read, verify or export the log of decisions.",
    },
    "report": {
        "fr": "Dire ce que le journal montre : décisions, corrections, temps gagné.",
        "en": "Tell what the log shows: decisions, corrections, time saved.",
    },
    "review": {
        "fr": "Relire une part de ce qui a été exécuté sans personne.",
        "en": "Review a part of what was executed without a person.",
    },
    "approvals": {
        "fr": "Répondre aux décisions qui attendent une personne.",
        "en": "Answer the decisions that wait for a person.",
    },
    "judgements": {
        "fr": "Montrer ou essayer ce qu'un modèle a jugé.",
        "en": "Show or try what a model has judged.",
    },
    "new": {"fr": "Commencer un petit projet.", "en": "Start a small project."},
}
HELP: Texts = {
    "fr": """
rulec lit des règles écrites en français ou en anglais, les relit avec vous et décide.

  rulec new mes-regles                      commencer avec un exemple qui marche
  rulec check remises.regles                relire : erreurs, avertissements
  rulec run remises.regles --fact "commande=620 €" --fact "client fidèle=oui"

L'aide d'une commande : rulec COMMANDE --help

Les noms des commandes et des options se complètent avec la touche Tab après :

  bash :  eval "$(_RULEC_COMPLETE=bash_source rulec)"      dans ~/.bashrc
  zsh :   eval "$(_RULEC_COMPLETE=zsh_source rulec)"       dans ~/.zshrc
  fish :  _RULEC_COMPLETE=fish_source rulec | source       dans ~/.config/fish/config.fish

Code de sortie : 0 tout va bien, 1 erreurs dans les règles ou les faits, 2 commande mal
employée, 70 défaut de rulec. NO_COLOR=1 enlève les couleurs.
""",
    "en": """
rulec reads rules written in French or English, reviews them with you and decides.

  rulec new my-rules                        start from an example that works
  rulec check discounts.rules               review: errors, warnings
  rulec run discounts.rules --fact "order=€620" --fact "loyal customer=yes"

The help of a command: rulec COMMAND --help

The names of commands and options complete with the Tab key after:

  bash:  eval "$(_RULEC_COMPLETE=bash_source rulec)"      in ~/.bashrc
  zsh:   eval "$(_RULEC_COMPLETE=zsh_source rulec)"       in ~/.zshrc
  fish:  _RULEC_COMPLETE=fish_source rulec | source       in ~/.config/fish/config.fish

Exit status: 0 all is well, 1 errors in the rules or the facts, 2 wrong use of the
command, 70 defect of rulec. NO_COLOR=1 removes colours.
""",
}
_TITLE: Texts = {"fr": "Commandes", "en": "Commands"}
_VERSION: Texts = {"fr": "Afficher la version.", "en": "Show the version."}
_COMMAND: Texts = {"fr": "COMMANDE", "en": "COMMAND"}
_MISSING: Texts = {"fr": "une commande (rulec --help en donne la liste)", "en": "A command (rulec --help lists them)"}


class Group(Verbs):
    """`rulec`."""

    title, metavar = _TITLE, _COMMAND

    def __init__(self, tongue: Tongue) -> None:
        super().__init__("rulec", tongue, HELP, COMMANDS)
        self.params.insert(0, _version_option(tongue.own))

    def module(self, verb: str) -> str:
        """Where a command stands."""
        return verb

    def typed(self, verb: str) -> str:
        """A command as it is typed."""
        return verb

    def lacking(self) -> str:
        """What to type where no command is."""
        return _MISSING[self.tongue.own]


def _version_option(language: Language) -> click.Option:
    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help=_VERSION[language]
    )


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        print(f"rulec {rulec.__version__}")
        ctx.exit()
