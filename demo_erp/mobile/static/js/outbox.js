// Sends what waits on this phone, one draft after the other. The reference goes with each, so that the system makes a
// draft once however often it is sent.

import { askApi, showConnection, Unreachable } from "./connection.js";
import { allDrafts, forgetDraft, keepDraft } from "./drafts.js";

const REMEMBER_SENT_MS = 12 * 60 * 60 * 1000;

const TONES = { waiting: "warn", sent: "good", refused: "bad" };
const LAST_USER = "rosewood-user";

// Whose phone this is just now. Pages that open without the system do not know; they go by who was here last.
function username() {
  return document.body.dataset.username ?? localStorage.getItem(LAST_USER) ?? "";
}

export function rememberUser() {
  if (document.body.dataset.username) localStorage.setItem(LAST_USER, document.body.dataset.username);
  else if (location.pathname === "/m/login") localStorage.removeItem(LAST_USER);
}

function many(count, words) {
  return `${count} ${count === 1 ? "draft" : "drafts"} ${words}`;
}

function row(draft) {
  const item = document.createElement("li");
  const words = document.createElement(draft.state === "sent" ? "a" : "span");
  const title = document.createElement("b");
  const state = document.createElement("span");
  if (draft.state === "sent") words.href = `/m/sales/${draft.saleId}`;
  item.dataset.state = draft.state;
  item.dataset.reference = draft.reference;
  title.textContent = draft.customerName;
  words.className = "entry";
  state.className = `badge ${TONES[draft.state]}`;
  state.textContent = draft.state === "refused" ? "not accepted" : draft.state;
  words.append(title, state);
  item.append(words);
  if (draft.state === "refused") {
    title.append(`: ${draft.problem}`);
    const discard = document.createElement("button");
    discard.textContent = "Discard";
    discard.addEventListener("click", () => forgetDraft(draft.reference).then(showOutbox));
    item.append(discard);
  }
  return item;
}

// Shows this user's drafts; nobody sees another's.
export async function showOutbox() {
  const drafts = (await allDrafts()).filter((draft) => draft.username === username());
  const count = (state) => drafts.filter((draft) => draft.state === state).length;
  const [waiting, refused, sent] = [count("waiting"), count("refused"), count("sent")];
  const words = [
    waiting && many(waiting, "waiting"),
    refused && many(refused, "not accepted"),
    sent && many(sent, "sent"),
  ].filter(Boolean);
  document.getElementById("outbox").hidden = drafts.length === 0;
  document.getElementById("outbox-status").textContent = words.join(", ");
  document.getElementById("outbox-list").replaceChildren(...drafts.map(row));
}

async function send(draft) {
  const { status, body } = await askApi("POST", "/sales", {
    customer_id: draft.customerId,
    kind: draft.kind,
    lines: draft.lines,
    note: draft.note,
    client_reference: draft.reference,
  });
  if (status === 200 || status === 201) return { ...draft, state: "sent", saleId: body.id, sentAt: Date.now() };
  if (status === 401 || status === 409 || status === 429 || status >= 500) return draft; // later, it is not the draft's fault
  return { ...draft, state: "refused", problem: body?.error?.message ?? `status ${status}` };
}

async function sendWaiting() {
  for (const draft of await allDrafts()) {
    if (draft.state === "sent" && Date.now() - draft.sentAt > REMEMBER_SENT_MS) await forgetDraft(draft.reference);
    if (draft.state !== "waiting" || draft.username !== username()) continue;
    await keepDraft(await send(draft));
  }
}

// Sends everything that waits and shows what came of it. Two open windows take turns.
export async function empty() {
  try {
    await (navigator.locks ? navigator.locks.request("rosewood-outbox", sendWaiting) : sendWaiting());
    showConnection(true);
  } catch (problem) {
    if (!(problem instanceof Unreachable)) throw problem;
    showConnection(false);
  }
  await showOutbox();
}

// Keeps a draft first and sends it then, so that it survives whatever happens in between. Answers its record.
export async function handIn(entry) {
  await keepDraft({ ...entry, username: username(), state: "waiting", savedAt: Date.now() });
  await empty();
  return (await allDrafts()).find((draft) => draft.reference === entry.reference);
}
