"use client";
import { useQuery } from "@tanstack/react-query";
import { Eraser, Plus, SlidersHorizontal } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { EmptyState, ErrorState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { ScrollBox } from "@/components/ui/scroll-box";
import { toast } from "@/components/ui/toast";
import { askChat, type ChatSettings } from "@/lib/client/ask-chat";
import { chatQueries, useUnloadChat } from "@/lib/client/queries/chat";
import { useErrorText } from "@/lib/client/use-error-text";
import type { ChatModelInfo } from "@/lib/contract/api";
import { keepSettings, readSettings } from "./chat-memory";
import { ChatPane } from "./chat-pane";
import { Composer } from "./composer";
import { SettingsSheet } from "./settings-sheet";
import { MAX_PANES, type Pane, usePanes } from "./use-panes";

/** Up to three conversations side by side, asked from one composer. */
export function ChatScreen() {
  const t = useTranslations("chat");
  const errorText = useErrorText();
  const [settings, setSettings] = useState<ChatSettings>(readSettings);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const models = useQuery({
    ...chatQueries.models(),
    // While weights are loading the list says so.
    refetchInterval: (query) => (query.state.data?.some((model) => model.worker?.status === "starting") ? 1000 : false),
  });
  const { panes, choose, add, remove } = usePanes(models.data, errorText);
  const unload = useUnloadChat();
  const busy = useAnyBusy(panes);
  const ready = panes.filter((pane) => pane.model !== null);

  const ask = (pane: Pane) => askChat(pane.model?.id ?? "", settings);
  const send = (text: string) => {
    for (const pane of ready) void pane.conversation.send(text, ask(pane));
    // A worker may be starting for this question: look soon, and the list keeps looking while it loads.
    setTimeout(() => void models.refetch(), 400);
  };
  const editLast = (text: string) => {
    for (const pane of ready) {
      const last = pane.conversation.state().turns.findLast((turn) => turn.role === "user");
      void (last === undefined ? pane.conversation.send(text, ask(pane)) : pane.conversation.edit(last.id, text, ask(pane)));
    }
  };
  const unloadNow = (model: ChatModelInfo) =>
    unload.mutateAsync({ model: model.id }).then(
      () => toast.success(t("unloaded", { model: model.label })),
      (error: unknown) => toast.error(errorText(error)),
    );
  const stop = () => {
    for (const pane of panes) pane.conversation.stop();
  };
  const change = (next: ChatSettings) => {
    setSettings(next);
    keepSettings(next);
  };
  useEscape(busy, stop);

  if (models.isError) return <ErrorState error={models.error} onRetry={() => void models.refetch()} />;
  if (models.data?.length === 0) return <EmptyState title={t("noModels")} body={t("noModelsBody")} />;
  return (
    <div className="flex h-[calc(100dvh-48px-2rem)] min-h-[420px] flex-col md:h-[calc(100dvh-48px-3rem)] [&>header]:mb-3">
      <PageHeader
        title={t("title")}
        actions={
          <>
            <Button
              variant="ghost"
              onClick={() => panes.forEach((pane) => void pane.conversation.clear())}
              aria-label={t("clear")}
              title={t("clear")}
              icon
            >
              <Eraser aria-hidden size={15} />
            </Button>
            <Button onClick={add} disabled={panes.length >= MAX_PANES} aria-label={t("addPane")}>
              <Plus aria-hidden size={14} />
              <span className="hidden sm:inline">{t("addPane")}</span>
            </Button>
            <Button onClick={() => setSettingsOpen(true)} aria-label={t("settings")}>
              <SlidersHorizontal aria-hidden size={14} />
              <span className="hidden sm:inline">{t("settings")}</span>
            </Button>
          </>
        }
      />
      <ScrollBox className="grid min-h-0 flex-1 snap-x snap-mandatory auto-cols-[minmax(min(100%,300px),1fr)] grid-flow-col gap-4">
        {panes.map((pane) => (
          <ChatPane
            key={pane.index}
            pane={pane}
            models={models.data}
            ask={ask(pane)}
            onChoose={(id) => choose(pane.index, id)}
            onUnload={unloadNow}
            onClose={panes.length > 1 ? () => remove(pane.index) : undefined}
            onSuggest={send}
          />
        ))}
      </ScrollBox>
      <Composer
        count={ready.length}
        busy={busy}
        settings={settings}
        lastQuestion={() => ready[0]?.conversation.state().turns.findLast((turn) => turn.role === "user")?.content ?? null}
        onSend={send}
        onEditLast={editLast}
        onStop={stop}
      />
      <SettingsSheet open={settingsOpen} onOpenChange={setSettingsOpen} settings={settings} onChange={change} />
    </div>
  );
}

function useAnyBusy(panes: readonly Pane[]): boolean {
  const subscribe = (listener: () => void) => {
    const stops = panes.map((pane) => pane.conversation.subscribe(listener));
    return () => {
      for (const stop of stops) stop();
    };
  };
  const look = () => panes.some((pane) => pane.conversation.state().busy);
  return useSyncExternalStore(subscribe, look, () => false);
}

function useEscape(active: boolean, act: () => void): void {
  useEffect(() => {
    if (!active) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [active, act]);
}
