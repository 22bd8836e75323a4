"""`rulec score --engine spark` on a real Spark, against the cores of this machine."""

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import rulec
from rulec.batch import parts
from rulec.batch.packed import pack
from rulec.batch.parts import Part, Task
from rulec.batch.score import on_all_cores, score
from rulec.batch.spark import OnSpark, _do_parts
from rulec.cli import main
from rulec.ruleset import RuleSet

RULES = """\
Un client a :
  - il peut être fidèle
Une commande a :
  - un montant (en €), principal
On décide :
  - la remise (pourcentage), 0 % par défaut
  - l'avoir (en €)
Règle « Fidélité » : si le client est fidèle et la commande dépasse 500 € alors la remise est de 10 %.
L'avoir est de 10 % de la commande, arrondi au centime.
"""


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """A French environment."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.setenv("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # runs are short


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The rules."""
    path = tmp_path / "r.regles"
    path.write_text(RULES, encoding="utf-8")
    return path


def orders(folder: Path) -> list[Path]:
    """The same orders in each kind of file, some of them not readable."""
    lines = [f"{at},{at * 37 % 1000}.5,{('oui', 'non', 'bof')[at % 3]}" for at in range(95)]
    lines[40], lines[50] = '40,"1 000 €\n",oui', "50,1"
    files = [folder / f"d.{kind}" for kind in ("csv", "jsonl", "parquet")]
    files[0].write_text("\n".join(["id,montant,client fidèle", *lines]), encoding="utf-8")
    facts = [{"id": at, "montant": at * 7, "fidèle": at % 9 > 0 or "bof"} for at in range(95)]
    files[1].write_text("[1]\n" + "".join(f"{json.dumps(each)}\n" for each in facts), encoding="utf-8")
    amounts = pa.array([Decimal(at).scaleb(-2) for at in range(95)])
    loyal = pa.array([at % 2 > 0 for at in range(95)])
    table = pa.table({"id": pa.array(range(95), pa.uint8()), "montant": amounts, "fidèle": loyal})
    pq.write_table(table, files[2], row_group_size=20)
    return files


def written(folder: Path) -> list[object]:
    """What a folder holds, which is then emptied."""
    found = list[object]()
    for path in sorted(folder.iterdir()):
        found += [path.name, pq.read_table(path) if path.suffix == ".parquet" else path.read_bytes()]
        path.unlink()
    return found


def test_a_cluster_writes_just_what_this_machine_does(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(parts, "PART", 20)
    local, cluster = tmp_path / "local", tmp_path / "cluster"
    local.mkdir()
    cluster.mkdir()
    engines = {local: ["local"], cluster: ["spark", "--master", "local[2]"]}
    files = orders(tmp_path)
    for data in files:
        told = list[list[object]]()
        for folder, engine in engines.items():
            status = main(["score", str(rules), str(data), "-o", f"{folder}/out{data.suffix}", "--engine", *engine])
            assert status == (0 if data.suffix == ".parquet" else 1)
            told.append([capsys.readouterr().err.replace(str(folder), ""), *written(folder)])
        assert told[0] == told[1]
    files[2].write_bytes(files[2].read_bytes().replace(b"PAR1\x15", b"PAR1\x16"))
    assert main(["score", str(rules), str(files[2]), "-o", f"{cluster}/out.csv", "--engine", *engines[cluster]]) == 1
    assert "E971" in capsys.readouterr().err
    assert not (cluster / "out.csv").exists()
    compare_frames(rulec.load(rules), tmp_path / "local")


def compare_frames(rules: RuleSet, folder: Path) -> None:
    """A frame of Spark is decided as a table of Arrow is."""
    clients = [{"fidèle": True}, None, {"fidèle": None}]
    table = pa.table({"montant": [Decimal("620.15"), None, Decimal(-1)], "client": clients})
    pq.write_table(table, folder / "d.parquet")
    spark = SparkSession.builder.master("local[2]").getOrCreate()
    frame = spark.read.parquet(str(folder / "d.parquet"))
    decided = rules.decide_many(frame, "2026-03-01")
    assert [row.asDict(True) for row in decided.collect()] == rules.decide_many(table, "2026-03-01").to_pylist()
    spark.stop()


def test_what_is_done_is_not_done_again(rules: Path, tmp_path: Path) -> None:
    def engine(task: Task) -> Iterator[tuple[int, Part]]:
        done = dict(on_all_cores(task))
        assert dict(OnSpark("local[1]")(task)) == done
        data = replace(task, data=replace(task.data, path=tmp_path / "gone.csv"))
        sent = Broadcast((pack(data), [(0, (0, 1))]))
        (failed,) = _do_parts(sent, [pa.RecordBatch.from_pydict({"id": [0]})])
        assert "gone.csv" in failed["failed"][0].as_py()
        yield from done.items()

    data, out = orders(tmp_path)[0], tmp_path / "out.csv"
    score(rulec.load(rules), data, out, date(2026, 3, 1), lambda count: print, engine)


class Broadcast:
    """What Spark hands to its workers."""

    def __init__(self, value: object) -> None:
        self.value = value


@pytest.mark.parametrize(
    ("master", "variables", "code"),
    [
        ("local[*]", {"PATH": "", "JAVA_HOME": ""}, "E973"),
        ("local[*]", {"JAVA_HOME": "/nowhere"}, "E973"),
        ("host:7077", {}, "E974"),
        ("spark://127.0.0.1:{port}", {}, "E974"),
        ("spark://127.0.0.1", {}, "E974"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_cluster_is_said_at_once(
    master: str, variables: dict[str, str], code: str, language: str, rules: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    data, out = orders(tmp_path)[0], tmp_path / "out.csv"
    command = ["score", str(rules), str(data), "-o", str(out), "--lang", language, "--engine", "spark"]
    assert main([*command, "--master", master.format(port=port)]) == 1
    assert code in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("library", ["pyspark", "pandas"])
def test_what_to_install_is_said(
    library: str, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("rulec.batch.spark", "rulec.cluster"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    data = orders(tmp_path)[0]
    assert main(["score", str(rules), str(data), "-o", str(tmp_path / "out.csv"), "--engine", "spark"]) == 2
    said = capsys.readouterr().err
    assert "E972" in said
    assert "rulec[spark]" in said
