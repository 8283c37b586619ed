"use client";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { InspectedRow } from "@/lib/contract/inspect";

const TOKENS_AT_ONCE = 3000;

/** Every token of a row: lit when the model learns to write it, grey when it only reads it, struck through behind the cutoff. */
export function TokenText({ row }: { row: InspectedRow }) {
  const t = useTranslations("dataset.tokens");
  const [shown, setShown] = useState(TOKENS_AT_ONCE);
  const [chosen, setChosen] = useState<number | null>(null);
  const point = (event: PointerEvent<HTMLElement>) => {
    const index = event.target instanceof HTMLElement ? event.target.dataset.token : undefined;
    if (index !== undefined) setChosen(Number(index));
  };
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setChosen((at) => Math.max(0, Math.min(row.ids.length - 1, (at ?? (step === 1 ? -1 : 1)) + step)));
  };
  const cutAt = row.cutAt ?? row.ids.length;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: pointing only tells more of what can be read as plain text anyway */}
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk from token to token
        tabIndex={0}
        onPointerOver={point}
        onKeyDown={move}
        className="whitespace-pre-wrap break-words rounded-md font-mono text-[13px] leading-7 outline-offset-4"
      >
        {row.pieces.slice(0, shown).map((piece, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a row never move
          <Token key={index} index={index} piece={piece} row={row} cut={index >= cutAt} chosen={index === chosen} first={index === cutAt} />
        ))}
      </div>
      {shown < row.ids.length && (
        <Button size="sm" className="mt-2" onClick={() => setShown(shown + TOKENS_AT_ONCE)}>
          {t("more", { count: row.ids.length - shown })}
        </Button>
      )}
      {/* Seen beside whatever token of a long row is pointed at. */}
      <p className="sticky bottom-0 mt-2 border-line border-t bg-panel py-2 font-mono text-muted text-xs" aria-live="polite">
        {chosen === null ? t("hint") : tell(row, chosen)}
      </p>
    </>
  );
}

type TokenProps = { index: number; piece: string; row: InspectedRow; cut: boolean; chosen: boolean; first: boolean };

function Token({ index, piece, row, cut, chosen, first }: TokenProps) {
  const t = useTranslations("dataset.tokens");
  const trained = row.trained[index] === true && !cut;
  return (
    <>
      {first && (
        <span className="my-1 flex items-center gap-2 font-sans text-warning text-xs before:h-px before:flex-1 before:bg-warning after:h-px after:flex-1 after:bg-warning">
          {t("cutLine", { count: row.ids.length - index })}
        </span>
      )}
      <span
        data-token={index}
        className={cn(
          "rounded-[3px] border-panel border-r py-0.5",
          trained ? "bg-succeeded-soft text-strong" : "bg-sunken text-muted",
          row.special[index] && (trained ? "font-medium text-link" : "text-link"),
          cut && "line-through",
          chosen && "outline-2 outline-iris",
        )}
      >
        {visible(piece)}
      </span>
    </>
  );
}

/** Line breaks and tabs get a mark, and still break. */
const visible = (piece: string): string => piece.replaceAll("\t", "→\t").replaceAll("\n", "⏎\n");

const tell = (row: InspectedRow, index: number): string => `#${index} · id ${row.ids[index]} · ${JSON.stringify(row.pieces[index] ?? "")}`;
