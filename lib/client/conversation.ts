import type { ChatFigures, ChatMessage, ChatPart } from "./chat-stream";

export type Turn = {
  id: string;
  role: "user" | "assistant";
  content: string;
  /** waiting: asked, no word yet; writing: words arrive; stopped: by a person; cut: at the limit of tokens. */
  status: "done" | "waiting" | "writing" | "stopped" | "cut" | "failed";
  figures: ChatFigures | null;
  error: string | null;
};
export type ConversationState = { turns: readonly Turn[]; busy: boolean };
/** Asks the model; the messages end with the person's question. */
export type Ask = (messages: ChatMessage[], signal: AbortSignal) => AsyncIterable<ChatPart>;
export type Conversation = ReturnType<typeof createConversation>;

type Options = {
  /** What was said before a reload. */
  initial?: readonly Turn[];
  onKeep?: (turns: readonly Turn[]) => void;
  describeError: (error: unknown) => string;
  /** Words arrive faster than a screen is painted: the state follows once a frame. */
  schedule?: (callback: () => void) => void;
};

/** One conversation with one model, outside React, so that words cost a render a frame and no more. */
export function createConversation({
  initial = [],
  onKeep,
  describeError,
  schedule = (callback) => requestAnimationFrame(callback),
}: Options) {
  // A reload ends an answer that was being written.
  let state: ConversationState = { turns: initial.map(settle), busy: false };
  let controller: AbortController | null = null;
  const listeners = new Set<() => void>();

  const set = (turns: readonly Turn[], busy = state.busy) => {
    state = { turns, busy };
    for (const listener of listeners) listener();
    onKeep?.(turns);
  };
  const change = (id: string, part: Partial<Turn>) => set(state.turns.map((turn) => (turn.id === id ? { ...turn, ...part } : turn)));

  async function answer(before: readonly Turn[], ask: Ask): Promise<void> {
    controller?.abort();
    const own = new AbortController();
    controller = own;
    const turn: Turn = { id: newId(), role: "assistant", content: "", status: "waiting", figures: null, error: null };
    set([...before, turn], true);
    const end: Partial<Turn> = { status: "done" };
    let text = "";
    let scheduled = false;
    const show = () => {
      scheduled = false;
      if (controller === own) change(turn.id, { content: text, status: "writing" });
    };
    try {
      for await (const part of ask(toMessages(before), own.signal)) {
        if (part.type === "text") text += part.text;
        else if (part.type === "figures") end.figures = part.figures;
        else if (part.type === "error") Object.assign(end, { status: "failed", error: part.error && describeError(part.error) });
        else if (part.reason === "length") end.status = "cut";
        if (part.type === "text" && !scheduled) {
          scheduled = true;
          schedule(show);
        }
      }
    } catch (error) {
      Object.assign(end, own.signal.aborted ? { status: "stopped" } : { status: "failed", error: describeError(error) });
    }
    // Another question has taken over, or the turn was taken away meanwhile.
    if (controller !== own) return;
    controller = null;
    set(
      state.turns.map((one) => (one.id === turn.id ? { ...one, ...end, content: text } : one)),
      false,
    );
  }

  const upTo = (id: string) =>
    state.turns.slice(
      0,
      state.turns.findIndex((turn) => turn.id === id),
    );

  return {
    state: () => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (text: string, ask: Ask) => answer([...state.turns, question(text)], ask),
    stop: () => controller?.abort(),
    /** Asks the question before this answer once more. */
    regenerate: (answerId: string, ask: Ask) => answer(upTo(answerId), ask),
    /** Asks another question in the place of this one; what followed it is gone. */
    edit: (questionId: string, text: string, ask: Ask) => answer([...upTo(questionId), question(text)], ask),
    remove(id: string): void {
      if (state.turns.some((turn) => turn.id === id && isOpen(turn))) controller?.abort();
      set(state.turns.filter((turn) => turn.id !== id));
    },
    clear(): void {
      controller?.abort();
      controller = null;
      set([], false);
    },
    /** Takes over what was said elsewhere; an answer under way there is not followed. */
    replace(turns: readonly Turn[]): void {
      controller?.abort();
      controller = null;
      set(turns.map(settle), false);
    },
  };
}

export const isOpen = (turn: Turn): boolean => turn.status === "waiting" || turn.status === "writing";

const question = (content: string): Turn => ({ id: newId(), role: "user", content, status: "done", figures: null, error: null });
/** crypto.randomUUID exists on https and localhost only. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36).padStart(2, "0")).join("");
const settle = (turn: Turn): Turn => (isOpen(turn) ? { ...turn, status: "stopped" } : turn);
const toMessages = (turns: readonly Turn[]): ChatMessage[] =>
  turns.filter((turn) => turn.content !== "").map(({ role, content }) => ({ role, content }));
