-- Digests that a tag, a list or a referrer let go of: what nothing needs any more is collected from these after a sync.
CREATE TABLE dropped (digest INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER tags_let_go AFTER UPDATE OF digest ON tags
WHEN old.digest IS NOT NULL AND old.digest IS NOT new.digest BEGIN
    INSERT OR IGNORE INTO dropped VALUES (old.digest);
END;
CREATE TRIGGER tags_drop AFTER DELETE ON tags WHEN old.digest IS NOT NULL BEGIN
    INSERT OR IGNORE INTO dropped VALUES (old.digest);
END;
CREATE TRIGGER versions_drop AFTER DELETE ON versions BEGIN
    INSERT OR IGNORE INTO dropped VALUES (old.digest);
END;
CREATE TRIGGER listed_manifests_drop AFTER DELETE ON listed_manifests BEGIN
    INSERT OR IGNORE INTO dropped VALUES (old.digest);
END;
CREATE TRIGGER referrers_drop AFTER DELETE ON referrers BEGIN
    INSERT OR IGNORE INTO dropped VALUES (old.digest);
END;

-- Who needs a digest is asked for one digest at a time.
CREATE INDEX referrers_by_digest ON referrers (digest);
CREATE INDEX listed_manifests_by_digest ON listed_manifests (digest);
CREATE INDEX tag_moves_by_from ON tag_moves (from_digest) WHERE from_digest IS NOT NULL;

-- Manifests by their config, which many may share; the same rows stand in `manifest_blobs` by manifest.
CREATE TABLE manifest_configs (
    config INTEGER NOT NULL,
    manifest INTEGER NOT NULL,
    PRIMARY KEY (config, manifest)
) STRICT, WITHOUT ROWID;
INSERT INTO manifest_configs SELECT blob, manifest FROM manifest_blobs JOIN configs ON configs.digest = blob;

-- What was left behind before anybody noted it.
INSERT INTO dropped SELECT DISTINCT digest FROM versions
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.digest = versions.digest AND tags.repository = versions.repository);

-- How large the file was when the index was last swept whole.
ALTER TABLE counts ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;

-- Repositories in pages.
CREATE INDEX repositories_listed ON repositories (connection, gone_at, name);
