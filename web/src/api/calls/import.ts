// A file of posts.

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { parts, POST } from "../client";
import type { paths } from "../schema";
import type { ImportedPosts } from "../types";

export type ImportQuery = NonNullable<paths["/posts/import"]["post"]["parameters"]["query"]>;

/** What the file says it is by its name; the server looks inside. */
export const typeOf = (name: string): "text/csv" | "application/json" => (/\.json$/i.test(name) ? "application/json" : "text/csv");

export function useImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ file, query }: { file: File; query: ImportQuery }) =>
      parts<ImportedPosts>(
        POST("/posts/import", {
          params: { query },
          // The file as it is: no envelope, no form.
          body: file as never,
          bodySerializer: (body: unknown) => body as Blob,
          headers: { "Content-Type": typeOf(file.name) },
        }),
      ),
    onSettled: (_, __, { query }) => {
      if (query.dry_run) return;
      for (const name of ["posts", "queue", "media"]) void client.invalidateQueries({ queryKey: [name] });
    },
  });
}
