"use strict";
const ROW = 20;
const NARROWEST_PX = 2;
const OWNERS = {
  ours: "our code",
  dependency: "dependencies",
  node: "Node",
  collector: "garbage collection",
};
const main = document.querySelector("main");

const show = (amount, unit) =>
  unit === "ms"
    ? `${amount.toFixed(1)} ms`
    : amount > 1e6
      ? `${(amount / 1e6).toFixed(1)} MB`
      : `${(amount / 1e3).toFixed(1)} kB`;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const describe = (call, { unit, root }) =>
  `${call.n}  ${call.p}  ${show(call.t, unit)} (${((100 * call.t) / root.t).toFixed(1)} %), itself ${show(call.s, unit)}`;

/** Each call with its place, as wide as its share of the one that is on top. */
function layOut(top, width) {
  const placed = [];
  const place = (call, left, level) => {
    const wide = (call.t / top.t) * width;
    if (wide < NARROWEST_PX) return;
    placed.push({ call, left, level, wide });
    let x = left;
    for (const child of call.c) {
      place(child, x, level + 1);
      x += (child.t / top.t) * width;
    }
  };
  place(top, 0, 0);
  return placed;
}

function drawCall({ call, left, level, wide }, wanted, text) {
  const isMeant = wanted === "" || `${call.n} ${call.p}`.toLowerCase().includes(wanted);
  const button = element("button", {
    className: `${call.o}${isMeant ? "" : " dim"}`,
    textContent: wide > 30 ? call.n : "",
    title: text,
  });
  Object.assign(button.style, { left: `${left}px`, top: `${level * ROW}px`, width: `${wide}px` });
  return button;
}

function legend() {
  return Object.entries(OWNERS).map(([owner, text]) => {
    const key = element("span", { className: "key", textContent: text });
    key.style.setProperty("--of", `var(--${owner})`);
    return key;
  });
}

function drawFlame(flame) {
  const { title, words, root } = flame;
  const area = element("div", { className: "flame" });
  const told = element("p", {
    className: "told",
    textContent: "Point at a call to read it; click to widen it, Escape for all.",
  });
  const search = element("input", {
    type: "search",
    placeholder: "Find a function, file or package",
    ariaLabel: `Find in ${title}`,
  });
  const texts = words.map((text) => element("p", { textContent: text }));
  const bar = element("div", { className: "bar" }, search, ...legend());
  main.append(element("h2", { textContent: title }), ...texts, bar, area, told);
  let top = root;
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const placed = layOut(top, area.clientWidth);
    const buttons = placed.map((place) => {
      const text = describe(place.call, flame);
      const button = drawCall(place, wanted, text);
      const tell = () => void (told.textContent = text);
      button.addEventListener("mouseenter", tell);
      button.addEventListener("focus", tell);
      button.addEventListener("click", () => widen(place.call));
      return button;
    });
    area.style.height = `${(Math.max(0, ...placed.map(({ level }) => level)) + 1) * ROW}px`;
    area.replaceChildren(...buttons);
  };
  const widen = (call) => {
    top = call;
    draw();
  };
  search.addEventListener("input", draw);
  addEventListener("keydown", ({ key }) => void (key === "Escape" && widen(root)));
  addEventListener("resize", draw);
  draw();
}

for (const flame of JSON.parse(document.querySelector("#flames").textContent)) drawFlame(flame);
