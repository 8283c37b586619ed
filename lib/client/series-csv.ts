import type { RunId } from "../contract/ids";
import type { SeriesPoints } from "../contract/series";
import { api } from "./api";
import { call } from "./request";

const POINTS_A_CALL = 20_000;

/** Every logged value of these metrics, a line each. Where a window holds more than fits in one answer it is halved until each point is itself. */
export async function readSeriesCsv(runId: RunId, names: readonly string[]): Promise<string> {
  const parts = await Promise.all(names.map((name) => readWindow(runId, name, {})));
  return `step,time,tokens,metric,value\n${parts.flat().join("\n")}\n`;
}

async function readWindow(runId: RunId, name: string, window: { fromStep?: number; toStep?: number }): Promise<string[]> {
  const answer = await call(api.getSeries, { runId, names: name, points: POINTS_A_CALL, ...window });
  const points = answer.series[name];
  if (points === undefined || points.step.length === 0) return [];
  const first = points.step[0] ?? 0;
  const last = points.step.at(-1) ?? first;
  const middle = Math.floor((first + last) / 2);
  if (points.bucket === 1 || middle <= first) return toRows(name, points);
  const earlier = await readWindow(runId, name, { fromStep: window.fromStep ?? 0, toStep: middle });
  return [...earlier, ...(await readWindow(runId, name, { fromStep: middle + 1, toStep: window.toStep ?? last }))];
}

function toRows(name: string, points: SeriesPoints): string[] {
  const words = new Map(points.nonFinite.map((point) => [point.step, point.value]));
  return points.step.map((step, i) => {
    const value = points.mean[i] ?? words.get(step) ?? "";
    return `${step},${new Date(points.t[i] ?? 0).toISOString()},${points.tokens[i] ?? ""},${quote(name)},${value}`;
  });
}

const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
