// What every part of the page needs: elements, what the browser remembers, the server, the line under the composer.

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const remembered = {
  get(name, otherwise) {
    try { return JSON.parse(localStorage.getItem(`paperround.${name}`)) ?? otherwise; } catch { return otherwise; }
  },
  set(name, value) {
    try { localStorage.setItem(`paperround.${name}`, JSON.stringify(value)); } catch { /* a private window */ }
  },
};

export const user = () => remembered.get("user", "guest");
export const path = (channel, rest) => `/api/channels/${encodeURIComponent(channel)}/${rest}`;

export async function ask(url, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

export function say(words, problem = false) {
  $("hint").textContent = words;
  $("hint").classList.toggle("problem", problem);
}

export const sayProblem = (error) =>
  say(error instanceof TypeError ? "Paper Round does not answer. Is it running?" : error.message, true);
