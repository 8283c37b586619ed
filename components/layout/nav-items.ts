import { Activity, Box, Cpu, Database, type LucideIcon, MessageSquare, Plus, Share, SlidersHorizontal } from "lucide-react";

export type NavItem = {
  name: "runs" | "launch" | "data" | "models" | "chat" | "exports" | "system" | "settings";
  href: string;
  icon: LucideIcon;
  keys: string;
};

/** Groups of the rail, top to bottom. */
export const navGroups: readonly (readonly NavItem[])[] = [
  [
    { name: "runs", href: "/", icon: Activity, keys: "g r" },
    { name: "launch", href: "/launch", icon: Plus, keys: "g l" },
  ],
  [
    { name: "data", href: "/data", icon: Database, keys: "g d" },
    { name: "models", href: "/models", icon: Box, keys: "g m" },
  ],
  [
    { name: "chat", href: "/chat", icon: MessageSquare, keys: "g c" },
    { name: "exports", href: "/exports", icon: Share, keys: "g e" },
  ],
  [
    { name: "system", href: "/system", icon: Cpu, keys: "g s" },
    { name: "settings", href: "/settings", icon: SlidersHorizontal, keys: "g ," },
  ],
];
export const navItems: readonly NavItem[] = navGroups.flat();

/** The item a page belongs to: a run's page belongs to Runs. */
export const navItemOf = (pathname: string): NavItem | undefined =>
  pathname.startsWith("/runs")
    ? navItems[0]
    : (navItems.find((item) => item.href !== "/" && (pathname === item.href || pathname.startsWith(`${item.href}/`))) ??
      (pathname === "/" ? navItems[0] : undefined));
