"use client";
import { useTheme } from "next-themes";
import { useEffect } from "react";
import { Toaster } from "sonner";
import { toastLayerMounted } from "@/components/ui/toast";

const look = {
  background: "var(--raised)",
  border: "1px solid var(--line)",
  color: "var(--strong)",
  fontSize: 13,
  boxShadow: "var(--float)",
};

export function ToastLayer() {
  const { resolvedTheme } = useTheme();
  // A parent's effect runs after its child's: the toaster listens by now.
  useEffect(toastLayerMounted, []);
  return (
    <Toaster
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      style={{ fontFamily: "inherit" }}
      toastOptions={{ style: look }}
    />
  );
}
