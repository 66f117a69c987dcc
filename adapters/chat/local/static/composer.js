// The command line: hints, what was asked before, and sending.

import { $, ask, path, remembered, say, sayProblem, user } from "./common.js";
import { close, press, suggest } from "./completions.js";
import { channel, show } from "./messages.js";

const usages = [...$("usages").children].map((line) => line.textContent);
let place = 0; // in the history: 0 is the line being written, 1 what was asked last

function hint() {
  const typed = $("text").value.replace(/^\s*\/papers\s*/i, "").toLowerCase();
  const fitting = usages.filter((usage) => {
    const name = nameOf(usage);
    return typed && `${typed} `.startsWith(`${name} `);
  });
  const longest = fitting.sort((one, other) => other.length - one.length)[0];
  say(`/papers ${longest ?? "search … · latest · topics · preview … · help"}`);
}

// The words before the arguments: help [command], mute author|journal|word X.
const nameOf = (usage) => usage.split(/ [^ ]*[A-Z[|@]/)[0];

function fit() {
  $("text").style.height = "auto";
  $("text").style.height = `${$("text").scrollHeight}px`;
}

function recall(step) {
  const history = remembered.get("history", []);
  const wanted = Math.min(Math.max(place + step, 0), history.length);
  if (wanted === place) return;
  place = wanted;
  $("text").value = place ? history[history.length - place] : "";
  fit();
  hint();
}

export async function send(text) {
  const asked = channel();
  $("send").disabled = true;
  say("Looking …");
  try {
    const message = await ask(path(asked, "commands"), { user: user(), admin: $("admin").checked, text });
    if (asked === channel()) show(message).scrollIntoView({ block: "start" });
    hint();
    return true;
  } catch (error) {
    sayProblem(error);
    return false;
  } finally {
    $("send").disabled = false;
  }
}

$("text").addEventListener("input", () => { place = 0; fit(); hint(); suggest(); });

$("text").addEventListener("keydown", (event) => {
  if (press(event)) return;
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
  close();
  const history = remembered.get("history", []).filter((old) => old !== text);
  remembered.set("history", [...history, text].slice(-100));
  place = 0;
  $("text").value = "";
  fit();
  if (!(await send(text)) && !$("text").value) {
    $("text").value = text;
    fit();
  }
});

hint();
