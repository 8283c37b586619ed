"use client";
import { memo, useRef } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollBox, ScrollText } from "@/components/ui/scroll-box";

/** Words of a model as Markdown. No raw HTML; links open outside; pictures are not fetched from anywhere. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="space-y-2 break-words [&_blockquote]:border-line-strong [&_blockquote]:border-l-2 [&_blockquote]:pl-3 [&_blockquote]:text-normal [&_h1]:font-semibold [&_h1]:text-lg [&_h2]:font-semibold [&_h2]:text-lg [&_h3]:font-semibold [&_hr]:border-line [&_li]:my-0.5 [&_ol]:list-decimal [&_ol]:pl-5 [&_table]:text-sm [&_td]:border [&_td]:border-line [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:border-line [&_th]:px-2 [&_th]:py-1 [&_th]:text-left [&_ul.contains-task-list]:list-none [&_ul.contains-task-list]:pl-1 [&_ul]:list-disc [&_ul]:pl-5">
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

const plugins = [remarkGfm];
const components: Components = {
  // An address that could run something was taken away: what is left is no link.
  a: ({ href, children }) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="text-link underline underline-offset-2">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt, src }) => <span className="text-muted">[{alt || String(src)}]</span>,
  p: ({ children }) => <p className="whitespace-pre-wrap">{children}</p>,
  table: ({ children }) => (
    <ScrollBox>
      <table>{children}</table>
    </ScrollBox>
  ),
  code: ({ children, className }) => (
    <code className={`rounded bg-[color-mix(in_oklab,var(--line)_60%,transparent)] px-1 font-mono text-[0.9em] ${className ?? ""}`}>
      {children}
    </code>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
};

function CodeBlock({ children }: { children: React.ReactNode }) {
  const box = useRef<HTMLPreElement>(null);
  return (
    <div className="relative">
      <ScrollText ref={box} className="pr-10 [&_code]:bg-transparent [&_code]:p-0">
        {children}
      </ScrollText>
      <CopyButton text={() => box.current?.textContent ?? ""} className="absolute top-1 right-1" />
    </div>
  );
}
