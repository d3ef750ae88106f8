// A post of the calendar: what it says, and another time for it without dragging.

import { Button, Modal } from "@mantine/core";
import { useState } from "react";

import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { toLocal, toMoment } from "@/lib/zone";
import { isEditable, platformsOf } from "@/pages/posts/post";
import { PlatformRow, StatusBadge } from "@/ui/badges";
import { ButtonLink } from "@/ui/links";
import { isZone, TimeFields, type PlannedTime } from "@/ui/time-fields";

import { startOf } from "./events";
import type { Move } from "./use-move";

interface Props {
  post: Post | null;
  onClose: () => void;
  onMove: Move;
  zone: string;
}

export function Inspector({ post, onClose, onMove, zone }: Props) {
  const { t, moment } = useTexts();
  return (
    <Modal opened={post !== null} onClose={onClose} title={post ? moment(startOf(post), { style: "long", zone }) : ""} closeButtonProps={{ "aria-label": t("do.close") }}>
      {post && <Inspected key={post.post_id} post={post} onClose={onClose} onMove={onMove} zone={zone} />}
    </Modal>
  );
}

function Inspected({ post, onClose, onMove, zone }: Props & { post: Post }) {
  const { t } = useTexts();
  const [time, setTime] = useState<PlannedTime>(() => ({ local: toLocal(startOf(post), zone), zone }));
  const at = isZone(time.zone) ? toMoment(time.local, time.zone) : null;
  const isPlanned = post.status === "scheduled";
  const isNew = at !== null && at.toISOString() !== startOf(post) && at.getTime() > Date.now();
  return (
    <div className="stack">
      <div className="row wrap">
        <StatusBadge status={post.status} />
        <PlatformRow platforms={platformsOf(post)} />
      </div>
      <p className="breaks no-margin">{post.content || <span className="dim">{t("posts.noText")}</span>}</p>
      {isPlanned ? <TimeFields value={time} onChange={setTime} /> : <p className="small dim no-margin">{t("calendar.fixed")}</p>}
      <div className="row wrap">
        {isPlanned && (
          <Button
            disabled={!isNew}
            onClick={() => {
              if (at) onMove(post, startOf(post), at);
              onClose();
            }}
          >
            {t("calendar.move.do")}
          </Button>
        )}
        <ButtonLink to="/posts/$postId" params={{ postId: post.post_id }} variant="default">
          {t("calendar.open")}
        </ButtonLink>
        {isEditable(post) && (
          <ButtonLink to="/compose" search={{ edit: post.post_id }} variant="default">
            {t("post.edit")}
          </ButtonLink>
        )}
      </div>
    </div>
  );
}
