-- lock_conversation --
-- One of them, for whoever looks at it; nobody else changes it until the commit.
SELECT conversation_id AS id, contact_id, subject, order_id, open, pins, said, numbers, held, fingerprint, tags_added,
    tags_unsure, read_version
FROM conversation_link WHERE installation = %(installation)s AND conversation_id = %(id)s FOR UPDATE;

-- note_conversation --
-- What it says and whose it is. What it was told stays; `doubts` of it are to be told again.
INSERT INTO conversation_link AS known
    (installation, conversation_id, contact_id, open, pins, said, numbers, held, read_version)
VALUES (%(installation)s, %(id)s, %(contact_id)s, true, %(pins)s, %(said)s, %(numbers)s, %(held)s, %(read_version)s)
ON CONFLICT (installation, conversation_id) DO UPDATE SET
    contact_id = excluded.contact_id, open = true, pins = excluded.pins, said = excluded.said,
    numbers = excluded.numbers, held = excluded.held,
    read_version = coalesce(excluded.read_version, known.read_version),
    fingerprint = known.fingerprint || %(doubts)s, noted_at = now();

-- close_conversations --
-- They are left alone until they are open again. In key order.
UPDATE conversation_link SET open = false, noted_at = now()
WHERE installation = %(installation)s AND conversation_id IN (
    SELECT conversation_id FROM conversation_link
    WHERE installation = %(installation)s AND conversation_id = ANY(%(ids)s::text[]) AND open
    ORDER BY conversation_id FOR UPDATE
);

-- drop_conversation --
-- Intercom has it no more.
DELETE FROM conversation_link WHERE installation = %(installation)s AND conversation_id = %(id)s;

-- read_versions --
-- Which of these are known as open, and as of when they were read.
SELECT conversation_id, CASE WHEN open THEN read_version END FROM conversation_link
WHERE installation = %(installation)s AND conversation_id = ANY(%(ids)s::text[]);

-- open_of_contact --
-- The open conversations of a contact, the newest first; locked, for they are about to be told something.
SELECT conversation_id AS id, contact_id, subject, order_id, open, pins, said, numbers, held, fingerprint, tags_added,
    tags_unsure, read_version
FROM conversation_link
WHERE installation = %(installation)s AND contact_id = %(contact_id)s AND open
ORDER BY conversation_id DESC LIMIT %(most)s FOR UPDATE;

-- save_told --
-- What it is told by us, and whose order it is about.
UPDATE conversation_link SET subject = %(subject)s, order_id = %(order_id)s, fingerprint = %(fingerprint)s,
    tags_added = %(tags)s, tags_unsure = %(unsure)s
WHERE installation = %(installation)s AND conversation_id = %(id)s;

-- subjects_of_order --
-- Whose open conversations are about an order, or name it.
SELECT DISTINCT subject FROM conversation_link
WHERE installation = %(installation)s AND open AND subject IS NOT NULL
    AND (order_id = %(order_id)s OR numbers ? %(number)s::text)
ORDER BY 1;

-- told_by_subjects --
-- All conversations that were told something of these subjects, closed ones among them.
SELECT conversation_id AS id, contact_id, subject, order_id, open, pins, said, numbers, held, fingerprint, tags_added,
    tags_unsure, read_version
FROM conversation_link WHERE installation = %(installation)s AND subject = ANY(%(keys)s::text[])
ORDER BY conversation_id;

-- move_conversations --
-- The contact went into another one, and its conversations with it.
UPDATE conversation_link SET contact_id = %(into)s
WHERE installation = %(installation)s AND contact_id = %(contact_id)s;

-- hold_alone --
-- Held until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0));
