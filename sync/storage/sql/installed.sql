-- install --
-- The workspace, new or back again. A token that replaces another leaves everything else as it is.
INSERT INTO installed (id, workspace_id, workspace_name, region, time_zone, state, token, mapping, installed_by,
    installed_at, changed_at)
VALUES (%(id)s, %(workspace_id)s, %(workspace_name)s, %(region)s, %(time_zone)s, 'installed', %(token)s, %(mapping)s,
    %(admin_id)s, %(now)s, %(now)s)
ON CONFLICT (id) DO UPDATE SET
    workspace_name = excluded.workspace_name, region = excluded.region, time_zone = excluded.time_zone,
    state = CASE installed.state WHEN 'uninstalled' THEN 'installed' ELSE installed.state END,
    token = excluded.token, installed_by = excluded.installed_by, installed_at = excluded.installed_at,
    changed_at = excluded.changed_at, uninstalled_at = NULL, revision = nextval('installed_revision');

-- by_id --
-- One installation.
SELECT id, workspace_id, workspace_name, region, time_zone, state, token, shop, project_key, mapping, revision,
    installed_by, installed_at, changed_at, uninstalled_at, door_key_digest
FROM installed WHERE id = %(id)s;

-- by_workspace --
-- The installation of a workspace.
SELECT id, workspace_id, workspace_name, region, time_zone, state, token, shop, project_key, mapping, revision,
    installed_by, installed_at, changed_at, uninstalled_at, door_key_digest
FROM installed WHERE workspace_id = %(workspace_id)s;

-- by_door_key --
-- The installation that a push is for. Found by a digest: how long it takes tells nothing of the key.
SELECT id, workspace_id, workspace_name, region, time_zone, state, token, shop, project_key, mapping, revision,
    installed_by, installed_at, changed_at, uninstalled_at, door_key_digest
FROM installed WHERE door_key_digest = %(digest)s;

-- all --
-- All installations, in the order of their ids.
SELECT id, workspace_id, workspace_name, region, time_zone, state, token, shop, project_key, mapping, revision,
    installed_by, installed_at, changed_at, uninstalled_at, door_key_digest
FROM installed ORDER BY id;

-- lock --
-- Whoever changes it next has to wait.
SELECT state FROM installed WHERE id = %(id)s FOR UPDATE;

-- connect_shop --
-- The credentials of its shop, proven.
UPDATE installed SET state = 'connected', shop = %(shop)s, project_key = %(project_key)s, changed_at = %(now)s,
    revision = nextval('installed_revision')
WHERE id = %(id)s;

-- disconnect_shop --
-- Its shop's credentials are forgotten, and with them the project.
UPDATE installed SET state = 'installed', shop = NULL, project_key = NULL, changed_at = %(now)s,
    revision = nextval('installed_revision')
WHERE id = %(id)s AND state = 'connected';

-- save_mapping --
-- What is told from now on.
UPDATE installed SET mapping = %(mapping)s, changed_at = %(now)s, revision = nextval('installed_revision')
WHERE id = %(id)s;

-- replace_token --
-- Another token of the same workspace.
UPDATE installed SET token = %(token)s, changed_at = %(now)s, revision = nextval('installed_revision')
WHERE id = %(id)s AND state <> 'uninstalled';

-- uninstall --
-- Every secret is forgotten.
UPDATE installed SET state = 'uninstalled', token = NULL, shop = NULL, door_key_digest = NULL, changed_at = %(now)s,
    uninstalled_at = %(now)s, revision = nextval('installed_revision')
WHERE workspace_id = %(workspace_id)s AND state <> 'uninstalled'
RETURNING id;

-- forget_positions --
-- Where sources would go on: whoever comes back begins anew, and is told nothing of the time between.
WITH seen AS (DELETE FROM seen_change WHERE installation = %(id)s),
    stopped AS (
        UPDATE backfill SET finished_at = %(now)s, updated_at = %(now)s
        WHERE installation = %(id)s AND finished_at IS NULL
    )
DELETE FROM cursor WHERE installation = %(id)s;

-- give_door_key --
-- The key before it is worth nothing any more.
UPDATE installed SET door_key_digest = %(digest)s, changed_at = %(now)s WHERE id = %(id)s AND state <> 'uninstalled';

-- reseal --
-- The same secrets under another key, unless they are others by now. No process need notice.
UPDATE installed SET token = %(token)s, shop = %(shop)s
WHERE id = %(id)s AND token IS NOT DISTINCT FROM %(token_before)s AND shop IS NOT DISTINCT FROM %(shop_before)s;

-- revisions --
-- Which state of each is the newest.
SELECT id, revision FROM installed;
