"""`rulec events run` that commits every few events, so that it can be killed between any two of them."""

import sys

from rulec.cli import events_run, main

events_run.BATCH = 20

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
