import type { ModelFacts } from "../contract/model";
import type { LoraSettings, TrainSpec } from "../contract/train-spec";
import type { MixCounts } from "./mix";
import { countWarmupSteps } from "./schedule";
import { countTrainable, type Trainable } from "./trainable";

export type TrainingPlan = {
  /** Of one epoch, repeated rows counted as often as they are trained. */
  trainRows: number;
  evalRows: number;
  effectiveBatch: number;
  stepsPerEpoch: number;
  totalSteps: number;
  epochs: number;
  warmupSteps: number;
  checkpoints: number;
  /** Null where the model's facts are not known (a hub model not on this machine yet). */
  trainableParameters: number | null;
  totalParameters: number | null;
  /** Of one checkpoint, to about a hundredth. */
  checkpointBytes: number | null;
};

/** The part of a spec on which the plan depends; the launch form has it before there is a whole spec. */
export type Planned = Pick<TrainSpec, "lora" | "freeze" | "training">;

/**
 * The figures of the plan panel. Counts follow transformers 5.18 `Trainer.set_initial_training_values`:
 * batches = ceil(rows / (batch × processes)), steps per epoch = max(ceil(batches / accumulation), 1), total = ceil(epochs × steps per epoch).
 * The rows are those of `mixCounts`; rows that the template refuses are known only when the run starts.
 */
export function planTraining(
  spec: Planned,
  { trainRows, evalRows }: Pick<MixCounts, "trainRows" | "evalRows">,
  facts: ModelFacts | null,
): TrainingPlan {
  const { training } = spec;
  const batch = training.batchSize * training.processes;
  const batches = training.dropLastBatch ? Math.floor(trainRows / batch) : Math.ceil(trainRows / batch);
  const stepsPerEpoch = Math.max(Math.ceil(batches / training.gradientAccumulation), 1);
  const totalSteps = training.maxSteps ?? Math.ceil(training.epochs * stepsPerEpoch);
  const trainable = facts === null ? null : countTrainable(spec, facts);
  return {
    trainRows,
    evalRows,
    effectiveBatch: batch * training.gradientAccumulation,
    stepsPerEpoch,
    totalSteps,
    epochs: training.maxSteps === null ? training.epochs : totalSteps / stepsPerEpoch,
    warmupSteps: countWarmupSteps(training, totalSteps),
    checkpoints: countCheckpoints(totalSteps, training.saveBy === "epochs" ? stepsPerEpoch : training.saveEverySteps, training.saveLimit),
    trainableParameters: trainable?.parameters ?? null,
    totalParameters: facts?.parameters ?? null,
    checkpointBytes:
      facts === null || trainable === null ? null : countCheckpointBytes(spec, facts, trainable, totalSteps / training.logEverySteps),
  };
}

function countCheckpoints(totalSteps: number, every: number | null, limit: number | null): number {
  const saved = every === null ? 1 : Math.floor(totalSteps / every) + (totalSteps % every === 0 ? 0 : 1);
  return limit === null ? saved : Math.min(saved, limit);
}

/** A weight, and the two moments of the optimizer, four bytes each. */
const WEIGHT_BYTES = 4;
const MOMENT_BYTES = 8;

/**
 * Adapters are saved alone, other methods save every weight. An adapter of PiSSA is saved with its start behind it, at twice its rank.
 * What lies beside was measured with torch 2.13, transformers 5.18 and peft 0.21: names and shapes of each trained tensor in
 * weights and optimizer; the state of the trainer, which has a line for every logged point; generators, arguments and a README.
 */
function countCheckpointBytes({ lora }: Planned, facts: ModelFacts, { parameters, tensors }: Trainable, loggedPoints: number): number {
  const saved = lora === null ? facts.parameters : parameters + (lora.init.startsWith("pissa") ? adapterParameters(lora, facts) : 0);
  return saved * WEIGHT_BYTES + parameters * MOMENT_BYTES + tensors * 950 + loggedPoints * 190 + 28_000 + (facts.tokenizerBytes ?? 0);
}

const adapterParameters = ({ rank, targets }: LoraSettings, facts: ModelFacts): number =>
  rank * facts.modules.filter((group) => targets.includes(group.name)).reduce((sum, group) => sum + group.inPlusOut, 0);
