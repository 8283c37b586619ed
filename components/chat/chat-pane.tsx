"use client";
import { PowerOff, X } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ScrollBox } from "@/components/ui/scroll-box";
import type { Ask } from "@/lib/client/conversation";
import type { ChatModelInfo } from "@/lib/contract/api";
import { AnswerTurn } from "./answer-turn";
import { ModelPicker } from "./model-picker";
import { QuestionTurn } from "./question-turn";
import { Suggestions } from "./suggestions";
import type { Pane } from "./use-panes";

export type ChatPaneProps = {
  pane: Pane;
  models: readonly ChatModelInfo[] | undefined;
  ask: Ask;
  onChoose: (id: string) => void;
  onUnload: (model: ChatModelInfo) => Promise<void>;
  onClose: (() => void) | undefined;
  onSuggest: (text: string) => void;
};

export function ChatPane({ pane, models, ask, onChoose, onUnload, onClose, onSuggest }: ChatPaneProps) {
  const t = useTranslations("chat");
  const { conversation, model } = pane;
  const { turns, busy } = useSyncExternalStore(conversation.subscribe, conversation.state, conversation.state);
  const list = useStickToEnd(turns);
  const usable = model !== null;
  return (
    <section
      aria-label={model?.label ?? t("noModelChosen")}
      className="flex min-h-0 min-w-0 snap-start flex-col rounded-lg border border-line bg-panel"
    >
      <header className="flex items-center gap-1 border-line border-b p-1.5">
        <ModelPicker
          models={models}
          value={model}
          missing={models !== undefined && model === null && pane.wanted !== "" ? pane.wanted : null}
          onChoose={onChoose}
        />
        {model?.worker?.status === "ready" && <Unload key={model.id} model={model} busy={busy} onUnload={onUnload} />}
        {onClose !== undefined && (
          <Button variant="ghost" size="sm" icon aria-label={t("closePane")} onClick={onClose}>
            <X aria-hidden size={14} />
          </Button>
        )}
      </header>
      <ScrollBox ref={list} className="flex min-h-0 flex-1 flex-col gap-3 overscroll-contain p-4" aria-live="polite" aria-busy={busy}>
        {turns.length === 0 && <Suggestions model={model} models={models} onAsk={onSuggest} />}
        {turns.map((turn) =>
          turn.role === "user" ? (
            <QuestionTurn
              key={turn.id}
              turn={turn}
              disabled={!usable || busy}
              onEdit={(text) => void conversation.edit(turn.id, text, ask)}
              onRemove={() => conversation.remove(turn.id)}
            />
          ) : (
            <AnswerTurn
              key={turn.id}
              turn={turn}
              loadingWeights={model?.worker?.status !== "ready"}
              disabled={!usable || busy}
              onRegenerate={() => void conversation.regenerate(turn.id, ask)}
              onRemove={() => conversation.remove(turn.id)}
            />
          ),
        )}
      </ScrollBox>
    </section>
  );
}

/** Weights stay in memory until nobody has asked for a while; who needs the memory sooner need not wait. */
function Unload({ model, busy, onUnload }: Pick<ChatPaneProps, "onUnload"> & { model: ChatModelInfo; busy: boolean }) {
  const t = useTranslations("chat");
  const [leaving, setLeaving] = useState(false);
  const unload = () => {
    setLeaving(true);
    void onUnload(model).finally(() => setLeaving(false));
  };
  return (
    <Button
      variant="ghost"
      size="sm"
      icon
      loading={leaving}
      disabled={busy}
      aria-label={t("unload", { model: model.label })}
      title={t("unloadHint")}
      onClick={unload}
    >
      <PowerOff aria-hidden size={14} />
    </Button>
  );
}

/** Follows the end while it is in sight; who has scrolled up stays where they read. */
function useStickToEnd(turns: unknown) {
  const list = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  useEffect(() => {
    const node = list.current;
    if (node === null) return;
    const onScroll = () => {
      stuck.current = node.scrollHeight - node.scrollTop - node.clientHeight < 60;
    };
    node.addEventListener("scroll", onScroll, { passive: true });
    return () => node.removeEventListener("scroll", onScroll);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows each change of the turns
  useEffect(() => {
    if (stuck.current && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [turns]);
  return list;
}
