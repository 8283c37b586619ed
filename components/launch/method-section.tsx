"use client";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { fieldId, useLaunch } from "./launch-context";
import { ParameterGroupFields, Section } from "./section";

export function MethodSection() {
  const t = useTranslations("launch.method");
  const { resolved, set } = useLaunch();
  return (
    <Section name="method">
      <Field id={fieldId("method")} label={t("label")} help={t("help")} hint={t(resolved.method === "lora" ? "loraHint" : "fullHint")}>
        <Segmented
          value={resolved.method}
          onValueChange={(method) => set("method", method)}
          aria-label={t("label")}
          options={[
            { value: "lora", label: t("lora") },
            { value: "full", label: t("full") },
          ]}
        />
      </Field>
      {resolved.method === "lora" && (
        <div className="mt-4">
          <ParameterGroupFields group="lora" />
        </div>
      )}
    </Section>
  );
}
