"use client";
import { useLocale, useTranslations } from "use-intl";
import { useFieldText } from "@/lib/client/use-error-text";
import { parameterAt } from "@/lib/contract/parameters/tables";
import { assertNever } from "@/lib/domain/assert-never";
import { asRuleCode, type FieldTrouble } from "@/lib/domain/field-problem";
import { DEFAULT_EVAL_FRACTION } from "@/lib/domain/presets";
import type { Problem } from "./check";
import { readSets } from "./data-draft";
import { useLaunch } from "./launch-context";
import { useWords } from "./use-words";

/** A problem as one sentence in the page's language. */
export function useProblemText(): (problem: Problem) => string {
  const t = useTranslations("launch");
  const errors = useTranslations("errors");
  const locale = useLocale();
  const translate = useWords();
  const label = useFieldLabel();
  const fieldText = useFieldText();
  const { model } = useLaunch();
  const trouble = ({ path, code, params, sentence, words }: FieldTrouble): string => {
    if (words) return translate(words);
    if (path === "modelId") return t("problem.modelChoose");
    if (path.endsWith(".datasetId")) return t("problem.dataChoose");
    if (path === "data.validation.datasetIds" && code === "tooFew") return t("problem.validationChoose");
    // The table's own sentences say more, but are English; a value that breaks a pattern has a sentence of its own.
    if (locale === "en" && sentence !== null && code !== "missing") return sentence;
    if (code === "notAllowed" && path === "name") return t("problem.badName");
    if (code === "notAllowed" && (path.startsWith("freeze.") || path === "lora.targets" || path === "lora.modulesToSave"))
      return t("problem.badModule");
    const rule = asRuleCode(code);
    if (rule !== undefined) return errors(`field.${rule}`, { names: "", ...params });
    const example = String(parameterAt(path)?.default ?? (path.endsWith("fraction") ? DEFAULT_EVAL_FRACTION : 1));
    return t(`problem.${code}`, { field: label(path), example, value: "", minimum: 0, maximum: 0, ...params });
  };
  return (problem) => {
    switch (problem.kind) {
      case "schema":
        return trouble(problem.trouble);
      case "unknownTargets":
        return t("targets.unknown", { count: problem.unknown.length, names: problem.unknown.join(", "), known: problem.known.join(", ") });
      case "module":
        return errors(`field.${problem.problem.code}`, { name: model?.name ?? "", ...problem.problem.params });
      case "beyondContext":
        return t("problem.beyondContext", { value: problem.value, contextLength: problem.contextLength });
      case "noChatTemplate":
      case "modelMissing":
        return t(`problem.${problem.kind}`);
      case "data":
        return t(`problem.data.${problem.code}`, problem.params);
      case "counts":
        return errors(`field.${problem.code}`, problem.params);
      case "settings":
        return fieldText({ ...problem.field, params: { ...problem.field.params, field: label(problem.path) } });
      case "server":
        return fieldText(problem.field);
      default:
        return assertNever(problem);
    }
  };
}

/** Name of a field as its label shows it. */
export function useFieldLabel(): (path: string) => string {
  const t = useTranslations("launch");
  const words = useWords();
  const { resolved, find } = useLaunch();
  const setName = (at: string) =>
    find(readSets(resolved.candidate["data.sets"])[Number(at)]?.datasetId ?? "")?.name ?? String(Number(at) + 1);
  return (path) => {
    const [, at, field] = /^data\.sets\.(\d+)\.(weight|maxRows)$/.exec(path) ?? [];
    if (at !== undefined) return t(`data.${field}Of`, { name: setName(at) });
    const parameter = parameterAt(path);
    if (parameter !== null) return words(parameter.label);
    if (path === "modelId") return t("sections.model");
    if (path === "data.validation.fraction") return t("data.validationShare");
    if (path === "data.validation.rows") return t("data.validationRows");
    if (path.startsWith("data.validation")) return t("data.validation");
    if (path === "data.mix") return t("data.mix.label");
    if (path.startsWith("data")) return t("sections.data");
    if (path === "name") return t("name");
    if (path === "startFrom") return t("startFrom.label");
    return path === "method" ? t("method.label") : path;
  };
}
