// Keeps what was written and not sent, for as long as the tab is open.

import type { Draft } from "./draft";

const KEY = "fanfare-unsent";

export function readUnsent(): Draft | null {
  try {
    const stored = sessionStorage.getItem(KEY);
    return stored ? (JSON.parse(stored) as Draft) : null;
  } catch {
    return null;
  }
}

export function keepUnsent(draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(KEY, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is switched off: what is written is kept until the page is left.
  }
}
