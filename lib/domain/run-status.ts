import type { Run, RunStatus } from "../contract/run";

/** The table of legal moves. A resumed run goes back to queued as a new attempt. */
const moves: Record<RunStatus, readonly RunStatus[]> = {
  draft: ["queued"],
  queued: ["starting", "stopped", "failed"],
  starting: ["running", "queued", "stopping", "succeeded", "failed", "stopped", "lost"],
  running: ["stopping", "succeeded", "failed", "stopped", "lost"],
  stopping: ["stopped", "succeeded", "failed", "lost"],
  succeeded: [],
  failed: ["queued"],
  stopped: ["queued"],
  lost: ["queued", "succeeded", "failed", "stopped"],
};

export const canMove = (from: RunStatus, to: RunStatus): boolean => moves[from].includes(to);

/** A worker may be alive. */
export const isActive = (status: RunStatus): boolean => status === "starting" || status === "running" || status === "stopping";

/** Nothing more happens unless a person asks. */
export const isEnded = (status: RunStatus): boolean =>
  status === "succeeded" || status === "failed" || status === "stopped" || status === "lost";

export const canStop = (run: Pick<Run, "status" | "stopRequest">): boolean =>
  run.status === "queued" ||
  run.status === "starting" ||
  run.status === "running" ||
  (run.status === "stopping" && run.stopRequest === "stop");

export const canSave = (run: Pick<Run, "status" | "step">): boolean => run.status === "running" && run.step > 0;

/** Checkpoints before the last step; from the last one there is nothing left to train. */
export const resumableCheckpoints = (run: Pick<Run, "checkpoints" | "plan">): Run["checkpoints"] =>
  run.checkpoints.filter((checkpoint) => checkpoint.step < (run.plan?.totalSteps ?? Number.POSITIVE_INFINITY));

export const canResume = (run: Pick<Run, "status" | "spec" | "checkpoints" | "plan">): boolean =>
  run.spec.kind === "train" &&
  (run.status === "stopped" || run.status === "failed" || run.status === "lost") &&
  resumableCheckpoints(run).length > 0;

export const canDelete = (run: Pick<Run, "status">): boolean => isEnded(run.status) || run.status === "draft";
