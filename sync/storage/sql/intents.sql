-- taken_seconds --
-- The seconds in which this subject, or this contact, already has an event of the name; but for the intent itself.
SELECT extract(epoch FROM second)::bigint FROM intent
WHERE installation = %(installation)s AND lower(name) = lower(%(name)s) AND id IS DISTINCT FROM %(id)s
    AND (subject = %(subject)s OR contact_id = %(contact_id)s)
    AND second BETWEEN to_timestamp(%(second)s - %(window)s) AND to_timestamp(%(second)s + %(window)s);

-- used_seconds --
-- Every event name and second of this subject.
SELECT DISTINCT lower(name), extract(epoch FROM second)::bigint FROM intent
WHERE installation = %(installation)s AND subject = %(subject)s;

-- plan_intent --
-- One event as it will be sent. None for a milestone that has one already, or a second taken this very moment.
INSERT INTO intent
    (installation, subject, resource_type, resource_id, milestone_key, name, second, metadata, planned_at)
VALUES
    (%(installation)s, %(subject)s, %(resource_type)s, %(resource_id)s, %(milestone_key)s, %(name)s,
     to_timestamp(%(second)s), %(metadata)s, %(now)s)
ON CONFLICT DO NOTHING
RETURNING id, installation, subject, resource_type, resource_id, milestone_key, name,
    extract(epoch FROM second)::bigint AS second, metadata, contact_id, state, readdressed;

-- is_planned --
-- Whether a milestone has its intent.
SELECT true FROM intent WHERE installation = %(installation)s AND milestone_key = %(milestone_key)s;

-- open_intents --
-- What this subject is still to be sent, in the order in which it happened.
SELECT id, installation, subject, resource_type, resource_id, milestone_key, name,
    extract(epoch FROM second)::bigint AS second, metadata, contact_id, state, readdressed
FROM intent
WHERE installation = %(installation)s AND subject = %(subject)s AND state IN ('planned', 'sent')
ORDER BY intent.second, id;

-- address_intent --
-- It is about to be sent to this contact.
UPDATE intent SET
    state = 'sent', contact_id = %(contact_id)s, second = to_timestamp(%(second)s), sent_at = %(now)s,
    readdressed = readdressed OR (state = 'sent' AND contact_id IS DISTINCT FROM %(contact_id)s)
WHERE id = %(id)s AND state IN ('planned', 'sent')
RETURNING id, installation, subject, resource_type, resource_id, milestone_key, name,
    extract(epoch FROM second)::bigint AS second, metadata, contact_id, state, readdressed;

-- settle_intent --
-- What became of it, and of its milestone in the ledger.
WITH settled AS (
    UPDATE intent SET state = %(state)s, settled_at = %(now)s WHERE id = %(id)s
    RETURNING installation, resource_type, resource_id, milestone_key
)
UPDATE ledger SET milestones = ledger.milestones || jsonb_build_object(milestone_key, %(milestone)s::text)
FROM settled
WHERE ledger.installation = settled.installation AND ledger.resource_type = settled.resource_type
    AND ledger.resource_id = settled.resource_id;

-- refuse_intent --
-- Intercom will not have it; its milestone stays planned until a person decides.
UPDATE intent SET state = 'refused' WHERE id = %(id)s AND state IN ('planned', 'sent');

-- replan_refused --
-- A person wants what was refused sent after all.
UPDATE intent SET state = 'planned', contact_id = NULL
WHERE installation = %(installation)s AND subject = ANY(%(subjects)s::text[]) AND state = 'refused'
    AND settled_at IS NULL;

-- refused_intents --
-- What Intercom would not have of this subject.
SELECT id FROM intent WHERE installation = %(installation)s AND subject = %(subject)s AND state = 'refused' AND settled_at IS NULL;
