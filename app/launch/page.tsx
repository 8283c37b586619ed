import type { Metadata } from "next";
import { preload } from "react-dom";
import { withBase } from "@/lib/client/base-path";
import { Words } from "../words";
import { LaunchScreen } from "./launch-screen";

export const metadata: Metadata = { title: "Launch" };

type Search = Record<string, string | string[] | undefined>;

export default async function Page({ searchParams }: { searchParams: Promise<Search> }) {
  // The form's data is on its way while the scripts load.
  for (const path of ["/api/models", "/api/datasets", "/api/quick-start"])
    preload(withBase(path), { as: "fetch", crossOrigin: "anonymous" });
  const search = await searchParams;
  const one = (name: string) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return (
    <Words of={["launch", "import", "models", "data"]}>
      <LaunchScreen
        address={{
          from: one("from"),
          model: one("model"),
          dataset: one("dataset"),
          add: one("add"),
          preset: one("preset"),
          checkpoint: one("checkpoint"),
        }}
      />
    </Words>
  );
}
