import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { DatasetReport, DatasetRow } from "../lib/contract/dataset";
import { CompleteMark, ControlLine, ExitRecord, PidRecord, TaskEvent } from "../lib/contract/event";
import { EnvironmentReport } from "../lib/contract/system";
import { WorkerSpec } from "../lib/contract/worker-spec";

/** Writes trainer/schema from the contract; with --check it only tells whether the files are stale. */
const schemas = { WorkerSpec, TaskEvent, ControlLine, ExitRecord, PidRecord, CompleteMark, DatasetRow, DatasetReport, EnvironmentReport };
const folder = join(import.meta.dirname, "..", "trainer", "schema");
const checkOnly = process.argv.includes("--check");

mkdirSync(folder, { recursive: true });
const stale = Object.entries(schemas).filter(([name, schema]) => {
  const file = join(folder, `${name}.json`);
  const text = `${JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2)}\n`;
  if (read(file) === text) return false;
  if (!checkOnly) writeFileSync(file, text);
  return true;
});

if (checkOnly && stale.length > 0) {
  console.error(`trainer/schema is stale: ${stale.map(([name]) => name).join(", ")}. Run: npm run schema`);
  process.exit(1);
}
console.log(checkOnly ? "trainer/schema is up to date" : `trainer/schema: ${stale.length} of ${Object.keys(schemas).length} written`);

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null; // not there yet: stale
  }
}
