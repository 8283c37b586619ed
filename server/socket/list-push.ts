import type { RunId } from "../../lib/contract/ids";
import type { Run } from "../../lib/contract/run";
import { type Io, SLOW } from "./types";

const LIST_MS = 250;

/** Changed rows for the lists of all pages: at once after a silence, then at most four times a second. */
export function createListPush(io: Io) {
  const waiting = new Map<RunId, Run>();
  let sentAt = 0;
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    timer = null;
    sentAt = performance.now();
    io.except(SLOW).emit("runs:changed", { upserts: [...waiting.values()], removed: [] });
    waiting.clear();
  };

  return {
    upsert(run: Run): void {
      waiting.set(run.id, run);
      const waitMs = sentAt + LIST_MS - performance.now();
      if (waitMs <= 0 && timer === null) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    remove(runId: RunId): void {
      waiting.delete(runId);
      io.except(SLOW).emit("runs:changed", { upserts: [], removed: [runId] });
    },
    close(): void {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
