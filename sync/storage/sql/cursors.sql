-- load_cursor --
-- How far a source has read; locked, so that one process at a time moves it.
SELECT position FROM cursor WHERE installation = %(installation)s AND name = %(name)s FOR UPDATE;

-- save_cursor --
-- In the transaction that stores the hints it stands for.
INSERT INTO cursor AS known (installation, name, position)
VALUES (%(installation)s, %(name)s, %(position)s)
ON CONFLICT (installation, name) DO UPDATE SET position = excluded.position, updated_at = now();
