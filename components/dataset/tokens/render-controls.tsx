"use client";
import { useTranslations } from "use-intl";
import { NumberField } from "@/components/ui/number-field";
import { Select } from "@/components/ui/select";
import type { RenderChoice } from "./use-render-settings";

/** Model and cutoff: what decides how a row is cut into tokens. */
export function RenderControls({ choice, cutoff = true }: { choice: RenderChoice; cutoff?: boolean }) {
  const t = useTranslations("dataset.tokens");
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        value={choice.model?.id ?? null}
        onValueChange={(modelId) => choice.set({ modelId })}
        options={(choice.models ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        aria-label={t("model")}
        className="w-auto min-w-44 max-w-full"
      />
      {cutoff && (
        <NumberField
          value={choice.cutoff}
          onValueChange={(value) => value !== null && choice.set({ cutoff: value })}
          min={16}
          max={1_048_576}
          step={64}
          unit={t("tokens")}
          aria-label={t("cutoff")}
          aria-invalid={!choice.validCutoff}
          className="w-36"
        />
      )}
      {!choice.validCutoff && <span className="text-failed text-xs">{t("badCutoff")}</span>}
    </div>
  );
}
