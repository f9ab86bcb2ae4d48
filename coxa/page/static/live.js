// The live view: takes the feed's news and draws them. No library, nothing from elsewhere.
import { drawFigure, drawThigh, drawTrace } from "./draw.js";

const byId = (id) => document.getElementById(id);
const WINDOW_S = 20;
const KEEP = 1200;
const SILENT_MS = 5000;
const FAINT_DBM = -85;
const LONGEST_MS = 15000; // no sentence takes so long: a browser that does not tell when it has said one must not fall silent
const LONG_CUE = 60; // characters that a cue in large type has room for
const CIRCLE = 2 * Math.PI * 92;
const store = { opening: null, state: {}, trace: [], marks: [], figures: {}, seen: -1, live: false };
let speaking = false;
let lastCue = 0;
let uttered = null; // what is being said; kept, as browsers forget to tell the end of what nobody holds
const waiting = new Map(); // by its slot, the newest cue that is still to be said
let asked = false;
let heardAt = 0;
let socket = null;
let awake = null;

/** Connect to the feed, in place of a connection that there was. */
function connect() {
  const before = socket;
  const own = (socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/feed`));
  heardAt = performance.now();
  before?.close();
  own.onmessage = (event) => own === socket && take(JSON.parse(event.data));
  own.onclose = () => {
    if (own !== socket) return;
    store.live = false;
    link(false, word("no_coxa"));
    stopped(word("no_coxa"));
    setTimeout(connect, 700);
  };
}

/** What stands on the page under this key, in the language of the session, with its gaps filled. */
function word(key, values = {}) {
  const found = store.opening?.words[key] ?? "";
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function translate() {
  document.documentElement.lang = store.opening.lang;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  theme(document.documentElement.dataset.theme === "dark");
}

function take(message) {
  heardAt = performance.now();
  if (message.opening) {
    const another = message.opening.session !== store.opening?.session;
    Object.assign(store, { opening: message.opening, trace: [], marks: [], state: {}, seen: -1 });
    if (another) begin();
    translate();
    byId("told").replaceChildren();
    plan();
    return;
  }
  store.live = true;
  store.trace.push(...message.trace);
  store.trace.splice(0, Math.max(store.trace.length - KEEP, 0));
  store.marks.push(...message.marks);
  store.marks.splice(0, Math.max(store.marks.length - KEEP, 0));
  const before = store.state;
  store.state = message.state;
  message.marks.forEach(tell);
  show(before, message.state);
  hear(message.cues);
}

/** A tab left open is in another session than before: its cues count from one again, and it is not over. */
function begin() {
  lastCue = 0;
  waiting.clear();
  text("cue", "");
  byId("over").hidden = true;
  byId("over-link").href = "/sessions";
  if (byId("speak").classList.contains("asks")) asked = false; // nobody has answered
  byId("speak").classList.remove("asks");
  stayAwake();
}

function text(id, value) {
  const element = byId(id);
  if (element.textContent !== value) element.textContent = value;
}

function title(name) {
  const known = store.opening?.exercises[name];
  return known ? known.title : name === "unknown" || name === "auto" ? word("recognising") : (name || "").replaceAll("_", " ");
}

const STATES = { "waiting for rest": "still", ready: "ready", holding: "hold", "no signal": "no_signal", "sensor faulty": "sensor_faulty", paused: "paused", "strap check": "strap_check", done: "done" };
const STOPPED = ["paused", "no signal", "sensor faulty"];

function show(before, now) {
  const total = store.opening.plan.length;
  const planned = store.opening.plan[now.set] ?? {};
  const moving = now.state === "move";
  if (now.t_s != null) {
    text("title", moving ? word("moved_now", { side: store.opening.sides[now.side] ?? "" }) : title(now.exercise));
    const way = store.opening.directions[planned.direction] ?? "";
    const parts = [planned.side, way, total > 1 ? word("set_of", { n: now.set + 1, of: total }) : ""];
    text("sub", parts.filter(Boolean).join(" · "));
  }
  document.title = now.t_s == null ? "coxa" : `${now.count ?? 0} · ${title(now.exercise)} · coxa`;
  count(before, now);
  clock(now);
  said(now);
  link(now.linked, now.over ? "" : word(now.linked ? "connected" : before.linked || now.t_s != null ? "no_link" : "looking"), now.link);
  text("degrees", now.elevation_deg == null ? "–" : `${now.elevation_deg.toFixed(0)}°`);
  text("rssi", now.rssi_dbm == null ? "–" : `${word(now.rssi_dbm < FAINT_DBM ? "link_faint" : "link_good")}, ${now.rssi_dbm} dBm`);
  text("battery", now.battery == null ? "–" : `${now.battery} %`);
  text("rate", now.rate_hz == null ? "–" : `${now.rate_hz.toFixed(0)} Hz`);
  const again = now.reconnects ? `, ${word("reconnects", { n: now.reconnects })}` : "";
  text("lost", now.lost == null ? "–" : `${word("packets", { n: now.lost })}${again}`);
  if (before.set !== now.set || before.count !== now.count || before.over !== now.over) plan();
  if (now.speak && !asked) ask();
  if (now.over) over(now);
  if (now.over && !before.over) stayAwake();
}

function count(before, now) {
  const box = byId("count");
  text("count", String(now.count ?? 0));
  byId("count").style.setProperty("--digits", byId("count").textContent.length);
  text("of", now.target ? word("of", { n: now.target }) : "");
  if (before.count != null && now.count > before.count) {
    box.classList.remove("bump");
    void box.offsetWidth;
    box.classList.add("bump");
  }
}

/** The ring and the large number in it: seconds of a hold, or of a rest; otherwise the count alone is large. */
function clock(now) {
  const holding = now.hold_s != null;
  const resting = !holding && now.rest_left_s != null;
  const [done, whole] = holding ? [now.hold_s, now.hold_target_s ?? 0] : resting ? [now.rest_s - now.rest_left_s, now.rest_s] : [0, 0];
  const share = whole ? Math.min(done / whole, 1) : 0;
  const left = Math.ceil(Math.max(whole - done, 0));
  const moving = now.state === "move";
  byId("count-box").classList.toggle("timed", holding || resting || moving);
  byId("count-box").classList.toggle("moving", moving);
  const ring = byId("ring");
  ring.classList.toggle("on", holding || resting);
  ring.classList.toggle("kept", holding && share >= 1);
  ring.classList.toggle("rest", resting);
  const held = holding ? word("held", { n: Math.floor(done), of: whole }) : word(resting ? "rest" : "none_held");
  if (ring.getAttribute("aria-label") !== held) ring.setAttribute("aria-label", held);
  byId("ring-done").style.strokeDasharray = `${share * CIRCLE} ${CIRCLE}`;
  text("clock", holding ? String(whole && left ? left : Math.floor(done)) : resting ? String(left) : moving ? "⇄" : "");
  byId("clock").style.setProperty("--digits", byId("clock").textContent.length || 1);
  if (holding) text("hold", whole ? `${held}${left ? "" : `, ${word("hold_kept")}`}` : `${Math.floor(done)} s`);
  else text("hold", resting ? `${word("rest")}, ${word("hold_left", { n: left })}` : "");
}

/** What is to be done now, or why nothing counts, large enough to be read from the mat. */
function said(now) {
  const lost = !now.linked && now.t_s != null && !now.over;
  if (lost || STOPPED.includes(now.state)) return stopped(word(lost ? "no_link" : STATES[now.state]));
  byId("now").classList.remove("stopped");
  const timed = now.hold_s != null || now.rest_left_s != null;
  const begun = now.state === "ready" && now.count > 0; // between two repetitions nobody has to be told to begin
  byId("hold").classList.toggle("said", !timed);
  if (!timed) text("hold", begun || now.over || now.t_s == null ? "" : word(STATES[now.state]));
}

/** Nothing counts at the moment: the number steps back behind the reason. */
function stopped(words) {
  byId("now").classList.add("stopped");
  byId("hold").classList.add("said");
  text("hold", words);
}

function link(on, words, whole) {
  byId("link").querySelector(".dot").classList.toggle("on", Boolean(on));
  text("link-text", words || "");
  byId("link").title = whole ?? "";
}

function over(now) {
  byId("over").hidden = false;
  if (now.session) byId("over-link").href = `/session/${now.session}`;
}

function plan() {
  const { plan: sets } = store.opening;
  const at = store.state.set ?? 0;
  const done = store.state.over ? sets.length : at + Math.min((store.state.count ?? 0) / (sets[at]?.reps || 1e9), 1);
  byId("progress").value = sets.length ? done / sets.length : 0;
  text("plan-title", sets.length > 1 ? word("routine", { n: sets.length }) : word("set"));
  const items = sets.flatMap((one, i) => {
    const item = document.createElement("li");
    const what = [title(one.exercise), one.side, store.opening.directions[one.direction]].filter(Boolean).join(", ");
    item.textContent = `${what}${one.reps ? ` × ${one.reps}` : ""}${one.hold_s ? `, ${one.hold_s} s` : ""}`;
    if (i === at && !store.state.over) item.setAttribute("aria-current", "step");
    else if (i < at || store.state.over) item.className = "past";
    if (!one.move) return [item];
    const move = document.createElement("li");
    move.className = "move";
    move.textContent = word("moved");
    return [move, item];
  });
  const list = byId("plan");
  list.replaceChildren(...items);
  fade(list);
  const current = list.querySelector("[aria-current]");
  if (current) list.scrollTop = current.offsetTop - list.offsetTop - 28;
}

function tell(mark) {
  if (mark.kind === "hold") return;
  const item = document.createElement("li");
  item.className = mark.kind === "held" && !mark.kept ? "held short" : mark.kind;
  const time = document.createElement("time");
  const at = Math.max(Math.round((mark.at_s ?? mark.end_s ?? mark.start_s) - (store.state.begun_s ?? 0)), 0);
  time.textContent = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, "0")}`;
  const way = store.opening.directions[mark.direction];
  const words = { rep: `${mark.n}  ·  ${mark.told}${way ? ", " + way : ""}`, rejected: `${word("not_counted")}: ${mark.text}`, held: `${mark.text}, ${word(mark.kept ? "kept" : "short_of")}`, lost: mark.text };
  item.append(time, words[mark.kind]);
  const list = byId("told");
  list.prepend(item);
  while (list.children.length > 60) list.lastChild.remove();
  fade(list);
}

/** A list that goes on below its end fades out there, so that no row is cut through. */
function fade(list) {
  list.classList.remove("long");
  list.classList.toggle("long", list.scrollHeight > list.clientHeight + 2);
}

function hear(cues) {
  const news = cues.filter((cue) => cue.n > lastCue);
  if (!news.length) return;
  const newest = news.at(-1);
  lastCue = newest.n;
  text("cue", newest.text);
  byId("cue").classList.toggle("long", newest.text.length > LONG_CUE);
  if (!speaking || !("speechSynthesis" in window)) return;
  for (const cue of news) if (cue.aloud) waiting.set(cue.slot, { words: cue.text, until: performance.now() + 1000 * cue.left_s });
  sayNext();
}

/** A sentence is not cut off by the next: meanwhile of each slot the newest waits, and is dropped once it is late. Those of earlier slots are said first. */
function sayNext() {
  for (const slot of uttered ? [] : store.opening.slots) {
    const cue = waiting.get(slot);
    waiting.delete(slot);
    if (cue && performance.now() <= cue.until) return utter(cue.words);
  }
}

function utter(words) {
  const own = (uttered = new SpeechSynthesisUtterance(words));
  own.lang = store.opening.lang;
  const over = () => {
    if (own !== uttered) return;
    uttered = null;
    sayNext();
  };
  own.onend = own.onerror = over;
  setTimeout(() => own === uttered && (speechSynthesis.cancel(), over()), LONGEST_MS);
  speechSynthesis.speak(own);
}

/** The machine has no voice: the browser takes over, which it may only once it has been touched. */
function ask() {
  asked = true;
  if (!("speechSynthesis" in window) || speaking) return;
  if (navigator.userActivation?.hasBeenActive) speak(true);
  else {
    text("speak", word("speak_blocked"));
    byId("speak").classList.add("asks");
  }
}

function speak(on) {
  asked = true;
  speaking = on;
  byId("speak").setAttribute("aria-pressed", String(on));
  byId("speak").classList.remove("asks");
  text("speak", word("speak"));
  if (!("speechSynthesis" in window)) return;
  waiting.clear();
  uttered = null;
  speechSynthesis.cancel();
  if (on) speechSynthesis.speak(new SpeechSynthesisUtterance("")); // iOS speaks later only after a first word within the touch
}

/** A screen that goes dark cannot be read from the mat. Browsers allow this on this machine and over https only. */
function stayAwake() {
  awake?.then((lock) => lock?.release());
  const wanted = document.visibilityState === "visible" && !store.state.over;
  awake = wanted ? navigator.wakeLock?.request("screen").catch(() => null) : null;
}

function theme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").textContent = word(dark ? "light" : "dark") || (dark ? "Light" : "Dark");
}

