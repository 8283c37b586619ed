import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { RunId } from "@/lib/contract/ids";
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
        // upsertRuns keeps the newer of two looks at a run.
        onRun: (run) => upsertRuns(client, { upserts: [run], removed: [] }),
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
