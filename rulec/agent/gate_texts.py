"""What a gate says, in both languages."""

from collections.abc import Mapping

from rulec.source import Language

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "allow": "Autorisé : {why}", "deny": "Refusé : {why}", "missing": "Avant d'agir, il manque : {why}",
        "approval": "Accord à obtenir ({who}) : {why}", "anyone": "d'une personne", "and": " et ",
        "rule": "règle « {title} » ({file}, ligne {line})", "untitled": "règle de {file}, ligne {line}",
        "nothing": "aucune règle n'autorise « {tool} »", "unknown tool": "les règles ne connaissent pas « {tool} »",
        "unreadable": "l'appel d'outil ne peut pas être lu", "failed": "la décision n'a pas pu être prise ({detail})",
        "observe": "les règles ne font qu'observer", "conflict": "des règles se contredisent",
        "error": "un calcul est impossible", "twice": "« {tool} » est donné deux fois",
    },
    "en": {
        "allow": "Allowed: {why}", "deny": "Denied: {why}", "missing": "Before acting, this is missing: {why}",
        "approval": "Approval needed ({who}): {why}", "anyone": "a person", "and": " and ",
        "rule": 'rule "{title}" ({file}, line {line})', "untitled": "rule of {file}, line {line}",
        "nothing": 'no rule allows "{tool}"', "unknown tool": 'the rules do not know "{tool}"',
        "unreadable": "the tool call cannot be read", "failed": "the decision could not be made ({detail})",
        "observe": "the rules only observe", "conflict": "rules contradict each other",
        "error": "a calculation is impossible", "twice": '"{tool}" is given twice',
    },
}  # fmt: skip
