// The keys and clicks of reviewing. What is shown comes from the server as HTML; here it is only put in its place.
"use strict";

const body = document.body;
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const isReport = body.classList.contains("report");
const query = body.dataset.query || "";
const address = (path, more = {}) => {
  const asked = new URLSearchParams(query);
  for (const [name, value] of Object.entries(more)) asked.set(name, value);
  return asked.size ? `${path}?${asked}` : path;
};

let hush;
function tell(message, bad = false) {
  const told = $("#told");
  told.textContent = message;
  told.className = bad ? "shown bad" : "shown";
  clearTimeout(hush);
  hush = setTimeout(() => { told.className = ""; }, bad ? 6000 : 2500);
}

// A message that is to be seen after the page has been loaded anew.
function tellNext(message) { sessionStorage.setItem("told", message); }
if (sessionStorage.getItem("told")) { tell(sessionStorage.getItem("told")); sessionStorage.removeItem("told"); }

async function ask(path, sent) {
  const options = sent === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) };
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    tell("No answer: casefacts review is no longer running. This was not saved.", true);
    return null;
  }
  if (answer.ok) return sent === undefined ? answer.text() : answer.json();
  if (answer.status === 422) return answer.json();
  tell(await answer.text() || `Refused (${answer.status}); nothing was saved.`, true);
  return null;
}

function counted(progress) {
  $("#mine").textContent = progress.mine.toLocaleString("en");
  $("#all").textContent = progress.facts.toLocaleString("en");
  Object.assign($(".top progress"), { max: progress.facts || 1, value: progress.mine });
}

async function undo() {
  const done = await ask("/undo", {});
  if (!done) return;
  tellNext(done.message);
  if (done.report) location.assign(address(`/report/${done.report}`, done.fact ? { fact: done.fact } : {}));
  else location.reload();
}

// ---- a report ------------------------------------------------------------------------------------------------------

const numbers = (name) => (body.dataset[name] || "").split(" ").filter(Boolean).map(Number);
const order = numbers("order");
const chosen = new Set(numbers("chosen"));
let current = Number(body.dataset.current) || null;
const text = $("#text");
const panel = $("#panel");
let busy = false; // an act is on its way: until it is written and the next fact is shown, no key judges anything

const marks = new Map(); // a book has thousands: they are looked up, not searched for
if (isReport) {
  for (const mark of all("[data-n]", text)) {
    const n = Number(mark.dataset.n);
    if (!marks.has(n)) marks.set(n, []);
    marks.get(n).push(mark);
  }
}
const marksOf = (n) => marks.get(n) || [];
const kinds = isReport ? all(".legend input") : [];
const shown = () => kinds.filter((box) => box.checked).map((box) => box.value);
const walkable = () => order.filter((n) => chosen.has(n) && !marksOf(n)[0]?.classList.contains("away"));

function point(n, scroll = true) {
  for (const mark of marksOf(current)) mark.classList.remove("current");
  for (const claim of all("[data-go]")) claim.classList.toggle("current", Number(claim.dataset.go) === n && !!claim.closest(".claims"));
  current = n;
  for (const mark of marksOf(n)) mark.classList.add("current");
  if (scroll) marksOf(n)[0]?.scrollIntoView({ block: "center" });
}

async function go(n, scroll = true) {
  if (!n) return;
  point(n, scroll);
  history.replaceState(null, "", address(location.pathname, { fact: n }));
  const html = await ask(`/fact/${n}`);
  if (html !== null && current === n) {
    panel.innerHTML = html;
    panel.closest("aside").scrollTop = 0;
  }
}

function step(by) {
  const stops = walkable();
  if (!stops.length) return tell("No fact of the types shown.");
  const at = stops.indexOf(current);
  let next;
  if (at >= 0) next = stops[at + by];
  else {
    const here = order.indexOf(current);
    next = by > 0 ? stops.find((n) => order.indexOf(n) > here) : stops.findLast((n) => order.indexOf(n) < here);
  }
  if (next === undefined) return tell(by > 0 ? "This is the last fact here; n goes on to the next report." : "This is the first fact here.");
  return go(next);
}

async function act(name, values) {
  if (!current || busy) return;
  busy = true;
  panel.ariaBusy = "true";
  try { await judge(name, values); } finally { busy = false; panel.ariaBusy = "false"; }
}

