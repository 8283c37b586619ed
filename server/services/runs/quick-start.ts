import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { QuickStart } from "../../../lib/contract/api";
import { LoraSettings, TrainingSettings, TrainSpec } from "../../../lib/contract/job-spec";
import { defaultsOf } from "../../../lib/contract/parameters/parameter";
import { trainingParameters } from "../../../lib/contract/parameters/training";
import { isReady } from "../../../lib/domain/ready-dataset";
import { oneSet } from "../../../lib/domain/train-data";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";

/** The figures that were found good for the demo model stand beside it, in trainer/demo/quickstart.json. */
const Recipe = TrainingSettings.partial().extend({ lora: LoraSettings, probes: QuickStart.shape.probes });

/** A whole spec for the first run: the demo model, the demo data, and questions that tell before from after. */
export async function quickStart(ctx: ServerContext, _input: object): Promise<QuickStart> {
  const { lora, probes, ...chosen } = Recipe.parse(JSON.parse(await readFile(join(ctx.env.trainer, "demo", "quickstart.json"), "utf8")));
  const model = ctx.models.list().findLast(({ source }) => source.type === "demo");
  const dataset = ctx.datasets.list().find((one) => one.source === "demo" && one.fileName === "first-steps.jsonl" && isReady(one));
  if (!model)
    throw new AppError("model_not_found", "The demo model is not on the list. Start the server again to put it back.", {
      params: { id: "demo" },
    });
  if (!dataset)
    throw new AppError("dataset_not_found", "The demo data set is not on the list. Start the server again to put it back.", {
      params: { id: "demo" },
    });
  const training = TrainingSettings.parse({ ...defaultsOf(trainingParameters, "lora"), ...chosen });
  return {
    spec: TrainSpec.parse({
      kind: "train",
      stage: "sft",
      name: "First light",
      modelId: model.id,
      data: oneSet(dataset.id, 0.05),
      method: "lora",
      lora,
      quantization: null,
      freeze: null,
      startFrom: null,
      training,
    }),
    probes,
  };
}
