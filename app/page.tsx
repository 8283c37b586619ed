import { preload } from "react-dom";
import { RunsPage } from "@/components/runs/runs-page";
import { withBase } from "@/lib/client/base-path";
import { Words } from "./words";

export default function Page() {
  // The list is on its way while the scripts load; the query then takes the answer from the browser's preload.
  preload(withBase("/api/runs"), { as: "fetch", crossOrigin: "anonymous" });
  return (
    <Words of={["runs"]}>
      <RunsPage />
    </Words>
  );
}
