// Files on their way into the library, and what was attached.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { mediaKey, uploadFile } from "@/api/calls/media";
import { useTexts } from "@/i18n";
import { describe } from "@/ui/states";

import { attached, type Attached } from "./draft";

export interface UnderWay {
  key: number;
  name: string;
  share: number;
  error: string | null;
}

export function useUploads(onReady: (item: Attached) => void) {
  const { t } = useTexts();
  const client = useQueryClient();
  const [underWay, setUnderWay] = useState<UnderWay[]>([]);
  const next = useRef(0);
  const stops = useRef(new Map<number, AbortController>());
  const ready = useRef(onReady);
  useEffect(() => {
    ready.current = onReady;
  });
  useEffect(() => {
    const all = stops.current;
    return () => {
      for (const stop of all.values()) stop.abort();
    };
  }, []);

  const change = (key: number, part: Partial<UnderWay>) =>
    setUnderWay((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const drop = (key: number) => {
    stops.current.get(key)?.abort();
    stops.current.delete(key);
    setUnderWay((all) => all.filter((one) => one.key !== key));
  };

  const add = async (file: File, instead?: (item: Attached) => void) => {
    next.current += 1;
    const key = next.current;
    const stop = new AbortController();
    stops.current.set(key, stop);
    setUnderWay((all) => [...all, { key, name: file.name, share: 0, error: null }]);
    try {
      const media = await uploadFile({ file, signal: stop.signal, onProgress: (share) => change(key, { share }) });
      if (media.status === "failed") {
        change(key, { error: media.error_message ?? t("media.failed") });
        return;
      }
      (instead ?? ready.current)(attached(media));
      drop(key);
      void client.invalidateQueries({ queryKey: mediaKey });
    } catch (error) {
      if (!stop.signal.aborted) change(key, { error: describe(error, t) });
    }
  };

  return { underWay, drop, addInstead: (file: File, instead: (item: Attached) => void) => void add(file, instead), add: (files: Iterable<File>) => [...files].forEach((file) => void add(file)) };
}
