"use client";
import { lazy, Suspense, useState } from "react";
import type { DialogProps } from "./dialog-layer";

const Layer = lazy(() => import("./dialog-layer").then((module) => ({ default: module.DialogLayer })));

/** Its code comes with the first opening; it stays from then on, so that it can leave as it came. */
export function Dialog(props: DialogProps) {
  const [wanted, setWanted] = useState(props.open);
  if (props.open && !wanted) setWanted(true);
  return wanted ? (
    <Suspense>
      <Layer {...props} />
    </Suspense>
  ) : null;
}
