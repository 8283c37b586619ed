import { type RefObject, useEffect, useRef } from "react";
import type { RunId } from "@/lib/contract/ids";
import { smoothCurve } from "@/lib/domain/series";
import { seriesStoreOf } from "./series-store";

export type LastValue = {
  runId: RunId;
  name: string;
  weight: number;
  /** Stands there until the curve has a point. */
  fallback: number | null;
  format: (value: number) => string;
};

/**
 * For an empty element: the last value of a curve, smoothed as its chart shows it. It is written into the page without a
 * render, for points arrive twenty times a second; React must have no child of its own in there.
 */
export function useLastValue({ runId, name, weight, fallback, format }: LastValue): RefObject<HTMLSpanElement | null> {
  const node = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const store = seriesStoreOf(runId);
    const write = () => {
      const curve = store.curve(name);
      const last = curve === undefined ? undefined : smoothCurve(curve, weight).findLast(Number.isFinite);
      const value = last ?? fallback;
      if (node.current !== null) node.current.textContent = value === null ? "–" : format(value);
    };
    write();
    return store.subscribe(write);
  }, [runId, name, weight, fallback, format]);
  return node;
}
