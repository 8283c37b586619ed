"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { RowsProps } from "./rows";

const AROUND = 12;

/** Follows the page as it scrolls. */
export function SeenRows({ count, rowPx, gapPx = 0, children }: RowsProps) {
  const [topPx, setTopPx] = useState(0);
  const list = useRef<HTMLElement | null>(null);
  // Where the list begins on the page; what stands above it may wrap.
  useLayoutEffect(() => {
    if (list.current !== null) setTopPx(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
  });
  const rows = useWindowVirtualizer({ count, estimateSize: () => rowPx, gap: gapPx, overscan: AROUND, scrollMargin: topPx });
  const { measureElement } = rows;
  const measure = useCallback(
    (row: HTMLElement | null) => {
      if (row?.parentElement) list.current = row.parentElement;
      measureElement(row);
    },
    [measureElement],
  );
  const seen = rows.getVirtualItems();
  const first = seen[0];
  const last = seen.at(-1);
  return children({
    first: first?.index ?? 0,
    end: (last?.index ?? -1) + 1,
    beforePx: first ? first.start - topPx : 0,
    afterPx: last ? rows.getTotalSize() - (last.end - topPx) : 0,
    measure,
  });
}
