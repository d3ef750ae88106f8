/** A stretch of text: marked ones are links, mentions and hashtags. */
export interface Run {
  text: string;
  marked: boolean;
}

const MARKED = /(?:https?:\/\/[^\s]+|(?<![\p{L}\p{N}_])[@#][\p{L}\p{N}_][\p{L}\p{N}_.]*)/gu;

/** Splits a text where platforms make something of it. */
export function runs(text: string): Run[] {
  const found: Run[] = [];
  let at = 0;
  for (const match of text.matchAll(MARKED)) {
    const word = match[0].replace(/[.,;:!?)]+$/u, "");
    if (match.index > at) found.push({ text: text.slice(at, match.index), marked: false });
    found.push({ text: word, marked: true });
    at = match.index + word.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), marked: false });
  return found;
}
