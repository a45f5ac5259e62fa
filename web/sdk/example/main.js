// npm install @madang/sdk, serve this folder, and open it twice. The server has to
// allow the page: madang --server.allowed_origins=http://localhost:3000
import { AdaptiveView, Room } from "@madang/sdk";

const [join, status, stage, figure, lines, write] = document.querySelectorAll("[id]");
const room = new Room({ url: new URLSearchParams(location.search).get("server") ?? "http://localhost:8080" });
const view = new AdaptiveView(room);
const shown = new Map(); // by member: how to take the picture off the page

function show({ id, name, me }) {
  stage.append(figure.content.cloneNode(true));
  const [video, caption] = stage.lastElementChild.children;
  caption.textContent = name;
  if (me) video.srcObject = new MediaStream([room.local.camera.track]);
  const off = me ? undefined : view.show(video, { member: id, source: "camera" });
  return () => (off?.(), video.parentElement.remove());
}

room.on("members", (members) => {
  for (const member of members) if (!shown.has(member.id)) shown.set(member.id, show(member));
  for (const [id, remove] of shown) if (!members.some((member) => member.id === id)) shown.delete(id) && remove();
});
room.chat.on("messages", (messages) => {
  const texts = messages.map(({ name, text }) => Object.assign(document.createElement("li"), { textContent: `${name}: ${text}` }));
  lines.replaceChildren(...texts);
});
room.on("state", (state) => (status.textContent = state));
room.on("error", (error) => (status.textContent = error.code));

join.onsubmit = async (event) => {
  event.preventDefault();
  try {
    await Promise.all([room.local.setMic(true), room.local.setCamera(true)]);
    await room.join({ room: "hello", name: join.elements.who.value });
  } catch (error) {
    status.textContent = error.code;
  }
};
write.onsubmit = (event) => {
  event.preventDefault();
  room.chat.send(write.elements.text.value);
  write.reset();
};
