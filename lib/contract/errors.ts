import * as z from "zod";

/**
 * Every reason for which the server refuses. The sentence for people is chosen once, in the browser,
 * from `errors.<code>` of the message files with `params`; `message` is the English one for scripts and logs.
 */
export const ErrorCode = z.enum([
  "bad_request",
  "invalid_field",
  "not_signed_in",
  "wrong_token",
  "too_many_attempts",
  "forbidden_host",
  "forbidden_origin",
  "not_found",
  "run_not_found",
  "model_not_found",
  "dataset_not_found",
  "checkpoint_not_found",
  "file_not_found",
  "run_not_active",
  "run_still_active",
  "run_wrong_kind",
  "cannot_resume",
  "in_use",
  "path_outside_roots",
  "path_missing",
  "path_not_a_folder",
  "path_not_writable",
  "model_not_readable",
  "model_pickle_only",
  "model_is_adapter",
  "model_needs_remote_code",
  "model_has_no_chat_template",
  "hub_unreachable",
  "hub_not_found",
  "dataset_not_readable",
  "dataset_empty",
  "dataset_format_unknown",
  "dataset_all_rows_bad",
  "dataset_file_changed",
  "row_not_found",
  "query_superseded",
  "query_too_large",
  "upload_too_large",
  "disk_full",
  "home_locked",
  "trainer_missing",
  "chat_worker_failed",
  "chat_worker_busy",
  "helper_failed",
  "helper_busy",
  "internal",
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** What can be wrong with a field; the sentence for people is `errors.field.<code>` with `params`. */
export const FieldProblemCode = z.enum([
  "missing",
  "notNumber",
  "notWhole",
  "tooSmall",
  "notAbove",
  "tooBig",
  "tooFew",
  "tooMany",
  "tooLong",
  "notAllowed",
  "unknownField",
  "unknownModules",
  "beyondContext",
  "noUsableRow",
  "oneUsableRow",
  "tooManyHeldOut",
  "noRowByWeight",
  "tooManyRepeats",
  "notChecked",
  "changedSince",
  "noAdapter",
  "baseMissing",
  "quantised",
  "adapterStart",
  "nothingLearns",
  "startNeedsAdapter",
  "pissaRounded",
  "twiceTrained",
  "embeddingWhole",
  "onTopRounded",
  "onTopDora",
  "beyondLayers",
  "noBias",
  "startGone",
  "startOtherModel",
  "packageMissing",
]);
export type FieldProblemCode = z.infer<typeof FieldProblemCode>;

/** One field that is wrong: where, what was there, why, what to do. */
export const FieldProblem = z.object({
  path: z.string().describe("Dotted path in the input, such as training.learningRate"),
  message: z.string(),
  code: FieldProblemCode.optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  value: z.unknown().optional(),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

export const WireError = z.object({
  error: z.object({
    code: ErrorCode,
    message: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    fields: z.array(FieldProblem).optional(),
    requestId: z.string().optional(),
  }),
});
export type WireError = z.infer<typeof WireError>;
