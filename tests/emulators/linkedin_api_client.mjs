// Runs LinkedIn's own client against the emulated LinkedIn, as a member and for a company page.
//
// The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

import linkedin from "linkedin-api-client";

import { ToSandbox, account, advance, consent, fault, film, open, png, published, refused } from "./support.mjs";

const REDIRECT = "https://fanfare.example/connect/callback/linkedin";
const MEMBER_SCOPES = ["openid", "profile", "email", "w_member_social"];
const PAGE_SCOPES = ["r_basicprofile", "rw_organization_admin", "w_organization_social", "r_organization_social"];
const versionString = "202609";
const httpsAgent = new ToSandbox();

// The client for signing in has no settings of its own: it takes those of its HTTP library.
const axios = createRequire(createRequire(import.meta.url).resolve("linkedin-api-client"))("axios");
axios.defaults.httpsAgent = httpsAgent;
const restli = new linkedin.RestliClient({ httpsAgent });

const status = (error) => error.response?.status ?? error;

async function signIn(app, scopes, handle) {
  const address = app.generateMemberAuthorizationUrl(scopes, "seven");
  const back = await consent(address, { sandbox_user: handle });
  assert.equal(back.searchParams.get("state"), "seven");
  const code = back.searchParams.get("code");
  const token = await app.exchangeAuthCodeForAccessToken(code);
  assert.equal(token.token_type, "Bearer");
  assert.equal(token.expires_in, 60 * 24 * 60 * 60);
  assert.deepEqual(token.scope.split(",").sort(), [...scopes].sort());
  const used = await refused("a code that is used again", () => app.exchangeAuthCodeForAccessToken(code));
  assert.equal(status(used), 400);
  assert.equal(used.response.data.error, "invalid_request");
  return token;
}

const draft = (author, commentary, more) => ({
  author,
  commentary,
  visibility: "PUBLIC",
  distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
  lifecycleState: "PUBLISHED",
  isReshareDisabledByAuthor: false,
  ...more,
});

const create = (accessToken, entity, version = versionString) =>
  restli.create({ resourcePath: "/posts", entity, accessToken, versionString: version });

const act = (accessToken, resourcePath, actionName, data) =>
  restli.action({ resourcePath, actionName, data, accessToken, versionString });

/** The client moves no bytes: they go to the addresses that it was told. */
async function put(address, body) {
  const answer = await open(address, { method: "PUT", body });
  assert.equal(answer.status, 201, await answer.text());
  return answer.headers.get("etag");
}

async function uploadImage(accessToken, owner) {
  const begun = await act(accessToken, "/images", "initializeUpload", { initializeUploadRequest: { owner } });
  await put(begun.data.value.uploadUrl, png());
  return begun.data.value.image;
}

async function uploadVideo(accessToken, owner) {
  const body = film(5_000_000);
  const initializeUploadRequest = { owner, fileSizeBytes: body.length, uploadCaptions: false, uploadThumbnail: false };
  const begun = await act(accessToken, "/videos", "initializeUpload", { initializeUploadRequest });
  const { video, uploadToken, uploadInstructions } = begun.data.value;
  assert.equal(uploadInstructions.length, 2);
  const uploadedPartIds = [];
  for (const { uploadUrl, firstByte, lastByte } of uploadInstructions) {
    uploadedPartIds.push((await put(uploadUrl, body.subarray(firstByte, lastByte + 1))).replaceAll('"', ""));
  }
  const shuffled = { finalizeUploadRequest: { video, uploadToken, uploadedPartIds: [...uploadedPartIds].reverse() } };
  const wrong = await refused("parts in a wrong order", () => act(accessToken, "/videos", "finalizeUpload", shuffled));
  assert.equal(status(wrong), 400);
  await act(accessToken, "/videos", "finalizeUpload", {
    finalizeUploadRequest: { video, uploadToken, uploadedPartIds },
  });
  const ask = () =>
    restli.get({ resourcePath: "/videos/{id}", pathKeys: { id: video }, accessToken, versionString });
  assert.equal((await ask()).data.status, "PROCESSING");
  await advance(2);
  assert.equal((await ask()).data.status, "AVAILABLE");
  return video;
}

