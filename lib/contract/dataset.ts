import * as z from "zod";
import { datasetFormats, xtunerMaps } from "./dataset-names";
import { WireError } from "./errors";
import { DatasetId, RunId } from "./ids";
import { MAX_SETS } from "./mix-names";
import { saidOf } from "./said";

/** How the rows of a file are shaped; which columns and tags mean what is said by the mapping. */
export const DatasetFormat = z.enum(datasetFormats);
export type DatasetFormat = z.infer<typeof DatasetFormat>;

export const XtunerMap = z.enum(xtunerMaps);
export type XtunerMap = z.infer<typeof XtunerMap>;

const Column = z.string().min(1).max(200).nullable();

/** Names of columns by their role, as in LLaMA-Factory's dataset_info.json; null: there is none. */
export const DatasetColumns = z.strictObject({
  prompt: Column,
  query: Column.describe("Added to the prompt on a new line, such as alpaca's input"),
  response: Column,
  history: Column,
  system: Column,
  messages: Column,
  tools: Column,
  chosen: Column,
  rejected: Column,
  label: Column.describe("KTO: true for a wanted answer"),
  responses: Column.describe("Ranked: a list of answers, best first, or with ranks"),
  text: Column,
});
export type DatasetColumns = z.infer<typeof DatasetColumns>;

const Tags = z.array(z.string().min(1).max(100)).max(20);

/** How a turn says who speaks. */
export const DatasetTags = z.strictObject({
  roleKey: z.string().min(1).max(100),
  contentKey: z.string().min(1).max(100),
  system: Tags,
  user: Tags,
  assistant: Tags,
  tool: Tags.describe("Results of tools: tool, observation"),
  functionCall: Tags.describe("Turns of the assistant that call a tool: function_call"),
});
export type DatasetTags = z.infer<typeof DatasetTags>;

/** All that is needed to turn a raw row into a canonical one; saved with the data set. */
export const DatasetMapping = z.strictObject({
  format: DatasetFormat,
  columns: DatasetColumns,
  tags: DatasetTags.nullable().describe("Null where the format has no turns"),
  xtunerMap: XtunerMap.nullable(),
  systemText: z.string().max(20_000).nullable().describe("System message for rows that have none"),
});
export type DatasetMapping = z.infer<typeof DatasetMapping>;

/** One way to read the rows, with how sure we are and why. */
export const DatasetGuess = z.object({
  mapping: DatasetMapping,
  confidence: z.number().min(0).max(1).describe("Share of the rows looked at that this mapping converts"),
  reason: z.string(),
  said: saidOf,
});
export type DatasetGuess = z.infer<typeof DatasetGuess>;

/** Something about a row. `drop`: it can't be trained as it is; `warn`: it can, and somebody should look. */
export const RowProblem = z.object({
  row: z.int().describe("Number of the row, from 0"),
  line: z.int().nullable().describe("Line in a file of lines, from 1"),
  field: z.string(),
  value: z.string().describe("The offending value, shortened"),
  reason: z
    .string()
    .describe("Code such as not_a_string, missing, empty_answer, unknown_role, bad_json, duplicate, near_duplicate, secret"),
  message: z.string(),
  said: saidOf,
  severity: z.enum(["drop", "warn"]),
});
export type RowProblem = z.infer<typeof RowProblem>;

/** What to do with rows that have a reason. `fix` only where `ReasonCount.fixable`; a `drop` severity can't be kept. */
export const ReasonAction = z.enum(["drop", "keep", "fix"]);
export type ReasonAction = z.infer<typeof ReasonAction>;

export const ReasonCount = z.object({
  reason: z.string(),
  severity: z.enum(["drop", "warn"]),
  rows: z.int(),
  action: ReasonAction.describe("What was done with them in this version"),
  fixable: z.boolean(),
  firstRow: z.int(),
});
export type ReasonCount = z.infer<typeof ReasonCount>;

