// What a file calls accounts, and which ones are meant.

export interface Mapped {
  name: string;
  accountId: number | null;
}

/** As the server takes it; nothing where nothing is said. */
export function mappingOf(rows: readonly Mapped[]): string | undefined {
  const said = rows.filter((row) => row.name.trim() !== "" && row.accountId !== null);
  if (said.length === 0) return undefined;
  return JSON.stringify(Object.fromEntries(said.map((row) => [row.name.trim(), row.accountId])));
}

/** The seconds until a file is sent again for what waits; never at once, never later than ten minutes. */
export function pauseOf(seconds: number | null): number | null {
  return seconds === null ? null : Math.min(600, Math.max(2, Math.ceil(seconds)));
}
