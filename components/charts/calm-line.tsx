"use client";
import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

export type CalmLineProps = {
  /** Says what is drawn to those who do not see it. */
  label: string;
  points: readonly { x: number; y: number }[];
  height: number;
  /** CSS variable of the line, such as --iris. */
  color?: string;
  formatX?: (value: number) => string;
  formatY?: (value: number) => string;
  /** Names of the quantities, for the tooltip. */
  xLabel?: string;
  yLabel?: string;
  /** More lines over the same x. */
  others?: readonly { label: string; color: string; points: readonly { x: number; y: number }[] }[];
  axes?: boolean;
};

/** A curve that stands still: Recharts, loaded when it is first shown. Nothing here may follow a metric row. */
export function CalmLine(props: CalmLineProps) {
  return (
    <div style={{ height: props.height }} role="img" aria-label={props.label}>
      <Drawing {...props} />
    </div>
  );
}

const Drawing = dynamic(() => import("./calm-line-drawing").then((module) => module.CalmLineDrawing), {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full" />,
});
