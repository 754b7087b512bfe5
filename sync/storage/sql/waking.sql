-- take_over --
-- A job that begins does the work of all that wait for the same lock: of a lower priority, or for a retry.
DELETE FROM procrastinate_jobs WHERE lock = %(lock)s AND status = 'todo' AND id <> %(job)s;
