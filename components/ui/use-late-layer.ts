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
    if (!openingKeys.includes(event.key)) return;
    event.preventDefault();
    open();
  };
  // Without an answer now, the press asks again and tells why.
  const onPointerEnter = () => void load().catch(() => null);
  return { Layer, press: { onClick: open, onKeyDown, onPointerEnter } };
}

/** Enter too, though it would press a button by itself: taken here, it is no shortcut of the page around it. */
const openingKeys = ["Enter", " ", "ArrowDown", "ArrowUp"];
