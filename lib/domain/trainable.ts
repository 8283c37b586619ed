import type { ModelFacts, TensorGroup } from "../contract/model";
import type { FreezeSettings, LoraSettings, TrainSpec } from "../contract/train-spec";

/** How many parameters learn, in how many tensors; null where the model's facts do not tell. */
export type Trainable = { parameters: number; tensors: number };

/** Counted by the rules of trainer/methods.py and of peft; the tests hold it against what a worker reports. */
export function countTrainable({ lora, freeze }: Pick<TrainSpec, "lora" | "freeze">, facts: ModelFacts): Trainable | null {
  if (lora !== null) return countAdapter(lora, facts);
  const tensors = facts.tensors ?? null;
  if (freeze === null) return { parameters: facts.parameters, tensors: sum(facts.modules, (group) => group.count) };
  return tensors === null ? null : countFrozen(freeze, tensors, facts.layers);
}

function countAdapter(lora: LoraSettings, facts: ModelFacts): Trainable | null {
  const targets = facts.modules.filter((group) => lora.targets.includes(group.name));
  const matrices = sum(targets, (group) => group.count);
  const plain = { parameters: lora.rank * sum(targets, (group) => group.inPlusOut), tensors: 2 * matrices };
  const needsTensors = lora.dora || lora.modulesToSave.length > 0 || lora.trainableTokens.length > 0 || lora.bias !== "none";
  if (!needsTensors) return plain;
  if (facts.tensors === undefined) return null;
  const tokens = lora.trainableTokens.length * (facts.hiddenSize ?? 0);
  const whole = chosen(facts.tensors, ({ name }) => lora.modulesToSave.some((module) => endsWith(moduleOf(name), module)));
  const biases = chosen(facts.tensors, ({ name }) => trainsBias(lora, name));
  const lengths = {
    parameters: lora.dora ? outputsOf(lora.targets, facts.tensors, facts.modelType) : 0,
    tensors: lora.dora ? matrices : 0,
  };
  return [plain, whole, biases, lengths, { parameters: tokens, tensors: tokens > 0 ? 1 : 0 }].reduce(add);
}

/** DoRA learns one length for each output. GPT-2 stores its matrices the other way round. */
const outputsOf = (targets: readonly string[], tensors: readonly TensorGroup[], modelType: string): number =>
  sum(tensors, ({ name, shape, each, layers }) =>
    name.endsWith(".weight") && shape.length === 2 && targets.some((target) => endsWith(moduleOf(name), target))
      ? (shape[modelType === "gpt2" ? 1 : 0] ?? 0) * each * Math.max(1, layers.length)
      : 0,
  );

const trainsBias = ({ bias, targets }: LoraSettings, name: string): boolean =>
  name.endsWith(".bias") && (bias === "all" || (bias === "lora_only" && targets.some((target) => endsWith(moduleOf(name), target))));

function countFrozen(freeze: FreezeSettings, tensors: readonly TensorGroup[], layers: number | null): Trainable | null {
  const count = layers ?? 1 + Math.max(-1, ...tensors.flatMap((group) => group.layers));
  if (Math.abs(freeze.layers) > count) return null;
  const learns = (layer: number) => (freeze.layers >= 0 ? layer >= count - freeze.layers : layer < -freeze.layers);
  const inside = tensors
    .filter(
      (group) => group.layers.length > 0 && (freeze.modules.length === 0 || freeze.modules.some((name) => standsIn(group.name, name))),
    )
    .map((group) => ({ ...group, layers: group.layers.filter(learns) }))
    .filter((group) => group.layers.length > 0);
  const outside = tensors.filter((group) => group.layers.length === 0 && freeze.extras.some((name) => standsIn(group.name, name)));
  return chosen([...inside, ...outside], () => true);
}

/** Names of modules that can be trained whole, or outside the layers; for the form and for refusals. */
export const moduleNames = (tensors: readonly TensorGroup[], place: "inside" | "outside" | "anywhere"): string[] => [
  ...new Set(
    tensors
      .filter((group) => place === "anywhere" || (place === "inside") === group.layers.length > 0)
      .map((group) => (place === "inside" ? moduleOf(group.name) : lastOf(moduleOf(group.name)))),
  ),
];

/** Parts of the layers that a name of method Freeze can mean: `mlp` as well as `mlp.up_proj`. */
export const standsIn = (path: string, name: string): boolean => `.${path}.`.includes(`.${name}.`);
export const endsWith = (path: string, name: string): boolean => path === name || path.endsWith(`.${name}`);
export const moduleOf = (tensor: string): string => tensor.slice(0, Math.max(0, tensor.lastIndexOf(".")));
const lastOf = (path: string): string => path.split(".").at(-1) ?? path;

const chosen = (tensors: readonly TensorGroup[], wanted: (group: TensorGroup) => boolean): Trainable =>
  tensors.filter(wanted).map(sizeOf).reduce(add, { parameters: 0, tensors: 0 });

const sizeOf = ({ shape, each, layers }: TensorGroup): Trainable => {
  const tensors = each * Math.max(1, layers.length);
  return { parameters: tensors * shape.reduce((product, size) => product * size, 1), tensors };
};
const add = (a: Trainable, b: Trainable): Trainable => ({ parameters: a.parameters + b.parameters, tensors: a.tensors + b.tensors });
const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);
