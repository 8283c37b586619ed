import { useLocale, useTranslations } from "use-intl";
import type { FieldProblem } from "../contract/errors";
import type { RunFailure } from "../contract/run";
import { formatBytes } from "../domain/format";
import { ApiError } from "./request";

/** The sentences of one language: `errors` of the message files. */
export type Words = { (key: string, figures?: Record<string, string | number>): string; has(key: string): boolean };

/** One sentence for people: `errors.<code>` with the error's own figures; the server's English where there is no sentence. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations("errors");
  const locale = useLocale();
  return (error) => {
    if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
    return errorSentence(t, locale, error);
  };
}

/** The same for one field of a form. */
export function useFieldText(): (problem: FieldProblem) => string {
  const t = useTranslations("errors");
  const locale = useLocale();
  return (problem) => fieldSentence(t, locale, problem);
}

export type FailureText = { title: string; body: string | null; remedy: string; detail: string | null };

/** Why a worker ended. Its own English sentences say most; in another language they stand behind ours, as a detail. */
export function useFailureText(): (failure: RunFailure) => FailureText {
  const t = useTranslations("errors");
  const locale = useLocale();
  return (failure) => failureText(t, locale, failure);
}

export function errorSentence(t: Words, locale: string, error: Pick<ApiError, "code" | "message" | "params" | "fields">): string {
  if (!t.has(error.code)) return error.message;
  const fields = error.fields.map((problem) => fieldSentence(t, locale, problem));
  return t(error.code, { ...figuresOf(t, error), message: fields.length > 0 ? fields.join(" ") : error.message }).trim();
}

export function fieldSentence(t: Words, locale: string, { path, message, code, params, value }: FieldProblem): string {
  // The table's own English sentences say more than the general ones.
  if (locale === "en" || code === undefined) return message;
  const field = path.split(".").at(-1) ?? path;
  return t(`field.${code}`, { field, value: String(value ?? ""), minimum: 0, maximum: 0, ...absent, ...params });
}

export function failureText(t: Words, locale: string, failure: RunFailure): FailureText {
  const title = t(`failure.${failure.code}`);
  const remedy = t(`remedy.${failure.code}`);
  if (locale === "en") return { title, body: failure.message, remedy: failure.remedy ?? remedy, detail: null };
  return { title, body: null, remedy, detail: [failure.message, failure.remedy].filter(Boolean).join(" ") };
}

/** Values for the sentence; one that a refusal does not tell is `none`, which sentences choose by. */
function figuresOf(t: Words, { message, params }: Pick<ApiError, "message" | "params">): Record<string, string | number> {
  const size = (value: string | number | undefined) => (typeof value === "number" ? formatBytes(value) : "none");
  const failure = String(params.failure ?? "none");
  return {
    ...absent,
    reason: message,
    ...params,
    failure,
    cause: t.has(`failure.${failure}`) ? t(`failure.${failure}`) : "none",
    by: params.by ?? params.runs ?? "none",
    needed: size(params.neededBytes),
    free: size(params.freeBytes),
    limit: params.limitBytes === undefined ? (params.limit ?? "none") : size(params.limitBytes),
  };
}

/** Every figure that a sentence may take. */
const absent = Object.fromEntries(
  (
    "host name kind checkpoint by path roots problem remedy endpoint reason repo fileName line row limit needed free python requestId " +
    "names known limit rows most start"
  )
    .split(" ")
    .map((figure) => [figure, "none"]),
);
