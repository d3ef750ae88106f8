// Gives a draft a time, or sends it now.

import { Button } from "@mantine/core";
import { useState } from "react";

import { useSchedulePost } from "@/api/calls/posts";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { ownZone, toMoment } from "@/lib/zone";
import { Section } from "@/ui/page";
import { describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";
import { firstSuggestion, TimeFields, type PlannedTime } from "@/ui/time-fields";

export function ScheduleDraft({ post }: { post: Post }) {
  const { t, tn, moment } = useTexts();
  const tell = useTell();
  const schedule = useSchedulePost();
  const [time, setTime] = useState<PlannedTime>(() => firstSuggestion(post.scheduled_for, ownZone()));
  const at = toMoment(time.local, time.zone);
  const send = (now: boolean) =>
    schedule.mutate(
      { id: post.post_id, body: now || !at ? { publish_now: true } : { scheduled_for: at.toISOString(), timezone: time.zone } },
      {
        onSuccess: () => tell(now || !at ? tn("compose.sent", post.account_ids.length) : t("compose.scheduled", { time: moment(at) })),
      },
    );
  if (post.account_ids.length === 0) return null;
  return (
    <Section title={t("post.schedule")}>
      <TimeFields value={time} onChange={setTime} />
      {schedule.error && (
        <p className="bad no-margin" role="alert">
          {describe(schedule.error, t)}
        </p>
      )}
      <div className="row wrap">
        <Button disabled={!at || at.getTime() < Date.now()} loading={schedule.isPending} onClick={() => send(false)}>
          {t("post.schedule")}
        </Button>
        <Button variant="default" loading={schedule.isPending} onClick={() => send(true)}>
          {t("post.publishNow")}
        </Button>
      </div>
    </Section>
  );
}
