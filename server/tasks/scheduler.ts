import type { Run } from "../../lib/contract/run";

/** Who starts now: one training at a time, first come first served; chats and exports run beside it. */
export function nextToStart(queued: readonly Run[], active: readonly Run[]): Run[] {
  const isTraining = (run: Run): boolean => run.spec.kind === "train";
  const training = active.some(isTraining) ? [] : queued.filter(isTraining).slice(0, 1);
  return [...queued.filter((run) => !isTraining(run)), ...training];
}
