-- queue --
-- Jobs of one installation, since when somebody waits, and how many workers give signs of life.
SELECT
    count(*) FILTER (WHERE status = 'todo' AND NOT is_later) AS waiting,
    count(*) FILTER (WHERE status = 'todo' AND is_later) AS retrying,
    count(*) FILTER (WHERE status = 'doing' AND is_alive) AS running,
    count(*) FILTER (WHERE status = 'doing' AND NOT is_alive) AS stalled,
    (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %(stalled)s::interval) AS workers,
    least(
        (SELECT min(received_at) FROM hint WHERE installation = %(installation)s AND handled_at IS NULL),
        (SELECT min(woken_at) FROM subject WHERE installation = %(installation)s AND pending_priority IS NOT NULL)
    ) AS waiting_since
FROM (
    SELECT job.status, coalesce(job.scheduled_at > now(), false) AS is_later, EXISTS (
        SELECT FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - %(stalled)s::interval
    ) AS is_alive
    FROM procrastinate_jobs AS job
    WHERE job.status IN ('todo', 'doing') AND job.args ->> 'installation' = %(installation)s
) AS jobs;

-- depths --
-- How many jobs wait, by how urgent they are.
SELECT priority, count(*) AS waiting FROM procrastinate_jobs
WHERE status = 'todo' AND args ->> 'installation' = %(installation)s
GROUP BY priority ORDER BY priority DESC;

-- throughput --
-- What was done in each of the last minutes, the present one included.
SELECT minute.at, coalesce(done.reads, 0) AS reads, coalesce(done.updates, 0) AS updates
FROM generate_series(
    date_trunc('minute', %(now)s::timestamptz) - make_interval(mins => %(minutes)s - 1),
    date_trunc('minute', %(now)s::timestamptz), '1 minute'
) AS minute (at)
LEFT JOIN (
    SELECT date_trunc('minute', at) AS minute,
        count(DISTINCT (resource_type, resource_id)) FILTER (WHERE step = 'read') AS reads,
        count(DISTINCT correlation_id) FILTER (WHERE step = 'plan') AS updates
    FROM trace
    WHERE installation = %(installation)s AND step IN ('read', 'plan')
        AND at >= date_trunc('minute', %(now)s::timestamptz) - make_interval(mins => %(minutes)s - 1)
    GROUP BY 1
) AS done ON done.minute = minute.at
ORDER BY minute.at;

-- windows --
-- How many requests Intercom answered in each of its last windows.
SELECT to_timestamp(slot * %(length)s) AS at, coalesce(done.requests, 0) AS requests
FROM generate_series(
    floor(extract(epoch FROM %(now)s::timestamptz) / %(length)s)::bigint - %(windows)s + 1,
    floor(extract(epoch FROM %(now)s::timestamptz) / %(length)s)::bigint
) AS slot
LEFT JOIN (
    SELECT floor(extract(epoch FROM at) / %(length)s)::bigint AS slot, count(*) AS requests
    FROM trace CROSS JOIN jsonb_array_elements(detail -> 'answers') AS answer
    WHERE installation = %(installation)s AND answer ->> 'platform' = 'intercom'
        AND at >= %(now)s::timestamptz - make_interval(secs => %(length)s * %(windows)s)
    GROUP BY 1
) AS done USING (slot)
ORDER BY 1;

-- allowance --
-- What Intercom allows, read without keeping anybody from spending it.
SELECT
    "limit", "window", heard, announced, in_flight, carried, resets_at, length, reset, late, ahead_least, ahead_most,
    paused_until, granted_at, live_at, live_granted
FROM allowance WHERE workspace = %(workspace)s;

-- answers --
-- When each platform answered last as it should, and when it last did not and how; among the newest steps.
SELECT
    answer ->> 'platform' AS platform,
    max(at) FILTER (WHERE answer ->> 'outcome' ~ '^[234]' AND answer ->> 'outcome' NOT IN ('401', '403', '429')) AS answered_at,
    max(at) FILTER (WHERE answer ->> 'outcome' !~ '^[234]' OR answer ->> 'outcome' IN ('401', '403', '429')) AS failed_at,
    (array_agg(answer ->> 'outcome' ORDER BY at DESC)
        FILTER (WHERE answer ->> 'outcome' !~ '^[234]' OR answer ->> 'outcome' IN ('401', '403', '429')))[1] AS failed_with
