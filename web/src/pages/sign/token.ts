/** A token from the address, taken out of it so that it stays in no history. Links carry it behind `#`, which no log sees. */
export function fromAddress(inQuery: string | undefined): string | undefined {
  const inHash = new URLSearchParams(window.location.hash.slice(1)).get("token") ?? undefined;
  const token = inHash ?? inQuery;
  if (token) window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
}
