"use client";
import type { ReactNode } from "react";

export function AppFrame({ children }: { folded: boolean; children: ReactNode }) {
  return <main id="content">{children}</main>;
}