FROM (
    SELECT at, detail FROM trace
    WHERE installation = %(installation)s AND at > %(now)s::timestamptz - interval '1 day'
    ORDER BY at DESC LIMIT %(most)s
) AS newest CROSS JOIN jsonb_array_elements(newest.detail -> 'answers') AS answer
GROUP BY 1;

-- looks --
-- When each source looked last.
SELECT name, updated_at FROM cursor WHERE installation = %(installation)s ORDER BY name;

-- of_subject --
-- All that is on record about one contact-to-be, the newest first: steps, events, dead letters, and hints that wait.
WITH resources AS (
    SELECT 'order' AS type, id FROM order_fact WHERE installation = %(installation)s AND subject = %(subject)s
    UNION ALL
    SELECT type, substr(%(subject)s, 3) FROM unnest(ARRAY['customer', 'cart']) AS type WHERE %(subject)s LIKE 'c:%%'
), entries AS (
    SELECT 'step' AS kind, at, id, step AS name, subject, resource_type, resource_id, order_number, correlation_id, detail
    FROM trace WHERE installation = %(installation)s AND subject = %(subject)s
    UNION
    SELECT 'step', at, id, step, subject, resource_type, resource_id, order_number, correlation_id, detail
    FROM trace WHERE installation = %(installation)s AND %(subject)s LIKE 'c:%%'
        AND resource_id = substr(%(subject)s, 3) AND resource_type IN ('customer', 'cart')
    UNION ALL
    SELECT 'event', planned_at, id, name, subject, resource_type, resource_id, metadata ->> 'order_number', NULL,
        jsonb_build_object('state', state, 'milestone', milestone_key, 'created_at', extract(epoch FROM second)::bigint,
            'contact_id', contact_id, 'sent_at', sent_at, 'settled_at', settled_at)
    FROM intent WHERE installation = %(installation)s AND subject = %(subject)s
    UNION ALL
    SELECT 'dead_letter', created_at, id, part, subject, resource_type, resource_id, NULL, NULL,
        jsonb_build_object('reason', reason, 'state', state, 'times', times, 'last_at', last_at, 'note', note)
    FROM dead_letter WHERE installation = %(installation)s AND subject = %(subject)s
    UNION ALL
    SELECT 'hint', received_at, hint.id, source, NULL, resource_type, resource_id, NULL, correlation_id,
        jsonb_build_object('version', version, 'message_type', message_type, 'occurred_at', occurred_at)
    FROM resources JOIN hint ON resource_type = resources.type AND resource_id = resources.id
    WHERE installation = %(installation)s AND handled_at IS NULL
)
SELECT * FROM entries
WHERE %(at)s::timestamptz IS NULL OR (at, kind, id) < (%(at)s::timestamptz, %(kind)s::text, %(id)s::bigint)
ORDER BY at DESC, kind DESC, id DESC LIMIT %(limit)s;

-- chain --
-- What names an order number, a resource or a correlation id, and what led to it or came of it: the readings that a
-- run was woken by, and the runs that readings woke.
WITH hinted AS (
    SELECT id, source, resource_type, resource_id, version, message_type, occurred_at, correlation_id, received_at, handled_at
    FROM hint WHERE %(key)s = 'correlation_id' AND installation = %(installation)s AND correlation_id = %(value)s
    ORDER BY id DESC LIMIT %(limit)s
), found AS (
    (SELECT * FROM trace WHERE %(key)s = 'order_number' AND installation = %(installation)s AND order_number = %(value)s
        AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
    UNION
    (SELECT * FROM trace WHERE %(key)s = 'resource' AND installation = %(installation)s AND resource_id = %(value)s
        AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
    UNION
    (SELECT * FROM trace WHERE %(key)s = 'correlation_id' AND installation = %(installation)s AND correlation_id = %(value)s
        AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
    UNION
    SELECT answering.* FROM hinted CROSS JOIN LATERAL (
        SELECT * FROM trace
        WHERE installation = %(installation)s AND resource_id = hinted.resource_id AND step = 'read'
            AND resource_type = hinted.resource_type AND at >= hinted.received_at AND id < %(before)s
        ORDER BY id LIMIT 1
    ) AS answering
), causes AS (
    SELECT reading.* FROM found
    CROSS JOIN LATERAL (
        SELECT coalesce(max(id), 0) AS id FROM trace
        WHERE installation = %(installation)s AND subject = found.subject AND step = 'plan' AND id < found.id
            AND correlation_id <> found.correlation_id
    ) AS earlier
    JOIN trace AS reading ON reading.installation = %(installation)s AND reading.subject = found.subject
        AND reading.id > earlier.id AND reading.id < found.id AND reading.step IN ('read', 'told_by_intercom', 'compared')
    WHERE %(key)s = 'correlation_id' AND found.step = 'plan'
), runs AS (
    SELECT DISTINCT next.correlation_id FROM found CROSS JOIN LATERAL (
        SELECT correlation_id FROM trace
        WHERE installation = %(installation)s AND subject = found.subject AND step = 'plan' AND id > found.id
            AND detail -> 'facts' @> jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
                'type', found.resource_type, 'id', found.resource_id, 'version', found.detail -> 'version')))
        ORDER BY id LIMIT 1
    ) AS next WHERE found.step = 'read'
), steps AS (
    SELECT * FROM found UNION SELECT * FROM causes
    UNION SELECT trace.* FROM trace JOIN runs USING (correlation_id) WHERE installation = %(installation)s
)
SELECT 'step' AS kind, at, id, step AS name, subject, resource_type, resource_id, order_number, correlation_id, detail,
    id IN (SELECT id FROM found) AS is_found
