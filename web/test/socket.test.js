import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { importModule } from "./support/module.js";

const { Socket } = await importModule("sdk/socket");

/** A WebSocket whose other end is the test. */
class FakeWebSocket {
  static OPEN = 1;
  static last;
  readyState = 0;
  sent = [];
  constructor(url, protocol) {
    Object.assign(this, { url, protocol });
    FakeWebSocket.last = this;
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close(code) { this.readyState = 3; this.closedWith = code; }
  open() { this.readyState = 1; this.onopen(); }
  say(message) { this.onmessage({ data: JSON.stringify(message) }); }
  drop(code) { this.readyState = 3; this.onclose({ code, reason: "" }); }
}
globalThis.WebSocket = FakeWebSocket;

let told, closed;
let sockets = [];
beforeEach(() => ((told = []), (closed = [])));
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

async function opened() {
  const socket = new Socket("ws://there/ws");
  socket.told = (message) => told.push(message);
  socket.closed = (error) => closed.push(error);
  sockets.push(socket);
  const opening = socket.opened();
  FakeWebSocket.last.open();
  await opening;
  return [socket, FakeWebSocket.last];
}

test("the socket asks for the subprotocol", async () => {
  const [, ws] = await opened();
  assert.equal(ws.protocol, "madang.v1");
});

test("an answer reaches the request it answers", async () => {
  const [socket, ws] = await opened();
  const first = socket.request("enter", {});
  const second = socket.request("offer", { sdp: "s", lines: {} });
  assert.deepEqual(ws.sent.map(({ t, id }) => [t, id]), [["enter", first.id], ["offer", second.id]]);
  ws.say({ t: "answer", re: second.id, sdp: "x" });
  ws.say({ t: "error", re: first.id, code: "room_full", message: "full", retry_ms: 5 });
  assert.equal((await second.answer).sdp, "x");
  await assert.rejects(first.answer, { name: "ServerError", code: "room_full", retryMs: 5 });
  assert.deepEqual(told, []);
});

test("what answers nothing is told, pings are answered", async () => {
  const [, ws] = await opened();
  ws.say({ t: "speakers", levels: [] });
  ws.say({ t: "ping", ts: 7 });
  ws.onmessage({ data: "not JSON" });
  assert.deepEqual(told.map(({ t }) => t), ["speakers"]);
  assert.deepEqual(ws.sent, [{ t: "pong", ts: 7 }]);
});

test("close codes become codes, and open requests fail with them", async () => {
  for (const [close, code] of [
    [1006, "closed"], [1001, "going_away"], [4000, "bad_message"], [4001, "expired"], [4003, "kicked"],
    [4004, "room_gone"], [4008, "closed"], [4009, "too_fast"], [4010, "replaced"],
  ]) {
    closed = [];
    const [socket, ws] = await opened();
    const { answer } = socket.request("enter", {});
    ws.drop(close);
    await assert.rejects(answer, { name: "ConnectionError", code, closeCode: close });
    assert.deepEqual(closed.map((error) => error.code), [code]);
  }
});

test("a server that is not there is unreachable", async () => {
  const socket = new Socket("ws://nowhere/ws");
  socket.closed = (error) => closed.push(error);
  const opening = socket.opened();
  FakeWebSocket.last.drop(1006);
  await assert.rejects(opening, { code: "unreachable" });
});

test("a silent server is given up within 20 seconds, a living one is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  const [, ws] = await opened();
  for (let second = 0; second < 60; second += 10) {
    t.mock.timers.tick(10_000);
    ws.say({ t: "pong", ts: 0 });
  }
  assert.equal(closed.length, 0);
  assert.equal(ws.sent.filter(({ t }) => t === "ping").length, 6);
  for (let second = 0; second < 20; second++) t.mock.timers.tick(1000);
  assert.deepEqual(closed.map(({ code }) => code), ["timeout"]);
});

test("a server that is asked for a sign of life has as long as it is given", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  const [socket, ws] = await opened();
  t.mock.timers.tick(1);
  socket.probe(2000);
  t.mock.timers.tick(1000);
  ws.say({ t: "pong", ts: 0 });
  t.mock.timers.tick(2000);
  assert.equal(closed.length, 0);
  socket.probe(2000);
  t.mock.timers.tick(2000);
  assert.deepEqual(closed.map(({ code }) => code), ["timeout"]);
  assert.equal(ws.closedWith, 4010, "1000 would say that we leave");
});

test("a WebSocket that another took over is closed without leaving, and is not reported", async () => {
  const [socket, ws] = await opened();
  socket.abandon();
  ws.drop(4010);
  assert.equal(ws.closedWith, 4010);
  assert.deepEqual(closed, []);
});

test("closing ourselves is not reported", async () => {
  const [socket, ws] = await opened();
  socket.close();
  ws.drop(1000);
  assert.equal(ws.closedWith, 1000);
  assert.deepEqual(closed, []);
  assert.equal(socket.send({ t: "bye" }), false);
});
