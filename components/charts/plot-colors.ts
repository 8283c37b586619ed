export type PlotColors = ReturnType<typeof readColors>;

/** Canvas knows no CSS variables: they are read once for each theme. */
export function readColors(node: HTMLElement) {
  const style = getComputedStyle(node);
  const of = (name: string) => style.getPropertyValue(name).trim() || "gray";
  const known = new Map<string, string>();
  const cached = (name: string) => known.get(name) ?? (known.set(name, of(name)).get(name) || "gray");
  return {
    of: cached,
    line: cached("--line"),
    muted: cached("--muted"),
    strong: cached("--strong"),
    panel: cached("--panel"),
    warning: cached("--warning"),
    failed: cached("--failed"),
    running: cached("--running"),
    font: `11px ${style.fontFamily}`,
    titleFont: `600 14px ${style.fontFamily}`,
  };
}

/** `oklch(… )` with an alpha. */
export const faded = (color: string, alpha: number): string => color.replace(/\)$/, ` / ${alpha})`);
