"use client";
import { useTranslations } from "use-intl";
import { type Shortcut, useActiveShortcuts } from "@/lib/client/shortcuts";
import { KeyCaps } from "./key-caps";

const groups = ["page", "app", "go"] as const satisfies readonly Shortcut["group"][];

/** The keys of this page, drawn from what is registered now. */
export function KeyList() {
  const t = useTranslations("nav");
  const shortcuts = useActiveShortcuts();
  return (
    <div className="grid text-sm gap-x-8 gap-y-5 sm:grid-cols-2">
      {groups
        .filter((group) => shortcuts.some((shortcut) => shortcut.group === group))
        .map((group) => (
          <section key={group}>
            <h3 className="mb-1.5 text-muted text-xs">{t(`keyGroup.${group}`)}</h3>
            <dl className="space-y-1.5">
              {shortcuts
                .filter((shortcut) => shortcut.group === group)
                .map((shortcut) => (
                  <div key={shortcut.keys} className="flex items-center justify-between gap-3">
                    <dt>{shortcut.label}</dt>
                    <dd>
                      <KeyCaps keys={shortcut.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
    </div>
  );
}
