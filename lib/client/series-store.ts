import type { RunId } from "@/lib/contract/ids";
import type { MetricColumns, SeriesWindow } from "@/lib/contract/series";
import type { RunBatch } from "@/lib/contract/socket";
import { appendPoint, type Curve, curveFromPoints, dropAfterStep, emptyCurve } from "@/lib/domain/series";

export type SeriesBatch = Pick<RunBatch, "fromSeq" | "seq" | "columns" | "rewinds">;
/** gap: events are missing between what we hold and the batch; nothing was taken, subscribe again. */
export type BatchResult = "applied" | "nothing new" | "gap";
export type Schedule = (callback: () => void) => void;

export type SeriesStore = ReturnType<typeof createSeriesStore>;

/**
 * The curves of one run, outside React: points arrive up to twenty times a second and must cost no render.
 * Whoever draws subscribes, and is called at most once per animation frame.
 */
export function createSeriesStore(schedule: Schedule = onNextFrame) {
  let seq = -1;
  let curves = new Map<string, Curve>();
  let names: readonly string[] = [];
  let scheduled = false;
  const listeners = new Set<() => void>();

  const notify = () => {
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      for (const listener of [...listeners]) listener();
    });
  };

  const refreshNames = () => {
    if (curves.size !== names.length) names = [...curves.keys()];
  };

  return {
    seq: () => seq,
    curve: (name: string): Curve | undefined => curves.get(name),
    /** The same array until a metric appears, so that React may compare it by identity. */
    names: () => names,

    /** The server's word on everything up to `window.seq`: what was held before is forgotten. */
    applySnapshot(window: SeriesWindow): void {
      curves = new Map(Object.entries(window.series).map(([name, points]) => [name, curveFromPoints(points)]));
      names = [...curves.keys()];
      seq = window.seq;
      notify();
    },

    applyBatch(batch: SeriesBatch): BatchResult {
      if (batch.fromSeq > seq) return "gap";
      if (batch.seq <= seq) return "nothing new";
      const rewinds = batch.rewinds.filter((rewind) => rewind.seq > seq);
      applyRows({ curves, columns: batch.columns, rewinds, after: seq });
      seq = batch.seq;
      refreshNames();
      if (batch.columns !== null || rewinds.length > 0) notify();
      return "applied";
    },

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const stores = new Map<RunId, SeriesStore>();
const MAX_IDLE_STORES = 8;

/** One store a run, kept for the next visit; the oldest goes when there are many. */
export function seriesStoreOf(runId: RunId): SeriesStore {
  const known = stores.get(runId);
  if (known !== undefined) return known;
  const store = createSeriesStore();
  stores.set(runId, store);
  const oldest = stores.keys().next().value;
  if (stores.size > MAX_IDLE_STORES && oldest !== undefined) stores.delete(oldest);
  return store;
}

type Rows = { curves: Map<string, Curve>; columns: MetricColumns | null; rewinds: SeriesBatch["rewinds"]; after: number };

/** Rows and rewinds in the order of their events: a rewind cuts only what came before it. */
function applyRows({ curves, columns, rewinds, after }: Rows): void {
  const pending = [...rewinds].sort((a, b) => a.seq - b.seq);
  const rewindUpTo = (seq: number) => {
    while (pending[0] !== undefined && pending[0].seq <= seq) {
      const toStep = pending.shift()?.toStep ?? 0;
      for (const curve of curves.values()) dropAfterStep(curve, toStep);
    }
  };
  columns?.seq.forEach((rowSeq, row) => {
    if (rowSeq <= after) return;
    rewindUpTo(rowSeq);
    appendRow(curves, columns, row);
  });
  rewindUpTo(Number.POSITIVE_INFINITY);
}

function appendRow(curves: Map<string, Curve>, columns: MetricColumns, row: number): void {
  for (const [name, values] of Object.entries(columns.values)) {
    const value = values[row];
    if (value === null || value === undefined) continue;
    let curve = curves.get(name);
    if (curve === undefined) {
      curve = emptyCurve();
      curves.set(name, curve);
    }
    appendPoint(curve, { step: columns.step[row] ?? 0, t: columns.t[row] ?? 0, tokens: columns.tokens[row] ?? 0, value });
  }
}

function onNextFrame(callback: () => void): void {
  requestAnimationFrame(callback);
}
