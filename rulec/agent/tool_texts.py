"""What tools say of themselves to a model, in both languages."""

from collections.abc import Mapping

from rulec.source import Language

TEXTS: Mapping[str, Mapping[Language, str]] = {
    "decide": {
        "fr": "Décide selon les règles « {name} » : {decided}. Donner tous les faits connus, et eux seuls : ce qui "
        "manque pour décider est dit dans « questions » et se demande à la personne, sans rien supposer.",
        "en": 'Decides by the rules "{name}": {decided}. Give all the facts that are known, and only them: what is '
        'missing to decide is told in "questions" and is asked of the person; assume nothing.',
    },
    "why": {
        "fr": "Dit pourquoi les règles « {name} » décident ce qu'elles décident pour ces faits, règle par règle.",
        "en": 'Says why the rules "{name}" decide what they decide for these facts, rule by rule.',
    },
    "what_if": {
        "fr": "Cherche le plus petit changement des faits avec lequel les règles « {name} » atteindraient un but, une "
        "condition sur ce qu'elles décident : « {goal} ».",
        "en": 'Looks for the smallest change of the facts with which the rules "{name}" would meet a goal, a condition '
        'on what they decide: "{goal}".',
    },
    "questions": {
        "fr": "Dit quels faits manquent encore aux règles « {name} » pour décider, chacun comme une question à poser.",
        "en": 'Says which facts the rules "{name}" still lack to decide, each as a question to ask.',
    },
    "at": {
        "fr": "Date de la décision, par exemple « 2026-03-01 » ; aujourd'hui si elle n'est pas donnée.",
        "en": 'Date of the decision, for example "2026-03-01"; today if it is not given.',
    },
    "goal": {"fr": "Le but, par exemple « {goal} ».", "en": 'The goal, for example "{goal}".'},
    "change": {
        "fr": "Les faits qui peuvent changer, par leur clé ; tous si rien n'est dit.",
        "en": "The facts that may change, by their key; all of them if nothing is said.",
    },
}
