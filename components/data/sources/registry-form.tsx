"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Progress } from "@/components/ui/progress";
import { ScrollBox } from "@/components/ui/scroll-box";
import { type ApiOutput, api } from "@/lib/client/api";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { call } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import { AddError } from "./add-error";

type Entry = ApiOutput<"scanRegistry">["entries"][number];

/** All sets that a LLaMA-Factory folder tells of in its dataset_info.json; the chosen ones are added one after the other. */
export function RegistryForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations("data");
  const [folder, setFolder] = useState("");
  const scan = useMutation({ mutationFn: (path: string) => call(api.scanRegistry, { folder: path }) });
  return (
    <>
      <form
        className="flex items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          scan.mutate(folder.trim());
        }}
      >
        <Field id="registry-folder" label={t("registryFolder")} help={t("registryHelp")} className="flex-1">
          <Input
            value={folder}
            onChange={(event) => setFolder(event.target.value)}
            required
            className="font-mono"
            placeholder="/home/you/LLaMA-Factory/data"
          />
        </Field>
        <Button type="submit" loading={scan.isPending}>
          {t("registryScan")}
        </Button>
      </form>
      {scan.error && <AddError name={folder} error={scan.error} />}
      {scan.data && <Entries key={scan.data.folder} folder={scan.data.folder} entries={scan.data.entries} onDone={onDone} />}
    </>
  );
}

function Entries({ folder, entries, onDone }: { folder: string; entries: readonly Entry[]; onDone: () => void }) {
  const t = useTranslations("data");
  const errorText = useErrorText();
  const client = useQueryClient();
  const possible = entries.filter(({ trouble, files }) => trouble === null && files.length > 0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(possible.map(({ name }) => name)));
  const [failures, setFailures] = useState<ReadonlyMap<string, unknown>>(new Map());
  const [done, setDone] = useState(0);
  const add = useMutation({
    mutationFn: async (names: readonly string[]) => {
      const failed = new Map<string, unknown>();
      for (const [index, entry] of names.entries()) {
        setDone(index);
        await call(api.createDataset, { name: entry, source: { type: "registry", folder, entry } }).catch((error) =>
          failed.set(entry, error),
        );
      }
      await client.invalidateQueries({ queryKey: datasetQueries.all() });
      return failed;
    },
    onSuccess: (failed) => {
      setFailures(failed);
      setChosen(new Set(failed.keys()));
      if (failed.size === 0) onDone();
    },
  });
  const toggle = (name: string) => setChosen(new Set(chosen.has(name) ? [...chosen].filter((one) => one !== name) : [...chosen, name]));
  return (
    <div className="mt-4">
      <ScrollBox className="max-h-72 rounded-md border border-line">
        <ul>
          {entries.map((entry) => (
            <EntryLine
              key={entry.name}
              entry={entry}
              possible={possible.includes(entry)}
              chosen={chosen.has(entry.name)}
              failure={failures.has(entry.name) ? errorText(failures.get(entry.name)) : null}
              onToggle={() => toggle(entry.name)}
            />
          ))}
        </ul>
      </ScrollBox>
      <div className="mt-3 flex items-center gap-3">
        <span className="flex-1 text-muted text-xs">{t("registryCount", { chosen: chosen.size, total: entries.length })}</span>
        {add.isPending && <Progress value={done} max={chosen.size} tone="iris" className="w-32" aria-label={t("registryAdding")} />}
        <Button variant="primary" loading={add.isPending} disabled={chosen.size === 0} onClick={() => add.mutate([...chosen])}>
          {t("registryAdd", { count: chosen.size })}
        </Button>
      </div>
    </div>
  );
}

type EntryLineProps = { entry: Entry; possible: boolean; chosen: boolean; failure: string | null; onToggle: () => void };

function EntryLine({ entry, possible, chosen, failure, onToggle }: EntryLineProps) {
  const forms = useTranslations("common.form");
  const format = useFormat();
  const form = entry.mapping?.format ?? entry.formatting;
  const trouble = failure ?? entry.trouble;
  return (
    <li className="border-line border-b last:border-b-0">
      <label className="flex cursor-pointer items-start gap-2.5 px-3 py-2 text-sm">
        <input type="checkbox" checked={chosen} disabled={!possible} onChange={onToggle} className="mt-0.5 size-4 shrink-0 accent-iris" />
        <span className="min-w-0 flex-1">
          <span className={possible ? "text-strong" : "text-muted"}>{entry.name}</span>{" "}
          <span className="break-all text-muted text-xs">{entry.hub ?? entry.files.join(", ")}</span>
          {trouble && <span className={`block break-words text-xs ${failure ? "text-failed" : "text-warning"}`}>{trouble}</span>}
        </span>
        {entry.bytes !== null && <span className="text-muted text-xs tabular-nums">{format.bytes(entry.bytes)}</span>}
        <Badge>{forms.has(form) ? forms(form) : form}</Badge>
      </label>
    </li>
  );
}
