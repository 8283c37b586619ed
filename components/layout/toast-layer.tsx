"use client";
import { useEffect } from "react";
import { Toaster } from "sonner";
import { toastLayerMounted } from "@/components/ui/toast";
import { useShownTheme } from "@/lib/client/use-theme";

const look = {
  background: "var(--raised)",
  border: "1px solid var(--line)",
  color: "var(--strong)",
  fontSize: 13,
  boxShadow: "var(--float)",
};

export function ToastLayer() {
  const theme = useShownTheme();
  // A parent's effect runs after its child's: the toaster listens by now.
  useEffect(toastLayerMounted, []);
  return <Toaster theme={theme} position="bottom-right" style={{ fontFamily: "inherit" }} toastOptions={{ style: look }} />;
}
