-- tables --
-- Everything that is kept by installation, whatever it is called.
SELECT DISTINCT columns.table_name FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = current_schema() AND column_name = 'installation' AND table_type = 'BASE TABLE'
ORDER BY 1;

-- hold --
-- Nobody takes up the work again while something of it goes.
SELECT state FROM installed WHERE id = %(id)s AND state <> 'connected' FOR UPDATE;

-- long_gone --
-- Who uninstalled the app so long ago that they will hardly come back.
SELECT id FROM installed WHERE state = 'uninstalled' AND uninstalled_at < %(before)s ORDER BY id;

-- remains --
-- What has another name for the installation.
WITH spent AS (DELETE FROM allowance WHERE workspace = %(id)s)
DELETE FROM installation WHERE id = %(id)s;

-- row --
-- That it ever was.
DELETE FROM installed WHERE id = %(id)s AND state = 'uninstalled';
