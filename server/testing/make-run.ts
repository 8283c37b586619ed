import { DatasetId, ModelId, type RunId } from "../../lib/contract/ids";
import { TrainSpec } from "../../lib/contract/job-spec";
import { defaultsOf } from "../../lib/contract/parameters/parameter";
import { parameterTables } from "../../lib/contract/parameters/tables";
import type { Run } from "../../lib/contract/run";
import { isEnded } from "../../lib/domain/run-status";
import { oneSet } from "../../lib/domain/train-data";
import type { ServerContext } from "../context";
import { newRunId } from "../ids";

type Parts = Pick<ServerContext, "tasks">;

/** Puts a training in the queue; its name tells the rehearsal worker what to do. */
export function makeRun(
  { ctx }: { ctx: Parts },
  name = "steps=10",
  { runId = newRunId(), resumeFrom = null }: { runId?: RunId; resumeFrom?: string | null } = {},
): Run {
  return ctx.tasks.enqueue({ runId, work: rehearsalWork(name, resumeFrom), labels: { model: "demo", data: "lessons" } });
}

export function rehearsalWork(name: string, resumeFrom: string | null = null) {
  return {
    kind: "train" as const,
    job: makeTrainSpec({ name }),
    inputs: {
      model: { label: "demo", path: "/tmp", repo: null, revision: null, adapterPath: null, trustRemoteCode: false },
      datasets: [{ label: "lessons", rowsPath: "/tmp/rows.jsonl", usableRows: 100, sha256: "0".repeat(64) }],
      validation: [],
      resumeFrom,
      startFrom: null,
    },
  };
}

export function makeTrainSpec(change: Partial<TrainSpec> = {}): TrainSpec {
  const plain = TrainSpec.parse({
    kind: "train",
    stage: "sft",
    name: "rehearsal",
    modelId: ModelId.parse("mod_000000000000"),
    data: oneSet(DatasetId.parse("ds_000000000000"), 0),
    method: "lora",
    lora: defaultsOf(parameterTables.lora, "lora"),
    quantization: null,
    freeze: null,
    startFrom: null,
    training: defaultsOf(parameterTables.training, "lora"),
  });
  return { ...plain, ...change };
}

export const untilEnded = ({ ctx }: { ctx: Parts }, id: RunId): Promise<Run> => ctx.tasks.waitFor(id, (run) => isEnded(run.status), 25_000);
export const untilStep = ({ ctx }: { ctx: Parts }, id: RunId, step: number): Promise<Run> =>
  ctx.tasks.waitFor(id, (run) => run.step >= step || isEnded(run.status), 25_000);