async function judge(name, values) {
  const done = await ask("/judge", { fact: current, act: name, values });
  if (!done) return;
  if (done.wrong) { complain(done.wrong); return; }
  tell(done.message);
  if (done.fact === null || name === "correct" || name === "same") { // another value stands in the text now, or the fact is gone
    tellNext(done.message);
    location.replace(address(location.pathname, { fact: following() || current }));
    return;
  }
  for (const mark of marksOf(done.fact)) {
    mark.dataset.outcome = done.outcome || "";
    mark.classList.remove("doubtful");
  }
  counted(done.progress);
  await go(following() || current);
}

function following() {
  const stops = walkable();
  return stops[stops.indexOf(current) + 1];
}

function complain(wrong) {
  const form = $(".edit:not([hidden])", panel);
  for (const field of all(".field", form)) {
    const message = wrong[field.dataset.field] || "";
    field.classList.toggle("bad", !!message);
    $(".wrong", field).textContent = message;
  }
  $(".bad input, .bad select", form)?.focus();
}

function filled(form) {
  const values = {};
  for (const input of all("input, select", form)) values[input.name] = input.type === "checkbox" ? String(input.checked) : input.value;
  return values;
}

function correct() {
  const form = $(".edit", panel);
  if (!form || !$("[data-act=correct]", panel)) return;
  form.hidden = false;
  form.closest(".fact").classList.add("editing");
  const first = $("input, select", form);
  first.focus();
  first.select?.();
}

function leave() {
  if ($(".adding", panel)) go(current, false);
  else {
    const form = $(".edit", panel);
    if (form) { form.hidden = true; form.closest(".fact").classList.remove("editing"); }
    document.activeElement.blur();
  }
}

async function save(form) {
  if (form.dataset.act === "correct") return act("correct", filled(form));
  const { type, start, end, text: words } = form.dataset;
  const done = await ask("/add", { report: Number(body.dataset.report), type, start: Number(start), end: Number(end), text: words, values: filled(form) });
  if (!done) return undefined;
  if (done.wrong) return complain(done.wrong);
  tellNext(done.message);
  return location.replace(address(location.pathname, done.fact ? { fact: done.fact } : {}));
}

// Characters (code points, as Python counts them) before a place of the text. The values are no part of it: they stand in attributes.
function offset(node, at) {
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(node, at);
  return [...before.toString()].length;
}

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const words = range.toString();
  if (!words.trim()) return null;
  const start = offset(range.startContainer, range.startOffset) + [...words].length - [...words.trimStart()].length;
  return { start, end: start + [...words.trim()].length, words: words.trim() };
}

let missed = null;
function miss() {
  missed = selected();
  if (!missed) return caret();
  endCaret();
  $("#kinds .quote").textContent = `“${missed.words}”`;
  return $("#kinds").showModal();
}

async function kind(name) {
  $("#kinds").close();
  if (!missed) return;
  const { start, end } = missed;
  const html = await ask(`/form?${new URLSearchParams({ report: body.dataset.report, type: name, start, end })}`);
  if (html === null) return;
  panel.innerHTML = html;
  panel.closest("aside").scrollTop = 0;
  const empty = all("input:not([type=checkbox]), select", panel).find((input) => !input.value);
  (empty || $("input, select", panel)).focus();
}

// Selecting by keyboard: the text takes a caret, but nothing can be written into it.
const selecting = () => text.classList.contains("selecting");
function caret() {
  text.contentEditable = "true";
  text.classList.add("selecting");
  text.focus({ preventScroll: true });
  const mark = marksOf(current)[0];
  const range = document.createRange();
  if (mark) range.setStartAfter(mark); else range.setStart(text, 0);
  range.collapse(true);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  mark?.scrollIntoView({ block: "center" }); // the values are gone, so the lines have moved
  tell("Move with the arrows, select with Shift, then Enter. Esc leaves.");
}
function endCaret() {
  if (!selecting()) return;
  text.contentEditable = "false";
  text.classList.remove("selecting");
  text.blur();
}

function showTypes() {
  const on = new Set(shown());
  for (const mark of all("mark, b", text)) {
    mark.classList.toggle("away", !on.has(mark.classList[0]));
    mark.classList.toggle("aside", !chosen.has(Number(mark.dataset.n)));
  }
  sessionStorage.setItem("hidden types", kinds.filter((box) => !box.checked).map((box) => box.value).join(" "));
}

