import type { TextPart } from "@/lib/contract/dataset-view";

/** A text with what was taken out struck through and what was put in lit; both are also told to who can't see them. */
export const MarkedText = ({ parts }: { parts: readonly TextPart[] }) => (
  <p className="whitespace-pre-wrap break-words text-normal text-sm leading-6">
    {parts.map(({ text, is }, at) => {
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      if (is === "same") return <span key={at}>{text}</span>;
      const Mark = is === "removed" ? "del" : "ins";
      return (
        <Mark
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          key={at}
          className={`rounded-sm px-0.5 ${is === "removed" ? "bg-failed-soft text-failed line-through" : "bg-succeeded-soft text-succeeded no-underline"}`}
        >
          {text}
        </Mark>
      );
    })}
  </p>
);
