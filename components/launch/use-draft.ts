"use client";
import { useEffect, useState } from "react";
import { type Draft, emptyDraft, parseDraft } from "./draft";

const KEY = "tb-launch-draft";

/** The draft is kept in this browser until it is launched; what the address asks for comes before it. */
export function useDraft(fromAddress: (stored: Draft) => Draft) {
  const [draft, setDraft] = useState(() => fromAddress(parseDraft(localStorage.getItem(KEY)) ?? emptyDraft));
  useEffect(() => {
    if (Object.keys(draft.values).length === 0 && draft.preset === emptyDraft.preset) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(draft));
  }, [draft]);
  return [draft, setDraft] as const;
}

export const forgetDraft = (): void => localStorage.removeItem(KEY);
