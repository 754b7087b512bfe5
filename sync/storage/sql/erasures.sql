-- load_erasure --
-- How far it is.
SELECT customer_id, begun_at, finished_at, work, receipt FROM erasure
WHERE installation = %(installation)s AND customer_id = %(customer_id)s;

-- is_gone --
-- Whether the shop itself has said that there is no such customer any more.
SELECT gone_at IS NOT NULL FROM customer_fact WHERE installation = %(installation)s AND id = %(customer_id)s;

-- email --
-- The address under which the customer may have ordered as a guest as well.
SELECT document ->> 'email' FROM customer_fact WHERE installation = %(installation)s AND id = %(customer_id)s;

-- has_namesake --
-- Whether another customer has the address.
SELECT EXISTS (
    SELECT FROM customer_fact
    WHERE installation = %(installation)s AND lower(document ->> 'email') = lower(%(email)s)
        AND id <> %(customer_id)s AND gone_at IS NULL
);

-- orders --
-- All orders that were ever known of these subjects.
SELECT id FROM order_fact WHERE installation = %(installation)s AND subject = ANY(%(keys)s::text[])
UNION
SELECT resource_id FROM ledger
WHERE installation = %(installation)s AND resource_type = 'order' AND subject = ANY(%(keys)s::text[])
ORDER BY 1;

-- begin_erasure --
-- From here on it will be finished, whatever happens.
INSERT INTO erasure (installation, customer_id, begun_at, work)
VALUES (%(installation)s, %(customer_id)s, %(now)s, %(work)s)
ON CONFLICT (installation, customer_id) DO NOTHING;

-- note_work --
-- What is left of it.
UPDATE erasure SET work = %(work)s WHERE installation = %(installation)s AND customer_id = %(customer_id)s;

-- finish_erasure --
-- The receipt is all that stays.
UPDATE erasure SET finished_at = %(now)s, work = NULL, receipt = %(receipt)s
WHERE installation = %(installation)s AND customer_id = %(customer_id)s;

-- bar --
-- Never stored again.
INSERT INTO erased (installation, type, id, at)
SELECT %(installation)s, type, id, %(now)s FROM unnest(%(types)s::text[], %(ids)s::text[]) AS given (type, id)
ORDER BY type, id
ON CONFLICT (installation, type, id) DO UPDATE SET at = excluded.at;

-- is_running --
-- Whether a job of one of these subjects is at work now: it may still write to the contact.
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = ANY(%(locks)s::text[]) AND status = 'doing');

-- skip_intents --
-- What was still to be sent never will be.
WITH skipped AS (
    UPDATE intent SET state = 'refused', settled_at = %(now)s
    WHERE installation = %(installation)s AND subject = ANY(%(keys)s::text[]) AND settled_at IS NULL
    RETURNING resource_type, resource_id, milestone_key
), by_resource AS (
    SELECT resource_type, resource_id, jsonb_object_agg(milestone_key, 'skipped') AS milestones
    FROM skipped GROUP BY resource_type, resource_id
)
UPDATE ledger SET milestones = ledger.milestones || by_resource.milestones
FROM by_resource
WHERE ledger.installation = %(installation)s AND ledger.resource_type = by_resource.resource_type
    AND ledger.resource_id = by_resource.resource_id;

-- blank_intents --
-- That an event was sent stays known until it is purged by age, what it said does not.
UPDATE intent SET metadata = '{}'
WHERE installation = %(installation)s AND subject = ANY(%(keys)s::text[]) AND metadata::text <> '{}';

-- blank_ledger --
-- The ledger stays, so that no event comes back. Its memory of an address is a keyed hash, and goes all the same.
UPDATE ledger SET
    observation = observation - 'email' - 'group',
    subject = CASE WHEN subject LIKE 'g:%%' THEN 'erased' ELSE subject END
WHERE installation = %(installation)s AND subject = ANY(%(keys)s::text[])
    AND (subject LIKE 'g:%%' OR observation ?| ARRAY['email', 'group']);

-- delete_orders --
-- What was known of the orders.
DELETE FROM order_fact WHERE installation = %(installation)s
    AND (id = ANY(%(orders)s::text[]) OR subject = ANY(%(keys)s::text[]));

-- delete_payment_links --
-- Which payments they had.
DELETE FROM payment_link WHERE installation = %(installation)s AND order_id = ANY(%(orders)s::text[]);

-- delete_customers --
-- What was known of the customer.
DELETE FROM customer_fact WHERE installation = %(installation)s AND id = %(customer_id)s;

-- delete_carts --
-- What was in the cart.
DELETE FROM cart_fact WHERE installation = %(installation)s AND customer_id = %(customer_id)s;

-- delete_subjects --
-- The contact, and what it holds by us.
DELETE FROM subject WHERE installation = %(installation)s AND key = ANY(%(keys)s::text[]);

-- delete_picks --
-- Which contact agents said the customer is.
DELETE FROM pick WHERE installation = %(installation)s AND customer_id = %(customer_id)s;

-- delete_suggestions --
-- Which contacts they might have been.
DELETE FROM suggestion WHERE installation = %(installation)s AND subject = ANY(%(keys)s::text[]);

-- delete_conversations --
-- Which orders their conversations are about.
DELETE FROM conversation_link WHERE installation = %(installation)s AND subject = ANY(%(keys)s::text[]);

-- delete_hints --
-- Who told us of them, and when.
DELETE FROM hint WHERE installation = %(installation)s AND (
    (resource_type = 'order' AND resource_id = ANY(%(orders)s::text[]))
    OR (resource_type IN ('customer', 'cart') AND resource_id = %(customer_id)s)
);

-- delete_resources --
-- That they are looked at.
DELETE FROM resource WHERE installation = %(installation)s AND (
    (type = 'order' AND id = ANY(%(orders)s::text[])) OR (type IN ('customer', 'cart') AND id = %(customer_id)s)
);

-- delete_traces --
-- What was decided, asked and answered.
DELETE FROM trace WHERE installation = %(installation)s
    AND (subject = ANY(%(keys)s::text[]) OR resource_id = ANY(%(orders)s::text[]) OR resource_id = %(customer_id)s);

-- delete_dead_letters --
-- What failed, with the vendor's words.
DELETE FROM dead_letter WHERE installation = %(installation)s
    AND (subject = ANY(%(keys)s::text[]) OR resource_id = ANY(%(orders)s::text[]) OR resource_id = %(customer_id)s);
