import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";

export type FactRow = {
  name: string;
  value: string;
  title?: string /** A path or id: in mono, with a button that copies it. */;
  copy?: boolean;
};

export const FactList = ({ facts, className }: { facts: readonly FactRow[]; className?: string }) => (
  <dl className={cn("grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 text-sm", className)}>
    {facts.map(({ name, value, title, copy }) => (
      <div key={`${name} ${value}`} className="col-span-2 grid min-h-8 grid-cols-subgrid items-center">
        <dt className="text-muted">{name}</dt>
        <dd title={title ?? value} className="flex min-w-0 items-center justify-end gap-1 text-strong">
          <span className={cn("truncate", copy && "font-mono text-xs")}>{value}</span>
          {copy && <CopyButton text={value} className="-mr-1.5" />}
        </dd>
      </div>
    ))}
  </dl>
);
