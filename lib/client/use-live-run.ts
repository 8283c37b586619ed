import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { RunId } from "@/lib/contract/ids";
import type { Run } from "@/lib/contract/run";
import { followRun, type LiveState } from "./live";
import { upsertRuns } from "./live-lists";
import { seriesStoreOf } from "./series-store";
import { getSocket } from "./socket";

/** Mounted once, by the run's page: curves go into the run's series store, its row into the query cache. */
export function useLiveRun(runId: RunId): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>({ name: "connecting" });
  useEffect(() => {
    let stop: (() => void) | null = null;
    let ended = false;
    getSocket().then((socket) => {
      if (ended) return;
      const live = followRun({
        socket,
        runId,
        store: seriesStoreOf(runId),
        onRun: afterPaint((run) => upsertRuns(client, { upserts: [run], removed: [] })),
        onState: setState,
      });
      const follow = () => live.setPaused(document.hidden);
      document.addEventListener("visibilitychange", follow);
      follow();
      stop = () => {
        document.removeEventListener("visibilitychange", follow);
        live.stop();
      };
    });
    return () => {
      ended = true;
      stop?.();
    };
  }, [client, runId]);
  return state;
}

/** The curves are painted first, the words of the page follow: rendering them takes longer than drawing. The newest row is enough. */
function afterPaint(take: (run: Run) => void): (run: Run) => void {
  let newest: Run | null = null;
  const flush = () => {
    if (newest !== null) take(newest);
    newest = null;
  };
  return (run) => {
    if (newest === null) requestAnimationFrame(() => setTimeout(flush));
    newest = run;
  };
}
