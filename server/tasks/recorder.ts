import type { TaskEvent } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import { applyEvent } from "../../lib/domain/apply-event";
import { inOrder, parseEventLines } from "../stores/event-line";
import type { Outcome } from "../stores/run-store";
import type { TaskParts } from "./parts";

/** Lines of a log become the row, the curves and the news, exactly once: row and offset are one transaction, and events carry numbers. */
export function recordLines({ runs, series, bus, log }: TaskParts, runId: RunId, lines: readonly string[], logOffset: number): void {
  const before = runs.find(runId);
  if (before === null) return;
  const { events: parsed, unrecognised } = parseEventLines(lines);
  for (const name of new Set(unrecognised)) log.warn("events.unrecognised", { runId, name });
  const events = inOrder(parsed, before.seq);
  const recorded = runs.record(runId, logOffset, outcomeOf(events), (run) => events.reduce(applyEvent, run));
  if (recorded === null || events.length === 0) return;
  // The worker's first word is the proof that it runs.
  const opened = events.some((event) => event.type === "opened");
  const run = (opened ? runs.move(runId, ["starting"], "running") : null) ?? recorded;
  series.append(runId, events);
  bus.emit("events", { runId, fromSeq: before.seq, seq: run.seq, events, run });
  bus.emit("run", { run });
}

const outcomeOf = (events: readonly TaskEvent[]): Outcome | null => {
  const finished = events.findLast((event) => event.type === "finished");
  return finished?.type === "finished" ? finished.outcome : null;
};
