import type { ReactNode } from "react";

export type PageHeaderProps = {
  title: ReactNode;
  /** Before the title, such as a status. */
  lead?: ReactNode;
  /** Beside the title, muted: badges, figures. */
  aside?: ReactNode;
  actions?: ReactNode;
  /** Above the title; on small screens only, where the top line has no room for it. */
  breadcrumb?: ReactNode;
};

export function PageHeader({ title, lead, aside, actions, breadcrumb }: PageHeaderProps) {
  return (
    <header className="mb-4">
      {breadcrumb && <div className="mb-1 text-muted text-sm md:hidden">{breadcrumb}</div>}
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-40 flex-wrap items-center gap-x-3 gap-y-1">
          {lead}
          <h1 className="min-w-0 truncate font-semibold text-strong text-xl tracking-[-0.01em]">{title}</h1>
          {aside && <div className="flex min-w-0 flex-wrap items-center gap-2 text-muted text-sm">{aside}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
