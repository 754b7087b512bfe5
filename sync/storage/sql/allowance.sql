-- begin --
-- The first process of a workspace makes the row.
INSERT INTO allowance (
    workspace, "limit", "window", heard, announced, in_flight, carried, resets_at, length, reset, late,
    ahead_least, ahead_most, paused_until, granted_at, live_at, live_granted
)
VALUES (
    %(workspace)s, %(limit)s, %(window)s, %(heard)s, %(announced)s, %(in_flight)s, %(carried)s, %(resets_at)s,
    %(length)s, %(reset)s, %(late)s, %(ahead_least)s, %(ahead_most)s, %(paused_until)s, %(granted_at)s, %(live_at)s,
    %(live_granted)s
)
ON CONFLICT (workspace) DO NOTHING;

-- lock --
-- One process at a time spends.
SELECT
    "limit", "window", heard, announced, in_flight, carried, resets_at, length, reset, late, ahead_least, ahead_most,
    paused_until, granted_at, live_at, live_granted
FROM allowance
WHERE workspace = %(workspace)s
FOR UPDATE;

-- now --
-- Unix seconds by the server's clock, which all machines have in common.
SELECT extract(epoch FROM clock_timestamp())::double precision;

-- keep --
UPDATE allowance
SET
    "limit" = %(limit)s, "window" = %(window)s, heard = %(heard)s, announced = %(announced)s,
    in_flight = %(in_flight)s, carried = %(carried)s, resets_at = %(resets_at)s, length = %(length)s,
    reset = %(reset)s, late = %(late)s, ahead_least = %(ahead_least)s, ahead_most = %(ahead_most)s,
    paused_until = %(paused_until)s, granted_at = %(granted_at)s, live_at = %(live_at)s,
    live_granted = %(live_granted)s
WHERE workspace = %(workspace)s;