async function asMember(app, made) {
  const { access_token: accessToken, refresh_token } = await signIn(app, MEMBER_SCOPES, made.username);
  assert.equal(refresh_token, undefined, "self-serve apps get no refresh token");
  const me = await restli.get({ resourcePath: "/userinfo", accessToken });
  assert.equal(me.data.sub, made.platform_user_id);
  assert.equal(me.data.name, "Ana Ruiz");
  const author = `urn:li:person:${me.data.sub}`;

  const text = await create(accessToken, draft(author, "Fresh rye at 7 \\(and 8\\) {hashtag|\\#|bread}"));
  assert.equal(text.status, 201);
  assert.match(text.createdEntityId, /^urn:li:share:\d+$/);
  const image = await uploadImage(accessToken, author);
  const pictured = await create(
    accessToken,
    draft(author, "A loaf", { content: { media: { id: image, altText: "Loaves on a shelf" } } }),
  );
  const [first, second] = [await uploadImage(accessToken, author), await uploadImage(accessToken, author)];
  const album = await create(
    accessToken,
    draft(author, "Two", { content: { multiImage: { images: [{ id: first }, { id: second }] } } }),
  );
  const video = await uploadVideo(accessToken, author);
  const moving = await create(
    accessToken,
    draft(author, "Kneading", { content: { media: { id: video, title: "Oven" } } }),
  );
  assert.match(moving.createdEntityId, /^urn:li:ugcPost:\d+$/);

  const live = await published("linkedin", made.username);
  assert.deepEqual(
    live.map(({ id }) => id),
    [text, pictured, album, moving].map(({ createdEntityId }) => createdEntityId),
  );
  assert.equal(live[0].text, "Fresh rye at 7 (and 8) #bread");
  assert.equal(live[1].media[0].alt, "Loaves on a shelf");
  assert.equal(live[2].media.length, 2);
  assert.equal((await open(live[0].url)).status, 200);

  await change(accessToken, made.username, text.createdEntityId);
  await isRefused(accessToken, author);
  await end(accessToken, made.username, text.createdEntityId);
}

async function change(accessToken, handle, id) {
  const edited = await restli.partialUpdate({
    resourcePath: "/posts/{id}",
    pathKeys: { id },
    patchSetObject: { commentary: "Fresh rye at 8" },
    accessToken,
    versionString,
  });
  assert.equal(edited.status, 204);
  assert.equal((await published("linkedin", handle))[0].text, "Fresh rye at 8");
}

async function isRefused(accessToken, author) {
  const once = await create(accessToken, draft(author, "Only once"));
  const twice = await refused("the same post again", () => create(accessToken, draft(author, "Only once")));
  assert.equal(status(twice), 422);
  assert.equal(twice.response.data.errorDetails.inputErrors[0].code, "DUPLICATE_POST");
  assert.ok(twice.response.data.message.includes(once.createdEntityId), twice.response.data.message);

  const long = await refused("a long text", () => create(accessToken, draft(author, "x".repeat(3001))));
  assert.equal(long.response.data.errorDetails.inputErrors[0].code, "FIELD_LENGTH_TOO_LONG");
  const sunset = await refused("an old version", () => create(accessToken, draft(author, "old"), "202401"));
  assert.equal(status(sunset), 426);
  assert.equal(sunset.response.data.code, "NONEXISTENT_VERSION");
  const foreign = await refused("another author", () => create(accessToken, draft("urn:li:organization:1", "mine")));
  assert.equal(status(foreign), 403);
  assert.equal(foreign.response.data.serviceErrorCode, 100);
  const nobody = await refused("a token that is none", () => create("nonsense", draft(author, "nobody")));
  assert.equal(status(nobody), 401);
  assert.equal(nobody.response.data.serviceErrorCode, 65600);
  await fault("linkedin", "rate_limit", { operation: "create_post" });
  const late = await refused("too many calls", () => create(accessToken, draft(author, "later")));
  assert.equal(status(late), 429);
  assert.equal(late.response.data.serviceErrorCode, 101);
  // Members' apps cannot read what they published.
  const unread = await refused("reading a member's post", () =>
    restli.get({ resourcePath: "/posts/{id}", pathKeys: { id: once.createdEntityId }, accessToken, versionString }),
  );
  assert.equal(status(unread), 403);
}

async function end(accessToken, handle, id) {
  const remove = () =>
    restli.delete({ resourcePath: "/posts/{id}", pathKeys: { id }, accessToken, versionString });
  assert.equal((await remove()).status, 204);
  assert.equal((await remove()).status, 204, "deleting twice is no error");
  assert.ok(!(await published("linkedin", handle)).some((post) => post.id === id));
}

