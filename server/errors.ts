import type * as z from "zod";
import type { ErrorCode, FieldProblem, WireError } from "../lib/contract/errors";
import { describeIssue } from "../lib/domain/field-problem";

type Details = {
  params?: Record<string, string | number>;
  fields?: FieldProblem[];
  cause?: unknown;
};

/** A refusal with a reason that the reader can act on; everything else that is thrown is a fault of ours. */
export class AppError extends Error {
  readonly params: Record<string, string | number> | undefined;
  readonly fields: FieldProblem[] | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { params, fields, cause }: Details = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "AppError";
    this.params = params;
    this.fields = fields;
  }
}

/** One or more fields of the input that can't be used, found after the schema had passed them. */
export function invalidFields(fields: FieldProblem[], code: ErrorCode = "invalid_field"): AppError {
  return new AppError(code, fields.map((field) => `${field.path}: ${field.message}`).join("\n"), { fields });
}

export function fromZod(error: z.ZodError, input: unknown): AppError {
  return invalidFields(
    error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => unknownField([...issue.path, key], input))
        : [fieldProblem(issue, valueAt(input, issue.path))],
    ),
    "bad_request",
  );
}

function fieldProblem(issue: z.core.$ZodIssue, value: unknown): FieldProblem {
  const { path, code, params } = describeIssue(issue, value);
  return { path, message: issue.message, code, params, value };
}

const unknownField = (path: PropertyKey[], input: unknown): FieldProblem => ({
  path: path.map(String).join("."),
  message: "There is no such field.",
  code: "unknownField",
  value: valueAt(input, path),
});

export const toWire = (error: AppError, requestId?: string): WireError => ({
  error: {
    code: error.code,
    message: error.message,
    ...(error.params && { params: error.params }),
    ...(error.fields && { fields: error.fields }),
    ...(requestId && { requestId }),
  },
});

export function statusOf(code: ErrorCode): 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 502 | 503 | 507 {
  return statuses[code];
}

const statuses = {
  bad_request: 400,
  invalid_field: 422,
  not_signed_in: 401,
  wrong_token: 401,
  too_many_attempts: 429,
  forbidden_host: 403,
  forbidden_origin: 403,
  not_found: 404,
  run_not_found: 404,
  model_not_found: 404,
  dataset_not_found: 404,
  checkpoint_not_found: 404,
  file_not_found: 404,
  run_not_active: 409,
  run_still_active: 409,
  run_wrong_kind: 409,
  cannot_resume: 409,
  in_use: 409,
  path_outside_roots: 422,
  path_missing: 422,
  path_not_a_folder: 422,
  path_not_writable: 422,
  model_not_readable: 422,
  model_pickle_only: 422,
  model_is_adapter: 422,
  model_needs_remote_code: 422,
  model_has_no_chat_template: 422,
  reward_model: 422,
  hub_unreachable: 502,
  hub_not_found: 422,
  dataset_not_readable: 422,
  dataset_empty: 422,
  dataset_format_unknown: 422,
  dataset_all_rows_bad: 422,
  dataset_file_changed: 409,
  row_not_found: 404,
  query_superseded: 409,
  query_too_large: 422,
  upload_too_large: 413,
  disk_full: 507,
  home_locked: 409,
  trainer_missing: 503,
  chat_worker_failed: 502,
  chat_worker_busy: 503,
  helper_failed: 502,
  helper_busy: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return typeof value === "object" && value !== null ? undefined : value;
}