export const ToolCall = z.object({ id: z.string().nullable(), name: z.string(), arguments: z.string().describe("JSON text") });
export type ToolCall = z.infer<typeof ToolCall>;

export const Message = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  reasoning: z.string().optional().describe("Thoughts before the answer, where the file keeps them apart"),
  toolCalls: z.array(ToolCall).optional(),
  name: z.string().optional().describe("Name of the tool that answers"),
  train: z.boolean().optional().describe("False: an answer that is shown to the model and not trained"),
});
export type Message = z.infer<typeof Message>;

/**
 * One canonical row: what the trainer reads is exactly what the page shows. `messages` is the conversation that SFT trains: for
 * preference pairs the prompt and the chosen answer, for KTO the prompt and the answer. Plain text has `text` and no messages.
 */
export const DatasetRow = z.object({
  index: z.int(),
  messages: z.array(Message).nullable(),
  text: z.string().nullable(),
  tools: z.array(z.record(z.string(), z.unknown())).nullable(),
  rejected: Message.nullable().describe("Preference: the answer that was not chosen"),
  ranked: z.array(Message).nullable().describe("Ranked: all answers, best first"),
  label: z.boolean().nullable().describe("KTO: whether the answer is wanted"),
  problem: RowProblem.nullable().describe("Why the row is left out; null for a row that trains"),
  warnings: z.array(RowProblem),
});
export type DatasetRow = z.infer<typeof DatasetRow>;

/** A row as a page gets it. */
export const ShownRow = DatasetRow.extend({
  cut: z.boolean().describe("Its longest texts were shortened, because the rows of the page are large; alone more of it is told"),
});
export type ShownRow = z.infer<typeof ShownRow>;

export const FileKind = z.enum(["json", "jsonl", "csv", "tsv", "parquet", "arrow", "text"]);
export type FileKind = z.infer<typeof FileKind>;

/** One file of a data set as it came. */
export const SourceFile = z.object({
  name: z.string().describe("Name that people gave it, folders included, such as part/0001.jsonl"),
  path: z.string().describe("Where it lies: below the home, or where the person keeps it"),
  managed: z.boolean().describe("Kept by us below the home; false: read where it lies and never changed"),
  kind: FileKind,
  compression: z.enum(["gzip", "zstd"]).nullable().describe("As it came; managed files are kept unpacked"),
  encoding: z.string().describe("utf-8, or what was found; managed text files are kept as UTF-8"),
  bytes: z.number(),
  modifiedAt: z.number().describe("Milliseconds; with bytes it tells that an outside file was changed"),
});
export type SourceFile = z.infer<typeof SourceFile>;

/** Result of a check of every row. */
export const DatasetReport = z.object({
  format: DatasetFormat,
  formatReason: z.string().describe("Why this format was recognised, in a sentence"),
  formatSaid: saidOf,
  fileType: FileKind,
  rows: z.int(),
  usableRows: z.int(),
  bytes: z.number(),
  sha256: z.string().describe("Of rows.jsonl: equal content, equal hash"),
  columns: z.array(z.string()),
  reasons: z.array(ReasonCount),
  problemCounts: z.record(z.string(), z.int()).describe("Rows left out, by reason"),
  problems: z.array(RowProblem).max(100).describe("The first; all of them are in problems.jsonl"),
  characters: z.object({ median: z.number(), p95: z.number(), max: z.number() }),
  turns: z.object({ mean: z.number(), max: z.int() }),
  systemRows: z.int(),
  toolRows: z.int(),
  unwantedRows: z
    .int()
    .optional()
    .describe("Usable rows with label false, which are not trained as answers; absent in reports of older releases"),
  replaced: z
    .object({ rows: z.int().describe("Rows in which something was replaced"), counts: z.array(z.int()).describe("By pair") })
    .optional()
    .describe("Of a version in which text was replaced"),
});
export type DatasetReport = z.infer<typeof DatasetReport>;

