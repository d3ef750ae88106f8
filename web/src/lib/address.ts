/** An address that a link may have. What platforms and people send is not always one: a script is none. */
export function linkable(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address, window.location.origin)) return undefined;
  return ["http:", "https:"].includes(new URL(address, window.location.origin).protocol) ? address : undefined;
}
