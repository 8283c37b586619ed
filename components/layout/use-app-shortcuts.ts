import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { type Shortcut, useShortcutListener, useShortcuts } from "@/lib/client/shortcuts";
import { navItems } from "./nav-items";

type Doors = { openPalette: () => void; openKeys: () => void };

/** Keys that work on every page. */
export function useAppShortcuts(doors: Doors): void {
  const t = useTranslations("nav");
  const router = useRouter();
  const latest = useRef(doors);
  useEffect(() => {
    latest.current = doors;
  });
  const shortcuts = useMemo<Shortcut[]>(
    () => [
      ...navItems.map(({ name, href, keys }): Shortcut => ({ keys, label: t(name), group: "go", run: () => router.push(href) })),
      { keys: "n", label: t("newRun"), group: "app", run: () => router.push("/launch") },
      { keys: "mod+k", label: t("palette"), group: "app", run: () => latest.current.openPalette() },
      { keys: "?", label: t("keys"), group: "app", run: () => latest.current.openKeys() },
    ],
    [t, router],
  );
  useShortcuts(shortcuts);
  useShortcutListener();
}
