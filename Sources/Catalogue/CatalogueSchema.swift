import GRDB

/// The catalogue's tables; `docs/catalogue.md` describes them.
enum CatalogueSchema {
    /// What the file's header says of whose it is: `PCAT`.
    static let application: Int32 = 0x5043_4154

    /// What a whole catalogue has.
    static let tables: Set<String> = ["counter", "runs", "recordings", "peers", "logins", "removals"]

    /// The steps from an empty file to the newest layout; one that was published is never changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: first)
            // A catalogue that is made anew goes on with numbers that the last one cannot have reached.
            try database.execute(
                sql:
                    "INSERT INTO counter VALUES (1, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))"
            )
            try database.execute(sql: "PRAGMA application_id = \(application)")
        }
        migrator.registerMigration("2") { database in
            // No record of before has either.
            try database.execute(sql: "ALTER TABLE runs ADD COLUMN label TEXT")
            try database.execute(sql: "ALTER TABLE runs ADD COLUMN tags TEXT")
        }
        return migrator
    }

    private static let first = """
        CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);

        CREATE TABLE runs (
            id TEXT PRIMARY KEY NOT NULL,
            change INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            planned TEXT NOT NULL,
            started TEXT,
            ended TEXT,
            image TEXT,
            image_digest TEXT,
            architecture TEXT,
            memory_bytes INTEGER,
            engine TEXT,
            trigger TEXT,
            origin_kind TEXT,
            origin_name TEXT,
            origin_number INTEGER,
            attempt INTEGER,
            seed TEXT,
            ending TEXT,
            warnings INTEGER NOT NULL,
            marks TEXT,
            connections INTEGER,
            recordings INTEGER NOT NULL,
            verified INTEGER NOT NULL,
            bytes INTEGER,
            peers INTEGER,
            record_changed INTEGER NOT NULL,
            record_bytes INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX runs_change ON runs (change);
        CREATE INDEX runs_planned ON runs (planned);
        CREATE INDEX runs_state ON runs (state, planned);
        CREATE INDEX runs_image ON runs (image, planned);
        CREATE INDEX runs_origin ON runs (origin_kind, origin_name, origin_number, planned);

        CREATE TABLE recordings (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            structure TEXT NOT NULL,
            problem TEXT,
            started TEXT,
            ended TEXT,
            instructions INTEGER,
            entries INTEGER,
            snapshot_bytes INTEGER,
            snapshot_sha256 TEXT,
            log_bytes INTEGER,
            log_sha256 TEXT,
            salvaged_from TEXT,
            verdict TEXT,
            verified TEXT,
            replay_seconds REAL,
            replay_problem TEXT,
            PRIMARY KEY (run, name)
        ) WITHOUT ROWID;

        CREATE TABLE peers (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            address TEXT NOT NULL,
            port INTEGER NOT NULL,
            guest_port INTEGER NOT NULL,
            transport TEXT NOT NULL,
            from_guest INTEGER NOT NULL,
            first TEXT NOT NULL,
            last TEXT NOT NULL,
            received_bytes INTEGER NOT NULL,
            sent_bytes INTEGER NOT NULL,
            banner TEXT,
            PRIMARY KEY (run, number)
        ) WITHOUT ROWID;
        CREATE INDEX peers_address ON peers (address, run);

        CREATE TABLE logins (
            run TEXT NOT NULL,
            peer INTEGER NOT NULL,
            user TEXT NOT NULL,
            PRIMARY KEY (run, peer, user),
            FOREIGN KEY (run, peer) REFERENCES peers (run, number) ON DELETE CASCADE
        ) WITHOUT ROWID;
        CREATE INDEX logins_user ON logins (user);

        CREATE TABLE removals (id TEXT PRIMARY KEY NOT NULL, change INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX removals_change ON removals (change);
        """
}
