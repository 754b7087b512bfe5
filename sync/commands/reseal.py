"""`reseal`: stored secrets under the newest key."""

from __future__ import annotations

import click

from sync.commands.output import CommandFailed, Style, answering, json_option
from sync.composition import Surroundings, open_database
from sync.environment import ConfigurationError, Problem
from sync.resealing import reseal as seal_anew
from sync.sealing import Seal
from sync.settings import SECRET_KEY


@click.command("reseal")
@json_option
@click.pass_obj
def reseal(surroundings: Surroundings, as_json: bool) -> None:
    """Seals stored tokens and credentials with the newest SECRET_KEY, for the end of a rotation.

    To replace a key, put the new one in front of the old (SECRET_KEY=new,old) and restart the web side and the workers.
    Workers seal anew by themselves, when they start and each hour; this does it now. Afterwards the old key can go.

    \b
    Example:
      python -m sync reseal
    """
    with answering(as_json) as output:
        settings = surroundings.settings()
        surroundings.begin_logs(settings, for_people=True)
        if not settings.secret_keys:
            raise ConfigurationError([Problem(SECRET_KEY.name, "not set", SECRET_KEY.fix)])
        with open_database(settings, directory=surroundings.directory) as database:
            done = seal_anew(database, Seal(settings.secret_keys))
        if done.broken:
            names = ", ".join(done.broken)
            raise CommandFailed(f"No key opens the secrets of {names}: put the key from before into SECRET_KEY.")
        output.json({"resealed": done.resealed})
        output.say(f"{done.resealed} installations were sealed anew; only the newest key is needed now.", Style.GOOD)
