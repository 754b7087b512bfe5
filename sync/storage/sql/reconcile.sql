-- orders_between --
-- Orders that we hold to be there, with ids after one and up to another (no other: to the end).
SELECT id, version, customer_id FROM order_fact
WHERE installation = %(installation)s AND gone_at IS NULL AND id COLLATE "C" > %(after)s COLLATE "C"
    AND (%(last)s::text IS NULL OR id COLLATE "C" <= %(last)s COLLATE "C");

-- customers_between --
-- Customers likewise.
SELECT id, version, id FROM customer_fact
WHERE installation = %(installation)s AND gone_at IS NULL AND id COLLATE "C" > %(after)s COLLATE "C"
    AND (%(last)s::text IS NULL OR id COLLATE "C" <= %(last)s COLLATE "C");

-- carts_between --
-- Active carts likewise, by their own ids, with the customers they are read by.
SELECT cart_id, version, customer_id FROM cart_fact
WHERE installation = %(installation)s AND gone_at IS NULL AND cart_id COLLATE "C" > %(after)s COLLATE "C"
    AND (%(last)s::text IS NULL OR cart_id COLLATE "C" <= %(last)s COLLATE "C");

-- newer_carts --
-- Those of the carts that are not the one we hold of their customer, or a newer version of it. A customer may have
-- several: the one that was touched last is the active one.
SELECT given.id
FROM unnest(%(ids)s::text[], %(versions)s::bigint[], %(customers)s::text[], %(touched)s::text[])
    AS given (id, version, customer_id, touched)
LEFT JOIN cart_fact AS fact
    ON fact.installation = %(installation)s AND fact.customer_id = given.customer_id AND fact.gone_at IS NULL
WHERE fact.cart_id IS NULL
    OR (fact.cart_id = given.id AND fact.version < given.version)
    OR (fact.cart_id <> given.id AND (fact.document ->> 'lastModifiedAt') COLLATE "C" < given.touched COLLATE "C");

-- older_payments --
-- Those of the payments that an order of ours holds in an older version.
SELECT DISTINCT given.id
FROM unnest(%(ids)s::text[], %(versions)s::bigint[]) AS given (id, version)
JOIN payment_link AS link ON link.installation = %(installation)s AND link.payment_id = given.id
JOIN order_fact AS fact ON fact.installation = %(installation)s AND fact.id = link.order_id AND fact.gone_at IS NULL
CROSS JOIN LATERAL jsonb_array_elements(fact.document -> 'paymentInfo' -> 'payments') AS payment
WHERE payment ->> 'id' = given.id AND (payment ->> 'version')::bigint < given.version
ORDER BY given.id;

-- linked_after --
-- The next subjects with a contact that is not left alone, in key order.
SELECT key, contact_id FROM subject
WHERE installation = %(installation)s AND key > %(after)s AND contact_id IS NOT NULL AND parked_reason IS NULL
ORDER BY key
LIMIT %(limit)s;

-- unlinked --
-- Those of the subjects that are known and have no contact.
SELECT key FROM subject
WHERE installation = %(installation)s AND key = ANY(%(keys)s::text[]) AND contact_id IS NULL
ORDER BY key;

-- correct --
-- What the contact was found to hold, unless somebody has written to it since it was asked.
UPDATE subject SET fingerprint = %(fingerprint)s, tags_added = %(tags)s
WHERE installation = %(installation)s AND key = %(key)s AND contact_id = %(contact_id)s
    AND fingerprint = %(fingerprint_before)s AND tags_added = %(tags_before)s;
