-- is_complete --
-- Whether every order of the shop was read: a backfill without a beginning is past its orders (sync/sources/backfill.py
-- names the stages), and no order that it left to be read is still waiting. A retried one stays in the queue; one that can
-- never succeed is a dead letter. And how many orders are this customer's.
SELECT EXISTS (
    SELECT FROM backfill
    WHERE installation = %(installation)s AND options ->> 'since' IS NULL
        AND position ->> 'stage' NOT IN ('customers', 'orders')
) AND NOT EXISTS (
    SELECT FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND priority <= %(backfill)s AND task_name = 'read_resource'
        AND args ->> 'installation' = %(installation)s AND args ->> 'type' = 'order'
), (SELECT count(*) FROM order_fact WHERE installation = %(installation)s AND subject = %(subject)s AND gone_at IS NULL);

-- orders --
-- A customer's orders, the named fields of each.
SELECT version, read_at, (
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(document) WHERE key = ANY(%(fields)s::text[])
) AS document
FROM order_fact
WHERE installation = %(installation)s AND subject = %(subject)s AND gone_at IS NULL;
