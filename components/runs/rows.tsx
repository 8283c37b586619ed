"use client";
import { lazy, type ReactNode, type RefCallback, Suspense } from "react";

/** The rows to draw, and the room that the others take. `measure` belongs on each row, with its number as `data-index`. */
export type RowRange = { first: number; end: number; beforePx: number; afterPx: number; measure?: RefCallback<HTMLElement> };
export type RowsProps = { count: number; rowPx: number; gapPx?: number; children: (range: RowRange) => ReactNode };

const MANY = 100;
// Its code comes with the first long list.
const SeenRows = lazy(() => import("./seen-rows").then((module) => ({ default: module.SeenRows })));

/** Short lists are drawn whole; of long ones only what is seen is in the page. */
export function Rows(props: RowsProps) {
  if (props.count <= MANY) return props.children(firstRows(props.count));
  return (
    <Suspense fallback={props.children(firstRows(MANY))}>
      <SeenRows {...props} />
    </Suspense>
  );
}

const firstRows = (count: number): RowRange => ({ first: 0, end: count, beforePx: 0, afterPx: 0 });
