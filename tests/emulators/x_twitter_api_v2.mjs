// Runs twitter-api-v2, a public client of the X API, against the emulated X.
//
// The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.

import assert from "node:assert/strict";

import { TwitterApi } from "twitter-api-v2";

import { ToSandbox, account, consent, fault, film, open, png, published, refused } from "./support.mjs";

const REDIRECT = "https://fanfare.example/connect/callback/x";
const SCOPES = ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"];
const httpAgent = new ToSandbox();

async function signIn(app, made) {
  const denied = await consent(app.generateOAuth2AuthLink(REDIRECT, { scope: SCOPES }).url, { sandbox_deny: "1" });
  assert.equal(denied.searchParams.get("error"), "access_denied");

  const link = app.generateOAuth2AuthLink(REDIRECT, { scope: SCOPES });
  const back = await consent(link.url, { sandbox_user: made.username });
  assert.equal(back.searchParams.get("state"), link.state);
  const code = { code: back.searchParams.get("code"), redirectUri: REDIRECT };
  const stolen = await refused("a wrong verifier", () => app.loginWithOAuth2({ ...code, codeVerifier: "x".repeat(64) }));
  assert.equal(stolen.code, 400);

  const again = await consent(link.url, { sandbox_user: made.username });
  const login = await app.loginWithOAuth2({
    code: again.searchParams.get("code"),
    codeVerifier: link.codeVerifier,
    redirectUri: REDIRECT,
  });
  assert.equal(login.expiresIn, 7200);
  assert.deepEqual(login.scope.sort(), [...SCOPES].sort());
  const renewed = await app.refreshOAuth2Token(login.refreshToken);
  assert.notEqual(renewed.accessToken, login.accessToken);
  assert.notEqual(renewed.refreshToken, login.refreshToken);
  return renewed;
}

async function publish(client, made) {
  const thread = await client.v2.tweetThread(["Rye at 7", "and at 8", "and at 9"]);
  const [root, second, third] = thread.map(({ data }) => data.id);

  const picture = png();
  const image = await client.v2.uploadMedia(picture, { media_type: "image/png", media_category: "tweet_image" });
  await client.v2.createMediaMetadata(image, { alt_text: { text: "Loaves on a shelf" } });
  const shown = await client.v2.tweet("A loaf", { media: { media_ids: [image] } });

  // Three segments, and then it is processed: the client asks until that has ended.
  const moving = film(2_500_000);
  const video = await client.v2.uploadMedia(moving, { media_type: "video/mp4", media_category: "tweet_video" });
  const kneading = await client.v2.tweet({ text: "Kneading", media: { media_ids: [video] } });
  const poll = await client.v2.tweet("Which?", { poll: { options: ["Rye", "Spelt"], duration_minutes: 60 } });

  const live = await published("x", made.username);
  assert.deepEqual(
    live.map(({ id }) => id),
    [root, second, third, shown.data.id, kneading.data.id, poll.data.id],
  );
  assert.deepEqual([live[1].reply_to, live[2].reply_to], [root, second]);
  const files = [live[3], live[4]].map(({ media: [{ type, bytes, alt = null }] }) => ({ type, bytes, alt }));
  assert.deepEqual(files, [
    { type: "image/png", bytes: picture.length, alt: "Loaves on a shelf" },
    { type: "video/mp4", bytes: moving.length, alt: null },
  ]);
  assert.equal((await open(live[3].url)).status, 200);
  return { root, second, image };
}

