import { parameterAt, parameterParts, parameterTables } from "../../contract/parameters/tables";
import { methods, stages } from "../../contract/stages";
import { because, type Finding, show, takeFields, taken } from "./collect";
import { matchModel } from "./match";
import { nearest } from "./nearest";
import { isMapping } from "./parse-file";
import { asText, readList } from "./read-value";
import { importTrl } from "./trl";
import type { Import, Line, World } from "./types";

/** A run's spec as the page and the API have it, or a run's resolved.json. */
export function importTuneboard(file: Record<string, unknown>, world: World): Import {
  return isMapping(file.arguments) ? importResolved(file, world) : importSpec(file, world);
}

function importSpec(file: Record<string, unknown>, world: World): Import {
  const read: Import = { form: "tuneboard", values: {}, lines: [] };
  for (const [name, value] of Object.entries(file)) {
    if (isPart(name)) readPart(name, value, read);
    else if (name === "data" && isMapping(value))
      for (const found of dataFindings(value, world)) add(read, found.name ?? "data", value, found);
    else add(read, name, value, findingOf(name, value, world));
  }
  return read;
}

function findingOf(name: string, value: unknown, world: World): Finding {
  switch (name) {
    case "kind":
      return because("always");
    case "name":
      return { values: { name: asText(value) }, verdict: taken(["name"]) };
    case "modelId": {
      const match = matchModel(asText(value), world.models);
      if (match === null) return { verdict: { kind: "absent", what: "model", reference: asText(value) } };
      return { values: { modelId: match.found.id }, verdict: taken(["modelId"]) };
    }
    case "stage":
      return stages.some((one) => one === value)
        ? { values: { stage: value }, verdict: taken(["stage"]) }
        : because("stageNotHere", { value: asText(value) });
    case "method":
      return methods.some((one) => one === value)
        ? { values: { method: value }, verdict: taken(["method"]) }
        : because("methodNotHere", { value: asText(value) });
    case "startFrom":
      return { values: { startFrom: value }, verdict: taken(["startFrom"]) };
    default:
      return value === null
        ? because("off")
        : { verdict: { kind: "unknown", nearest: nearest(name, ["data", "training", ...parameterParts]) } };
  }
}

/** A setting that a spec may leave out stands at its default there. */
function readPart(part: keyof typeof parameterTables, value: unknown, read: Import): void {
  if (!isMapping(value)) return;
  const table = parameterTables[part];
  for (const name of Object.keys(table)) {
    const parameter = parameterAt(`${part}.${name}`);
    if (parameter?.schema.def.type === "default" && !(name in value)) read.values[`${part}.${name}`] = parameter.default;
  }
  for (const [name, setting] of Object.entries(value)) {
    const path = `${part}.${name}`;
    const known = parameterAt(path) !== null;
    add(
      read,
      path,
      setting,
      known ? takeExactly(path, setting) : { verdict: { kind: "unknown", nearest: nearest(name, Object.keys(table)) } },
    );
  }
}

/** Our own values need no translation: what the schema takes is meant. */
const takeExactly = (path: string, value: unknown): Finding =>
  parameterAt(path)?.schema.safeParse(value).success
    ? { values: { [path]: value }, verdict: taken([path]) }
    : takeFields({ [path]: value });

function dataFindings(data: Record<string, unknown>, world: World): Finding[] {
  const known = (id: unknown) => world.datasets.some((set) => set.id === id);
  const sets = Array.isArray(data.sets) ? data.sets.filter(isMapping) : [];
  const validation = isMapping(data.validation) ? data.validation : { type: "none" };
  const judges = readList(validation.datasetIds ?? []);
  const here = sets.filter(({ datasetId }) => known(datasetId));
  const gone = [...sets.map(({ datasetId }) => asText(datasetId)), ...judges].filter((id) => !known(id));
  const held = Object.entries(validation).map(([name, value]): [string, unknown] => [
    `data.validation.${name}`,
    name === "datasetIds" ? judges.filter(known) : value,
  ]);
  const values = {
    ...(here.length === 0
      ? {}
      : { "data.sets": here.map(({ datasetId, weight = 1, maxRows = null }) => ({ datasetId, weight, maxRows })) }),
    "data.mix": data.mix ?? "concatenate",
    ...Object.fromEntries(held),
  };
  const absent = gone.map((reference): Finding => ({ name: "datasetId", verdict: { kind: "absent", what: "data", reference } }));
  return [{ values, verdict: taken(Object.keys(values)) }, ...absent];
}

/** Arguments of transformers as they were in the end; the adapter's settings stand beside them under our names. */
function importResolved(file: Record<string, unknown>, world: World): Import {
  const args = isMapping(file.arguments) ? file.arguments : {};
  const read: Import = { ...importTrl(args, world), form: "tuneboard" };
  if (isMapping(file.lora)) {
    readPart("lora", file.lora, read);
    read.values.method = "lora";
  }
  for (const name of Object.keys(file)) if (!["arguments", "lora"].includes(name)) add(read, name, "", because("unusedHere"));
  return read;
}

const isPart = (name: string): name is keyof typeof parameterTables => Object.hasOwn(parameterTables, name);

function add(read: Import, name: string, value: unknown, { values, verdict }: Finding): void {
  Object.assign(read.values, values);
  const line: Line = { name, shown: show(name, value), verdict };
  read.lines.push(line);
}
