// Gives a draft a time, or sends it now.

import { Button } from "@mantine/core";
import { useState } from "react";

import { useSchedulePost } from "@/api/calls/posts";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { ownZone, toMoment } from "@/lib/zone";
import { useCalm } from "@/ui/calm";
import { Section } from "@/ui/page";
import { firstSuggestion, TimeFields, type PlannedTime } from "@/ui/time-fields";

export function ScheduleDraft({ post }: { post: Post }) {
  const { t, tn, moment } = useTexts();
  const calm = useCalm();
  const schedule = useSchedulePost();
  const [time, setTime] = useState<PlannedTime>(() => firstSuggestion(post.scheduled_for, ownZone()));
  const at = toMoment(time.local, time.zone);
  const send = (now: boolean) =>
    // No undo: a post that is planned does not become a draft again.
    calm({
      send: () =>
        schedule.mutateAsync({ id: post.post_id, body: now || !at ? { publish_now: true } : { scheduled_for: at.toISOString(), timezone: time.zone } }),
      done: now || !at ? tn("compose.sent", post.account_ids.length) : t("compose.scheduled", { time: moment(at) }),
    });
  // What was chosen stays when the server refuses, and the post is a draft again.
  if (post.status !== "draft" || post.account_ids.length === 0) return null;
  return (
    <Section title={t("post.schedule")}>
      <TimeFields value={time} onChange={setTime} />
      <div className="row wrap">
        <Button disabled={!at || at.getTime() < Date.now()} onClick={() => void send(false)}>
          {t("post.schedule")}
        </Button>
        <Button variant="default" onClick={() => void send(true)}>
          {t("post.publishNow")}
        </Button>
      </div>
    </Section>
  );
}
