-- Erased customers, and what keeps them erased. Ids, hashes and counts alone: nothing in here says who somebody was.
CREATE TABLE erasure (
    installation text NOT NULL,
    customer_id text NOT NULL,
    begun_at timestamptz NOT NULL,
    finished_at timestamptz,
    work jsonb, -- what is still to be done in Intercom; null once finished
    receipt jsonb, -- once finished
    PRIMARY KEY (installation, customer_id)
);

-- What is never stored again, whatever the shop still says about it. `guest` is the keyed hash of an e-mail address:
-- orders of before `at` with this address are not stored, later ones are somebody's new business.
CREATE TABLE erased (
    installation text NOT NULL,
    type text NOT NULL CHECK (type IN ('customer', 'order', 'guest')),
    id text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (installation, type, id)
);

-- What identity looks customers up by.
CREATE INDEX customer_fact_email ON customer_fact (installation, lower(document ->> 'email'));
CREATE INDEX customer_fact_key ON customer_fact (installation, (document ->> 'key'));
CREATE INDEX customer_fact_number ON customer_fact (installation, (document ->> 'customerNumber'));
CREATE INDEX customer_fact_external_id ON customer_fact (installation, (document ->> 'externalId'));
