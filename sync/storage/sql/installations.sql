-- ensure --
-- The installation, made on its first start.
INSERT INTO installation (id, workspace_id, project_key, live_since, hash_key, created_at)
VALUES (%(id)s, %(workspace_id)s, %(project_key)s, %(now)s, %(hash_key)s, %(now)s)
ON CONFLICT (id) DO UPDATE SET
    workspace_id = coalesce(installation.workspace_id, excluded.workspace_id),
    project_key = coalesce(installation.project_key, excluded.project_key);

-- load --
-- One installation.
SELECT id, workspace_id, project_key, live_since, history_since, events_stopped_reason, hash_key, refused,
    ledger_begun_at, created_at
FROM installation WHERE id = %(id)s;

-- begin_anew --
-- What happened until now is remembered and not told, whatever was wished for before.
UPDATE installation SET live_since = %(now)s, history_since = NULL WHERE id = %(id)s;

-- begin_ledger --
-- From now on an empty ledger is a lost one.
UPDATE installation SET ledger_begun_at = %(now)s WHERE id = %(id)s AND ledger_begun_at IS NULL;

-- stop_events --
-- No event is planned until somebody starts them again. The first reason stays.
UPDATE installation SET events_stopped_reason = %(reason)s WHERE id = %(id)s AND events_stopped_reason IS NULL;

-- start_events --
-- What is there now is remembered and not told.
UPDATE installation SET events_stopped_reason = NULL, live_since = %(now)s, history_since = NULL,
    ledger_begun_at = NULL
WHERE id = %(id)s;

-- set_history_since --
-- What happened since then is told even if it was there before us.
UPDATE installation SET history_since = least(history_since, %(since)s) WHERE id = %(id)s;

-- note_refusal --
-- A neighbour does not let us in; since when, is kept from the first time.
UPDATE installation SET refused = refused || jsonb_build_object(
    %(neighbour)s::text,
    jsonb_build_object('reason', %(reason)s::text, 'since', coalesce(refused -> %(neighbour)s ->> 'since', %(now)s))
)
WHERE id = %(id)s;

-- clear_refusal --
-- The neighbour let us in again.
UPDATE installation SET refused = refused - %(neighbour)s::text WHERE id = %(id)s AND refused ? %(neighbour)s;
