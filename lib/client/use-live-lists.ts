import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { applyDevices, upsertDatasets, upsertRuns } from "./live-lists";
import { getSocket, type LiveSocket } from "./socket";

/** Mounted once, by the shell: what the server pushes to everybody goes into the query cache. */
export function useLiveLists(): void {
  const client = useQueryClient();
  useEffect(() => {
    const listeners = {
      "runs:changed": (change: Parameters<typeof upsertRuns>[1]) => upsertRuns(client, change),
      "datasets:changed": (change: Parameters<typeof upsertDatasets>[1]) => upsertDatasets(client, change),
      "devices:changed": (change: Parameters<typeof applyDevices>[1]) => applyDevices(client, change),
      // What changed before the socket stood was not pushed: ask once.
      connect: () => {
        for (const queryKey of [["runs", "list"], ["exports", "list"], ["datasets", "list"], ["system"]])
          void client.invalidateQueries({ queryKey });
      },
    };
    let socket: LiveSocket | null = null;
    let gone = false;
    void getSocket().then((opened) => {
      if (gone) return;
      socket = opened;
      for (const [name, listener] of entries(listeners)) opened.on(name, listener);
    });
    return () => {
      gone = true;
      if (socket) for (const [name, listener] of entries(listeners)) socket.off(name, listener);
    };
  }, [client]);
}

const entries = <T extends object>(record: T) => Object.entries(record) as [keyof T, T[keyof T]][];
