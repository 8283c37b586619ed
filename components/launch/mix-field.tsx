"use client";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { mixModes } from "@/lib/contract/mix-names";
import { readMix } from "./data-draft";
import { isChanged } from "./draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { useProblemText } from "./use-problem-text";

/** How several sets become one epoch. */
export function MixField() {
  const t = useTranslations("launch.data.mix");
  const problemText = useProblemText();
  const { resolved, check, set, reset } = useLaunch();
  const problem = problemAt(check, "data.mix");
  const mix = readMix(resolved.candidate["data.mix"]);
  return (
    <Field
      id={fieldId("data.mix")}
      label={t("label")}
      hint={t(`${mix}Help`)}
      error={problem && problemText(problem)}
      changed={isChanged(resolved, "data.mix")}
      onReset={() => reset("data.mix")}
      className="mt-4"
    >
      <Segmented
        value={mix}
        onValueChange={(next) => set("data.mix", next)}
        aria-label={t("label")}
        options={mixModes.map((mode) => ({ value: mode, label: t(mode) }))}
        className="max-sm:flex max-sm:flex-col"
      />
    </Field>
  );
}
