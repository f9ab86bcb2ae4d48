// Drawing for the live view: trace, thigh, stick figure.

const JOINTS = [["neck", "hip", "trunk"], ["neck", "elbow", "other"], ["elbow", "hand", "other"], ["hip", "knee2", "other"], ["knee2", "foot2", "other"], ["hip", "knee", "work"], ["knee", "foot", "work"]];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function fitted(canvas) {
  const scale = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

function stepFor(top) {
  return [1, 2, 5, 10, 20, 30, 45].find((s) => top / s <= 5) ?? 60;
}

let nowS = null;
let drawnAt = 0;

/** The stream's clock between two packets, so that the trace glides. */
function clock(newest) {
  const at = performance.now() / 1000;
  if (nowS === null || Math.abs(newest - nowS) > 1.5) nowS = newest;
  nowS += Math.min(at - drawnAt, 0.1);
  nowS += (newest - nowS) * 0.08;
  nowS = Math.min(nowS, newest + 0.15);
  drawnAt = at;
  return nowS;
}

export function drawTrace(canvas, store, windowS, word) {
  const { pen, width, height } = fitted(canvas);
  const { trace, state } = store;
  if (!trace.length) return;
  const end = clock(trace[trace.length - 1][0]);
  const from = end - windowS;
  const left = 34, right = 10, bottom = 20, above = 22;
  const visible = trace.filter((p) => p[0] >= from - 1);
  const highest = Math.max(...visible.map((p) => p[1]), (state.needed_deg ?? 0) * 1.25, (state.band_deg?.[1] ?? 0) * 1.1, 8);
  const x = (t) => left + ((t - from) / windowS) * (width - left - right);
  const y = (deg) => height - bottom - (deg / (highest * 1.08)) * (height - bottom - above);
  pen.font = "12px system-ui, sans-serif";
  grid(pen, { width, height, left, right, bottom, highest, from, end, x, y, word });
  if (state.band_deg) {
    pen.fillStyle = colour("--band");
    pen.fillRect(left, y(state.band_deg[1]), width - left - right, y(state.band_deg[0]) - y(state.band_deg[1]));
  }
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, width - left - right, height);
  pen.clip();
  pen.strokeStyle = colour("--blue");
  pen.lineWidth = 2.5;
  pen.lineJoin = "round";
  pen.beginPath();
  visible.forEach(([t, deg], i) => (i && t - visible[i - 1][0] < 0.5 ? pen.lineTo(x(t), y(deg)) : pen.moveTo(x(t), y(deg))));
  pen.stroke();
  if (state.needed_deg && !state.band_deg) dashed(pen, left, width - right, y(state.needed_deg), word("counts_from"));
  marks(pen, store.marks, from, x, y, height - bottom);
  pen.restore();
}

/** Words that stay readable on the line that they lie over. */
function label(pen, words, x, y) {
  pen.save();
  pen.strokeStyle = colour("--panel");
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeText(words, x, y);
  pen.restore();
  pen.fillText(words, x, y);
}

function grid(pen, g) {
  pen.strokeStyle = colour("--line");
  pen.fillStyle = colour("--soft");
  pen.lineWidth = 1;
  const step = stepFor(g.highest);
  pen.textAlign = "right";
  for (let deg = 0; deg <= g.highest * 1.05; deg += step) {
    pen.beginPath();
    pen.moveTo(g.left, g.y(deg));
    pen.lineTo(g.width - g.right, g.y(deg));
    pen.stroke();
    pen.fillText(String(deg), g.left - 6, g.y(deg) + 4);
  }
  pen.textAlign = "center";
  for (let ago = 5; ago < g.end - g.from; ago += 5) pen.fillText(g.word("time_ago", { n: ago }), g.x(g.end - ago), g.height - 4);
}

function dashed(pen, from, to, y, words) {
  pen.save();
  pen.setLineDash([6, 5]);
  pen.strokeStyle = colour("--soft");
  pen.beginPath();
  pen.moveTo(from, y);
  pen.lineTo(to, y);
  pen.stroke();
  pen.restore();
  pen.fillStyle = colour("--soft");
  pen.textAlign = "left";
  label(pen, words, from + 6, y - 5);
}

function marks(pen, all, from, x, y, floor) {
  pen.textAlign = "center";
  for (const mark of all) {
    if ((mark.end_s ?? mark.at_s ?? mark.start_s) < from) continue;
    if (mark.kind === "rep") {
      pen.fillStyle = colour("--green");
      pen.beginPath();
      pen.arc(x(mark.at_s), y(mark.deg), 6, 0, 7);
      pen.fill();
      pen.font = "bold 15px system-ui, sans-serif";
      label(pen, String(mark.n), x(mark.at_s), y(mark.deg) - 10);
      pen.font = "12px system-ui, sans-serif";
    } else if (mark.kind === "rejected") {
      pen.fillStyle = colour("--amber");
      pen.globalAlpha = 0.18;
      pen.fillRect(x(mark.start_s), 0, x(mark.end_s) - x(mark.start_s), floor);
      pen.globalAlpha = 1;
      pen.fillText("✕", x((mark.start_s + mark.end_s) / 2), 14);
    } else if (mark.kind === "held") {
      pen.fillStyle = colour(mark.kept ? "--green" : "--amber");
      pen.fillRect(x(mark.start_s), floor - 4, x(mark.end_s) - x(mark.start_s), 4);
    }
  }
}

