import type { TensorGroup } from "../../lib/contract/model";
import type { Tensor } from "./safetensors";

/** `model.layers.3.mlp.up_proj.weight`: the layer is the first number of the path. */
const inLayer = /^(.*?)\.?(\d+)\.(.+)$/;

/** All tensors by name and shape. Of a model with two stacks of layers, such as one that also sees, those of the larger have layers. */
export function groupTensors(tensors: readonly Tensor[]): TensorGroup[] {
  const main = largestStack(tensors);
  const groups = new Map<string, { name: string; shape: number[]; count: number; layers: Set<number> }>();
  for (const { name, shape } of tensors) {
    const [, stack = "", layer = "", inner = ""] = inLayer.exec(name) ?? [];
    const inside = inner !== "" && stack === main;
    const shown = (inside ? inner : name).replace(/\.experts\.\d+\./, ".experts.*.");
    const key = `${inside} ${shown} ${shape.join("x")}`;
    const group = groups.get(key) ?? { name: shown, shape, count: 0, layers: new Set<number>() };
    group.count += 1;
    if (inside) group.layers.add(Number(layer));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ count, layers, ...group }) => ({
    ...group,
    each: count / Math.max(1, layers.size),
    layers: [...layers],
  }));
}

function largestStack(tensors: readonly Tensor[]): string {
  const counts = new Map<string, number>();
  for (const { name } of tensors) {
    const stack = inLayer.exec(name)?.[1];
    if (stack !== undefined) counts.set(stack, (counts.get(stack) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}
