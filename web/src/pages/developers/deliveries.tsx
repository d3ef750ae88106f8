// The log of a webhook: each delivery with every try, and sending it again.

import { Button, SegmentedControl, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";

import { useDeliveries, useReplay, useRequeueAll } from "@/api/calls/webhooks";
import type { WebhookDelivery } from "@/api/types";
import { useTexts } from "@/i18n";
import { Badge, type Tone } from "@/ui/badges";
import { Pager } from "@/ui/pager";
import { Await, describe, Loading } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import css from "./developers.module.css";

const LIMIT = 10;
const STATUSES = ["pending", "delivered", "dead"] as const;
type Status = (typeof STATUSES)[number];
const TONES: Record<Status, Tone> = { pending: "plan", delivered: "good", dead: "bad" };

export function Deliveries({ webhookId }: { webhookId: string }) {
  const { t, tn } = useTexts();
  const tell = useTell();
  const [status, setStatus] = useState<Status | "">("");
  const [offset, setOffset] = useState(0);
  const list = useDeliveries(webhookId, { limit: LIMIT, offset, ...(status ? { status } : {}) });
  const requeue = useRequeueAll();
  return (
    <div className={css.log}>
      <div className="row wrap between">
        <SegmentedControl
          size="xs"
          aria-label={t("posts.filter.status")}
          value={status}
          onChange={(value) => {
            setStatus(value);
            setOffset(0);
          }}
          data={[{ value: "", label: t("hooks.log.all") }, ...STATUSES.map((value) => ({ value, label: t(`hooks.status.${value}`) }))]}
        />
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconRefresh size={15} aria-hidden />}
          loading={requeue.isPending}
          onClick={() =>
            requeue.mutate(webhookId, {
              onSuccess: ({ requeued_count }) => tell(tn("hooks.requeued", requeued_count)),
              onError: (error) => tell(describe(error, t), { tone: "bad" }),
            })
          }
        >
          {t("hooks.requeue")}
        </Button>
      </div>
      <Await query={list} loading={<Loading />}>
        {({ deliveries, pagination }) =>
          deliveries.length === 0 ? (
            <p className="dim no-margin">{t("hooks.log.empty")}</p>
          ) : (
            <>
              <ul className="plain">
                {deliveries.map((delivery) => (
                  <Row key={delivery.id} webhookId={webhookId} delivery={delivery} />
                ))}
              </ul>
              <Pager {...pagination} onMove={setOffset} />
            </>
          )
        }
      </Await>
    </div>
  );
}

function Row({ webhookId, delivery }: { webhookId: string; delivery: WebhookDelivery }) {
  const { t, tn, moment, number } = useTexts();
  const tell = useTell();
  const replay = useReplay();
  const [opened, setOpened] = useState(false);
  return (
    <li className={css.delivery}>
      <UnstyledButton className={css.deliveryHead} aria-expanded={opened} onClick={() => setOpened(!opened)}>
        <Badge tone={TONES[delivery.status]}>{t(`hooks.status.${delivery.status}`)}</Badge>
        <code className="grow">{delivery.event}</code>
        <span className="dim small number">{moment(delivery.created_at)}</span>
        <span className="dim small">{tn("hooks.tries", delivery.attempts)}</span>
        <IconChevronDown size={15} aria-hidden className={css.chevron} />
      </UnstyledButton>
      {opened && (
        <div className="stack" style={{ "--gap": "0.625rem" } as React.CSSProperties}>
          <ul className="plain small">
            {delivery.tries.map((one) => (
              <li key={one.at} className="breaks">
                {t("hooks.try", { time: moment(one.at), status: one.status === 0 ? t("hooks.try.none") : one.status, ms: number(one.duration_ms) })}
                {one.error && <span className="bad"> {one.error}</span>}
              </li>
            ))}
          </ul>
          <pre className={css.body} tabIndex={0} aria-label={t("hooks.body")}>
            {JSON.stringify(delivery.data, null, 2)}
          </pre>
          <div>
            <Button
              size="xs"
              variant="default"
              loading={replay.isPending}
              onClick={() =>
                replay.mutate(
                  { webhook: webhookId, delivery: delivery.id },
                  { onSuccess: () => tell(t("hooks.replayed")), onError: (error) => tell(describe(error, t), { tone: "bad" }) },
                )
              }
            >
              {t("hooks.replay")}
            </Button>
          </div>
        </div>
      )}
    </li>
  );
}
