import { createTailwindMerge } from "tailwind-merge";

const any = () => true;
const isLength = (value: string) => /^\d/.test(value) || /^\[[\d.-]/.test(value);
/** A step of a scale, for text and corners. */
const isStep = (value: string) => /^(xs|sm|base|md|lg|\d?xl|full|none)$/.test(value) || isLength(value);
const sides = ["x", "y", "t", "r", "b", "l"] as const;
const shrink = { "": ["x", "y", "t", "r", "b", "l"], x: ["r", "l"], y: ["t", "b"] } as const;

/** `p-4` takes away `px-2` before it: a box's value takes those of its sides. */
const box = (name: string) => ({
  groups: Object.fromEntries(["", ...sides].map((side) => [name + side, [{ [name + side]: [any] }]])),
  conflicts: Object.fromEntries(Object.entries(shrink).map(([side, within]) => [name + side, within.map((other) => name + other)])),
});
const padding = box("p");
const margin = box("m");

/** One value of its own: `w-full` replaces `w-4`. */
const plain = (...names: string[]) => Object.fromEntries(names.map((name) => [name, [{ [name]: [any] }]]));

/**
 * The utilities that one class list overrides in another, in place of tailwind-merge's table of all there are, which is four times
 * as large as the merge itself. cn.test.ts compares both over every class list in this repository.
 */
export const merge = createTailwindMerge(() => ({
  cacheSize: 500,
  theme: {},
  classGroups: {
    ...padding.groups,
    ...margin.groups,
    ...plain("w", "h", "size", "min-w", "min-h", "max-w", "max-h", "gap-x", "gap-y", "z", "opacity", "leading", "tracking", "cursor"),
    ...plain(
      "inset-x",
      "inset-y",
      "top",
      "right",
      "bottom",
      "left",
      "grid-cols",
      "col",
      "items",
      "self",
      "justify-self",
      "break",
      "duration",
    ),
    gap: [{ gap: [any] }],
    inset: [{ inset: [any] }],
    display: ["block", "inline", "inline-block", "inline-flex", "inline-grid", "flex", "grid", "hidden", "contents", "table-cell"],
    position: ["static", "relative", "absolute", "fixed", "sticky"],
    "text-size": [{ text: [isStep] }],
    "text-align": [{ text: ["left", "center", "right"] }],
    "text-color": [{ text: [any] }],
    "font-family": [{ font: ["sans", "mono"] }],
    "font-weight": [{ font: [any] }],
    bg: [{ bg: [any] }],
    "border-style": [{ border: ["solid", "dashed", "dotted", "none"] }],
    "border-width": [{ border: ["", isLength] }],
    ...Object.fromEntries(sides.map((side) => [`border-width-${side}`, [{ [`border-${side}`]: ["", isLength] }]])),
    "border-collapse": [{ border: ["collapse", "separate"] }],
    ...plain("border-spacing"),
    "border-color": [{ border: [any] }],
    rounded: [{ rounded: ["", isStep] }],
    overflow: [{ overflow: ["auto", "hidden", "visible", "clip"] }],
    "overflow-x": [{ "overflow-x": [any] }],
    "overflow-y": [{ "overflow-y": [any] }],
    "text-overflow": ["truncate"],
    whitespace: [{ whitespace: [any] }],
    justify: [{ justify: [any] }],
    shrink: [{ shrink: ["", any] }],
    flex: [{ flex: ["1", "auto", "none"] }],
    "flex-direction": [{ flex: ["row", "col", "row-reverse", "col-reverse"] }],
    "flex-wrap": [{ flex: ["wrap", "nowrap"] }],
    transition: [{ transition: ["", any] }],
    align: [{ align: [any] }],
    "pointer-events": [{ "pointer-events": [any] }],
  },
  conflictingClassGroups: {
    ...padding.conflicts,
    ...margin.conflicts,
    gap: ["gap-x", "gap-y"],
    size: ["w", "h"],
    inset: ["inset-x", "inset-y", "top", "right", "bottom", "left"],
    "inset-x": ["right", "left"],
    "inset-y": ["top", "bottom"],
    overflow: ["overflow-x", "overflow-y"],
    flex: ["shrink"],
    "text-size": ["leading"],
    "border-width": sides.map((side) => `border-width-${side}`),
    "border-width-x": ["border-width-r", "border-width-l"],
    "border-width-y": ["border-width-t", "border-width-b"],
  },
  conflictingClassGroupModifiers: { "text-size": ["leading"] },
  orderSensitiveModifiers: [],
}));