// A fact of a type that is hidden now is not the one that a key would judge.
function onward() {
  const stops = walkable();
  if (!stops.length || stops.includes(current) || $(".adding, .editing", panel)) return;
  const here = order.indexOf(current);
  go(stops.find((n) => order.indexOf(n) > here) ?? stops.at(-1));
}

async function whole() {
  const done = await ask("/whole", { report: Number(body.dataset.report), types: shown() });
  if (!done) return;
  tellNext(done.message);
  location.reload();
}

function startReport() {
  const hidden = (sessionStorage.getItem("hidden types") || "").split(" ");
  for (const box of kinds) { box.checked = !hidden.includes(box.value); box.addEventListener("change", () => { showTypes(); onward(); }); }
  showTypes();
  if (current) point(current);
  text.addEventListener("beforeinput", (event) => event.preventDefault());
  text.addEventListener("drop", (event) => event.preventDefault());
  text.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-n]:not(.away)");
    if (mark && !selecting() && getSelection().isCollapsed) go(Number(mark.dataset.n), false);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".edit");
    if (form) { event.preventDefault(); save(form); }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.go) go(Number(button.dataset.go));
    else if (button.dataset.kind) kind(button.dataset.kind);
    else if ("leave" in button.dataset) leave();
    else if (button.dataset.act === "correct") correct();
    else if (button.dataset.act) act(button.dataset.act);
  });
}

const reportKeys = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  a: () => act("accept"), s: () => act("same"), r: () => act("reject"), c: correct, m: miss, d: whole,
  n: () => location.assign(address("/next", current ? { after: current } : {})),
  b: () => location.assign(address("/")),
  "[": () => location.assign(address(`/report/${Number(body.dataset.report) - 1}`)),
  "]": () => location.assign(address(`/report/${Number(body.dataset.report) + 1}`)),
};

// ---- a list --------------------------------------------------------------------------------------------------------

const rows = all("tbody tr");
let row = -1;
function pick(to) {
  if (!rows.length) return;
  rows[row]?.classList.remove("current");
  row = Math.max(0, Math.min(rows.length - 1, to));
  rows[row].classList.add("current");
  const link = $("a", rows[row]);
  link.focus({ preventScroll: true });
  rows[row].scrollIntoView({ block: "nearest" });
}
const listKeys = {
  j: () => pick(row + 1), ArrowDown: () => pick(row + 1), k: () => pick(row - 1), ArrowUp: () => pick(row - 1),
  n: () => location.assign(address("/next")),
  "/": () => $(".filters select").focus(),
  x: () => $(".filters .clear")?.click(),
  "[": () => $("a[rel=prev]")?.click(),
  "]": () => $("a[rel=next]")?.click(),
};

function startList() {
  const form = $(".filters");
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("submit", () => { for (const input of all("input, select", form)) if (!input.value) input.disabled = true; });
  addEventListener("pageshow", () => { for (const input of all("input, select", form)) input.disabled = false; });
}

// ---- keys ----------------------------------------------------------------------------------------------------------

const goto_ = { f: "/", c: "/claims", r: "/reports" };
let went = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { key, target } = event;
  if ($("#kinds[open]")) {
    const name = $("#kinds").querySelectorAll("[data-kind]")[Number(key) - 1]?.dataset.kind
      || { d: "date", l: "location", c: "count", s: "sentence", a: "article" }[key];
    if (name) { event.preventDefault(); kind(name); }
    return;
  }
  if ($("dialog[open]")) return;
  if (isReport && selecting()) {
    if (key === "Enter") { event.preventDefault(); miss(); }
    if (key === "Escape") endCaret();
    return;
  }
  if (target.closest("input:not([type=checkbox]), select, textarea")) {
    if (key === "Escape") { if (isReport) leave(); else target.blur(); }
    if (key === "Enter" && target.tagName === "SELECT" && target.form) { event.preventDefault(); target.form.requestSubmit(); }
    return;
  }
  if (busy || (event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(key))) return; // a key held down judges nothing
  const keys = isReport ? reportKeys : listKeys;
  const box = isReport && kinds[Number(key) - 1];
  let run = keys[key];
  if (went && goto_[key]) run = () => location.assign(goto_[key]);
  else if (key === "u") run = undo;
  else if (key === "?") run = () => $("#help").showModal();
  else if (key === "Escape" && isReport) run = leave;
  else if (box) run = () => box.click();
  went = key === "g";
  if (run) { event.preventDefault(); run(); }
});

if (isReport) startReport(); else startList();
