"use client";
import { CornerDownLeft, Square } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import type { ChatSettings } from "@/lib/client/ask-chat";
import { wrongKnob } from "./knobs";

export type ComposerProps = {
  /** How many models will be asked. */
  count: number;
  busy: boolean;
  settings: ChatSettings;
  lastQuestion: () => string | null;
  onSend: (text: string) => void;
  onEditLast: (text: string) => void;
  onStop: () => void;
};

/** Enter sends, Shift+Enter makes a line, Esc stops, ↑ in an empty field edits the last question. */
export function Composer({ count, busy, settings, lastQuestion, onSend, onEditLast, onStop }: ComposerProps) {
  const t = useTranslations("chat");
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [editing, setEditing] = useState(false);
  useGrowing(field, text);

  const wrong = wrongKnob(settings);
  const blocked = count === 0 ? t("chooseFirst") : wrong !== null ? t("wrongSetting", { name: t(`knob.${wrong}`) }) : null;

  const submit = () => {
    if (text.trim() === "" || blocked !== null || busy) return;
    if (editing) onEditLast(text.trim());
    else onSend(text.trim());
    setText("");
    setEditing(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes (Chinese, Japanese …) Enter chooses a word. Safari ends composing before the key: code 229.
    if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && text === "") {
      const last = lastQuestion();
      if (last === null) return;
      event.preventDefault();
      setText(last);
      setEditing(true);
    } else if (event.key === "Escape" && editing) {
      event.preventDefault();
      setText("");
      setEditing(false);
    }
  };
  const { temperature, seed } = settings.sampling;
  return (
    <div className="mt-3 rounded-lg border border-line bg-panel focus-within:border-line-strong">
      {editing && <p className="border-line border-b px-3.5 py-1.5 text-muted text-xs">{t("editingLast")}</p>}
      <div className="flex items-end gap-2 p-2 pl-3.5">
        <textarea
          ref={field}
          rows={1}
          aria-label={t("message")}
          placeholder={count > 1 ? t("askAll", { count }) : t("ask")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="max-h-48 min-h-8 min-w-0 flex-1 resize-none bg-transparent py-1.5 text-strong outline-none placeholder:text-muted pointer-coarse:text-lg"
        />
        <span className="hidden self-center text-muted text-xs md:inline">
          {blocked !== null && text !== ""
            ? blocked
            : seed === null
              ? t("figuresShort", { temperature })
              : t("figuresSeed", { temperature, seed: String(seed) })}
        </span>
        {busy ? (
          <Button onClick={onStop}>
            <Square aria-hidden size={12} fill="currentColor" />
            {t("stop")}
          </Button>
        ) : (
          <Button variant="primary" disabled={text.trim() === "" || blocked !== null} onClick={submit} title={blocked ?? undefined}>
            {t("send")}
            <CornerDownLeft aria-hidden size={13} />
          </Button>
        )}
      </div>
    </div>
  );
}

function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    if (field.current === null) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [field, text]);
}
