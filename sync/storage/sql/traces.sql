-- add_traces --
-- What was decided, asked and answered, step by step.
INSERT INTO trace
    (installation, at, subject, resource_type, resource_id, order_number, correlation_id, step, detail)
SELECT installation, at, subject, resource_type, resource_id, order_number, correlation_id, step, detail
FROM jsonb_to_recordset(%(rows)s) AS given (
    installation text, at timestamptz, subject text, resource_type text, resource_id text, order_number text,
    correlation_id text, step text, detail jsonb
);

-- by_customer --
-- The customer's own steps, and those of the reading of the customer.
SELECT * FROM (
    SELECT * FROM trace WHERE installation = %(installation)s AND subject = 'c:' || %(value)s::text
    UNION
    SELECT * FROM trace
    WHERE installation = %(installation)s AND resource_id = %(value)s AND resource_type IN ('customer', 'cart')
) AS found
ORDER BY id DESC LIMIT %(limit)s;

-- by_subject --
-- Everything of one contact-to-be.
SELECT * FROM trace WHERE installation = %(installation)s AND subject = %(value)s
ORDER BY id DESC LIMIT %(limit)s;

-- by_order_number --
-- Everything that named this order number.
SELECT * FROM trace WHERE installation = %(installation)s AND order_number = %(value)s
ORDER BY id DESC LIMIT %(limit)s;

-- by_resource --
-- Everything about the resource of this id.
SELECT * FROM trace WHERE installation = %(installation)s AND resource_id = %(value)s
ORDER BY id DESC LIMIT %(limit)s;

-- by_correlation_id --
-- Everything that came of one hint or request.
SELECT * FROM trace WHERE installation = %(installation)s AND correlation_id = %(value)s
ORDER BY id DESC LIMIT %(limit)s;
