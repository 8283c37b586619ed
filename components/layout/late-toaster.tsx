"use client";
import dynamic from "next/dynamic";
import { useTheme } from "next-themes";
import { useEffect, useState } from "react";

const Toaster = dynamic(() => import("sonner").then((module) => module.Toaster), { ssr: false });

/** The layer for toasts comes once the page is at rest; none is shown before that. */
export function LateToaster() {
  const { resolvedTheme } = useTheme();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), 1200);
    return () => clearTimeout(timer);
  }, []);
  if (!ready) return null;
  return (
    <Toaster
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      toastOptions={{
        style: {
          background: "var(--raised)",
          border: "1px solid var(--line)",
          color: "var(--strong)",
          fontSize: 13,
          boxShadow: "var(--float)",
        },
      }}
    />
  );
}
