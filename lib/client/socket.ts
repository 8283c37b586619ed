import type { Socket } from "socket.io-client";
import type { ClientToServer, ServerToClient } from "../contract/socket";
import { withBase } from "./base-path";
import { setConnection } from "./connection";

export type LiveSocket = Socket<ServerToClient, ClientToServer>;
let opening: Promise<LiveSocket> | null = null;

/** The one connection of this tab, opened at the first use; its code is loaded then. */
export function getSocket(): Promise<LiveSocket> {
  opening ??= open();
  return opening;
}

async function open(): Promise<LiveSocket> {
  const { io } = await import("socket.io-client");
  const socket: LiveSocket = io({
    path: withBase("/socket.io"),
    transports: ["websocket"],
    reconnectionDelay: 400,
    reconnectionDelayMax: 4000,
  });
  socket.on("connect", () => setConnection("live"));
  socket.on("disconnect", () => setConnection("reconnecting"));
  // Twice silence is an outage that a person should know of; the first may be a restart.
  let failures = 0;
  socket.on("connect_error", () => {
    failures += 1;
    setConnection(failures > 2 ? "offline" : "reconnecting");
  });
  socket.on("connect", () => {
    failures = 0;
  });
  return socket;
}
