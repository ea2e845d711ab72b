/* The central case of the Danish model: the arithmetic of armscost.danish_model.flows and
   armscost.production.queue on one value an input, month by month. Names are the library's.
   The browser test runs both on a grid of inputs and holds them together. */
window.armscostModel = (function () {
  "use strict"
  const LIMITS = ["lead_time", "money", "capacity", "stock"]
  const HAIR = 1e-9 // floats that should be a whole number fall a hair short of it

  /* Cost of the next units on a unit (Crawford) curve, in closed form; see flows.cost_of. */
  function costOf(units, line) {
    const power = 1 + line.exponent
    const span = (line.built + units + 0.5) ** power - (line.built + 0.5) ** power
    return line.price * (line.built + 1) ** -line.exponent * span / power
  }

  /* Whole units that a sum buys: the inverse, rounded down. */
  function unitsFor(money, line) {
    const power = 1 + line.exponent
    const span = money * power / (line.price * (line.built + 1) ** -line.exponent)
    const bought = (span + (line.built + 0.5) ** power) ** (1 / power) - line.built - 0.5
    return Math.floor(bought + HAIR)
  }

  /* A line from its inputs: what it could make in each month for these orders. */
  function lineOf(inputs, months) {
    const free = (1 - inputs.other_orders) * (1 - inputs.outage)
    const most = Math.max(inputs.capacity, inputs.rate)
    const capacity = []
    for (let month = 0; month < months; month++) {
      const share = Math.min(month / Math.max(inputs.ramp, 1e-9), 1)
      capacity.push((inputs.rate + (most - inputs.rate) * share) * free)
    }
    return { price: inputs.price, exponent: Math.log2(inputs.slope), built: inputs.built,
             capacity, lead: Math.ceil(inputs.lead_time - HAIR), stock: Math.floor(inputs.stock) }
  }

  /* Orders as money comes in, in equal monthly parts; deliveries as the line allows. */
  function run(budget, line) {
    const months = line.capacity.length
    const total = [], out = { ordered: [], delivered: [], arrived: [], limit: [] }
    let moneyIn = 0, worked = 0, whole = 0
    for (let month = 0; month < months; month++) {
      moneyIn += budget * (1 / months)
      const wanted = unitsFor(moneyIn, line)
      total.push(Math.min(wanted, line.stock))
      const due = month >= line.lead ? total[month - line.lead] : 0
      const could = worked + line.capacity[month]
      worked = Math.min(could, due)
      const before = whole
      whole = Math.floor(worked + HAIR)
      let limit = month < line.lead ? 0 : could + HAIR < due ? 2 : 1
      if (limit === 1 && wanted > total[month]) limit = 3
      out.ordered.push(total[month] - (month ? total[month - 1] : 0))
      out.delivered.push(whole - before)
      out.arrived.push(whole)
      out.limit.push(limit)
    }
    out.units = whole
    out.unitsOrdered = total[months - 1]
    out.spent = costOf(total[months - 1], line)
    out.unspent = moneyIn - out.spent
    return out
  }

  const capacityMonths = (budget, line) =>
    run(budget, line).limit.filter((code) => code === 2).length / line.capacity.length

  /* The smallest sum at which capacity binds in half of the months or more; see flows. */
  function switchBudget(line) {
    let low = 0, high = line.price
    const ceiling = line.price * (line.capacity.reduce((a, b) => a + b, 0) + 1) * 1e3
    while (capacityMonths(high, line) < 0.5) {
      low = high
      high *= 2
      if (high > ceiling) return Infinity
    }
    while (high - low > 1e-6 * high) {
      const middle = (low + high) / 2
      if (capacityMonths(middle, line) < 0.5) low = middle
      else high = middle
    }
    return high
  }

  /* The limit that binds most months, the wait for the first units apart. */
  function mainLimit(flows) {
    const counts = [1, 2, 3].map((code) => flows.limit.filter((one) => one === code).length)
    const most = Math.max(...counts)
    return most ? LIMITS[1 + counts.indexOf(most)] : LIMITS[0]
  }

  return { LIMITS, costOf, unitsFor, lineOf, run, switchBudget, mainLimit }
})()
