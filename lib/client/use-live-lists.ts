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
    void whenIdle().then(async () => {
      if (gone) return;
      const opened = await getSocket();
      if (gone) return;
      socket = opened;
      for (const [name, listener] of entries(listeners)) opened.on(name, listener);
      // A run's page opens it without waiting.
      if (opened.connected) listeners.connect();
    });
    return () => {
      gone = true;
      if (socket) for (const [name, listener] of entries(listeners)) socket.off(name, listener);
    };
  }, [client]);
}

/** The socket waits until the page has been drawn; Safari has no word for that. */
const whenIdle = () =>
  new Promise<void>((resolve) => {
    if ("requestIdleCallback" in window) window.requestIdleCallback(() => resolve(), { timeout: 1000 });
    else setTimeout(resolve, 200);
  });

const entries = <T extends object>(record: T) => Object.entries(record) as [keyof T, T[keyof T]][];
