import { MAX_WEIGHT, MIN_WEIGHT, type MixMode } from "../../contract/mix-names";
import { trainableRows } from "../stage-rows";
import { because, type Context, type Finding, type Rule, taken } from "./collect";
import { matchDataset } from "./match";
import { asText, isOff, readList, readNumber } from "./read-value";

/** Sets by name, path or id, with the cap and the weights that other arguments give them. */
const sets: Rule = (value, context) => {
  const names = readList(value);
  const cap = readNumber(context.at("max_samples"));
  const weights = weightsOf(names.length, context);
  const found = names.map((name) => ({ name, match: matchDataset(name, context.world.datasets) }));
  const chosen = found.flatMap(({ match }, at) => {
    if (match === null) return [];
    const { id, report } = match.found;
    return [
      { datasetId: id, weight: weights[at] ?? 1, maxRows: cap !== null && cap > 0 && cap < trainableRows(report, "sft") ? cap : null },
    ];
  });
  const unique = chosen.filter(({ datasetId }, at) => chosen.findIndex((one) => one.datasetId === datasetId) === at);
  const absent: Finding[] = found.flatMap(({ name, match }) =>
    match === null ? [{ name: "dataset", verdict: { kind: "absent", what: "data", reference: name } }] : [],
  );
  if (unique.length === 0) return absent;
  const guessed = found.some(({ match }) => match?.exact === false);
  return [
    {
      values: { "data.sets": unique },
      verdict: taken(["data.sets"], guessed ? { code: "byName", params: { names: namesOf(found) } } : undefined),
    },
    ...absent,
  ];
};

const namesOf = (found: readonly { match: ReturnType<typeof matchDataset> }[]): string =>
  found.flatMap(({ match }) => (match === null ? [] : [match.found.name])).join(", ");

/** Only the ratio counts; it is scaled so that each weight is one that the form allows. */
function weightsOf(count: number, { at }: Context): number[] {
  const given = readList(at("interleave_probs")).map(Number);
  if (given.length !== count || given.some((one) => !(one > 0))) return Array.from({ length: count }, () => 1);
  const least = Math.min(...given);
  return given.map((one) => Math.min(MAX_WEIGHT, Math.max(MIN_WEIGHT, Number((one / least).toPrecision(6)))));
}

const mixes: Record<string, MixMode> = {
  concat: "concatenate",
  interleave_under: "interleave_first",
  interleave_over: "interleave_all",
  // Every row once, in an order that the trainer's shuffle makes meaningless.
  interleave_once: "concatenate",
};

export const dataRules: Record<string, Rule> = {
  dataset: sets,
  eval_dataset: (value, { world }) => {
    if (isOff(value)) return because("off");
    const found = readList(value).map((name) => ({ name, match: matchDataset(name, world.datasets) }));
    const ids = found.flatMap(({ match }) => (match === null ? [] : [match.found.id]));
    const absent: Finding[] = found.flatMap(({ name, match }) =>
      match === null ? [{ verdict: { kind: "absent", what: "data", reference: name } }] : [],
    );
    if (ids.length === 0) return absent;
    const values = { "data.validation.type": "sets", "data.validation.datasetIds": [...new Set(ids)] };
    return [{ values, verdict: taken(["data.validation.datasetIds"]) }, ...absent];
  },
  mix_strategy: (value) => {
    const mix = mixes[asText(value)];
    if (mix === undefined) return because("valueNotHere", { value: asText(value) });
    const note = asText(value) === "interleave_once" ? ({ code: "everyRowOnce" } as const) : undefined;
    return { values: { "data.mix": mix }, verdict: taken(["data.mix"], note) };
  },
  interleave_probs: (value, { at }) => {
    if (isOff(value)) return because("off");
    // Read with the sets themselves.
    return asText(at("mix_strategy")).startsWith("interleave") ? { verdict: taken(["data.sets"]) } : because("off");
  },
  max_samples: (value, { at, world }) => {
    const cap = readNumber(value);
    if (cap === null || cap <= 0) return because("off");
    const found = readList(at("dataset")).flatMap((name) => matchDataset(name, world.datasets)?.found ?? []);
    if (found.length === 0) return because("follows");
    const capped = found.some(({ report }) => trainableRows(report, "sft") > cap);
    // Read with the sets themselves; the first rows of a set are not what the seed draws.
    return capped ? { verdict: taken(["data.sets"], { code: "drawnBySeed" }) } : because("enoughRows");
  },
  val_size: (value, { given }) => {
    const size = readNumber(value);
    if (size === null) return because("valueNotHere", { value: asText(value) });
    if (given("eval_dataset")) return because("off");
    if (size === 0) return { values: { "data.validation.type": "none" }, verdict: taken(["data.validation.type"]) };
    const path = size > 1 ? "data.validation.rows" : "data.validation.fraction";
    // One permutation over all rows there, one for each set here unless stratifying is off.
    const values = { "data.validation.type": size > 1 ? "rows" : "fraction", [path]: size, "data.validation.stratified": false };
    return { values, verdict: taken([path]) };
  },
  // Where rows lie is found by the names.
  dataset_dir: () => because("place"),
};
