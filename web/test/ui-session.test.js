// A visit as the components see it, over a room that does what the test says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { Session } = await importModule("ui/session");
const { DeviceError, ServerError } = await importModule("sdk/errors");

/** Something that can be listened to, and made to speak. */
function emitter(more) {
  const listeners = {};
  return {
    ...more,
    on(event, listener) {
      (listeners[event] ??= new Set()).add(listener);
      return () => listeners[event].delete(listener);
    },
    say: (event, value) => [...(listeners[event] ?? [])].forEach((listener) => listener(value)),
    heard: (event) => listeners[event]?.size ?? 0,
  };
}

const source = (kind) => ({ kind, state: "ended", busy: false });

/** A session in a room of our making. */
function visit({ join = async () => {}, local: localMore = {}, returning } = {}) {
  const local = emitter({
    mic: source("mic"), camera: source("camera"), screen: source("screen"), devices: [], closed: 0,
    setMic: async () => {}, setCamera: async () => {}, close() { this.closed++; }, ...localMore,
  });
  const chat = emitter({ messages: [], caughtUp: false });
  const room = emitter({ me: "me", chat, join, leave: () => room.say("state", "left") });
  const session = new Session({ local: () => local, room: () => room, info: async () => ({}), returning: () => returning }, "yard");
  return { session, room, chat, local };
}

const me = { id: "me", name: "Me", me: true };
const bo = { id: "bo", name: "Bo", me: false };
const line = (seq, more) => ({ cid: `c${seq}`, seq, at: 1000 * seq, from: "bo", mine: false, text: "", ...more });

/** In the room, with the history read. */
async function entered(history = []) {
  const all = visit();
  await all.session.join("Me", "", "en");
  all.chat.caughtUp = history.length === 0;
  all.room.say("state", "in");
  const news = [];
  all.session.onNews(({ name, what }) => news.push(`${name} ${what}`));
  all.told = () => news.splice(0); // since the last time it was asked
  all.write = (...lines) => {
    all.chat.messages = [...all.chat.messages, ...lines];
    all.chat.say("messages", all.chat.messages);
  };
  if (history.length > 0) {
    all.chat.caughtUp = true;
    all.write(...history);
  }
  return all;
}

test("lines that come while the chat is closed are unread, history and one's own are not", async () => {
  const { session, write } = await entered([line(1), line(2)]);
  assert.equal(session.unread.value, 0);
  write(line(3), line(4, { mine: true }));
  assert.equal(session.unread.value, 1);
  session.panel.value = "chat";
  assert.equal(session.unread.value, 0);
  write(line(5));
  assert.equal(session.unread.value, 0);
  session.panel.value = undefined;
  write(line(6));
  assert.equal(session.unread.value, 1);
});

test("the first line in a room without history is unread", async () => {
  const { session, write } = await entered();
  write(line(1));
  assert.equal(session.unread.value, 1);
});

test("lines of a server that forgot everything are unread too", async () => {
  const { session, write } = await entered([line(100)]);
  write(line(1, { at: 200_000, afterBreak: true }));
  assert.equal(session.unread.value, 1);
});

test("who comes and goes is told, who was here before is not", async () => {
  const { room, told } = await entered();
  room.say("members", [bo, me]);
  assert.deepEqual(told(), []);
  room.say("members", [me]);
  assert.deepEqual(told(), ["Bo left"]);
  room.say("members", [bo, me]);
  assert.deepEqual(told(), ["Bo joined"]);
  room.say("members", [{ ...bo, hand: 1 }, me]);
  assert.deepEqual(told(), ["Bo raised"]);
  room.say("members", []); // we are out: nobody left
  assert.deepEqual(told(), []);
});

test("a refusal keeps one in the lobby and says its code", async () => {
  const { session } = visit({ join: async () => { throw new ServerError("room_full", "full"); } });
  await session.join("Me", "", "en");
  assert.equal(session.refusal.value, "room_full");
  assert.equal(session.joining.value, false);
});

test("an error without a code is a refusal too", async () => {
  const { session } = visit({ join: async () => { throw new Error("what"); } });
  await session.join("Me", "", "en");
  assert.equal(session.refusal.value, "unknown");
});

test("a new attempt forgets the last refusal and listens to one room only", async () => {
  let refuse = true;
  const { session, room } = visit({ join: async () => { if (refuse) throw new ServerError("unauthorized", ""); } });
  await session.join("Me", "wrong", "en");
  refuse = false;
  await session.join("Me", "right", "en");
  assert.equal(session.refusal.value, undefined);
  assert.equal(room.heard("state"), 1);
  session.close();
  assert.equal(room.heard("state"), 0);
});

test("a lost connection says why", async () => {
  const { session, room } = await entered();
  room.lastError = new ServerError("unavailable", "");
  room.say("state", "reconnecting");
  assert.equal(session.refusal.value, "unavailable");
});

test("a room that a server began anew is no coming and going", async () => {
  const { room, told } = await entered();
  room.say("members", [bo, me]);
  room.say("members", [{ ...me, id: "me2" }]); // another server, another id
  assert.deepEqual(told(), []);
  room.say("members", [{ ...me, id: "me2" }, bo]);
  room.say("members", [{ ...me, id: "me2" }, { ...bo, id: "bo2" }]); // in the place of bo
  assert.deepEqual(told(), ["Bo joined"], "of when bo stood there again, not of bo2");
});

