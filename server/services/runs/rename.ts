import type { RunId } from "../../../lib/contract/ids";
import { RunName } from "../../../lib/contract/job-spec";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";
import { invalidFields } from "../../errors";

export async function renameRun(ctx: ServerContext, { runId, name }: { runId: RunId; name: string }): Promise<Run> {
  ctx.runs.getOrThrow(runId);
  const parsed = RunName.safeParse(name);
  if (!parsed.success) throw invalidFields(parsed.error.issues.map(({ message }) => ({ path: "name", message, value: name })));
  const run = ctx.runs.change(runId, (current) => ({ ...current, name: parsed.data })) ?? ctx.runs.getOrThrow(runId);
  ctx.bus.emit("run", { run });
  return run;
}
