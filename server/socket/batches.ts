import type { TaskEvent } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import type { Run } from "../../lib/contract/run";
import type { BusEvents } from "../bus";
import { toColumns } from "../stores/series";
import type { SlowClients } from "./slow";
import { type Io, runRoom, SLOW } from "./types";

/** One frame of a screen: sooner than that nobody sees it. */
const BATCH_MS = 16;
const ROW_MS = 250;

type Pending = {
  fromSeq: number;
  seq: number;
  events: TaskEvent[];
  run: Run;
  rowWaits: boolean;
  sentAt: number;
  rowSentAt: number;
  rowSent: Run | null;
  timer: NodeJS.Timeout | null;
  timerAt: number;
};

/** First news after a silence goes out at once; what follows within a frame goes together. The row itself at most four times a second. */
export function createBatches(io: Io, slow: SlowClients) {
  const all = new Map<RunId, Pending>();

  const of = (run: Run, fromSeq: number): Pending => {
    const known = all.get(run.id);
    if (known) return known;
    const made: Pending = { ...unsent, fromSeq, seq: fromSeq, events: [], run };
    all.set(run.id, made);
    return made;
  };

  const schedule = (pending: Pending): void => {
    const now = performance.now();
    const due = Math.min(eventsDue(pending), rowDue(pending));
    // A row may wait much longer than points: the timer is the sooner of the two.
    if (due > now && pending.timer !== null && pending.timerAt <= due) return;
    if (pending.timer !== null) clearTimeout(pending.timer);
    if (due <= now) flush(pending);
    else Object.assign(pending, { timer: setTimeout(() => flush(pending), due - now), timerAt: due });
  };

  const flush = (pending: Pending): void => {
    if (pending.timer !== null) clearTimeout(pending.timer);
    const now = performance.now();
    const { run, events, fromSeq, seq } = pending;
    const withRow = rowDue(pending) <= now;
    const room = runRoom(run.id);
    slow.look(room);
    if (io.of("/").adapter.rooms.has(room)) {
      const rewinds = events.flatMap((event) => (event.type === "rewind" ? [{ seq: event.seq, toStep: event.toStep }] : []));
      io.to(room)
        .except(SLOW)
        .emit("run:batch", { runId: run.id, fromSeq, seq, run: withRow ? run : null, columns: toColumns(events), rewinds });
    }
    Object.assign(pending, { fromSeq: seq, events: [], timer: null });
    if (seq > fromSeq) pending.sentAt = now;
    if (withRow) Object.assign(pending, { rowWaits: false, rowSentAt: now, rowSent: run });
    if (pending.rowWaits) schedule(pending);
    else if (run.endedAt !== null) all.delete(run.id);
  };

  return {
    addEvents({ run, fromSeq, seq, events }: BusEvents["events"]): void {
      const pending = of(run, fromSeq);
      pending.events.push(...events);
      Object.assign(pending, { seq, run, rowWaits: true });
      schedule(pending);
    },
    addRun(run: Run): void {
      const pending = of(run, run.seq);
      Object.assign(pending, { run, rowWaits: true });
      // News that people wait for does not wait for the clock.
      if (pending.rowSent?.status !== run.status) flush(pending);
      else schedule(pending);
    },
    close(): void {
      for (const { timer } of all.values()) if (timer !== null) clearTimeout(timer);
      all.clear();
    },
  };
}

const unsent = { rowWaits: false, sentAt: 0, rowSentAt: 0, rowSent: null, timer: null, timerAt: 0 };

const eventsDue = ({ seq, fromSeq, sentAt }: Pending): number => (seq > fromSeq ? sentAt + BATCH_MS : Number.POSITIVE_INFINITY);

function rowDue({ rowWaits, run, rowSent, rowSentAt }: Pending): number {
  if (!rowWaits) return Number.POSITIVE_INFINITY;
  return rowSent?.status === run.status ? rowSentAt + ROW_MS : 0;
}