/** Light or dark as it was chosen before; null where the browser keeps nothing. */
function chosen() {
  try {
    return localStorage.getItem("coxa-theme");
  } catch {
    return null;
  }
}

function choose(dark) {
  try {
    localStorage.setItem("coxa-theme", dark ? "dark" : "light");
  } catch {} // then it holds for this page
}

function setUp() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  theme(chosen() ? chosen() === "dark" : system.matches);
  system.addEventListener("change", () => chosen() || theme(system.matches));
  const turn = () => {
    const dark = document.documentElement.dataset.theme !== "dark";
    choose(dark);
    theme(dark);
  };
  const voice = () => speak(!speaking);
  byId("theme").addEventListener("click", turn);
  byId("speak").addEventListener("click", voice);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "d") turn();
    if (event.key === "s") voice();
  });
  document.addEventListener("visibilitychange", stayAwake);
}

function frame() {
  const { state } = store;
  const figure = store.figures[state.exercise];
  const top = Math.max(state.needed_deg ? state.needed_deg * 1.4 : 30, 5);
  drawTrace(byId("trace"), store, WINDOW_S, word);
  drawThigh(byId("thigh"), state.up, word("thigh_unknown"));
  drawFigure(byId("figure"), figure, Math.min((state.elevation_deg ?? 0) / top, 1), state.exercise, `${word("figure_about")}: ${title(state.exercise)}`);
  if (store.live && performance.now() - heardAt > SILENT_MS) {
    link(false, word("silent"));
    stopped(word("silent"));
    connect(); // a network that changed, or a laptop that slept, closes nothing: the old one would stay silent for good
  }
  requestAnimationFrame(frame);
}

setUp();
store.figures = await (await fetch("/figures.json")).json();
connect();
requestAnimationFrame(frame);
