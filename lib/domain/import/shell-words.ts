/** One command of a script: assignments before it, its words, and what was left aside (redirections). */
export type Command = { env: [name: string, value: string][]; words: string[]; aside: string[] };

/**
 * Splits a shell script into commands and words as bash would, as far as articles and READMEs need it: comments, quotes, continued
 * lines, assignments, `$NAME`. Nothing is run: `$(…)` stays as it is written. What word processors do to a command (long dashes,
 * curly quotes, blanks that are none) is put right first.
 */
export function splitScript(text: string): Command[] {
  const known = new Map<string, string>();
  const commands: Command[] = [];
  let words: Word[] = [];
  const end = () => {
    const command = toCommand(words, known);
    if (command !== null) commands.push(command);
    words = [];
  };
  for (const token of tokens(straighten(text))) {
    if (token === "end") end();
    else words.push(token);
  }
  end();
  return commands;
}

/** Text of a word; what stands in single quotes keeps its `$`. */
type Word = { parts: { text: string; literal: boolean }[]; redirects: boolean };

/** Dashes before a letter at the start of a word are meant as `--`; quotes and blanks become the plain ones. */
function straighten(text: string): string {
  return (
    text
      .replace(/\r\n?/g, "\n")
      .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, " ")
      .replace(/[\u200b\u2060\ufeff]/g, "")
      .replace(/[“”„]/g, '"')
      .replace(/[‘’]/g, "'")
      .replace(/(^|\s)[‐‑‒–—―−]+-?(?=[A-Za-z])/gm, "$1--")
      // A continued line with blanks behind its backslash; PowerShell and cmd continue by ` and ^.
      .replace(/[\\`^][ \t]*\n/g, " ")
      // Arguments listed line by line belong together, even where nobody wrote a backslash.
      .replace(/\n[ \t]*(?=--[A-Za-z])/g, " ")
  );
}

function* tokens(text: string): Generator<Word | "end"> {
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? "";
    if (char === "\n" || char === ";" || char === "|" || (char === "&" && text[at + 1] !== ">")) {
      at += 1;
      yield "end";
    } else if (char === " " || char === "\t") at += 1;
    else if (char === "#") at = endOfLine(text, at);
    else {
      const { word, next } = readWord(text, at);
      at = next;
      yield word;
    }
  }
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
};

function readWord(text: string, from: number): { word: Word; next: number } {
  const redirection = /^(?:\d*>>?(?:&\d)?|&>>?|<)[ \t]*/.exec(text.slice(from, from + 40))?.[0] ?? "";
  const word: Word = { parts: [], redirects: redirection !== "" };
  if (word.redirects) word.parts.push({ text: redirection.trim(), literal: true });
  let at = from + redirection.length;
  const add = (part: string, literal: boolean) => word.parts.push({ text: part, literal });
  while (at < text.length && !/[\s;|&]/.test(text[at] ?? "")) {
    const char = text[at] ?? "";
    if (char === "'" || char === '"') {
      const end = closing(text, at + 1, char);
      const inner = text.slice(at + 1, end);
      add(char === "'" ? inner : inner.replace(/\\(["\\$`\n])/g, "$1"), char === "'");
      at = end + 1;
    } else if (char === "\\") {
      add(text[at + 1] ?? "", true);
      at += 2;
    } else if (text.startsWith("$(", at)) {
      const end = closing(text, at + 2, ")");
      add(text.slice(at, end + 1), true);
      at = end + 1;
      // An article that lost its line breaks: `START=$(date)CUDA_VISIBLE_DEVICES=0`.
      if (/^[A-Z][A-Z0-9_]*=/.test(text.slice(at, at + 80))) break;
    } else {
      const plain = /^[^\s;|&'"\\$]+|^\$[^\s;|&'"\\$(]*/.exec(text.slice(at))?.[0] ?? char;
      add(plain, false);
      at += plain.length;
    }
  }
  return { word, next: Math.max(at, from + 1) };
}

/** Of an opened quote that never closes the rest of the text is meant. */
function closing(text: string, from: number, char: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\" && char === '"') at += 1;
    else if (text[at] === char) return at;
  }
  return text.length;
}

function toCommand(words: readonly Word[], known: Map<string, string>): Command | null {
  const expand = ({ parts }: Word) => parts.map(({ text, literal }) => (literal ? text : withVariables(text, known))).join("");
  const aside = words.filter((word) => word.redirects).map(expand);
  const texts = words.filter((word) => !word.redirects).map(expand);
  const env: Command["env"] = [];
  const exports = ["export", "declare"].includes(texts[0] ?? "");
  if (exports) texts.shift();
  while (texts[0] !== undefined) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(texts[0]) ?? [];
    if (name === undefined || value === undefined) break;
    env.push([name, value]);
    known.set(name, value);
    texts.shift();
  }
  if (exports) return { env, words: ["export"], aside };
  return texts.length === 0 ? null : { env, words: texts, aside };
}

const withVariables = (text: string, known: ReadonlyMap<string, string>): string =>
  text.replace(/\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g, (written, braced?: string, otherwise?: string, bare?: string) => {
    return known.get(braced ?? bare ?? "") ?? otherwise ?? written;
  });
