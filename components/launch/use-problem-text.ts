"use client";
import { useLocale, useTranslations } from "use-intl";
import { assertNever } from "@/lib/domain/assert-never";
import type { FieldTrouble } from "@/lib/domain/field-problem";
import { DEFAULT_EVAL_FRACTION } from "@/lib/domain/presets";
import type { Problem } from "./check";
import { type FieldPath, parameterOf } from "./draft";
import { useWords } from "./use-words";

/** A problem as one sentence in the page's language. */
export function useProblemText(): (problem: Problem) => string {
  const t = useTranslations("launch");
  const locale = useLocale();
  const label = useFieldLabel();
  const trouble = ({ path, code, params, sentence }: FieldTrouble): string => {
    if (path === "modelId") return t("problem.modelChoose");
    if (path === "datasetId") return t("problem.dataChoose");
    // The table's own sentences say more, but are English; a value that breaks a pattern has a sentence of its own.
    if (locale === "en" && sentence !== null && code !== "missing") return sentence;
    if (code === "notAllowed" && path === "name") return t("problem.badName");
    if (code === "notAllowed" && path === "lora.targets") return t("problem.badModule");
    const example = String(parameterOf(asPath(path))?.default ?? DEFAULT_EVAL_FRACTION);
    return t(`problem.${code}`, { field: label(path), example, value: "", minimum: 0, maximum: 0, ...params });
  };
  return (problem) => {
    switch (problem.kind) {
      case "schema":
        return trouble(problem.trouble);
      case "unknownTargets":
        return t("targets.unknown", { count: problem.unknown.length, names: problem.unknown.join(", "), known: problem.known.join(", ") });
      case "beyondContext":
        return t("problem.beyondContext", { value: problem.value, contextLength: problem.contextLength });
      case "noChatTemplate":
      case "modelMissing":
      case "noRows":
        return t(`problem.${problem.kind}`);
      case "server":
        return problem.message;
      default:
        return assertNever(problem);
    }
  };
}

/** Name of a field as its label shows it. */
export function useFieldLabel(): (path: string) => string {
  const t = useTranslations("launch");
  const words = useWords();
  return (path) => {
    const parameter = parameterOf(asPath(path));
    if (parameter !== null) return words(parameter.label);
    if (path === "modelId") return t("sections.model");
    if (path === "datasetId") return t("sections.data");
    if (path === "evalFraction") return t("data.validation");
    if (path === "name") return t("name");
    return path === "method" ? t("method.label") : path;
  };
}

/** A server may name a field that this form does not have; looking it up then finds nothing. */
const asPath = (path: string): FieldPath => path as FieldPath;
