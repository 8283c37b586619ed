"use client";
import { X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { useFormat } from "@/lib/client/use-format";
import { isReady } from "@/lib/domain/ready-dataset";
import { trainableRows } from "@/lib/domain/stage-rows";
import { readNames } from "./data-draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { useProblemText } from "./use-problem-text";
import { LOOK_THROUGH, nameOf, useSetOptions, useSets } from "./use-sets";

const PATH = "data.validation.datasetIds";

/** Sets that are only measured, all their usable rows. */
export function ValidationSets() {
  const t = useTranslations("launch.data");
  const problemText = useProblemText();
  const { resolved, check, set } = useLaunch();
  const { sets } = useSets();
  const chosen = readNames(resolved.candidate[PATH]);
  const options = useSetOptions([...sets.map(({ datasetId }) => datasetId), ...chosen]);
  const problem = problemAt(check, PATH);
  const remove = (id: string) => {
    set(
      PATH,
      chosen.filter((other) => other !== id),
    );
    document.getElementById(fieldId(PATH))?.focus();
  };
  return (
    <Field id={fieldId(PATH)} label={t("validationSets")} error={problem && problemText(problem)}>
      {chosen.length > 0 && (
        <ul className="mb-2 divide-y divide-line rounded-md border border-line">
          {chosen.map((id) => (
            <ChosenSet key={id} id={id} onRemove={() => remove(id)} />
          ))}
        </ul>
      )}
      <Select
        searchable={options.length > LOOK_THROUGH}
        value={null}
        onValueChange={(id) => set(PATH, [...chosen, id])}
        options={options}
        placeholder={t("addValidationSet")}
      />
    </Field>
  );
}

function ChosenSet({ id, onRemove }: { id: string; onRemove: () => void }) {
  const t = useTranslations("launch.data");
  const format = useFormat();
  const { find, resolved } = useLaunch();
  const dataset = find(id);
  const name = dataset === null ? id : nameOf(dataset);
  return (
    <li className="flex min-h-9 items-center gap-3 px-2.5 text-sm">
      <Link href={`/data/${id}`} prefetch={false} className="min-w-0 flex-1 truncate text-strong hover:underline">
        {name}
      </Link>
      {dataset !== null && isReady(dataset) && (
        <span className="text-muted text-xs">{t("validates", { count: format.count(trainableRows(dataset.report, resolved.stage)) })}</span>
      )}
      <button
        type="button"
        onClick={onRemove}
        aria-label={t("remove", { name })}
        className="relative grid size-5 place-items-center rounded text-muted after:absolute after:-inset-1.5 hover:bg-sunken hover:text-strong"
      >
        <X aria-hidden size={14} />
      </button>
    </li>
  );
}
