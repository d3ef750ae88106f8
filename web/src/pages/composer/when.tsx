// When the post goes out: now, at a time, at the next free slot of the queue, or not yet.

import { Radio, UnstyledButton } from "@mantine/core";

import { useBestTimes, useQueue } from "@/api/calls/workspace";
import { useTexts } from "@/i18n";
import { toLocal } from "@/lib/zone";
import { isZone, TimeFields } from "@/ui/time-fields";

import css from "./composer.module.css";
import type { Draft, When } from "./draft";

interface Props {
  draft: Draft;
  choices: When[];
  set: (change: Partial<Draft>) => void;
}

export function WhenEditor({ draft, choices, set }: Props) {
  const { t, moment } = useTexts();
  const queue = useQueue(1);
  const opening = queue.data?.upcoming[0];
  const hint = (choice: When) => {
    if (choice !== "queue") return t(`when.${choice}.hint`);
    if (queue.data && !queue.data.queue) return t("when.queue.none");
    return opening ? t("when.queue.next", { time: moment(opening.scheduled_for) }) : t("when.queue.full");
  };
  return (
    <fieldset className={css.group}>
      <legend className="strong">{t("when.title")}</legend>
      <Radio.Group value={draft.when} onChange={(value) => set({ when: value })} aria-label={t("when.title")}>
        <div className={css.whens}>
          {choices.map((choice) => (
            <label key={choice} className={css.when} data-checked={draft.when === choice || undefined}>
              <Radio value={choice} size="xs" disabled={choice === "queue" && !opening} aria-label={t(`when.${choice}`)} />
              <span>
                <span className="strong">{t(`when.${choice}`)}</span>
                <span className={css.whenHint}>{hint(choice)}</span>
              </span>
            </label>
          ))}
        </div>
      </Radio.Group>
      {draft.when === "schedule" && (
        <div className={css.time}>
          <TimeFields value={draft.time} onChange={(time) => set({ time })} />
          {draft.accountIds.length > 0 && isZone(draft.time.zone) && <BestTimes draft={draft} set={set} />}
        </div>
      )}
    </fieldset>
  );
}

function BestTimes({ draft, set }: Omit<Props, "choices">) {
  const { t, moment } = useTexts();
  const best = useBestTimes(draft.accountIds, draft.time.zone);
  const recommended = best.data?.combined ?? best.data?.best_times[0];
  if (!recommended || recommended.slots.length === 0) return null;
  return (
    <div className="stack" style={{ "--gap": "0.375rem" } as React.CSSProperties}>
      <span className="small dim">{t(`when.best.${recommended.slots[0]?.basis ?? "general"}`)}</span>
      <div className="row wrap" style={{ "--gap": "0.375rem" } as React.CSSProperties}>
        {recommended.slots.slice(0, 4).map((slot) => (
          <UnstyledButton
            key={slot.next.scheduled_for}
            className={css.chip}
            onClick={() => set({ time: { ...draft.time, local: toLocal(slot.next.scheduled_for, draft.time.zone) } })}
          >
            {moment(slot.next.scheduled_for, { zone: draft.time.zone })}
          </UnstyledButton>
        ))}
      </div>
    </div>
  );
}
