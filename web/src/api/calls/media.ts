// The media library, and a file's three steps into it.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { atOnce, withEntry, type Draw } from "@/lib/optimistic";

import { data, DELETE, GET, POST } from "../client";
import { Problem, Unreachable } from "../problem";
import type { paths } from "../schema";
import type { Media } from "../types";

export const mediaKey = ["media"] as const;
/** How soon a file that is being looked at is asked for again, in milliseconds. */
const PROCESSING = 2000;
export type MediaType = "image" | "video" | "document";

export function useMediaList(filter: { type?: MediaType; limit: number; offset: number }) {
  return useQuery({
    queryKey: [...mediaKey, "list", filter],
    queryFn: ({ signal }) => data(GET("/media", { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    // No event tells when a file is ready.
    refetchInterval: ({ state }) => (state.data?.items.some(({ status }) => status === "processing") ? PROCESSING : false),
  });
}

/** A list without a file. */
function without(id: string): Draw {
  return (answer, [, kind]) => {
    if (kind !== "list") return answer;
    const { items, pagination } = answer as { items: Media[]; pagination: { total: number } };
    const left = withEntry(items, (item) => item.media_id === id, () => null);
    return left === items ? answer : { ...(answer as object), items: left, pagination: { ...pagination, total: pagination.total - 1 } };
  };
}

export function useDeleteMedia() {
  return useMutation({
    mutationFn: ({ id, force = false }: { id: string; force?: boolean }) =>
      data(DELETE("/media/{media_id}", { params: { path: { media_id: id }, query: force ? { force: true } : {} } })),
    ...atOnce(useQueryClient(), mediaKey, ({ id }: { id: string; force?: boolean }) => without(id)),
  });
}

export function useImportMedia() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (url: string) => data(POST("/media/upload-from-url", { body: { url } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: mediaKey }),
  });
}

export interface Upload {
  file: File;
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Names the file, sends its bytes to the address that the server gives, and has it looked at. */
export async function uploadFile({ file, onProgress, signal }: Upload): Promise<Media> {
  const begun = await data(
    POST("/media/upload", {
      body: { filename: file.name || "pasted.png", content_type: file.type || "application/octet-stream", size: file.size },
      signal,
    }),
  );
  await sendBytes(begun.upload_url, file, onProgress, signal);
  const media: Media = await data(POST("/media/{media_id}/complete", { params: { path: { media_id: begun.media_id } }, signal }));
  return media.status === "processing" ? untilReady(media.media_id, signal) : media;
}

/** By XMLHttpRequest, since fetch does not tell how far it has come. */
function sendBytes(url: string, file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(refusal(request));
    });
    request.addEventListener("error", () => reject(new Unreachable("upload")));
    request.addEventListener("abort", () => reject(new DOMException("The upload was stopped.", "AbortError")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function refusal(request: XMLHttpRequest): Problem {
  try {
    const { error } = JSON.parse(request.responseText) as { error: { message: string; code: string; retryable: boolean } };
    return new Problem(request.status, error);
  } catch {
    return new Problem(request.status, { message: `The file was refused (${request.status}).`, code: "upload_refused", retryable: false });
  }
}

async function untilReady(id: string, signal: AbortSignal): Promise<Media> {
  for (;;) {
    const media: Media = await data(GET("/media/{media_id}", { params: { path: { media_id: id } }, signal }));
    if (media.status !== "processing" && media.status !== "uploading") return media;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    signal.throwIfAborted();
  }
}

export type ImageOrder = paths["/ai/generate-image"]["post"]["requestBody"]["content"]["application/json"];

/** Has a file at an address fetched, and waits until it is there. */
export async function fetchMedia(url: string, signal: AbortSignal): Promise<Media> {
  const begun = await data(POST("/media/upload-from-url", { body: { url }, signal }));
  return untilReady(begun.media_id, signal);
}

/** Has a picture made, and waits until it is there. */
export async function makeImage(body: ImageOrder, signal: AbortSignal): Promise<Media> {
  const made = await data(POST("/ai/generate-image", { body, signal }));
  return untilReady(made.media_id, signal);
}

export const useMediaItem = (id: string) =>
  useQuery({
    queryKey: [...mediaKey, "one", id],
    queryFn: ({ signal }) => data(GET("/media/{media_id}", { params: { path: { media_id: id } }, signal })),
  });
