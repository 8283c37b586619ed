"use client";
import dynamic from "next/dynamic";
import { useToastsWanted } from "@/components/ui/toast";

const ToastLayer = dynamic(() => import("./toast-layer").then((module) => module.ToastLayer), { ssr: false });

/** The layer for toasts comes with the first one. */
export function LateToaster() {
  return useToastsWanted() ? <ToastLayer /> : null;
}
