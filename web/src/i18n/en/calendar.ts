// The calendar.

export const calendar = {
  "calendar.title": "Calendar",
  "calendar.today": "Today",
  "calendar.month": "Month",
  "calendar.week": "Week",
  "calendar.day": "Day",
  "calendar.list": "List",
  "calendar.view": "View",
  "calendar.slots": "Queue slots",
  "calendar.slot": "Free slot",
  "calendar.zone.own": "Your time ({zone})",
  "calendar.moved": "Moved to {time}.",
  "calendar.moved.back": "Moved back to {time}.",
  "calendar.past": "A post cannot be moved into the past.",
  "calendar.fixed": "Only planned posts can be moved.",
  "calendar.move.do": "Move",
  "calendar.open": "Open",
  "calendar.more": "+{count} more",
  "calendar.none": "Nothing is planned here.",
  "calendar.hint": "Drag a planned post to move it, or choose it and type a time. Choose a free spot to write a post for it.",
};
