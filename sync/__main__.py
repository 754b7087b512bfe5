"""`python -m sync`: the commands of the sync. Alone it says which there are."""

from __future__ import annotations

import os

from sync.commands.cli import cli
from sync.composition import Surroundings

if __name__ == "__main__":
    cli.main(prog_name="python -m sync", obj=Surroundings(environ=os.environ))
