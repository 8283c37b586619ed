import { describe, expect, test } from "vitest";
import type { MetricValue } from "../contract/event";
import { RunId } from "../contract/ids";
import type { MetricColumns, SeriesWindow } from "../contract/series";
import { createSeriesStore } from "./series-store";

const runId = RunId.parse("run_0123456789ab");
const rows = (points: [seq: number, step: number, loss: MetricValue | null, evalLoss?: MetricValue][]): MetricColumns => ({
  seq: points.map((p) => p[0]),
  step: points.map((p) => p[1]),
  t: points.map((p) => p[0] * 1000),
  tokens: points.map((p) => p[1] * 64),
  epoch: points.map(() => 0),
  values: { loss: points.map((p) => p[2]), ...(points.some((p) => p[3] !== undefined) && { eval_loss: points.map((p) => p[3] ?? null) }) },
});
const snapshot = (seq: number, losses: number[]): SeriesWindow => ({
  runId,
  seq,
  series: {
    loss: {
      bucket: 1,
      step: losses.map((_, i) => i + 1),
      t: losses.map((_, i) => i * 1000),
      tokens: losses.map((_, i) => i * 64),
      mean: losses,
      min: losses,
      max: losses,
      nonFinite: [],
      total: losses.length,
    },
  },
});

function makeStore() {
  const frames: (() => void)[] = [];
  const store = createSeriesStore((callback) => frames.push(callback));
  const losses = () => {
    const curve = store.curve("loss");
    return curve === undefined ? [] : [...curve.mean.subarray(0, curve.length)];
  };
  const runFrame = () => {
    for (const callback of frames.splice(0)) callback();
  };
  return { store, losses, runFrame, frames };
}

describe("the series store", () => {
  test("takes a snapshot and the rows after it", () => {
    const { store, losses } = makeStore();
    store.applySnapshot(snapshot(10, [3, 2]));
    expect(
      store.applyBatch({
        fromSeq: 10,
        seq: 12,
        columns: rows([
          [11, 3, 1.5],
          [12, 4, 1.2],
        ]),
        rewinds: [],
      }),
    ).toBe("applied");
    expect(losses()).toEqual([3, 2, 1.5, 1.2]);
    expect(store.seq()).toBe(12);
  });

  test("the same batch twice changes nothing", () => {
    const { store, losses } = makeStore();
    store.applySnapshot(snapshot(10, [3]));
    const batch = { fromSeq: 10, seq: 11, columns: rows([[11, 2, 2]]), rewinds: [] };
    store.applyBatch(batch);
    expect(store.applyBatch(batch)).toBe("nothing new");
    expect(losses()).toEqual([3, 2]);
  });

  test("a batch that overlaps adds only its new rows", () => {
    const { store, losses } = makeStore();
    store.applySnapshot(snapshot(10, [3]));
    store.applyBatch({ fromSeq: 10, seq: 11, columns: rows([[11, 2, 2]]), rewinds: [] });
    store.applyBatch({
      fromSeq: 9,
      seq: 12,
      columns: rows([
        [10, 1, 3],
        [11, 2, 2],
        [12, 3, 1],
      ]),
      rewinds: [],
    });
    expect(losses()).toEqual([3, 2, 1]);
  });

  test("a batch behind a gap is refused whole", () => {
    const { store, losses } = makeStore();
    store.applySnapshot(snapshot(10, [3]));
    expect(store.applyBatch({ fromSeq: 12, seq: 13, columns: rows([[13, 4, 1]]), rewinds: [] })).toBe("gap");
    expect(losses()).toEqual([3]);
    expect(store.seq()).toBe(10);
  });

  test("a rewind cuts what came before it and keeps what came after", () => {
    const { store, losses } = makeStore();
    store.applySnapshot(snapshot(10, [9, 8, 7, 6]));
    store.applyBatch({
      fromSeq: 10,
      seq: 13,
      columns: rows([
        [11, 5, 5],
        [13, 3, 0.7],
      ]),
      rewinds: [{ seq: 12, toStep: 2 }],
    });
    expect(losses()).toEqual([9, 8, 0.7]);
  });

  test("a rewind seen before is not carried out again", () => {
    const { store, losses } = makeStore();
    store.applySnapshot(snapshot(20, [9, 8, 7]));
    store.applyBatch({ fromSeq: 11, seq: 21, columns: rows([[21, 4, 6]]), rewinds: [{ seq: 12, toStep: 1 }] });
    expect(losses()).toEqual([9, 8, 7, 6]);
  });

  test("a snapshot after a restart replaces everything, even with a lower seq", () => {
    const { store, losses } = makeStore();
    store.applySnapshot(snapshot(50, [3, 2, 1]));
    store.applySnapshot(snapshot(40, [4]));
    expect(losses()).toEqual([4]);
    expect(store.seq()).toBe(40);
  });

  test("a metric that appears later gets its own curve, and the names change once", () => {
    const { store } = makeStore();
    store.applySnapshot(snapshot(10, [3]));
    const before = store.names();
    store.applyBatch({ fromSeq: 10, seq: 11, columns: rows([[11, 2, 2]]), rewinds: [] });
    expect(store.names()).toBe(before);
    store.applyBatch({ fromSeq: 11, seq: 12, columns: rows([[12, 2, null, 1.9]]), rewinds: [] });
    expect(store.names()).toEqual(["loss", "eval_loss"]);
    expect(store.curve("eval_loss")?.length).toBe(1);
    expect(store.curve("loss")?.length).toBe(2);
  });

  test("values that are not finite are kept as marks", () => {
    const { store } = makeStore();
    store.applySnapshot(snapshot(10, [3]));
    store.applyBatch({ fromSeq: 10, seq: 11, columns: rows([[11, 2, "nan"]]), rewinds: [] });
    expect(store.curve("loss")?.nonFinite).toEqual([{ step: 2, value: "nan" }]);
  });

  test("many batches in one frame call a listener once", () => {
    const { store, runFrame } = makeStore();
    let calls = 0;
    const stop = store.subscribe(() => calls++);
    store.applySnapshot(snapshot(10, [3]));
    for (let seq = 11; seq < 30; seq++) store.applyBatch({ fromSeq: seq - 1, seq, columns: rows([[seq, seq, 1]]), rewinds: [] });
    runFrame();
    expect(calls).toBe(1);
    stop();
    store.applySnapshot(snapshot(10, [3]));
    runFrame();
    expect(calls).toBe(1);
  });

  test("a batch that changes only the run's row draws nothing", () => {
    const { store, frames, runFrame } = makeStore();
    store.applySnapshot(snapshot(10, [3]));
    runFrame();
    store.applyBatch({ fromSeq: 10, seq: 11, columns: null, rewinds: [] });
    expect(frames).toEqual([]);
    expect(store.seq()).toBe(11);
  });
});
