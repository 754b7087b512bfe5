-- store_order --
-- The order as read, unless what we hold is newer or it was erased; with the subject it belonged to before. `old` has to
-- be read first: a row that the same statement has changed cannot be locked any more, and would be missing.
WITH old AS (
    SELECT subject FROM order_fact WHERE installation = %(installation)s AND id = %(id)s FOR UPDATE
), stored AS (
    INSERT INTO order_fact AS known (installation, id, version, subject, customer_id, number, document, read_at)
    SELECT %(installation)s, %(id)s, %(version)s, %(subject)s, %(customer_id)s, %(number)s, %(document)s, %(read_at)s
    FROM (SELECT count(*) FROM old) AS read_first
    WHERE NOT EXISTS ( -- nothing of an erased customer, and of an erased guest only what is new
        SELECT FROM erased WHERE erased.installation = %(installation)s AND (
            (type = 'order' AND erased.id = %(id)s)
            OR (type = 'customer' AND erased.id = %(customer_id)s::text)
            OR (type = 'guest' AND erased.id = substr(%(subject)s::text, 3)
                AND coalesce((%(document)s::jsonb ->> 'createdAt')::timestamptz, '-infinity') < at)
        )
    )
    ON CONFLICT (installation, id) DO UPDATE SET
        version = excluded.version, subject = excluded.subject, customer_id = excluded.customer_id,
        number = excluded.number, document = excluded.document, read_at = excluded.read_at, gone_at = NULL
        WHERE (excluded.version, excluded.read_at) >= (known.version, known.read_at)
    RETURNING subject
)
SELECT EXISTS (SELECT FROM stored) AS stored, (SELECT subject FROM old) AS previous_subject;

-- store_customer --
-- The customer as read, unless what we hold is newer.
WITH old AS (
    SELECT subject FROM customer_fact WHERE installation = %(installation)s AND id = %(id)s FOR UPDATE
), stored AS (
    INSERT INTO customer_fact AS known (installation, id, version, subject, document, read_at)
    SELECT %(installation)s, %(id)s, %(version)s, %(subject)s, %(document)s, %(read_at)s
    FROM (SELECT count(*) FROM old) AS read_first
    WHERE NOT EXISTS (
        SELECT FROM erased WHERE erased.installation = %(installation)s AND type = 'customer' AND erased.id = %(id)s
    )
    ON CONFLICT (installation, id) DO UPDATE SET
        version = excluded.version, subject = excluded.subject, document = excluded.document,
        read_at = excluded.read_at, gone_at = NULL
        WHERE (excluded.version, excluded.read_at) >= (known.version, known.read_at)
    RETURNING subject
)
SELECT EXISTS (SELECT FROM stored) AS stored, (SELECT subject FROM old) AS previous_subject;

-- store_cart --
-- The customer's active cart as read; versions compare only within one cart.
WITH stored AS (
    INSERT INTO cart_fact AS known (installation, customer_id, cart_id, version, document, read_at)
    SELECT %(installation)s, %(customer_id)s, %(id)s, %(version)s, %(document)s, %(read_at)s
    WHERE NOT EXISTS (
        SELECT FROM erased
        WHERE erased.installation = %(installation)s AND type = 'customer' AND erased.id = %(customer_id)s
    )
    ON CONFLICT (installation, customer_id) DO UPDATE SET
        cart_id = excluded.cart_id, version = excluded.version, document = excluded.document,
        read_at = excluded.read_at, gone_at = NULL
        WHERE excluded.read_at >= known.read_at
            AND (excluded.cart_id <> known.cart_id OR excluded.version >= known.version)
    RETURNING true
)
SELECT EXISTS (SELECT FROM stored) AS stored, NULL::text AS previous_subject;

-- order_gone --
-- The shop says that there is no such order (any more), and said so after we read it last.
UPDATE order_fact SET gone_at = %(at)s
WHERE installation = %(installation)s AND id = %(id)s AND gone_at IS NULL AND read_at <= %(at)s
RETURNING subject;

-- customer_gone --
-- The shop says that there is no such customer (any more).
UPDATE customer_fact SET gone_at = %(at)s
WHERE installation = %(installation)s AND id = %(id)s AND gone_at IS NULL AND read_at <= %(at)s
RETURNING subject;

-- cart_gone --
-- The customer has no active cart (any more).
UPDATE cart_fact SET gone_at = %(at)s
WHERE installation = %(installation)s AND customer_id = %(id)s AND gone_at IS NULL AND read_at <= %(at)s
RETURNING 'c:' || customer_id;

-- orders_by_number --
-- The orders with this number; order numbers are unique in a project, but may pass from one order to another.
SELECT id, version, subject, customer_id, number, document, read_at, gone_at
FROM order_fact WHERE installation = %(installation)s AND number = %(number)s ORDER BY read_at DESC;

-- orders_of_subject --
-- All orders of a subject, those that are gone included.
SELECT id, version, subject, customer_id, number, document, read_at, gone_at
FROM order_fact WHERE installation = %(installation)s AND subject = %(subject)s ORDER BY id;

-- customer_of_subject --
-- The customer of a subject; guests have none.
SELECT id, version, subject, id AS customer_id, NULL AS number, document, read_at, gone_at
FROM customer_fact WHERE installation = %(installation)s AND subject = %(subject)s ORDER BY id LIMIT 1;

-- cart_of_customer --
-- The active cart as last read.
SELECT cart_id AS id, version, NULL AS subject, customer_id, NULL AS number, document, read_at, gone_at
FROM cart_fact WHERE installation = %(installation)s AND customer_id = %(customer_id)s;

-- unlink_payments --
-- Payments that the order no longer names.
DELETE FROM payment_link
WHERE installation = %(installation)s AND order_id = %(order_id)s AND NOT payment_id = ANY(%(payment_ids)s::text[]);

-- link_payments --
-- Payments that the order names.
INSERT INTO payment_link (installation, payment_id, order_id)
SELECT %(installation)s, payment_id, %(order_id)s
FROM unnest(%(payment_ids)s::text[]) AS given (payment_id)
ORDER BY payment_id
ON CONFLICT DO NOTHING;

-- orders_of_payment --
-- The orders that name this payment: usually one.
SELECT order_id FROM payment_link WHERE installation = %(installation)s AND payment_id = %(payment_id)s ORDER BY 1;

-- knows_customer --
-- Whether the account of a subject was ever read.
SELECT true FROM customer_fact WHERE installation = %(installation)s AND subject = %(subject)s LIMIT 1;

-- knows_guest --
-- Whether any order of a guest was ever read.
SELECT true FROM order_fact WHERE installation = %(installation)s AND subject = %(subject)s LIMIT 1;

-- unknown_orders --
-- Those of the ids that no order was read for.
SELECT DISTINCT given.id FROM unnest(%(ids)s::text[]) AS given (id)
WHERE NOT EXISTS (SELECT FROM order_fact WHERE installation = %(installation)s AND order_fact.id = given.id)
ORDER BY 1;
