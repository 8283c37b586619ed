"use client";
import { useTranslations } from "use-intl";
import { readNames, readSets } from "../data-draft";
import { useLaunch } from "../launch-context";
import { useFieldLabel } from "../use-problem-text";
import { nameOf } from "../use-sets";

/** Names of fields; the stage has no field of that kind. */
export function useLabel(): (path: string) => string {
  const t = useTranslations("import");
  const label = useFieldLabel();
  return (path) => (path === "stage" ? t("stage") : label(path));
}

/** A field's value as a person reads it: names in place of ids. */
export function useShownValue(): (path: string, value: unknown) => string {
  const t = useTranslations("import");
  const launch = useTranslations("launch");
  const { models, find } = useLaunch();
  const setName = (id: string | null): string => {
    const found = find(id ?? "");
    return found === null ? t("empty") : nameOf(found);
  };
  return (path, value) => {
    if (path === "modelId") return models.find(({ id }) => id === value)?.name ?? t("empty");
    if (path === "data.sets")
      return readSets(value)
        .map(({ datasetId, maxRows }) =>
          maxRows === null ? setName(datasetId) : t("rowsAtMost", { name: setName(datasetId), rows: maxRows }),
        )
        .join(", ");
    if (path === "data.validation.datasetIds") return readNames(value).map(setName).join(", ") || t("empty");
    if (path === "data.validation.type" || path === "data.mix") {
      const key = path === "data.mix" ? `data.mix.${String(value)}` : `data.validationType.${String(value)}`;
      return launch.has(key) ? launch(key) : String(value);
    }
    if (typeof value === "boolean") return t(value ? "on" : "off");
    // A start from a checkpoint: its run, its number, and how.
    if (path === "startFrom" && typeof value === "object" && value !== null) return Object.values(value).join(" · ");
    if (Array.isArray(value)) return value.join(", ") || t("empty");
    if (typeof value === "number" && value !== 0 && Math.abs(value) < 1e-3) return value.toExponential();
    if (value !== null && value !== undefined && value !== "") return String(value);
    const key = `empty.${path.split(".").at(-1)}`;
    return launch.has(key) ? launch(key) : t("empty");
  };
}
