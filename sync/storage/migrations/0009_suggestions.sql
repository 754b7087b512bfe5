-- Whom Intercom named to us, of those who have no contact: its search may be minutes behind.
CREATE TABLE suggestion (
    installation text NOT NULL,
    subject text NOT NULL,
    contact_id text NOT NULL,
    PRIMARY KEY (installation, subject)
);
