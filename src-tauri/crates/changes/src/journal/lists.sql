-- What lists show of a change, so that no list has to read all its steps.

ALTER TABLE changes ADD COLUMN policy TEXT;
-- What the version was called that a tag was moved to.
ALTER TABLE changes ADD COLUMN version TEXT;
ALTER TABLE changes ADD COLUMN computer TEXT;
ALTER TABLE changes ADD COLUMN program TEXT;
-- The first tags that its steps name, in JSON.
ALTER TABLE changes ADD COLUMN first_tags TEXT NOT NULL DEFAULT '[]';

ALTER TABLE steps ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
-- How many it names, without those of signatures and fallback lists.
ALTER TABLE steps ADD COLUMN tags INTEGER NOT NULL DEFAULT 0;
-- 1: it deletes a manifest.
ALTER TABLE steps ADD COLUMN deletes INTEGER NOT NULL DEFAULT 0;

-- Every repository and tag that a change names, a line each, to be searched.
CREATE TABLE change_names (
    change INTEGER PRIMARY KEY REFERENCES changes,
    names TEXT NOT NULL
) STRICT;

UPDATE steps SET
    bytes = coalesce(json_extract(step, '$.bytes'), 0),
    deletes = json_extract(step, '$.action') = 'delete-manifest',
    tags = (SELECT count(*) FROM json_each(step, '$.tags')
        WHERE value NOT GLOB 'sha256-*' AND value NOT GLOB 'sha512-*');

UPDATE changes SET first_tags = (
    SELECT json_group_array(name) FROM (
        SELECT tag.value AS name FROM steps, json_each(steps.step, '$.tags') AS tag
        WHERE steps.change = changes.id AND steps.tags > 0
        AND tag.value NOT GLOB 'sha256-*' AND tag.value NOT GLOB 'sha512-*'
        ORDER BY place, tag.key LIMIT 4));

INSERT INTO change_names (change, names)
    SELECT change, group_concat(name, char(10)) FROM (
        SELECT change, repository AS name FROM steps
        UNION SELECT change, tag.value FROM steps, json_each(steps.step, '$.tags') AS tag)
    GROUP BY change;

-- Holds all that a list counts.
CREATE INDEX steps_in_lists ON steps (change, connection, repository, state, tags, deletes, bytes);
CREATE INDEX changes_without_end ON changes (id) WHERE outcome IS NULL AND undone_by IS NULL;
