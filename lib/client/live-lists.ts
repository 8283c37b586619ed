import type { QueryClient } from "@tanstack/react-query";
import type { Dataset } from "../contract/dataset";
import type { Run } from "../contract/run";
import type { DatasetsChanged, DevicesChanged } from "../contract/socket";
import type { SystemReport } from "../contract/system";

type RunsChange = { upserts: readonly Run[]; removed: readonly string[] };

/** Rows pushed by the server into every cached list and detail; an older row never replaces a newer one. */
export function upsertRuns(client: QueryClient, change: RunsChange): void {
  client.setQueryData<Run[]>(["runs", "list"], (runs) => runs && merge(runs, change, "train"));
  client.setQueryData<Run[]>(["exports", "list"], (runs) => runs && merge(runs, change, "export"));
  for (const run of change.upserts)
    client.setQueryData<Run>(["runs", "detail", run.id], (known) =>
      known && known.seq > run.seq && known.attempt >= run.attempt ? known : run,
    );
  for (const runId of change.removed) client.removeQueries({ queryKey: ["runs", "detail", runId] });
}

export function upsertDatasets(client: QueryClient, { upserts, removed }: DatasetsChanged): void {
  const fresh = new Map(upserts.map((dataset) => [dataset.id, dataset]));
  client.setQueryData<Dataset[]>(
    ["datasets", "list"],
    (known) =>
      known &&
      [...fresh.values(), ...known.filter(({ id }) => !fresh.has(id) && !removed.includes(id))].sort((a, b) => b.createdAt - a.createdAt),
  );
  for (const dataset of upserts) client.setQueryData<Dataset>(["datasets", "detail", dataset.id], dataset);
  for (const datasetId of removed) client.removeQueries({ queryKey: ["datasets", "detail", datasetId] });
}

export function applyDevices(client: QueryClient, { devices, queued, running }: DevicesChanged): void {
  client.setQueryData<SystemReport>(["system", "report"], (report) => report && { ...report, devices, queued, running });
}

function merge(runs: readonly Run[], { upserts, removed }: RunsChange, kind: Run["spec"]["kind"]): Run[] {
  const fresh = new Map(upserts.filter((run) => run.spec.kind === kind).map((run) => [run.id, run]));
  const kept = runs
    .filter((run) => !removed.includes(run.id))
    .map((run) => {
      const next = fresh.get(run.id);
      fresh.delete(run.id);
      return next && !(run.seq > next.seq && run.attempt >= next.attempt) ? next : run;
    });
  return [...fresh.values(), ...kept].sort((a, b) => b.createdAt - a.createdAt);
}
