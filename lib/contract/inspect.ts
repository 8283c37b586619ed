import * as z from "zod";
import { DatasetId, ModelId } from "./ids";
import { saidOf } from "./said";

/** A chat template to look at rows with in place of the model's own: one that trl brings, or a file inside the allowed folders. */
export const TemplateChoice = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("bundled"), name: z.string().regex(/^[a-z0-9_]{1,80}$/, "must be a name of the list of templates") }),
  z.strictObject({ type: z.literal("file"), path: z.string().min(1).max(4096) }),
]);
export type TemplateChoice = z.infer<typeof TemplateChoice>;

/** What of a row the template is shown. A training shows all and asks for nothing. */
export const RenderLook = z.strictObject({
  tools: z.boolean().describe("Definitions of tools"),
  reasoning: z.boolean().describe("Thoughts that the file keeps apart"),
  prompt: z.boolean().describe("What asks for the next answer, behind the row"),
});
export type RenderLook = z.infer<typeof RenderLook>;

/** How a row is rendered and cut; without template and look the same as in a training. */
export const RenderSettings = z.strictObject({
  modelId: ModelId,
  cutoffLength: z.int().min(16).max(1_048_576),
  template: TemplateChoice.optional(),
  look: RenderLook.optional(),
});
export type RenderSettings = z.infer<typeof RenderSettings>;

export const TokenWarning = z.object({ code: z.string(), message: z.string(), said: saidOf });
export type TokenWarning = z.infer<typeof TokenWarning>;

/** One row as the training sees it. Parallel lists, one entry a token. */
export const InspectedRow = z.object({
  index: z.int(),
  text: z.string().describe("The rendered conversation"),
  ids: z.array(z.int()),
  pieces: z
    .array(z.string())
    .describe("Text of each token; joined they are `text`. Empty for a token that brings only later bytes of a character"),
  trained: z.array(z.boolean()),
  special: z.array(z.boolean()),
  cutAt: z.int().nullable().describe("Index of the first token behind the cutoff; null when all fit"),
  tokens: z.int().describe("Of the whole row; the lists above and the text end at 32,768 tokens"),
  trainedTokens: z.int().describe("Before the cutoff"),
  maskMethod: z.enum(["generation", "cursor", "all"]).describe("generation: the template's own marks; all: plain text"),
  refused: TokenWarning.nullable().describe("Why this row can't be trained; the tokens are then shown without marks"),
  warnings: z.array(TokenWarning).describe("end_token_added, no_end_token, tools_dropped, thought_dropped, content_cut, unknown_signs"),
});
export type InspectedRow = z.infer<typeof InspectedRow>;

export const LengthSettings = z.strictObject({ datasetId: DatasetId, modelId: ModelId });
export type LengthSettings = z.infer<typeof LengthSettings>;

/**
 * Lengths of all usable rows with one tokenizer and template. Everything that a cutoff changes is counted in the browser from the
 * two histograms (exact: one bucket a length up to 4,096 tokens, then 64 buckets a doubling).
 */
export const LengthReport = z.object({
  rows: z.int(),
  refusedRows: z.int(),
  refusals: z.record(z.string(), z.int()),
  tokens: z.number(),
  trainedTokens: z.number(),
  zeroTrainedRows: z.int().describe("Rows without any trained token, whatever the cutoff"),
  percentiles: z.object({ p1: z.int(), p5: z.int(), p25: z.int(), p50: z.int(), p75: z.int(), p95: z.int(), p99: z.int(), max: z.int() }),
  /** Parallel lists, ascending: rows of this length, and the sums of what they would train. */
  buckets: z.object({ length: z.array(z.int()), rows: z.array(z.int()), trained: z.array(z.number()) }),
  /** At each cutoff of this list: what is left. */
  cutoffs: z.array(
    z.object({
      cutoff: z.int(),
      truncatedRows: z.int(),
      lostEndRows: z.int(),
      untrainedRows: z.int().describe("Rows in which nothing is left to learn"),
      tokens: z.number(),
      trainedTokens: z.number(),
      paddingShare: z.number().describe("Padding in random batches of 8, share of all positions"),
      groupedPaddingShare: z.number().describe("The same with rows of like length together"),
      packing: z.object({
        bestFit: z.number().describe("Share of positions filled, best-fit decreasing as trl's bfd"),
        wrapped: z.number().describe("Concatenate and cut"),
      }),
    }),
  ),
  warnings: z.record(z.string(), z.int()),
});
export type LengthReport = z.infer<typeof LengthReport>;
