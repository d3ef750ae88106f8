// The times of the week at which queued posts go out.

import { ActionIcon, Autocomplete, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";

import { useDeleteQueue, useQueue, useSetQueue } from "@/api/calls/workspace";
import type { QueueForecast, QueueSlot } from "@/api/types";
import { useTexts } from "@/i18n";
import { ownZone, zones } from "@/lib/zone";
import { useCalm } from "@/ui/calm";
import { Confirm } from "@/ui/confirm";
import { Section } from "@/ui/page";
import { Await } from "@/ui/states";
import { isZone } from "@/ui/time-fields";

import css from "./settings.module.css";
import { addSlots, DAYS, sameSlots } from "./slots";

export function QueueSettings() {
  const queue = useQueue();
  return <Await query={queue}>{(forecast) => <Editor forecast={forecast} />}</Await>;
}

interface Draft {
  slots: QueueSlot[];
  zone: string;
  name: string;
}

function Editor({ forecast }: { forecast: QueueForecast }) {
  const { t, moment } = useTexts();
  const calm = useCalm();
  const save = useSetQueue();
  const remove = useDeleteQueue();
  const there = forecast.queue;
  const kept: Draft = { slots: there?.slots ?? [], zone: there?.timezone ?? ownZone(), name: there?.name ?? "" };
  /** What is not saved yet. */
  const [draft, setDraft] = useState<Draft | null>(null);
  const { slots, zone, name } = draft ?? kept;
  const change = (part: Partial<Draft>) => setDraft({ slots, zone, name, ...part });
  const isChanged = !sameSlots(slots, kept.slots) || zone !== kept.zone || name !== kept.name;
  const send = (queue: Draft) => save.mutateAsync({ timezone: queue.zone, slots: queue.slots, ...(queue.name ? { name: queue.name } : {}) });
  const keep = () => {
    const sent = { slots, zone, name };
    setDraft(null);
    void calm({
      send: () => send(sent),
      done: t("queue.saved"),
      undo: { send: async () => (there ? send(kept) : remove.mutateAsync()), done: t(there ? "queue.asBefore" : "queue.deleted") },
      refused: () => {
        setDraft((typed) => typed ?? sent);
        return false;
      },
    });
  };
  return (
    <div className="stack">
      <Section title={there ? there.name : t("queue.none")} lead={there ? t("queue.lead") : `${t("queue.lead")} ${t("queue.none.do")}`}>
        <div className={css.fields}>
          <TextInput label={t("queue.name")} value={name} placeholder={t("settings.tab.queue")} onChange={(event) => change({ name: event.currentTarget.value })} />
          <Autocomplete label={t("time.zone")} value={zone} limit={40} data={zones()} onChange={(value) => change({ zone: value })} error={isZone(zone) ? undefined : t("time.zone.unknown")} />
        </div>
        <Week slots={slots} onChange={(next) => change({ slots: next })} />
        <AddSlot onAdd={(days, time) => change({ slots: addSlots(slots, days, time) })} />
        <div className="row wrap">
          <Button disabled={!isChanged || slots.length === 0 || !isZone(zone)} onClick={keep}>
            {t("queue.save")}
          </Button>
          {there && <DeleteQueue onDelete={() => setDraft(null)} />}
          {isChanged && slots.length > 0 && <span className="dim small">{t("queue.unsaved")}</span>}
        </div>
      </Section>
      {forecast.upcoming.length > 0 && (
        <Section title={t("queue.next")}>
          <ul className={`plain ${css.upcoming ?? ""}`}>
            {forecast.upcoming.map((opening) => (
              <li key={opening.scheduled_for} className="number">
                {moment(opening.scheduled_for, there ? { zone: there.timezone } : {})}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

function Week({ slots, onChange }: { slots: QueueSlot[]; onChange: (slots: QueueSlot[]) => void }) {
  const { t } = useTexts();
  const dayName = useDayName();
  return (
    <ul className={`plain ${css.week ?? ""}`}>
      {DAYS.map((day) => {
        const times = slots.filter((slot) => slot.day === day);
        return (
          <li key={day} className={css.day}>
            <span className="strong small">{dayName(day)}</span>
            {times.length === 0 && <span className="dim small">{t("queue.empty")}</span>}
            {times.map((slot) => (
              <span key={slot.time} className={css.slot}>
                <span className="number">{slot.time}</span>
                <ActionIcon size="sm" aria-label={t("queue.remove", { day: dayName(day), time: slot.time })} onClick={() => onChange(slots.filter((one) => one !== slot))}>
                  <IconX size={13} aria-hidden />
                </ActionIcon>
              </span>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

function AddSlot({ onAdd }: { onAdd: (days: number[], time: string) => void }) {
  const { t } = useTexts();
  const dayName = useDayName();
  const [days, setDays] = useState("12345");
  const [time, setTime] = useState("09:00");
  return (
    <form
      className={css.add}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd([...days].map(Number), time);
      }}
    >
      <NativeSelect
        label={t("queue.add.day")}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        data={[
          { value: "12345", label: t("queue.weekdays") },
          { value: "1234567", label: t("queue.every") },
          ...DAYS.map((day) => ({ value: String(day), label: dayName(day) })),
        ]}
      />
      <TextInput type="time" label={t("queue.add.time")} value={time} onChange={(event) => setTime(event.currentTarget.value)} required withAsterisk={false} />
      <Button type="submit" variant="default" leftSection={<IconPlus size={16} aria-hidden />}>
        {t("queue.add")}
      </Button>
    </form>
  );
}

function DeleteQueue({ onDelete }: { onDelete: () => void }) {
  const { t } = useTexts();
  const calm = useCalm();
  const remove = useDeleteQueue();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {t("queue.delete")}
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("queue.delete.ask")}
        action={t("do.delete")}
        onConfirm={() => {
          setAsked(false);
          onDelete();
          void calm({ send: () => remove.mutateAsync(), done: t("queue.deleted") });
        }}
      >
        <p className="no-margin">{t("queue.delete.what")}</p>
      </Confirm>
    </>
  );
}

/** 2024 began on a Monday. */
function useDayName(): (day: number) => string {
  const { day } = useTexts();
  return (number) => day(new Date(2024, 0, number), { weekday: "long" });
}
