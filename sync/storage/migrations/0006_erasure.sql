-- Erased customers, and what keeps them erased. Ids and counts alone: nothing in here says who somebody was.
CREATE TABLE erasure (
    installation text NOT NULL,
    customer_id text NOT NULL,
    begun_at timestamptz NOT NULL,
    finished_at timestamptz,
    receipt jsonb, -- once finished
    PRIMARY KEY (installation, customer_id)
);

-- Resources of erased customers: they are never stored again, whatever the shop still says about them.
CREATE TABLE erased (
    installation text NOT NULL,
    type text NOT NULL, -- customer, order
    id text NOT NULL,
    PRIMARY KEY (installation, type, id)
);

-- What identity looks customers up by.
CREATE INDEX customer_fact_email ON customer_fact (installation, lower(document ->> 'email'));
CREATE INDEX customer_fact_key ON customer_fact (installation, (document ->> 'key'));
CREATE INDEX customer_fact_number ON customer_fact (installation, (document ->> 'customerNumber'));
CREATE INDEX customer_fact_external_id ON customer_fact (installation, (document ->> 'externalId'));
