/* The calculator: sliders and fields above, model.js below, inputs from data.js (the medians that
   the library's own functions looked up at build). Pictures are plain SVG in the page's colours. */
(function () {
  "use strict"
  const data = window.ARMSCOST_CALCULATOR
  const model = window.armscostModel
  const place = document.getElementById("calculator-here")
  if (!data || !model || !place) return

  const state = { system: "bohdan", budget: 1000, currency: "EUR", year: "2025", start: "2025-05",
                  months: 24, free: null } // budget in millions; free: per cent, null as found

  /* --- numbers and words --- */

  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 })
  const few = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 })
  const unit = () => state.currency + "_" + state.year
  const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => "&#" + sign.charCodeAt(0) + ";")
  const briefly = (name) => name.split(",")[0] // "FPV drone, Ukraine" after a number
  const said = (word) => word.replace(/_/g, " ")

  function sum(value) {
    if (value >= 999.5e6) return few.format(value / 1e9) + " billion"
    if (value >= 999.5e3) return few.format(value / 1e6) + " million"
    return whole.format(value)
  }
  const money = (value) => `${state.currency} ${sum(value)}`

  function count(value, word) {
    return `${whole.format(value)} ${word}${value === 1 ? "" : "s"}`
  }

  function monthName(month, offset) {
    const [year, number] = month.split("-").map(Number)
    return new Date(Date.UTC(year, number - 1 + (offset || 0), 1))
      .toLocaleDateString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" })
  }

  /* --- the question, put to the model --- */

  const system = () => data.systems[state.system]
  const startPlace = () => data.starts.indexOf(state.start)

  /* An input at the chosen start: the last change at or before it. */
  function inputAt(channel, name) {
    return channel.inputs[name].filter(([from]) => from <= startPlace()).pop()[1]
  }

  function inputsOf(channel) {
    const values = { price: channel.price.values[unit()] }
    for (const name of Object.keys(channel.inputs)) values[name] = inputAt(channel, name).value
    if (channel.channel === "danish_model" && state.free !== null)
      values.other_orders = 1 - state.free / 100
    return values
  }

  function answers() {
    return system().channels.map((channel, i) => {
      const why = channel.why_not[startPlace()] ||
        (channel.price.values[unit()] ? "" : `no price at ${state.year} prices`)
      if (why) return { channel, i, why }
      const line = model.lineOf(inputsOf(channel), state.months)
      const flows = model.run(state.budget * 1e6, line)
      return { channel, i, line, flows, switchBudget: model.switchBudget(line) }
    })
  }

  const foundFree = () => 100 * (1 - inputAt(system().channels[0], "other_orders").value)

  /* --- controls --- */

  const options = (list, name) => list.map((value) =>
    `<option value="${value}">${escaped(name ? name(value) : value)}</option>`).join("")

  place.insertAdjacentHTML("beforeend", `
<form class="controls" aria-label="Inputs of the calculator">
  <div class="field"><label for="c-system">System that the Danish model buys</label>
    <select id="c-system">${options(Object.keys(data.systems), (id) => data.systems[id].name)}</select></div>
  <div class="field pair"><label for="c-budget">Budget, in millions</label>
    <input id="c-budget-slider" type="range" min="0" max="4.5" step="0.01" aria-label="Budget, slider">
    <input id="c-budget" type="number" min="0.001" step="any" inputmode="decimal"></div>
  <div class="field two">
    <span><label for="c-currency">Currency</label><select id="c-currency">${options(data.currencies)}</select></span>
    <span><label for="c-year">Price year</label><select id="c-year">${options(data.price_years)}</select></span></div>
  <div class="field pair"><label for="c-start">First month</label>
    <input id="c-start-slider" type="range" min="0" max="${data.starts.length - 1}" step="1" aria-label="First month, slider">
    <select id="c-start">${options(data.starts, (month) => monthName(month))}</select></div>
  <div class="field pair"><label for="c-months">Months</label>
    <input id="c-months-slider" type="range" min="1" max="60" step="1" aria-label="Months, slider">
    <input id="c-months" type="number" min="1" max="240" step="1" inputmode="numeric"></div>
  <div class="field pair"><label for="c-free">Share of the line free for these orders, %</label>
    <input id="c-free-slider" type="range" min="0" max="100" step="1" aria-label="Share of the line free, slider">
    <input id="c-free" type="number" min="0" max="100" step="any" inputmode="decimal"></div>
  <button type="reset">Start again</button>
</form>
<div class="results">
  <p class="said" id="c-said" role="status" aria-live="polite"></p>
  <figure><figcaption>Units delivered, in all, by channel</figcaption><div id="c-over-time"></div></figure>
  <figure><figcaption>What is the limit, month by month</figcaption><div id="c-limits"></div></figure>
  <figure><figcaption id="c-by-budget-title"></figcaption><div id="c-by-budget"></div></figure>
  <div class="table-wrap" role="region" tabindex="0" aria-label="Answer by channel"><table class="figures" id="c-table"></table></div>
  <details><summary>The inputs, and where they come from</summary><div id="c-inputs"></div></details>
  <h2 id="the-full-answer">The full answer</h2>
  <p>This page runs the model once, on the median of each input. The library draws each input
  10,000 times and gives the range, every source, and the input that drives it:</p>
  <pre class="code" tabindex="0"><code id="c-code"></code></pre>
</div>`)

  const find = (id) => place.querySelector("#c-" + id)
  const threeDigits = (value) => Number(value.toPrecision(3))

  function fillIn(except) {
    const set = (id, value) => { if (id !== except) find(id).value = value }
    const free = state.free === null ? foundFree() : state.free
    set("system", state.system)
    set("currency", state.currency)
    set("year", state.year)
    set("budget", state.budget)
    set("budget-slider", Math.log10(state.budget))
    set("start", state.start)
    set("start-slider", startPlace())
    set("months", state.months)
    set("months-slider", state.months)
    set("free", Number(free.toFixed(1)))
    set("free-slider", free)
    find("budget-slider").setAttribute("aria-valuetext", money(state.budget * 1e6))
    find("start-slider").setAttribute("aria-valuetext", monthName(state.start))
  }

  /* What each control sets; a value out of range says so in the field and changes nothing. */
  const sets = {
    system: (value) => { state.system = value; state.free = null; laterStart() },
    currency: (value) => { state.currency = value },
    year: (value) => { state.year = value },
    budget: (value) => { state.budget = Number(value) },
    "budget-slider": (value) => { state.budget = threeDigits(10 ** Number(value)) },
    start: (value) => { state.start = value },
    "start-slider": (value) => { state.start = data.starts[Number(value)] },
    months: (value) => { state.months = Number(value) },
    "months-slider": (value) => { state.months = Number(value) },
    free: (value) => { state.free = Number(value) },
    "free-slider": (value) => { state.free = Number(value) },
  }

  /* A system whose first figure is later than the chosen start begins at its first figure. */
  function laterStart() {
    const why = system().channels[0].why_not
    if (why[startPlace()]) state.start = data.starts[why.findIndex((reason, i) => !reason && i > startPlace())]
  }

  /* --- pictures --- */

  const NS = 'xmlns="http://www.w3.org/2000/svg"'
  const WIDTH = () => Math.max(300, Math.min(860, find("over-time").clientWidth || 640))

  /* Round steps for an axis. */
  function steps(most) {
    const raw = most / 4
    const power = 10 ** Math.floor(Math.log10(raw))
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw)
    const found = []
    for (let value = 0; value < most + step; value += step) found.push(value)
    return found
  }

  function overTime(found) {
    const width = WIDTH(), height = 280, left = 52, right = width < 500 ? 12 : 168, top = 12, bottom = 26
    const most = Math.max(1, ...found.map((one) => one.flows.units))
    const grid = steps(most)
    const x = (month) => left + (width - left - right) * month / state.months
    const y = (units) => top + (height - top - bottom) * (1 - units / grid[grid.length - 1])
    const lines = grid.map((value) =>
      `<line class="gridline" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text class="tick" x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${value >= 1e5 ? few.format(value / 1e6) + "m" : whole.format(value)}</text>`)
    const paths = found.map((one) => {
      const points = one.flows.arrived.map((units, month) => `H${x(month + 1).toFixed(1)}V${y(units).toFixed(1)}`)
      return `<path class="line s${one.i}" d="M${x(0)} ${y(0)}${points.join("")}"/>`
    })
    const spots = apart(found.map((one) => y(one.flows.units)), 30)
    const names = width < 500 ? [] : found.map((one, n) =>
      `<text class="name s${one.i}" x="${width - right + 8}" y="${spots[n] - 2}">${escaped(one.channel.label)}</text>` +
      `<text class="tick" x="${width - right + 8}" y="${spots[n] + 12}">${whole.format(one.flows.units)} ${escaped(briefly(one.channel.name))}</text>`)
    const told = found.map((one) => `${one.channel.label} ${whole.format(one.flows.units)}`).join("; ")
    return `<svg ${NS} role="img" aria-label="Units delivered by the end: ${escaped(told)}" viewBox="0 0 ${width} ${height}">` +
      lines.join("") + months(x, height - 6, width) + paths.join("") + names.join("") + "</svg>" +
      (width < 500 ? key(found.map((one) => [`s${one.i}`, `${one.channel.label}, ${one.channel.name}: ${whole.format(one.flows.units)}`])) : "")
  }

  /* Labels that would overlap are moved apart, in their order. */
  function apart(spots, gap) {
    const order = spots.map((spot, i) => [spot, i]).sort((a, b) => b[0] - a[0])
    let last = Infinity
    const placed = []
    for (const [spot, i] of order) placed[i] = last = Math.min(spot, last - gap)
    const over = Math.max(0, 14 - last)
    return placed.map((spot) => spot + over)
  }

  function months(x, y, width) {
    const every = Math.max(1, Math.ceil(state.months / (width < 500 ? 3 : 6)))
    const marks = []
    for (let month = 0; month < state.months; month += every)
      marks.push(`<text class="tick" x="${x(month)}" y="${y}">${monthName(state.start, month)}</text>`)
    return marks.join("")
  }

  const key = (pairs) => `<ul class="key">${pairs.map(([style, text]) =>
    `<li><span class="swatch ${style}"></span>${escaped(text)}</li>`).join("")}</ul>`

  const LIMIT_WORDS = { lead_time: "lead time", money: "money", capacity: "capacity", stock: "stock" }

  function limits(found) {
    const letters = (find("limits").clientWidth - (window.innerWidth > 960 ? 150 : 0)) / 8
    const rows = found.map((one) => {
      const cells = runs(one.flows.limit).map(([code, length]) =>
        `<span class="limit ${model.LIMITS[code]}" style="flex-grow:${length}">` +
        `${letters * length / state.months > LIMIT_WORDS[model.LIMITS[code]].length ? LIMIT_WORDS[model.LIMITS[code]] : ""}</span>`)
      return `<div class="limit-row"><span class="limit-name">${escaped(one.channel.label)}</span>` +
        `<span class="limit-bar" role="img" aria-label="${escaped(limitTold(one.flows.limit))}">${cells.join("")}</span></div>`
    })
    return rows.join("") + key([["lead_time", "lead time: nothing ordered could have arrived"], ["money", "money: all that was paid for has come"], ["capacity", "capacity of the line"], ["stock", "stock"]])
  }

  function runs(codes) {
    const found = []
    for (const code of codes) {
      if (found.length && found[found.length - 1][0] === code) found[found.length - 1][1]++
      else found.push([code, 1])
    }
    return found
  }

  const limitTold = (codes) =>
    runs(codes).map(([code, length]) => `${count(length, "month")} ${LIMIT_WORDS[model.LIMITS[code]]}`).join(", then ")

  /* Units by the end for any budget, with the budget asked about and the switch point. */
  function byBudget(one) {
    const width = WIDTH(), height = 240, left = 52, right = 20, top = 34, bottom = 26
    const budget = state.budget * 1e6
    const shown = Number.isFinite(one.switchBudget) ? Math.max(budget, one.switchBudget) * 1.6 : budget * 2
    const grid = steps(shown)
    const most = grid[grid.length - 1]
    const curve = Array.from({ length: 81 }, (_, n) => [most * n / 80, n ? model.run(most * n / 80, one.line).units : 0])
    const up = steps(Math.max(1, curve[80][1]))
    const x = (value) => left + (width - left - right) * value / most
    const y = (units) => top + (height - top - bottom) * (1 - units / up[up.length - 1])
    const parts = up.map((value) =>
      `<line class="gridline" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text class="tick" x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${value >= 1e5 ? few.format(value / 1e6) + "m" : whole.format(value)}</text>`)
    const every = width < 500 ? 2 : 1
    grid.forEach((value, n) => {
      if (n % every === 0) parts.push(`<text class="tick" x="${x(value)}" y="${height - 6}" text-anchor="${n ? "middle" : "start"}">${value ? sum(value) : "0"}</text>`)
    })
    parts.push(`<path class="line s0" d="M${curve.map(([v, units]) => `${x(v).toFixed(1)} ${y(units).toFixed(1)}`).join("L")}"/>`)
    if (Number.isFinite(one.switchBudget)) {
      const at = x(one.switchBudget), side = at > width / 2 ? "end" : "start"
      parts.push(`<line class="switch" x1="${at}" x2="${at}" y1="${top - 12}" y2="${height - bottom}"/>` +
        `<text class="name" x="${at + (side === "end" ? -6 : 6)}" y="${top - 16}" text-anchor="${side}">switch at ${money(one.switchBudget)}: money to the left, capacity to the right</text>`.replace(width < 560 ? ": money to the left, capacity to the right" : "\u0000", ""))
    }
    parts.push(`<circle class="here" cx="${x(budget)}" cy="${y(one.flows.units)}" r="6"/>`)
    const told = `With ${money(budget)}, ${count(one.flows.units, "unit")}. ${switchTold(one)}`
    return `<svg ${NS} role="img" aria-label="${escaped(told)}" viewBox="0 0 ${width} ${height}">${parts.join("")}</svg>` +
      key([["s0", "units by the end of the horizon"], ["here", "the budget asked about"]])
  }

  /* --- words --- */

  const WAYS = { western_purchase: "bought from its Western maker", donation_from_stock: "given from stock",
                 co_production: "made together abroad" }

  function switchTold(one) {
    if (!Number.isFinite(one.switchBudget))
      return "No sum makes capacity the limit for half of these months: the wait for the first units, or the stock, takes too many of them."
    return `Capacity is the limit for half of the months or more from ${money(one.switchBudget)} up; below that, money.`
  }

  function answerTold(found) {
    const first = found.find((one) => one.channel.channel === "danish_model")
    const opening = `${money(state.budget * 1e6)} at ${state.year} prices, from ${monthName(state.start)}: `
    if (!first) return opening + system().channels[0].why_not[startPlace()] + "."
    const others = found.filter((one) => one !== first)
      .map((one) => `${whole.format(one.flows.units)} ${briefly(one.channel.name)} ${WAYS[one.channel.channel]}`)
    return `${opening}${whole.format(first.flows.units)} ${briefly(system().name)} through the Danish model within ` +
      `${count(state.months, "month")}` + (others.length ? `; the same sum brings ${others.join(", ")}. ` : ". ") +
      `Limit in most months: ${LIMIT_WORDS[model.mainLimit(first.flows)]}. ${switchTold(first)}`
  }

  function table(list) {
    const heads = ["Channel", "System", "Delivered", "Paid for", "First delivery", "Average price", "Spent", "Limit in most months", "Switch point"]
    const rows = list.map((one) => {
      const lead = `<th scope="row">${escaped(one.channel.label)}</th><td>${escaped(one.channel.name)}</td>`
      if (one.why) return `<tr>${lead}<td colspan="7">${escaped(one.why)}</td></tr>`
      const first = one.flows.delivered.findIndex((units) => units > 0)
      return `<tr>${lead}` + [
        whole.format(one.flows.units), whole.format(one.flows.unitsOrdered),
        first < 0 ? "none in these months" : monthName(state.start, first),
        money(one.flows.unitsOrdered ? one.flows.spent / one.flows.unitsOrdered : one.line.price),
        money(one.flows.spent), LIMIT_WORDS[model.mainLimit(one.flows)],
        Number.isFinite(one.switchBudget) ? money(one.switchBudget) : "no sum does",
      ].map((text, n) => `<td${[0, 1, 3, 4, 6].includes(n) ? ' class="n"' : ""}>${escaped(text)}</td>`).join("") + "</tr>"
    })
    return `<caption>One run on the median inputs, ${escaped(state.currency)} at ${state.year} prices</caption>` +
      `<thead><tr>${heads.map((head, n) => `<th scope="col"${[2, 3, 5, 6, 8].includes(n) ? ' class="n"' : ""}>${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody>`
  }

  function inputsTold(list) {
    return list.filter((one) => !one.why).map((one) => {
      const lines = Object.keys(one.channel.inputs).filter((name) => name !== "stock" || one.line.stock < 1e9).map((name) => {
        const input = inputAt(one.channel, name)
        const own = name === "other_orders" && one.i === 0 && state.free !== null
        return `<li>${own ? `<strong>set here: ${few.format(100 - state.free)} % of the line is sold to others</strong>; ` : ""}` +
          `${escaped(input.told.replace(/^\w+/, said))}` +
          (input.sources.length ? ` <span class="ids">[${escaped(input.sources.join(", "))}]</span>` : "") + "</li>"
      })
      return `<p><strong>${escaped(one.channel.label)}: ${escaped(one.channel.name)}</strong></p><ul><li>price: ` +
        `${money(one.line.price)}; ${escaped(one.channel.price.told)}</li>${lines.join("")}</ul>`
    }).join("")
  }

  /* The same question in Python; the browser test runs what stands here. */
  function code(list) {
    const others = system().channels.slice(1).map((c) => `"${c.channel}": "${c.system}"`)
    const lines = [
      "import armscost as ac", "",
      "answer = ac.danish_model(",
      `    "${state.system}",`,
      `    budget="${state.budget} million ${unit()}",`,
      `    start="${state.start}",`,
      `    months=${state.months},`,
      ...(others.length ? ["    alternatives={", ...others.map((one) => `        ${one},`), "    },"] : []),
      ...(state.free === null ? [] : [`    overrides={"other_orders": ${Number((1 - state.free / 100).toFixed(6))}},`]),
      ")",
      "print(answer.summary)",
    ]
    return lines.join("\n")
  }

  /* --- showing it --- */

  function show(except) {
    const list = answers()
    const found = list.filter((one) => !one.why)
    const first = found.find((one) => one.i === 0)
    find("over-time").innerHTML = found.length ? overTime(found) : ""
    find("limits").innerHTML = limits(found)
    find("by-budget-title").textContent = `Money or capacity? ${briefly(system().name)} delivered by the end, by budget`
    find("by-budget").innerHTML = first ? byBudget(first) : ""
    find("table").innerHTML = table(list)
    find("inputs").innerHTML = inputsTold(list)
    find("code").textContent = code(list)
    fillIn(except)
    clearTimeout(speak)
    speak = setTimeout(() => { find("said").textContent = answerTold(found) }, 150)
  }
  let speak

  const form = place.querySelector("form")
  form.addEventListener("submit", (event) => event.preventDefault())
  form.addEventListener("input", (event) => {
    const id = event.target.id.slice(2)
    const valid = event.target.value !== "" && event.target.checkValidity()
    event.target.setAttribute("aria-invalid", String(!valid))
    if (!valid) return event.target.reportValidity()
    sets[id](event.target.value)
    show(event.target.type === "number" ? id : "")
  })
  const begin = { ...state }
  form.addEventListener("reset", (event) => {
    event.preventDefault()
    Object.assign(state, begin)
    show()
  })
  let width = window.innerWidth
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return
    width = window.innerWidth
    show()
  })

  /* For the browser test: the same question as data. */
  window.armscostCalculator = {
    ask(question) {
      Object.assign(state, question)
      return answers().map((one) => one.why ? { channel: one.channel.channel, why: one.why } : {
        channel: one.channel.channel, units: one.flows.units, ordered: one.flows.unitsOrdered,
        spent: one.flows.spent, unspent: one.flows.unspent, arrived: one.flows.arrived,
        limit: one.flows.limit,
        switch_budget: Number.isFinite(one.switchBudget) ? one.switchBudget : null,
      })
    },
  }
  show()
})()
