"use client";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Activity, Box, Database, Languages, type LucideIcon, PanelLeft, Plus, SunMoon } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { floating } from "@/components/ui/floating";
import { useReturnFocus } from "@/components/ui/return-focus";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { modelQueries } from "@/lib/client/queries/models";
import { runQueries } from "@/lib/client/queries/runs";
import { takeTyped } from "@/lib/client/typed-ahead";
import { useLanguage } from "@/lib/client/use-language";
import { switchTheme } from "@/lib/client/use-theme";
import { navItems } from "./nav-items";
import { Group, Item } from "./palette-parts";

// The table of parameters is on its way while the first letter is typed.
const loadParameters = () => import("./palette-parameters").then((module) => ({ default: module.PaletteParameters }));
const PaletteParameters = lazy(loadParameters);

/** Finds runs, data sets, models, pages, actions and parameters; loaded with the first ⌘K. */
export function Palette({ onClose, onFold }: { onClose: () => void; onFold: () => void }) {
  const t = useTranslations("nav");
  const forms = useTranslations("common.form");
  const router = useRouter();
  const { toggle: toggleLanguage } = useLanguage();
  const runs = useQuery(runQueries.list());
  const datasets = useQuery(datasetQueries.list());
  const models = useQuery(modelQueries.list());
  const returnFocus = useReturnFocus();
  const [search, setSearch] = useState("");
  useEffect(() => void loadParameters(), []);
  // Not sooner: what stands in the field when it is focused is marked, and the next letter would take its place.
  const takeOver = () => {
    const typed = takeTyped();
    if (typed !== "") setSearch(typed);
  };
  const act = (action: () => void) => () => {
    onClose();
    action();
  };
  const go = (href: string) => act(() => router.push(href));

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-veil" />
        <Dialog.Content
          {...returnFocus}
          aria-describedby={undefined}
          className={cn(floating, "fixed inset-x-3 top-[12vh] mx-auto max-w-xl overflow-hidden")}
        >
          <Dialog.Title className="sr-only">{t("palette")}</Dialog.Title>
          <Command label={t("palette")} loop>
            <Command.Input
              value={search}
              onValueChange={setSearch}
              onFocus={takeOver}
              placeholder={t("paletteHint")}
              className="h-12 w-full border-line border-b bg-transparent px-4 text-strong outline-none placeholder:text-muted pointer-coarse:text-lg"
            />
            <Command.List className="max-h-[min(420px,60dvh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-muted text-sm">{t("paletteEmpty")}</Command.Empty>
              <Group heading={t("keyGroup.go")}>
                {navItems.map((item) => (
                  <Item
                    key={item.name}
                    icon={item.icon}
                    value={`page ${t(item.name)} ${item.name}`}
                    onSelect={go(item.href)}
                    keys={item.keys}
                  >
                    {t(item.name)}
                  </Item>
                ))}
              </Group>
              <Group heading={t("actions")}>
                <Item icon={Plus} value={`action ${t("newRun")} new run`} onSelect={go("/launch")} keys="n">
                  {t("newRun")}
                </Item>
                <Item icon={SunMoon} value={`action ${t("theme")} theme dark light`} onSelect={act(switchTheme)}>
                  {t("theme")}
                </Item>
                <Item icon={Languages} value={`action ${t("otherLanguage")} language English 中文`} onSelect={act(toggleLanguage)}>
                  {t("otherLanguage")}
                </Item>
                <Item icon={PanelLeft} value={`action ${t("toggleRail")} rail`} onSelect={act(onFold)}>
                  {t("toggleRail")}
                </Item>
              </Group>
              <Things
                heading={t("runs")}
                icon={Activity}
                things={runs.data?.map((run) => ({ id: run.id, name: run.name, detail: run.labels.model, href: `/runs/${run.id}` }))}
                go={go}
              />
              <Things
                heading={t("data")}
                icon={Database}
                things={datasets.data?.map((set) => ({
                  id: set.id,
                  name: set.name,
                  detail: forms(set.report.format),
                  href: `/data/${set.id}`,
                }))}
                go={go}
              />
              <Things
                heading={t("models")}
                icon={Box}
                things={models.data?.map((model) => ({
                  id: model.id,
                  name: model.name,
                  detail: model.facts?.architecture ?? "",
                  href: "/models",
                }))}
                go={go}
              />
              {search !== "" && (
                <Suspense>
                  <PaletteParameters go={go} />
                </Suspense>
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Thing = { id: string; name: string; detail: string; href: string };
type ThingsProps = { heading: string; icon: LucideIcon; things: Thing[] | undefined; go: (href: string) => () => void };

function Things({ heading, icon, things, go }: ThingsProps) {
  if (!things || things.length === 0) return null;
  return (
    <Group heading={heading}>
      {things.slice(0, 200).map((thing) => (
        <Item key={thing.id} icon={icon} value={`${heading} ${thing.name} ${thing.id}`} onSelect={go(thing.href)} detail={thing.detail}>
          {thing.name}
        </Item>
      ))}
    </Group>
  );
}
