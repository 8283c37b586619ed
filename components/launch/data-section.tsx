"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { MAX_SETS } from "@/lib/contract/mix-names";
import { readNames } from "./data-draft";
import { fieldId, useLaunch } from "./launch-context";
import { MixField } from "./mix-field";
import { MixedSet } from "./mixed-set";
import { OneSet } from "./one-set";
import { Section } from "./section";
import { LOOK_THROUGH, useSetOptions, useSets } from "./use-sets";
import { ValidationFields } from "./validation-fields";

/** One set is chosen as simply as a model; with a second one the section becomes a list. */
export function DataSection({ onAdd }: { onAdd: () => void }) {
  const t = useTranslations("launch.data");
  const { sets } = useSets();
  return (
    <Section
      name="data"
      actions={
        <Button size="sm" variant="ghost" onClick={onAdd}>
          {t("add")}
        </Button>
      }
    >
      {sets.length === 1 ? (
        <OneSet />
      ) : (
        <ol className="grid gap-4">
          {sets.map((set, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place, as in the paths of its fields
            <MixedSet key={at} set={set} at={at} />
          ))}
        </ol>
      )}
      <AddSet />
      {sets.length > 1 && <MixField />}
      <ValidationFields />
    </Section>
  );
}

function AddSet() {
  const t = useTranslations("launch.data");
  const { resolved, datasets } = useLaunch();
  const { sets, add } = useSets();
  const taken = [...sets.map(({ datasetId }) => datasetId), ...readNames(resolved.candidate["data.validation.datasetIds"])];
  const options = useSetOptions(taken);
  if (datasets.length < 2 || sets.length >= MAX_SETS || sets.some(({ datasetId }) => datasetId === null)) return null;
  return (
    <Select
      id={fieldId("data.sets")}
      searchable={options.length > LOOK_THROUGH}
      value={null}
      onValueChange={add}
      options={options}
      placeholder={t("addSet")}
      aria-label={t("addSet")}
      className="mt-3 w-auto border-dashed font-medium data-[placeholder]:text-link"
    />
  );
}
