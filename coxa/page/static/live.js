// The live view: takes the feed's news and draws them. No library, nothing from elsewhere.
import { drawFigure, drawThigh, drawTrace } from "./draw.js";

const byId = (id) => document.getElementById(id);
const WINDOW_S = 20;
const KEEP = 1200;
const SILENT_MS = 5000;
const CIRCLE = 2 * Math.PI * 92;
const store = { opening: null, state: {}, trace: [], marks: [], figures: {}, seen: -1, live: false };
let speaking = false;
let lastCue = 0;
let heardAt = 0;

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/feed`);
  socket.onmessage = (event) => take(JSON.parse(event.data));
  socket.onclose = () => {
    store.live = false;
    link(false, "no connection to coxa, trying again");
    setTimeout(connect, 700);
  };
}

function take(message) {
  heardAt = performance.now();
  if (message.opening) {
    Object.assign(store, { opening: message.opening, trace: [], marks: [], state: {}, seen: -1 });
    document.documentElement.lang = message.opening.lang;
    byId("told").replaceChildren();
    plan();
    return;
  }
  store.live = true;
  store.trace.push(...message.trace);
  store.trace.splice(0, Math.max(store.trace.length - KEEP, 0));
  store.marks.push(...message.marks);
  message.marks.forEach(tell);
  const before = store.state;
  store.state = message.state;
  show(before, message.state);
  if (message.cue) say(message.cue);
}

function text(id, value) {
  const element = byId(id);
  if (element.textContent !== value) element.textContent = value;
}

function title(name) {
  const known = store.opening?.exercises[name];
  return known ? known.title : name === "unknown" || name === "auto" ? "Recognising…" : (name || "").replaceAll("_", " ");
}

const WORDS = { "waiting for rest": "Hold still for two seconds", ready: "Ready when you are", moving: "", holding: "Hold", "no signal": "No signal", "sensor faulty": "The sensor is faulty", paused: "Paused: tap twice to go on" };

function show(before, now) {
  const total = store.opening.plan.length;
  text("title", now.t_s == null ? "Waiting for the sensor" : title(now.exercise));
  const parts = [now.side ? `${now.side} leg` : "", total > 1 ? `set ${now.set + 1} of ${total}` : "", WORDS[now.state] ?? now.state ?? ""];
  if (now.t_s != null) text("sub", parts.filter(Boolean).join(" · "));
  count(before, now);
  hold(now);
  link(now.linked, now.link);
  text("degrees", now.elevation_deg == null ? "–" : `${now.elevation_deg.toFixed(0)}°`);
  text("rssi", now.rssi_dbm == null ? "–" : `${now.rssi_dbm} dBm`);
  text("battery", now.battery == null ? "–" : `${now.battery} %`);
  text("rate", now.rate_hz == null ? "–" : `${now.rate_hz.toFixed(0)} Hz`);
  const again = now.reconnects ? `, ${now.reconnects} reconnect${now.reconnects > 1 ? "s" : ""}` : "";
  text("lost", now.lost == null ? "–" : `${now.lost} packet${now.lost === 1 ? "" : "s"}${again}`);
  if (before.set !== now.set || before.count !== now.count || before.over !== now.over) plan();
  if (now.over) over(now);
}

function count(before, now) {
  const box = byId("count");
  text("count", String(now.count ?? 0));
  text("of", now.target ? `of ${now.target}` : "");
  box.dataset.at = String(now.t_s ?? "");
  if (before.count != null && now.count > before.count) {
    box.classList.remove("bump");
    void box.offsetWidth;
    box.classList.add("bump");
  }
}

function hold(now) {
  const on = now.hold_s != null;
  const share = on && now.hold_target_s ? Math.min(now.hold_s / now.hold_target_s, 1) : 0;
  byId("count-box").classList.toggle("holding", on);
  const ring = byId("ring");
  ring.classList.toggle("on", on);
  ring.classList.toggle("kept", share >= 1);
  ring.setAttribute("aria-label", on ? `held ${Math.floor(now.hold_s)} of ${now.hold_target_s} seconds` : "no hold");
  byId("ring-done").style.strokeDasharray = `${share * CIRCLE} ${CIRCLE}`;
  if (!on) return text("hold", "");
  const held = Math.floor(now.hold_s);
  const left = Math.max((now.hold_target_s ?? 0) - now.hold_s, 0);
  text("hold", now.hold_target_s ? `${held} s held, ${left > 0 ? `${now.hold_target_s - held} to go` : "done, well held"}` : `${held} s`);
}

function link(on, words) {
  byId("link").querySelector(".dot").classList.toggle("on", Boolean(on));
  text("link-text", words || "");
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
  text("plan-title", sets.length > 1 ? `Routine, ${sets.length} sets` : "Set");
  const items = sets.flatMap((one, i) => {
    const item = document.createElement("li");
    item.textContent = `${title(one.exercise)}${one.side ? ", " + one.side : ""}${one.reps ? ` × ${one.reps}` : ""}${one.hold_s ? `, ${one.hold_s} s` : ""}`;
    if (i === at && !store.state.over) item.setAttribute("aria-current", "step");
    else if (i < at || store.state.over) item.className = "past";
    if (!one.move) return [item];
    const move = document.createElement("li");
    move.className = "move";
    move.textContent = "sensor to the other thigh";
    return [move, item];
  });
  const list = byId("plan");
  list.replaceChildren(...items);
  const current = list.querySelector("[aria-current]");
  if (current) list.scrollTop = current.offsetTop - list.offsetTop - 60;
}

function tell(mark) {
  if (mark.kind === "hold") return;
  const item = document.createElement("li");
  item.className = mark.kind;
  const time = document.createElement("time");
  const at = Math.round(mark.at_s ?? mark.end_s ?? mark.start_s);
  time.textContent = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, "0")}`;
  const words = { rep: `${mark.n}  ·  ${mark.deg?.toFixed(0)}°${mark.direction ? ", " + mark.direction : ""}`, rejected: `not counted: ${mark.text}`, held: `${mark.text}${mark.kept ? ", kept" : ""}`, lost: mark.text };
  item.append(time, words[mark.kind]);
  const list = byId("told");
  list.prepend(item);
  while (list.children.length > 60) list.lastChild.remove();
}

