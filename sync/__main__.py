"""`python -m sync`: the commands of the sync. Alone it says which there are."""

from __future__ import annotations

import os

from sync import logs
from sync.commands.cli import cli
from sync.composition import Surroundings

if __name__ == "__main__":
    surroundings = Surroundings(
        environ=os.environ, set_up_logs=lambda level, form: logs.configure(level=level, form=form)
    )
    cli.main(prog_name="python -m sync", obj=surroundings)
