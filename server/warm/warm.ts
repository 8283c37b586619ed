import * as z from "zod";
import { DatasetGuess, type DatasetMapping, DatasetRow, type ReplaceChange } from "../../lib/contract/dataset";
import { ReplacePreview } from "../../lib/contract/dataset-view";
import { InspectedRow, type RenderLook, TokenWarning } from "../../lib/contract/inspect";
import type { Env } from "../env";
import { AppError, invalidFields } from "../errors";
import type { Log } from "../log";
import { createQuestions, HelperError, type Questions } from "./questions";

/** The warm Python helper: the code that trains, asked about single rows. Rows are sent as they were read, never converted here. */
export type Warm = {
  guess(rows: unknown[], options?: Options): Promise<DatasetGuess[]>;
  /** Where a person begins who must say how the rows are read. */
  suggest(rows: unknown[], options?: Options): Promise<DatasetGuess>;
  convert(mapping: DatasetMapping, rows: RawRow[], options?: Options): Promise<DatasetRow[]>;
  /** What a replacement would do in these rows. */
  replace(question: ReplaceQuestion, options?: Options): Promise<Replaced>;
  inspect(question: InspectQuestion, options?: Options): Promise<InspectedRow>;
  /** Names of the templates that the trainer brings. */
  templates(options?: Options): Promise<string[]>;
  /** How much of these rows would be learned from. */
  sample(question: SampleQuestion, options?: Options): Promise<Sample>;
  /** Whether tokens were looked at lately, so that another look takes no start. */
  knowsTokens(): boolean;
  close(): Promise<void>;
};

/** A raw row and its number. `line`: its line in a file of lines, from 1. */
export type RawRow = { row: number; line: number | null; value: unknown };
export type InspectQuestion = {
  row: DatasetRow;
  model: { path: string; trustRemoteCode: boolean };
  cutoff: number;
  template?: { name: string } | { path: string };
  look?: RenderLook;
};
export type SampleQuestion = { rows: DatasetRow[]; model: InspectQuestion["model"]; cutoff: number };
export type ReplaceQuestion = { change: ReplaceChange; rows: RawRow[]; tables: boolean; mapping: DatasetMapping };
type Options = { timeoutMs?: number; signal?: AbortSignal };

const Sample = z.object({
  rows: z.int(),
  refused: z.int(),
  tokens: z.int(),
  trainedTokens: z.int().describe("Before the cutoff"),
  wholeTrainedTokens: z.int(),
  refusal: TokenWarning.nullable().describe("The first"),
});
export type Sample = z.infer<typeof Sample>;

const Replaced = ReplacePreview.omit({ from: true, lookedAt: true });
type Replaced = z.infer<typeof Replaced>;

const TIMEOUT_MS = 60_000;

export function createWarm({ env, log, idleSeconds = 600 }: { env: Env; log: Log; idleSeconds?: number }): Warm {
  const questions = createQuestions({ env, log, idleSeconds });
  return {
    guess: (rows, options) => ask(questions, "guess", { rows }, z.array(DatasetGuess), options),
    suggest: (rows, options) => ask(questions, "suggest", { rows }, DatasetGuess, options),
    convert: (mapping, rows, options) => ask(questions, "convert", { mapping, rows }, z.array(DatasetRow), options),
    replace: (question, options) => ask(questions, "replace", question, Replaced, options),
    inspect: (question, options) => ask(questions, "inspect", question, InspectedRow, options),
    templates: (options) => ask(questions, "templates", {}, z.array(z.string()), options),
    sample: (question, options) => ask(questions, "sample", question, Sample, options),
    knowsTokens: () => questions.answered("inspect") || questions.answered("sample"),
    close: () => questions.close(),
  };
}

async function ask<T>(
  questions: Questions,
  method: string,
  params: object,
  schema: z.ZodType<T>,
  { timeoutMs = TIMEOUT_MS, signal }: Options = {},
): Promise<T> {
  try {
    return schema.parse(await questions.ask({ method, params, timeoutMs, ...(signal && { signal }) }));
  } catch (error) {
    throw error instanceof HelperError ? toAppError(error) : error;
  }
}

function toAppError({ code, message, field }: HelperError): AppError {
  if (code === "busy") return new AppError("helper_busy", message);
  if (field !== undefined) return invalidFields([{ path: field, message }]);
  return new AppError("helper_failed", message, { params: { reason: message } });
}