async function asPage(app, made) {
  const page = await account("linkedin", {
    username: "harbour-bakery",
    display_name: "Harbour Bakery",
    organization: true,
    admin: made.platform_user_id,
  });
  const token = await signIn(app, PAGE_SCOPES, made.username);
  const renewed = await app.exchangeRefreshTokenForAccessToken(token.refresh_token);
  assert.notEqual(renewed.access_token, token.access_token);
  assert.equal(renewed.refresh_token, token.refresh_token);
  assert.ok(renewed.refresh_token_expires_in <= 365 * 24 * 60 * 60);
  const accessToken = renewed.access_token;
  const introspected = await app.introspectAccessToken(accessToken);
  assert.equal(introspected.data.status, "active");

  const find = (resourcePath, finderName, queryParams) =>
    restli.finder({ resourcePath, finderName, queryParams, accessToken, versionString });
  const roles = await find("/organizationAcls", "roleAssignee", { state: "APPROVED", start: 0, count: 100 });
  const author = `urn:li:organization:${page.platform_user_id}`;
  assert.deepEqual(
    roles.data.elements.map(({ organization, role }) => ({ organization, role })),
    [{ organization: author, role: "ADMINISTRATOR" }],
  );
  const details = await restli.get({
    resourcePath: "/organizations/{id}",
    pathKeys: { id: page.platform_user_id },
    accessToken,
    versionString,
  });
  assert.equal(details.data.vanityName, "harbour-bakery");

  const article = { source: "https://example.com/rye", title: "Rye", description: "How we bake it" };
  const post = await create(accessToken, draft(author, "From the page", { content: { article } }));
  const id = post.createdEntityId;
  const read = await restli.get({ resourcePath: "/posts/{id}", pathKeys: { id }, accessToken, versionString });
  assert.equal(read.data.commentary, "From the page");
  assert.equal(read.data.content.article.source, article.source);
  const listed = await find("/posts", "author", { author, count: 10, sortBy: "LAST_MODIFIED" });
  assert.deepEqual(
    listed.data.elements.map((element) => element.id),
    [id],
  );
  // So many that the client sends the query in a body.
  const shares = [id, ...Array.from({ length: 200 }, (_, place) => `urn:li:share:${place + 1}`)];
  const told = async () => {
    const query = { organizationalEntity: author, shares };
    const figures = await find("/organizationalEntityShareStatistics", "organizationalEntity", query);
    return figures.data.elements.map(({ share }) => share);
  };
  assert.deepEqual(await told(), [], "what nobody has seen is left out");
  await advance(3 * 60 * 60);
  assert.deepEqual(await told(), [id]);
  const comment = await restli.create({
    resourcePath: "/socialActions/{id}/comments",
    pathKeys: { id },
    entity: { actor: author, object: id, message: { text: "Order here" } },
    accessToken,
    versionString,
  });
  assert.equal(comment.status, 201);
  const live = await published("linkedin", "harbour-bakery");
  assert.deepEqual(
    live.map(({ text, reply_to = null }) => ({ text, reply_to })),
    [
      { text: "From the page", reply_to: null },
      { text: "Order here", reply_to: id },
    ],
  );

  await fault("linkedin", "token_revoked", { operation: "create_post" });
  const gone = await refused("a withdrawn access", () => create(accessToken, draft(author, "gone")));
  assert.equal(gone.response.data.serviceErrorCode, 65601);
  const ended = await refused("its refresh token", () => app.exchangeRefreshTokenForAccessToken(token.refresh_token));
  assert.equal(ended.response.data.error, "invalid_grant");
}

async function main() {
  const made = await account("linkedin", { username: "ana-ruiz", display_name: "Ana Ruiz" });
  const app = new linkedin.AuthClient({
    clientId: made.client_id,
    clientSecret: made.client_secret,
    redirectUrl: REDIRECT,
  });
  const denied = await consent(app.generateMemberAuthorizationUrl(MEMBER_SCOPES), { sandbox_deny: "1" });
  assert.equal(denied.searchParams.get("error"), "user_cancelled_authorize");
  await asMember(app, made);
  await asPage(app, made);
  console.log("linkedin_api_client: signed in, published, edited, deleted as a member; renewed, published, read back for a page");
}

await main();
