"""`python -m rulec`: the same as the command `rulec`."""

from rulec.cli import main

if __name__ == "__main__":
    main()
