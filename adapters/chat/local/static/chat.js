"use strict";

const $ = (id) => document.getElementById(id);
const USER = /^[\p{L}\p{N}_.-]{1,40}$/u;
const state = { channel: null, channels: [], messages: new Map(), events: null, place: 0 };

// ---------------------------------------------------------------- small things

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const remembered = {
  get(name, otherwise) {
    try { return JSON.parse(localStorage.getItem(`paperround.${name}`)) ?? otherwise; } catch { return otherwise; }
  },
  set(name, value) {
    try { localStorage.setItem(`paperround.${name}`, JSON.stringify(value)); } catch { /* a private window */ }
  },
};

const user = () => remembered.get("user", "guest");
const path = (channel, rest) => `/api/channels/${encodeURIComponent(channel)}/${rest}`;

async function ask(url, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function say(words, problem = false) {
  $("hint").textContent = words;
  $("hint").classList.toggle("problem", problem);
}

const sayProblem = (error) =>
  say(error instanceof TypeError ? "Paper Round does not answer. Is it running?" : error.message, true);

// ---------------------------------------------------------------- messages

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

function element(message) {
  const body = make("div", { class: "body" });
  body.innerHTML = message.html; // made and escaped by the server's own templates
  const at = new Date(message.at);
  const head = make("header", { class: "head" },
    make("span", { class: "author" }, "Paper Round"), make("time", { datetime: message.at, title: DAY.format(at) }, TIME.format(at)));
  if (message.private) head.append(make("span", { class: "privacy" }, "only you see this"));
  const article = make("article", { class: `message ${message.kind}`, "data-n": String(message.n) });
  if (message.private) article.classList.add("private");
  if (message.asked) article.append(make("p", { class: "asked" }, message.asked));
  const actions = controls(message);
  article.append(head, make("div", { class: "bubble" }, body), actions);
  return article;
}

function controls(message) {
  const bar = make("div", { class: "actions" });
  for (const name of ["page", "view", "offer"]) {
    const members = message.actions.filter((action) => action.group === name);
    if (!members.length) continue;
    const attributes = { class: `group ${name}` };
    if (name === "page") Object.assign(attributes, { role: "group", "aria-label": "Pages" });
    bar.append(make("div", attributes, ...members.map((action) => control(message, action))));
  }
  return bar;
}

function control(message, action) {
  const name = action.id.split(".")[1];
  const common = { "data-control": name, disabled: Boolean(action.disabled) };
  if (action.type === "select") {
    const options = action.options.map((o) => make("option", { value: o.value, selected: o.selected }, o.label));
    if (!action.options.some((o) => o.selected)) options.unshift(make("option", { value: "", selected: true }, action.label));
    const select = make("select", { ...common, "aria-label": action.label }, ...options);
    select.addEventListener("change", () => { if (select.value) use(message, action.id, select.value, select); });
    return select;
  }
  if (action.type === "number") {
    const input = make("input", { ...common, type: "text", inputmode: "numeric", value: action.value, "aria-label": action.label, title: `${action.label}, 1 to ${action.maximum}` });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("change", () => {
      const valid = /^\d+$/.test(input.value.trim());
      input.classList.toggle("invalid", !valid);
      if (valid) use(message, action.id, input.value.trim(), input);
    });
    return input;
  }
  const button = make("button", { ...common, type: "button" }, action.label);
  button.addEventListener("click", () => use(message, action.id, action.value, button));
  return button;
}

function show(message, { fresh = false } = {}) {
  const known = $("messages").querySelector(`[data-n="${message.n}"]`);
  const old = state.messages.get(message.n);
  if (known && JSON.stringify(old) === JSON.stringify(message)) return known;
  state.messages.set(message.n, message);
  const article = element(message);
  if (known) {
    known.replaceWith(article);
    return article;
  }
  const atEnd = $("stream").scrollHeight - $("stream").scrollTop - $("stream").clientHeight < 80;
  const later = [...$("messages").querySelectorAll(".message")].find((other) => Number(other.dataset.n) > message.n);
  if (later) later.before(article);
  else $("messages").append(article);
  if (fresh) article.classList.add("fresh");
  arrangeDays();
  if (atEnd) $("stream").scrollTop = $("stream").scrollHeight;
  return article;
}

function arrangeDays() {
  $("messages").querySelectorAll(".day, .welcome").forEach((mark) => mark.remove());
  let last = "";
  for (const article of $("messages").querySelectorAll(".message")) {
    const day = DAY.format(new Date(state.messages.get(Number(article.dataset.n)).at));
    if (day !== last) article.before(make("p", { class: "day" }, day));
    last = day;
  }
  if (!last) $("messages").append(make("p", { class: "welcome" }, make("strong", {}, "Nothing here yet"),
    "New papers are posted here as they arrive. Ask with /papers help."));
}

// ---------------------------------------------------------------- asking

async function send(text) {
  const channel = state.channel;
  $("send").disabled = true;
  say("Looking …");
  try {
    const message = await ask(path(channel, "commands"), { user: user(), admin: $("admin").checked, text });
    if (channel === state.channel) show(message).scrollIntoView({ block: "start" });
    hint();
    return true;
  } catch (error) {
    sayProblem(error);
    return false;
  } finally {
    $("send").disabled = false;
  }
}

async function use(message, action, value, from) {
  const article = from.closest(".message");
  if (article.getAttribute("aria-busy")) return;
  article.setAttribute("aria-busy", "true");
  const body = { user: user(), admin: $("admin").checked, message: message.n, action, value };
  try {
    const answer = await ask(path(state.channel, "actions"), body);
    const shown = show(answer);
    if (answer.n === message.n) keepFocus(shown, from);
    shown.scrollIntoView({ block: answer.n === message.n ? "nearest" : "start" });
    if (answer.n === message.n && shown.getBoundingClientRect().height > $("stream").clientHeight) shown.scrollIntoView({ block: "start" });
    hint();
  } catch (error) {
    sayProblem(error);
  } finally {
    article.removeAttribute("aria-busy");
    if (from.tagName === "SELECT" && !message.actions.find((a) => a.id === action)?.options.some((o) => o.selected)) from.value = "";
  }
}

function keepFocus(article, from) {
  const same = article.querySelector(`[data-control="${from.dataset.control}"]:not(:disabled)`);
  (same ?? article.querySelector("[data-control]:not(:disabled)"))?.focus({ preventScroll: true });
}

$("messages").addEventListener("click", (event) => {
  const opener = event.target.closest("[data-action]");
  const example = event.target.closest("[data-command]");
  if (opener) use(state.messages.get(Number(opener.closest(".message").dataset.n)), opener.dataset.action, undefined, opener);
  if (example) {
    $("text").value = example.dataset.command;
    fit();
    $("text").focus();
  }
});

// ---------------------------------------------------------------- the command line

const usages = [...$("usages").children].map((line) => line.textContent);

function hint() {
  const typed = $("text").value.replace(/^\s*\/papers\s*/i, "").toLowerCase();
  const fitting = usages.filter((usage) => {
    const name = usage.replace(/\s*[A-Z[].*$/, "");
    return typed && (name.startsWith(typed.trimEnd()) || `${typed} `.startsWith(`${name} `));
  });
  if (fitting.length) say(`/papers ${fitting.at(-1).length && fitting.length > 1 ? fitting.map((f) => f.split(/ [A-Z[]/)[0]).join(" · ") : fitting[0]}`);
  else say("/papers search … · latest · topics · preview … · help");
}

function fit() {
  $("text").style.height = "auto";
  $("text").style.height = `${$("text").scrollHeight}px`;
}

function recall(step) {
  const history = remembered.get("history", []);
  const place = Math.min(Math.max(state.place + step, 0), history.length);
  if (place === state.place) return;
  state.place = place;
  $("text").value = place ? history[history.length - place] : "";
  fit();
  hint();
}

$("text").addEventListener("input", () => { state.place = 0; fit(); hint(); });

$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
  const multiline = $("text").value.includes("\n");
  if (!multiline && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    recall(event.key === "ArrowUp" ? 1 : -1);
  }
});

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text || $("send").disabled) return;
  const history = remembered.get("history", []).filter((old) => old !== text);
  remembered.set("history", [...history, text].slice(-100));
  state.place = 0;
  $("text").value = "";
  fit();
  if (!(await send(text)) && !$("text").value) {
    $("text").value = text;
    fit();
  }
});

