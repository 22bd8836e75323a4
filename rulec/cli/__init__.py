"""The command `rulec`: one file a command. `entry` runs them and turns everything that happens into an exit status."""

from rulec.cli.entry import main

__all__ = ["main"]
