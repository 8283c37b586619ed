"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { runQueries } from "@/lib/client/queries/runs";
import { navItemOf } from "./nav-items";

export function Breadcrumb() {
  const t = useTranslations("nav");
  const pathname = usePathname();
  const item = navItemOf(pathname);
  const [section, id] = pathname.slice(1).split("/");
  const name = useThingName(section, id);
  if (!item) return <span />;
  if (!id) return <span className="truncate font-medium text-strong">{t(item.name)}</span>;
  return (
    <nav aria-label={t("breadcrumb")} className="flex min-w-0 items-center gap-1.5 text-muted">
      <Link href={item.href} prefetch={false} className="rounded hover:text-strong">
        {t(item.name)}
      </Link>
      <span aria-hidden>/</span>
      <span aria-current="page" className="truncate font-medium text-strong">
        {name ?? id}
      </span>
    </nav>
  );
}

/** Reads what the page itself has loaded; asks for nothing. */
function useThingName(section: string | undefined, id: string | undefined): string | undefined {
  const run = useQuery({ ...runQueries.detail(id ?? ""), enabled: false });
  const dataset = useQuery({ ...datasetQueries.detail(id ?? ""), enabled: false });
  if (section === "runs") return run.data?.name;
  return section === "data" ? dataset.data?.name : undefined;
}
