"use client";
import { useEffect, useState } from "react";
import type { LaunchAddress } from "./address";
import { type Draft, emptyDraft, parseDraft } from "./draft";

const KEY = "tb-launch-draft";

/** The draft is kept in this browser until it is launched; what the address asks for comes before it, once for each visit. */
export function useDraft(address: LaunchAddress, fromAddress: (stored: Draft) => Draft) {
  const asked = JSON.stringify(address);
  const [draft, setDraft] = useState(() => {
    const stored = parseDraft(localStorage.getItem(KEY));
    return stored !== null && visitOf(history.state) === asked ? stored : fromAddress(stored ?? emptyDraft);
  });
  useEffect(() => {
    if (Object.keys(draft.values).length === 0 && draft.preset === emptyDraft.preset) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(draft));
  }, [draft]);
  // The mark stays with this entry of the history: a reload and the back button then find the draft as it was left.
  useEffect(() => history.replaceState({ ...history.state, tbLaunch: asked }, ""), [asked]);
  return [draft, setDraft] as const;
}

export const forgetDraft = (): void => localStorage.removeItem(KEY);

const visitOf = (state: unknown): unknown => (typeof state === "object" && state !== null && "tbLaunch" in state ? state.tbLaunch : null);
