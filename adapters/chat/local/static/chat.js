// The page as a whole: who you are, which channel is open, and the connection to it.

import { $, ask, make, path, remembered, sayProblem, user } from "./common.js";
import { send } from "./composer.js";
import { arrangeDays, channel, clear, newest, show } from "./messages.js";

const USER = /^[\p{L}\p{N}_.-]{1,40}$/u;
const UNREAD_EVERY = 10_000; // milliseconds
let events = null;

// ---------------------------------------------------------------- the connection

function connection(kind, words) {
  $("connection").className = `connection ${kind}`;
  $("connection-words").textContent = words;
}

async function load() {
  const asked = channel();
  const messages = await ask(path(asked, `messages?user=${encodeURIComponent(user())}`));
  if (asked !== channel()) return;
  messages.forEach((message) => show(message));
  arrangeDays();
}

function listen() {
  events?.close();
  const source = new EventSource(path(channel(), `events?user=${encodeURIComponent(user())}&after=${newest()}`));
  let lost = false;
  source.onopen = () => {
    connection("live", "live");
    if (lost) load().catch(sayProblem);
    lost = false;
  };
  source.onmessage = (event) => show(JSON.parse(event.data), { fresh: true });
  source.onerror = () => {
    lost = true;
    connection("lost", "reconnecting");
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (source === events) listen(); }, 3000);
  };
  events = source;
}

// ---------------------------------------------------------------- channels

async function enter(wanted) {
  events?.close();
  clear(wanted.id);
  $("channel").textContent = wanted.name;
  document.title = `${wanted.name} · Paper Round`;
  remembered.set("channel", wanted.id);
  for (const button of $("channels").querySelectorAll("button")) button.setAttribute("aria-current", String(button.dataset.id === wanted.id));
  drawer(false);
  connection("", "connecting");
  $("stream").setAttribute("aria-busy", "true"); // what was said before is not read out
  try {
    await load();
    $("stream").scrollTop = $("stream").scrollHeight;
  } catch (error) {
    sayProblem(error);
  }
  $("stream").removeAttribute("aria-busy");
  if (channel() !== wanted.id) return;
  listen();
  markUnread([{ id: wanted.id, newest: newest() }]);
}

const askChannels = () => ask(`/api/channels?user=${encodeURIComponent(user())}`);

async function listChannels() {
  const channels = await askChannels();
  $("channels").replaceChildren(...channels.map((each) => {
    const button = make("button", { type: "button", "data-id": each.id }, each.name, make("span", { class: "unread", hidden: true }, "new"));
    button.addEventListener("click", () => enter(each));
    return make("li", {}, button);
  }));
  const last = remembered.get("channel", "");
  markUnread(channels);
  await enter(channels.find((each) => each.id === last) ?? channels[0]);
}

// What came to a channel that is not open is marked; where nobody ever looked, all counts as seen.
function markUnread(channels) {
  const seen = remembered.get(`seen.${user()}`, {});
  for (const { id, newest: last } of channels) {
    if (id === channel() || !(id in seen)) seen[id] = Math.max(last, id === channel() ? newest() : 0);
    const mark = $("channels").querySelector(`[data-id="${CSS.escape(id)}"] .unread`);
    if (mark) mark.hidden = last <= seen[id];
  }
  remembered.set(`seen.${user()}`, seen);
  $("menu").classList.toggle("unread-elsewhere", $("channels").querySelector(".unread:not([hidden])") !== null);
}

setInterval(() => { if (!document.hidden) askChannels().then(markUnread).catch(() => {}); }, UNREAD_EVERY);

function drawer(open) {
  const was = $("sidebar").classList.contains("open");
  $("sidebar").classList.toggle("open", open);
  $("shade").hidden = !open;
  $("menu").setAttribute("aria-expanded", String(open));
  if (open) $("channels").querySelector("button")?.focus();
  else if (was) $("menu").focus();
}

$("menu").addEventListener("click", () => drawer(!$("sidebar").classList.contains("open")));
$("shade").addEventListener("click", () => drawer(false));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") drawer(false); });

// ---------------------------------------------------------------- you

$("you").addEventListener("submit", (event) => { event.preventDefault(); $("name").blur(); });
$("name").addEventListener("change", () => {
  if (!USER.test($("name").value)) return;
  remembered.set("user", $("name").value);
  listChannels().catch(sayProblem);
});
$("admin").addEventListener("change", () => {
  remembered.set("admin", $("admin").checked);
  $("overview").hidden = !$("admin").checked;
});
$("overview").addEventListener("click", () => send("/papers status"));

$("name").value = user();
$("admin").checked = remembered.get("admin", false);
$("overview").hidden = !$("admin").checked;
listChannels().catch((error) => { connection("lost", "not reachable"); sayProblem(error); });
