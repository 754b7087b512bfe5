-- Which of several customers a contact is, as an agent said in the panel.
CREATE TABLE pick (
    installation text NOT NULL,
    contact_id text NOT NULL,
    customer_id text NOT NULL,
    picked_at timestamptz NOT NULL,
    PRIMARY KEY (installation, contact_id)
);
CREATE INDEX pick_customer ON pick (installation, customer_id);
