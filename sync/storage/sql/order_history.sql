-- is_complete --
-- Whether every order of the shop was read: a backfill without a beginning has ended, and no reading of what it found is
-- still to be done. A retried one stays in the queue; one that can never succeed is a dead letter. And how many it are of
-- this customer.
SELECT EXISTS (
    SELECT FROM backfill
    WHERE installation = %(installation)s AND finished_at IS NOT NULL AND options ->> 'since' IS NULL
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