// ---------------------------------------------------------------- channels and the connection

function connection(kind, words) {
  $("connection").className = `connection ${kind}`;
  $("connection-words").textContent = words;
}

async function load() {
  const channel = state.channel;
  const messages = await ask(path(channel, `messages?user=${encodeURIComponent(user())}`));
  if (channel !== state.channel) return;
  messages.forEach((message) => show(message));
  arrangeDays();
}

function listen() {
  state.events?.close();
  const newest = Math.max(0, ...state.messages.keys());
  const events = new EventSource(path(state.channel, `events?user=${encodeURIComponent(user())}&after=${newest}`));
  let lost = false;
  events.onopen = () => {
    connection("live", "live");
    if (lost) load().catch(sayProblem);
    lost = false;
  };
  events.onmessage = (event) => show(JSON.parse(event.data), { fresh: true });
  events.onerror = () => {
    lost = true;
    connection("lost", "reconnecting");
    if (events.readyState === EventSource.CLOSED) setTimeout(() => { if (state.events === events) listen(); }, 3000);
  };
  state.events = events;
}

async function enter(channel) {
  state.channel = channel.id;
  state.messages.clear();
  $("messages").replaceChildren();
  $("channel").textContent = channel.name;
  document.title = `${channel.name} · Paper Round`;
  remembered.set("channel", channel.id);
  for (const button of $("channels").querySelectorAll("button")) button.setAttribute("aria-current", String(button.dataset.id === channel.id));
  drawer(false);
  connection("", "connecting");
  try {
    await load();
    $("stream").scrollTop = $("stream").scrollHeight;
  } catch (error) {
    sayProblem(error);
  }
  if (state.channel === channel.id) listen();
}

async function listChannels() {
  const own = { id: `dm-${user()}`, name: "Direct messages" };
  state.channels = [...(await ask("/api/channels")), own];
  $("channels").replaceChildren(...state.channels.map((channel) => {
    const button = make("button", { type: "button", "data-id": channel.id }, channel.name);
    button.addEventListener("click", () => enter(channel));
    return make("li", {}, button);
  }));
  const wanted = remembered.get("channel", "");
  await enter(state.channels.find((channel) => channel.id === wanted) ?? state.channels[0]);
}

function drawer(open) {
  $("sidebar").classList.toggle("open", open);
  $("shade").hidden = !open;
  $("menu").setAttribute("aria-expanded", String(open));
}

$("menu").addEventListener("click", () => drawer(!$("sidebar").classList.contains("open")));
$("shade").addEventListener("click", () => drawer(false));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") drawer(false); });

$("you").addEventListener("submit", (event) => { event.preventDefault(); $("name").blur(); });
$("name").addEventListener("change", () => {
  if (!USER.test($("name").value)) return;
  remembered.set("user", $("name").value);
  listChannels().catch(sayProblem);
});
$("admin").addEventListener("change", () => remembered.set("admin", $("admin").checked));

$("name").value = user();
$("admin").checked = remembered.get("admin", false);
hint();
listChannels().catch((error) => { connection("lost", "not reachable"); sayProblem(error); });
