// What goes out when. Planned posts can be moved by dragging, or by typing a time.

import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/classic/theme.css";

import FullCalendar, { type CalendarRef, type DatesSetInfo } from "@fullcalendar/react";
import dayGrid from "@fullcalendar/react/daygrid";
import interaction from "@fullcalendar/react/interaction";
import list from "@fullcalendar/react/list";
import german from "@fullcalendar/react/locales/de";
import classic from "@fullcalendar/react/themes/classic";
import timeGrid from "@fullcalendar/react/timegrid";
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";

import { useQueue } from "@/api/calls/workspace";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { ownZone } from "@/lib/zone";
import { Page } from "@/ui/page";
import { Failed } from "@/ui/states";
import { isZone } from "@/ui/time-fields";
import { useTell } from "@/ui/toasts";

import css from "./calendar.module.css";
import { EventCard } from "./event-card";
import { eventMaker, extendedOf, folded, ROWS, slotEvents, startOf } from "./events";
import { Inspector } from "./inspector";
import { Toolbar, type View } from "./toolbar";
import { monthBeside } from "./month";
import { useMove } from "./use-move";
import { useCalendarPosts, type Stretch } from "./use-posts";
import { wallOf } from "./wall";

const PLUGINS = [classic, dayGrid, timeGrid, list, interaction];
const LOCALES = [german];
/** The list begins today and looks ahead. */
const VIEWS = { listAhead: { type: "list", duration: { weeks: 2 } }, listDay: { type: "list", duration: { days: 1 } } };
const MONDAY = 1;
/** The hour of a post that is begun on a whole day. */
const MORNING = 9;
const HOUR = 3_600_000;
const SHOWN: View[] = ["dayGridMonth", "timeGridWeek", "timeGridDay", "listAhead", "listDay"];
/** A phone shows a list first: a month has no room there. */
const PHONE = "(max-width: 48em)";

export function CalendarPage() {
  const { t, locale } = useTexts();
  const tell = useTell();
  const navigate = useNavigate();
  const search = useSearch({ from: "/signed-in/calendar" });
  const isPhone = useMediaQuery(PHONE, window.matchMedia(PHONE).matches);
  const calendar = useRef<CalendarRef>(null);
  const view: View = SHOWN.find((one) => one === search.view) ?? (isPhone ? "listAhead" : "dayGridMonth");
  const zone = search.zone && isZone(search.zone) ? search.zone : ownZone();
  const wall = useMemo(() => wallOf(zone), [zone]);
  const asEvent = useMemo(() => eventMaker(wall), [wall]);
  /** Where the calendar was, for when it begins anew in another zone. */
  const anchor = useRef<Date | null>(null);
  const [title, setTitle] = useState("");
  const [stretch, setStretch] = useState<Stretch | null>(null);
  const [beside, setBeside] = useState<Stretch[]>([]);
  const [withSlots, setWithSlots] = useState(true);
  const [opened, setOpened] = useState<Post | null>(null);
  const posts = useCalendarPosts(stretch, beside, search);
  const queue = useQueue(30);
  const move = useMove(wall.zone);

  const show = (next: View, at?: Date) => {
    void navigate({ to: "/calendar", search: { ...search, view: next }, replace: true });
    calendar.current?.getApi().changeView(next, ...(at ? [at] : []));
  };
  const datesSet = ({ start, end, view: shown }: DatesSetInfo) => {
    setTitle(shown.title);
    anchor.current = shown.currentStart;
    const [from, to] = [wall.fromShown(start).toISOString(), wall.fromShown(end).toISOString()];
    setStretch((now) => (now?.from === from && now.to === to ? now : { from, to }));
    setBeside(shown.type === "dayGridMonth" ? [1, -1].map((step) => monthBeside(shown.currentStart, step, wall)) : []);
  };
  const write = (at: Date, wholeDay: boolean) => {
    const time = wall.fromShown(at, wholeDay ? MORNING : undefined);
    const isPast = time.getTime() < Date.now();
    const isToday = wall.dayOf(time) === wall.dayOf(new Date());
    if (isPast && !(wholeDay && isToday)) return;
    const soon = new Date(Math.ceil(Date.now() / HOUR) * HOUR);
    void navigate({ to: "/compose", search: { at: (isPast ? soon : time).toISOString() } });
  };
  const slotLabel = t("calendar.slot");
  const upcoming = withSlots && stretch ? queue.data?.upcoming : undefined;
  // The calendar takes every new list for other events and lays all of them out again.
  const events = useMemo(() => {
    const all = [...(posts.data ?? []).map(asEvent), ...slotEvents(upcoming ?? [], slotLabel, wall)];
    return view === "dayGridMonth" ? folded(all, wall) : all;
  }, [posts.data, asEvent, upcoming, slotLabel, wall, view]);

  return (
    <Page title={t("calendar.title")} width="full">
      <Toolbar
        title={title}
        view={view}
        onView={show}
        onMove={(step) => {
          const api = calendar.current?.getApi();
          if (step === "today") api?.today();
          else if (step === "next") api?.next();
          else api?.prev();
        }}
        search={search}
        onSearch={(next) => void navigate({ to: "/calendar", search: next, replace: true })}
        hasQueue={Boolean(queue.data?.queue)}
        withSlots={withSlots}
        onSlots={setWithSlots}
      />
      {posts.error && !posts.data ? (
        <Failed error={posts.error} retry={() => void posts.refetch()} />
      ) : (
        <div className={`card ${css.calendar ?? ""}`} aria-busy={posts.isFetching}>
          <FullCalendar
            key={wall.zone}
            ref={calendar}
            timeZone={wall.timeZone}
            now={() => wall.toShown(new Date())}
            {...(anchor.current ? { initialDate: anchor.current } : {})}
            plugins={PLUGINS}
            locales={LOCALES}
            locale={locale}
            headerToolbar={false}
            initialView={view}
            firstDay={MONDAY}
            height="auto"
            nowIndicator
            views={VIEWS}
            eventDisplay="block"
            fixedWeekCount={false}
            dayMaxEventRows={ROWS}
            moreLinkClass={css.moreLink}
            allDaySlot={false}
            slotDuration="01:00:00"
            snapDuration="00:15:00"
            scrollTime="07:00:00"
            eventInteractive
            longPressDelay={350}
            eventDurationEditable={false}
            noEventsContent={t("calendar.none")}
            datesSet={datesSet}
            events={events}
            eventContent={(info) => <EventCard extended={info.event.extendedProps} start={info.event.start && wall.fromShown(info.event.start)} zone={wall.zone} isList={view.startsWith("list")} />}
            eventClick={({ event, jsEvent }) => {
              jsEvent.preventDefault();
              const clicked = extendedOf(event.extendedProps);
              if (clicked.kind === "post") setOpened(clicked.post);
              else if (clicked.kind === "more") show("listDay", event.start ?? undefined);
              else if (event.start) write(event.start, false);
            }}
            dateClick={({ date, allDay }) => write(date, allDay)}
            eventDrop={({ event, revert }) => {
              const at = event.start && wall.fromShown(event.start);
              const dropped = extendedOf(event.extendedProps);
              if (!at || dropped.kind !== "post") return revert();
              if (at.getTime() < Date.now()) {
                revert();
                return tell(t("calendar.past"), { tone: "bad" });
              }
              move(dropped.post, startOf(dropped.post), at, revert);
            }}
          />
        </div>
      )}
      <p className="dim small no-margin">{t("calendar.hint")}</p>
      <Inspector post={opened} onClose={() => setOpened(null)} onMove={move} zone={wall.zone} />
    </Page>
  );
}
