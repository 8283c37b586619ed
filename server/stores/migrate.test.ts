import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { Dataset } from "../../lib/contract/dataset";
import { DatasetId, RunId } from "../../lib/contract/ids";
import { Run } from "../../lib/contract/run";
import { systemClock } from "../clock";
import { makeHome } from "../testing/make-server";
import { createDatasetStore } from "./dataset-store";
import { openDb } from "./db";
import oldRun from "./fixtures/run-with-one-data-set.json" with { type: "json" };
import { createRunDirs } from "./run-dir";
import { createRunStore } from "./run-store";

/** The tables as the first release made them, with two runs, their moves and a data set. */
const oldSchema = `
  PRAGMA foreign_keys = ON;
  CREATE TABLE run (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('train', 'chat', 'export')), status TEXT NOT NULL, created_at REAL NOT NULL,
    queued_at REAL, request_id TEXT UNIQUE, log_offset INTEGER NOT NULL DEFAULT 0,
    outcome TEXT CHECK (outcome IN ('succeeded', 'stopped')), json TEXT NOT NULL);
  CREATE INDEX run_by_kind ON run (kind, created_at DESC);
  CREATE INDEX run_by_status ON run (status, queued_at);
  CREATE TABLE run_move (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE, at REAL NOT NULL, from_status TEXT NOT NULL, to_status TEXT NOT NULL,
    attempt INTEGER NOT NULL);
  CREATE INDEX run_move_by_run ON run_move (run_id, at);
  CREATE TABLE model (id TEXT PRIMARY KEY, created_at REAL NOT NULL, json TEXT NOT NULL);
  CREATE TABLE dataset (id TEXT PRIMARY KEY, created_at REAL NOT NULL, json TEXT NOT NULL);
  CREATE INDEX run_by_model ON run (json_extract(json, '$.spec.modelId'));
  CREATE INDEX run_by_dataset ON run (json_extract(json, '$.spec.datasetId'));
  PRAGMA user_version = 2;`;

const first = RunId.parse("run_000000000001");
const second = RunId.parse("run_000000000002");
const datasetId = DatasetId.parse("ds_000000000001");
const runRow = (id: RunId, createdAt: number) =>
  JSON.stringify({ id, status: "succeeded", createdAt, spec: { kind: "train", datasetId }, attempt: 2 });
const oldReport = {
  format: "messages",
  formatReason: "Each row has messages.",
  fileType: "jsonl",
  rows: 3,
  usableRows: 2,
  bytes: 321,
  sha256: "0".repeat(64),
  columns: ["messages"],
  problemCounts: { missing: 1 },
  problems: [{ row: 1, line: 2, field: "content", value: "7", reason: "missing", message: "There is no text." }],
  characters: { median: 1, p95: 1, max: 1 },
  turns: { mean: 1, max: 1 },
};

function oldHome(): string {
  const home = makeHome();
  const db = new Database(join(home, "tuneboard.db"));
  db.exec(oldSchema);
  const insertRun = db.prepare(
    "INSERT INTO run (id, kind, status, created_at, queued_at, log_offset, outcome, json) VALUES (?, 'train', 'succeeded', ?, ?, 77, 'succeeded', ?)",
  );
  // The newer one first: order is by row number where times are equal.
  insertRun.run(second, 5, 5, runRow(second, 5));
  insertRun.run(first, 5, 5, runRow(first, 5));
  const insertMove = db.prepare("INSERT INTO run_move (run_id, at, from_status, to_status, attempt) VALUES (?, ?, ?, ?, 1)");
  insertMove.run(first, 1, "queued", "starting");
  insertMove.run(first, 1, "starting", "running");
  insertMove.run(second, 2, "queued", "starting");
  const dataset = { id: datasetId, name: "talk", source: "upload", fileName: "talk.jsonl", report: oldReport, createdAt: 4, usedByRuns: 0 };
  db.prepare("INSERT INTO dataset (id, created_at, json) VALUES (?, 4, ?)").run(datasetId, JSON.stringify(dataset));
  db.close();
  return home;
}

