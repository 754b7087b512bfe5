-- Conversations of contacts, as far as they are told of an order. Closed ones stay, for an erasure has to find them.

-- `pins`: order numbers that other people wrote into attributes; `said`: those in messages, the newest first; `numbers`:
-- both, in the order in which they count. `held`: the attributes of the mapping's names as they were read. Only what
-- was told, `fingerprint` and tags, is of the subject's job; everything else is of whoever looks at the conversation.
-- `read_version`: Intercom's `updated_at` (unix seconds) when it was read whole.
CREATE TABLE conversation_link (
    installation text NOT NULL,
    conversation_id text NOT NULL,
    contact_id text NOT NULL,
    subject text,
    order_id text,
    open boolean NOT NULL DEFAULT true,
    pins jsonb NOT NULL DEFAULT '[]',
    said jsonb NOT NULL DEFAULT '[]',
    numbers jsonb NOT NULL DEFAULT '[]',
    held jsonb NOT NULL DEFAULT '{}',
    fingerprint jsonb NOT NULL DEFAULT '{}',
    tags_added jsonb NOT NULL DEFAULT '[]',
    tags_unsure jsonb NOT NULL DEFAULT '[]',
    read_version bigint,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (installation, conversation_id)
) WITH (fillfactor = 80);
CREATE INDEX conversation_contact ON conversation_link (installation, contact_id);
CREATE INDEX conversation_order ON conversation_link (installation, order_id) WHERE open AND order_id IS NOT NULL;
CREATE INDEX conversation_numbers ON conversation_link USING gin (numbers) WHERE open;
CREATE INDEX conversation_subject ON conversation_link (installation, subject) WHERE subject IS NOT NULL;
