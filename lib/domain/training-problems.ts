import type { FieldProblem, FieldProblemCode } from "../contract/errors";
import type { EnvironmentReport } from "../contract/system";
import type { TrainingSettings } from "../contract/train-spec";
import { needsOf } from "./machine-rules";
import { followsValidation } from "./schedule";

type Known = {
  /** Null while the rows are not counted yet. */
  counts: { trainRows: number; evalRows: number } | null;
  plan: { totalSteps: number; warmupSteps: number } | null;
  environment: EnvironmentReport | null;
};

/** What a schema can't tell: settings that contradict each other, the data or the machine. Paths as in a spec. */
export function trainingProblems(training: TrainingSettings, known: Known): FieldProblem[] {
  return [
    ...ofMachine(training, known),
    ...ofSchedule(training, known),
    ...ofCadence(training, known),
    ...ofOptimizer(training),
    ...ofRows(training, known),
  ];
}

const problem = (
  name: keyof TrainingSettings,
  code: FieldProblemCode,
  message: string,
  value: unknown,
  params: Record<string, string | number> = {},
): FieldProblem => ({ path: `training.${name}`, code, message, value, params: { field: name, value: String(value), ...params } });

function ofMachine(training: TrainingSettings, { environment }: Known): FieldProblem[] {
  return needsOf(training, environment).map(({ name, need: { code, params } }) => {
    const value = training[name];
    const wanted = params.package ?? "";
    const sentences = {
      needsPackage: `${String(value)} needs the package ${wanted}, which is not installed. Install it, or choose another.`,
      needsGpu:
        name === "precision"
          ? "float16 has no effect on a CPU, or ruins the weights. Choose float32 or bfloat16."
          : `${name} needs a GPU, and there is none. Choose auto, or switch it off.`,
      needsBf16: "This GPU has no bfloat16. Choose float32, float16 or auto.",
    };
    return problem(name, code, sentences[code], value, { package: wanted });
  });
}

function ofSchedule(training: TrainingSettings, { plan, counts }: Known): FieldProblem[] {
  const { scheduler, learningRate, endRate, maxRate, warmupSteps, decaySteps, stableSteps } = training;
  const found: FieldProblem[] = [];
  if (followsValidation(scheduler) && !evaluates(training, counts))
    found.push(
      problem(
        "scheduler",
        "needsEvaluation",
        `${scheduler} follows the validation loss: hold out rows, and evaluate while training.`,
        scheduler,
      ),
    );
  if (scheduler === "polynomial" && endRate >= learningRate)
    found.push(
      problem(
        "endRate",
        "notBelowRate",
        `The final rate ${endRate} is not below the learning rate ${learningRate}. Choose a smaller one.`,
        endRate,
        { rate: learningRate },
      ),
    );
  if (scheduler === "greedy" && maxRate < learningRate)
    found.push(
      problem(
        "maxRate",
        "belowRate",
        `The highest rate ${maxRate} is below the learning rate ${learningRate}. Choose ${learningRate} or more.`,
        maxRate,
        { rate: learningRate },
      ),
    );
  if (plan === null) return found;
  const { totalSteps } = plan;
  if (warmupSteps !== null && warmupSteps >= totalSteps)
    found.push(
      problem(
        "warmupSteps",
        "beyondSteps",
        `The run has ${totalSteps} steps, and ${warmupSteps} of warm-up leave none. Choose fewer.`,
        warmupSteps,
        { steps: totalSteps },
      ),
    );
  const left = totalSteps - plan.warmupSteps;
  const decaying = (decaySteps ?? 0) + (stableSteps ?? 0);
  if (scheduler === "warmup_stable_decay" && decaying > left)
    found.push(
      problem(
        "decaySteps",
        "beyondSteps",
        `Warm-up leaves ${left} steps, and ${decaying} are to be stable or to decay. Choose fewer.`,
        decaying,
        { steps: left },
      ),
    );
  return found;
}

function ofCadence(training: TrainingSettings, { counts }: Known): FieldProblem[] {
  const { keepBest, stopPatience, saveBy, evalBy, saveEverySteps: save, evalEverySteps: judge } = training;
  const judged = evaluates(training, counts);
  if (stopPatience !== null && !judged)
    return [
      problem(
        "stopPatience",
        "needsEvaluation",
        "Stopping early follows the validation loss: hold out rows, and evaluate while training.",
        stopPatience,
      ),
    ];
  if (!keepBest) return [];
  if (!judged)
    return [
      problem("keepBest", "needsEvaluation", "The best is known by the validation loss: hold out rows, and evaluate while training.", true),
    ];
  if (saveBy !== evalBy)
    return [
      problem("keepBest", "saveOffEvaluation", `Saving goes by ${saveBy} and evaluating by ${evalBy}. Choose the same for both.`, true, {
        save: saveBy,
        evaluate: evalBy,
      }),
    ];
  if (saveBy === "steps" && save !== null && judge !== null && save % judge !== 0)
    return [
      problem(
        "keepBest",
        "saveOffEvaluation",
        `Saving every ${save} steps does not fall on evaluations every ${judge}. Save every ${judge * Math.max(1, Math.round(save / judge))}.`,
        true,
        { save, evaluate: judge },
      ),
    ];
  return [];
}

function ofOptimizer({ optimizer, nesterov, momentum, dampening }: TrainingSettings): FieldProblem[] {
  if (optimizer !== "sgd" || !nesterov || ((momentum ?? 0) > 0 && dampening === 0)) return [];
  return [problem("nesterov", "nesterov", "Nesterov momentum needs a momentum above 0 and a dampening of 0.", true)];
}

function ofRows({ dropLastBatch, batchSize }: TrainingSettings, { counts }: Known): FieldProblem[] {
  if (!dropLastBatch || counts === null || counts.trainRows >= batchSize) return [];
  return [
    problem(
      "dropLastBatch",
      "noWholeBatch",
      `${counts.trainRows} rows make no whole batch of ${batchSize}. Keep the short one, or choose a smaller batch.`,
      true,
      { rows: counts.trainRows },
    ),
  ];
}

const evaluates = ({ evalBy, evalEverySteps }: TrainingSettings, counts: Known["counts"]): boolean =>
  (counts === null || counts.evalRows > 0) && (evalBy === "epochs" || evalEverySteps !== null);

/** The first steps at which a checkpoint is both saved and judged; the last step always is. */
export function judgedSaves(
  { saveEverySteps: save, evalEverySteps: judge, saveBy, evalBy }: TrainingSettings,
  totalSteps: number,
  most = 4,
): number[] {
  if (saveBy === "epochs" || evalBy === "epochs" || save === null || judge === null) return [];
  const both = leastCommonMultiple(save, judge);
  return Array.from({ length: Math.min(most, Math.floor(totalSteps / both)) }, (_, at) => (at + 1) * both);
}

const leastCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;
const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
