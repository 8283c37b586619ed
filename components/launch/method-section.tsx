"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { systemQueries } from "@/lib/client/queries/system";
import type { ParameterGroup } from "@/lib/contract/parameters/parameter";
import { adapterMethods, type Method, methods } from "@/lib/contract/stages";
import { fieldId, useLaunch } from "./launch-context";
import { ParameterGroupFields, Section } from "./section";
import { StageField } from "./stage-field";
import { StartField } from "./start-field";

/** What each method is told by. */
export const methodGroups: Record<Method, readonly ParameterGroup[]> = {
  lora: ["lora"],
  qlora: ["lora", "quantization"],
  freeze: ["freeze"],
  full: [],
};

export function MethodSection() {
  const t = useTranslations("launch.method");
  const { resolved, set } = useLaunch();
  const missing = useMissingPackage();
  return (
    <Section name="method">
      <StageField />
      <Field id={fieldId("method")} label={t("label")} help={t("help")} hint={t(`${resolved.method}Hint`)}>
        <Segmented
          value={resolved.method}
          onValueChange={(method) => set("method", method)}
          aria-label={t("label")}
          options={methods.map((method) => {
            const name = missing(method);
            return { value: method, label: t(method), ...(name !== null && { disabled: true, title: t("missing", { package: name }) }) };
          })}
        />
      </Field>
      {adapterMethods.includes(resolved.method) && (
        <div className="mt-4">
          <StartField />
        </div>
      )}
      {methodGroups[resolved.method].map((group) => (
        <div key={group} className="mt-4">
          <ParameterGroupFields group={group} />
        </div>
      ))}
    </Section>
  );
}

/** The package that a method needs and this Python has not got. */
function useMissingPackage(): (method: Method) => string | null {
  const extras = useQuery(systemQueries.report()).data?.environment?.extras ?? [];
  const bitsandbytes = extras.find(({ name }) => name === "bitsandbytes");
  return (method) => (method === "qlora" && bitsandbytes?.version === null ? bitsandbytes.name : null);
}
