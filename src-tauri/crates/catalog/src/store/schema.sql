-- Times are milliseconds since 1970 in UTC. Digests are interned: every table but `digests` holds their small ids.
-- Rows of `tags` and `versions` have ids of `repository << 32 | n`, so that a repository's rows lie side by side.

CREATE TABLE connections (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    synced_at INTEGER,
    problem TEXT,
    -- Whether the host has the referrers API, and when that was learned.
    referrers_api INTEGER,
    referrers_api_at INTEGER
) STRICT;

CREATE TABLE repositories (
    id INTEGER PRIMARY KEY,
    connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- Counts the batches that touched the repository; what is cached of it is kept by this number.
    revision INTEGER NOT NULL DEFAULT 0,
    tags INTEGER NOT NULL DEFAULT 0,
    versions INTEGER NOT NULL DEFAULT 0,
    stored INTEGER,
    updated_at INTEGER,
    synced_at INTEGER,
    partial_reason TEXT,
    problem TEXT,
    lists_manifests INTEGER NOT NULL DEFAULT 0,
    -- 1: rows changed since the repository was last read to its end; a sync that was killed leaves it so.
    stale INTEGER NOT NULL DEFAULT 0,
    gone_at INTEGER,
    UNIQUE (connection, name)
) STRICT;

CREATE TABLE digests (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE manifests (
    digest INTEGER PRIMARY KEY,
    media_type TEXT NOT NULL,
    subject INTEGER,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX manifests_by_subject ON manifests (subject) WHERE subject IS NOT NULL;

CREATE TABLE configs (
    digest INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE manifest_children (
    manifest INTEGER NOT NULL,
    child INTEGER NOT NULL,
    PRIMARY KEY (manifest, child)
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_children_by_child ON manifest_children (child);

CREATE TABLE manifest_blobs (
    manifest INTEGER NOT NULL,
    blob INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (manifest, blob)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    repository INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    digest INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER,
    size_counts TEXT NOT NULL,
    created_at INTEGER,
    pushed_at INTEGER,
    layer_count INTEGER NOT NULL,
    -- Packed by `packed.rs`: blobs and platforms; labels and metrics.
    content BLOB NOT NULL,
    words BLOB NOT NULL,
    signed INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    -- 0: something of it could not be read, and the next sync tries again.
    complete INTEGER NOT NULL,
    referrers_read_at INTEGER,
    UNIQUE (digest, repository)
) STRICT;
CREATE INDEX versions_by_repository ON versions (repository);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    repository INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- NULL: listed, not read yet.
    digest INTEGER,
    -- Names of signatures and fallback referrers (`sha256-…`): in no list, count or search.
    hidden INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    -- NULL: when the repository was last synced.
    last_seen INTEGER,
    pushed_at INTEGER,
    -- Of its version, so that a search ranks tags without looking at versions.
    created_at INTEGER,
    problem TEXT,
    UNIQUE (repository, name)
) STRICT;
CREATE INDEX tags_by_name ON tags (name) WHERE hidden = 0;
CREATE INDEX tags_by_digest ON tags (digest) WHERE digest IS NOT NULL;

CREATE TABLE tag_moves (
    id INTEGER PRIMARY KEY,
    repository INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    tag TEXT NOT NULL,
    from_digest INTEGER,
    to_digest INTEGER,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tag_moves_by_tag ON tag_moves (repository, tag);

CREATE TABLE referrers (
    repository INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    subject INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    artifact_type TEXT,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at INTEGER,
    annotations TEXT NOT NULL,
    -- 1: the referrers API named it; 0: found through a tag or a manifest's subject.
    from_api INTEGER NOT NULL,
    PRIMARY KEY (repository, subject, digest)
) STRICT, WITHOUT ROWID;

-- Every manifest of the repository, where the registry can list them.
CREATE TABLE listed_manifests (
    repository INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    digest INTEGER NOT NULL,
    PRIMARY KEY (repository, digest)
) STRICT, WITHOUT ROWID;

-- Labels and card fields, each pair once per repository, with the newest version that has it.
CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    repository INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    label TEXT NOT NULL,
    digest INTEGER NOT NULL,
    created_at INTEGER,
    UNIQUE (repository, label)
) STRICT;

-- Without positions: a word's trigrams narrow the rows down, and the row's text is compared.
CREATE VIRTUAL TABLE tag_search USING fts5 (
    name, content = '', tokenize = 'trigram', detail = none, columnsize = 0
);
CREATE VIRTUAL TABLE label_search USING fts5 (
    label, content = '', tokenize = 'trigram', detail = none, columnsize = 0
);

CREATE TRIGGER tags_appear AFTER INSERT ON tags WHEN new.hidden = 0 BEGIN
    INSERT INTO tag_search (rowid, name) VALUES (new.id, new.name);
END;
CREATE TRIGGER tags_vanish AFTER DELETE ON tags WHEN old.hidden = 0 BEGIN
    INSERT INTO tag_search (tag_search, rowid, name) VALUES ('delete', old.id, old.name);
END;
CREATE TRIGGER labels_appear AFTER INSERT ON labels BEGIN
    INSERT INTO label_search (rowid, label) VALUES (new.id, new.label);
END;
CREATE TRIGGER labels_vanish AFTER DELETE ON labels BEGIN
    INSERT INTO label_search (label_search, rowid, label) VALUES ('delete', old.id, old.label);
END;

-- One row: what would take a walk over large tables to count.
CREATE TABLE counts (manifests INTEGER NOT NULL) STRICT;
INSERT INTO counts VALUES (0);