export const ReplacePair = z.strictObject({
  find: z.string().min(1, "Write the text to look for.").max(2000),
  replace: z.string().max(20_000).describe("Empty: the text is taken out"),
});
export type ReplacePair = z.infer<typeof ReplacePair>;

/** Where text is replaced. Keys and names of columns never are, and neither are numbers and other values that are no text. */
export const ReplaceScope = z.strictObject({
  paths: z
    .array(z.array(z.string().max(200)).min(1).max(20))
    .min(1, "Choose at least one place.")
    .max(200)
    .nullable()
    .describe("Keys from the row down, lists on the way left out, such as messages, content; all below counts. Null: all text"),
  matchCase: z.boolean(),
  wholeWord: z.boolean().describe("No letter or digit before and behind; in Chinese, words stand without spaces and so never match"),
});
export type ReplaceScope = z.infer<typeof ReplaceScope>;

/** Pairs are looked for at the same time, the longest first: what one of them wrote is not changed by another. */
export const ReplaceChange = z.strictObject({
  type: z.literal("replace"),
  pairs: z.array(ReplacePair).min(1).max(50),
  scope: ReplaceScope,
});
export type ReplaceChange = z.infer<typeof ReplaceChange>;

/** Rows of those that can be trained, in their order; the same seed draws the same rows. */
export const SampleChange = z.strictObject({
  type: z.literal("sample"),
  rows: z.int().min(1, "Draw at least one row."),
  seed: z.int().min(0).max(2_147_483_647),
});

/** Rows that also stand in validation, as the comparison of these sets found them (lib/contract/overlap.ts). */
export const LeaveOutChange = z.strictObject({
  type: z.literal("leave_out"),
  trainIds: z.array(DatasetId).min(1).max(MAX_SETS),
  validationIds: z.array(DatasetId).min(1, "Choose at least one set for validation.").max(MAX_SETS),
});
export type LeaveOutChange = z.infer<typeof LeaveOutChange>;

/** Changes that write the rows anew, into a file of the new version. */
export const RowsChange = z.discriminatedUnion("type", [ReplaceChange, SampleChange, LeaveOutChange]);
export type RowsChange = z.infer<typeof RowsChange>;

/** How a version came to be. */
export const DatasetChange = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("import") }),
  z.strictObject({ type: z.literal("remap") }),
  z.strictObject({ type: z.literal("fix"), actions: z.record(z.string(), ReasonAction) }),
  ReplaceChange,
  SampleChange,
  LeaveOutChange,
]);
export type DatasetChange = z.infer<typeof DatasetChange>;

export const DatasetSource = z.enum(["demo", "upload", "paste", "path", "hub", "registry", "derived"]);

/**
 * new: files are there and can be looked at, nobody has said how to read them; checking: every row is being read, or, while there are
 * no files, they are being fetched or unpacked; ready: can be trained;
 * failed: the check ended without a usable row, or a version that was to be made from another was not made; see the task.
 */
export const DatasetStatus = z.enum(["new", "checking", "ready", "failed"]);
export type DatasetStatus = z.infer<typeof DatasetStatus>;

/** One version of a data set. A version never changes once it is ready; a change makes another. */
export const Dataset = z.object({
  id: DatasetId,
  name: z.string(),
  source: DatasetSource,
  fileName: z.string().describe("Name of the first file"),
  familyId: DatasetId.describe("Id of the first version"),
  version: z.int().min(1),
  parentId: DatasetId.nullable(),
  change: DatasetChange,
  status: DatasetStatus,
  files: z.array(SourceFile),
  guesses: z.array(DatasetGuess).describe("Best first; empty where nothing is recognised"),
  mapping: DatasetMapping.nullable().describe("How the rows are or will be read"),
  taskId: RunId.nullable().describe("The newest check of it"),
  report: DatasetReport.nullable().describe("Not null exactly when ready"),
  fault: WireError.shape.error.optional().describe("Why the files that were fetched or unpacked are no data set"),
  createdAt: z.number(),
  usedByRuns: z.int(),
});
export type Dataset = z.infer<typeof Dataset>;
