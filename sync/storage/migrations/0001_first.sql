-- The tables of the companion. Everything but an allowance belongs to one installation.
-- Ids are the vendors' own words; what is `jsonb` is read and written whole by one module each.

CREATE TABLE installation (
    id text PRIMARY KEY,
    workspace_id text,
    project_key text,
    live_since timestamptz NOT NULL, -- what happened before is remembered and not told
    history_since timestamptz, -- since then it is told after all
    events_stopped_reason text,
    hash_key bytea NOT NULL, -- behind subject keys of guests and the mask `hash`; never changes
    refused jsonb NOT NULL DEFAULT '{}', -- {"intercom" | "commercetools": {"reason", "since"}}
    ledger_begun_at timestamptz, -- the ledger must not be empty from then on
    created_at timestamptz NOT NULL
);

-- What somebody told us: never collapsed, never changed but for `handled_at`, purged by age once handled.
CREATE TABLE hint (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation text NOT NULL,
    source text NOT NULL,
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    version bigint,
    occurred_at timestamptz,
    message_type text,
    correlation_id text,
    received_at timestamptz NOT NULL DEFAULT now(),
    handled_at timestamptz
);
CREATE INDEX hint_open ON hint (installation, resource_type, resource_id) WHERE handled_at IS NULL;
CREATE INDEX hint_said ON hint (installation, resource_type, resource_id) WHERE message_type IS NOT NULL;
CREATE INDEX hint_handled ON hint (handled_at) WHERE handled_at IS NOT NULL;

-- One row for each resource that was ever hinted at. `pending_priority`: a job waits, at this priority; null: none does.
CREATE TABLE resource (
    installation text NOT NULL,
    type text NOT NULL,
    id text NOT NULL,
    pending_priority integer,
    begun_at timestamptz,
    PRIMARY KEY (installation, type, id)
) WITH (fillfactor = 80);

-- One row for each contact-to-be. `begun_at`: when its last job started, from which the next is held a second away.
CREATE TABLE subject (
    installation text NOT NULL,
    key text NOT NULL,
    pending_priority integer,
    woken_at timestamptz,
    begun_at timestamptz,
    updated_at timestamptz,
    contact_id text,
    linked_by text,
    fingerprint jsonb NOT NULL DEFAULT '{}',
    tags_added jsonb NOT NULL DEFAULT '[]',
    tags_unsure jsonb NOT NULL DEFAULT '[]',
    parked_reason text,
    PRIMARY KEY (installation, key)
) WITH (fillfactor = 80);
CREATE INDEX subject_contact ON subject (installation, contact_id) WHERE contact_id IS NOT NULL;

CREATE TABLE customer_fact (
    installation text NOT NULL,
    id text NOT NULL,
    version bigint NOT NULL,
    subject text,
    document jsonb NOT NULL,
    read_at timestamptz NOT NULL,
    gone_at timestamptz,
    PRIMARY KEY (installation, id)
);
CREATE INDEX customer_fact_subject ON customer_fact (installation, subject);

CREATE TABLE order_fact (
    installation text NOT NULL,
    id text NOT NULL,
    version bigint NOT NULL,
    subject text,
    customer_id text,
    number text,
    document jsonb NOT NULL,
    read_at timestamptz NOT NULL,
    gone_at timestamptz,
    PRIMARY KEY (installation, id)
);
CREATE INDEX order_fact_subject ON order_fact (installation, subject);
CREATE INDEX order_fact_number ON order_fact (installation, number);

-- The active cart of a customer; another cart may take its place, with a version of its own.
CREATE TABLE cart_fact (
    installation text NOT NULL,
    customer_id text NOT NULL,
    cart_id text NOT NULL,
    version bigint NOT NULL,
    document jsonb NOT NULL,
    read_at timestamptz NOT NULL,
    gone_at timestamptz,
    PRIMARY KEY (installation, customer_id)
);

CREATE TABLE payment_link (
    installation text NOT NULL,
    payment_id text NOT NULL,
    order_id text NOT NULL,
    PRIMARY KEY (installation, payment_id, order_id)
);
CREATE INDEX payment_link_order ON payment_link (installation, order_id);

-- What was ever seen and said of a resource. Never purged by age: it is why no event comes back.
-- `milestones`: {milestone key: "planned" | "confirmed" | "skipped" | "baseline"}
CREATE TABLE ledger (
    installation text NOT NULL,
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    subject text NOT NULL,
    observation jsonb,
    milestones jsonb NOT NULL,
    PRIMARY KEY (installation, resource_type, resource_id)
);
CREATE INDEX ledger_subject ON ledger (installation, subject);

-- An event as it will be sent, committed before the call. Intercom takes contact + name + second for the same event.
CREATE TABLE intent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation text NOT NULL,
    subject text NOT NULL,
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    milestone_key text NOT NULL,
    name text NOT NULL,
    second timestamptz NOT NULL CHECK (second = date_trunc('second', second)),
    metadata json NOT NULL,  -- not jsonb: the keys of an event have an order
    contact_id text,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'sent', 'confirmed', 'refused')),
    readdressed boolean NOT NULL DEFAULT false,
    planned_at timestamptz NOT NULL,
    sent_at timestamptz,
    settled_at timestamptz,
    CONSTRAINT intent_milestone UNIQUE (installation, milestone_key)
);
CREATE UNIQUE INDEX intent_second ON intent (installation, subject, lower(name), second);
CREATE UNIQUE INDEX intent_contact_second ON intent (installation, contact_id, lower(name), second)
    WHERE contact_id IS NOT NULL;
CREATE INDEX intent_open ON intent (installation, subject) WHERE state IN ('planned', 'sent');
CREATE INDEX intent_settled ON intent (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE trace (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation text NOT NULL,
    at timestamptz NOT NULL,
    subject text,
    resource_type text,
    resource_id text,
    order_number text,
    correlation_id text,
    step text NOT NULL,
    detail jsonb NOT NULL
);
CREATE INDEX trace_at ON trace (at);
CREATE INDEX trace_subject ON trace (installation, subject, id) WHERE subject IS NOT NULL;
CREATE INDEX trace_resource ON trace (installation, resource_id, id) WHERE resource_id IS NOT NULL;
CREATE INDEX trace_order_number ON trace (installation, order_number, id) WHERE order_number IS NOT NULL;
CREATE INDEX trace_correlation ON trace (installation, correlation_id, id) WHERE correlation_id IS NOT NULL;

-- What will never succeed until a person changes something. One open row for each place that fails; `times` counts.
CREATE TABLE dead_letter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation text NOT NULL,
    subject text,
    resource_type text,
    resource_id text,
    part text NOT NULL,
    reason text NOT NULL,
    answer jsonb,
    times integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'replayed', 'discarded')),
    note text
);
CREATE UNIQUE INDEX dead_letter_open ON dead_letter
    (installation, coalesce(subject, ''), coalesce(resource_type, ''), coalesce(resource_id, ''), part)
    WHERE state = 'open';

-- How far a source has read. `position` is the source's own.
CREATE TABLE cursor (
    installation text NOT NULL,
    name text NOT NULL,
    position jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (installation, name)
);

CREATE TABLE backfill (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    position jsonb NOT NULL DEFAULT '{}',
    done bigint NOT NULL DEFAULT 0,
    total bigint,
    started_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE UNIQUE INDEX backfill_running ON backfill (installation) WHERE finished_at IS NULL;
