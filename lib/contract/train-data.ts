import * as z from "zod";
import { DatasetId } from "./ids";
import { MAX_SETS, MAX_WEIGHT, MIN_WEIGHT, mixModes } from "./mix-names";

/** One set of a mixture. */
export const TrainSet = z.strictObject({
  datasetId: DatasetId,
  weight: z
    .number()
    .min(MIN_WEIGHT, `A weight is at least ${MIN_WEIGHT}; take the set out to train without it.`)
    .max(MAX_WEIGHT, `A weight is at most ${MAX_WEIGHT}; only the ratio of the weights counts.`)
    .describe("Share of the set when sets are interleaved; concatenating does not look at it"),
  maxRows: z
    .int("A number of rows is whole.")
    .min(1, "A cap of 0 rows leaves nothing; take the set out instead.")
    .max(1_000_000_000)
    .nullable()
    .describe("At most so many of its usable rows take part, drawn by the seed; null: all"),
});
export type TrainSet = z.infer<typeof TrainSet>;

const stratified = z.boolean().describe("Each set gives in proportion to its rows; false: drawn from all rows together");

/** Where the rows come from on which the model is judged. They are taken before mixing, and never trained. */
export const Validation = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({
    type: z.literal("fraction"),
    fraction: z
      .number()
      .gt(0, "A share is above 0; choose no validation to hold out nothing.")
      .max(0.5, "More than half of the rows for validation leaves too little to train on."),
    stratified,
  }),
  z.strictObject({
    type: z.literal("rows"),
    rows: z.int("A number of rows is whole.").min(1, "Hold out at least one row, or choose no validation.").max(1_000_000_000),
    stratified,
  }),
  z.strictObject({
    type: z.literal("sets"),
    datasetIds: z
      .array(DatasetId)
      .min(1, "Choose at least one set for validation.")
      .max(MAX_SETS, `At most ${MAX_SETS} sets can be named.`)
      .describe("All usable rows of these sets"),
  }),
]);
export type Validation = z.infer<typeof Validation>;

/** The data of a training: which sets, how they are mixed, and what is held out. Counts follow lib/domain/mix.ts. */
export const TrainData = z
  .strictObject({
    sets: z.array(TrainSet).min(1, "Choose at least one data set.").max(MAX_SETS, `At most ${MAX_SETS} sets can be mixed.`),
    mix: z
      .enum(mixModes)
      .describe("concatenate: every row once; interleave_first: by weight until the first set is used up; interleave_all: until all are"),
    validation: Validation,
  })
  .superRefine(({ sets, validation }, context) => {
    const trained = sets.map(({ datasetId }) => datasetId);
    const held = validation.type === "sets" ? validation.datasetIds : [];
    const refuse = (path: (string | number)[], message: string, input: string) =>
      context.addIssue({ code: "custom", path, message, input });
    for (const [at, id] of trained.entries())
      if (trained.indexOf(id) < at)
        refuse(["sets", at, "datasetId"], `${id} is in the mixture already; give it a larger weight instead.`, id);
    for (const [at, id] of held.entries()) {
      const path = ["validation", "datasetIds", at];
      if (held.indexOf(id) < at) refuse(path, `${id} is already among the sets for validation.`, id);
      else if (trained.includes(id))
        refuse(path, `${id} is trained, so it can't judge what was learned; choose another set, or hold out a share.`, id);
    }
  });
export type TrainData = z.infer<typeof TrainData>;
