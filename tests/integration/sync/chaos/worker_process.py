"""A worker of `python -m sync worker`, put together as there, but quicker to notice that another one is dead.

python worker_process.py [<seconds between two looks at the shop>]; it reads the queue of SQS_QUEUE_URL as well, if set
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import timedelta

from sync import logs
from sync.composition import Surroundings, at_home
from sync.doubts import wake_in_doubt
from sync.handlers import Stages
from sync.looking import Lookouts, LookSettings
from sync.preflight import Preflight
from sync.retries import RetryPolicy
from sync.rounds import Round, Rounds
from sync.sources.poll import Poll, PollSettings
from sync.worker import Worker, WorkerSettings, run_worker

CONCURRENCY = 4
ARRIVED = timedelta(seconds=3)


def main(looks_each: float | None) -> None:
    surroundings = Surroundings(
        environ=os.environ, set_up_logs=lambda level, form: logs.configure(level=level, form=form)
    )
    with at_home(surroundings, for_people=False) as home:
        stopping = threading.Event()
        poll = Poll(home.at, home.shop, settings=PollSettings(lease=timedelta(seconds=2)))
        looks = [Round(name="poll", run=poll.sweep, every=looks_each)] if looks_each else []
        doubts = Round(name="doubts", run=lambda: wake_in_doubt(home.at, arrived=ARRIVED), every=0.5)
        workspace = Round(name="workspace", run=Preflight(home).run, every=None)
        others = Lookouts(home, stopping=stopping, settings=LookSettings(poll_seconds=None)).rounds()
        queue = [each for each in others if each.name == "sqs"]
        rounds = Rounds([workspace, doubts, *looks, *queue], stopping=stopping)
        settings = WorkerSettings(
            concurrency=CONCURRENCY,
            polling=0.1,
            heartbeat=0.3,
            stalled=1.5,
            restart=0.2,
            arrived=ARRIVED.total_seconds(),
        )
        worker = Worker(home.database, Stages([home.at]), settings=settings, policy=RetryPolicy(first=0.1, longest=1.0))
        rounds.start()
        run_worker(worker)
        rounds.stop(within=5.0)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else None)
