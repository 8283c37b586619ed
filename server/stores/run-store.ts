import { setImmediate } from "node:timers/promises";
import type { RunId } from "../../lib/contract/ids";
import type { JobKind } from "../../lib/contract/job-spec";
import type { Run, RunStatus } from "../../lib/contract/run";
import { completeSpec } from "../../lib/domain/complete-spec";
import { canMove } from "../../lib/domain/run-status";
import { datasetIdsOf } from "../../lib/domain/train-data";
import type { Clock } from "../clock";
import { AppError } from "../errors";
import type { Db, SqlRow } from "./db";

export type Outcome = "succeeded" | "stopped";
export type Move = { at: number; from: RunStatus; to: RunStatus; attempt: number };

/** Rows of all tasks: trainings, chats, exports and work on data. Every change is one transaction that starts from the row as it is. */
export type RunStore = {
  insert(run: Run, requestId?: string): void;
  find(id: RunId): Run | null;
  getOrThrow(id: RunId): Run;
  findByRequest(requestId: string): Run | null;
  /** Newest first. */
  list(query: { kind: JobKind; limit: number }): Run[];
  /** The same a page at a time: whoever lists thousands lets others go on in between. */
  listPages(query: { kind: JobKind; limit: number }): AsyncGenerator<Run[]>;
  /** And as JSON texts, as they are kept. */
  listJson(query: { kind: JobKind; limit: number }): AsyncGenerator<string[]>;
  /** In the order in which they were queued. */
  withStatus(...statuses: RunStatus[]): Run[];
  /** How many trainings of any status name this model or data set, for training or for validation. */
  countUsing(field: "modelId" | "datasetId", id: string): number;
  /** Compare and set: null when the row is no longer in one of `from`. */
  move(id: RunId, from: readonly RunStatus[], to: RunStatus, change?: (run: Run) => Run): Run | null;
  /** A change that leaves the status alone; null when the run is gone. */
  change(id: RunId, change: (run: Run) => Run): Run | null;
  /** What the log says: the row and how far the log is read, together. */
  record(id: RunId, logOffset: number, outcome: Outcome | null, change: (run: Run) => Run): Run | null;
  /** Before the last `record` of a run that a full disk has ended; true when there is room now that was not there before. */
  makeRoom(): boolean;
  logOffset(id: RunId): number;
  /** The `finished` event of this attempt, if it was read. */
  outcome(id: RunId): Outcome | null;
  moves(id: RunId): Move[];
  remove(id: RunId): boolean;
};

