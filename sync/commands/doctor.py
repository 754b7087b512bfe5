"""`doctor`: is everything as it should be, and what to do if not."""

from __future__ import annotations

from typing import Final

import click

from sync.commands.output import FAILED, Output, Style, answering, json_option, workspace_option
from sync.composition import Surroundings
from sync.doctor.examination import Examination
from sync.doctor.findings import Finding, Level

_STYLES: Final = {Level.OK: Style.GOOD, Level.WARNING: Style.WARNING, Level.FAILED: Style.BAD}


@click.command("doctor")
@workspace_option
@json_option
@click.pass_obj
def doctor(surroundings: Surroundings, as_json: bool) -> None:
    """Looks at everything the sync needs, and says what to mend.

    The database and its queue, the credentials of both platforms, scopes and what each costs that lacks, the
    workspace and its region, attributes that are missing or of another type, the room for more, what Intercom allows,
    the clocks, dead letters, how many of a sample of customers are found in Intercom, whether commercetools delivers
    where `subscribe` told it to, and the SQS queue. Changes nothing.

    Each line is ok, warning or failed. Ends with 1 if any failed.

    \b
    Examples:
      python -m sync doctor
      python -m sync doctor --json | jq '.findings[] | select(.level != "ok")'
    """
    with answering(as_json) as output:
        settings = surroundings.settings()
        surroundings.begin_logs(settings, for_people=True)
        found = []
        for finding in Examination(surroundings, settings).findings():
            found.append(finding)
            _show(output, finding)
        has_failed = any(finding.level is Level.FAILED for finding in found)
        output.json({"healthy": not has_failed, "findings": found})
        if has_failed:
            raise click.exceptions.Exit(FAILED)


def _show(output: Output, finding: Finding) -> None:
    output.say(f"{finding.level.value:<8} {finding.what}: {finding.found}", _STYLES[finding.level])
    if finding.fix is not None:
        output.say(f"{'':<8} -> {finding.fix}")
