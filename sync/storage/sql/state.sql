-- server --
-- What answers us, and what its clock says.
SELECT current_setting('server_version_num')::integer AS version, clock_timestamp() AS now;

-- queue --
-- What waits and runs of an installation, since when somebody waits, and how many workers give signs of life.
SELECT
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
        AND starts_with(lock, %(prefix)s)) AS waiting,
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at > now()
        AND starts_with(lock, %(prefix)s)) AS retrying,
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND starts_with(lock, %(prefix)s)) AS running,
    least(
        (SELECT min(received_at) FROM hint WHERE installation = %(installation)s AND handled_at IS NULL),
        (SELECT min(woken_at) FROM subject WHERE installation = %(installation)s AND pending_priority IS NOT NULL)
    ) AS waiting_since,
    (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %(stalled)s::interval) AS workers,
    (SELECT count(*) FROM procrastinate_jobs AS job
        WHERE status = 'doing' AND starts_with(lock, %(prefix)s) AND NOT EXISTS (
            SELECT FROM procrastinate_workers AS worker
            WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - %(stalled)s::interval
        )) AS stalled;

-- open_dead_letters --
-- How many wait for a person, by part and reason.
SELECT part, reason, count(*) FROM dead_letter
WHERE installation = %(installation)s AND state = 'open'
GROUP BY part, reason ORDER BY count(*) DESC, part, reason;

-- open_backfill_jobs --
-- What a backfill has given to the workers and they have not done yet; its retries step behind it.
SELECT count(*) FROM procrastinate_jobs
WHERE queue_name = %(queue)s AND status IN ('todo', 'doing') AND priority <= %(priority)s
    AND starts_with(lock, %(prefix)s);
