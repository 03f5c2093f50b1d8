-- Times are milliseconds since 1970 in UTC. What is written here is never changed but for how it went.

CREATE TABLE changes (
    -- Never given twice, also when the last entry is gone.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    -- A word that no other change has, of this journal or another: dummy manifests are made with it.
    word TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(8)))),
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    -- NULL until the run ends: who holds its lock then tells whether it runs or was interrupted.
    outcome TEXT CHECK (outcome IN ('done', 'partial', 'failed', 'cancelled')),
    undoes INTEGER REFERENCES changes,
    undone_by INTEGER REFERENCES changes
) STRICT;

CREATE TABLE steps (
    change INTEGER NOT NULL REFERENCES changes,
    -- In the plan, from 0.
    place INTEGER NOT NULL,
    connection TEXT NOT NULL,
    repository TEXT NOT NULL,
    tag TEXT,
    -- The step as the plan had it, in JSON.
    step TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'begun', 'done', 'failed', 'skipped')),
    -- 1: a run before the last may have sent it, which a later end without a write does not tell.
    unsure INTEGER NOT NULL DEFAULT 0,
    begun_at INTEGER,
    ended_at INTEGER,
    code TEXT,
    message TEXT,
    hint TEXT,
    PRIMARY KEY (change, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_by_repository ON steps (connection, repository, tag, change);

CREATE TABLE parties (
    change INTEGER NOT NULL REFERENCES changes,
    connection TEXT NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    -- Of the login; never its secret.
    user TEXT,
    PRIMARY KEY (change, connection)
) STRICT, WITHOUT ROWID;

CREATE TABLE manifests (
    digest TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE change_manifests (
    change INTEGER NOT NULL REFERENCES changes,
    digest TEXT NOT NULL REFERENCES manifests,
    media_type TEXT NOT NULL,
    PRIMARY KEY (change, digest)
) STRICT, WITHOUT ROWID;
