"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";

const LINE_PX = 20;

export type LogViewProps = {
  lines: readonly string[];
  /** Number of the first line; falls when earlier lines are put in front, so that what is read stays where it is. */
  firstKey: number;
  follow: boolean;
  onLeaveEnd: () => void;
  onReachEnd: () => void;
  hasEarlier: boolean;
  loadingEarlier: boolean;
  onEarlier: () => void;
  mark: string;
};

/** Only the lines that are seen are in the page. */
export function LogView({ lines, firstKey, follow, onLeaveEnd, onReachEnd, hasEarlier, loadingEarlier, onEarlier, mark }: LogViewProps) {
  const t = useTranslations("run.log");
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => firstKey + index,
    overscan: 20,
  });

  // The browser clamps the position while the box shrinks; what was last seen is what must stay.
  const lastTop = useRef(0);
  const shownFirst = useRef(firstKey);
  useLayoutEffect(() => {
    const moved = shownFirst.current - firstKey;
    shownFirst.current = firstKey;
    if (box.current !== null && moved !== 0) box.current.scrollTop = lastTop.current + moved * LINE_PX;
  }, [firstKey]);

  useEffect(() => {
    if (follow && lines.length > 0 && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, lines]);

  // Only a person moves up: by wheel, finger, key or the bar itself.
  const onScroll = () => {
    if (box.current === null) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    const left = scrollHeight - scrollTop - clientHeight;
    const up = scrollTop < lastTop.current;
    lastTop.current = scrollTop;
    if (follow && up && left > 3 * LINE_PX) onLeaveEnd();
    if (!follow && !up && left <= LINE_PX) onReachEnd();
  };

  return (
    <section
      ref={box}
      onScroll={onScroll}
      aria-label={t("label")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="h-[min(68vh,900px)] min-h-80 overflow-auto bg-sunken font-mono text-xs"
    >
      {hasEarlier && (
        <div className="sticky left-0 flex justify-center py-1.5">
          <Button size="sm" variant="ghost" loading={loadingEarlier} onClick={onEarlier}>
            {t("earlier")}
          </Button>
        </div>
      )}
      <div className="relative min-w-max" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            className="absolute inset-x-0 top-0 whitespace-pre px-3 leading-5"
            style={{ height: LINE_PX, transform: `translateY(${row.start}px)` }}
          >
            <Marked text={lines[row.index] ?? ""} mark={mark} />
          </div>
        ))}
      </div>
    </section>
  );
}

function Marked({ text, mark }: { text: string; mark: string }) {
  const at = mark === "" ? -1 : text.toLowerCase().indexOf(mark);
  if (at < 0) return <>{text || " "}</>;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-sm bg-warning-soft text-strong">{text.slice(at, at + mark.length)}</mark>
      {text.slice(at + mark.length)}
    </>
  );
}
