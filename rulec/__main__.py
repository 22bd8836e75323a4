"""`python -m rulec`: the same as the command `rulec`."""

import sys

from rulec.cli import main

if __name__ == "__main__":
    sys.exit(main())
