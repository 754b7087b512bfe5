-- bury --
-- One open row for each place that fails: the same failure again only counts.
INSERT INTO dead_letter AS known
    (installation, subject, resource_type, resource_id, part, reason, answer, created_at, last_at)
VALUES
    (%(installation)s, %(subject)s, %(resource_type)s, %(resource_id)s, %(part)s, %(reason)s, %(answer)s,
     %(now)s, %(now)s)
ON CONFLICT (installation, coalesce(subject, ''), coalesce(resource_type, ''), coalesce(resource_id, ''), part)
    WHERE state = 'open'
    DO UPDATE SET reason = excluded.reason, answer = excluded.answer, last_at = excluded.last_at,
        times = known.times + 1
RETURNING id;

-- list --
-- The newest, as far as they are what was asked for.
SELECT * FROM dead_letter
WHERE (%(installation)s::text IS NULL OR installation = %(installation)s)
    AND (%(state)s::text IS NULL OR state = %(state)s)
    AND (%(part)s::text IS NULL OR part = %(part)s)
    AND (%(reason)s::text IS NULL OR reason = %(reason)s)
ORDER BY id DESC LIMIT %(limit)s;

-- show --
-- One of them.
SELECT * FROM dead_letter WHERE id = %(id)s;

-- close --
-- A person decided; the rows stay, and say what. Locked in the order of their numbers.
UPDATE dead_letter SET state = %(state)s, note = coalesce(%(note)s, note), last_at = %(now)s
WHERE id IN (
    SELECT id FROM dead_letter
    WHERE installation = %(installation)s AND id = ANY(%(ids)s::bigint[]) AND state = 'open'
        AND part <> ALL(%(kept)s::text[])
    ORDER BY id FOR UPDATE
)
RETURNING *;

-- heal --
-- The part succeeded after all, so nothing is left to decide.
UPDATE dead_letter SET state = 'replayed', note = 'succeeded by itself', last_at = %(now)s
WHERE installation = %(installation)s AND state = 'open' AND part = %(part)s
    AND subject IS NOT DISTINCT FROM %(subject)s::text
    AND resource_type IS NOT DISTINCT FROM %(resource_type)s::text
    AND resource_id IS NOT DISTINCT FROM %(resource_id)s::text;
