-- picked_customer --
-- Who the contact is, by an agent's word.
SELECT customer_id FROM pick WHERE installation = %(installation)s AND contact_id = %(contact_id)s;

-- pick_customer --
-- The newest word counts.
INSERT INTO pick (installation, contact_id, customer_id, picked_at)
VALUES (%(installation)s, %(contact_id)s, %(customer_id)s, %(now)s)
ON CONFLICT (installation, contact_id) DO UPDATE SET
    customer_id = excluded.customer_id, picked_at = excluded.picked_at;

-- unpick_customer --
-- The word is taken back.
DELETE FROM pick WHERE installation = %(installation)s AND contact_id = %(contact_id)s RETURNING customer_id;
