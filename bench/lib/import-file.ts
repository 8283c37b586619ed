import type { BuiltServer } from "../../e2e/server";
import type { Dataset } from "../../lib/contract/dataset";
import type { Run } from "../../lib/contract/run";
import { isEnded } from "../../lib/domain/run-status";

/** A data set over a file where it lies; its check is ended, which would take a core for minutes. */
export async function importFile(server: BuiltServer, path: string): Promise<Dataset> {
  const dataset = await server.api<Dataset>("POST", "/api/datasets", { source: { type: "path", path } });
  const { taskId } = dataset;
  if (taskId === null) return dataset;
  const task = () => server.api<Run>("GET", `/api/runs/${taskId}`);
  if (!isEnded((await task()).status)) await server.api("POST", `/api/runs/${taskId}/stop`, { save: false }).catch(() => {}); // it may end by itself
  while (!isEnded((await task()).status)) await new Promise((resolve) => setTimeout(resolve, 100));
  return dataset;
}
