-- use --
-- It is used now, if it never was.
INSERT INTO once (digest, expires_at) VALUES (%(digest)s, %(expires)s) ON CONFLICT (digest) DO NOTHING;
