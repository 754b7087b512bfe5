-- load_ledger --
-- The rows of these resources, whichever subject they belong to.
SELECT resource_type, resource_id, subject, observation, milestones
FROM ledger JOIN unnest(%(types)s::text[], %(ids)s::text[]) AS asked (type, id)
    ON resource_type = asked.type AND resource_id = asked.id
WHERE installation = %(installation)s;

-- save_ledger --
-- A row as planned. What a milestone has become is never taken back: only `planned` gives way, and `baseline` to a
-- history that is told after all.
INSERT INTO ledger AS known (installation, resource_type, resource_id, subject, observation, milestones)
SELECT %(installation)s, type, id, %(subject)s, observation, milestones
FROM jsonb_to_recordset(%(rows)s) AS given (type text, id text, observation jsonb, milestones jsonb)
ORDER BY type, id
ON CONFLICT (installation, resource_type, resource_id) DO UPDATE SET
    subject = excluded.subject,
    observation = excluded.observation,
    milestones = known.milestones || excluded.milestones || (
        SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(known.milestones)
        WHERE value NOT IN ('"planned"', '"baseline"')
    );

-- ledger_is_empty --
-- Whether nothing was ever seen in this installation.
SELECT NOT EXISTS (SELECT FROM ledger WHERE installation = %(installation)s);
