import type { Dataset } from "../lib/contract/dataset";
import type { TaskEvent } from "../lib/contract/event";
import type { DatasetId, RunId } from "../lib/contract/ids";
import type { Run } from "../lib/contract/run";

/** What the server tells itself after it is committed. A listener never throws into the teller. */
export type BusEvents = {
  /** A row changed; `run` is the row as it now is. */
  run: { run: Run };
  /** Events of one read, in order; the row with them applied is told by `run` too. */
  events: { runId: RunId; fromSeq: number; seq: number; events: TaskEvent[]; run: Run };
  removed: { runId: RunId };
  /** A data set is new or has changed; `dataset` as it now is. */
  dataset: { dataset: Dataset };
  datasetRemoved: { datasetId: DatasetId };
};

export type Bus = {
  on<K extends keyof BusEvents>(topic: K, listener: (value: BusEvents[K]) => void): () => void;
  emit<K extends keyof BusEvents>(topic: K, value: BusEvents[K]): void;
};

export function createBus(onError: (error: unknown) => void): Bus {
  const listeners: { [K in keyof BusEvents]: Set<(value: BusEvents[K]) => void> } = {
    run: new Set(),
    events: new Set(),
    removed: new Set(),
    dataset: new Set(),
    datasetRemoved: new Set(),
  };
  return {
    on(topic, listener) {
      listeners[topic].add(listener);
      return () => void listeners[topic].delete(listener);
    },
    emit(topic, value) {
      for (const listener of listeners[topic]) {
        try {
          listener(value);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
