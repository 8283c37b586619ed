"use client";
import type { ReactNode } from "react";
import { useFormat } from "@/lib/client/use-format";

export function PlanLine({ label, value, detail }: { label: string; value: ReactNode; detail?: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3 text-sm">
      <dt className="text-muted">{label}</dt>
      <dd className="text-right text-strong">
        {value}
        {detail && <span className="text-muted"> {detail}</span>}
      </dd>
    </div>
  );
}

/** A number in full on hover. */
export function Exact({ value }: { value: number }) {
  const format = useFormat();
  return <span title={value.toLocaleString("en-US")}>{format.count(value)}</span>;
}
