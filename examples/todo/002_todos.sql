CREATE TABLE todos (
    id INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX todos_by_owner ON todos (owner);
