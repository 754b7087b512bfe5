-- The subscriptions of commercetools that were made or taken over here, and what follows when one did not deliver.

-- `key` and `id` are commercetools'. `destination` is words, `secrets` a keyed hash of what opens it, `messages` the types
-- of messages it tells. `health` is the vendor's word, or `Gone`; `health_since`: as long as we know.
CREATE TABLE subscription (
    installation text NOT NULL,
    key text NOT NULL,
    id text NOT NULL,
    destination text NOT NULL,
    secrets text,
    messages jsonb NOT NULL DEFAULT '[]',
    health text NOT NULL,
    health_since timestamptz NOT NULL,
    looked_at timestamptz,
    PRIMARY KEY (installation, key)
);

-- Notifications may have been lost before `since`: both sides are to be compared.
CREATE TABLE reconcile_due (
    installation text PRIMARY KEY,
    since timestamptz NOT NULL
);
