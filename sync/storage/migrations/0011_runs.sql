-- A run is one job of a subject from its beginning to its end. One runs at a time, as far as anybody can know: a worker
-- that was given up for dead may only have been slow. `run` is the newest; whoever finds another one there gives way.
-- `doubted_at`: a request may still have been on its way when nobody waited for it any more, so what the contact holds
-- is to be looked at once it must have arrived; with it, which fields and tags that request may have been about.

ALTER TABLE subject
    ADD COLUMN run bigint NOT NULL DEFAULT 0,
    ADD COLUMN is_running boolean NOT NULL DEFAULT false,
    ADD COLUMN doubted_at timestamptz,
    ADD COLUMN doubted_fields jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN doubted_tags jsonb NOT NULL DEFAULT '[]';

CREATE INDEX subject_doubted ON subject (doubted_at) WHERE doubted_at IS NOT NULL;

-- Intercom's own fields of a contact that were about to be sent: `UNSURE` in a fingerprint.
CREATE FUNCTION unsure_fields(fingerprint jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(key), '[]') FROM jsonb_each_text(fingerprint) WHERE value = chr(26) AND key LIKE '@%'
$$;
