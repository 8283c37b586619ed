import type { ReactNode } from "react";

export const SettingRow = ({ title, body, children }: { title: ReactNode; body?: ReactNode; children?: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-line border-b py-3 first:pt-0 last:border-b-0 last:pb-0">
    <div className="min-w-0 flex-1 basis-60">
      <p className="font-medium text-sm text-strong">{title}</p>
      {body && <div className="text-muted text-sm">{body}</div>}
    </div>
    {children}
  </div>
);
