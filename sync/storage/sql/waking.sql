-- take_over --
-- A job that begins does the work of all that wait for the same lock: of a lower priority, or for a retry.
DELETE FROM procrastinate_jobs WHERE lock = %(lock)s AND status = 'todo' AND id <> %(job)s;

-- recover_stalled --
-- The engine's own way lists such jobs and then puts them back one by one. With two workers at it the second would
-- put back what has been begun again meanwhile. Here each job is looked at once more when its row is locked.
WITH stalled AS (
    SELECT id FROM procrastinate_jobs AS job
    WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - %(stalled)s::interval
    )
    FOR UPDATE OF job SKIP LOCKED
), put_back AS (
    SELECT id, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM stalled
)
SELECT id FROM put_back ORDER BY id;

-- hurry --
-- What waits for its next try is tried now: somebody changed what it may have waited for.
UPDATE procrastinate_jobs SET scheduled_at = now()
WHERE status = 'todo' AND scheduled_at > now() AND starts_with(lock, %(prefix)s);
