"use client";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { type Conversation, createConversation } from "@/lib/client/conversation";
import type { ChatModelInfo } from "@/lib/contract/api";
import { chatTargetKey } from "@/lib/domain/chat-target";
import { keepTurns, readTurns } from "./chat-memory";

export const MAX_PANES = 3;
export type Pane = { index: number; model: ChatModelInfo | null; wanted: string; conversation: Conversation };

/** The panes stand in the address (`?model=…&model=…`), so that a comparison can be sent as a link. */
export function usePanes(models: readonly ChatModelInfo[] | undefined, describeError: (error: unknown) => string) {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const [conversations] = useState(() =>
    Array.from({ length: MAX_PANES }, (_, index) =>
      createConversation({ initial: readTurns(index), onKeep: (turns) => keepTurns(index, turns), describeError }),
    ),
  );
  const wanted = useMemo(() => {
    const named = search.getAll("model").slice(0, MAX_PANES);
    return named.length === 0 ? [""] : named;
  }, [search]);

  const panes: Pane[] = wanted.flatMap((name, index) => {
    const conversation = conversations[index];
    return conversation === undefined
      ? []
      : [{ index, model: name === "" && index === 0 ? firstChoice(models) : findModel(models, name), wanted: name, conversation }];
  });
  const show = (names: readonly string[]) => {
    const query = new URLSearchParams();
    for (const name of names) query.append("model", name);
    router.replace(`${path}?${query}`, { scroll: false });
  };

  return {
    panes,
    choose: (index: number, id: string) => show(wanted.map((name, i) => (i === index ? id : name))),
    add: () => {
      conversations[wanted.length]?.clear();
      // Beside a tuned model its base: what the training changed is what one wants to see.
      const base = panes[0]?.model?.base ?? "";
      show([...wanted, wanted.includes(base) ? "" : base]);
    },
    remove: (index: number) => {
      // Conversations keep their place: those behind the closed pane move up with their model.
      for (let i = index; i < wanted.length; i++) {
        const next = conversations[i + 1]?.state().turns ?? [];
        conversations[i]?.replace(i + 1 < wanted.length ? next : []);
      }
      show(wanted.filter((_, i) => i !== index));
    },
  };
}

/** By its name for requests, or by what it is: links know a run and a checkpoint, not how the server names them. */
function findModel(models: readonly ChatModelInfo[] | undefined, name: string): ChatModelInfo | null {
  if (models === undefined) return null;
  return models.find((model) => model.id === name || chatTargetKey(model.target) === name) ?? null;
}

/** Who comes without a wish meets what was trained last. */
const firstChoice = (models: readonly ChatModelInfo[] | undefined): ChatModelInfo | null =>
  models?.find((model) => model.target.type === "checkpoint") ?? models?.[0] ?? null;
