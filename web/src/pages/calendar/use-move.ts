// Moves a post to another time. The calendar shows it at once; if the server refuses, it goes back.

import { useUpdatePost } from "@/api/calls/posts";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { useCalm } from "@/ui/calm";

export type Move = (post: Post, from: string, to: Date, revert?: () => void) => void;

export function useMove(zone: string): Move {
  const { t, moment } = useTexts();
  const calm = useCalm();
  const update = useUpdatePost();

  const send = (id: string, at: string) => update.mutateAsync({ id, body: { scheduled_for: at } });
  return (post, from, to, revert) => {
    const at = to.toISOString();
    void calm({
      send: () => send(post.post_id, at),
      done: t("calendar.moved", { time: moment(at, { zone }) }),
      undo: { send: () => send(post.post_id, from), done: t("calendar.moved.back", { time: moment(from, { zone }) }) },
      refused: () => {
        revert?.();
        return false;
      },
    });
  };
}
