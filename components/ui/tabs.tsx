"use client";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { Badge } from "./badge";
import { cn } from "./cn";

export type TabsProps<V extends string> = {
  value: V;
  onValueChange: (value: V) => void;
  items: readonly { value: V; label: ReactNode; badge?: ReactNode }[];
  className?: string;
  "aria-label"?: string;
};

/** The list only; the page shows what belongs to `value`. */
export function Tabs<V extends string>({ value, onValueChange, items, className, ...aria }: TabsProps<V>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = (items.findIndex((item) => item.value === value) + step + items.length) % items.length;
    const next = items[index];
    if (!next) return;
    onValueChange(next.value);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  return (
    <div
      ref={list}
      role="tablist"
      onKeyDown={move}
      className={cn("flex gap-5 overflow-x-auto border-line border-b [scrollbar-width:none]", className)}
      {...aria}
    >
      {items.map((item) => (
        <button
          key={item.value}
          type="button"
          role="tab"
          aria-selected={item.value === value}
          tabIndex={item.value === value ? 0 : -1}
          onClick={() => onValueChange(item.value)}
          className="flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 pt-0.5 text-muted text-sm transition-colors hover:text-strong focus-visible:outline-offset-[-2px] aria-selected:border-iris aria-selected:font-medium aria-selected:text-strong pointer-coarse:h-11"
        >
          {item.label}
          {item.badge !== undefined && item.badge !== null && <Badge>{item.badge}</Badge>}
        </button>
      ))}
    </div>
  );
}
