"""A language in, what `--engine` and `--master` say in it out."""

from rulec.cli.command import Texts

ENGINE: Texts = {
    "fr": "Ce qui fait le travail : local (par défaut) ou spark.",
    "en": "What does the work: local (default) or spark.",
}
MASTER: Texts = {
    "fr": "Le cluster de --engine spark ; local[*] (cette machine) par défaut.",
    "en": "The cluster of --engine spark; local[*] (this machine) by default.",
}
