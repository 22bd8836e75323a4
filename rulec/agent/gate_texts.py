"""What a gate says, in both languages."""

from collections.abc import Mapping

from rulec.source import Language

ALLOW, DENY, ASK = "allow", "deny", "ask"  # verdicts; the first two are keys of actions too
TEXTS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "allow": "Autorisé : {why}", "deny": "Refusé : {why}", "missing": "Avant d'agir, il manque : {why}",
        "approval": "Accord à obtenir ({who}) : {why}", "anyone": "d'une personne", "and": " et ",
        "rule": "règle « {title} » ({file}, ligne {line})", "untitled": "règle de {file}, ligne {line}",
        "nothing": "aucune règle n'autorise « {tool} »", "unknown tool": "les règles ne connaissent pas « {tool} »",
        "unreadable": "l'appel d'outil ne peut pas être lu", "failed": "la décision n'a pas pu être prise ({detail})",
        "observe": "les règles ne font qu'observer", "conflict": "des règles se contredisent",
        "error": "un calcul est impossible", "twice": "« {tool} » est donné deux fois",
        "waiting": "En attente d'un accord ({why})", "who": "{who}", "approved": "accord de {by}",
        "refused": "{by} refuse : {reason}", "changed": "{by} veut autre chose : {reason}",
        "expired": "personne n'a répondu à temps", "another": "l'accord demandé est pour un autre appel",
        "not asked": "aucun accord n'est demandé sous cet identifiant", "no log": "sans journal, rien n'attend",
    },
    "en": {
        "allow": "Allowed: {why}", "deny": "Denied: {why}", "missing": "Before acting, this is missing: {why}",
        "approval": "Approval needed ({who}): {why}", "anyone": "a person", "and": " and ",
        "rule": 'rule "{title}" ({file}, line {line})', "untitled": "rule of {file}, line {line}",
        "nothing": 'no rule allows "{tool}"', "unknown tool": 'the rules do not know "{tool}"',
        "unreadable": "the tool call cannot be read", "failed": "the decision could not be made ({detail})",
        "observe": "the rules only observe", "conflict": "rules contradict each other",
        "error": "a calculation is impossible", "twice": '"{tool}" is given twice',
        "waiting": "Waiting for an approval ({why})", "who": "{who}", "approved": "approved by {by}",
        "refused": "{by} refuses: {reason}", "changed": "{by} wants something else: {reason}",
        "expired": "nobody answered in time", "another": "the approval asked for is for another call",
        "not asked": "no approval is asked for under this id", "no log": "without a log, nothing waits",
    },
}  # fmt: skip
