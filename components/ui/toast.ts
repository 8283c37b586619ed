import type { ExternalToast } from "sonner";

const load = () => import("sonner");

/** Toasts, loaded with the first one. */
export const toast = {
  success: (message: string, options?: ExternalToast) => void load().then((sonner) => sonner.toast.success(message, options)),
  error: (message: string, options?: ExternalToast) => void load().then((sonner) => sonner.toast.error(message, options)),
  message: (message: string, options?: ExternalToast) => void load().then((sonner) => sonner.toast(message, options)),
};
