"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import { Ellipsis, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Menu, type MenuItem } from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/skeleton";
import { Td } from "@/components/ui/table";
import { PageHeader } from "./page-header";
import { EmptyState, ErrorState, LoadingState } from "./states";

type ListPageProps<T> = {
  title: string;
  add: { label: string; onPress: () => void };
  list: UseQueryResult<T[]>;
  empty: { icon: ReactNode; title: string; body: string };
  /** The table, once there is something in it. */
  children: (things: readonly T[]) => ReactNode;
};

/** A page that lists what a person has brought, such as models and data sets. */
export function ListPage<T>({ title, add, list, empty, children }: ListPageProps<T>) {
  const button = (
    <Button variant="primary" onClick={add.onPress}>
      <Plus aria-hidden size={15} />
      {add.label}
    </Button>
  );
  return (
    <>
      <PageHeader title={title} actions={list.data?.length === 0 ? undefined : button} />
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => list.refetch()} />
      ) : !list.data ? (
        <LoadingState>
          <Skeleton className="h-48" />
        </LoadingState>
      ) : list.data.length === 0 ? (
        <Card>
          <EmptyState {...empty} action={button} />
        </Card>
      ) : (
        <Card flush>{children(list.data)}</Card>
      )}
    </>
  );
}

/** The first cell of a row: the name takes the room that the other columns leave, and its marks are never cut off. */
export const NameCell = ({ children, marks }: { children: ReactNode; marks?: ReactNode }) => (
  <Td className="w-full min-w-36 max-w-0">
    <span className="flex items-center gap-2 [&>:first-child]:min-w-0 [&>:first-child]:truncate">
      {children}
      {marks}
    </span>
  </Td>
);

/** The last cell of a row: what can be done with it. */
export function ActionsCell({ name, items, children }: { name: string; items: readonly MenuItem[]; children?: ReactNode }) {
  const t = useTranslations("common");
  return (
    <Td className="text-right">
      <Menu
        trigger={
          <Button size="sm" variant="ghost" icon aria-label={`${t("actions")}: ${name}`}>
            <Ellipsis aria-hidden size={15} />
          </Button>
        }
        items={items}
      />
      {children}
    </Td>
  );
}
