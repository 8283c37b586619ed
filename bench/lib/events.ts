import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TaskEvent } from "../../lib/contract/event";

/** Whole lines of a run's event log, parsed by the contract. */
export function readEvents(home: string, runId: string): TaskEvent[] {
  const file = join(home, "runs", runId, "events.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => TaskEvent.parse(JSON.parse(line)));
}
