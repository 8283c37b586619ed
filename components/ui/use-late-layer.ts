import { type ComponentType, type KeyboardEvent, useState } from "react";

/**
 * A menu or list whose code comes with the first press of its trigger; from then on the whole is shown, open.
 * A pointer over the trigger begins the loading, so that the press finds it there.
 */
export function useLateLayer<Props>(load: () => Promise<ComponentType<Props>>) {
  const [Layer, setLayer] = useState<ComponentType<Props> | null>(null);
  const open = () => {
    load().then(
      (loaded) => setLayer(() => loaded),
      // Thrown while drawing, so that the page's error boundary tells it.
      (cause: unknown) =>
        setLayer(() => {
          throw cause;
        }),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!opens(event)) return;
    event.preventDefault();
    open();
  };
  // Without an answer now, the press asks again and tells why.
  const onPointerEnter = () => void load().catch(() => null);
  return { Layer, press: { onClick: open, onKeyDown, onPointerEnter } };
}

const opens = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  key === "ArrowDown" || key === "ArrowUp" || (/^[\p{L}\p{N}]$/u.test(key) && !(ctrlKey || metaKey || altKey));
