"use client";
import { useSyncExternalStore } from "react";
import { Kbd } from "@/components/ui/kbd";

/** "g r" as two caps, "mod+k" as ⌘K or Ctrl K. */
export function KeyCaps({ keys }: { keys: string }) {
  const mac = useSyncExternalStore(
    noChange,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  );
  const caps = keys.startsWith("mod+")
    ? mac
      ? [`⌘${keys.slice(4).toUpperCase()}`]
      : ["Ctrl", keys.slice(4).toUpperCase()]
    : keys.split(" ");
  return (
    <span className="inline-flex gap-1">
      {caps.map((cap) => (
        <Kbd key={cap}>{capNames[cap] ?? cap}</Kbd>
      ))}
    </span>
  );
}

const capNames: Record<string, string> = { Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };
const noChange = () => () => {};
