import { chmodSync, closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import Database from "libsql";
import SideConnection from "libsql/promise";
import { AppError } from "../errors";
import { hasCode } from "./run-dir";
import { nameDatasetsOfRuns } from "./upgrade-train-spec";
import { widenDatasets } from "./widen-datasets";

export type Db = {
  /** All changes of `work` or none; nothing else is written in between. On the disk when it returns. */
  transact<T>(work: () => T): T;
  /** The same without waiting for the disk: a power failure may take it back. For what can be read again from its source. */
  transactLater<T>(work: () => T): T;
  /** Gives the reserve away, for `transactLater` on a full disk; true when there was one. */
  makeRoom(): boolean;
  get(sql: string, ...values: SqlValue[]): SqlRow | null;
  all(sql: string, ...values: SqlValue[]): SqlRow[];
  /** Number of changed rows. */
  run(sql: string, ...values: SqlValue[]): number;
  close(): void;
};
export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** SQLite in WAL mode; synchronous: about 0.2 ms a commit that waits for the disk, and 0.03 ms one that does not. */
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
  const reserve = createReserve(`${path}.reserve`);
  const backfill = createBackfill(database, path, reserve.fill);
  let open = false;
  /** A change that matters takes the reserve when the disk is full: deleting something must work then, above all. */
  const withReserve = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!hasCode(error, "SQLITE_FULL") || !reserve.release()) throw error;
      return work();
    }
  };
  const attempt = <T>(work: () => T): T => {
    open = true;
    try {
      database.exec("BEGIN IMMEDIATE");
      const result = work();
      database.exec("COMMIT");
      backfill.committed();
      return result;
    } catch (error) {
      // On a full disk SQLite has rolled back by itself, and the library's own way would hide that error behind another.
      if (database.inTransaction) database.exec("ROLLBACK");
      throw error;
    } finally {
      open = false;
    }
  };
  const db: Db = {
    // A transaction inside a transaction is part of the outer one.
    transact: (work) => (open ? work() : withReserve(() => attempt(work))),
    transactLater(work) {
      if (open) return work();
      database.exec("PRAGMA synchronous = NORMAL");
      try {
        return attempt(work);
      } finally {
        database.exec("PRAGMA synchronous = FULL");
      }
    },
    makeRoom: reserve.release,
    get: (sql, ...values) => asRow(prepare(sql).get(...values)) ?? null,
    all: (sql, ...values) => asRows(prepare(sql).all(...values)),
    run(sql, ...values) {
      const change = (): number => prepare(sql).run(...values).changes;
      return open ? change() : withReserve(change);
    },
    close() {
      backfill.close();
      // A prepared statement would go on reading after the end.
      statements.clear();
      database.close();
    },
  };
  migrate(db, database, path);
  return db;
}

const RESERVED_BYTES = 512 * 1024;

/** Room kept on the disk, so that a run which a full disk ended can still be written down as such. */
function createReserve(path: string): { fill(): void; release(): boolean } {
  let held = false;
  const reserve = {
    fill(): void {
      if (held) return;
      try {
        writeFileSync(path, Buffer.alloc(RESERVED_BYTES), { mode: 0o600 });
        held = true;
      } catch (error) {
        // No room for a reserve: what it is for is told when it is missed.
        rmSync(path, { force: true });
        if (!["ENOSPC", "EDQUOT"].some((code) => hasCode(error, code))) throw error;
      }
    },
    /** True when there is room now that was not there before. */
    release(): boolean {
      const had = held;
      held = false;
      rmSync(path, { force: true });
      return had;
    },
  };
  reserve.fill();
  return reserve;
}

const BACKFILL_COMMITS = 300;

/** Moves what was committed from the side file into the database on another thread: it waits for the disk, and nobody waits for it. */
function createBackfill(database: Database.Database, path: string, onDone: () => void): { committed(): void; close(): void } {
  const side = new SideConnection(path, {});
  let commits = 0;
  let busy = false;
  database.pragma("wal_autocheckpoint = 0");
  const run = async (): Promise<void> => {
    busy = true;
    commits = 0;
    try {
      await side.exec("PRAGMA wal_checkpoint(PASSIVE)");
      onDone();
    } catch {
      // It can't be done beside us (a full disk, most often): SQLite does it itself again, as it does by default.
      if (database.open) database.pragma("wal_autocheckpoint = 1000");
    } finally {
      busy = false;
    }
    runWhenDue();
  };
  const runWhenDue = (): void => {
    if (commits >= BACKFILL_COMMITS && !busy && database.open) void run();
  };
  return {
    committed() {
      commits += 1;
      runWhenDue();
    },
    close: () => side.close(),
  };
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
  nameDatasetsOfRuns,
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
