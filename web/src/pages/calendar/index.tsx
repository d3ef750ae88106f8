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
import { Page } from "@/ui/page";
import { Failed } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import css from "./calendar.module.css";
import { EventCard } from "./event-card";
import { eventsOf, isPost, slotEvents, startOf } from "./events";
import { Inspector } from "./inspector";
import { Toolbar, type View } from "./toolbar";
import { useMove } from "./use-move";
import { useCalendarPosts, type Stretch } from "./use-posts";

const PLUGINS = [classic, dayGrid, timeGrid, list, interaction];
const LOCALES = [german];
/** The list begins today and looks ahead. */
const VIEWS = { listAhead: { type: "list", duration: { weeks: 2 } } };
/** A month fills the window, so that its last week is in sight. */
const MONTH_HEIGHT = "max(34rem, calc(100dvh - 15.5rem))";
const MONDAY = 1;
/** The hour of a post that is begun on a whole day. */
const MORNING = 9;
/** A phone shows a list first: a month has no room there. */
const PHONE = "(max-width: 48em)";

export function CalendarPage() {
  const { t, locale } = useTexts();
  const tell = useTell();
  const navigate = useNavigate();
  const search = useSearch({ from: "/signed-in/calendar" });
  const isPhone = useMediaQuery(PHONE, window.matchMedia(PHONE).matches);
  const calendar = useRef<CalendarRef>(null);
  const [view, setView] = useState<View>(isPhone ? "listAhead" : "dayGridMonth");
  const [title, setTitle] = useState("");
  const [stretch, setStretch] = useState<Stretch | null>(null);
  const [withSlots, setWithSlots] = useState(true);
  const [opened, setOpened] = useState<Post | null>(null);
  const posts = useCalendarPosts(stretch, search);
  const queue = useQueue(30);
  const move = useMove();

  const show = (next: View) => {
    setView(next);
    calendar.current?.getApi().changeView(next);
  };
  const datesSet = ({ start, end, view: shown }: DatesSetInfo) => {
    setTitle(shown.title);
    setStretch((now) => (now?.from === start.toISOString() && now.to === end.toISOString() ? now : { from: start.toISOString(), to: end.toISOString() }));
  };
  const write = (at: Date, wholeDay: boolean) => {
    const time = new Date(at);
    if (wholeDay) time.setHours(MORNING, 0, 0, 0);
    const isToday = time.toDateString() === new Date().toDateString();
    if (time.getTime() < Date.now() && !(wholeDay && isToday)) return;
    if (time.getTime() < Date.now()) time.setHours(new Date().getHours() + 1);
    void navigate({ to: "/compose", search: { at: time.toISOString() } });
  };
  const slotLabel = t("calendar.slot");
  const upcoming = withSlots && stretch ? queue.data?.upcoming : undefined;
  // The calendar takes every new list for other events and lays all of them out again.
  const events = useMemo(() => [...eventsOf(posts.data ?? []), ...slotEvents(upcoming ?? [], slotLabel)], [posts.data, upcoming, slotLabel]);

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
            ref={calendar}
            plugins={PLUGINS}
            locales={LOCALES}
            locale={locale}
            headerToolbar={false}
            initialView={view}
            firstDay={MONDAY}
            height={view === "dayGridMonth" && !isPhone ? MONTH_HEIGHT : "auto"}
            nowIndicator
            views={VIEWS}
            eventDisplay="block"
            fixedWeekCount={false}
            dayMaxEvents={isPhone ? 2 : true}
            moreLinkClass={css.moreLink}
            allDaySlot={false}
            slotDuration="01:00:00"
            snapDuration="00:15:00"
            scrollTime="07:00:00"
            defaultTimedEventDuration="00:45:00"
            eventInteractive
            longPressDelay={350}
            eventDurationEditable={false}
            noEventsContent={t("calendar.none")}
            datesSet={datesSet}
            events={events}
            eventContent={(info) => <EventCard extended={info.event.extendedProps} start={info.event.start} isList={view === "listAhead"} />}
            eventClick={({ event, jsEvent }) => {
              jsEvent.preventDefault();
              if (isPost(event.extendedProps)) setOpened(event.extendedProps.post);
              else if (event.start) write(event.start, false);
            }}
            dateClick={({ date, allDay }) => write(date, allDay)}
            eventDrop={({ event, revert }) => {
              const at = event.start;
              if (!at || !isPost(event.extendedProps)) return revert();
              if (at.getTime() < Date.now()) {
                revert();
                return tell(t("calendar.past"), { tone: "bad" });
              }
              move(event.extendedProps.post, startOf(event.extendedProps.post), at, revert);
            }}
          />
        </div>
      )}
      <p className="dim small no-margin">{t("calendar.hint")}</p>
      <Inspector post={opened} onClose={() => setOpened(null)} onMove={move} />
    </Page>
  );
}
