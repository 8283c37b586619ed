import type { RunId } from "../../lib/contract/ids";
import type { WorkerSpec } from "../../lib/contract/worker-spec";

export type Start = {
  runId: RunId;
  attempt: number;
  runDir: string;
  attemptDir: string;
  token: string;
  kind: WorkerSpec["kind"];
  /** That train together; the worker starts them itself. */
  processes: number;
};

/** Starts the shim of an attempt on some machine. It returns once the start is under way; what became of it stands in the attempt's folder. */
export type Launcher = { start(start: Start): Promise<void> };
