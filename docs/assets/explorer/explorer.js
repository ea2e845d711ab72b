/* The explorer: one table of all published prices and outputs.

   The data come from data.js, a plain script that sets window.ARMSCOST_EXPLORER, so the page works
   from a folder as well as from a server. The page converts money by the factors in the data,
   which armscost.prices computed at build; it computes none of its own. */
(function () {
  "use strict"
  const data = window.ARMSCOST_EXPLORER
  const place = document.getElementById("explorer-here")
  if (!data || !place) return

  const start = { table: "", to: "EUR_2024", sort: "name", down: false }
  const state = { ...start, search: "", system: "", category: "", kind: "", scope: "",
                  condition: "", from: "", until: "", currency: "", grade: "" }

  /* --- the rows, with what is shown, searched and sorted by --- */

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
  const said = (word) => word.replace(/_/g, " ")
  const compareText = new Intl.Collator("en", { numeric: true }).compare

  const rows = data.figures.map((figure) => {
    const system = data.systems[figure.system]
    const source = data.sources[figure.source]
    return {
      ...figure, name: system.name, category: system.category, publisher: source.publisher,
      url: source.url, reliability: source.reliability,
      haystack: plain([system.name, system.other_names, system.category, figure.variant,
                       figure.statement, figure.printed, figure.parties, source.publisher,
                       source.title, figure.id].join(" ")),
    }
  })

  /* A price in the chosen money: numbers, or the reason why there are none. */
  function converted(row) {
    if (row.table !== "price") return null
    if (row.why_not) return { why_not: row.why_not }
    const factor = (data.factors[state.to] || {})[row.currency + "_" + row.year]
    if (typeof factor !== "number") return { why_not: factor || `no way from ${row.currency} ${row.year} to ${money()}` }
    return { low: row.low * factor, central: row.central * factor, high: row.high * factor }
  }

  const money = () => state.to.replace("_", " at ") + " prices"

  /* --- numbers as people read them; the download keeps them in full --- */

  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 })
  const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 })
  const shown = (value) => (Math.abs(value) >= 1000 ? whole : short).format(value)

  function spread(low, high) {
    return low === high ? "" : `<span class="more">${shown(low)} to ${shown(high)}</span>`
  }

  const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => "&#" + sign.charCodeAt(0) + ";")

  /* --- columns: heading, what a cell shows, what it sorts by --- */

  const columns = [
    { key: "name", head: () => "System", sort: (r) => r.name,
      cell: (r) => `<a href="systems/${r.system}.html">${escaped(r.name)}</a>` +
        (r.variant ? `<span class="more">${escaped(r.variant)}</span>` : "") },
    { key: "kind", head: () => "Kind", sort: (r) => r.table + r.kind,
      cell: (r) => `${escaped(said(r.kind))}<span class="more">${r.table}</span>` },
    { key: "scope", head: () => "Scope", sort: (r) => r.scope + " " + r.condition,
      cell: (r) => r.table === "price"
        ? `${escaped(said(r.scope))}<span class="more">${escaped(said(r.condition))}</span>`
        : '<span class="none not-of-it">–</span>' },
    { key: "year", head: () => "Year", sort: (r) => r.date || null,
      cell: (r) => (r.date ? escaped(r.date) : '<span class="none">undated</span>') },
    { key: "printed", head: () => "As published", sort: (r) => r.printed,
      cell: (r) => `${escaped(r.printed)}<span class="more">${escaped(r.statement)}</span>` },
    { key: "central", number: true, head: () => "One item, " + money(),
      sort: (r) => { const value = converted(r); return value && !value.why_not ? value.central : null },
      cell: (r) => {
        const value = converted(r)
        if (!value) return '<span class="none not-of-it">–</span>'
        if (value.why_not) return `<span class="none">${escaped(value.why_not)}</span>`
        return `<b>${shown(value.central)}</b>` + spread(value.low, value.high) +
          (r.computed ? `<span class="more" title="${escaped(r.computed)}">computed</span>` : "")
      } },
    { key: "monthly", number: true, head: () => "A month", sort: (r) => rate(r),
      cell: (r) => {
        if (r.table !== "output") return '<span class="none not-of-it">–</span>'
        if (r.why_not) return `<span class="none">${escaped(r.why_not)}</span>`
        return `<b>${shown(r.central)}</b>` + spread(r.low, r.high) +
          `<span class="more">${escaped(r.item)}s${r.area ? ", " + r.area : ""}</span>`
      } },
    { key: "grade", head: () => "Grade", sort: (r) => r.grade, cell: (r) => r.grade },
    { key: "publisher", head: () => "Source", sort: (r) => r.publisher,
      cell: (r) => r.url
        ? `<a href="${escaped(r.url)}" rel="noopener">${escaped(r.publisher)}</a>`
        : escaped(r.publisher) },
  ]

  function rate(row) {
    return row.table === "output" && !row.why_not ? row.central : null
  }

  /* --- the controls --- */

  const words = (name) => [...new Set(rows.map((r) => r[name]).filter(Boolean))].sort(compareText)
  const options = (pairs, all) => [["", all], ...pairs]
    .map(([value, text]) => `<option value="${escaped(value)}">${escaped(text)}</option>`).join("")
  const fromWords = (list) => list.map((word) => [word, said(String(word))])

  function select(name, label, inside) {
    return `<div class="field"><label for="x-${name}">${label}</label>` +
      `<select id="x-${name}" data-filter="${name}">${inside}</select></div>`
  }

  const targets = Object.keys(data.factors)
  const parts = (place) => [...new Set(targets.map((to) => to.split("_")[place]))]
  const plainOptions = (list) => list.map((word) => `<option>${word}</option>`).join("")
  const years = words("year")

  place.insertAdjacentHTML("beforeend", `
<form class="controls" role="search" aria-label="Filter the figures">
  <div class="field wide"><label for="x-search">Search</label>
    <input id="x-search" type="search" data-filter="search" autocomplete="off"
      placeholder="system, buyer, source, words of the statement"></div>
  ${select("table", "Prices or outputs", options([["price", "Prices"], ["output", "Outputs"]], "Both"))}
  ${select("system", "System", options(Object.entries(data.systems).map(([id, s]) => [id, s.name]).sort((a, b) => compareText(a[1], b[1])), "All systems"))}
  <div class="field show"><label for="x-to-currency">Show prices in</label>
    <select id="x-to-currency">${plainOptions(parts(0))}</select></div>
  <div class="field show"><label for="x-to-year">at prices of</label>
    <select id="x-to-year">${plainOptions(parts(1))}</select></div>
  <details${window.innerWidth > 700 ? " open" : ""}><summary>More filters</summary><div class="controls-inside">
  ${select("category", "Kind of weapon", options(fromWords(words("category")), "All kinds"))}
  ${select("kind", "Kind of figure",
    `<option value="">All kinds</option>` + ["price", "output"].map((table) =>
      `<optgroup label="${table === "price" ? "Prices" : "Outputs"}">` +
      [...new Set(rows.filter((r) => r.table === table).map((r) => r.kind))].sort()
        .map((kind) => `<option value="${kind}">${said(kind)}</option>`).join("") + "</optgroup>").join(""))}
  ${select("scope", "Scope", options(fromWords(words("scope")), "All scopes"))}
  ${select("condition", "Condition", options(fromWords(words("condition")), "All conditions"))}
  ${select("from", "From year", options(fromWords(years), "First"))}
  ${select("until", "To year", options(fromWords(years), "Last"))}
  ${select("currency", "Published in", options(fromWords(words("currency")), "All currencies"))}
  ${select("grade", "Source grade", options([["A", "A"], ["B", "A or B"], ["C", "A to C"], ["D", "A to D"], ["E", "A to E"], ["F", "F: cannot be judged"]], "All grades"))}
  </div></details>
  <div class="buttons">
    <button type="reset">Clear filters</button>
    <button type="button" id="x-download">Download these figures as CSV</button>
  </div>
</form>
<p id="x-count" class="count" role="status" aria-live="polite"></p>
<table class="grid" role="table" aria-label="Published prices and outputs" aria-describedby="x-count">
<thead role="rowgroup"><tr role="row">${columns.map((column) =>
    `<th scope="col" role="columnheader" data-key="${column.key}" class="c-${column.key}">` +
    `<button type="button"><span></span></button></th>`).join("")}</tr></thead>
<tbody role="rowgroup"></tbody></table>
<p id="x-empty" class="empty" hidden>No figure fits all filters. Clear one of them.</p>`)

  const find = (selector) => place.querySelector(selector)
  const body = find("tbody")

  /* --- which rows, in which order --- */

  function fits(row) {
    const needles = plain(state.search).split(/\s+/).filter(Boolean)
    return needles.every((needle) => row.haystack.includes(needle)) &&
      ["table", "system", "category", "kind", "scope", "condition", "currency"]
        .every((name) => !state[name] || row[name] === state[name]) &&
      (!state.from || (row.year && row.year >= Number(state.from))) &&
      (!state.until || (row.year && row.year <= Number(state.until))) &&
      gradeFits(row.reliability)
  }

  function gradeFits(letter) {
    if (!state.grade) return true
    if (state.grade === "F" || letter === "F") return letter === state.grade
    return letter <= state.grade
  }

  /* Rows without a value come last, whichever way the others run; equal ones keep their order. */
  function inOrder(list) {
    const by = columns.find((column) => column.key === state.sort).sort
    const way = state.down ? -1 : 1
    return list.map((row) => [by(row), row]).sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null)
      return way * (typeof a === "number" ? a - b : compareText(a, b))
    }).map(([, row]) => row)
  }

  const current = () => inOrder(rows.filter(fits))

  /* --- showing them: each row's elements are made once and moved about --- */

  function element(row) {
    if (!row.element) {
      row.element = document.createElement("tr")
      row.element.setAttribute("role", "row")
      row.element.innerHTML = columns.map((column, i) =>
        `<${i ? "td role=cell" : 'th scope=row role=rowheader'} class="c-${column.key}${column.number ? " n" : ""}">` +
        `${column.cell(row)}</${i ? "td" : "th"}>`).join("")
      row.money = state.to
    }
    if (row.money !== state.to && row.table === "price") {
      const column = columns.find((one) => one.key === "central")
      row.element.querySelector(".c-central").innerHTML = column.cell(row)
      row.money = state.to
    }
    return row.element
  }

  /* The first screens at once, the rest in the frames after, so that no key press waits. */
  let turn = 0
  function fill(list) {
    const mine = ++turn
    body.replaceChildren(...list.slice(0, 60).map(element))
    const more = (from) => {
      if (mine !== turn || from >= list.length) return
      body.append(...list.slice(from, from + 150).map(element))
      setTimeout(more, 0, from + 150)
    }
    requestAnimationFrame(() => setTimeout(more, 0, 60))
  }

  function show() {
    const list = current()
    for (const head of place.querySelectorAll("thead th")) {
      const column = columns.find((one) => one.key === head.dataset.key)
      const on = column.key === state.sort
      head.setAttribute("aria-sort", on ? (state.down ? "descending" : "ascending") : "none")
      head.querySelector("span").textContent = column.head()
    }
    fill(list)
    place.querySelector("table").classList.toggle("only-price", state.table === "price")
    place.querySelector("table").classList.toggle("only-output", state.table === "output")
    place.style.setProperty("--money", JSON.stringify(money()))
    find("#x-empty").hidden = list.length > 0
    find("#x-download").disabled = list.length === 0
    find("#x-count").textContent = told(list)
  }

  function told(list) {
    const prices = list.filter((row) => row.table === "price")
    const without = prices.filter((row) => converted(row).why_not).length
    const outputs = list.length - prices.length
    return `${whole.format(list.length)} of ${whole.format(rows.length)} figures: ` +
      `${whole.format(prices.length)} prices` +
      (prices.length ? `, ${whole.format(without)} of them without a price of one item in ${money()}` : "") +
      `; ${whole.format(outputs)} outputs.`
  }

  /* --- the download --- */

  /* A spreadsheet runs a cell that begins with one of these as a formula; a quote stops it. */
  function csvCell(value) {
    if (value === null || value === undefined) return ""
    if (typeof value === "number") return String(value)
    const safe = /^[=+\-@\t\r]/.test(value) ? "'" + value : value
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe
  }

  function csv(list) {
    const heads = ["figure_id", "fact_id", "table", "system_id", "system", "variant", "category",
      "kind", "scope", "condition", "date", "year", "item", "as_published", "currency",
      "one_item_low", "one_item", "one_item_high", "computed",
      ...["low_", "", "high_"].map((end) => `one_item_${end}${state.to}`),
      "per_month_low", "per_month", "per_month_high", "area", "not_converted_because", "grade",
      "source_id", "publisher", "url", "statement"]
    const lines = list.map((r) => {
      const value = converted(r) || {}
      const price = r.table === "price" ? [r.low, r.central, r.high] : [null, null, null]
      const output = r.table === "output" ? [r.low, r.central, r.high] : [null, null, null]
      return [r.id, r.fact, r.table, r.system, r.name, r.variant, r.category, r.kind, r.scope,
        r.condition, r.date, r.year, r.item, r.printed, r.currency, ...price, r.computed,
        value.low, value.central, value.high, ...output, r.area,
        value.why_not || r.why_not || "", r.grade, r.source, r.publisher, r.url, r.statement]
    })
    return [heads, ...lines].map((line) => line.map(csvCell).join(",")).join("\r\n") + "\r\n"
  }

  function download() {
    // The mark at the start tells spreadsheets that the file is UTF-8.
    const file = new Blob(["\ufeff", csv(current())], { type: "text/csv;charset=utf-8" })
    const link = document.createElement("a")
    link.href = URL.createObjectURL(file)
    link.download = `armscost-${data.version}-${state.to}.csv`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }

  /* --- the address remembers the question, so that it can be sent to somebody --- */

  function remember() {
    const asked = Object.entries(state).filter(([name, value]) => value !== (start[name] ?? ""))
    const hash = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString()
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search)
  }

  function recall() {
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      if (name === "down") state.down = value === "true"
      else if (name === "to" && !(value in data.factors)) continue
      else if (name === "sort" && !columns.some((column) => column.key === value)) continue
      else if (name in state) state[name] = value
    }
    fillIn()
  }

  function fillIn() {
    for (const field of place.querySelectorAll("[data-filter]")) field.value = state[field.dataset.filter]
    const [currency, year] = state.to.split("_")
    find("#x-to-currency").value = currency
    find("#x-to-year").value = year
  }

  /* --- what people do --- */

  let wait, pause
  function answer() {
    show()
    clearTimeout(pause)
    pause = setTimeout(remember, 300) // browsers are slow at it, and nobody waits for it
  }

  find("form").addEventListener("submit", (event) => event.preventDefault())
  find("form").addEventListener("input", (event) => {
    const name = event.target.dataset.filter
    if (name) state[name] = event.target.value
    else state.to = find("#x-to-currency").value + "_" + find("#x-to-year").value
    clearTimeout(wait)
    wait = setTimeout(answer, event.target.type === "search" ? 120 : 0)
  })
  find("form").addEventListener("reset", (event) => {
    event.preventDefault()
    for (const field of place.querySelectorAll("[data-filter]")) state[field.dataset.filter] = ""
    fillIn()
    answer()
  })
  find("thead").addEventListener("click", (event) => {
    const head = event.target.closest("th")
    if (!head) return
    state.down = state.sort === head.dataset.key ? !state.down : false
    state.sort = head.dataset.key
    answer()
  })
  find("#x-download").addEventListener("click", download)
  window.addEventListener("hashchange", () => { recall(); show() })

  recall()
  show()
})()
