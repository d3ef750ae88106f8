// A workspace in which something has happened: posts of every kind, a campaign, a queue, a webhook, files.

import { picture, until } from "./support.mjs";

const HOUR = 3_600_000;

/** The next day at an hour of the demo's clock. */
export function ahead(days, hour) {
  const time = new Date(Date.now() + days * 24 * HOUR);
  time.setUTCHours(hour, 0, 0, 0);
  return time.toISOString();
}

export async function upload(site, name, bytes) {
  const begun = await site.api("POST", "/media/upload", { filename: name, content_type: "image/png", size: bytes.length });
  await fetch(begun.upload_url, { method: "PUT", headers: { "Content-Type": "image/png" }, body: bytes });
  return (await site.api("POST", `/media/${begun.media_id}/complete`, {})).media_id;
}

export async function tell(site) {
  const { api, account } = site;
  const campaign = await api("POST", "/campaigns", { name: "Autumn menu", description: "Everything about the new menu.", color: "#c98a1b" });
  await api("POST", "/campaigns", { name: "Open kitchen", color: "#1f5a8a" });
  await api("PATCH", "/queue", {
    timezone: "Europe/Berlin",
    slots: [1, 2, 3, 4, 5].map((day) => ({ day, time: "09:00" })).concat([{ day: 2, time: "17:30" }, { day: 6, time: "11:00" }]),
  });
  const bread = await upload(site, "bread.png", picture(960, 960, [120, 60, 10]));
  const soup = await upload(site, "pumpkin-soup.png", picture(1080, 1080, [150, 70, 0]));
  const room = await upload(site, "dining-room.png", picture(1200, 900, [20, 60, 90]));
  const ids = (...names) => names.map(account);

  await site.fault({ platform: "linkedin", operation: "create_post", kind: "error", status: 426, times: 1 });
  const failing = await api("POST", "/posts", {
    content: "We are hiring: a baker who likes early mornings, and a host who likes late evenings. Write to us!",
    account_ids: ids("linkedin"),
  });
  const partly = await api("POST", "/posts", { content: "Fresh bread from six o'clock, every day but Monday.", account_ids: ids("x", "threads", "bluesky"), media_ids: [bread] });
  const live = await api("POST", "/posts", { content: "The autumn menu is live. Pumpkin soup, game, and plum cake. #autumn", account_ids: ids("bluesky", "x", "mastodon"), campaign_id: campaign.id, media_ids: [soup] });
  await api("POST", "/posts", { content: "Behind the scenes on Thursday: how our sourdough is made.", account_ids: ids("instagram", "facebook"), media_ids: [bread], scheduled_for: ahead(1, 8), campaign_id: campaign.id });
  await api("POST", "/posts", { content: "Table for two? The small room is free again from Friday.", account_ids: ids("x", "bluesky", "mastodon"), media_ids: [room], scheduled_for: ahead(2, 15) });
  await api("POST", "/posts", { content: "Sunday brunch starts at ten.", account_ids: ids("facebook", "x"), scheduled_for: ahead(4, 9) });
  await api("POST", "/posts", { content: "A thank-you to our suppliers", thread_posts: ["Part two: the mill in the valley.", "And the farm on the hill."], account_ids: ids("x", "bluesky"), scheduled_for: ahead(6, 12) });
  await api("POST", "/posts", { content: "Idea: a short film about the kitchen", draft: true, account_ids: ids("youtube") });
  await api("POST", "/webhooks", { url: "https://hooks.example.org/fanfare", name: "Team chat", events: ["post.published", "post.failed"] });
  for (const { post_id } of [failing, partly, live]) {
    await until(async () => !["publishing", "scheduled"].includes((await api("GET", `/posts/${post_id}`)).status), "the posts go out");
  }
  return { failing: failing.post_id, partly: partly.post_id, live: live.post_id, campaign: campaign.id };
}
