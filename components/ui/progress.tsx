import { cn } from "./cn";

const tones = {
  iris: "bg-iris",
  running: "bg-running",
  succeeded: "bg-succeeded",
  warning: "bg-warning",
  failed: "bg-failed",
  neutral: "bg-line-strong",
} as const;
export type ProgressProps = {
  /** Null while the share is not known. */ value: number | null;
  max?: number;
  tone?: keyof typeof tones;
  className?: string;
  "aria-label"?: string;
};

export function Progress({ value, max = 1, tone = "running", className, ...aria }: ProgressProps) {
  const share = value === null || max <= 0 ? null : Math.min(1, Math.max(0, value / max));
  return (
    <div
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      {...aria}
      className={cn("h-[5px] w-full overflow-hidden rounded-[3px] bg-line", className)}
    >
      {share === null ? (
        <div className={cn("h-full w-1/4 animate-slide-by rounded-[3px] motion-reduce:w-full motion-reduce:opacity-30", tones[tone])} />
      ) : (
        <div
          className={cn("h-full w-full origin-left rounded-[3px] transition-transform duration-150", tones[tone])}
          style={{ transform: `scaleX(${share})` }}
        />
      )}
    </div>
  );
}
