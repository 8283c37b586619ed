import { WorkerSpec } from "../../lib/contract/worker-spec";

/** The spec of an export, checked by the contract like any other. */
export function exportSpec({ base, adapter, output }: { base: string; adapter: string; output: string }): WorkerSpec {
  return WorkerSpec.parse({
    specVersion: 2,
    runId: "run_0000000000bb",
    attempt: 1,
    token: "bench-merge-cost-token",
    device: "auto",
    kind: "export",
    job: {
      kind: "export",
      name: "bench",
      runId: "run_0000000000aa",
      checkpoint: "checkpoint-1",
      form: "merged",
      dtype: "auto",
      maxShardBytes: 5_000_000_000,
    },
    inputs: {
      model: { label: "bench", path: base, repo: null, revision: null, adapterPath: adapter, trustRemoteCode: false },
      outputPath: output,
    },
  });
}
