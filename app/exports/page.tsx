import type { Metadata } from "next";
import { Suspense } from "react";
import { ExportsScreen } from "@/components/export/exports-screen";
import { Words } from "../words";

export const metadata: Metadata = { title: "Exports" };

export default function ExportsPage() {
  return (
    <Words of={["exports"]}>
      <Suspense>
        <ExportsScreen />
      </Suspense>
    </Words>
  );
}
