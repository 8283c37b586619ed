"use client";
import { useLocale, useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { NumberField } from "@/components/ui/number-field";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import type { Parameter } from "@/lib/contract/parameters/parameter";
import { type ParameterPath, parameterAt } from "@/lib/contract/parameters/tables";
import { needOf } from "@/lib/domain/machine-rules";
import { writeMore } from "@/lib/domain/more-lines";
import { formulaOf } from "@/lib/domain/schedule-formula";
import { type Control, controlOf } from "./control-of";
import { isChanged } from "./draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { NamesField } from "./names-field";
import { useProblemText } from "./use-problem-text";
import { useWords } from "./use-words";

/** One field of the form, drawn from the parameter table. */
export function ParameterField({ path }: { path: ParameterPath }) {
  const { resolved, check, reset } = useLaunch();
  const words = useWords();
  const problemText = useProblemText();
  const hint = useHint(path);
  const parameter = parameterAt(path);
  if (parameter === null) throw new Error(`${path} is not in the parameter table`);
  const control = controlOf(parameter.schema, parameter.default);
  const problem = problemAt(check, path);
  return (
    <Field
      id={fieldId(path)}
      label={words(parameter.label)}
      help={<Help parameter={parameter} formula={path === "training.scheduler" ? formulaOf(resolved.candidate[path]) : null} />}
      hint={hint}
      error={control.kind === "names" || !problem ? undefined : problemText(problem)}
      changed={isChanged(resolved, path)}
      onReset={() => reset(path)}
      className={control.kind === "names" || control.kind === "lines" ? "col-span-full" : undefined}
    >
      <ParameterControl path={path} control={control} parameter={parameter} />
    </Field>
  );
}

function ParameterControl({ path, control, parameter }: { path: ParameterPath; control: Control; parameter: Parameter }) {
  const t = useTranslations("launch");
  const { resolved, set, environment } = useLaunch();
  const value = resolved.candidate[path];
  const name = path.split(".")[1] ?? "";
  const needs = (option: string | boolean) => needOf(name, option, environment);
  switch (control.kind) {
    case "number":
      return (
        <NumberField
          value={asNumber(value)}
          onValueChange={(next) => set(path, next)}
          allowEmpty={control.allowEmpty}
          step={control.step}
          min={control.min}
          unit={parameter.unit && t(`unit.${parameter.unit}`)}
          placeholder={control.allowEmpty && t.has(`empty.${name}`) ? t(`empty.${name}`) : undefined}
        />
      );
    case "choice":
      return (
        <Select
          value={String(value)}
          onValueChange={(next) => set(path, next)}
          options={control.options.map((option) => {
            const need = needs(option);
            return need === null
              ? { value: option, label: option }
              : { value: option, label: option, disabled: true, detail: t(`needs.${need.code}`, need.params) };
          })}
        />
      );
    case "switch":
      return (
        <div className="control flex items-center gap-2.5">
          <Switch checked={value === true} disabled={value !== true && needs(true) !== null} onCheckedChange={(next) => set(path, next)} />
          <span className="text-sm">{value === true ? t("on") : t("off")}</span>
        </div>
      );
    case "names":
      return <NamesField path={path} />;
    case "lines":
      return <LinesField path={path} value={value} />;
  }
}

/** Lines stay as they are typed; what they mean is read when the spec is made. */
function LinesField({ path, value }: { path: ParameterPath; value: unknown }) {
  const { set } = useLaunch();
  const text = typeof value === "string" ? value : typeof value === "object" && value !== null ? writeMore(value) : "";
  return (
    <Textarea
      value={text}
      rows={Math.min(12, Math.max(2, text.split("\n").length))}
      spellCheck={false}
      placeholder="eval_delay: 10"
      onChange={(event) => set(path, event.target.value === "" ? {} : event.target.value)}
      className="font-mono text-xs"
    />
  );
}

/** The usual range under the field; where the run makes a field idle or gives it a number, that instead. */
function useHint(path: ParameterPath): string | undefined {
  const t = useTranslations("launch");
  const words = useWords();
  const { resolved, plan, data, environment } = useLaunch();
  const usual = parameterAt(path)?.usual;
  if (path === "training.evalEverySteps" && !data.wrong && data.counts.evalRows === 0) return t("noEvaluation");
  if (path === "training.epochs" && typeof resolved.candidate["training.maxSteps"] === "number") return t("epochsUnused");
  if (path === "training.ligerKernel") {
    const need = needOf("ligerKernel", true, environment);
    return need === null ? undefined : t(`needs.${need.code}`, need.params);
  }
  const range = usual && t("usual", { range: words(usual) });
  if (path === "training.warmupRatio" && typeof resolved.candidate["training.warmupSteps"] === "number") return t("warmupShareUnused");
  if (path === "training.warmupRatio" && plan !== null)
    return [t("warmupSteps", { steps: plan.warmupSteps }), range].filter(Boolean).join(" · ");
  return range;
}

function Help({ parameter, formula }: { parameter: Parameter; formula: string | null }) {
  const words = useWords();
  const t = useTranslations("launch");
  const locale = useLocale();
  return (
    <>
      <p>{words(parameter.help)}</p>
      {parameter.usual && <p className="mt-1.5 text-muted">{t("usual", { range: words(parameter.usual) })}</p>}
      {formula !== null && (
        <p className="mt-1.5 text-xs">
          <code>{formula}</code> <span className="text-muted">{t("formulaLetters")}</span>
        </p>
      )}
      <p className="mt-1.5 font-mono text-muted text-xs">
        {parameter.trl}
        {locale === "zh" && ` · ${parameter.label.en}`}
      </p>
    </>
  );
}

/** Null is an empty field; a value of another kind (an old draft) is shown as no number and named by the check. */
const asNumber = (value: unknown): number | null =>
  value === null || value === undefined ? null : typeof value === "number" ? value : Number.NaN;
