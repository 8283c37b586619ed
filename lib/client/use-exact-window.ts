import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RunId } from "@/lib/contract/ids";
import { type Curve, curveFromPoints, type XAxis, xOf } from "@/lib/domain/series";
import { api } from "./api";
import { call } from "./request";
import type { SeriesStore } from "./series-store";

type Source = Pick<SeriesStore, "curve" | "subscribe">;
type Window = { fromStep: number; toStep: number };
const POINTS = 4000;

/** What a zoomed chart draws: the held curves at once, and the exact ones as soon as the server has told them. */
export function useExactWindow({
  runId,
  store,
  zoom,
  axis,
  startedAt,
}: {
  runId: RunId;
  store: SeriesStore;
  zoom: { from: number; to: number } | null;
  axis: XAxis;
  startedAt: number;
}): Source {
  const window = useMemo(() => (zoom === null ? null : coarseWindow(store, zoom, axis, startedAt)), [store, zoom, axis, startedAt]);
  const exact = useQuery({
    queryKey: ["runs", "series", runId, window?.fromStep, window?.toStep],
    queryFn: ({ signal }) => call(api.getSeries, { runId, points: POINTS, fromStep: window?.fromStep, toStep: window?.toStep }, signal),
    enabled: window !== null,
    // Steps that were drawn as buckets lie in the past.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => {
    if (window === null || exact.data === undefined) return store;
    const curves = new Map<string, Curve>(Object.entries(exact.data.series).map(([name, points]) => [name, curveFromPoints(points)]));
    return { curve: (name: string) => curves.get(name) ?? store.curve(name), subscribe: store.subscribe };
  }, [store, window, exact.data]);
}

/** The steps of the window, where it lies in the part of the curves that is held as buckets; else null: what is held is exact. */
function coarseWindow(store: SeriesStore, zoom: { from: number; to: number }, axis: XAxis, startedAt: number): Window | null {
  for (const name of store.names()) {
    const curve = store.curve(name);
    if (curve === undefined || curve.headLength === 0) continue;
    const inside: number[] = [];
    for (let i = 0; i < curve.headLength; i++) {
      const x = xOf(curve, i, axis, startedAt);
      if (x >= zoom.from && x <= zoom.to) inside.push(i);
    }
    const [first, last] = [inside[0], inside.at(-1)];
    if (first === undefined || last === undefined || last >= curve.headLength - 1) return null;
    return { fromStep: curve.step[Math.max(0, first - 1)] ?? 0, toStep: curve.step[last + 1] ?? 0 };
  }
  return null;
}
