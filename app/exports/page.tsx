import type { Metadata } from "next";
import { Suspense } from "react";
import { ExportsScreen } from "@/components/export/exports-screen";

export const metadata: Metadata = { title: "Exports" };

export default function ExportsPage() {
  return (
    <Suspense>
      <ExportsScreen />
    </Suspense>
  );
}
