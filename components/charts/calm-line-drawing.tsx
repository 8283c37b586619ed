"use client";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { niceRange, niceTicks } from "@/lib/domain/series";
import type { CalmLineProps } from "./calm-line";
import { formatReading, formatTick } from "./chart-format";

export function CalmLineDrawing({
  points,
  color = "--iris",
  formatX = formatTick,
  formatY,
  xLabel,
  yLabel,
  others = [],
  axes = true,
}: CalmLineProps) {
  const tick = { fill: "var(--muted)", fontSize: 11 };
  const yRange = niceRange(...edges([points, ...others.map((other) => other.points)].flatMap((line) => line.map(({ y }) => y))), false);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart data={[...points]} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="x"
          type="number"
          ticks={niceTicks(edges(points.map(({ x }) => x)), 6)}
          domain={["dataMin", "dataMax"]}
          hide={!axes}
          tick={tick}
          tickLine={false}
          axisLine={false}
          tickFormatter={formatX}
        />
        <YAxis
          hide={!axes}
          width={44}
          tick={tick}
          tickLine={false}
          axisLine={false}
          tickFormatter={formatY ?? formatTick}
          ticks={niceTicks(yRange, 4)}
          domain={yRange}
        />
        <Tooltip
          isAnimationActive={false}
          contentStyle={{
            background: "var(--raised)",
            border: "1px solid var(--line)",
            borderRadius: 6,
            fontSize: 12,
            padding: "6px 10px",
          }}
          labelStyle={{ color: "var(--muted)" }}
          itemStyle={{ color: "var(--strong)" }}
          labelFormatter={(value) => `${xLabel ? `${xLabel} ` : ""}${formatX(Number(value))}`}
          formatter={(value, name) => [(formatY ?? formatReading)(Number(value)), name]}
        />
        <Line
          name={yLabel ?? ""}
          dataKey="y"
          stroke={`var(${color})`}
          strokeWidth={1.75}
          dot={false}
          isAnimationActive={false}
          type="linear"
        />
        {others.map((other) => (
          <Line
            key={other.label}
            name={other.label}
            data={[...other.points]}
            dataKey="y"
            stroke={`var(${other.color})`}
            strokeWidth={1.75}
            dot={{ r: 2, fill: `var(${other.color})`, strokeWidth: 0 }}
            isAnimationActive={false}
            type="linear"
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

function edges(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
