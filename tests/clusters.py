"""A PostgreSQL of the tests' own: on a socket, in a folder that its user may reach."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

USER = "rules"


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs in a folder."""

    folder: Path

    @property
    def url(self) -> str:
        """Its address, as a log takes it."""
        return f"postgresql://{USER}@/postgres?host={self.folder}"

    def psql(self, script: str) -> str:
        """What a script gives, unaligned."""
        return self.call(
            "psql", "-h", self.folder, "-U", USER, "-v", "ON_ERROR_STOP=1", "-qAtX", "postgres", given=script
        )

    def start(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        told = " ".join(["-k", str(self.folder), "-c listen_addresses=''", *options])
        self.call("pg_ctl", "-D", self.folder / "data", "-o", told, "-l", self.folder / "log", "-w", "start")

    def stop(self) -> None:
        """Stop it as a crash does."""
        self.call("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def call(self, command: str, *args: object, given: str = "") -> str:
        """What a program of PostgreSQL says."""
        bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        program = bins[-1] / command if bins else Path(shutil.which(command) or command)
        as_user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        done = subprocess.run(
            [*(as_user if os.geteuid() == 0 else ()), str(program), *map(str, args)],  # it refuses to run as root
            input=given, capture_output=True, text=True, cwd=self.folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def cluster(*options: str) -> Iterator[Cluster]:
    """A cluster that ends with the block. `options`: of the server."""
    with TemporaryDirectory(prefix="pg") as name:
        if os.geteuid() == 0:
            shutil.chown(name, "postgres")
        made = Cluster(Path(name))
        made.call("initdb", "-D", made.folder / "data", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C", "-N")
        made.start(*options)
        yield made
        made.stop()
