export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];
export const THEME_COOKIE = "tb-theme";

/** What was chosen, else what the system shows. */
export const asTheme = (value: string | undefined): Theme => themes.find((theme) => theme === value) ?? "system";

/**
 * A line of script that runs before the first paint. The choice is a cookie and not in the browser's storage: a cold browser takes
 * 170 ms to open that, and the first paint would wait for it.
 */
export const showThemeScript = (theme: Theme): string =>
  `document.documentElement.dataset.theme=${theme === "system" ? `matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light"` : `"${theme}"`}`;
