import type { TrainSpec } from "../contract/job-spec";
import type { MixMode } from "../contract/mix-names";
import { adapterUnsaid } from "./command-method";
import { pythonLoad, type StageNote, stageNotes } from "./command-stage";
import type { MixCounts } from "./mix";
import { type RowKind, rowKindOf } from "./stage-rows";

/** One data set with its `rows.jsonl`, as prepared on import. */
export type CommandSet = { name: string; rowsPath: string };

/** The sets of the spec in its order, and what `mixCounts` says of them. */
export type CommandData = { sets: readonly CommandSet[]; validation: readonly CommandSet[]; counts: MixCounts };

/** What LLaMA-Factory does in another way; the page has the words. */
export type CommandNote =
  | StageNote
  | "capByChance"
  | "interleaveByChance"
  | "heldOutByChance"
  | "heldOutAfterMixing"
  | "adapterUnsaid"
  | "startUnsaid";

type Arguments = Record<string, string | number | boolean>;

/** `dataset`, `eval_dataset` and how they are mixed; a share is given as its number of rows, because it would be rounded up there. */
export function llamaFactoryData({ data }: TrainSpec, inputs: CommandData): Arguments {
  const keys = keysOf(inputs);
  const evalKeys = keys.slice(inputs.sets.length);
  const strategy = strategyOf(data);
  const whole = data.sets.reduce((sum, { weight }) => sum + weight, 0);
  const shares = data.sets.map(({ weight }) => Number((weight / whole).toPrecision(12)));
  return {
    dataset: keys.slice(0, inputs.sets.length).join(","),
    ...(evalKeys.length === 0 ? {} : { eval_dataset: evalKeys.join(",") }),
    dataset_dir: ".",
    ...(strategy === null ? {} : { mix_strategy: strategy, interleave_probs: shares.join(",") }),
    ...valSize(data, inputs.counts),
  };
}

export function llamaFactoryNotes(spec: TrainSpec): CommandNote[] {
  const { data } = spec;
  const held = data.validation.type === "fraction" || data.validation.type === "rows";
  const mixes = strategyOf(data) !== null;
  const notes: [boolean, CommandNote][] = [
    [data.sets.some(({ maxRows }) => maxRows !== null), "capByChance"],
    [mixes, "interleaveByChance"],
    [held && !mixes, "heldOutByChance"],
    [held && mixes, "heldOutAfterMixing"],
    [adapterUnsaid(spec), "adapterUnsaid"],
    [spec.startFrom !== null, "startUnsaid"],
  ];
  return [...stageNotes(spec), ...notes.flatMap(([applies, note]) => (applies ? [note] : []))];
}

/** dataset_info.json; a cap is `num_samples` there, for each set its own, where `max_samples` would be one number for all. */
export function datasetInfo({ data, stage }: TrainSpec, inputs: CommandData): object {
  const keys = keysOf(inputs);
  const kind = rowKindOf(stage);
  return Object.fromEntries(
    [...inputs.sets, ...inputs.validation].map(({ rowsPath }, at) => {
      const counts = inputs.counts.sets[at];
      const capped = data.sets[at]?.maxRows != null && counts !== undefined && counts.kept < counts.rows;
      // Pairs stand apart there: the set is exported in that form first.
      const file = kind === "pairs" ? `${keys[at]}.json` : rowsPath;
      return [keys[at], { file_name: file, ...(capped ? { num_samples: counts.kept } : {}), ...ourForm, ...formOf[kind] }];
    }),
  );
}

/** Loads, caps, holds out and mixes: the same permutations and counts as the trainer's, so these are the same rows. */
export function pythonData(spec: TrainSpec, { sets, validation, counts }: CommandData): string[] {
  const { data, training } = spec;
  const chosen = sets.map(({ rowsPath }, at) => {
    const { kept, validation: held, train } = counts.sets[at] ?? { kept: 0, validation: 0, train: 0 };
    return `    (${JSON.stringify(rowsPath)}, ${kept}, ${held}, ${train}),`;
  });
  const judges = data.validation.type === "sets";
  return [
    "# One set a line: its rows, how many take part, how many of these are held out, how many an epoch holds.",
    "SETS = [",
    ...chosen,
    "]",
    ...(judges ? ["VALIDATION = [", ...validation.map(({ rowsPath }) => `    ${JSON.stringify(rowsPath)},`), "]"] : []),
    `SEED = ${training.seed}`,
    "",
    "",
    ...pythonLoad(spec),
    "",
    "",
    "train, held_out = [], []",
    "for path, kept, held, rows in SETS:",
    "    lines = load(path)",
    "    order = list(range(len(lines)))",
    "    random.Random(SEED).shuffle(order)",
    "    pool = order[held:kept]",
    "    train += [lines[at] for at in sorted(pool[place % len(pool)] for place in range(rows))]",
    "    held_out += [lines[at] for at in sorted(order[:held])]",
    ...(judges ? ["for path in VALIDATION:", "    held_out += load(path)"] : []),
    "train, held_out = Dataset.from_list(train), Dataset.from_list(held_out) if held_out else None",
  ];
}

const mixStrategy: Record<MixMode, string | null> = {
  concatenate: null,
  interleave_first: "interleave_under",
  interleave_all: "interleave_over",
};
const strategyOf = ({ mix, sets }: TrainSpec["data"]): string | null => (sets.length > 1 ? mixStrategy[mix] : null);

/** LLaMA-Factory reads numbers above 1 as rows, and everything else as a share. */
function valSize({ validation }: TrainSpec["data"], { evalRows, trainRows }: MixCounts): Arguments {
  if (validation.type === "none" || validation.type === "sets" || evalRows === 0) return {};
  return { val_size: evalRows > 1 ? evalRows : Number((1 / (trainRows + evalRows)).toPrecision(6)) };
}

/** Keys of dataset_info.json: the names without what a command line can't hold, each once. */
function keysOf({ sets, validation }: CommandData): string[] {
  const keys: string[] = [];
  for (const { name } of [...sets, ...validation]) {
    const key = name.replace(/[^\p{L}\p{N}_-]+/gu, "_");
    let unique = key;
    for (let number = 2; keys.includes(unique); number += 1) unique = `${key}_${number}`;
    keys.push(unique);
  }
  return keys;
}

const formOf: Record<RowKind, object> = {
  answers: {},
  // A text stands where alpaca has its prompt, and nothing else of a conversation is named.
  texts: { formatting: "alpaca", columns: { prompt: "text" }, tags: undefined },
  pairs: { ranking: true, columns: { messages: "messages", chosen: "chosen", rejected: "rejected" } },
  verdicts: { columns: { messages: "messages", kto_tag: "label" } },
};

const ourForm = {
  formatting: "sharegpt",
  columns: { messages: "messages" },
  tags: {
    role_tag: "role",
    content_tag: "content",
    user_tag: "user",
    assistant_tag: "assistant",
    system_tag: "system",
    observation_tag: "tool",
  },
};
