-- Workspaces that installed the app, what admins did there, and what may be used only once.

-- One row for each workspace, until it is long gone: whoever comes back before is the same installation. `revision` is new
-- with each change that a running process must notice, and never the same twice. `token` and `shop` are sealed (sync/sealing.py), and gone
-- with an uninstall. A door key is kept as its digest alone.
CREATE SEQUENCE installed_revision;
CREATE TABLE installed (
    id text PRIMARY KEY,
    workspace_id text NOT NULL UNIQUE,
    workspace_name text NOT NULL,
    region text NOT NULL CHECK (region IN ('us', 'eu', 'au')),
    time_zone text NOT NULL,
    state text NOT NULL CHECK (state IN ('installed', 'connected', 'uninstalled')),
    token bytea,
    shop bytea,
    project_key text,
    mapping text NOT NULL,
    revision bigint NOT NULL DEFAULT nextval('installed_revision'),
    installed_by text NOT NULL,
    installed_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    uninstalled_at timestamptz,
    door_key_digest bytea UNIQUE,
    CHECK (state = 'uninstalled' OR token IS NOT NULL),
    CHECK (state <> 'connected' OR shop IS NOT NULL AND project_key IS NOT NULL),
    CHECK (state <> 'uninstalled' OR coalesce(token, shop, door_key_digest) IS NULL)
);

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation text NOT NULL,
    at timestamptz NOT NULL,
    admin_id text NOT NULL,
    action text NOT NULL,
    detail jsonb NOT NULL
);
CREATE INDEX audit_newest ON audit (installation, id);
CREATE INDEX audit_at ON audit (at);

-- What was used, for as long as it would be good.
CREATE TABLE once (
    digest bytea PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX once_expired ON once (expires_at);

-- A backfill that was asked for in a page is a worker's; one without a wish is a command's own. `held`: by what, if it
-- does not go on at present, as {"waits_for", "reason"}.
ALTER TABLE backfill
    ADD COLUMN wanted text CHECK (wanted IN ('running', 'paused')),
    ADD COLUMN held jsonb;
