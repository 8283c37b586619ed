import type { RunStatus } from "@/lib/contract/run";
import { assertNever } from "@/lib/domain/assert-never";

/** A shape of its own for each status, so that colour is never the only sign. Only "running" moves. */
export function StatusIcon({ status }: { status: RunStatus }) {
  return (
    <svg
      aria-hidden
      width="14"
      height="14"
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      className="shrink-0"
    >
      <Shape status={status} />
    </svg>
  );
}

function Shape({ status }: { status: RunStatus }) {
  switch (status) {
    case "draft":
      return <circle cx="7" cy="7" r="4.5" opacity="0.7" />;
    case "queued":
      return <circle cx="7" cy="7" r="4.5" strokeDasharray="2.2 2.5" />;
    case "starting":
      return <path d="M7 2.5A4.5 4.5 0 1 1 2.5 7" />;
    case "running":
      return (
        <>
          <circle cx="7" cy="7" r="6" stroke="none" fill="currentColor" className="animate-pulse-slow" opacity="0.25" />
          <circle cx="7" cy="7" r="3.5" stroke="none" fill="currentColor" />
        </>
      );
    case "stopping":
      return <rect x="3.2" y="3.2" width="7.6" height="7.6" rx="1.5" strokeDasharray="2.4 1.8" />;
    case "succeeded":
      return (
        <>
          <circle cx="7" cy="7" r="5.5" stroke="none" fill="currentColor" />
          <path d="M4.7 7.2l1.6 1.6 3-3.3" stroke="var(--panel)" strokeLinejoin="round" />
        </>
      );
    case "failed":
      return (
        <>
          <circle cx="7" cy="7" r="5.5" stroke="none" fill="currentColor" />
          <path d="M5.2 5.2l3.6 3.6M8.8 5.2L5.2 8.8" stroke="var(--panel)" />
        </>
      );
    case "stopped":
      return <rect x="3.2" y="3.2" width="7.6" height="7.6" rx="1.5" />;
    case "lost":
      return (
        <>
          <circle cx="7" cy="7" r="5" />
          <path d="M7 4.5v2.8M7 9.5v.05" />
        </>
      );
    default:
      return assertNever(status);
  }
}
