import type { Server, Socket } from "socket.io";
import { RunId } from "../../lib/contract/ids";
import type { ClientToServer, ServerToClient } from "../../lib/contract/socket";

export type SocketData = {
  /** Run to the offset up to which its log was sent. */
  logs?: Map<RunId, number>;
  stalledSince?: number;
};
export type Io = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
export type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

export const SLOW = "slow";
export const runRoom = (runId: string): string => `run:${runId}`;
export const logKey = (value: unknown): RunId => RunId.catch(noRun).parse(value);
const noRun = RunId.parse("run_000000000000");
