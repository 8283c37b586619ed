import { useSyncExternalStore } from "react";
import type { ExternalToast } from "sonner";

let wanted = false;
const listeners = new Set<() => void>();
let mounted: () => void = () => {};
const layer = new Promise<void>((resolve) => {
  mounted = resolve;
});

/** Toasts. Their code and their layer come with the first one. */
export const toast = {
  success: (message: string, options?: ExternalToast) => show("success", message, options),
  error: (message: string, options?: ExternalToast) => show("error", message, options),
  message: (message: string, options?: ExternalToast) => show("message", message, options),
};

function show(kind: "success" | "error" | "message", message: string, options?: ExternalToast): void {
  wanted = true;
  for (const listener of listeners) listener();
  void Promise.all([import("sonner"), layer]).then(([sonner]) => sonner.toast[kind](message, options));
}

/** For the layer: whether the first toast has been asked for. */
export const useToastsWanted = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => wanted,
    () => false,
  );

/** For the layer: sonner forgets what is shown before its layer listens. */
export const toastLayerMounted = (): void => mounted();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
