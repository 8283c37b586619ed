import type { ServerContext } from "../context";
import { removePartialDatasets } from "../stores/dataset-files";
import { readEnvironment } from "../system/environment";
import { sweepChats } from "./chat/workers";
import { seedDemo } from "./demo/seed";

/** Once at start, after the tasks of the last time were taken over: leftovers go, the demo comes, Python is asked about itself. */
export async function prepareHome(ctx: ServerContext): Promise<void> {
  const waited = new Set<string>(ctx.datasets.list().flatMap(({ id, status }) => (status === "checking" ? [id] : [])));
  await removePartialDatasets(ctx.env.home, (id) => waited.has(id));
  sweepChats(ctx);
  await seedDemo(ctx);
  // Takes seconds, and the System page can wait for it.
  readEnvironment(ctx).catch((error) => ctx.log.warn("environment.unreadable", { error }));
}