test("a database of the first release keeps its runs and their moves, and takes work on data", () => {
  const home = oldHome();
  const db = openDb(join(home, "tuneboard.db"));
  const runs = createRunStore(db, systemClock);
  expect(runs.list({ kind: "train", limit: 10 }).map(({ id }) => id)).toEqual([first, second]);
  expect(runs.moves(first).map(({ to }) => to)).toEqual(["starting", "running"]);
  expect(runs.moves(second)).toHaveLength(1);
  expect([runs.logOffset(first), runs.outcome(first)]).toEqual([77, "succeeded"]);
  expect(runs.countUsing("datasetId", datasetId)).toBe(2);
  db.run("INSERT INTO run (id, kind, status, created_at, json) VALUES ('run_data', 'data', 'queued', 1, '{}')");
  runs.remove(first);
  expect(runs.moves(first)).toEqual([]);
  expect(db.all("PRAGMA foreign_key_check")).toEqual([]);
  db.close();
  rmSync(home, { recursive: true });
});

test("a run of the time of one data set is read in today's shape, its row and its spec.json, and counts as a use of its set", () => {
  const home = oldHome();
  const { row, spec } = oldRun;
  const database = new Database(join(home, "tuneboard.db"));
  database
    .prepare("INSERT INTO run (id, kind, status, created_at, json) VALUES (?, 'train', ?, ?, ?)")
    .run(row.id, row.status, row.createdAt, JSON.stringify(row));
  database.close();
  const attempt = join(home, "runs", row.id, "a1");
  mkdirSync(attempt, { recursive: true });
  writeFileSync(join(attempt, "spec.json"), JSON.stringify(spec));
  const data = {
    sets: [{ datasetId: "ds_ye7bqn9fv6dx", weight: 1, maxRows: null }],
    mix: "concatenate",
    validation: { type: "fraction", fraction: 0.05, stratified: true },
  };

  const db = openDb(join(home, "tuneboard.db"));
  const runs = createRunStore(db, systemClock);
  const id = RunId.parse(row.id);
  expect(Run.parse(runs.getOrThrow(id)).spec).toMatchObject({ kind: "train", name: "First light", data });
  expect(runs.countUsing("datasetId", "ds_ye7bqn9fv6dx")).toBe(1);
  const read = createRunDirs(home).spec(id, 1);
  expect(read).toMatchObject({ specVersion: 2, job: { data }, inputs: { datasets: [spec.inputs.dataset], validation: [] } });
  // The worker of a run that waited over the update reads the file itself.
  expect(JSON.parse(readFileSync(join(attempt, "spec.json"), "utf8"))).toEqual(read);
  runs.remove(id);
  expect(runs.countUsing("datasetId", "ds_ye7bqn9fv6dx")).toBe(0);
  db.close();
  rmSync(home, { recursive: true });
});

test("a data set of the first release is its own first version, ready, with its one file", () => {
  const home = oldHome();
  openDb(join(home, "tuneboard.db")).close();
  // Opened twice: nothing is done twice.
  const db = openDb(join(home, "tuneboard.db"));
  const dataset = Dataset.parse(createDatasetStore(db, home).getOrThrow(datasetId));
  expect(dataset).toMatchObject({
    familyId: datasetId,
    version: 1,
    parentId: null,
    status: "ready",
    files: [{ name: "talk.jsonl", path: join(home, "datasets", datasetId, "original.jsonl"), managed: true, kind: "jsonl", bytes: 321 }],
    report: {
      usableRows: 2,
      reasons: [{ reason: "missing", rows: 1, severity: "drop", firstRow: 1 }],
      problems: [{ severity: "drop", row: 1 }],
    },
  });
  db.close();
  rmSync(home, { recursive: true });
});
