"""Writes to a log from several threads until it is killed; tells of each entry, once it is durable, by its id."""

import sys
from concurrent.futures import Future
from threading import Lock, Thread

from logs import decision, rules

from rulec.log.entry import Entry
from rulec.log.store import DecisionLog
from rulec.log.writer import Writer


def main(url: str, threads: int) -> None:
    writer, made, speaking = Writer(DecisionLog(url)), rules(), Lock()

    def told(done: "Future[Entry]") -> None:
        with speaking:
            sys.stdout.write(f"{done.result().id}\n")
            sys.stdout.flush()

    def load() -> None:
        while True:
            done = writer.put(decision(made))
            done.add_done_callback(told)
            done.result()

    for _ in range(threads):
        Thread(target=load, daemon=True).start()
    Thread(target=load).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
