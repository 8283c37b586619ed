"use client";
import { Slot } from "radix-ui";
import type { MenuProps } from "./menu-layer";
import { useLateLayer } from "./use-late-layer";

export type { MenuItem, MenuProps } from "./menu-layer";

const loadLayer = () => import("./menu-layer").then((module) => module.MenuLayer);

/** `trigger` is one element that takes a ref and props, such as a Button. */
export function Menu(props: MenuProps) {
  const { Layer, press } = useLateLayer(loadLayer);
  if (Layer) return <Layer {...props} />;
  return (
    <Slot.Root aria-haspopup="menu" aria-expanded={false} data-state="closed" {...press}>
      {props.trigger}
    </Slot.Root>
  );
}