test("a page that was loaded anew comes back by itself, or ends in the lobby", async () => {
  const kept = { name: "Me", mic: true, camera: false };
  let asked;
  const { session } = visit({ returning: kept, join: async (options) => (asked = options) });
  assert.equal(session.returning.value, kept);
  await session.comeBack(kept, "en");
  assert.deepEqual(asked, { room: "yard", name: "Me", lang: "en" });
  assert.equal(session.returning.value, undefined);

  const refused = visit({ returning: kept, join: async () => { throw new ServerError("unauthorized", ""); } });
  await refused.session.comeBack(kept, "en");
  assert.equal(refused.session.returning.value, undefined);
  assert.equal(refused.session.refusal.value, "unauthorized");
});

test("how members are connected is heard, and forgotten with the room", async () => {
  const { session, room } = await entered();
  room.say("quality", new Map([["bo", { up: 2, down: 5, why: "uplink" }]]));
  assert.equal(session.quality.value.get("bo").up, 2);
  await session.join("Me", "", "en");
  assert.equal(session.quality.value.size, 0);
});

test("leaving closes the panel and lets the devices go", async () => {
  const { session, local } = await entered();
  session.panel.value = "chat";
  session.leave();
  assert.equal(session.state.value, "left");
  assert.equal(session.leftByChoice.value, true);
  assert.equal(session.panel.value, undefined);
  assert.equal(local.closed, 1);
});

test("a device that fails is trouble until it works", async () => {
  let refuse = true;
  const { session } = visit({ local: { setCamera: async () => { if (refuse) throw new DeviceError("device_denied", "camera", ""); } } });
  const { devices } = session;
  await devices.setCamera(true);
  await devices.setCamera(true);
  assert.deepEqual(devices.trouble.value, [{ device: "camera", code: "device_denied" }]);
  refuse = false;
  await devices.retry("camera");
  assert.deepEqual(devices.trouble.value, []);
});

test("a device that is granted after leaving is let go again", async () => {
  let grant;
  const { session, local } = visit({ local: { setCamera: () => new Promise((resolve) => (grant = resolve)) } });
  const asking = session.devices.setCamera(true);
  session.close();
  grant();
  await asking;
  assert.equal(local.closed, 2);
});

test("what others did and asked stays until it is answered", async () => {
  const { session, room } = await entered();
  const { conduct } = session;
  room.say("muted", { source: "mic", hold: true, by: "bo" });
  assert.equal(conduct.muted.value.by, "bo");
  room.say("asked", { source: "mic", by: "bo" });
  assert.deepEqual([conduct.muted.value, conduct.asked.value.source], [undefined, "mic"]);
  room.say("muted", { source: "mic", hold: false });
  assert.equal(conduct.asked.value, undefined, "who is muted again is asked no more");
});

test("a role that changes is told, the first one is not", async () => {
  const { session: { conduct }, room } = await entered();
  room.say("standing", { role: "member", may: new Set(["chat"]), waiting: [] });
  assert.deepEqual([conduct.newRole.value, conduct.may("chat"), conduct.may("moderate")], [undefined, true, false]);
  room.say("standing", { role: "moderator", may: new Set(["moderate"]), waiting: [] });
  assert.deepEqual([conduct.newRole.value, conduct.may("moderate")], ["moderator", true]);
});

test("reactions float for a while, and what is no emoji does not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session: { conduct }, room } = await entered();
  for (const emoji of ["👏", "<b>", "👏👏", "🎉"]) room.say("reaction", { member: "bo", emoji });
  assert.equal(conduct.reactions.value.map(({ emoji }) => emoji).join(""), "👏🎉");
  for (let i = 0; i < 100; i++) room.say("reaction", { member: "bo", emoji: "👏" });
  assert.equal(conduct.reactions.value.length, 30);
  t.mock.timers.tick(3000);
  assert.deepEqual(conduct.reactions.value, []);
});

test("who was sent away from the door is told so, and not that the room lets nobody in", async () => {
  const { session, room } = visit({ join: async () => {
    room.say("state", "waiting");
    room.say("state", "idle");
    throw new ServerError("forbidden", "");
  } });
  await session.join("Me", "", "en");
  assert.equal(session.refusal.value, "denied");
});

test("an invitation is shown once, and forgotten when it is no good", async () => {
  const asked = [];
  const local = emitter({ mic: source("mic"), camera: source("camera"), screen: source("screen"), devices: [], close() {} });
  const room = emitter({ chat: emitter({ messages: [] }), leave() {}, join: async ({ token }) => {
    asked.push(token);
    if (token) throw new ServerError("unauthorized", "");
  } });
  const session = new Session({ local: () => local, room: () => room, returning: () => undefined }, "yard", "abc");
  await session.join("Me", "", "en");
  assert.deepEqual([session.refusal.value, session.invitation.value], ["badInvitation", undefined]);
  await session.join("Me", "", "en");
  assert.deepEqual(asked, ["abc", undefined]);
});
