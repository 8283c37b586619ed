import { useCallback, useEffect, useRef, useState } from "react";
import type { RunId } from "@/lib/contract/ids";
import type { LogAppend } from "@/lib/contract/socket";
import { api } from "./api";
import { appendLog, emptyLog, type LogLines, type LogPiece, prependLog } from "./log-lines";
import { call } from "./request";
import { getSocket } from "./socket";

const TAIL_BYTES = 262_144;

export type RunLog = {
  log: LogLines | null;
  error: unknown;
  /** Text before the held window is being fetched. */
  loadingEarlier: boolean;
  loadEarlier: () => void;
  /** Back to the newest line, also when the window had moved away from it. */
  loadNewest: () => void;
};

/** The worker's output: its end at once, what is written as it comes, what was before on request. */
export function useRunLog(runId: RunId): RunLog {
  const [log, setLog] = useState<LogLines | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [loadingEarlier, setLoadingEarlier] = useState(false);
  const held = useRef<LogLines | null>(null);
  const subscribe = useRef(() => {});
  const keep = useCallback((next: LogLines) => {
    held.current = next;
    setLog(next);
  }, []);

  const loadNewest = useCallback(async () => {
    try {
      const tail = await call(api.getLog, { runId, limit: TAIL_BYTES });
      keep(fromTail(tail));
      // What was written while the tail was on its way may have been passed over as lying behind a gap.
      subscribe.current();
      setError(null);
    } catch (cause) {
      setError(cause);
    }
  }, [runId, keep]);

  const loadEarlier = useCallback(async () => {
    const now = held.current;
    if (now === null || now.from === 0) return;
    setLoadingEarlier(true);
    try {
      const from = Math.max(0, now.from - TAIL_BYTES);
      const piece = await call(api.getLog, { runId, from, limit: now.from - from });
      if (held.current !== null) keep(prependLog(held.current, piece));
    } catch (cause) {
      setError(cause);
    } finally {
      setLoadingEarlier(false);
    }
  }, [runId, keep]);

  useEffect(() => {
    let ended = false;
    let stop: (() => void) | null = null;
    let pending: LogPiece[] = [];
    const take = (append: LogAppend) => {
      if (ended || append.runId !== runId) return;
      if (pending.push(append) === 1) requestAnimationFrame(flush);
    };
    const flush = () => {
      let next = held.current;
      for (const piece of pending) {
        // Behind a gap: the person has scrolled far back, and the newest lines were let go.
        const added = next === null ? null : appendLog(next, piece);
        if (added !== null) next = added;
      }
      pending = [];
      if (!ended && next !== null && next !== held.current) keep(next);
    };
    loadNewest().then(async () => {
      const socket = await getSocket();
      if (ended) return;
      const begin = () => socket.emit("log:subscribe", { runId, from: held.current?.to ?? 0 }, take);
      subscribe.current = () => void (socket.connected && begin());
      socket.on("log:append", take);
      socket.on("connect", begin);
      subscribe.current();
      stop = () => {
        subscribe.current = () => {};
        socket.off("log:append", take);
        socket.off("connect", begin);
        if (socket.connected) socket.emit("log:unsubscribe", { runId });
      };
    });
    return () => {
      ended = true;
      stop?.();
    };
  }, [runId, keep, loadNewest]);

  return { log, error, loadingEarlier, loadEarlier, loadNewest };
}

/** A tail that does not begin the file begins somewhere in a line: that half is left out. */
function fromTail(tail: LogPiece): LogLines {
  const cut = tail.from === 0 ? 0 : tail.text.indexOf("\n") + 1;
  const skipped = new TextEncoder().encode(tail.text.slice(0, cut)).length;
  const from = tail.from + skipped;
  return appendLog(emptyLog(from), { from, to: tail.to, text: tail.text.slice(cut) }) ?? emptyLog(tail.to);
}
