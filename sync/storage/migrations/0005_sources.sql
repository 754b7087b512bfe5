-- What the sources remember beside their cursors.

-- Changes that were hinted at since the cursor, which stays behind on purpose: they are found again with every look.
CREATE TABLE seen_change (
    installation text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    version bigint NOT NULL,
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (installation, kind, id)
);
CREATE INDEX seen_change_age ON seen_change (installation, kind, modified_at);

-- Carts by the time they were touched last, as the shop writes it (UTC, so texts sort as times do).
CREATE INDEX cart_fact_touched ON cart_fact (installation, (document ->> 'lastModifiedAt') COLLATE "C", customer_id)
    WHERE gone_at IS NULL;

-- A reconcile walks the shop's resources and ours side by side, in the shop's order of ids.
CREATE INDEX order_fact_walk ON order_fact (installation, id COLLATE "C") WHERE gone_at IS NULL;
CREATE INDEX customer_fact_walk ON customer_fact (installation, id COLLATE "C") WHERE gone_at IS NULL;
CREATE INDEX cart_fact_walk ON cart_fact (installation, cart_id COLLATE "C") WHERE gone_at IS NULL;