FROM steps
UNION ALL
SELECT 'hint', received_at, id, source, NULL, resource_type, resource_id, NULL, correlation_id,
    jsonb_build_object('version', version, 'message_type', message_type, 'occurred_at', occurred_at), false
FROM (
    SELECT * FROM hinted WHERE handled_at IS NULL
    UNION ALL
    SELECT id, source, resource_type, resource_id, version, message_type, occurred_at, correlation_id, received_at, handled_at
    FROM hint WHERE %(key)s = 'resource' AND installation = %(installation)s AND handled_at IS NULL
        AND resource_type = ANY(%(types)s::text[]) AND resource_id = %(value)s
) AS waiting
UNION ALL
SELECT 'dead_letter', created_at, id, part, subject, resource_type, resource_id, NULL, NULL,
    jsonb_build_object('reason', reason, 'state', state, 'times', times, 'last_at', last_at, 'note', note), false
FROM dead_letter WHERE %(key)s = 'resource' AND installation = %(installation)s AND resource_id = %(value)s
ORDER BY at DESC, kind DESC, id DESC;

-- sent --
-- The last time that each attribute was sent to this contact, with the value of then; fields are @ and tags # and a name.
SELECT DISTINCT ON (sent.name) sent.name AS attribute, sent.value, trace.*
FROM trace CROSS JOIN LATERAL (
    SELECT key AS name, value FROM jsonb_each(trace.detail -> 'sent')
    UNION ALL
    SELECT '@' || field, NULL FROM jsonb_array_elements_text(trace.detail -> 'fields') AS field
    UNION ALL
    SELECT '#' || (trace.detail ->> 'tag'), NULL WHERE trace.step = 'tag_added'
) AS sent
WHERE installation = %(installation)s AND subject = %(subject)s AND step IN ('attributes', 'linked', 'contact', 'contact_conflict', 'tag_added')
    AND detail ->> 'contact_id' = %(contact_id)s
ORDER BY sent.name, trace.id DESC;

-- sent_to_conversation --
-- The last time that each attribute was sent to this conversation, with the value of then.
SELECT DISTINCT ON (sent.key) sent.key AS attribute, sent.value, trace.*
FROM trace CROSS JOIN LATERAL jsonb_each(trace.detail -> 'sent') AS sent
WHERE installation = %(installation)s AND subject = %(subject)s AND step = 'conversation_attributes'
    AND detail ->> 'conversation_id' = %(conversation_id)s
ORDER BY sent.key, trace.id DESC;

-- plans --
-- What was planned in these runs, and from which facts.
SELECT * FROM trace
WHERE installation = %(installation)s AND correlation_id = ANY(%(runs)s::text[]) AND step IN ('plan', 'conversation_plan')
ORDER BY id;

-- readings --
-- The reading that told of each version of each of these resources first.
SELECT DISTINCT ON (resource_type, resource_id, detail ->> 'version') trace.*
FROM trace JOIN unnest(%(types)s::text[], %(ids)s::text[], %(versions)s::bigint[]) AS fact (type, id, version)
    ON resource_type = fact.type AND resource_id = fact.id AND (trace.detail ->> 'version')::bigint = fact.version