async function readBack(client, made, { root, second, image }) {
  const me = await client.v2.me({ "user.fields": ["verified", "public_metrics", "profile_image_url"] });
  assert.equal(me.data.id, made.platform_user_id);
  assert.equal(me.data.username, made.username);
  assert.equal(me.data.public_metrics.tweet_count, 6);

  const reply = await client.v2.singleTweet(second, {
    "tweet.fields": ["author_id", "conversation_id", "referenced_tweets", "public_metrics", "created_at"],
  });
  assert.equal(reply.data.author_id, made.platform_user_id);
  assert.equal(reply.data.conversation_id, root);
  assert.deepEqual(reply.data.referenced_tweets, [{ type: "replied_to", id: root }]);
  assert.equal(typeof reply.data.public_metrics.retweet_count, "number");
  assert.deepEqual(reply.data.edit_history_tweet_ids, [second]);

  // The client turns the pages by itself.
  const timeline = await client.v2.userTimeline(made.platform_user_id, {
    max_results: 5,
    expansions: ["attachments.media_keys"],
    "tweet.fields": ["attachments"],
    "media.fields": ["type", "alt_text"],
  });
  assert.equal(timeline.tweets.length, 5);
  await timeline.fetchNext();
  assert.deepEqual(
    timeline.tweets.map(({ id }) => id),
    (await published("x", made.username)).map(({ id }) => id).reverse(),
  );
  const media = timeline.includes.media.find(({ media_key }) => media_key === `3_${image}`);
  assert.equal(media.type, "photo");
}

async function isRefused(client, stranger, made) {
  const duplicate = await refused("the same text again", () => client.v2.tweet("and at 8"));
  assert.equal(duplicate.code, 403);
  assert.match(duplicate.data.detail, /duplicate content/);
  const media = await refused("unknown media", () => client.v2.tweet("a", { media: { media_ids: ["1"] } }));
  assert.equal(media.code, 400);
  assert.match(media.data.errors[0].message, /media IDs are invalid/);
  const many = Array.from({ length: 5 }, (_, place) => String(place));
  assert.equal((await refused("five pictures", () => client.v2.tweet("a", { media: { media_ids: many } }))).code, 400);
  const quote = await refused("a quote", () => client.v2.quote("so true", "1"));
  assert.equal(quote.code, 403);

  const before = Math.floor(Date.now() / 1000);
  await fault("x", "rate_limit", { operation: "create_post", retry_after: 30 });
  const late = await refused("too many calls", () => client.v2.tweet("later"));
  assert.ok(late.rateLimitError);
  assert.equal(late.rateLimit.remaining, 0);
  assert.ok(late.rateLimit.reset >= before + 30 && late.rateLimit.reset <= before + 60, `${late.rateLimit.reset}`);
  await fault("x", "reset_before", { operation: "create_post" });
  assert.equal((await refused("a broken line", () => client.v2.tweet("broken"))).error, true);
  assert.equal((await refused("a token that is none", () => stranger.v2.me())).code, 401);
  assert.equal((await published("x", made.username)).length, 6);

  await fault("x", "processing_failed");
  const spoilt = () => client.v2.uploadMedia(film(1000), { media_type: "video/mp4", media_category: "tweet_video" });
  assert.match((await refused("a film that cannot be processed", spoilt)).message, /processing failed/);
}

async function main() {
  const made = await account("x", { username: "node_client", display_name: "Harbour Bakery" });
  const app = new TwitterApi({ clientId: made.client_id, clientSecret: made.client_secret }, { httpAgent });
  const { client, accessToken } = await signIn(app, made);
  const posts = await publish(client, made);
  await readBack(client, made, posts);
  await isRefused(client, new TwitterApi("nonsense", { httpAgent }), made);

  const deleted = await client.v2.deleteTweet(posts.root);
  assert.equal(deleted.data.deleted, true);
  const gone = await client.v2.singleTweet(posts.root);
  assert.equal(gone.data, undefined);
  assert.equal(gone.errors[0].title, "Not Found Error");
  assert.equal((await published("x", made.username)).length, 5);

  const revoked = await app.revokeOAuth2Token(accessToken);
  assert.deepEqual(revoked, { revoked: true });
  assert.equal((await refused("the token that was given back", () => client.v2.me())).code, 401);
  console.log("x_twitter_api_v2: signed in, renewed, published, read back, was refused as it should be, deleted, revoked");
}

await main();
