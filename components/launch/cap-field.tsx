"use client";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { useProblemText } from "./use-problem-text";
import { useSets } from "./use-sets";

/** At most so many rows of a set; empty for all of them. */
export function CapField({ at, className }: { at: number; className?: string }) {
  const t = useTranslations("launch");
  const problemText = useProblemText();
  const { check } = useLaunch();
  const { sets, change } = useSets();
  const path = `data.sets.${at}.maxRows`;
  const problem = problemAt(check, path);
  const value = sets[at]?.maxRows ?? null;
  return (
    <Field
      id={fieldId(path)}
      label={t("data.maxRows")}
      help={t("data.maxRowsHelp")}
      error={problem && problemText(problem)}
      className={className}
    >
      <NumberField
        allowEmpty
        value={value}
        onValueChange={(maxRows) => change(at, { maxRows })}
        min={1}
        unit={t("unit.rows")}
        placeholder={t("data.allOfThem")}
      />
    </Field>
  );
}
