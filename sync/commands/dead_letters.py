"""`dead-letters`: what will not succeed until a person changes something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from sync.commands.output import (
    CommandFailed,
    F,
    Output,
    Style,
    answering,
    confirm,
    json_option,
    workspace_option,
    yes_option,
)
from sync.composition import Surroundings, at_home
from sync.console.letters import COMMAND_LINE, Act, decide
from sync.home import Home
from sync.storage.dead_letters import DeadLetter, State, list_dead_letters, show_dead_letter

STATES: Final[dict[str, State | None]] = {
    "open": "open",
    "replayed": "replayed",
    "discarded": "discarded",
    "all": None,
}
LARGEST_ID: Final = 2**63 - 1

DONE: Final[dict[Act, str]] = {"replay": "replayed", "discard": "discarded"}


def _filters(command: F) -> F:
    """`--part` and `--reason`, which choose letters by what they say."""
    part = click.option("--part", help="Only those of this part, such as attributes, tags, events or read.")
    reason = click.option("--reason", help="Only those with this reason, as `list` shows it.")
    return part(reason(command))


def _ids(command: F) -> F:
    """Numbers, or `--all` with filters."""
    numbers = click.argument("ids", metavar="[ID]...", type=click.IntRange(1, LARGEST_ID), nargs=-1)
    everything = click.option("--all", "everything", is_flag=True, help="All open ones that --part and --reason allow.")
    note = click.option("--note", help="Why, for whoever looks at it later.")
    return numbers(everything(_filters(note(command))))


@click.group("dead-letters")
def dead_letters() -> None:
    """What will not succeed until a person changes something.

    Each is one piece of work that commercetools or Intercom refused for good: an attribute that the workspace does
    not have, a contact that may not be changed. Everything else of the same customer goes on. Mend the cause, then
    replay; discard what does not matter any more.

    \b
    Examples:
      python -m sync dead-letters list
      python -m sync dead-letters show 17
      python -m sync dead-letters replay --all --part attributes
      python -m sync dead-letters discard 17 --note "a test order"
    """


@dead_letters.command("list")
@click.option("--state", type=click.Choice(list(STATES)), default="open", show_default=True, help="Which ones.")
@_filters
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="At most so many.")
@workspace_option
@json_option
@click.pass_obj
def list_(
    surroundings: Surroundings, state: str, part: str | None, reason: str | None, limit: int, as_json: bool
) -> None:
    """The newest first.

    \b
    Examples:
      python -m sync dead-letters list
      python -m sync dead-letters list --state all --part events
    """
    with answering(as_json) as output, at_home(surroundings) as home:
        with home.database.transaction() as connection:
            letters = list_dead_letters(
                connection, home.row.id, state=STATES[state], part=part, reason=reason, limit=limit
            )
        output.json([_document(letter) for letter in letters])
        _show_all(output, letters, state)


@dead_letters.command("show")
@click.argument("id_", metavar="ID", type=click.IntRange(1, LARGEST_ID))
@workspace_option
@json_option
@click.pass_obj
def show(surroundings: Surroundings, id_: int, as_json: bool) -> None:
    """One of them, with the platform's last answer, masked.

    \b
    Example:
      python -m sync dead-letters show 17
    """
    with answering(as_json) as output, at_home(surroundings) as home:
        with home.database.transaction() as connection:
            letter = _own(home, show_dead_letter(connection, id_))
        if letter is None:
            raise CommandFailed(f"There is no dead letter {id_}.")
        output.json(_document(letter))
        output.table(("", ""), [(name, value) for name, value in _lines(letter) if value is not None])


@dead_letters.command("replay")
@_ids
@yes_option
@workspace_option
@json_option
@click.pass_obj
def replay(
    surroundings: Surroundings,
    ids: tuple[int, ...],
    everything: bool,
    part: str | None,
    reason: str | None,
    note: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Has them tried again, by the worker, as things are now.

    What fails again becomes a new dead letter.

    \b
    Examples:
      python -m sync dead-letters replay 17 18
      python -m sync dead-letters replay --all --reason unknown_attribute --yes
    """
    with answering(as_json) as output, at_home(surroundings) as home:
        chosen = _chosen(home, ids, everything=everything, part=part, reason=reason)
        if everything and chosen:
            confirm(f"Replay {_count(chosen)}?", yes=yes, as_json=as_json)
        _decide(home, output, chosen, "replay", note)


