"use client";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import type { Zoom } from "@/components/charts/plot-data";
import type { XAxis } from "@/lib/domain/series";

export type ChartChoices = {
  axis: XAxis;
  smoothing: number;
  log: readonly string[];
  zoom: Zoom;
  setAxis: (axis: XAxis) => void;
  setSmoothing: (weight: number) => void;
  toggleLog: (chart: string) => void;
  setZoom: (zoom: Zoom) => void;
};

const DEFAULT_SMOOTHING = 0.6;
const axes = ["step", "time", "tokens"] as const;

/** What a person chose for the charts of a run. It stands in the address, so that a link shows the same picture. */
export function useChartChoices(): ChartChoices {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const [zoom, setZoom] = useState<Zoom>(null);
  return useMemo(() => {
    const choices = readChoices(search);
    const write = (name: string, value: string | null) => {
      const next = new URLSearchParams(search);
      if (value === null) next.delete(name);
      else next.set(name, value);
      router.replace(`${path}?${next}`, { scroll: false });
    };
    return {
      ...choices,
      zoom,
      setZoom,
      setAxis: (axis) => {
        setZoom(null);
        write("x", axis === "step" ? null : axis);
      },
      setSmoothing: (weight) => write("smooth", weight === DEFAULT_SMOOTHING ? null : String(weight)),
      toggleLog: (chart) => {
        const log = choices.log.includes(chart) ? choices.log.filter((one) => one !== chart) : [...choices.log, chart];
        write("log", log.length === 0 ? null : log.join(","));
      },
    };
  }, [router, path, search, zoom]);
}

export function readChoices(search: { get: (name: string) => string | null }): Pick<ChartChoices, "axis" | "smoothing" | "log"> {
  const smoothing = Number(search.get("smooth") ?? DEFAULT_SMOOTHING);
  return {
    axis: axes.find((axis) => axis === search.get("x")) ?? "step",
    smoothing: smoothing >= 0 && smoothing <= 0.999 ? smoothing : DEFAULT_SMOOTHING,
    log: (search.get("log") ?? "").split(",").filter((name) => name !== ""),
  };
}
