"""Customers' mails in; quotes by the house's rules out: sent where the rules let an agent act, else kept for a person.

The plan is this code. A model reads mails (`lecture/`, and `passage/` where several products are asked for, say what,
in a closed form) and writes one courteous sentence; every figure comes from the rules (`ligne/` for each line,
`devis.regles` for all of them) and the database.

    python run.py --stand-in                       50 mails, no key, answers into the Maildir atelier/sent
    python run.py --mails imap://… --smtp host:25 --copies-to archive@… --copies imap://…
"""

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from imaplib import IMAP4
from pathlib import Path
from smtplib import SMTPException
from typing import Any

import click
import make_mails
import shop
import stand_in
from courtesy import Courtesy
from follow_up import write_events
from journal import DONE, READ, SENDING, SENT, WAITING, Journal
from letters import Letter, letters_in, passages
from post import Folder, Post, Server, answer_to, answered, message_id
from quote import Line, Quote, money, percent
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from rulec import RuleSet, load
from rulec.judgement.answers import Judge
from rulec.judgement.asker import KEYS
from rulec.judgement.judge import judge_of
from rulec.judgement.settings import Settings, settings_in
from rulec.log.approvals import as_done, proposal
from rulec.log.entry import Entry
from rulec.log.errors import LogError
from rulec.log.recording import decided
from rulec.log.store import DecisionLog
from rulec.runtime.decision import Decision
from rulec.settings import SettingsError

HERE = Path(__file__).parent
RULES = {
    "lecture": "lecture/lecture.regles", "passage": "passage/passage.regles", "ligne": "ligne/ligne.regles",
    "devis": "devis.regles",
}  # fmt: skip
AGAIN = "Rien n'est perdu, relancez. | Nothing is lost, run again."
MOST = 40  # passages of a mail that are read one by one
TOLD = {
    "quote": "devis", "complaint": "réclamation, pour une personne", "question": "question, pour une personne",
    "nothing": "rien à faire", "person": "pour une personne",
}  # fmt: skip