@dead_letters.command("discard")
@_ids
@yes_option
@workspace_option
@json_option
@click.pass_obj
def discard(
    surroundings: Surroundings,
    ids: tuple[int, ...],
    everything: bool,
    part: str | None,
    reason: str | None,
    note: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Gives them up. Events that Intercom refused are then never sent.

    \b
    Example:
      python -m sync dead-letters discard 17 --note "a test order"
    """
    with answering(as_json) as output, at_home(surroundings) as home:
        chosen = _chosen(home, ids, everything=everything, part=part, reason=reason)
        if chosen:
            confirm(f"Discard {_count(chosen)} for good?", yes=yes, as_json=as_json)
        _decide(home, output, chosen, "discard", note)


def _chosen(
    home: Home, ids: tuple[int, ...], *, everything: bool, part: str | None, reason: str | None
) -> tuple[int, ...]:
    """The numbers meant: those named, or all open ones that the filters let through."""
    if everything == bool(ids):
        raise click.UsageError("Name the dead letters by their numbers, or say --all.")
    if ids and (part or reason):
        raise click.UsageError("--part and --reason go with --all.")
    if ids:
        return tuple(dict.fromkeys(ids))
    with home.database.transaction() as connection:
        letters = list_dead_letters(connection, home.row.id, part=part, reason=reason, limit=None)
    return tuple(letter.id for letter in reversed(letters))


def _decide(home: Home, output: Output, ids: Sequence[int], act: Act, note: str | None) -> None:
    decided = decide(home.database, home.row.id, act, ids, admin_id=COMMAND_LINE, note=note, now=home.now)
    done = DONE[act]
    output.json({done: list(decided.done), "not_open": list(decided.left)})
    output.say(f"{_count(decided.done)} {done}.")
    if decided.left:
        numbers = ", ".join(map(str, decided.left))
        output.say(f"Left as they are, not open or not to be tried again: {numbers}", Style.WARNING)
        raise click.exceptions.Exit(1)


def _own(home: Home, letter: DeadLetter | None) -> DeadLetter | None:
    return letter if letter is not None and letter.installation == home.row.id else None


def _show_all(output: Output, letters: Sequence[DeadLetter], state: str) -> None:
    if not letters:
        output.say("No dead letters." if state == "all" else f"No dead letters are {state}.", Style.GOOD)
        return
    rows = [(each.id, each.state, each.part, _place(each), each.reason, each.times, each.last_at) for each in letters]
    output.table(
        ("id", "state", "part", "of", "reason", "times", "last"), [(*row[:-1], _time(row[-1])) for row in rows]
    )
    output.say("`dead-letters show ID` tells more about one.", Style.QUIET)


def _lines(letter: DeadLetter) -> list[tuple[str, object]]:
    return [(name.replace("_", " "), value) for name, value in _document(letter).items()]


def _document(letter: DeadLetter) -> dict[str, object]:
    return {
        "id": letter.id,
        "state": letter.state,
        "part": letter.part,
        "subject": letter.subject,
        "resource_type": letter.resource_type,
        "resource_id": letter.resource_id,
        "reason": letter.reason,
        "answer": letter.answer,
        "times": letter.times,
        "created_at": letter.created_at,
        "last_at": letter.last_at,
        "note": letter.note,
    }


def _place(letter: DeadLetter) -> str:
    resource = " ".join(filter(None, (letter.resource_type, letter.resource_id)))
    return ", ".join(filter(None, (letter.subject, resource)))


def _count(ids: Sequence[int]) -> str:
    return f"{len(ids)} dead letter{'' if len(ids) == 1 else 's'}"


def _time(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