export function createRunStore(db: Db, clock: Clock): RunStore {
  const read = (id: RunId): SqlRow | null => db.get("SELECT * FROM run WHERE id = ?", id);
  const find = (id: RunId): Run | null => {
    const row = read(id);
    return row === null ? null : toRun(db, row);
  };
  async function* pages({ kind, limit }: { kind: JobKind; limit: number }): AsyncGenerator<SqlRow[]> {
    let after: SqlRow | undefined;
    for (let left = limit; left > 0; left -= PAGE_ROWS) {
      const rows = db.all(LIST_PAGE, kind, after?.created_at ?? Number.MAX_VALUE, after?.rowid ?? 0, Math.min(left, PAGE_ROWS));
      after = rows.at(-1);
      if (after === undefined) return;
      yield rows;
      if (rows.length < PAGE_ROWS) return;
      await setImmediate();
    }
  }
  const write = (run: Run): Run => {
    db.run("UPDATE run SET status = ?, json = ? WHERE id = ?", run.status, toJson(run), run.id);
    // Only the place in the queue depends on other rows.
    return run.status === "queued" ? (find(run.id) ?? run) : { ...run, queuePosition: null };
  };

  return {
    insert(run, requestId) {
      const queuedAt = run.status === "queued" ? clock.now() : null;
      db.transact(() => {
        db.run(
          "INSERT INTO run (id, kind, status, created_at, queued_at, request_id, json) VALUES (?, ?, ?, ?, ?, ?, ?)",
          run.id,
          run.spec.kind,
          run.status,
          run.createdAt,
          queuedAt,
          requestId ?? null,
          toJson(run),
        );
        for (const id of run.spec.kind === "train" ? datasetIdsOf(run.spec.data) : [])
          db.run("INSERT INTO run_dataset (run_id, dataset_id) VALUES (?, ?)", run.id, id);
      });
    },
    find,
    getOrThrow(id) {
      const run = find(id);
      if (run === null) throw new AppError("run_not_found", `There is no run ${id}.`, { params: { runId: id } });
      return run;
    },
    findByRequest(requestId) {
      const row = db.get("SELECT * FROM run WHERE request_id = ?", requestId);
      return row === null ? null : toRun(db, row);
    },
    list: ({ kind, limit }) =>
      db
        .all("SELECT kind, queued_at, json FROM run WHERE kind = ? ORDER BY created_at DESC, rowid DESC LIMIT ?", kind, limit)
        .map((row) => toRun(db, row)),
    async *listPages(query) {
      for await (const rows of pages(query)) yield rows.map((row) => toRun(db, row));
    },
    async *listJson(query) {
      // Only a waiting run is not told by its text alone.
      for await (const rows of pages(query))
        yield rows.map((row) => (row.status === "queued" ? JSON.stringify(toRun(db, row)) : String(row.json)));
    },
    withStatus: (...statuses) =>
      db
        .all(`SELECT * FROM run WHERE status IN (${statuses.map(() => "?").join(", ")}) ORDER BY queued_at, rowid`, ...statuses)
        .map((row) => toRun(db, row)),
    countUsing: (field, id) => Number(db.get(countingUse[field], id)?.n ?? 0),
    move: (id, from, to, change = (run) => run) =>
      db.transact(() => {
        const run = find(id);
        if (run === null || !from.includes(run.status) || !canMove(run.status, to)) return null;
        const now = clock.now();
        db.run(
          "INSERT INTO run_move (run_id, at, from_status, to_status, attempt) VALUES (?, ?, ?, ?, ?)",
          id,
          now,
          run.status,
          to,
          run.attempt,
        );
        if (to === "queued") db.run("UPDATE run SET queued_at = ?, outcome = NULL WHERE id = ?", now, id);
        return write({ ...change(run), status: to });
      }),
    change: (id, change) =>
      db.transact(() => {
        const run = find(id);
        return run === null ? null : write({ ...change(run), status: run.status });
      }),
    record: (id, logOffset, outcome, change) =>
      // Lost with the power, it is read again from the log: row and offset go together.
      db.transactLater(() => {
        const run = find(id);
        if (run === null) return null;
        db.run("UPDATE run SET log_offset = ?, outcome = coalesce(?, outcome) WHERE id = ?", logOffset, outcome, id);
        return write({ ...change(run), status: run.status });
      }),
    makeRoom: db.makeRoom,
    logOffset: (id) => Number(read(id)?.log_offset ?? 0),
    outcome: (id) => asOutcome(read(id)?.outcome),
    moves: (id) => db.all("SELECT * FROM run_move WHERE run_id = ? ORDER BY at, rowid", id).map(toMove),
    remove: (id) => db.run("DELETE FROM run WHERE id = ?", id) === 1,
  };
}

const PAGE_ROWS = 50;
const LIST_PAGE = `SELECT rowid, kind, status, created_at, queued_at, json FROM run
  WHERE kind = ? AND (created_at, rowid) < (?, ?) ORDER BY created_at DESC, rowid DESC LIMIT ?`;

function toRun(db: Db, row: SqlRow): Run {
  const run = asRun(JSON.parse(String(row.json)));
  if (run.status !== "queued") return run;
  const ahead = db.get(
    "SELECT count(*) AS n FROM run WHERE status = 'queued' AND kind = ? AND (queued_at, rowid) < (?, (SELECT rowid FROM run WHERE id = ?))",
    row.kind ?? "",
    row.queued_at ?? 0,
    run.id,
  );
  return { ...run, queuePosition: Number(ahead?.n ?? 0) + 1 };
}

/** `modelId` word for word as in the index of db.ts, or SQLite reads every row. */
const countingUse = {
  modelId: "SELECT count(*) AS n FROM run WHERE json_extract(json, '$.spec.modelId') = ? AND kind = 'train'",
  datasetId: "SELECT count(*) AS n FROM run_dataset WHERE dataset_id = ?",
};

/** The place in the queue depends on other rows: it is counted when the row is read. */
const toJson = (run: Run): string => JSON.stringify({ ...run, queuePosition: null });

// Only this store writes the columns read here, from values of these types.
const asRun = (json: unknown): Run => completed(json as Run);
const completed = (run: Run): Run => (run.spec.kind === "train" ? { ...run, spec: completeSpec(run.spec) } : run);
const asOutcome = (value: unknown): Outcome | null => (value === "succeeded" || value === "stopped" ? value : null);
const toMove = (row: SqlRow): Move => ({
  at: Number(row.at),
  from: row.from_status as RunStatus,
  to: row.to_status as RunStatus,
  attempt: Number(row.attempt),
});
