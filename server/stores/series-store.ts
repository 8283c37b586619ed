import { open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { TaskEvent } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import type { MetricColumns, SeriesWindow } from "../../lib/contract/series";
import { cutLines, inOrder, MAX_LINE_BYTES, parseEventLines } from "./event-line";
import { hasCode, type RunDirs } from "./run-dir";
import { appendEvent, emptySeries, readMetrics, rowsAfter, type Series, type SeriesQuery } from "./series";

/** About 3 ms of parsing, so that nobody waits for a long log. */
const SLICE_BYTES = 64 * 1024;
const MAX_ROWS_IN_MEMORY = 2_000_000;

/** Curves of all runs. A cache over the event logs: it holds exactly what the recorder has committed. */
export type SeriesStore = {
  window(runId: RunId, query: SeriesQuery): Promise<SeriesWindow>;
  /** Rows after `seq`; null where a snapshot is cheaper or needed. `seq` is the last event contained. */
  after(runId: RunId, seq: number, maxRows: number): Promise<{ seq: number; columns: MetricColumns } | null>;
  /** Called by the recorder right after its commit. */
  append(runId: RunId, events: readonly TaskEvent[]): void;
  forget(runId: RunId): void;
};

type Entry = { series: Series; ready: boolean; loading: Promise<Series> };
type Options = { runDirs: RunDirs; committedOffset(id: RunId): number; isLive(id: RunId): boolean };

export function createSeriesStore(options: Options): SeriesStore {
  // In the order of last use: the first is the first to go.
  const entries = new Map<RunId, Entry>();

  const get = (runId: RunId): Promise<Series> => {
    const entry = entries.get(runId) ?? startLoading(runId);
    entries.delete(runId);
    entries.set(runId, entry);
    return entry.loading;
  };

  const startLoading = (runId: RunId): Entry => {
    const series = emptySeries();
    const entry: Entry = { series, ready: false, loading: Promise.resolve(series) };
    entry.loading = load(runId, entry, options).then(
      () => {
        evict(entries, options);
        return series;
      },
      (error: unknown) => {
        entries.delete(runId);
        throw error;
      },
    );
    return entry;
  };

  return {
    async window(runId, query) {
      const series = await get(runId);
      for (;;) {
        const window = await readSlowly(runId, series, query);
        if (window !== null) return window;
      }
    },
    async after(runId, seq, maxRows) {
      const series = await get(runId);
      const columns = seq > series.seq ? null : rowsAfter(series, seq, maxRows);
      return columns === null ? null : { seq: series.seq, columns };
    },
    append(runId, events) {
      const entry = entries.get(runId);
      // While it is being read, the reader goes on to the committed offset, which contains these.
      if (entry?.ready) for (const event of events) appendEvent(entry.series, event);
    },
    forget: (runId) => void entries.delete(runId),
  };
}

/** With pauses for others; null when a rewind took points away meanwhile. */
async function readSlowly(runId: RunId, series: Series, query: SeriesQuery): Promise<SeriesWindow | null> {
  const { seq, rewoundAt } = series;
  const window: SeriesWindow = { runId, seq, series: {} };
  for (const piece of readMetrics(series, query)) {
    if (piece !== null) window.series[piece[0]] = piece[1];
    else await setImmediate();
    if (series.rewoundAt !== rewoundAt) return null;
  }
  return window;
}

/** Reads the log up to what is committed, in slices, so that sockets and requests go on meanwhile. */
async function load(runId: RunId, entry: Entry, { runDirs, committedOffset }: Options): Promise<void> {
  const file = await open(runDirs.paths(runId).events, "r").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  try {
    let offset = 0;
    let skipping = false;
    let sliceBytes = SLICE_BYTES;
    for (let left = committedOffset(runId); file !== null && left > offset; left = committedOffset(runId)) {
      const length = Math.min(sliceBytes, left - offset);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
      const piece = cutLines(buffer.subarray(0, bytesRead), skipping);
      // At its end, what is committed ends with a line; anything else was taken back by the disk.
      if (bytesRead === 0 || (piece.taken === 0 && length < sliceBytes)) break;
      skipping = piece.skipping;
      offset += piece.taken;
      sliceBytes = piece.taken === 0 ? Math.min(sliceBytes * 2, MAX_LINE_BYTES) : SLICE_BYTES;
      for (const event of inOrder(parseEventLines(piece.lines).events, entry.series.seq)) appendEvent(entry.series, event);
    }
    // No await between the last look at the offset and here: the next commit finds the entry ready.
    entry.ready = true;
  } finally {
    await file?.close();
  }
}

function evict(entries: Map<RunId, Entry>, { isLive }: Options): void {
  let rows = [...entries.values()].reduce((sum, entry) => sum + entry.series.rowSeq.length, 0);
  for (const [runId, entry] of entries) {
    if (rows <= MAX_ROWS_IN_MEMORY) return;
    if (!entry.ready || isLive(runId)) continue;
    entries.delete(runId);
    rows -= entry.series.rowSeq.length;
  }
}
