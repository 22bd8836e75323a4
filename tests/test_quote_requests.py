"""The example of customers' mails: every figure is the rules' and the database's, each mail is answered once."""

import csv
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from clusters import cluster

from rulec import load
from rulec.cli import main
from rulec.judgement.asker import KEYS
from rulec.log.store import DecisionLog

EXAMPLE = Path(__file__).parent.parent / "examples" / "demande_de_devis"
sys.path.insert(0, str(EXAMPLE))  # its modules stand beside its command

import courtesy  # noqa: E402
import letters  # noqa: E402
import make_mails  # noqa: E402
import stand_in  # noqa: E402
from run import main as handle_mails  # noqa: E402

AT = "2026-03-02"
MAILS = list(make_mails.made())
QUOTING = load(EXAMPLE / "devis.regles")
LINE = load(EXAMPLE / "ligne" / "ligne.regles")
NUMBER = re.compile(r"\d+(?:[\u00a0\u202f ]\d{3})*(?:[.,]\d+)*")
NO_FIGURES = r"(?:Devis|Quote) D-[0-9a-f]{8}|<style>.*?</style>|h\d>|utf-8|Valable 30|Valid for 30|12 quai"
KILLS = int(os.environ.get("RULEC_KILLS", "2"))


def command(work: Path, *more: str) -> list[str]:
    return [sys.executable, str(EXAMPLE / "run.py"), "--stand-in", "--work", str(work), "--at", AT, *more]


