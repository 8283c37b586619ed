"use client";
import { Pencil, Trash2 } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/input";
import type { Turn } from "@/lib/client/conversation";
import { TurnAction } from "./turn-action";

export type QuestionTurnProps = { turn: Turn; disabled: boolean; onEdit: (text: string) => void; onRemove: () => void };

export function QuestionTurn({ turn, disabled, onEdit, onRemove }: QuestionTurnProps) {
  const t = useTranslations("chat");
  const [draft, setDraft] = useState<string | null>(null);
  const resend = () => {
    if (draft === null || draft.trim() === "") return;
    setDraft(null);
    onEdit(draft.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      resend();
    }
    if (event.key === "Escape") {
      event.preventDefault();
      setDraft(null);
    }
  };
  if (draft !== null)
    return (
      <div className="w-full self-end">
        <Textarea
          autoFocus
          rows={3}
          aria-label={t("editQuestion")}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="mt-1.5 flex items-center justify-end gap-2">
          <span className="mr-auto text-muted text-xs">{t("editHint")}</span>
          <Button size="sm" onClick={() => setDraft(null)}>
            {t("cancel")}
          </Button>
          <Button size="sm" variant="primary" onClick={resend}>
            {t("resend")}
          </Button>
        </div>
      </div>
    );
  return (
    <div className="group flex max-w-[86%] flex-col items-end self-end">
      <div className="whitespace-pre-wrap break-words rounded-[10px] bg-iris-soft px-3 py-2 text-strong">{turn.content}</div>
      <div className="mt-0.5 flex opacity-0 transition-opacity focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        <TurnAction label={t("editQuestion")} disabled={disabled} onClick={() => setDraft(turn.content)}>
          <Pencil aria-hidden size={13} />
        </TurnAction>
        <TurnAction label={t("deleteMessage")} disabled={disabled} onClick={onRemove}>
          <Trash2 aria-hidden size={13} />
        </TurnAction>
      </div>
    </div>
  );
}
