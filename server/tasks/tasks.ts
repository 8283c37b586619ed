import type { ControlVerb } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import type { Run } from "../../lib/contract/run";
import type { WorkerSpec } from "../../lib/contract/worker-spec";

type WithoutEnvelope<T> = T extends unknown ? Omit<T, "specVersion" | "runId" | "attempt" | "token" | "device"> : never;
/** What a worker is to do: the person's job, and the paths that it was resolved to. */
export type Work = WithoutEnvelope<WorkerSpec>;

export type NewTask = {
  runId: RunId;
  work: Work;
  labels: Run["labels"];
  /** The same id twice gives the same run, not two. */
  requestId?: string;
};

/** Everything long: training, chat and export. Verbs ask here; what happened is told by the bus and the rows. */
export type Tasks = {
  /** Writes `spec.json` and the row, then lets the queue go on. A chat or an export starts at once. */
  enqueue(task: NewTask): Run;
  /** A new attempt of an ended run. */
  again(runId: RunId, work: Work): Run;
  /** A queued run ends here; a living worker is asked, then told, then ended. */
  stop(runId: RunId, mode: "stop" | "abort"): Run;
  /** Appends a line to the worker's control file; the answer comes as an `ack` event. */
  control(runId: RunId, verb: ControlVerb): void;
  /** Resolves with the row once `until` holds for it, at once if it does already. */
  waitFor(runId: RunId, until: (run: Run) => boolean, timeoutMs: number): Promise<Run>;
  /** At start: takes over what ran before, then lets the queue go on. */
  recover(): Promise<void>;
  /** Stops looking; workers go on. */
  close(): Promise<void>;
};
