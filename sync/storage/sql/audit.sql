-- note --
-- Somebody did something.
INSERT INTO audit (installation, at, admin_id, action, detail)
VALUES (%(installation)s, %(now)s, %(admin_id)s, %(action)s, %(detail)s);

-- recent --
-- The newest first, from one on backwards.
SELECT id, at, admin_id, action, detail FROM audit
WHERE installation = %(installation)s AND (%(before)s::bigint IS NULL OR id < %(before)s)
ORDER BY id DESC LIMIT %(limit)s;
