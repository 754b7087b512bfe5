-- What all processes know together about a workspace's rate limit: the fields of clients.intercom.allowance.AllowanceState.
-- Times are unix seconds by this server's clock. Unlogged: after a crash of the server one call finds it all out anew.
CREATE UNLOGGED TABLE allowance (
    workspace text PRIMARY KEY,
    "limit" integer,
    "window" bigint NOT NULL,
    heard boolean NOT NULL,
    announced integer NOT NULL,
    in_flight integer NOT NULL,
    carried integer NOT NULL,
    resets_at double precision NOT NULL,
    length double precision NOT NULL,
    reset double precision,
    late double precision NOT NULL,
    ahead_least double precision,
    ahead_most double precision,
    paused_until double precision NOT NULL,
    granted_at double precision NOT NULL,
    live_at double precision,
    live_granted integer NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 500);
