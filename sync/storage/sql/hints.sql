-- wake_resources --
-- Marks resources as waiting to be read, and defers a job for each that none of this or a higher priority waits for.
-- Rows are locked in the order of their keys, so that two recorders never wait for each other in a circle; and all
-- of them stay locked until the commit, also those that do not change, so that a reader which begins meanwhile
-- waits for it, and sees the hints.
WITH woken AS (
    INSERT INTO resource AS known (installation, type, id, pending_priority)
    SELECT %(installation)s, type, id, %(priority)s
    FROM (SELECT DISTINCT type, id FROM unnest(%(types)s::text[], %(ids)s::text[]) AS given (type, id)) AS wanted
    ORDER BY type, id
    ON CONFLICT (installation, type, id) DO UPDATE SET pending_priority = excluded.pending_priority
        WHERE known.pending_priority IS NULL OR known.pending_priority < excluded.pending_priority
    RETURNING type, id
)
SELECT coalesce(cardinality(procrastinate_defer_jobs_v1(array_agg(ROW(
    %(queue)s,
    'read_resource',
    %(priority)s,
    concat(%(installation)s::text, '/', type, '/', id),
    NULL,
    jsonb_build_object('installation', %(installation)s::text, 'type', type, 'id', id),
    NULL
)::procrastinate_job_to_defer_v1))), 0)
FROM woken;

-- store_hints --
-- Appends the hints, after their resources are locked: so their ids grow in the order of the commits of one resource.
INSERT INTO hint
    (installation, source, resource_type, resource_id, version, occurred_at, message_type, correlation_id)
SELECT %(installation)s, given.*
FROM unnest(%(sources)s::text[], %(types)s::text[], %(ids)s::text[], %(versions)s::bigint[],
            %(times)s::timestamptz[], %(message_types)s::text[], %(correlation_ids)s::text[]) AS given
ORDER BY 3, 4;

-- begin_resource --
-- From here on a new hint defers a new job.
UPDATE resource SET pending_priority = NULL, begun_at = now()
WHERE installation = %(installation)s AND type = %(type)s AND id = %(id)s
RETURNING true;

-- open_hints --
-- What this read will answer: the newest hints, with the highest id and version of all.
SELECT source, resource_type AS type, resource_id AS id, version, occurred_at, message_type, correlation_id, received_at,
       max(hint.id) OVER () AS last_hint, max(version) OVER () AS wanted_version
FROM hint
WHERE installation = %(installation)s AND resource_type = %(type)s AND resource_id = %(id)s AND handled_at IS NULL
ORDER BY hint.id DESC
LIMIT %(most)s;

-- handle_hints --
-- The present state was read after these were known.
UPDATE hint SET handled_at = now()
WHERE installation = %(installation)s AND resource_type = %(type)s AND resource_id = %(id)s
    AND handled_at IS NULL AND hint.id <= %(last_hint)s;

-- said --
-- What messages told of these resources, and when it was, oldest first; for as long as hints are kept.
SELECT DISTINCT resource_type AS type, resource_id AS id, message_type, occurred_at
FROM hint JOIN unnest(%(types)s::text[], %(ids)s::text[]) AS asked (type, id)
    ON resource_type = asked.type AND resource_id = asked.id
WHERE installation = %(installation)s AND message_type IS NOT NULL AND occurred_at IS NOT NULL
ORDER BY occurred_at, message_type;
