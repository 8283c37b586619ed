import type { ChatTarget } from "../contract/job-spec";
import type { Run } from "../contract/run";

/** What comes out of a run can be talked to and merged; a reward model gives numbers only. */
export const canSpeak = ({ spec }: Pick<Run, "spec">): boolean => spec.kind !== "train" || spec.stage !== "rm";

/** The short name of something that can be talked to, as it stands in addresses such as /chat?model=run_…/checkpoint-120. */
export function chatTargetKey(target: ChatTarget): string {
  switch (target.type) {
    case "model":
      return target.modelId;
    case "checkpoint":
      return `${target.runId}/${target.checkpoint}`;
    case "export":
      return target.runId;
  }
}
