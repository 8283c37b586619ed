import type { RunId } from "@/lib/contract/ids";
import type { Run } from "@/lib/contract/run";
import type { RunBatch, SubscribeRun, SubscribeRunAnswer } from "@/lib/contract/socket";
import type { SeriesStore } from "./series-store";

export type LiveState = { name: "connecting" } | { name: "live" } | { name: "reconnecting" } | { name: "refused"; message: string };

/** The part of the socket that a run's page needs; tests and the real client both fit. */
export type LiveSocket = {
  readonly connected: boolean;
  on(event: "run:batch", listener: (batch: RunBatch) => void): unknown;
  on(event: "connect" | "disconnect", listener: () => void): unknown;
  off(event: "run:batch", listener: (batch: RunBatch) => void): unknown;
  off(event: "connect" | "disconnect", listener: () => void): unknown;
  emit(event: "run:subscribe", input: SubscribeRun, answer: (value: SubscribeRunAnswer) => void): unknown;
  emit(event: "run:unsubscribe", input: { runId: RunId }): unknown;
};

export type RunLiveOptions = {
  socket: LiveSocket;
  runId: RunId;
  store: SeriesStore;
  onRun: (run: Run) => void;
  onState: (state: LiveState) => void;
};

/** Points of a first snapshot: two for each pixel of a wide chart. */
const SNAPSHOT_POINTS = 4000;

/**
 * Follows one run: subscribes from the last event it holds, takes batches, and subscribes again after a reconnect,
 * a gap, or when a hidden page is shown again. The log's sequence numbers outlive the server, so nothing is lost or doubled.
 */
export function followRun({ socket, runId, store, onRun, onState }: RunLiveOptions) {
  // Answers to an older question are not listened to: the connection they came over is gone.
  let asked = 0;
  let waiting = false;
  let paused = false;

  const subscribe = () => {
    if (paused || !socket.connected) return;
    const question = ++asked;
    const after = store.seq();
    waiting = true;
    socket.emit("run:subscribe", { runId, after, points: SNAPSHOT_POINTS }, (answer) => {
      if (question !== asked) return;
      waiting = false;
      takeAnswer(answer, after);
    });
  };

  const takeAnswer = (answer: SubscribeRunAnswer, after: number) => {
    if (answer.kind === "refused") return onState({ name: "refused", message: answer.message });
    if (answer.kind === "snapshot") store.applySnapshot(answer.window);
    else store.applyBatch({ fromSeq: after, seq: answer.seq, columns: answer.columns, rewinds: [] });
    onRun(answer.run);
    onState({ name: "live" });
  };

  const takeBatch = (batch: RunBatch) => {
    if (batch.runId !== runId || paused) return;
    // A row without new events (renamed, waiting to stop) comes with the seq that we have.
    if (store.applyBatch(batch) === "gap") {
      if (!waiting) subscribe();
    } else if (batch.run !== null) onRun(batch.run);
  };

  const lose = () => {
    asked++;
    waiting = false;
    onState({ name: "reconnecting" });
  };

  socket.on("run:batch", takeBatch);
  socket.on("connect", subscribe);
  socket.on("disconnect", lose);
  onState({ name: "connecting" });
  subscribe();

  return {
    /** A hidden page draws nothing, so it asks for nothing; on return it asks for what it missed. */
    setPaused(value: boolean): void {
      if (value === paused) return;
      paused = value;
      asked++;
      waiting = false;
      if (!paused) subscribe();
      else if (socket.connected) socket.emit("run:unsubscribe", { runId });
    },
    stop(): void {
      asked++;
      socket.off("run:batch", takeBatch);
      socket.off("connect", subscribe);
      socket.off("disconnect", lose);
      if (socket.connected) socket.emit("run:unsubscribe", { runId });
    },
  };
}
