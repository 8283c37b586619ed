"use client";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { Segmented } from "@/components/ui/segmented";
import { Switch } from "@/components/ui/switch";
import { useFormat } from "@/lib/client/use-format";
import { validationTypes } from "@/lib/contract/mix-names";
import { readSets, readValidationType } from "./data-draft";
import { isChanged } from "./draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { useProblemText } from "./use-problem-text";
import { ValidationSets } from "./validation-sets";

/** Where the rows come from on which the model is measured. */
export function ValidationFields() {
  const t = useTranslations("launch.data");
  const format = useFormat();
  const { resolved, data, set, reset } = useLaunch();
  const type = readValidationType(resolved.candidate["data.validation.type"]);
  const several = readSets(resolved.candidate["data.sets"]).length > 1;
  const { evalRows } = data.counts;
  const hint = data.wrong ? undefined : evalRows === 0 ? t("holdsOutNone") : t("holdsOut", { count: format.count(evalRows) });
  return (
    <div className="mt-4 grid gap-4">
      <div className="grid gap-4 sm:grid-cols-[auto_minmax(0,168px)_minmax(0,1fr)]">
        <Field
          id={fieldId("data.validation.type")}
          label={t("validation")}
          help={t("validationHelp")}
          hint={hint}
          changed={isChanged(resolved, "data.validation.type")}
          onReset={() => reset("data.validation.type")}
        >
          <Segmented
            value={type}
            onValueChange={(next) => set("data.validation.type", next)}
            aria-label={t("validation")}
            options={validationTypes.map((one) => ({ value: one, label: t(`validationType.${one}`) }))}
            className="max-sm:flex"
          />
        </Field>
        {type === "fraction" && <FigureField path="data.validation.fraction" label={t("validationShare")} step={0.01} max={0.5} />}
        {type === "rows" && <FigureField path="data.validation.rows" label={t("validationRows")} step={1} unit="rows" />}
        {several && (type === "fraction" || type === "rows") && <StratifiedField />}
      </div>
      {type === "sets" && <ValidationSets />}
    </div>
  );
}

type FigureProps = {
  path: "data.validation.fraction" | "data.validation.rows";
  label: string;
  step: number;
  max?: number;
  unit?: "rows";
};

function FigureField({ path, label, unit, ...range }: FigureProps) {
  const t = useTranslations("launch");
  const problemText = useProblemText();
  const { resolved, check, set, reset } = useLaunch();
  const problem = problemAt(check, path);
  const value = resolved.candidate[path];
  return (
    <Field
      id={fieldId(path)}
      label={label}
      hint={path === "data.validation.fraction" ? t("data.validationUsual") : undefined}
      error={problem && problemText(problem)}
      changed={isChanged(resolved, path)}
      onReset={() => reset(path)}
    >
      <NumberField
        {...range}
        min={0}
        value={typeof value === "number" ? value : Number.NaN}
        onValueChange={(next) => set(path, next)}
        unit={unit && t(`unit.${unit}`)}
      />
    </Field>
  );
}

function StratifiedField() {
  const t = useTranslations("launch.data");
  const path = "data.validation.stratified";
  const { resolved, set } = useLaunch();
  const on = resolved.candidate[path] === true;
  return (
    <Field id={fieldId(path)} label={t("stratified")} hint={t(on ? "stratifiedOn" : "stratifiedOff")}>
      <div className="control flex items-center">
        <Switch checked={on} onCheckedChange={(next) => set(path, next)} />
      </div>
    </Field>
  );
}