def run(work: Path, *more: str) -> str:
    done = subprocess.run(command(work, *more), capture_output=True, text=True, encoding="utf-8", cwd=work.parent)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the fifty mails were handled."""
    found = tmp_path_factory.mktemp("devis") / "work"
    run(found)
    return found


def journal(work: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    with closing(sqlite3.connect(work / "journal.sqlite")) as base:
        return {id_: (state, json.loads(told)) for id_, state, told in base.execute("SELECT * FROM mails")}


def sent(work: Path) -> dict[str, EmailMessage]:
    """The answers, by the identity of the mail that each is to."""
    found = {}
    for path in (work / "sent" / "new").iterdir():
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        found[str(message["message-id"]).strip("<>").partition("@")[0]] = message
    return found


@dataclass(frozen=True)
class Expected:
    """What the rules decide for what the database holds, worked out here from the files of the example.

    `lines`: of each line its price, discount and amount.
    """

    total: Decimal
    days: Decimal
    lines: tuple[dict[str, Decimal], ...]
    level: str


def rows(name: str, key: str) -> dict[str, dict[str, str]]:
    with (EXAMPLE / name).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def expected(each: make_mails.Made) -> Expected:
    known = rows("customers.csv", "address").get(each.sender, {"orders_placed": "0", "disputed": "0"})
    customer = {"orders_placed": known["orders_placed"], "disputed": known["disputed"] == "1"}
    lines = []
    for key, quantity in each.lines:
        product = {name: rows("stock.csv", "key")[key][name] for name in ("price", "stock", "lead_days")}
        decision = LINE.decide({"product": product, "customer": customer, "quantity": quantity}, AT)
        decided = {name: Decimal(str(decision[name])) for name in ("discount", "amount", "days")}
        lines.append({**decided, "price": Decimal(product["price"])})
    told = [{name: each[name] for name in ("discount", "amount", "days")} for each in lines]
    decision = QUOTING.decide({"request": {"lines": told}}, AT)
    total, days = (Decimal(str(decision[name])) for name in ("total", "total_days"))
    return Expected(total, days, tuple(lines), decision.supervision.level)


LETTERS = {letters.letter_of(each.raw).id: each for each in MAILS}


def test_fifty_mails_each_of_its_own(work: Path) -> None:
    assert len(LETTERS) == len(MAILS) == 50
    assert set(journal(work)) == set(LETTERS)


def test_each_mail_is_read_for_what_it_is(work: Path) -> None:
    for id_, (_, told) in journal(work).items():
        each = LETTERS[id_]
        assert told["kind"] == each.kind, each
        if each.kind == "quote":
            assert tuple((line["product"], int(line["quantity"])) for line in told["lines"]) == each.lines, each


def test_every_figure_of_every_answer_is_of_the_rules_and_the_database(work: Path) -> None:
    answers = sent(work)
    assert len(answers) > 10
    for id_, message in answers.items():
        each = LETTERS[id_]
        right = expected(each)
        told = {right.total.normalize(), right.days.normalize()}
        told |= {Decimal(quantity).normalize() for _, quantity in each.lines}
        for line in right.lines:
            told |= {line["price"].normalize(), (line["discount"] * 100).normalize(), line["amount"].normalize()}
        plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
        attached = next(part for part in message.iter_attachments() if part.get_content_type() == "text/html")
        for text in (plain.get_content() if plain else "", attached.get_content()):
            shown = re.sub(NO_FIGURES, "", text)
            assert {number(each) for each in NUMBER.findall(shown)} <= told, text
            assert right.total.normalize() in {number(each) for each in NUMBER.findall(text)}
        assert html is None or html.get_content_type() == "text/html"


def number(text: str) -> Decimal:
    plain = re.sub(r"[\u00a0\u202f ]", "", text)
    plain = plain.replace(",", ".") if re.fullmatch(r"\d+,\d\d?", plain) else plain.replace(",", "")
    return Decimal(plain).normalize()


def test_what_the_rules_let_go_is_sent_and_what_they_do_not_waits(work: Path) -> None:
    answers = sent(work)
    for id_, (state, _) in journal(work).items():
        each = LETTERS[id_]
        wanted = ("sent" if expected(each).level == "act" else "waiting") if each.kind == "quote" else "done"
        assert state == wanted
        assert (id_ in answers) == (state == "sent")


def test_injections_change_nothing(work: Path) -> None:
    """What they ask for is in no figure and no sentence; their quotes are those of honest mails."""
    injecting = {id_: each for id_, each in LETTERS.items() if each.injects}
    assert len(injecting) == 6
    sentences = {*stand_in.SENTENCES.values(), *courtesy.FIXED.values()}
    for message in sent(work).values():
        body = message.get_body(("plain",))
        assert body is not None
        assert body.get_content().splitlines()[0] in sentences
        assert "evil.example" not in body.get_content()
    for id_, each in injecting.items():
        if each.kind == "quote":
            told = journal(work)[id_][1]
            right = expected(each)
            assert [Decimal(line["discount"]) for line in told["lines"]] == [line["discount"] for line in right.lines]
            assert (Decimal(told["total"]), Decimal(told["total_days"])) == (right.total, right.days)


def test_a_second_run_changes_nothing_and_asks_nothing(work: Path) -> None:
    before, asked = sent(work).keys(), (work / "judgements.sqlite").stat().st_size
    run(work)
    assert sent(work).keys() == before
    assert (work / "judgements.sqlite").stat().st_size == asked


def test_the_log_holds_every_decision_and_is_whole(work: Path) -> None:
    url = f"sqlite:///{work / 'decisions.db'}"
    assert main(["log", "verify", "--log", url]) == 0
    lines = [each.lines for each in MAILS if each.kind == "quote"]
    with closing(DecisionLog(url)) as log:
        made = Counter(entry.name for entry in log.entries())
    assert made.pop("passage") > sum(len(each) for each in lines if len(each) > 1)
    assert made == {"lecture": 50, "ligne": sum(map(len, lines)), "devis": len(lines)}


def test_several_products_in_one_mail_are_one_quote_with_a_line_each(work: Path) -> None:
    answers, several = sent(work), {id_: each for id_, each in LETTERS.items() if len(each.lines) > 1}
    assert len(several) == 2
    for id_, each in several.items():
        body, right = answers[id_].get_body(("plain",)), expected(each)
        assert body is not None
        told = re.findall(r"^(?:Quantité|Quantity) ?: (\d+)\r?$", body.get_content(), re.MULTILINE)
        assert [int(quantity) for quantity in told] == [quantity for _, quantity in each.lines]
        assert sum(line["amount"] for line in right.lines) == right.total


@pytest.mark.parametrize(
    "text",
    ["Bonjour, un devis pour 12 tasses, 12 assiettes et 12 soucoupes.",  # nobody sells saucers here
     "Bonjour, un devis pour 12 tasses, 12 assiettes et des bols.",  # how many?
     "Bonjour, un devis pour 12 tasses et 900 assiettes.",  # made by hand beyond 500
     "Hello, a quote for 12 cups and 3 plates, 40 of each if you can."],
)  # fmt: skip
def test_a_line_that_is_not_read_for_certain_leaves_the_whole_mail_to_a_person(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "mails" / "new"
    folder.mkdir(parents=True)
    (folder / "1").write_text(f"From: a@b\nContent-Type: text/plain; charset=utf-8\n\n{text}", encoding="utf-8")
    run(tmp_path / "work", "--mails", str(folder.parent))
    ((state, told),) = journal(tmp_path / "work").values()
    assert (state, told["kind"], told["lines"]) == ("done", "person", [])


def test_what_a_person_approves_is_sent_and_what_one_refuses_is_not(
    tmp_path: Path, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "work"
    shutil.copytree(work, own)
    url = f"sqlite:///{own / 'decisions.db'}"
    first, second, *_ = [told["decision"] for state, told in journal(own).values() if state == "waiting"]
    assert main(["approvals", "approve", first, "--by", "gérant", "--log", url]) == 0
    assert main(["approvals", "refuse", second, "--by", "gérant", "--reason", "plafond", "--log", url]) == 0
    run(own)
    states = {told.get("decision"): state for state, told in journal(own).values()}
    assert (states[first], states[second]) == ("sent", "done")
    assert first[:-1] in sent(own)
    assert second[:-1] not in sent(own)


def test_what_happens_next_is_followed_by_rules(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each quote over €500 that was sent, and nobody answered, is chased after seven days; in both languages."""
    sent_ = [told for state, told in journal(work).values() if state == "sent"]
    large = {f"D-{id_[:8]}" for id_, (state, told) in journal(work).items() if state == "sent" and large_(told)}
    assert 0 < len(large) < len(sent_)
    for name in ("suivi.regles", "follow_up.rules"):
        rules = str(EXAMPLE / "suivi" / name)
        capsys.readouterr()
        told = ["--in", str(work / "events.jsonl"), "--until", "2026-03-12", "--format", "json"]
        assert main(["events", "replay", rules, *told]) == 0
        fired = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert {each["key"] for each in fired if each["entity"] == "quote"} == large
        assert Counter(each["entity"] for each in fired)["customer"] == 1


