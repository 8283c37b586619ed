"use client";
import { useQuery } from "@tanstack/react-query";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { systemQueries } from "@/lib/client/queries/system";
import { BrandMark } from "./brand";
import { navGroups, navItemOf } from "./nav-items";

/** Words from 1024 px on unless folded, icons only below; phones get the same list in a sheet. */
export function Rail({ folded, onFold }: { folded: boolean; onFold: () => void }) {
  const t = useTranslations("nav");
  const FoldIcon = folded ? PanelLeftOpen : PanelLeftClose;
  return (
    <aside
      className={cn(
        "sticky top-0 hidden h-dvh shrink-0 flex-col border-line border-r px-2.5 pt-3 pb-3 md:flex",
        folded ? "w-14" : "w-14 lg:w-[216px]",
      )}
    >
      <Link
        href="/"
        prefetch={false}
        className="mb-3 flex h-8 items-center gap-2.5 rounded-md px-[7px] font-semibold text-[15px] text-strong tracking-[-0.01em]"
        aria-label="Tuneboard"
      >
        <BrandMark />
        <span className={cn("hidden", !folded && "lg:inline")}>Tuneboard</span>
      </Link>
      <NavList folded={folded} />
      <button
        type="button"
        onClick={onFold}
        title={t(folded ? "unfold" : "fold")}
        aria-label={t(folded ? "unfold" : "fold")}
        className="mt-auto hidden h-8 items-center gap-2.5 rounded-md px-[9px] text-muted text-sm hover:bg-sunken hover:text-strong lg:flex"
      >
        <FoldIcon aria-hidden size={16} />
        {!folded && t("fold")}
      </button>
    </aside>
  );
}

/** `wide`: words always, for the sheet. */
export function NavList({ folded = false, wide = false, onChoose }: { folded?: boolean; wide?: boolean; onChoose?: () => void }) {
  const t = useTranslations("nav");
  const current = navItemOf(usePathname());
  const { data: running } = useQuery({ ...systemQueries.report(), select: (report) => report.running + report.queued });
  const word = wide ? "inline" : cn("hidden", !folded && "lg:inline");
  return (
    <nav aria-label={t("main")} className="flex flex-col">
      {navGroups.map((group) => (
        <ul key={group[0]?.name} className="mb-3.5 flex flex-col gap-0.5">
          {group.map(({ name, href, icon: Icon }) => (
            <li key={name}>
              <Link
                href={href}
                // Pages are rendered per request: a prefetch would fetch little and cost every first visit.
                prefetch={false}
                onClick={onChoose}
                aria-current={current?.name === name ? "page" : undefined}
                title={wide ? undefined : t(name)}
                className="group flex h-8 items-center gap-2.5 rounded-md px-[9px] text-normal text-sm transition-colors hover:bg-sunken aria-[current]:bg-sunken aria-[current]:font-medium aria-[current]:text-strong pointer-coarse:h-10"
              >
                <Icon aria-hidden size={16} strokeWidth={1.8} className="shrink-0 text-muted group-aria-[current]:text-link" />
                <span className={word}>{t(name)}</span>
                {!(wide || folded) && <span className="sr-only lg:hidden">{t(name)}</span>}
                {folded && <span className="sr-only">{t(name)}</span>}
                {name === "runs" && running ? <span className={cn("ml-auto text-muted text-xs", word)}>{running}</span> : null}
              </Link>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}
