-- hints --
-- Hints that were answered. One that was not is never old enough.
DELETE FROM hint WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM hint WHERE handled_at < %(before)s LIMIT %(most)s FOR UPDATE SKIP LOCKED
));

-- traces --
-- Steps that nobody asks for any more.
DELETE FROM trace WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM trace WHERE at < %(before)s LIMIT %(most)s FOR UPDATE SKIP LOCKED
));

-- intents --
-- Events that are settled, and whose milestone the ledger holds as settled: it alone keeps them from coming back.
DELETE FROM intent WHERE ctid = ANY(ARRAY(
    SELECT intent.ctid FROM intent
    JOIN ledger USING (installation, resource_type, resource_id)
    WHERE settled_at < %(before)s AND ledger.milestones ->> milestone_key IN ('confirmed', 'skipped', 'baseline')
    LIMIT %(most)s FOR UPDATE OF intent SKIP LOCKED
));

-- unaddressed --
-- Events of people whom Intercom does not have, and has not got since: they are given up, and never come back.
WITH given_up AS (
    UPDATE intent SET state = 'refused', settled_at = now()
    WHERE id = ANY(ARRAY(
        SELECT intent.id FROM intent
        JOIN subject ON subject.installation = intent.installation AND subject.key = intent.subject
        WHERE intent.state = 'planned' AND intent.contact_id IS NULL AND intent.planned_at < %(before)s
            AND subject.contact_id IS NULL AND subject.updated_at >= intent.planned_at
        LIMIT %(most)s FOR UPDATE OF intent SKIP LOCKED
    ))
    RETURNING installation, resource_type, resource_id, milestone_key
), skipped AS (
    UPDATE ledger SET milestones = ledger.milestones || gone.milestones
    FROM (
        SELECT installation, resource_type, resource_id, jsonb_object_agg(milestone_key, 'skipped') AS milestones
        FROM given_up GROUP BY installation, resource_type, resource_id
    ) AS gone
    WHERE ledger.installation = gone.installation AND ledger.resource_type = gone.resource_type
        AND ledger.resource_id = gone.resource_id
)
SELECT FROM given_up;

-- dead_letters --
-- Those that a person has dealt with.
DELETE FROM dead_letter WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM dead_letter WHERE state <> 'open' AND last_at < %(before)s LIMIT %(most)s FOR UPDATE SKIP LOCKED
));

-- jobs --
-- What the engine keeps of jobs that failed or were cancelled; those that succeed are removed at once.
DELETE FROM procrastinate_jobs WHERE id = ANY(ARRAY(
    SELECT id FROM procrastinate_jobs AS job
    WHERE status NOT IN ('todo', 'doing')
        AND NOT EXISTS (SELECT FROM procrastinate_events WHERE job_id = job.id AND at >= %(before)s)
    LIMIT %(most)s FOR UPDATE SKIP LOCKED
));

-- workers --
-- Workers that gave no sign of life for as long; the engine forgets them only when another one starts.
DELETE FROM procrastinate_workers WHERE last_heartbeat < %(before)s;

-- audit --
-- What admins did so long ago that nobody asks.
DELETE FROM audit WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM audit WHERE at < %(before)s LIMIT %(most)s FOR UPDATE SKIP LOCKED
));

-- used --
-- What was used once, and is not good any more by its age.
DELETE FROM once WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM once WHERE expires_at < %(before)s LIMIT %(most)s FOR UPDATE SKIP LOCKED
));
