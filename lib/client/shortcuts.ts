import { useEffect, useSyncExternalStore } from "react";

/** `keys`: "g r" is two presses, "mod+k" is ⌘K or Ctrl+K. */
export type Shortcut = { keys: string; label: string; group: "go" | "page" | "app"; run: () => void };

let active: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

/** Active while the component is mounted; a later one wins over an earlier one with the same keys. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    active = [...active, ...shortcuts];
    tell();
    return () => {
      active = active.filter((shortcut) => !shortcuts.includes(shortcut));
      tell();
    };
  }, [shortcuts]);
}

/** All that is active now, for the list behind "?". */
export const useActiveShortcuts = (): readonly Shortcut[] =>
  useSyncExternalStore(
    subscribe,
    () => active,
    () => none,
  );
const none: readonly Shortcut[] = [];

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Mounted once, by the shell. */
export function useShortcutListener(): void {
  useEffect(() => {
    const read = makeKeyReader();
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const shortcut = read({ press: nameOf(event), atMs: event.timeStamp, typing: isTyping(event.target) }, active);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

type Press = { press: string | null; atMs: number; typing: boolean };
const SEQUENCE_MS = 1200;

/** Remembers the first press of a sequence; while a person types only "mod+" keys count. */
export function makeKeyReader() {
  let before: { press: string; atMs: number } | null = null;
  return ({ press, atMs, typing }: Press, shortcuts: readonly Shortcut[]): Shortcut | null => {
    if (press === null || (typing && !press.startsWith("mod+"))) return null;
    const sequence = before !== null && atMs - before.atMs < SEQUENCE_MS ? `${before.press} ${press}` : press;
    const found =
      shortcuts.findLast((shortcut) => shortcut.keys === sequence) ?? shortcuts.findLast((shortcut) => shortcut.keys === press) ?? null;
    before = found === null && shortcuts.some((shortcut) => shortcut.keys.startsWith(`${press} `)) ? { press, atMs } : null;
    return found;
  };
}

function nameOf(event: KeyboardEvent): string | null {
  if (event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.metaKey || event.ctrlKey) return `mod+${key}`;
  return key;
}

/** Fields take letters for themselves, and so do lists, open or closed, menus and dialogs. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest("input, textarea, select, [role=combobox], [role=menu], [role=listbox], [role=dialog]") !== null);