def large_(told: dict[str, Any]) -> bool:
    return Decimal(told["total"]) > 500


def test_an_answer_to_a_quote_is_known_by_what_it_answers(work: Path, tmp_path: Path) -> None:
    asked = next(iter(sent(work)))
    raw = f"From: a@b\nIn-Reply-To: <{asked}@atelier-des-quais.example>\n\nBonjour, c'est d'accord, merci."
    folder = tmp_path / "mails" / "new"
    folder.mkdir(parents=True)
    (folder / "1").write_text(raw, encoding="utf-8")
    own = tmp_path / "work"
    shutil.copytree(work, own)
    run(own, "--mails", str(folder.parent))
    lines = [json.loads(line) for line in (own / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["key"] for each in lines if each["event"] == "answer"] == [f"D-{asked[:8]}"]


# ---- whatever is sent


@pytest.mark.parametrize(
    "said",
    ["La livraison est gratuite.", "Total 0 euro.", "See http://evil.example now.", "Merci. Merci.", "", "x",
     "Remise de 90 % !", "You get them free, really.", "<b>Merci de votre message.</b>", "Nous livrons demain matin."],
)  # fmt: skip
def test_a_sentence_that_says_more_than_thanks_is_not_used(said: str) -> None:
    assert not courtesy.is_courteous(said)


def test_thanks_are_courteous() -> None:
    for said in (*stand_in.SENTENCES.values(), *courtesy.FIXED.values()):
        assert courtesy.is_courteous(said)


HOSTILE = [
    b"", b"\x00\xff\xfe", b"From: \xff\xfe\n\nx", b"From: a@b\nContent-Type: text/plain; charset=klingon\n\nBonjour",
    b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", b"Subject: =?utf-8?b?////?=\n\nx",
    b"From: a@b\nContent-Transfer-Encoding: base64\n\n!!!!", b"From: a@b\nMessage-ID: <\r\nBcc: x@y>\n\nx",
    b"From: a@b\nContent-Type: text/html\n\n<script>devis pour 3 tasses</script>" + b"<div>" * 5000,
]  # fmt: skip


def test_mails_of_any_bytes_are_read_or_left_to_a_person(tmp_path: Path) -> None:
    folder = tmp_path / "mails" / "new"
    folder.mkdir(parents=True)
    for number, raw in enumerate(HOSTILE):
        (folder / str(number)).write_bytes(raw)
    told = run(tmp_path / "work", "--mails", str(folder.parent))
    assert "→ envoyé" not in told
    ids = {letters.letter_of(raw).id for raw in HOSTILE}
    assert set(journal(tmp_path / "work")) == ids


def test_a_server_of_mails_that_does_not_answer_is_told(tmp_path: Path) -> None:
    place = f"imap://shop:secret@127.0.0.1:{free_port()}/INBOX"
    told = subprocess.run(
        command(tmp_path / "work", "--mails", place), capture_output=True, text=True, encoding="utf-8", cwd=tmp_path
    )
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "Nothing is lost" in told.stderr
    assert "secret" not in told.stderr


@pytest.mark.parametrize(
    ("broken", "args", "said"),
    [
        ("journal.sqlite", [], "journal.sqlite: file is not a database"),
        ("stock.sqlite", [], "stock.sqlite: file is not a database"),
        ("decisions.db", [], "decisions.db"),
        ("judgements.sqlite", [], "judgements.sqlite: file is not a database"),
        ("", ["--mails", "/no/such/maildir"], "/no/such/maildir"),
        ("", ["--at", "hier"], "hier"),
        ("", ["--smtp", "localhost", "--copies-to", "a@b", "--copies", "x"], "--smtp HOST:PORT"),
    ],
)
def test_what_stops_the_run_is_told(
    broken: str, args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")  # the run sets it
    if broken:
        (tmp_path / broken).write_text("no database at all", encoding="utf-8")
    told = CliRunner().invoke(handle_mails, ["--stand-in", "--work", str(tmp_path), *args])
    assert (told.exit_code, told.exception.__class__) in ((1, SystemExit), (2, SystemExit))
    assert said in told.output


def test_without_a_key_no_mail_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    told = CliRunner().invoke(handle_mails, ["--work", str(tmp_path / "work")])
    assert told.exit_code == 2
    assert "ANTHROPIC_API_KEY" in told.output
    assert not (tmp_path / "work").exists()


# ---- real servers


class Delivering:
    """What an SMTP server does with a mail: one file for each address, written before it says yes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("copies/new", "customers"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - as it is called
        for address in envelope.rcpt_tos:
            place = self.folder / ("copies/new" if address == "copies@shop.example" else "customers")
            (place / f"{time.time_ns()}").write_bytes(envelope.content)
        return "250 OK"


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        return int(held.getsockname()[1])


@contextmanager
def smtp(folder: Path, door: Delivering | None = None) -> Iterator[tuple[list[str], Path]]:
    """A server that delivers into folders: the options to send by it, and where the customers' mails are."""
    port = free_port()
    server = Controller(door or Delivering(folder), hostname="127.0.0.1", port=port)
    server.start()
    said = ["--smtp", f"127.0.0.1:{port}", "--copies-to", "copies@shop.example", "--copies", str(folder / "copies")]
    try:
        yield said, folder / "customers"
    finally:
        server.stop()


def delivered(customers: Path) -> Counter[str]:
    raws = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in customers.iterdir())
    return Counter(str(each["message-id"]).strip("<>").partition("@")[0] for each in raws)


def test_killed_at_random_each_mail_is_answered_once(tmp_path: Path, work: Path) -> None:
    """Whenever the run is killed, and however often: no mail answered twice, none forgotten."""
    own, dice = tmp_path / "work", random.Random(3)
    with smtp(tmp_path / "server") as (said, customers):
        for _ in range(KILLS):
            process = subprocess.Popen(command(own, *said), stdout=subprocess.DEVNULL, cwd=tmp_path)
            time.sleep(dice.uniform(1.2, 2.6))
            process.send_signal(signal.SIGKILL)
            process.wait()
        run(own, *said)
        assert delivered(customers) == Counter(list(sent(work)))
    states = {id_: state for id_, (state, _) in journal(own).items()}
    assert states == {id_: state for id_, (state, _) in journal(work).items()}


class Refusing(Delivering):
    """One that takes nothing for a customer, while `refused` is set."""

    refused = "nina@atelier-nina.example"

    async def handle_RCPT(  # noqa: N802 - as it is called
        self, server: object, session: object, envelope: Any, address: str, options: object
    ) -> str:
        if address == self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def test_an_answer_that_the_customer_is_refused_is_not_told_as_sent(tmp_path: Path, work: Path) -> None:
    own, door = tmp_path / "work", Refusing(tmp_path / "server")
    with smtp(tmp_path / "server", door) as (said, customers):
        refused = [line for line in run(own, *said).splitlines() if door.refused in line and "devis :" in line]
        assert "→ pas pris par le serveur de courrier, à réessayer" in refused[0]
        assert not any("→ envoyé" in line for line in refused)
        copies = len(list((tmp_path / "server" / "copies" / "new").iterdir()))
        assert copies == sum(delivered(customers).values()) > 0
        door.refused = ""
        run(own, *said)
        assert delivered(customers) == Counter(list(sent(work)))


def test_the_stock_and_the_log_in_postgresql(tmp_path: Path, work: Path) -> None:
    with cluster() as made:
        run(tmp_path / "work", "--stock", made.url, "--log", made.url)
    assert sent(tmp_path / "work").keys() == sent(work).keys()


@pytest.mark.skipif(shutil.which("dovecot") is None, reason="no IMAP server is installed")
def test_mails_from_an_imap_server(tmp_path: Path, work: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, imap(Path(folder)) as url:
        run(tmp_path / "work", "--mails", url)
    assert sent(tmp_path / "work").keys() == sent(work).keys()


@contextmanager
def imap(folder: Path) -> Iterator[str]:
    """Dovecot over the fifty mails."""
    make_mails.write(folder / "Maildir")
    port = free_port()
    for each in (folder, *folder.rglob("*")):
        shutil.chown(each, "nobody", "nogroup")  # Dovecot reads no mail as root
    (folder / "users").write_text("shop:{PLAIN}secret::::::\n", encoding="utf-8")
    own = {name: folder / name for name in ("run", "state")}
    user, login = "root", "dovenull"  # Dovecot does not let root speak to those who are not logged in
    (folder / "dovecot.conf").write_text(
        f"""
protocols = imap
listen = 127.0.0.1
base_dir = {own["run"]}
state_dir = {own["state"]}
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {login}
default_internal_group = {user}
first_valid_uid = 0
mail_location = maildir:{folder}/Maildir
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
""",
        encoding="utf-8",
    )
    process = subprocess.Popen([shutil.which("dovecot") or "", "-F", "-c", str(folder / "dovecot.conf")])
    try:
        time.sleep(1.0)
        yield f"imap://shop:secret@127.0.0.1:{port}/INBOX"
    finally:
        process.terminate()
        process.wait()
