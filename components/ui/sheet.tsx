"use client";
import { lazy, Suspense, useState } from "react";
import type { SheetProps } from "./sheet-layer";

const Layer = lazy(() => import("./sheet-layer").then((module) => ({ default: module.SheetLayer })));

/** Its code comes with the first opening; it stays from then on, so that it can leave as it came. */
export function Sheet(props: SheetProps) {
  const [wanted, setWanted] = useState(props.open);
  if (props.open && !wanted) setWanted(true);
  return wanted ? (
    <Suspense>
      <Layer {...props} />
    </Suspense>
  ) : null;
}
