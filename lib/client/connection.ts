import { useSyncExternalStore } from "react";

export type Connection = "connecting" | "live" | "reconnecting" | "offline";
let current: Connection = "connecting";
const listeners = new Set<() => void>();

export function setConnection(next: Connection): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

/** State of the socket, for the mark in the top line and for "what you see may be old". */
export const useConnection = (): Connection =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => "connecting",
  );

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
