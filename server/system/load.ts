import type { DevicesChanged } from "../../lib/contract/socket";
import type { ServerContext } from "../context";

/** Devices, and how many trainings wait and work. */
export async function readLoad(ctx: ServerContext): Promise<DevicesChanged> {
  const jobs = (...statuses: Parameters<typeof ctx.runs.withStatus>) =>
    ctx.runs.withStatus(...statuses).filter((run) => run.spec.kind === "train").length;
  return { devices: await ctx.system.devices(), queued: jobs("queued"), running: jobs("starting", "running", "stopping") };
}
