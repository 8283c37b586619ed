import type { RunId } from "../../../lib/contract/ids";

/** How each worker is used right now. Only this process streams answers, so only it needs to know. */
const uses = new Map<RunId, { answers: number; lastAt: number }>();

export const answersInProgress = (id: RunId): number => uses.get(id)?.answers ?? 0;
export const lastUsedAt = (id: RunId): number | null => uses.get(id)?.lastAt ?? null;

/** Marks the beginning of an answer; what it returns marks the end, however often it is called. */
export function beginAnswer(id: RunId, now: () => number): () => void {
  count(id, 1, now());
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    count(id, -1, now());
  };
}

const count = (id: RunId, by: number, now: number): void => void uses.set(id, { answers: answersInProgress(id) + by, lastAt: now });
