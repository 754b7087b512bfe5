-- wake_subjects --
-- Marks subjects as waiting to be brought up to date, and defers a job for each that none of this or a higher priority
-- waits for: at once when the last one began a while ago, else as soon as that is long enough ago. In key order.
WITH woken AS (
    INSERT INTO subject AS known (installation, key, pending_priority, woken_at)
    SELECT %(installation)s, key, %(priority)s, now()
    FROM (SELECT DISTINCT key FROM unnest(%(keys)s::text[]) AS given (key)) AS wanted
    WHERE NOT EXISTS ( -- an erased customer sleeps for ever
        SELECT FROM erased WHERE erased.installation = %(installation)s AND type = 'customer' AND id = substr(key, 3)
            AND key LIKE 'c:%%'
    )
    ORDER BY key
    ON CONFLICT (installation, key) DO UPDATE
        SET pending_priority = excluded.pending_priority, woken_at = excluded.woken_at
        WHERE known.pending_priority IS NULL OR known.pending_priority < excluded.pending_priority
    RETURNING key, begun_at
)
SELECT coalesce(cardinality(procrastinate_defer_jobs_v1(array_agg(ROW(
    %(queue)s,
    'update_subject',
    %(priority)s,
    concat(%(installation)s::text, '/', key),
    NULL,
    jsonb_build_object('installation', %(installation)s::text, 'key', key),
    CASE WHEN begun_at > now() - %(apart)s::interval THEN begun_at + %(apart)s::interval END
)::procrastinate_job_to_defer_v1))), 0)
FROM woken;

-- begin_subject --
-- From here on a new reason defers a new job, and a run that has not ended gives way. What such a run was about to send
-- may still arrive.
UPDATE subject SET pending_priority = NULL, begun_at = now(), run = run + 1, is_running = true,
    doubted_at = CASE WHEN is_running AND contact_id IS NOT NULL THEN now() ELSE doubted_at END,
    doubted_fields = CASE WHEN is_running THEN doubted_fields || unsure_fields(fingerprint) ELSE doubted_fields END,
    doubted_tags = CASE WHEN is_running THEN doubted_tags || tags_unsure ELSE doubted_tags END
WHERE installation = %(installation)s AND key = %(key)s
RETURNING run, coalesce(doubted_at <= now() - %(arrived)s::interval, false);

-- is_newest_run --
-- Whether nobody has begun anew since.
SELECT true FROM subject WHERE installation = %(installation)s AND key = %(key)s AND run = %(run)s;

-- end_run --
-- Nothing of it is under way any more, unless in doubt.
UPDATE subject SET is_running = false,
    doubted_at = CASE WHEN %(in_doubt)s AND contact_id IS NOT NULL THEN now() ELSE doubted_at END,
    doubted_fields = CASE WHEN %(in_doubt)s THEN doubted_fields || unsure_fields(fingerprint) ELSE doubted_fields END,
    doubted_tags = CASE WHEN %(in_doubt)s THEN doubted_tags || tags_unsure ELSE doubted_tags END
WHERE installation = %(installation)s AND key = %(key)s AND run = %(run)s;

-- doubted --
-- Whose contact is to be looked at by now, those first that have waited longest.
SELECT key FROM subject
WHERE installation = %(installation)s AND doubted_at <= now() - %(arrived)s::interval AND pending_priority IS NULL
ORDER BY doubted_at LIMIT %(limit)s;

-- settle_doubt --
-- The contact was looked at, unless there is a newer doubt.
UPDATE subject SET doubted_at = NULL, doubted_fields = '[]', doubted_tags = '[]'
WHERE installation = %(installation)s AND key = %(key)s AND doubted_at = %(doubted_at)s;

-- load_subject --
-- What is known of the contact-to-be.
SELECT installation, key, contact_id, linked_by, fingerprint, tags_added, tags_unsure, parked_reason, woken_at, updated_at,
    doubted_at, doubted_fields, doubted_tags
FROM subject
WHERE installation = %(installation)s AND key = %(key)s;

-- subjects_of_contact --
-- Who shares an Intercom contact: a guest and the account that came of it, for a while.
SELECT key FROM subject WHERE installation = %(installation)s AND contact_id = %(contact_id)s ORDER BY key;

-- subjects_after --
-- The next page of all subjects, in key order.
SELECT installation, key, contact_id, linked_by, fingerprint, tags_added, tags_unsure, parked_reason, woken_at, updated_at,
    doubted_at, doubted_fields, doubted_tags
FROM subject
WHERE installation = %(installation)s AND key > %(after)s
ORDER BY key
LIMIT %(limit)s;

-- link_contact --
-- Which contact the subject is. What was sent to another contact says nothing of this one.
INSERT INTO subject AS known (installation, key, contact_id, linked_by)
VALUES (%(installation)s, %(key)s, %(contact_id)s, %(linked_by)s)
ON CONFLICT (installation, key) DO UPDATE SET
    contact_id = excluded.contact_id,
    linked_by = excluded.linked_by,
    fingerprint = CASE WHEN known.contact_id = excluded.contact_id THEN known.fingerprint ELSE '{}' END,
    tags_added = CASE WHEN known.contact_id = excluded.contact_id THEN known.tags_added ELSE '[]' END,
    tags_unsure = CASE WHEN known.contact_id = excluded.contact_id THEN known.tags_unsure ELSE '[]' END;

-- drop_fingerprint --
-- The contact is the same but no longer holds what we sent: it was restored, or merged into.
UPDATE subject SET fingerprint = '{}' WHERE installation = %(installation)s AND key = %(key)s;

-- save_fingerprint --
-- What the contact holds by us, unless the subject has been linked to another contact meanwhile.
UPDATE subject SET fingerprint = %(fingerprint)s
WHERE installation = %(installation)s AND key = %(key)s AND contact_id = %(contact_id)s;

-- save_tags --
-- Which tags of the contact are ours to remove, and which of them may not be there yet.
UPDATE subject SET tags_added = %(tags)s, tags_unsure = %(unsure)s
WHERE installation = %(installation)s AND key = %(key)s AND contact_id = %(contact_id)s;

-- park_subject --
-- Why nothing is sent for this subject; null: it is.
UPDATE subject SET parked_reason = %(reason)s WHERE installation = %(installation)s AND key = %(key)s;

-- finish_update --
-- All that was known when the run began has arrived.
UPDATE subject SET updated_at = now(), is_running = false WHERE installation = %(installation)s AND key = %(key)s;
