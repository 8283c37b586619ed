"use client";
import { useTranslations } from "use-intl";
import { Segmented } from "@/components/ui/segmented";
import { Switch } from "@/components/ui/switch";
import { pathName, type ReplaceDraft, samePath } from "./replace-draft";

type ReplaceScopeProps = { draft: ReplaceDraft; onDraft: (draft: ReplaceDraft) => void; paths: readonly string[][] };

/** Where text is looked for, and how exactly. */
export function ReplaceScope({ draft, onDraft, paths }: ReplaceScopeProps) {
  const t = useTranslations("versions.replace");
  const toggle = (path: string[], on: boolean) =>
    onDraft({ ...draft, paths: on ? [...draft.paths, path] : draft.paths.filter((other) => !samePath(other, path)) });
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <Segmented
          value={draft.where}
          onValueChange={(where) => onDraft({ ...draft, where })}
          options={[
            { value: "all", label: t("all") },
            { value: "chosen", label: t("chosen") },
          ]}
          aria-label={t("where")}
        />
        <Option label={t("matchCase")} on={draft.matchCase} onChange={(matchCase) => onDraft({ ...draft, matchCase })} />
        <Option label={t("wholeWord")} on={draft.wholeWord} onChange={(wholeWord) => onDraft({ ...draft, wholeWord })} />
      </div>
      {draft.where === "chosen" && (
        <fieldset className="flex flex-wrap gap-2">
          <legend className="mb-2 text-muted text-xs">{paths.length === 0 ? t("noPlaces") : t("places")}</legend>
          {paths.map((path) => {
            const on = draft.paths.some((other) => samePath(other, path));
            return (
              <label
                key={pathName(path)}
                className={`flex max-w-full cursor-pointer items-center gap-2 rounded-md border px-2 py-1 font-mono text-xs ${on ? "border-iris bg-iris-soft text-strong" : "border-line text-normal hover:border-line-strong"}`}
              >
                <input type="checkbox" className="accent-iris" checked={on} onChange={(event) => toggle(path, event.target.checked)} />
                <span className="truncate">{pathName(path)}</span>
              </label>
            );
          })}
        </fieldset>
      )}
      <p className="text-muted text-xs">{t("literal")}</p>
    </div>
  );
}

function Option({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <span className="inline-flex items-center gap-2 text-sm">
      <Switch checked={on} onCheckedChange={onChange} aria-label={label} />
      <span aria-hidden>{label}</span>
    </span>
  );
}