/** A capsule from hip to knee: discs from far to near. `up` is the direction of up in the thigh's frame. */
export function drawThigh(canvas, up, unknown) {
  const looks = [up?.map((c) => c.toFixed(3)), unknown, canvas.clientWidth, canvas.clientHeight, devicePixelRatio, document.documentElement.dataset.theme].join();
  if (looks === thighDrawn) return; // 74 shaded discs: only when something has moved
  thighDrawn = looks;
  const { pen, width, height } = fitted(canvas);
  const size = Math.min(width, height) * 0.56;
  pen.fillStyle = colour("--line");
  pen.beginPath();
  pen.ellipse(width / 2, height - 8, size * 0.9, 6, 0, 0, 7);
  pen.fill();
  if (!up) {
    pen.fillStyle = colour("--soft");
    pen.textAlign = "center";
    pen.font = "13px system-ui, sans-serif";
    wrapped(pen, unknown, width / 2, height / 2, width - 16);
    return;
  }
  const turn = upright(up);
  const along = turn([0, -1, 0]);
  const camera = ([x, y, z]) => {
    const a = 0.6;
    return [x * Math.cos(a) + z * Math.sin(a), y, -x * Math.sin(a) + z * Math.cos(a)];
  };
  const at = (v) => {
    const [cx, cy, cz] = camera(v.map((c, i) => c - along[i] / 2)); // about the middle, so that no end leaves the picture
    const near = 1 / (1 - cz * 0.22);
    return { x: width / 2 + cx * size * near, y: height * 0.46 - cy * size * near, near, depth: cz };
  };
  const discs = [];
  for (let i = 0; i <= 72; i++) {
    const k = i / 72;
    const strap = k > 0.43 && k < 0.57;
    discs.push({ ...at(along.map((c) => c * k)), strap, radius: size * (0.26 - 0.09 * k + (strap ? 0.008 : 0)) });
  }
  const front = turn([0.21, 0, 0.09]);
  const sensor = { ...at(along.map((c, i) => c * 0.5 + front[i])), sensor: true, radius: size * 0.085 };
  sensor.depth += 0.08;
  for (const disc of [...discs, sensor].sort((a, b) => a.depth - b.depth)) {
    const r = disc.radius * disc.near;
    if (disc.sensor) {
      pen.fillStyle = colour("--blue");
      pen.beginPath();
      pen.roundRect(disc.x - r, disc.y - r * 0.8, 2 * r, 1.6 * r, r * 0.4);
      pen.fill();
      continue;
    }
    const shade = pen.createRadialGradient(disc.x - r * 0.35, disc.y - r * 0.45, r * 0.1, disc.x, disc.y, r);
    shade.addColorStop(0, "#fff3");
    shade.addColorStop(0.45, "#fff0");
    shade.addColorStop(1, "#0003");
    pen.fillStyle = colour(disc.strap ? "--strap" : "--flesh");
    pen.beginPath();
    pen.arc(disc.x, disc.y, r, 0, 7);
    pen.fill();
    pen.fillStyle = shade;
    pen.fill();
  }
}

function wrapped(pen, words, x, y, width) {
  const lines = [""];
  for (const one of words.split(" ")) {
    const longer = `${lines.at(-1)} ${one}`.trim();
    if (pen.measureText(longer).width > width) lines.push(one);
    else lines[lines.length - 1] = longer;
  }
  lines.forEach((line, i) => pen.fillText(line, x, y + 18 * (i - (lines.length - 1) / 2)));
}

/** The shortest turn that brings `up` to the top; y is up, x to the right, z towards the eye. */
function upright(up) {
  const [x, y, z] = up;
  const size = Math.hypot(x, y, z) || 1;
  const u = [x / size, y / size, z / size];
  const axis = [-u[2], 0, u[0]];
  const sine = Math.hypot(axis[0], axis[2]);
  if (sine < 1e-6) return u[1] > 0 ? (v) => v : ([a, b, c]) => [a, -b, -c];
  const k = axis.map((c) => c / sine);
  const cosine = u[1];
  return (v) => {
    const cross = [k[1] * v[2] - k[2] * v[1], k[2] * v[0] - k[0] * v[2], k[0] * v[1] - k[1] * v[0]];
    const along = (k[0] * v[0] + k[1] * v[1] + k[2] * v[2]) * (1 - cosine);
    return v.map((c, i) => c * cosine + cross[i] * sine + k[i] * along);
  };
}

let drawn = "";
let thighDrawn = "";

export function drawFigure(svg, figure, share, name, about) {
  const key = `${name}:${share.toFixed(2)}`;
  if (key === drawn) return;
  drawn = key;
  if (!figure) return svg.replaceChildren();
  const joint = (n) => figure.from[n].map((c, i) => c + (figure.to[n][i] - c) * share);
  const node = (kind, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", kind);
    Object.entries(attributes).forEach(([k, v]) => element.setAttribute(k, v));
    return element;
  };
  const lines = JOINTS.map(([a, b, kind]) => {
    const [p, q] = [joint(a), joint(b)];
    return node("line", { x1: p[0], y1: p[1], x2: q[0], y2: q[1], class: kind });
  });
  const head = joint("head");
  svg.replaceChildren(node("line", { x1: 2, y1: 96, x2: 98, y2: 96, class: "floor" }), ...lines, node("circle", { cx: head[0], cy: head[1], r: 6.5 }));
  svg.setAttribute("aria-label", about);
}