WHERE installation = %(installation)s AND step = 'read'
ORDER BY resource_type, resource_id, detail ->> 'version', trace.id;

-- conversations_of_contact --
-- What its conversations were told, the newest first.
SELECT conversation_id AS id, contact_id, subject, order_id, open, fingerprint
FROM conversation_link
WHERE installation = %(installation)s AND contact_id = %(contact_id)s AND fingerprint <> '{}'
ORDER BY open DESC, noted_at DESC LIMIT %(limit)s;

-- subjects_by_email --
-- The accounts with this address, and the guest if there is one.
SELECT 'c:' || id AS key FROM customer_fact
WHERE installation = %(installation)s AND lower(document ->> 'email') = %(email)s AND gone_at IS NULL
UNION
SELECT key FROM subject WHERE installation = %(installation)s AND key = %(guest)s
ORDER BY key;

-- sought --
-- What an id or a number may be: each thing of that name that we know.
SELECT 'subject' AS key, subject.key AS value FROM subject
WHERE installation = %(installation)s AND subject.key IN (%(value)s, 'c:' || %(value)s, 'g:' || %(value)s)
UNION ALL
SELECT 'subject', subject.key FROM subject WHERE installation = %(installation)s AND contact_id = %(value)s
UNION ALL
SELECT 'subject', 'c:' || id FROM customer_fact
WHERE installation = %(installation)s AND (
    document ->> 'customerNumber' = %(value)s OR document ->> 'key' = %(value)s OR document ->> 'externalId' = %(value)s
)
UNION ALL
(SELECT 'order_number', number FROM order_fact WHERE installation = %(installation)s AND number = %(value)s LIMIT 1)
UNION ALL
(SELECT 'order_number', order_number FROM trace WHERE installation = %(installation)s AND order_number = %(value)s LIMIT 1)
UNION ALL
(SELECT 'resource', resource_id FROM trace WHERE installation = %(installation)s AND resource_id = %(value)s LIMIT 1)
UNION ALL
(SELECT 'resource', id FROM resource WHERE installation = %(installation)s AND id = %(value)s
    AND type IN ('order', 'payment', 'customer', 'cart') LIMIT 1)
UNION ALL
(SELECT 'correlation_id', correlation_id FROM trace
    WHERE installation = %(installation)s AND correlation_id = %(value)s LIMIT 1)
UNION ALL
(SELECT 'correlation_id', correlation_id FROM hint
    WHERE installation = %(installation)s AND correlation_id = %(value)s LIMIT 1);

-- letters --
-- Dead letters, the newest first, as far as they are what is looked for.
SELECT * FROM dead_letter
WHERE installation = %(installation)s
    AND (%(state)s::text IS NULL OR state = %(state)s)
    AND (%(part)s::text IS NULL OR part = %(part)s)
    AND (%(reason)s::text IS NULL OR reason = %(reason)s)
    AND (%(subject)s::text IS NULL OR subject = %(subject)s)
    AND (%(text)s::text IS NULL OR concat_ws(' ', subject, resource_id, reason, note, answer::text) ILIKE %(text)s)
    AND (%(before)s::bigint IS NULL OR id < %(before)s)
ORDER BY id DESC LIMIT %(limit)s;

-- count_letters --
-- How many of them there are.
SELECT count(*) FROM dead_letter
WHERE installation = %(installation)s
    AND (%(state)s::text IS NULL OR state = %(state)s)
    AND (%(part)s::text IS NULL OR part = %(part)s)
    AND (%(reason)s::text IS NULL OR reason = %(reason)s)
    AND (%(subject)s::text IS NULL OR subject = %(subject)s)
    AND (%(text)s::text IS NULL OR concat_ws(' ', subject, resource_id, reason, note, answer::text) ILIKE %(text)s);

-- letter --
-- One of them, if it is this installation's.
SELECT * FROM dead_letter WHERE installation = %(installation)s AND id = %(id)s;

-- kinds_of_letters --
-- How many there are in each state, by part and reason.
SELECT state, part, reason, count(*) AS letters FROM dead_letter
WHERE installation = %(installation)s GROUP BY state, part, reason ORDER BY count(*) DESC, part, reason;
