"use client";
import { Pencil } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { useRenameRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import type { Run } from "@/lib/contract/run";

/** The name, renamed in place: Enter or leaving the field keeps it, Esc does not. */
export function RunName({ run }: { run: Run }) {
  const t = useTranslations("run");
  const errorText = useErrorText();
  const rename = useRenameRun();
  const [draft, setDraft] = useState<string | null>(null);

  const keep = () => {
    const name = draft?.trim() ?? "";
    setDraft(null);
    if (name === "" || name === run.name) return;
    rename.mutate({ runId: run.id, name }, { onError: (error) => toast.error(errorText(error)) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") keep();
    if (event.key === "Escape") setDraft(null);
  };

  if (draft !== null)
    return (
      <Input
        autoFocus
        aria-label={t("name")}
        value={draft}
        maxLength={80}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={keep}
        onKeyDown={onKeyDown}
        className="max-w-96 font-semibold text-lg"
      />
    );
  return (
    <h1 className="flex min-w-0 items-center gap-1.5 font-semibold text-strong text-xl tracking-[-0.01em]">
      <span className="min-w-0 break-words">{rename.isPending ? rename.variables.name : run.name}</span>
      <button
        type="button"
        aria-label={t("rename")}
        title={t("rename")}
        onClick={() => setDraft(run.name)}
        className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-strong pointer-coarse:size-9"
      >
        <Pencil aria-hidden size={13} />
      </button>
    </h1>
  );
}
