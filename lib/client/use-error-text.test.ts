import { createTranslator } from "use-intl/core";
import { expect, test } from "vitest";
import { ErrorCode, FieldProblemCode } from "../contract/errors";
import { FailureCode } from "../contract/event";
import en from "../i18n/en/errors.json";
import zh from "../i18n/zh/errors.json";
import { ApiError, type ClientErrorCode } from "./request";
import { errorSentence, failureText, fieldSentence, type Words } from "./use-error-text";

const SERVER = "A sentence of the server in English.";
const codes: readonly ClientErrorCode[] = [...ErrorCode.options, "unreachable"];
/** What only the server can say: its English sentence stands behind ours. */
const withDetail = new Set<ClientErrorCode>(["bad_request", "invalid_field"]);
/** As the server sends them; all at once, for each sentence takes what it needs. */
const params = {
  ...{ host: "box", name: "First light", kind: "export", checkpoint: "checkpoint-5", by: "Chat", path: "/models/a", roots: "/models" },
  ...{ problem: "p1", remedy: "r1", endpoint: "https://hub", reason: "why1", repo: "a/b", fileName: "rows.json", line: 3, row: 2 },
  ...{ limit: 2, neededBytes: 2048, freeBytes: 1024, python: "python3", requestId: "req1", failure: "model_invalid" },
};

/** The same for a field. */
const fieldParams = {
  ...{ minimum: 1, maximum: 9, rows: 10, most: 9, value: "0", limit: 512, layers: 4, steps: 30, save: 250, evaluate: 100, rate: 2e-4 },
  ...{ name: "First light", names: "q_proj", known: "k_proj", kind: "pairs", stage: "dpo", start: "onTop", checkpoint: "checkpoint-5" },
  ...{ package: "bitsandbytes", near: "optim", versions: "trl 1.13.0", own: "optimizer", kinds: "int" },
};

const words = (locale: "en" | "zh"): Words =>
  createTranslator({
    locale,
    messages: { errors: asMessages(locale === "en" ? en : zh) },
    namespace: "errors",
    onError: (error) => {
      throw error;
    },
  });
const errorOf = (code: ClientErrorCode, more: Record<string, string | number>) =>
  new ApiError(400, { code, message: SERVER, params: more });

test.each(codes)("%s is said in Chinese from its code and figures", (code) => {
  const sentence = errorSentence(words("zh"), "zh", errorOf(code, params));
  expect(sentence).toMatch(/\p{Script=Han}/u);
  expect(sentence).not.toMatch(/\bnone\b|[{}]/);
  if (!withDetail.has(code)) expect(sentence).not.toContain(SERVER);
});

test.each(codes)("%s can be said in both languages when the server tells no figures", (code) => {
  for (const locale of ["en", "zh"] as const) expect(errorSentence(words(locale), locale, errorOf(code, {}))).not.toMatch(/[{}]|undefined/);
});

test("sizes are told in units, and the figures of a full disk appear", () => {
  expect(errorSentence(words("zh"), "zh", errorOf("disk_full", params))).toContain("需要 2 KiB，剩余 1 KiB");
  expect(errorSentence(words("en"), "en", errorOf("upload_too_large", { limitBytes: 1024 }))).toContain("at most 1 KiB");
});

test.each(FieldProblemCode.options)("a field that is wrong by %s is told in Chinese, with its name", (code) => {
  const problem = {
    path: "spec.training.batchSize",
    message: SERVER,
    code,
    params: fieldParams,
    value: 0,
  };
  const sentence = fieldSentence(words("zh"), "zh", problem);
  expect(sentence).toMatch(/\p{Script=Han}/u);
  expect(sentence).not.toContain(SERVER);
  expect(fieldSentence(words("en"), "en", problem)).toBe(SERVER);
});

test("a request with wrong fields names them in Chinese", () => {
  const error = new ApiError(422, {
    code: "invalid_field",
    message: SERVER,
    fields: [{ path: "spec.training.batchSize", message: SERVER, code: "tooSmall", params: { minimum: 1, value: "0" } }],
  });
  expect(errorSentence(words("zh"), "zh", error)).toContain("batchSize 为 0，请不小于 1。");
});

test.each(FailureCode.options)("a worker that ended by %s has a Chinese title and remedy, and its own words as a detail", (code) => {
  const failure = { code, message: SERVER, remedy: "Do this.", traceback: null, exitCode: 1, signal: null };
  const chinese = failureText(words("zh"), "zh", failure);
  expect(chinese).toMatchObject({ body: null, detail: `${SERVER} Do this.` });
  expect(chinese.title).toMatch(/\p{Script=Han}/u);
  expect(chinese.remedy).toMatch(/\p{Script=Han}/u);
  expect(failureText(words("en"), "en", failure)).toMatchObject({ body: SERVER, remedy: "Do this.", detail: null });
});

/** Our own JSON; the translator would take each of its keys for a type. */
function asMessages(value: unknown) {
  return value as Record<string, string>;
}
