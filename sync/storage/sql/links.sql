-- lock_contact --
-- Held until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0));

-- links_of_contacts --
-- Who these contacts belong to.
SELECT key, contact_id, linked_by, fingerprint, tags_added, tags_unsure FROM subject
WHERE installation = %(installation)s AND contact_id = ANY(%(ids)s::text[])
ORDER BY key;

-- links_by_email --
-- Customers with an e-mail address, by what the shop said last, that have a contact.
SELECT key, contact_id, linked_by, fingerprint, tags_added, tags_unsure
FROM customer_fact AS customer JOIN subject
    ON subject.installation = customer.installation AND subject.key = customer.subject
WHERE customer.installation = %(installation)s AND lower(customer.document ->> 'email') = %(email)s
    AND customer.gone_at IS NULL AND contact_id IS NOT NULL
ORDER BY key;

-- picks --
-- Who agents said that these contacts are.
SELECT contact_id, customer_id FROM pick
WHERE installation = %(installation)s AND contact_id = ANY(%(ids)s::text[]);

-- picked_contacts --
-- Which contacts agents said that this customer is.
SELECT contact_id FROM pick
WHERE installation = %(installation)s AND customer_id = %(customer_id)s
ORDER BY picked_at DESC, contact_id;

-- known_id --
-- Which customers have one of these values, where the id is Intercom's external id.
SELECT id, id FROM customer_fact
WHERE installation = %(installation)s AND id = ANY(%(values)s::text[]) AND gone_at IS NULL;

-- known_key --
-- Which customers have one of these values, where the key is Intercom's external id.
SELECT document ->> 'key', id FROM customer_fact
WHERE installation = %(installation)s AND (document ->> 'key') = ANY(%(values)s::text[]) AND gone_at IS NULL;

-- known_customerNumber --
-- Which customers have one of these values, where the customerNumber is Intercom's external id.
SELECT document ->> 'customerNumber', id FROM customer_fact
WHERE installation = %(installation)s AND (document ->> 'customerNumber') = ANY(%(values)s::text[]) AND gone_at IS NULL;

-- known_externalId --
-- Which customers have one of these values, where the externalId is Intercom's external id.
SELECT document ->> 'externalId', id FROM customer_fact
WHERE installation = %(installation)s AND (document ->> 'externalId') = ANY(%(values)s::text[]) AND gone_at IS NULL;

-- wanting_a_contact --
-- Those of the subjects, and of the customers with an e-mail address, that have no contact or none that may be written
-- to; and those who wait for this contact to be restored.
SELECT key FROM subject
WHERE installation = %(installation)s AND (contact_id IS NULL OR parked_reason IS NOT NULL) AND key = ANY(
    %(keys)s::text[] || ARRAY(
        SELECT subject FROM customer_fact
        WHERE installation = %(installation)s AND lower(document ->> 'email') = lower(%(email)s) AND gone_at IS NULL
    )
)
UNION
SELECT key FROM subject
WHERE installation = %(installation)s AND contact_id = %(contact_id)s AND parked_reason IS NOT NULL
ORDER BY key;

-- save_link --
-- The contact of a subject, with all that is known of it by us.
INSERT INTO subject AS known (installation, key, contact_id, linked_by, fingerprint, tags_added, tags_unsure)
VALUES (%(installation)s, %(key)s, %(contact_id)s, %(linked_by)s, %(fingerprint)s, %(tags_added)s, %(tags_unsure)s)
ON CONFLICT (installation, key) DO UPDATE SET
    contact_id = excluded.contact_id, linked_by = excluded.linked_by, fingerprint = excluded.fingerprint,
    tags_added = excluded.tags_added, tags_unsure = excluded.tags_unsure, parked_reason = NULL;

-- begin_creation --
-- Before the request, so that a lost answer does not hide who made the contact.
INSERT INTO subject AS known (installation, key, linked_by) VALUES (%(installation)s, %(key)s, 'created')
ON CONFLICT (installation, key) DO UPDATE SET contact_id = NULL, linked_by = 'created';