@dataclass
class House:
    """All that handling a mail takes."""

    rules: Mapping[str, RuleSet]
    stock: Engine
    journal: Journal
    log: DecisionLog
    judge: Judge
    courtesy: Courtesy
    post: Post
    at: date

    # ---- one mail

    def handle(self, letter: Letter) -> str:
        """Go on with a mail from where it is; what came of it, in words."""
        state, told = self.journal.state(letter.id)
        if state == "":
            told = self._read(letter)
            state = READ
        if state == READ:
            state, told = self._decide(letter, told)
        if state == WAITING:
            state, told = self._answered(letter, told)
        if state == SENDING:
            state = self._send(letter, told)
        return self._said(state, told)

    def _read(self, letter: Letter) -> dict[str, Any]:
        """What the mail asks, as far as it can be told for certain."""
        decision = self._judged(f"{letter.id}r", "lecture", {"mail": {"text": letter.text}})
        step, found = decision.outcomes["next_step"], _read_in(decision)
        kind = str(step.value) if step.status == "decided" else "person"
        lines = [found]
        if kind == "several":
            lines = self._several(letter)
            kind = "quote" if lines else "person"
        told = {
            "kind": kind, "lines": lines if kind == "quote" else [],
            "language": "en" if decision.outcomes["answer_in_english"].value is True else "fr",
            "sender": letter.sender, "at": self.at.isoformat(), "answers": answered(letter),
        }  # fmt: skip
        self.journal.put(letter.id, READ, **told)
        return told

    def _several(self, letter: Letter) -> list[dict[str, Any]]:
        """The lines that a mail asks for, passage by passage; none where one passage is not read for certain."""
        parts, lines = passages(letter.text), list[dict[str, Any]]()
        for number, text in enumerate(parts if len(parts) <= MOST else (), 1):
            facts = {"passage": {"text": text, "counts": any(sign.isdigit() for sign in text)}}
            decision = self._judged(f"{letter.id}p{number}", "passage", facts)
            step = decision.outcomes["next_step"]
            if step.status != "decided" or step.value == "person":
                return []
            lines += [_read_in(decision)] if step.value == "line" else []
        return lines

    def _judged(self, id: str, name: str, facts: object) -> Decision:
        """A decision for which a model may read, written to the log."""
        decision = self.rules[name].decide(facts, self.at, self.judge)
        self._write(id, name, facts, decision)
        return decision

    def _decide(self, letter: Letter, told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The quote by the rules, for what the database holds; nothing to send for any other mail."""
        if told["kind"] != "quote":
            self.journal.put(letter.id, DONE)
            return DONE, told
        customer, lines = shop.customer(self.stock, letter.sender), list[dict[str, Any]]()
        for number, each in enumerate(told["lines"], 1):
            lines.append(self._line(f"{letter.id}l{number}", customer, each))
        facts = {"request": {"lines": [{name: each.get(name) for name in _OF_LINES} for each in lines]}}
        decision = self.rules["devis"].decide(facts, self.at)
        entry = self._write(f"{letter.id}q", "devis", facts, decision)
        values = _values(decision)
        settled = decision.status == "decided" and {"total", "total_days"} <= set(values)
        told = {**told, **values, "lines": lines, "decision": entry}
        state = SENDING if decision.supervision.level == "act" and settled else WAITING if settled else DONE
        told |= {} if settled else {"kind": "person"}
        self.journal.put(letter.id, state, **told)
        return state, told

    def _line(self, id: str, customer: shop.Customer, asked: dict[str, Any]) -> dict[str, Any]:
        """A line of what is asked for, with what the rules decide of it."""
        product = shop.product(self.stock, asked["product"])
        facts = {
            "product": {"price": product.price, "stock": product.stock, "lead_days": product.lead_days},
            "customer": {"orders_placed": customer.orders_placed, "disputed": customer.disputed},
            "quantity": asked["quantity"],
        }
        decision = self.rules["ligne"].decide(facts, self.at)
        self._write(id, "ligne", facts, decision)
        why = [each.title for each in decision.outcomes["discount"].fired]
        return {**asked, **_values(decision), "price": str(product.price), "why": why}

    def _answered(self, letter: Letter, told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Whether a person has answered: what is to be sent, or that nothing is."""
        known = proposal(self.log, told["decision"])
        if known.answer is None:
            return WAITING, told
        done = as_done(known.decision, known.answer)
        told |= {**done.get("outcomes", {}), "by": known.answer.by}
        state = SENDING if done else DONE
        self.journal.put(letter.id, state, **told)
        return state, told

    def _send(self, letter: Letter, told: dict[str, Any]) -> str:
        """Send the answer, unless it was taken before; how far the mail is: what is not taken is tried next time."""
        try:
            if not self.post.has(message_id(letter)):
                quote = self.quote(letter, told)
                self.post.send(answer_to(letter, quote, self.courtesy.sentence(letter.text, quote.language)))
        except (OSError, SMTPException, IMAP4.error):
            return SENDING
        self.journal.put(letter.id, SENT, sent=self.at.isoformat())
        return SENT

    def quote(self, letter: Letter, told: dict[str, Any]) -> Quote:
        """The quote of what was decided."""
        lines = tuple(
            Line(
                replace(shop.product(self.stock, each["product"]), price=Decimal(each["price"])), int(each["quantity"]),
                Decimal(each["discount"]), Decimal(each["amount"]),
            )
            for each in told["lines"]
        )  # fmt: skip
        return Quote(
            f"D-{letter.id[:8]}", shop.customer(self.stock, letter.sender), lines, Decimal(told["total"]),
            int(Decimal(told["total_days"])), told["language"],
        )  # fmt: skip

    def _write(self, id: str, name: str, facts: object, decision: Decision) -> str:
        """Write a decision to the log, under an id of its own: one that was written before is not written twice."""
        entry: Entry = replace(decided(self.rules[name], facts, decision, name), id=id)
        if self.log.get(id) is None:
            try:
                self.log.append(entry)
            except LogError as error:
                if error.code != "E957":  # another process was faster
                    raise
        return id

    def _said(self, state: str, told: dict[str, Any]) -> str:
        if told.get("kind") != "quote" or "total" not in told:
            return TOLD[told["kind"]]
        lines = [f"{each['quantity']} × {each['product']}, remise {_percent(each)}" for each in told["lines"]]
        figures = f"{' ; '.join(lines)}, total {money(Decimal(told['total']), 'fr')}, {told['total_days']} jours"
        become = {
            SENT: "envoyé",
            SENDING: "pas pris par le serveur de courrier, à réessayer",
            WAITING: "attend une personne",
            DONE: "refusé par une personne",
        }[state]
        titles = dict.fromkeys(title for each in told["lines"] for title in each["why"])
        why = f" ({', '.join(titles)})" if titles else ""
        return f"devis : {figures}{why} → {become}"


_OF_LINES = ("amount", "discount", "days")


def _read_in(decision: Decision) -> dict[str, Any]:
    """The product and the quantity that a model read."""
    plain: Any = decision.to_json()
    found = {each["key"]: each.get("answer") for each in plain["judgements"]}
    return {"product": found.get("product"), "quantity": found.get("quantity")}


def _values(decision: Decision) -> dict[str, Any]:
    """What was decided, by key."""
    plain: Any = decision.to_json()
    return {key: each["value"] for key, each in plain["outcomes"].items() if "value" in each}


def _percent(line: dict[str, Any]) -> str:
    return percent(Decimal(line["discount"]), "fr")


# ---- the command


@click.command()
@click.option("--mails", help="A Maildir, or imap://user:password@host/INBOX. Default: 50 mails that are made.")
@click.option("--stock", help="The database, sqlite:///… or postgresql://…")
@click.option("--log", "log_url", help="The log of decisions, sqlite:///… or postgresql://…")
@click.option("--work", type=click.Path(path_type=Path), default=Path("atelier"), help="Where all that is kept stands.")
@click.option("--smtp", help="HOST:PORT to send by; without it, answers go into the Maildir WORK/sent.")
@click.option("--copies-to", help="With --smtp: an address of your own that gets a copy of each answer.")
@click.option("--copies", help="With --smtp: the Maildir or imap:// folder where these copies come.")
@click.option("--stand-in", "pretend", is_flag=True, help="Without a key: a stand-in for the model's service.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="The date to decide for, 2026-03-02; today.")
def main(
    mails: str | None, stock: str | None, log_url: str | None, work: Path, smtp: str | None, copies_to: str | None,
    copies: str | None, pretend: bool, at: datetime | None,
) -> None:  # fmt: skip
    """Read mails, make quotes, send what the rules let an agent send."""
    if not pretend and not any(os.environ.get(key) for key in KEYS):
        raise click.UsageError("Without a key (ANTHROPIC_API_KEY), --stand-in.")
    server = _server(smtp, copies_to, copies) if smtp is not None else None
    with _clearly():
        work.mkdir(parents=True, exist_ok=True)
        if mails is None:
            mails = str(work / "mails")
            make_mails.write(Path(mails))
        day = at.date() if at else date.today()
        with opened(work, stock, log_url, server or Folder(work / "sent"), pretend, day) as house:
            _handle(house, mails, work)


def _handle(house: House, mails: str, work: Path) -> None:
    """Go through the mails, saying what becomes of each; what happened goes to `events.jsonl`."""
    counts = Counter[str]()
    for number, letter in enumerate(_readable(mails), 1):
        said = house.handle(letter)
        counts[said.partition("→")[2].strip() or said] += 1
        click.echo(f"{number:3}  {letter.sender:28}  {said}")
    click.echo("\n" + "\n".join(f"{count:3}  {name}" for name, count in counts.most_common()))
    write_events(house.journal, house.stock, work / "events.jsonl")
    if any(state == WAITING for _, state, _ in house.journal.all()):
        click.echo(f"\nrulec approvals list --log {house.log.shown}")


def _server(smtp: str, copies_to: str | None, copies: str | None) -> Post:
    host, _, port = smtp.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()):
        raise click.UsageError("--smtp HOST:PORT")
    if not copies_to or not copies:
        raise click.UsageError("--smtp needs --copies-to and --copies")
    return Server(host, int(port), copies_to, copies)


@contextmanager
def _clearly() -> Iterator[None]:
    """What stops the run in a sentence: it goes on from there the next time."""
    try:
        yield
    except (OSError, ImportError, sqlite3.Error, SQLAlchemyError, LogError, SettingsError) as error:
        told = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise click.ClickException(f"{told.rstrip('.')}. {AGAIN}") from None


def _readable(mails: str) -> Iterator[Letter]:
    """The mails; or why they cannot be read, in a sentence."""
    try:
        yield from letters_in(mails)
    except (OSError, IMAP4.error) as error:
        place = mails.rpartition("@")[2]
        raise click.ClickException(f"{place} : {error}. {AGAIN}") from None


@contextmanager
def opened(
    work: Path, stock: str | None, log_url: str | None, post: Post, pretend: bool, at: date
) -> Iterator[House]:  # fmt: skip
    """The house, closed at the end."""
    with ExitStack() as stack:
        settings = settings_in(Path.cwd()) or Settings()
        settings = replace(settings, store=str(work / "judgements.sqlite"))
        if pretend:
            os.environ["ANTHROPIC_API_KEY"] = "stand-in"
            settings = replace(settings, base_url=stack.enter_context(stand_in.serving()))
        from anthropic import Anthropic

        client = Anthropic(base_url=settings.base_url or None, timeout=settings.deadline, max_retries=0)
        journal, log = Journal(work / "journal.sqlite"), DecisionLog(log_url or f"sqlite:///{work / 'decisions.db'}")
        judge = judge_of(settings)
        for each in (journal, log, judge):
            stack.callback(each.close)
        yield House(
            {name: load(HERE / path) for name, path in RULES.items()},
            shop.opened(stock or f"sqlite:///{work / 'stock.sqlite'}"), journal, log, judge,
            Courtesy(client, settings.model), post, at,
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
