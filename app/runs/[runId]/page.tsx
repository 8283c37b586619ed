import type { Metadata } from "next";
import { RunNotFound } from "@/components/run/run-not-found";
import { RunId } from "@/lib/contract/ids";
import { Words } from "../../words";
import { RunView } from "./run-view";

export const metadata: Metadata = { title: "Run" };

export default async function RunPage({ params }: { params: Promise<{ runId: string }> }) {
  const { runId } = await params;
  const id = RunId.safeParse(runId);
  return <Words of={["run"]}>{id.success ? <RunView runId={id.data} /> : <RunNotFound runId={runId} />}</Words>;
}
