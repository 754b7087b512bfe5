-- suggest --
-- The newest word counts. In key order.
INSERT INTO suggestion (installation, subject, contact_id)
SELECT %(installation)s, key, %(contact_id)s FROM unnest(%(keys)s::text[]) AS given (key) ORDER BY key
ON CONFLICT (installation, subject) DO UPDATE SET contact_id = excluded.contact_id;

-- suggested --
-- Who may be looked at for a subject, beside what search finds.
SELECT contact_id FROM suggestion WHERE installation = %(installation)s AND subject = %(key)s;

-- forget --
-- The subject has a contact.
DELETE FROM suggestion WHERE installation = %(installation)s AND subject = %(key)s;
