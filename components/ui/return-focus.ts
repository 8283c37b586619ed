import { useRef } from "react";

/** Our dialogs are opened by state, not by a trigger of Radix, so they remember themselves where the focus was. */
export function useReturnFocus() {
  const opener = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus: () => {
      opener.current = focusedOutsideMenus();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      // What was done in the dialog may have led somewhere else already.
      if (document.activeElement === document.body) opener.current?.focus();
    },
  };
}

/** A menu's item goes with its menu; the menu's button stays. */
function focusedOutsideMenus(): HTMLElement | null {
  const { activeElement } = document;
  const buttonId = activeElement?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const element = buttonId ? document.getElementById(buttonId) : activeElement;
  return element instanceof HTMLElement ? element : null;
}
