"use client";
import { Command } from "cmdk";
import type { LucideIcon } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { floatingItem } from "@/components/ui/floating";
import { KeyCaps } from "./key-caps";

export const Group = (props: { heading: string; children: React.ReactNode }) => (
  <Command.Group
    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-muted [&_[cmdk-group-heading]]:text-xs"
    {...props}
  />
);

type ItemProps = { icon: LucideIcon; value: string; onSelect: () => void; keys?: string; detail?: string; children: React.ReactNode };
export const Item = ({ icon: Icon, keys, detail, children, ...rest }: ItemProps) => (
  <Command.Item
    {...rest}
    className={cn(floatingItem, "data-[selected=true]:bg-sunken data-[selected=true]:text-strong dark:data-[selected=true]:bg-line")}
  >
    <Icon aria-hidden size={15} className="text-muted" />
    <span className="min-w-0 flex-1 truncate">{children}</span>
    {detail && <span className="truncate text-muted text-xs">{detail}</span>}
    {keys && <KeyCaps keys={keys} />}
  </Command.Item>
);
