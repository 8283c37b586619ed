let typed = "";
let listening: AbortController | null = null;

/**
 * What is typed while the code of a dialog with a field is on its way belongs into that field, and is no shortcut of the page.
 * Escape lets go of it all.
 */
export function keepTyped(onEscape: () => void): void {
  takeTyped();
  listening = new AbortController();
  const take = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isTaken(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key.length === 1) typed += event.key;
    if (event.key === "Backspace") typed = typed.slice(0, -1);
    if (event.key !== "Escape") return;
    takeTyped();
    onEscape();
  };
  window.addEventListener("keydown", take, { capture: true, signal: listening.signal });
}

/** The field is there: it gets what was typed, and takes the rest itself. */
export function takeTyped(): string {
  listening?.abort();
  listening = null;
  const text = typed;
  typed = "";
  return text;
}

const isTaken = (key: string): boolean => key.length === 1 || ["Backspace", "Enter", "Escape"].includes(key);
