import type { Metadata } from "next";
import { LaunchScreen } from "./launch-screen";

export const metadata: Metadata = { title: "Launch" };

type Search = Record<string, string | string[] | undefined>;

export default async function Page({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const one = (name: string) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return <LaunchScreen address={{ from: one("from"), model: one("model"), dataset: one("dataset"), preset: one("preset") }} />;
}
