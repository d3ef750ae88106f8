// Does what somebody asked for, and says so: with a way back where there is one, plainly where the server refused.
//
// Nothing is held back to be sent later. What is deleted is deleted at once and offers no undo: a request that waits in
// the page is lost with its tab, and an undo that writes the thing anew has neither its log, its secret, its place on a
// platform nor its id. A question is asked before it instead.

import { useCallback } from "react";

import { useTexts, type Texts } from "@/i18n";

import { describe } from "./states";
import { useTell, type Tell } from "./toasts";

export interface Deed<Output> {
  /** Sends it: `mutateAsync` of a mutation, whose promise is kept also when the page that asked is gone. */
  send: () => Promise<Output>;
  /** What is said when the server has done it. */
  done?: string | ((output: Output) => string) | undefined;
  /** What brings back the state before, and what is said then. */
  undo?: Undo | undefined;
  /** Puts back what the page itself had changed. `true` if it shows the reason as well. */
  refused?: ((error: unknown) => boolean) | undefined;
}

export interface Undo {
  send: () => Promise<unknown>;
  done: string;
}

/** `true` if the server did it. */
export async function perform<Output>(deed: Deed<Output>, tell: Tell, t: Texts["t"]): Promise<boolean> {
  const { undo } = deed;
  let output: Output;
  try {
    output = await deed.send();
  } catch (error) {
    if (!deed.refused?.(error)) tell(describe(error, t), { tone: "bad" });
    return false;
  }
  const said = typeof deed.done === "function" ? deed.done(output) : deed.done;
  if (said) tell(said, undo ? { undo: () => void perform(undo, tell, t) } : {});
  return true;
}

export function useCalm() {
  const { t } = useTexts();
  const tell = useTell();
  return useCallback(<Output>(deed: Deed<Output>) => perform(deed, tell, t), [tell, t]);
}
