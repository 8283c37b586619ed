"use client";
import { useEffect, useState } from "react";
import { forgetChoice, readChoice, rememberChoice } from "@/lib/client/cookies";
import type { LaunchAddress } from "./address";
import { type Draft, emptyDraft, parseDraft } from "./draft";

const KEY = "tb-launch-draft";

/** The draft is kept in this browser until it is launched; what the address asks for comes before it, once for each visit. */
export function useDraft(address: LaunchAddress, fromAddress: (stored: Draft) => Draft) {
  const asked = JSON.stringify(address);
  const [draft, setDraft] = useState(() => {
    const stored = readChoice(mark()) === undefined ? null : parseDraft(localStorage.getItem(KEY));
    return stored !== null && visitOf(history.state) === asked ? stored : fromAddress(stored ?? emptyDraft);
  });
  useEffect(() => {
    if (Object.keys(draft.values).length === 0 && draft.preset === emptyDraft.preset) forgetDraft();
    else keepDraft(draft);
  }, [draft]);
  // The mark stays with this entry of the history: a reload and the back button then find the draft as it was left.
  useEffect(() => history.replaceState({ ...history.state, tbLaunch: asked }, ""), [asked]);
  return [draft, setDraft] as const;
}

/** Cookies of one host are shared by all its ports, storage is not. */
const mark = (): string => `${KEY}-${location.port}`;

/** A cookie tells that there is a draft: a cold browser takes 170 ms to open its storage, and most visits find none there. */
function keepDraft(draft: Draft): void {
  localStorage.setItem(KEY, JSON.stringify(draft));
  if (readChoice(mark()) === undefined) rememberChoice(mark(), "kept");
}

export function forgetDraft(): void {
  if (readChoice(mark()) === undefined) return;
  localStorage.removeItem(KEY);
  forgetChoice(mark());
}

const visitOf = (state: unknown): unknown => (typeof state === "object" && state !== null && "tbLaunch" in state ? state.tbLaunch : null);