function say(cue) {
  if (cue.n <= lastCue) return;
  const fresh = lastCue > 0 || store.trace.length < 40;
  lastCue = cue.n;
  text("cue", cue.text);
  if (!speaking || !fresh || !("speechSynthesis" in window)) return;
  speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(cue.text);
  words.lang = store.opening.lang;
  speechSynthesis.speak(words);
}

function theme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").textContent = dark ? "Light" : "Dark";
}

function setUp() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem("coxa-theme");
  theme(chosen() ? chosen() === "dark" : system.matches);
  system.addEventListener("change", () => chosen() || theme(system.matches));
  const turn = () => {
    const dark = document.documentElement.dataset.theme !== "dark";
    localStorage.setItem("coxa-theme", dark ? "dark" : "light");
    theme(dark);
  };
  const voice = () => {
    speaking = !speaking;
    byId("speak").setAttribute("aria-pressed", String(speaking));
    byId("speak").textContent = speaking ? "Voice on" : "Voice off";
    if (!speaking && "speechSynthesis" in window) speechSynthesis.cancel();
  };
  byId("theme").addEventListener("click", turn);
  byId("speak").addEventListener("click", voice);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "d") turn();
    if (event.key === "s") voice();
  });
}

function frame() {
  const { state } = store;
  const figure = store.figures[state.exercise];
  const top = Math.max(state.needed_deg ? state.needed_deg * 1.4 : 30, 5);
  drawTrace(byId("trace"), store, WINDOW_S);
  drawThigh(byId("thigh"), state.up);
  drawFigure(byId("figure"), figure, Math.min((state.elevation_deg ?? 0) / top, 1), state.exercise);
  if (store.live && performance.now() - heardAt > SILENT_MS) link(false, "coxa is silent");
  requestAnimationFrame(frame);
}

setUp();
store.figures = await (await fetch("/figures.json")).json();
connect();
requestAnimationFrame(frame);
