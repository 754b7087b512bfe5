-- running --
-- The backfill that is not finished yet, if there is one.
SELECT id, options, position, done, total, started_at, updated_at, finished_at,
    wanted, held
FROM backfill WHERE installation = %(installation)s AND finished_at IS NULL FOR UPDATE;

-- newest --
-- The backfill that was begun last, finished or not.
SELECT id, options, position, done, total, started_at, updated_at, finished_at,
    wanted, held
FROM backfill WHERE installation = %(installation)s ORDER BY id DESC LIMIT 1;

-- begin --
-- A new one.
INSERT INTO backfill (installation, options, position, total, wanted, started_at, updated_at)
VALUES (%(installation)s, %(options)s, %(position)s, %(total)s, %(wanted)s, %(now)s, %(now)s)
RETURNING id, options, position, done, total, started_at, updated_at, finished_at, wanted, held;

-- save --
-- How far it has come, in the transaction that keeps what it stands for.
UPDATE backfill SET position = %(position)s, done = %(done)s, total = %(total)s, updated_at = %(now)s, held = NULL
WHERE id = %(id)s AND finished_at IS NULL;

-- finish --
-- Everything was looked at, or another one takes its place.
UPDATE backfill SET finished_at = %(now)s, updated_at = %(now)s WHERE id = %(id)s AND finished_at IS NULL;

-- want --
-- What a person decided about the one that is not finished.
UPDATE backfill SET wanted = %(wanted)s, held = NULL
WHERE installation = %(installation)s AND finished_at IS NULL AND (wanted IS NOT NULL OR %(is_new)s);

-- wanted --
-- Who waits for a worker to carry one out.
SELECT installation FROM backfill WHERE finished_at IS NULL AND wanted = 'running' ORDER BY installation;

-- hold --
-- Why it does not go on at present.
UPDATE backfill SET held = %(held)s, updated_at = %(now)s WHERE id = %(id)s AND finished_at IS NULL;

-- same_orders --
-- Which of these orders are kept already as they are, to the letter.
SELECT order_fact.id FROM order_fact JOIN unnest(%(ids)s::text[], %(documents)s::jsonb[]) AS read (id, document)
    ON order_fact.id = read.id
WHERE installation = %(installation)s AND gone_at IS NULL AND order_fact.document = read.document;

-- same_customers --
-- Which of these customers are kept already as they are, to the letter.
SELECT customer_fact.id FROM customer_fact JOIN unnest(%(ids)s::text[], %(documents)s::jsonb[]) AS read (id, document)
    ON customer_fact.id = read.id
WHERE installation = %(installation)s AND gone_at IS NULL AND customer_fact.document = read.document;

-- subjects --
-- The next subjects in key order: all there are, or those with an order or customer that was modified since.
SELECT key FROM (
    (SELECT key FROM subject
     WHERE installation = %(installation)s AND key > %(after)s AND %(since)s::text IS NULL
     ORDER BY key LIMIT %(limit)s)
    UNION
    (SELECT DISTINCT subject FROM customer_fact
     WHERE installation = %(installation)s AND subject > %(after)s AND gone_at IS NULL
        AND (%(since)s::text IS NULL OR (document ->> 'lastModifiedAt') COLLATE "C" >= %(since)s COLLATE "C")
     ORDER BY subject LIMIT %(limit)s)
    UNION
    (SELECT DISTINCT subject FROM order_fact
     WHERE installation = %(installation)s AND subject > %(after)s AND gone_at IS NULL
        AND (%(since)s::text IS NULL OR (document ->> 'lastModifiedAt') COLLATE "C" >= %(since)s COLLATE "C")
     ORDER BY subject LIMIT %(limit)s)
) AS found
ORDER BY key LIMIT %(limit)s;

-- count_subjects --
-- How many those are.
SELECT count(*) FROM (
    SELECT key FROM subject WHERE installation = %(installation)s AND %(since)s::text IS NULL
    UNION
    SELECT subject FROM customer_fact
    WHERE installation = %(installation)s AND subject IS NOT NULL AND gone_at IS NULL
        AND (%(since)s::text IS NULL OR (document ->> 'lastModifiedAt') COLLATE "C" >= %(since)s COLLATE "C")
    UNION
    SELECT subject FROM order_fact
    WHERE installation = %(installation)s AND subject IS NOT NULL AND gone_at IS NULL
        AND (%(since)s::text IS NULL OR (document ->> 'lastModifiedAt') COLLATE "C" >= %(since)s COLLATE "C")
) AS found;

-- waiting_jobs --
-- How many jobs of an installation wait for a worker, counted no further than asked.
SELECT count(*) FROM (
    SELECT FROM procrastinate_jobs
    WHERE queue_name = %(queue)s AND status = 'todo' AND starts_with(lock, %(prefix)s) LIMIT %(most)s
) AS waiting;

-- look_again --
-- Plans that were made for empty tables are made anew; autovacuum would get round to it within minutes.
ANALYZE order_fact, customer_fact, payment_link, subject, resource;
