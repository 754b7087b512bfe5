-- remember --
-- One that was made or changed here. How healthy it is, stays as it was noted last, unless it is worse now.
INSERT INTO subscription AS known (installation, key, id, destination, secrets, messages, health, health_since)
VALUES (
    %(installation)s, %(key)s, %(id)s, %(destination)s, %(secrets)s, %(messages)s, %(health)s, %(now)s
)
ON CONFLICT (installation, key) DO UPDATE SET
    id = excluded.id,
    destination = excluded.destination,
    secrets = excluded.secrets,
    messages = excluded.messages,
    health = CASE WHEN excluded.health = %(healthy)s THEN known.health ELSE excluded.health END,
    health_since = CASE
        WHEN excluded.health IN (%(healthy)s, known.health) THEN known.health_since ELSE excluded.health_since
    END;

-- all --
-- All of an installation.
SELECT key, id, destination, secrets, messages, health, health_since, looked_at
FROM subscription WHERE installation = %(installation)s ORDER BY key;

-- forget --
-- It is none of ours any more.
DELETE FROM subscription WHERE installation = %(installation)s AND key = %(key)s;

-- note_health --
-- How healthy it is now, and what it was before; nothing when it is another by now.
UPDATE subscription AS now_known SET
    health = %(health)s,
    health_since = CASE WHEN before.health = %(health)s THEN before.health_since ELSE %(now)s END,
    looked_at = %(now)s
FROM (
    SELECT health, health_since FROM subscription
    WHERE installation = %(installation)s AND key = %(key)s AND id = %(id)s FOR UPDATE
) AS before
WHERE now_known.installation = %(installation)s AND now_known.key = %(key)s AND now_known.id = %(id)s
RETURNING before.health, before.health_since;

-- make_due --
-- A reconcile is to be done of everything until now.
INSERT INTO reconcile_due (installation, since) VALUES (%(installation)s, %(now)s)
ON CONFLICT (installation) DO UPDATE SET since = excluded.since;

-- due --
-- Whether one is to be done.
SELECT since FROM reconcile_due WHERE installation = %(installation)s;

-- done --
-- It was done, unless something happened meanwhile.
DELETE FROM reconcile_due WHERE installation = %(installation)s AND since = %(since)s;
