import type { Metadata } from "next";
import { preload } from "react-dom";
import { SystemPage } from "@/components/system/system-page";
import { withBase } from "@/lib/client/base-path";
import { Words } from "../words";

export const metadata: Metadata = { title: "System" };

export default function Page() {
  preload(withBase("/api/system"), { as: "fetch", crossOrigin: "anonymous" });
  return (
    <Words of={["system"]}>
      <SystemPage />
    </Words>
  );
}
