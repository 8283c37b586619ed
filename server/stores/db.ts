import { chmodSync, closeSync, openSync } from "node:fs";
import Database from "libsql";
import { AppError } from "../errors";
import { widenDatasets } from "./widen-datasets";

export type Db = {
  /** All changes of `work` or none; nothing else is written in between. */
  transact<T>(work: () => T): T;
  get(sql: string, ...values: SqlValue[]): SqlRow | null;
  all(sql: string, ...values: SqlValue[]): SqlRow[];
  /** Number of changed rows. */
  run(sql: string, ...values: SqlValue[]): number;
  close(): void;
};
export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** SQLite in WAL mode; a commit is on the disk when it returns. Synchronous: about 0.15 ms a commit. */
export function openDb(path: string): Db {
  // SQLite gives its side files the mode of the first: a home that others may enter still keeps this to itself.
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  const database = new Database(path);
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"]) database.pragma(pragma);
  const statements = new Map<string, Database.Statement<SqlValue[]>>();
  const prepare = (sql: string): Database.Statement<SqlValue[]> => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare<SqlValue[]>(sql);
    statements.set(sql, statement);
    return statement;
  };
  let open = false;
  const db: Db = {
    transact(work) {
      // A transaction inside a transaction is part of the outer one.
      if (open) return work();
      open = true;
      try {
        database.exec("BEGIN IMMEDIATE");
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        // On a full disk SQLite has rolled back by itself, and the library's own way would hide that error behind another.
        if (database.inTransaction) database.exec("ROLLBACK");
        throw error;
      } finally {
        open = false;
      }
    },
    get: (sql, ...values) => asRow(prepare(sql).get(...values)) ?? null,
    all: (sql, ...values) => asRows(prepare(sql).all(...values)),
    run: (sql, ...values) => prepare(sql).run(...values).changes,
    close: () => void database.close(),
  };
  migrate(db, database, path);
  return db;
}

/** Each entry is applied once, in order; entries are added, never changed. */
const migrations: (string | ((db: Db) => void))[] = [
  `CREATE TABLE run (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL CHECK (kind IN ('train', 'chat', 'export')),
     status TEXT NOT NULL,
     created_at REAL NOT NULL,
     queued_at REAL,
     request_id TEXT UNIQUE,
     log_offset INTEGER NOT NULL DEFAULT 0,
     outcome TEXT CHECK (outcome IN ('succeeded', 'stopped')),
     json TEXT NOT NULL
   );
   CREATE INDEX run_by_kind ON run (kind, created_at DESC);
   CREATE INDEX run_by_status ON run (status, queued_at);
   CREATE TABLE run_move (
     run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
     at REAL NOT NULL,
     from_status TEXT NOT NULL,
     to_status TEXT NOT NULL,
     attempt INTEGER NOT NULL
   );
   CREATE INDEX run_move_by_run ON run_move (run_id, at);
   CREATE TABLE model (id TEXT PRIMARY KEY, created_at REAL NOT NULL, json TEXT NOT NULL);
   CREATE TABLE dataset (id TEXT PRIMARY KEY, created_at REAL NOT NULL, json TEXT NOT NULL);`,
  `CREATE INDEX run_by_model ON run (json_extract(json, '$.spec.modelId'));
   CREATE INDEX run_by_dataset ON run (json_extract(json, '$.spec.datasetId'));`,
  // SQLite can't drop a CHECK. Moves go aside first: dropping `run` would take them along. Kinds are checked by the contract from here on.
  `CREATE TABLE run_move_aside AS SELECT * FROM run_move ORDER BY rowid;
   DROP TABLE run_move;
   CREATE TABLE run_wide (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     status TEXT NOT NULL,
     created_at REAL NOT NULL,
     queued_at REAL,
     request_id TEXT UNIQUE,
     log_offset INTEGER NOT NULL DEFAULT 0,
     outcome TEXT CHECK (outcome IN ('succeeded', 'stopped')),
     json TEXT NOT NULL
   );
   INSERT INTO run_wide (rowid, id, kind, status, created_at, queued_at, request_id, log_offset, outcome, json)
     SELECT rowid, id, kind, status, created_at, queued_at, request_id, log_offset, outcome, json FROM run;
   DROP TABLE run;
   ALTER TABLE run_wide RENAME TO run;
   CREATE INDEX run_by_kind ON run (kind, created_at DESC);
   CREATE INDEX run_by_status ON run (status, queued_at);
   CREATE INDEX run_by_model ON run (json_extract(json, '$.spec.modelId'));
   CREATE INDEX run_by_dataset ON run (json_extract(json, '$.spec.datasetId'));
   CREATE TABLE run_move (
     run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
     at REAL NOT NULL,
     from_status TEXT NOT NULL,
     to_status TEXT NOT NULL,
     attempt INTEGER NOT NULL
   );
   INSERT INTO run_move SELECT * FROM run_move_aside ORDER BY rowid;
   DROP TABLE run_move_aside;
   CREATE INDEX run_move_by_run ON run_move (run_id, at);`,
  widenDatasets,
];

function migrate(db: Db, database: Database.Database, path: string): void {
  const version = Number(db.get("PRAGMA user_version")?.user_version ?? 0);
  if (version > migrations.length) {
    throw new AppError("internal", `${path} was written by a newer Tuneboard (version ${version}). Use that version, or another home.`);
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    db.transact(() => {
      if (typeof step === "string") database.exec(step);
      else step(db);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

// SQLite gives plain objects of numbers, text and null for the columns that the tables above declare.
const asRow = (row: unknown): SqlRow | undefined => row as SqlRow | undefined;
const asRows = (rows: unknown[]): SqlRow[] => rows as SqlRow[];
