-- note_changes --
-- Remembers those changes that were not seen yet, and says which they are.
INSERT INTO seen_change AS known (installation, kind, id, version, modified_at)
SELECT %(installation)s, %(kind)s, given.id, given.version, given.modified_at
FROM unnest(%(ids)s::text[], %(versions)s::bigint[], %(times)s::timestamptz[]) AS given (id, version, modified_at)
WHERE NOT EXISTS (
    SELECT FROM seen_change AS seen
    WHERE seen.installation = %(installation)s AND seen.kind = %(kind)s AND seen.id = given.id
        AND seen.version >= given.version
)
ORDER BY given.id
ON CONFLICT (installation, kind, id) DO UPDATE SET version = excluded.version, modified_at = excluded.modified_at
    WHERE known.version < excluded.version
RETURNING id;

-- forget_changes --
-- No look finds them any more.
DELETE FROM seen_change
WHERE installation = %(installation)s AND kind = %(kind)s AND modified_at < %(before)s;

-- take_turn --
-- Whether it is this holder's turn, and for how long: nobody else's then.
INSERT INTO cursor AS known (installation, name, position)
VALUES (%(installation)s, %(name)s, jsonb_build_object('holder', %(holder)s::text, 'until', now() + %(lease)s::interval))
ON CONFLICT (installation, name) DO UPDATE SET position = excluded.position, updated_at = now()
    WHERE known.position ->> 'holder' = %(holder)s OR (known.position ->> 'until')::timestamptz < now()
RETURNING true;

-- end_turn --
-- The next one need not wait for the end of the lease.
DELETE FROM cursor
WHERE installation = %(installation)s AND name = %(name)s AND position ->> 'holder' = %(holder)s;

-- untouched_carts --
-- Carts that were touched last after one place and up to another, oldest first.
SELECT document ->> 'lastModifiedAt', customer_id
FROM cart_fact
WHERE installation = %(installation)s AND gone_at IS NULL
    AND ((document ->> 'lastModifiedAt') COLLATE "C", customer_id) > (%(after)s COLLATE "C", %(after_customer)s)
    AND (document ->> 'lastModifiedAt') COLLATE "C" <= %(until)s COLLATE "C"
ORDER BY (document ->> 'lastModifiedAt') COLLATE "C", customer_id
LIMIT %(limit)s;

-- known_versions --
-- What we hold of these resources, the gone ones left out.
SELECT id, version FROM order_fact
WHERE %(kind)s = 'order' AND installation = %(installation)s AND id = ANY(%(ids)s::text[]) AND gone_at IS NULL
UNION ALL
SELECT id, version FROM customer_fact
WHERE %(kind)s = 'customer' AND installation = %(installation)s AND id = ANY(%(ids)s::text[]) AND gone_at IS NULL
UNION ALL
SELECT cart_id, version FROM cart_fact
WHERE %(kind)s = 'cart' AND installation = %(installation)s AND cart_id = ANY(%(ids)s::text[]) AND gone_at IS NULL;
