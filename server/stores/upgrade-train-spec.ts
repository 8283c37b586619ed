import type { Db } from "./db";

type Known = Record<string, unknown>;

/** `spec.json` of version 1, when a training had one data set and a share; anything else as it is. */
export function upgradeWorkerSpec(spec: unknown): unknown {
  const old = asObject(spec);
  if (old.specVersion !== 1) return spec;
  const { dataset, ...inputs } = asObject(old.inputs);
  if (old.kind !== "train") return { ...old, specVersion: 2 };
  return { ...old, specVersion: 2, job: upgradeTrainSpec(asObject(old.job)), inputs: { ...inputs, datasets: [dataset], validation: [] } };
}

/** Runs of that time, and a row for each set that a training names: how often a set is used is then one look at an index. */
export function nameDatasetsOfRuns(db: Db): void {
  db.run(`CREATE TABLE run_dataset (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    dataset_id TEXT NOT NULL,
    PRIMARY KEY (dataset_id, run_id)
  ) WITHOUT ROWID`);
  db.run("CREATE INDEX run_dataset_by_run ON run_dataset (run_id)");
  db.run("DROP INDEX run_by_dataset");
  for (const { id } of db.all("SELECT id FROM run WHERE kind = 'train'")) {
    const run = asObject(JSON.parse(String(db.get("SELECT json FROM run WHERE id = ?", id ?? "")?.json)));
    const spec = asObject(run.spec);
    db.run("UPDATE run SET json = ? WHERE id = ?", JSON.stringify({ ...run, spec: upgradeTrainSpec(spec) }), id ?? "");
    db.run("INSERT INTO run_dataset (run_id, dataset_id) VALUES (?, ?)", id ?? "", String(spec.datasetId));
  }
}

function upgradeTrainSpec({ datasetId, evalFraction, ...spec }: Known): Known {
  const validation = evalFraction === 0 ? { type: "none" } : { type: "fraction", fraction: evalFraction, stratified: true };
  return { ...spec, data: { sets: [{ datasetId, weight: 1, maxRows: null }], mix: "concatenate", validation } };
}

// Whatever stood there before was written by us as JSON.
const asObject = (value: unknown): Known => (typeof value === "object" && value !== null ? (value as Known) : {});
