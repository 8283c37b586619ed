import { useSyncExternalStore } from "react";
import { asTheme, THEME_COOKIE, type Theme } from "../domain/theme";
import { readChoice, rememberChoice } from "./cookies";

export type ShownTheme = "light" | "dark";

/** The theme that was chosen; null on the server and while the page comes to life. */
export const useTheme = (): Theme | null => useSyncExternalStore(listen, chosen, () => null);
/** The theme on the screen; where the system decides, it follows the system. */
export const useShownTheme = (): ShownTheme => useSyncExternalStore(listen, shown, () => "light");

export function setTheme(theme: Theme): void {
  rememberChoice(THEME_COOKIE, theme);
  otherTabs().postMessage(theme);
  show();
}

/** An effect for a part that is always there: the system's and other tabs' changes are shown, those before the page lived too. */
export function followTheme(): () => void {
  const stop = listen(() => {});
  show();
  return stop;
}

export const switchTheme = (): void => setTheme(shown() === "dark" ? "light" : "dark");

const listeners = new Set<() => void>();
const chosen = (): Theme => asTheme(readChoice(THEME_COOKIE));
const shown = (): ShownTheme => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");
const systemDark = () => matchMedia("(prefers-color-scheme: dark)");

let channel: BroadcastChannel | null = null;
function otherTabs(): BroadcastChannel {
  channel ??= new BroadcastChannel(THEME_COOKIE);
  return channel;
}

function show(): void {
  const theme = chosen();
  const page = document.documentElement;
  const next: ShownTheme = theme === "system" ? (systemDark().matches ? "dark" : "light") : theme;
  if (next !== shown()) {
    page.classList.add("no-transitions");
    page.dataset.theme = next;
    // A look at a style makes the browser take the new colours while nothing may fade.
    getComputedStyle(page).colorScheme;
    page.classList.remove("no-transitions");
  }
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  if (listeners.size === 0) {
    systemDark().addEventListener("change", show);
    otherTabs().addEventListener("message", show);
  }
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
