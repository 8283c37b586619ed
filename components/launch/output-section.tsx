"use client";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { isChanged } from "./draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { ParameterGroupFields, Section } from "./section";
import { useProblemText } from "./use-problem-text";

export function OutputSection() {
  const t = useTranslations("launch");
  const problemText = useProblemText();
  const { resolved, check, set, reset } = useLaunch();
  const problem = problemAt(check, "name");
  const name = resolved.candidate.name;
  return (
    <Section name="output">
      <Field
        id={fieldId("name")}
        label={t("name")}
        help={t("nameHelp")}
        error={problem && problemText(problem)}
        changed={isChanged(resolved, "name")}
        onReset={() => reset("name")}
        className="mb-4"
      >
        <Input value={typeof name === "string" ? name : ""} onChange={(event) => set("name", event.target.value)} />
      </Field>
      <ParameterGroupFields group="output" />
    </Section>
  );
}
