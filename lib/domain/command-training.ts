import type { MoreValue } from "../contract/parameters/more";
import { isShown, type Parameter } from "../contract/parameters/parameter";
import { trainingParameters } from "../contract/parameters/training";
import type { TrainSpec } from "../contract/train-spec";
import { schedulerArguments } from "./schedule";

type Training = TrainSpec["training"];
export type Value = MoreValue | Readonly<Record<string, MoreValue>>;
export type Arguments = Record<string, Value>;

const tables = Object.entries(trainingParameters) as [keyof typeof trainingParameters, Parameter][];
/** A setting that may be left out says something only where it differs from its default. */
const optional = tables.filter(([, { schema }]) => schema.def.type === "default");
const changed = (training: Training) =>
  optional.filter(([name, parameter]) => name !== "more" && isShown(parameter, training) && !same(training[name], parameter.default));

/** The settings a person has to know of: those that may be left out are, where they stand at their default. */
export function withoutDefaults(training: Training): object {
  return Object.fromEntries(Object.entries(training).filter(([name]) => !isAtDefault(training, name)));
}

function isAtDefault(training: Training, name: string): boolean {
  const entry = optional.find(([one]) => one === name);
  return entry !== undefined && same(training[entry[0]], entry[1].default);
}

/** Settings beside the basic ones as transformers' arguments, for trl's script and LLaMA-Factory's command alike. */
export function furtherArguments(training: Training, totalSteps: number): Arguments {
  const named: Arguments = {};
  for (const [name, { trl }] of changed(training)) if (!trl.includes(".") && !handled.has(name)) named[trl] = training[name];
  const own = schedulerArguments(training, totalSteps);
  const checkpointing = checkpointingArguments(training);
  return {
    ...named,
    ...(Object.keys(own).length === 0 ? {} : { lr_scheduler_kwargs: own }),
    ...(training.optimizer === "muon" || !changed(training).some(([name]) => name === "optimizer") ? {} : { optim: training.optimizer }),
    ...(optimArguments(training) === "" ? {} : { optim_args: optimArguments(training) }),
    ...(checkpointing === null ? {} : { gradient_checkpointing_kwargs: checkpointing }),
    ...(training.tf32 === "auto" ? {} : { tf32: training.tf32 === "on" }),
    ...(training.order === "random" ? {} : { train_sampling_strategy: training.order === "length" ? "group_by_length" : training.order }),
    ...(training.packing === "off" ? {} : { packing: true, packing_strategy: training.packing }),
    ...(training.keepBest ? { load_best_model_at_end: true } : {}),
    ...training.more,
  };
}

/** These are written in other words than under one name. */
const handled = new Set([
  "processes",
  "warmupSteps",
  "optimizer",
  "attention",
  "tf32",
  "saveBy",
  "evalBy",
  "keepBest",
  "stopPatience",
  "stopThreshold",
  "evalBatchSize",
  "order",
  "packing",
]);

/** transformers reads the arguments of some optimisers from a text; to the others it passes none on. */
const readsText = /^(sgd|adagrad|rmsprop$|.*ademamix)/;

function optimArguments(training: Training): string {
  if (!readsText.test(training.optimizer)) return "";
  const own = changed(training).filter(([, { trl }]) => trl.startsWith("optim_args."));
  const words = own.map(([name, { trl }]) => `${trl.slice("optim_args.".length)}=${String(training[name])}`);
  if (training.optimizer.includes("ademamix") && training.ademamixWarmup !== null) words.push(`t_beta3=${training.ademamixWarmup}`);
  return words.join(",");
}

/** Names of the changed settings that neither trl's arguments nor LLaMA-Factory's can say. */
export const unsaid = (training: Training): string[] =>
  changed(training)
    .filter(
      ([name, { trl }]) =>
        (name === "optimizer" && training.optimizer === "muon") || (trl.startsWith("optim_args.") && !readsText.test(training.optimizer)),
    )
    .map(([, { trl }]) => trl.replace("optim_args.", ""));

function checkpointingArguments(training: Training): Readonly<Record<string, number | boolean>> | null {
  const every = training.checkpointEveryLayers;
  if (!training.gradientCheckpointing || (every === 1 && !training.checkpointReentrant)) return null;
  return { use_reentrant: training.checkpointReentrant, ...(every > 1 ? { every_n_layers: every } : {}) };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
