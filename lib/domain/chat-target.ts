import type { ChatTarget } from "../contract/job-spec";

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
