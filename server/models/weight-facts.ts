import type { ModelFacts, ModuleGroup } from "../../lib/contract/model";
import type { SafetensorsHeader, Tensor } from "./safetensors";
import { groupTensors } from "./tensor-groups";

type WeightFacts = Pick<ModelFacts, "parameters" | "bytes" | "dtype" | "tiedEmbeddings" | "shards" | "modules" | "tensors">;

const headNames = new Set(["lm_head", "embed_out", "output_projection"]);
const notLinear = /embed|^wte$|^wpe$|norm|^ln_|relative_attention_bias/;
const dtypeNames: Record<string, string> = { F64: "float64", F32: "float32", F16: "float16", BF16: "bfloat16", I8: "int8", U8: "uint8" };

/** What the tables of contents of the weights say. A tied head that was saved all the same is the embedding a second time. */
export function factsOfWeights(headers: readonly SafetensorsHeader[], tiedEmbeddings: boolean): WeightFacts {
  const saved = headers.flatMap((header) => header.tensors);
  const tensors = tiedEmbeddings ? saved.filter((tensor) => !headNames.has(moduleName(tensor.name))) : saved;
  return {
    parameters: tensors.reduce((sum, tensor) => sum + countElements(tensor), 0),
    bytes: headers.reduce((sum, header) => sum + header.fileBytes, 0),
    dtype: mainDtype(saved),
    tiedEmbeddings,
    shards: headers.length,
    modules: groupModules(tensors),
    tensors: groupTensors(tensors),
  };
}

export const countElements = (tensor: Tensor): number => tensor.shape.reduce((product, size) => product * size, 1);

/**
 * Linear modules by last name, as LoRA targets them, read off names and shapes: a 2-D `….weight` that is no embedding.
 * Experts of a mixture are left out: transformers 5 joins them into one 3-D parameter, which is no linear module.
 */
function groupModules(tensors: readonly Tensor[]): ModuleGroup[] {
  const groups = new Map<string, ModuleGroup>();
  for (const tensor of tensors) {
    const name = linearModuleName(tensor);
    if (name === null) continue;
    const [rows = 0, columns = 0] = tensor.shape;
    const group = groups.get(name) ?? { name, count: 0, parameters: 0, inPlusOut: 0, head: headNames.has(name) };
    groups.set(name, {
      ...group,
      count: group.count + 1,
      parameters: group.parameters + rows * columns,
      inPlusOut: group.inPlusOut + rows + columns,
    });
  }
  return [...groups.values()];
}

function linearModuleName({ name, shape }: Tensor): string | null {
  if (shape.length !== 2 || !name.endsWith(".weight") || /\.experts\.\d+\./.test(name)) return null;
  const module = moduleName(name);
  return headNames.has(module) || !notLinear.test(module) ? module : null;
}

const moduleName = (tensorName: string): string => tensorName.split(".").at(-2) ?? "";

export function mainDtype(tensors: readonly Tensor[]): string {
  const bytes = new Map<string, number>();
  for (const tensor of tensors) bytes.set(tensor.dtype, (bytes.get(tensor.dtype) ?? 0) + tensor.bytes);
  const [main = "unknown"] = [...bytes].sort((a, b) => b[1] - a[1])[0] ?? [];
  return dtypeNames[main] ?? main.toLowerCase();
}
